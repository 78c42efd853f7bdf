"""Reports: run the notebooks over a corpus and write the pages for readers.

A report is a folder: index.html, a page and the executed notebook for each question, the sentences that support a
page's tables in evidence/, the articles in articles/, the tables as CSV, and run.json with the inputs of it all. A
run that would change nothing is skipped. Notebooks are executed in `samestory.run.notebooks`.
"""

import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samestory.base.digests import digest_data, digest_files, digest_rooms
from samestory.base.disk_room import find_full_folder, is_out_of_room
from samestory.base.errors import SameStoryError, unknown_name
from samestory.base.language import language_in_use, use_language
from samestory.base.resources import resource
from samestory.cache.folder import open_run_folder, open_unfinished, sweep_unfinished
from samestory.cache.remote import find_local, is_url
from samestory.read.corpus import SEED_CORPUS, Corpus, describe_seeds, find_corpus, is_seed_corpus
from samestory.read.folder_files import RUN_FILE
from samestory.report.report_folder import check_report_folder, is_current, replace_report
from samestory.run.fork_server import WarmProcess, warm_process
from samestory.run.parameters import PARAMETERS, parse_parameters, read_declared, read_parameters
from samestory.tables.provenance import describe_model, digest_pipeline, find_commit, list_versions

if TYPE_CHECKING:
    from samestory.findings.finding import Finding
    from samestory.report.pages import FrontPage
    from samestory.run.notebooks import NotebookRun
    from samestory.tables.tables import Tables

LineWriter = Callable[[str], None]

REPORT_QUESTION = "How does each outlet report this story?"
EVENTS_QUESTION = "How does each outlet report these events?"
FINDINGS_PAGE_TITLE = "Main findings"
INDEX_FILE = "index.html"
UNFINISHED_REPORT_PREFIX = ".unfinished-"
EXPORTED_TABLES = ("articles", "events", "lines", "mentions", "values", "entities", "links", "quotations",
                   "speech_acts", "statements", "utterances", "pairs", "facts", "openings", "voices", "corrections",
                   "problems")
MAX_INDEX_PROBLEMS = 20  # kinds of problems on the front page
MAX_EXPORTED_ROWS = 100_000  # rows of a table's CSV; the front page says which tables have more


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
            where = SEED_CORPUS if is_seed_corpus(self.corpus) else str(Path(where).expanduser().resolve())
        return hashlib.sha256(where.encode("utf-8", "surrogatepass")).hexdigest()

    def fingerprint(self) -> str:
        """A digest of everything that the report depends on."""
        made_from = {"corpus": self.corpus.digest(), "name": self.corpus.name, "given": self.given,
                     "pipeline": digest_pipeline(self.model), "versions": list_versions(), "only": self.only,
                     "code": digest_rooms(), "data": digest_data(),
                     "notebooks": digest_files(self.notebooks, resource("notebooks")),
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
    """The notebooks of the suite, in reading order."""
    return sorted(resource("notebooks").glob("[0-9][0-9]_*.ipynb"))


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
    notebooks = {path.stem: path for path in list_notebooks()}
    for name in only:
        if name not in notebooks:
            raise unknown_name("notebook", name, notebooks)
    chosen = [path for name, path in notebooks.items() if not only or name in only]
    defaults = {name: value for path in chosen for name, value in read_declared(path).items()}
    given: dict[str, Any] = {"corpus": SEED_CORPUS}
    for path in files:
        given |= read_parameters(path, set(defaults))
    given |= parse_parameters(list(assignments), set(defaults) - {"corpus"})
    given |= {"corpus": str(corpus)} if corpus else {}
    found = find_corpus(given["corpus"])
    if given.get("target") and given.get("target") == given.get("reference"):
        raise SameStoryError(f"outlet {given['target']!r} is both target and reference; expected two different ones")
    return ReportPlan(found, chosen, defaults | given, Path(reports) / found.name, tuple(sorted(only)), given)


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
    with open_run_folder() as temporary, _explain_lack_of_room(plan.folder, temporary), warm_process() as warm:
        return _write_report(plan, fingerprint, warm, tell)  # the warm process warms up while this one annotates


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
    tables = _annotate_for_report(plan, tell)
    seconds = {"annotation": round(time.perf_counter() - started, 2)}
    with open_unfinished(plan.folder.parent, prefix=UNFINISHED_REPORT_PREFIX) as unfinished:
        pool = ThreadPoolExecutor(1, initializer=use_language, initargs=(language_in_use(),))
        finding = pool.submit(_collect_findings, plan, tables)  # while the kernels work
        pool.shutdown(wait=False)  # Ctrl-C does not wait for it
        runs = _run_notebooks(plan, unfinished, warm, tell)
        points, error = finding.result()
        errors = {run.name: run.error for run in runs if run.error} | ({"main findings": error} if error else {})
        exported = _export_tables(tables, unfinished / "tables")
        index = _collect_index(plan, runs, tables)
        index["tables"] = exported
        index["findings"] = _write_findings(points, index["pages"], index["provenance"], unfinished)
        _write_index(index, errors, unfinished)
        if error := _write_article_pages(plan, tables, unfinished):
            errors["articles"] = error
            _write_index(index, errors, unfinished)
        seconds |= {run.name: round(run.seconds, 2) for run in runs}
        seconds["all"] = round(time.perf_counter() - started, 2)
        _write_run_file(plan, errors, unfinished, fingerprint, seconds, tables)
        for name in replace_report(plan.folder, unfinished):
            tell(f"{'kept':<14} {plan.folder / name}, with your changes")
    return Report(plan.folder, tuple(errors))


def _annotate_for_report(plan: ReportPlan, tell: LineWriter) -> "Tables":
    from samestory.tables.tables import load_tables
    started = time.perf_counter()
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


def _run_notebooks(plan: ReportPlan, folder: Path, warm: WarmProcess | None, tell: LineWriter) -> list["NotebookRun"]:
    """Run the notebooks; write each page while other notebooks are still running."""
    from samestory.run.notebooks import run_notebooks
    siblings = [(title, f"{path.stem}.html") for path, (title, _) in zip(plan.notebooks, plan.titles, strict=True)]

    def finish(run: "NotebookRun") -> None:
        try:
            _write_notebook_page(plan, run, siblings, folder)
        except Exception as error:  # a page that cannot be written must not stop the others
            if is_out_of_room(error):
                raise
            run.error = run.error or f"{type(error).__name__}: {error}"
        tell(f"{run.name:<14} {'FAILED: ' + run.error if run.error else 'done'}, {run.seconds:.1f} s")

    return run_notebooks(plan.notebooks, plan.given, finish=finish, warm=warm)


def _write_notebook_page(plan: ReportPlan, run: "NotebookRun", siblings: list[tuple[str, str]], folder: Path) -> None:
    import nbformat

    from samestory.report.evidence_pages import EVIDENCE_FOLDER, move_evidence, write_evidence
    from samestory.report.pages import convert_notebook
    from samestory.report.table_files import move_tables, write_csv_files
    href = f"{run.name}.html"
    title = next(title for title, other in siblings if other == href)
    executed, files = move_tables(run.notebook, title=title, name=run.name)
    write_csv_files(folder, files)
    nbformat.write(executed, folder / f"{run.name}.ipynb")
    provenance = _collect_page_provenance(plan)
    notebook, blocks = move_evidence(executed, title=title, href=href)
    page = convert_notebook(notebook, title=title, siblings=siblings, provenance=provenance)
    (folder / href).write_text(page, encoding="utf-8")
    if blocks:
        (folder / EVIDENCE_FOLDER).mkdir(exist_ok=True)
        html = write_evidence(blocks, title=title, href=href, siblings=siblings, provenance=provenance)
        (folder / EVIDENCE_FOLDER / href).write_text(html, encoding="utf-8")


def _write_article_pages(plan: ReportPlan, tables: "Tables", folder: Path) -> str:
    """Write the articles that the pages link to; return the error if they could not be written."""
    from samestory.report.article_pages import write_articles
    siblings = [(title, f"{path.stem}.html") for path, (title, _) in zip(plan.notebooks, plan.titles, strict=True)]
    try:
        write_articles(folder, tables, parameters=plan.parameters, siblings=siblings)
    except Exception as error:  # pages that are done must not be lost for it
        return f"{type(error).__name__}: {error}"
    return ""


def _collect_findings(plan: ReportPlan, tables: "Tables") -> tuple[list["Finding"], str]:
    """The main findings of the pages of this run, and the error if they could not be made."""
    from samestory.findings import find_main_points
    pages = {path.stem for path in plan.notebooks}
    try:
        findings = find_main_points(tables, plan.parameters)
    except Exception as error:  # pages that are done must not be lost for it
        return [], f"{type(error).__name__}: {error}"
    return [finding for finding in findings if finding.page in pages], ""


def _write_findings(findings: Sequence["Finding"], pages: Sequence[dict[str, str]], provenance: dict[str, Any],
                    folder: Path) -> list[dict[str, str]]:
    """Write the page of sentences that support the findings; return the findings with links to it and to pages.

    The sentences are moved like those of a notebook's tables, under a heading for each finding.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    from samestory.report.evidence_pages import EVIDENCE_ANCHOR_PREFIX, EVIDENCE_FOLDER, move_evidence, write_evidence
    cells = [cell for finding in findings if finding.evidence for cell in (
        new_markdown_cell(f"## {finding.topic}"),
        new_code_cell(outputs=[new_output("display_data", {"text/html": finding.evidence.html})]))]
    _, blocks = move_evidence(new_notebook(cells=cells), title=FINDINGS_PAGE_TITLE, href=INDEX_FILE)
    if blocks:
        (folder / EVIDENCE_FOLDER).mkdir(exist_ok=True)
        html = write_evidence(blocks, title=FINDINGS_PAGE_TITLE, href=INDEX_FILE, provenance=provenance,
                              siblings=[(page["title"], page["href"]) for page in pages])
        (folder / EVIDENCE_FOLDER / INDEX_FILE).write_text(html, encoding="utf-8")
    anchors = {block.heading: block.anchor for block in blocks}
    titles = {page["href"]: page["title"] for page in pages}
    return [{"topic": finding.topic, "text": finding.text, "page": titles[f"{finding.page}.html"],
             "uncorrected": finding.uncorrected,
             "more": _find_section(folder / f"{finding.page}.html", finding.section)}
            | ({"anchor": EVIDENCE_ANCHOR_PREFIX + anchors[finding.topic],
                "href": f"{EVIDENCE_FOLDER}/{INDEX_FILE}#{anchors[finding.topic]}"}
               if finding.topic in anchors else {}) for finding in findings]


def _find_section(page: Path, heading: str) -> str:
    """The address of a page's section, or of the page if it does not exist or has no such section."""
    from samestory.report.pages import make_anchor
    anchor = make_anchor(heading, {})
    has = page.exists() and f' id="{anchor}"' in page.read_text(encoding="utf-8")
    return f"{page.name}#{anchor}" if has else page.name


def _write_index(data: "FrontPage", errors: dict[str, str], folder: Path) -> None:
    from samestory.report.pages import write_index
    titles = {Path(page["href"]).stem: page["title"] for page in data["pages"]}
    failed = [{"title": titles.get(name, "Main findings"), "error": error,
               "href": f"{name}.html" if name in titles else INDEX_FILE} for name, error in errors.items()]
    (folder / INDEX_FILE).write_text(write_index({**data, "failed": failed}), encoding="utf-8")


def _collect_index(plan: ReportPlan, runs: list["NotebookRun"], tables: "Tables") -> "FrontPage":
    """The content of the front page, apart from findings and tables."""
    from samestory.base.wording import format_list
    from samestory.report.front_articles import list_front_articles
    from samestory.report.method import cite_report, cite_software, describe_method, list_limits
    provenance = _collect_page_provenance(plan)
    question = REPORT_QUESTION if len(tables.events) < 2 else EVENTS_QUESTION
    chosen = {"Event": format_list(tables.events["event"], joint="; ")} if plan.parameters.get("event") else {}
    return {
        "corpus": plan.corpus.name, "question": question, "summary": _summarize_corpus(tables) | chosen,
        "articles": list_front_articles(tables),
        "pages": [{"title": title, "href": f"{run.name}.html", "question": question,
                   "status": "failed" if run.error else "done"}
                  for run, (title, question) in zip(runs, plan.titles, strict=True)],
        "problems": _count_index_problems(tables), "limits": list_limits(tables), "provenance": provenance,
        "citations": [cite_report(tables, plan.corpus.name, question, provenance), cite_software()],
        "method": describe_method(tables, [path.stem for path in plan.notebooks], plan.parameters, provenance),
        "parameters": [{"name": name, "value": value, "meaning": PARAMETERS[name].meaning}
                       for name, value in sorted(plan.parameters.items())],
    }


def _summarize_corpus(tables: "Tables") -> dict[str, str]:
    from samestory.base.wording import clip_name, format_list, format_quantity
    from samestory.findings.corpus import format_day_range
    from samestory.measure.corrected import summarize_corrections
    articles = tables.articles
    counted = articles[articles["counted"]]
    days = counted["published_at"].dropna()
    outlets = sorted(counted["outlet"].unique())
    known = f" (known for {len(days):,})" if 0 < len(days) < len(counted) else ""
    n_events, n_wire = len(tables.events), int(counted["wire"].notna().sum())
    n_shared = int((tables.events["outlets"].str.len() > 1).sum())
    events = f"{n_events:,}, {n_shared:,} of them reported by two outlets or more"
    return {"Articles": f"{len(counted):,}" + (f" of {len(articles):,} read" if len(counted) < len(articles) else ""),
            "Outlets": f"{len(outlets)}: {format_list(map(clip_name, outlets))}",
            "Published": f"{format_day_range(days)}{known}",
            "Words": f"{counted['n_words'].sum():,}",
            **({"Corrected by hand": corrected} if (corrected := summarize_corrections(tables)) else {}),
            **({"Events": events} if n_events > 1 else {}),
            **({"Name an agency": format_quantity(n_wire, "article")} if n_wire else {})}


def _count_index_problems(tables: "Tables") -> list[dict[str, Any]]:
    from samestory.base.schema import PROBLEM_SEVERITIES
    counts = tables.problems.groupby(["severity", "step", "reason"], as_index=False).size()
    ranked = counts.assign(rank=counts["severity"].map(PROBLEM_SEVERITIES.index))
    ranked = ranked.rename(columns={"size": "n"}).sort_values(["rank", "n", "reason"], ascending=[True, False, True])
    first = ranked.head(MAX_INDEX_PROBLEMS)[["severity", "step", "reason", "n"]].to_dict("records")
    rest = int(ranked["n"].iloc[MAX_INDEX_PROBLEMS:].sum())
    more = {"severity": "note", "step": "", "reason": "more, in tables/problems.csv", "n": rest}
    return [*first, more] if rest else first


def _collect_page_provenance(plan: ReportPlan) -> dict[str, Any]:
    """The inputs of a page, without time, path or commit, so that the same input gives the same bytes."""
    return {"input": plan.corpus.digest(), **describe_model(plan.model),
            "code": digest_rooms(), "data": digest_data(), "versions": list_versions()}


def _export_tables(tables: "Tables", folder: Path) -> list[dict[str, Any]]:
    from samestory.base.schema import TABLES
    from samestory.show.csv_text import write_csv
    folder.mkdir(exist_ok=True)
    exported = []
    for name in EXPORTED_TABLES:
        frame = tables.read(name)
        write_csv(frame.drop(columns="text") if name == "articles" else frame, folder / f"{name}.csv",
                  most_rows=MAX_EXPORTED_ROWS)
        cut = f"{MAX_EXPORTED_ROWS:,}" if len(frame) > MAX_EXPORTED_ROWS else ""
        row = re.sub("`([^`]*)`", r"“\1”", TABLES[name].row)
        exported.append({"name": name, "href": f"tables/{name}.csv", "row": row, "n_rows": len(frame), "cut": cut})
    return exported


def _write_run_file(plan: ReportPlan, errors: dict[str, str], folder: Path, fingerprint: str,
                    seconds: dict[str, float], tables: "Tables") -> None:
    from samestory.measure.corrected import count_corrections
    files = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in sorted(folder.rglob("*")) if path.is_file()}
    record = {"fingerprint": fingerprint, "status": "failed" if errors else "ok",
              "corpus": plan.parameters["corpus"], "place": plan.place, "parameters": plan.parameters,
              "commit": find_commit(),
              "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "seconds": seconds,
              "provenance": _collect_page_provenance(plan), "errors": errors,
              "corrections": count_corrections(tables).to_dict("records"), "files": files}
    (folder / RUN_FILE).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def run_report(corpus: str | None, *, reports: str, only: Sequence[str], assignments: Sequence[str],
               files: Sequence[str]) -> int:
    """`samestory run`: write the report, print its progress, and return the exit status."""
    started = time.perf_counter()
    plan = plan_run(corpus, reports=reports, only=only, assignments=assignments, files=files)
    if plan.parameters["corpus"] == SEED_CORPUS:
        _print_line(f"{'corpus':<14} {describe_seeds(plan.corpus)}")
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
