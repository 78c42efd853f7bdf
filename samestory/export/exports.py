"""Exports: what a corpus is handed on as, and where it is written.

Each format has a module, whose function writes the counted articles, the tables or the report. An export is written
under a temporary name and appears when it is complete; what is there already is never overwritten.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from samestory.annotate.models import DEFAULT_MODEL
from samestory.base.errors import SameStoryError, unknown_name
from samestory.base.progress import write_notice
from samestory.base.wording import format_quantity
from samestory.cache.folder import open_unfinished
from samestory.export.article_rows import ExportedArticle, iterate_articles
from samestory.export.finished_report import FinishedReport, find_report
from samestory.export.qda_project import write_qda_project
from samestory.export.run_crate import write_run_crate
from samestory.export.tei_texts import TEI_TABLES, write_tei_texts
from samestory.export.token_lines import TOKEN_LINE_TABLES, write_token_lines
from samestory.export.web_annotations import WEB_ANNOTATION_TABLES, write_web_annotations
from samestory.export.word_report import write_word_report
from samestory.export.workbook import write_workbook
from samestory.read.corpus import Corpus, find_corpus
from samestory.tables.tables import Tables, load_tables

UNFINISHED_EXPORT_PREFIX = ".unfinished-"


@dataclass(frozen=True)
class ExportSource:
    """What an export is made from: the corpus, and its tables or its report, each found when first used."""

    corpus: Corpus
    model: str = DEFAULT_MODEL
    reports: Path = Path("reports")

    @cached_property
    def tables(self) -> Tables:
        """The tables of all articles."""
        return load_tables(self.corpus, model=self.model, most_articles=None)

    def iterate_counted(self, names: Sequence[str]) -> Iterator[ExportedArticle]:
        """The counted articles; a notice says how many others there are."""
        self.tell_left_out()
        return iterate_articles(self.tables, names)

    def tell_left_out(self) -> None:
        """Say how many articles are not counted, and so not exported."""
        if n_left := len(self.tables.article_ids) - len(self.tables.counted_ids):
            write_notice(f"{format_quantity(n_left, 'article')} not exported: repeats, other languages, or no whole"
                         " story; `samestory check` and the table articles say which")

    @cached_property
    def report(self) -> FinishedReport:
        """The report that `samestory run` wrote."""
        return find_report(self.corpus, self.reports)


@dataclass(frozen=True)
class ExportFormat:
    """A format: what follows the corpus's name in that of the export, what it is, and the function that writes it.

    `libraries` are modules that only this format needs; the extra of its name installs them.
    """

    ending: str
    what: str
    write: Callable[[ExportSource, Path], None]
    libraries: tuple[str, ...] = ()


def export_corpus(corpus: str | Path, *, to: str, out: str | Path | None = None, reports: str | Path = "reports",
                  model: str = DEFAULT_MODEL) -> Path:
    """Write the annotated articles, the tables or the report of a corpus in a format of other programs.

    Parameters
    ----------
    corpus : folder, file, glob or URL; ``seeds`` is the corpus in the package
    to : the name of a format, see `EXPORT_FORMATS`
    out : the file or folder to write, which must not exist; by default in the working folder, named after the corpus
    reports : the folder in which `samestory run` wrote the report, for formats of reports
    model : name or path of a spaCy pipeline

    Returns
    -------
    The file or folder.

    Raises
    ------
    SameStoryError
        If the format does not exist or lacks a library, the place exists, lies in the corpus or cannot be written to,
        or there is no report; otherwise as for `load_tables`.
    """
    if to not in EXPORT_FORMATS:
        raise unknown_name("format", to, EXPORT_FORMATS)
    chosen, found = EXPORT_FORMATS[to], find_corpus(corpus)
    if any(find_spec(library) is None for library in chosen.libraries):
        raise SameStoryError(f"{to} needs a library that is not installed: pip install 'samestory[{to}]'")
    place = Path(out).expanduser() if out else Path(f"{found.name}{chosen.ending}")
    _check_export_place(place, found)
    with _open_export(place) as unfinished:
        chosen.write(ExportSource(found, model, Path(reports).expanduser()), unfinished)
        unfinished.rename(place)
    return place


def _check_export_place(place: Path, corpus: Corpus) -> None:
    """Refuse a place that exists, or in the folder of the articles, which would be read as articles next time."""
    if place.exists() or place.is_symlink():
        raise SameStoryError(f"{str(place)!r} exists: remove it, or choose another place with --out")
    if corpus.root.is_dir() and place.resolve().is_relative_to(corpus.root.resolve()):
        raise SameStoryError(f"{str(place)!r} lies in the folder of the articles, which is read as a whole: expected a"
                             " place outside, chosen with --out")


@contextmanager
def _open_export(place: Path) -> Iterator[Path]:
    """A temporary place for an export, next to where it is to be."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with open_unfinished(place.parent, prefix=UNFINISHED_EXPORT_PREFIX) as folder:
            yield folder / place.name
    except OSError as error:
        raise SameStoryError(f"cannot write {str(place)!r}: {error.strerror}; expected a folder with free space in"
                             " which files can be created, chosen with --out") from error


def _export_web_annotations(source: ExportSource, place: Path) -> None:
    place.mkdir()
    write_web_annotations(source.iterate_counted(WEB_ANNOTATION_TABLES), place, label=source.corpus.name)


def _export_token_lines(source: ExportSource, place: Path) -> None:
    with place.open("w", encoding="utf-8", newline="\n") as file:
        write_token_lines(source.iterate_counted(TOKEN_LINE_TABLES), file)


def _export_tei_texts(source: ExportSource, place: Path) -> None:
    place.mkdir()
    write_tei_texts(source.iterate_counted(TEI_TABLES), place)


def _export_qda_project(source: ExportSource, place: Path) -> None:
    source.tell_left_out()
    write_qda_project(source.tables, place, name=source.corpus.name)


def _export_run_crate(source: ExportSource, place: Path) -> None:
    packed = place.with_name("crate.zip")  # ro-crate-py would add the ending to another name
    write_run_crate(source.report, packed)
    packed.rename(place)


def _export_word_report(source: ExportSource, place: Path) -> None:
    write_word_report(source.report, place)


def _export_workbook(source: ExportSource, place: Path) -> None:
    write_workbook(source.tables, place)


EXPORT_FORMATS: dict[str, ExportFormat] = {
    "w3c": ExportFormat("-w3c", "a folder of texts with W3C Web Annotations (JSON-LD)", _export_web_annotations),
    "conllu": ExportFormat(".conllu", "tokens with names and speech (CoNLL-U)", _export_token_lines),
    "tei": ExportFormat("-tei", "a folder of texts with what is said and by whom (TEI P5)", _export_tei_texts),
    "qdpx": ExportFormat(".qdpx", "a project coded by speaker, kind of speech and name (REFI-QDA)",
                         _export_qda_project),
    "rocrate": ExportFormat(".crate.zip", "the report with what it was made from (RO-Crate)", _export_run_crate,
                            ("rocrate",)),
    "docx": ExportFormat(".docx", "the report with its figures (Word)", _export_word_report, ("docx", "resvg_py")),
    "xlsx": ExportFormat(".xlsx", "all tables in a workbook, with a sheet that explains their columns",
                         _export_workbook),
}
