"""A report as a research object (RO-Crate 1.1, Process Run Crate), made by ro-crate-py from its run.json.

The crate has all files of the report with their digests, and says what made them: samestory with its version, the
versions of its libraries, the model, the parameters, and a digest of the articles, which are not in it.
"""

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samestory import __version__
from samestory.export.finished_report import FinishedReport
from samestory.read.folder_files import RUN_FILE

if TYPE_CHECKING:
    from rocrate.rocrate import ROCrate

CRATE_VERSION, PROCESS_PROFILE = "1.1", "https://w3id.org/ro/wfrun/process/0.5"
REPORT_RIGHTS = "Quoted sentences belong to the articles' publishers; the choice of a licence for the rest is yours."
CRATE_REPORT_FOLDER = "report"


def write_run_crate(report: FinishedReport, path: Path) -> None:
    """Write a report as a zipped RO-Crate.

    Parameters
    ----------
    report : a finished report
    path : the file, whose name ends in .zip
    """
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate
    crate, record = ROCrate(version=CRATE_VERSION), report.record
    crate.name = f"samestory report of {report.folder.name}"
    crate.description = "How news outlets report the same event: pages, executed notebooks, tables, and run.json."
    crate.license = REPORT_RIGHTS
    crate.datePublished = record["finished"]
    profile = crate.add(ContextEntity(crate, PROCESS_PROFILE, {"@type": "CreativeWork", "version": "0.5",
                                                               "name": "Process Run Crate"}))
    crate.root_dataset["conformsTo"] = profile
    files = [_add_report_file(crate, report, name) for name in (*sorted(record["files"]), RUN_FILE)]
    crate.root_dataset["mentions"] = crate.add(ContextEntity(crate, "#run", {
        "@type": "CreateAction", "name": "samestory run", "endTime": record["finished"],
        "actionStatus": "http://schema.org/CompletedActionStatus"} | {
        "instrument": _add_software(crate, record), "object": _list_inputs(crate, record), "result": files}))
    crate.write_zip(str(path))


def _add_report_file(crate: "ROCrate", report: FinishedReport, name: str) -> Any:
    kind = mimetypes.guess_type(name)[0] or ("application/x-ipynb+json" if name.endswith(".ipynb") else "text/plain")
    digest = report.record["files"].get(name)
    about = {"name": name, "encodingFormat": kind, "contentSize": str((report.folder / name).stat().st_size)}
    return crate.add_file(str(report.folder / name), dest_path=f"{CRATE_REPORT_FOLDER}/{name}",
                          properties=about | ({"sha256": digest} if digest else {}))


def _add_software(crate: "ROCrate", record: dict[str, Any]) -> Any:
    from rocrate.model.contextentity import ContextEntity
    provenance = record["provenance"]
    versions = dict(provenance.get("versions", {}))
    versions[str(provenance.get("model"))] = str(provenance.get("model version"))
    required = [crate.add(ContextEntity(crate, f"#software-{name}", {
        "@type": "SoftwareApplication", "name": name, "softwareVersion": version}))
        for name, version in sorted(versions.items()) if name != "samestory"]
    commit = {"identifier": f"commit {record['commit']}"} if record.get("commit") else {}
    return crate.add(ContextEntity(crate, "#samestory", {
        "@type": "SoftwareApplication", "name": "samestory", "softwareRequirements": required,
        "softwareVersion": versions.get("samestory", __version__)} | commit))


def _list_inputs(crate: "ROCrate", record: dict[str, Any]) -> list[Any]:
    """The articles, by their digest, and the parameters."""
    from rocrate.model.contextentity import ContextEntity
    provenance = record["provenance"]
    articles = crate.add(ContextEntity(crate, "#articles", {
        "@type": "CreativeWork", "name": "the articles, not included", "identifier": f"sha256 {provenance['input']}"}))
    parameters = {name: value for name, value in record["parameters"].items() if name != "corpus"}
    return [articles, *(crate.add(ContextEntity(crate, f"#parameter-{name}", {
        "@type": "PropertyValue", "name": name, "value": str(value)})) for name, value in parameters.items())]
