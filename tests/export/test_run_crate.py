"""A report as an RO-Crate, read back by ro-crate-py, and as RDF by rdflib."""

import hashlib
import json
import os
from zipfile import ZipFile

import pytest

from samestory.export.exports import export_corpus
from samestory.report.report_folder import read_run_file

pytestmark = pytest.mark.slow  # needs a whole report

SCHEMA = "http://schema.org/"


@pytest.fixture(scope="module")
def unpacked(report, tmp_path_factory):
    """The folder of the seeds' unpacked crate, and the run.json that it was made from."""
    folder = tmp_path_factory.mktemp("crate")
    packed = export_corpus("seeds", to="rocrate", out=folder / "seeds.out", reports=report.folder.parent)
    with ZipFile(packed) as archive:
        archive.extractall(folder / "x")
    return folder / "x", read_run_file(report.folder)


def test_rocrate_reads_all_files_and_what_made_them(unpacked):
    from rocrate.rocrate import ROCrate
    folder, record = unpacked
    crate = ROCrate(str(folder))
    files = {entity.id.removeprefix("report/"): entity for entity in crate.data_entities}
    assert set(files) == set(record["files"]) | {"run.json"}
    for name, digest in record["files"].items():
        assert files[name]["sha256"] == digest == hashlib.sha256((folder / "report" / name).read_bytes()).hexdigest()
    run = crate.get("#run")
    assert run.type == "CreateAction" and run["endTime"] == record["finished"]
    assert {entity["name"] for entity in run["result"]} == set(files)
    software = run["instrument"]
    versions = {entity["name"]: entity["softwareVersion"] for entity in software["softwareRequirements"]}
    assert versions.items() >= {name: version for name, version in record["provenance"]["versions"].items()
                                if name != "samestory"}.items()
    values = {entity["name"]: entity.get("value") for entity in run["object"]}
    assert values["top_n"] == str(record["parameters"]["top_n"]) and "corpus" not in values


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_rdflib_reads_the_root_that_the_standard_asks_for(unpacked):
    if os.environ.get("SAMESTORY_EXPORTS") != "required":
        pytest.importorskip("rdflib", reason="`make exports` installs it")
    from rdflib import Graph, URIRef
    folder, record = unpacked
    written = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert written["@context"].startswith("https://w3id.org/ro/crate/1.1/context")
    graph = Graph().parse(data=json.dumps(written | {"@context": {"@vocab": SCHEMA}}), format="json-ld", publicID="http://x/")
    root = URIRef("http://x/")
    for name in ("name", "description", "datePublished", "license"):
        assert graph.value(root, URIRef(SCHEMA + name)) is not None, name
    assert len(list(graph.objects(root, URIRef(SCHEMA + "hasPart")))) == len(record["files"]) + 1
