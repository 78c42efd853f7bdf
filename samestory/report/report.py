"""Reports: run the notebooks over a corpus and write the pages for readers.

A report is a folder: index.html, a page and the executed notebook for each question, the sentences that support a
page's tables in evidence/, the articles in articles/, the tables as CSV, and run.json with the inputs of it all. A
run that would change nothing is skipped. Notebooks are executed in `samestory.run.notebooks`.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from samestory.base.digests import digest_content, digest_data, digest_files, digest_rooms
from samestory.base.disk_room import find_full_folder, is_out_of_room
from samestory.base.errors import SameStoryError, unknown_name
from samestory.base.language import language_in_use, use_language
from samestory.base.resources import resource
from samestory.cache.folder import open_run_folder, open_unfinished, sweep_unfinished
from samestory.cache.remote import find_local, is_url
from samestory.cache.seals import is_whole
from samestory.read.corpus import BUNDLED_CORPORA, SEED_CORPUS, Corpus, describe_bundled, find_corpus, name_bundled
from samestory.read.folder_files import RUN_FILE
from samestory.report.report_folder import INDEX_FILE, check_report_folder, is_current, replace_report
from samestory.run.fork_server import WarmProcess, warm_process
from samestory.run.parameters import parse_parameters, read_declared, read_parameters
from samestory.tables.provenance import (
    describe_model,
    digest_pipeline,
    find_commit,
    find_tables_folder,
    list_versions,
)

if TYPE_CHECKING:
    from samestory.findings.finding import Finding
    from samestory.report.subject import ReportSubject
    from samestory.run.notebooks import NotebookRun
    from samestory.tables.tables import Tables

LineWriter = Callable[[str], None]


class _MadeTables(NamedTuple):
    """The tables of a report, the seconds until they were there, and what takes longer: its CSV files and findings."""

    tables: "Tables"
    seconds: float
    exported: "Future[list[dict[str, Any]]]"
    findings: "Future[tuple[list[Finding], str]]"


UNFINISHED_REPORT_PREFIX = ".unfinished-"
LATER_LIBRARIES = ("duckdb", "pyarrow.dataset", "scipy.sparse", "scipy.special", "mistune", "pygments.lexers.python")
VALIDATION_NOTEBOOK = "06_validate"


@dataclass
class ReportPlan:
    """The plan of a run, made before anything heavy is imported."""

    corpus: Corpus
    notebooks: list[Path]
    parameters: dict[str, Any]
    folder: Path
    only: tuple[str, ...] = ()
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def model(self) -> str:
        """The spaCy pipeline or user's function that finds names."""
        return str(self.parameters["model"])

    @cached_property
    def titles(self) -> list[tuple[str, str]]:
        """Each notebook's title and question, from its metadata."""
        metadata = (json.loads(path.read_text(encoding="utf-8"))["metadata"] for path in self.notebooks)
        return [(found["title"], found["question"]) for found in metadata]

    @property
    def place(self) -> str:
        """A digest of where the corpus is, which tells two of one name apart and names no path of this machine."""
        where = find_local(str(self.parameters["corpus"]))
        if not is_url(where):
            where = name_bundled(self.corpus.root) or str(Path(where).expanduser().resolve())
        return hashlib.sha256(where.encode("utf-8", "surrogatepass")).hexdigest()

    def fingerprint(self) -> str:
        """A digest of everything that the report depends on."""
        made_from = {"corpus": self.corpus.digest(), "name": self.corpus.name, "given": self.given,
                     "pipeline": digest_pipeline(self.model), "versions": list_versions(), "only": self.only,
                     "code": digest_rooms(), "data": digest_data(),
                     "notebooks": digest_files(self.notebooks, resource("notebooks")),
                     "sheets": _digest_sheets(self.parameters),
                     "parameters": self.parameters, "commit": find_commit()}
        return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Report:
    """A finished report: its folder, the parts that failed, and whether it already existed."""

    folder: Path
    failed: tuple[str, ...] = ()
    skipped: bool = False

    @property
    def index(self) -> Path:
        """The front page."""
        return self.folder / INDEX_FILE


def list_notebooks() -> list[Path]:
    """The notebooks whose pages a report has, in reading order."""
    extra = list_extra_notebooks()
    return sorted(path for path in resource("notebooks").glob("[0-9][0-9]_*.ipynb") if path not in extra)


def list_extra_notebooks() -> list[Path]:
    """The notebooks that become a page only if asked for, with `--only`; 06_validate also if `sheets` are given.

    Without coded sheets it repeats what the front page says of accuracy, so a report of all pages leaves it out.
    """
    return [resource(f"notebooks/{name}.ipynb") for name in (VALIDATION_NOTEBOOK, "words")]


def plan_run(corpus: str | None = None, *, reports: str | Path = "reports", only: Sequence[str] = (),
             assignments: Sequence[str] = (), files: Sequence[str | Path] = ()) -> ReportPlan:
    """Check a request before anything is done.

    Parameters
    ----------
    corpus : folder, file or glob; by default that of `files`, else the seeds
    reports : the folder in which the report's folder is made
    only : names of notebooks; all if empty
    assignments : parameters as NAME=VALUE
    files : YAML files of parameters; a later file overrides an earlier one, and `assignments` override both

    Raises
    ------
    SameStoryError
        If the corpus, a notebook, a parameter or a file does not exist, or a value does not fit.
    """
    usual = list_notebooks()
    notebooks = {path.stem: path for path in [*usual, *list_extra_notebooks()]}
    for name in only:
        if name not in notebooks:
            raise unknown_name("notebook", name, notebooks)
    chosen = [path for name, path in notebooks.items() if name in only] if only else usual
    defaults = {name: value for path in chosen for name, value in read_declared(path).items()}
    given: dict[str, Any] = {"corpus": SEED_CORPUS}
    for path in files:
        given |= read_parameters(path, set(defaults))
    given |= parse_parameters(list(assignments), set(defaults) - {"corpus"})
    given |= {"corpus": str(corpus)} if corpus else {}
    found = find_corpus(given["corpus"])
    if given.get("target") and given.get("target") == given.get("reference"):
        raise SameStoryError(f"outlet {given['target']!r} is both target and reference; expected two different ones")
    if given.get("sheets") and not only:
        chosen = [*chosen, notebooks[VALIDATION_NOTEBOOK]]
    defaults = {name: value for path in chosen for name, value in read_declared(path).items()}
    return ReportPlan(found, chosen, defaults | given, Path(reports) / found.name, tuple(sorted(only)), given)


def _digest_sheets(parameters: Mapping[str, Any]) -> list[str]:
    """The digests of the coded sheets that a report reads."""
    paths = [Path(name).expanduser() for name in (*parameters.get("sheets", ()), parameters.get("key", "")) if name]
    return [digest_content(path) for path in paths if path.is_file()]


def write_report(plan: ReportPlan, *, tell: LineWriter = print) -> Report:
    """Run the notebooks and write the report; a run that would change nothing is skipped.

    Parameters
    ----------
    plan : the result of `plan_run`
    tell : called with each line of progress

    Returns
    -------
    The report; if a notebook failed, it still has the pages of the others.
    """
    use_language(plan.parameters["language"])
    fingerprint = plan.fingerprint()
    if is_current(plan.folder, fingerprint):
        return Report(plan.folder, skipped=True)
    check_report_folder(plan.folder, corpus=str(plan.parameters["corpus"]), place=plan.place,
                        content=plan.corpus.digest())
    sweep_unfinished(plan.folder.parent, prefix=UNFINISHED_REPORT_PREFIX)
    with open_run_folder() as temporary, _explain_lack_of_room(plan.folder, temporary),\
            warm_process(*choose_tables(plan)) as warm:
        return _write_report(plan, fingerprint, warm, tell)


def choose_tables(plan: ReportPlan) -> tuple[str, ...]:
    """The tables that are to be made: a corpus, a model and a language; nothing if they are in the cache already."""
    language = plan.parameters["language"]
    if is_whole(find_tables_folder(plan.corpus, model=plan.model, language=language)):
        return ()
    return str(plan.parameters["corpus"]), plan.model, language


@contextmanager
def _explain_lack_of_room(report: Path, temporary: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if not is_out_of_room(error):
            raise
        full = find_full_folder(error, report.parent, temporary)
        advice = "set TMPDIR to another folder" if full == temporary else "choose another folder with --reports"
        raise SameStoryError(f"cannot write to {str(full)!r}: {error.strerror}; free space there, or {advice}; a report"
                             " that was there before is unchanged") from error


def _write_report(plan: ReportPlan, fingerprint: str, warm: WarmProcess | None, tell: LineWriter) -> Report:
    started = time.perf_counter()
    from samestory.report.front_page import export_tables
    from samestory.report.report_pages import write_report_pages  # takes a while, in which tables are made
    made: list[_MadeTables] = []

    def prepare() -> None:
        tables = _annotate_for_report(plan, warm, tell)
        pool = ThreadPoolExecutor(1, initializer=use_language, initargs=(language_in_use(),))
        made.append(_MadeTables(tables, time.perf_counter() - started,
                                pool.submit(export_tables, tables, unfinished / "tables"),
                                pool.submit(_collect_findings, plan, tables)))
        pool.shutdown(wait=False)  # Ctrl-C does not wait for what is made while the kernels work

    with open_unfinished(plan.folder.parent, prefix=UNFINISHED_REPORT_PREFIX) as unfinished:
        runs = _run_notebooks(plan, warm, tell, prepare)
        tables, annotation_seconds, exported, finding = made[0]
        points, error = finding.result()
        errors = {run.name: run.error for run in runs if run.error} | ({"main findings": error} if error else {})
        subject = _describe_report(plan, tables, exported.result())
        errors |= write_report_pages(unfinished, subject, runs, points, errors)
        seconds = {"annotation": annotation_seconds, **{run.name: run.seconds for run in runs},
                   "all": time.perf_counter() - started}
        _write_run_file(plan, errors, unfinished, fingerprint, seconds, tables)
        for name in replace_report(plan.folder, unfinished):
            tell(f"{'kept':<14} {plan.folder / name}, with your changes")
    return Report(plan.folder, tuple(errors))


def _annotate_for_report(plan: ReportPlan, warm: WarmProcess | None, tell: LineWriter) -> "Tables":
    from samestory.report.templates import load_templates
    from samestory.tables.tables import load_tables
    started = time.perf_counter()
    if warm:
        load_templates()
        for module in LATER_LIBRARIES:
            import_module(module)
        warm.wait_for_tables()
    tables = load_tables(plan.corpus, model=plan.model, language=plan.parameters["language"],
                         event=plan.parameters.get("event"), outlets=plan.parameters.get("outlets"))
    outlets = set(tables.articles["outlet"][tables.articles["counted"]])
    if not outlets:
        found = ", ".join(f"{n} in {code}" for code, n in tables.articles["language"].value_counts().items())
        reasons = tables.read_all("problems")["reason"]
        odd = "".join(f"; the first: {reason}" for reason in reasons[reasons.str.contains("not analysed")][:1])
        raise SameStoryError(f"no article of {plan.corpus.name!r} can be analysed: expected whole articles in"
                             f" {plan.parameters['language']}, found {found}{odd}")
    for name in ("target", "reference"):
        if plan.parameters.get(name) and plan.parameters[name] not in outlets:
            raise unknown_name(f"outlet (parameter {name})", plan.parameters[name], outlets)
    tell(f"{'tables':<14} {len(tables.articles):,} articles, {time.perf_counter() - started:.1f} s")
    return tables


def _run_notebooks(plan: ReportPlan, warm: WarmProcess | None, tell: LineWriter,
                   prepare: Callable[[], None]) -> list["NotebookRun"]:
    from samestory.run.notebooks import run_notebooks

    def finish(run: "NotebookRun") -> None:
        tell(f"{run.name:<14} {'FAILED: ' + run.error if run.error else 'done'}, {run.seconds:.1f} s")

    return run_notebooks(plan.notebooks, plan.given, prepare=prepare, finish=finish, warm=warm)


def _describe_report(plan: ReportPlan, tables: "Tables", exported: list[dict[str, Any]]) -> "ReportSubject":
    from samestory.report.subject import ReportSubject
    pages = [(f"{path.stem}.html", *named) for path, named in zip(plan.notebooks, plan.titles, strict=True)]
    return ReportSubject(plan.corpus.name, tables, plan.parameters, _collect_page_provenance(plan), pages, exported)


def _collect_findings(plan: ReportPlan, tables: "Tables") -> tuple[list["Finding"], str]:
    """The main findings of the pages of this run, and the error if they could not be made."""
    from samestory.findings import find_main_points
    pages = {path.stem for path in plan.notebooks}
    try:
        findings = find_main_points(tables, plan.parameters)
    except Exception as error:  # pages that are done must not be lost for it
        return [], f"{type(error).__name__}: {error}"
    return [finding for finding in findings if finding.page in pages], ""


def _collect_page_provenance(plan: ReportPlan) -> dict[str, Any]:
    """The inputs of a page, without time, path or commit, so that the same input gives the same bytes."""
    return {"input": plan.corpus.digest(), **describe_model(plan.model),
            "code": digest_rooms(), "data": digest_data(), "versions": list_versions()}


def _write_run_file(plan: ReportPlan, errors: dict[str, str], folder: Path, fingerprint: str,
                    seconds: dict[str, float], tables: "Tables") -> None:
    from samestory.measure.corrected import count_corrections
    files = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in sorted(folder.rglob("*")) if path.is_file()}
    record = {"fingerprint": fingerprint, "status": "failed" if errors else "ok",
              "corpus": plan.parameters["corpus"], "place": plan.place, "parameters": plan.parameters,
              "commit": find_commit(),
              "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
              "seconds": {name: round(taken, 2) for name, taken in seconds.items()},
              "provenance": _collect_page_provenance(plan), "errors": errors,
              "corrections": count_corrections(tables).to_dict("records"), "files": files}
    (folder / RUN_FILE).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def run_report(corpus: str | None, *, reports: str, only: Sequence[str], assignments: Sequence[str],
               files: Sequence[str]) -> int:
    """`samestory run`: write the report, print its progress, and return the exit status."""
    started = time.perf_counter()
    plan = plan_run(corpus, reports=reports, only=only, assignments=assignments, files=files)
    if plan.parameters["corpus"] in BUNDLED_CORPORA:
        _print_line(f"{'corpus':<14} {describe_bundled(plan.parameters['corpus'], plan.corpus)}")
    report = write_report(plan, tell=_print_line)
    if report.skipped:
        _print_line(f"nothing changed: {report.index}")
        return 0
    _print_line(f"{'report':<14} {report.index}, {time.perf_counter() - started:.1f} s")
    if report.failed:
        print(f"samestory: failed: {', '.join(report.failed)}; see index.html for the reasons", file=sys.stderr)
    return 1 if report.failed else 0


def _print_line(line: str) -> None:
    print(line, flush=True)
