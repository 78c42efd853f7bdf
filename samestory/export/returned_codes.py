"""Codes that come back in a REFI-QDA project: those that differ from the tables become rows of corrections.csv.

Only what `samestory export --to qdpx` coded is compared: speakers, kinds of speech and names. A code that another
program added, a text of another version, or a change that no correction can say is left out, with the reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from samestory.annotate.recognizers import NAME_LABELS
from samestory.base.errors import SameStoryError
from samestory.base.fields import write_span_id
from samestory.base.wording import clip_name, format_quantity
from samestory.clean.outlets import read_outlets
from samestory.correct.allowed import ENTITY_ID_PATTERN
from samestory.correct.corrections import Correction, add_corrections, read_corrections
from samestory.correct.overlay import apply_corrections
from samestory.export.article_rows import ExportedArticle, ExportRow, iterate_articles
from samestory.export.fitted_text import fit_line
from samestory.export.qda_project import (
    QDA_TABLES,
    SPEAKER_CODE_PREFIX,
    SPEECH_ACT_CODE,
    SPEECH_CODE_PREFIX,
    SPEECH_CODES,
    list_row_spans,
    name_qda_source,
    name_speaker_code,
)
from samestory.export.returned_project import ReturnedCoding, ReturnedSource, digest_source, read_returned_project
from samestory.link.link import read_roster
from samestory.read.corpus import CORRECTIONS_FILE, OUTLETS_FILE, ROSTER_FILE, Corpus, find_corpus
from samestory.tables.tables import Tables, load_tables

OWN_CODER = "samestory"  # the user under whose name codings are exported

CodedSpan = tuple[int, int]
Coders = dict[CodedSpan, dict[str, str]]  # the codes of a span, each with who coded it


@dataclass
class ReturnedCodes:
    """What came of a project: the corrections that were added, and what was left out, each with the reason."""

    added: list[Correction] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@dataclass
class _Comparison:
    """The corrections that the codes of a project mean, and the reasons why others mean none."""

    why: str
    rows: list[Correction] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def correct(self, target_id: str, operation: str, column: str = "", old: str = "", new: str = "",
                who: str = "") -> None:
        """Add a correction."""
        who = "" if who == OWN_CODER else who
        self.rows.append(Correction(0, target_id, operation, column, old, new, who, self.why))

    def leave(self, place: str, reason: str) -> None:
        """Add a reason."""
        self.left.append(f"{clip_name(place)}: {reason}")


def import_codes(corpus: str | Path, project: str | Path) -> ReturnedCodes:
    """Append what people changed in a REFI-QDA project to a corpus's corrections.csv.

    A speaker, a kind or a name that was coded otherwise is changed, a coding that was deleted removes its quotation or
    name, and a new one adds it. The project must be one that `export_corpus` wrote for these articles.

    Parameters
    ----------
    corpus : folder of the articles
    project : the .qdpx file

    Returns
    -------
    The corrections that were added, and a line for each code that fits nothing.

    Raises
    ------
    SameStoryError
        If the project cannot be read, none of its texts is an article of this corpus, or the corrections cannot be
        written; otherwise as for `load_tables`.
    """
    path, found = Path(project).expanduser(), find_corpus(corpus)
    sources = list(read_returned_project(path))
    tables = load_tables(found, most_articles=None)
    comparison = _compare_sources(tables, sources, why=path.name)
    fitting = _choose_fitting(tables, found, comparison)
    if fitting:
        add_corrections(found, fitting)
    return ReturnedCodes(fitting, comparison.left)


def _compare_sources(tables: Tables, sources: list[ReturnedSource], *, why: str) -> _Comparison:
    comparison, by_text = _Comparison(why), defaultdict(list)
    for source in sources:
        by_text[source.digest].append(source)
    for article in iterate_articles(tables, QDA_TABLES):
        for name in article.list_spoken_fields():
            same = by_text.get(digest_source(article.fields[name].text), [])
            named = [source for source in same if source.name == name_qda_source(article.article_id, name)]
            if chosen := (named or same)[:1]:
                same.remove(chosen[0])
                _compare_field(article, name, chosen[0], comparison)
    left = [source for same in by_text.values() for source in same]
    if len(left) == len(sources):
        raise SameStoryError(f"{why}: expected texts of this corpus, found {format_quantity(len(sources), 'text')} that"
                             " no counted article has; export the project again with --to qdpx")
    for source in left:
        comparison.leave(source.name, "no counted article has this text;"
                         f" {format_quantity(len(source.codings), 'code')} in it left out")
    return comparison


def _compare_field(article: ExportedArticle, name: str, source: ReturnedSource, comparison: _Comparison) -> None:
    """Compare the codes of a field with its rows."""
    speech, names, n_foreign = _sort_codings(source.codings)
    spoken = [(row, spans) for row, spans in list_row_spans(article, name) if "quotation_id" in row]
    mentions = [(row, spans[0]) for row, spans in list_row_spans(article, name) if "mention_id" in row]
    if not speech and not names and (spoken or mentions):
        comparison.leave(source.name, "no coding of samestory is left in it, so nothing was removed")
    else:
        _compare_speech(article, name, spoken, speech, comparison)
        _compare_names(article, name, mentions, names, comparison)
    for code, n in n_foreign.items():
        comparison.leave(source.name, f"{clip_name(code)!r} ({n}) is no code of samestory, and stays in your program")


def _sort_codings(codings: Iterable[ReturnedCoding]) -> tuple[Coders, Coders, dict[str, int]]:
    """Codes of speech and of names by span, and the number of each other code."""
    speech: Coders = defaultdict(dict)
    names: Coders = defaultdict(dict)
    foreign: dict[str, int] = defaultdict(int)
    for coding in codings:
        entity = ENTITY_ID_PATTERN.fullmatch(coding.code)
        if coding.code in SPEECH_CODES or coding.code.startswith(SPEAKER_CODE_PREFIX):
            speech[coding.start, coding.end][coding.code] = coding.who
        elif entity and entity["label"] in NAME_LABELS:
            names[coding.start, coding.end][coding.code] = coding.who
        else:
            foreign[coding.code] += 1
    return speech, names, foreign


# Speech -----------------------------------------------------------------------------------------

def _compare_speech(article: ExportedArticle, name: str, rows: list[tuple[ExportRow, list[CodedSpan]]], found: Coders,
                    comparison: _Comparison) -> None:
    for row, spans in rows:
        codes = [found.get(span, {}) for span in spans]
        if not any(codes):
            comparison.correct(row["quotation_id"], "remove")
        elif not all(codes) or any(set(other) != set(codes[0]) for other in codes):
            comparison.leave(row["quotation_id"], "its parts are coded differently, which no correction can say")
        else:
            _compare_speaker(row, codes[0], comparison)
            _compare_kind(row, codes[0], comparison)
    known = {span for _, spans in rows for span in spans}
    for span, added in found.items():
        if span not in known and _is_span(article, name, span, comparison):
            speakers = _find_codes(added, SPEAKER_CODE_PREFIX)
            if len(speakers) > 1:
                comparison.leave(f"{article.article_id} {span}", "is coded with two speakers")
                continue
            speaker = next(iter(speakers), "")
            target, old = write_span_id(article.article_id, "q", name, *span), article.row[name][slice(*span)]
            comparison.correct(target, "add", "speaker_name" if speaker else "", old, speaker, *[*added.values()][:1])


def _is_span(article: ExportedArticle, name: str, span: CodedSpan, comparison: _Comparison) -> bool:
    if 0 <= span[0] < span[1] <= len(article.fields[name].text):
        return True
    comparison.leave(f"{article.article_id} {span}", "is no span of its text")
    return False


def _find_codes(codes: Mapping[str, str], prefix: str) -> dict[str, str]:
    """What follows a prefix in the codes, and who coded it."""
    return {code.removeprefix(prefix): who for code, who in codes.items() if code.startswith(prefix)}


def _compare_speaker(row: ExportRow, codes: Mapping[str, str], comparison: _Comparison) -> None:
    speakers = _find_codes(codes, SPEAKER_CODE_PREFIX)
    old = row["speaker_name"] or ""
    known = name_speaker_code(old).removeprefix(SPEAKER_CODE_PREFIX)
    if len(speakers) > 1:
        comparison.leave(row["quotation_id"], "is coded with two speakers")
    elif set(speakers) != ({known} if old else set()):
        new, who = next(iter(speakers.items()), ("", ""))
        comparison.correct(row["quotation_id"], "change", "speaker_name", old, new, who)


def _compare_kind(row: ExportRow, codes: Mapping[str, str], comparison: _Comparison) -> None:
    kinds = _find_codes(codes, SPEECH_CODE_PREFIX)
    expected = {row["kind"]}
    if SPEECH_ACT_CODE in codes or not kinds or set(kinds) == expected:
        return
    if len(kinds) > 1:
        comparison.leave(row["quotation_id"], "is coded with two kinds of speech")
    else:
        new, who = next(iter(kinds.items()))
        comparison.correct(row["quotation_id"], "change", "kind", row["kind"], new, who)


# Names ------------------------------------------------------------------------------------------

def _compare_names(article: ExportedArticle, name: str, rows: list[tuple[ExportRow, CodedSpan]], found: Coders,
                   comparison: _Comparison) -> None:
    for row, span in rows:
        codes = found.get(span, {})
        if not codes:
            comparison.correct(row["mention_id"], "remove")
        elif len(codes) > 1:
            comparison.leave(row["mention_id"], "is coded with two names")
        elif fit_line(row["entity_id"]) not in codes:
            _change_name(row, *next(iter(codes.items())), comparison)
    known = {span for _, span in rows}
    for span, added in found.items():
        if span not in known and _is_span(article, name, span, comparison):
            target, old = write_span_id(article.article_id, "m", name, *span), article.row[name][slice(*span)]
            comparison.correct(target, "add", "entity_id", old, *next(iter(added.items())))


def _change_name(row: ExportRow, code: str, who: str, comparison: _Comparison) -> None:
    label = code.partition(":")[0]
    if label != row["label"]:
        comparison.correct(row["mention_id"], "change", "label", row["label"], label, who)
    comparison.correct(row["mention_id"], "change", "entity_id", row["entity_id"], code, who)


# Fit --------------------------------------------------------------------------------------------

def _choose_fitting(tables: Tables, corpus: Corpus, comparison: _Comparison) -> list[Correction]:
    """The corrections that change something; why the others do not is added to what is left."""
    path = corpus.root / CORRECTIONS_FILE
    before = read_corrections(path) if path.is_file() else []
    first = max((row.line for row in before), default=1) + 1
    rows = [row._replace(line=line) for line, row in enumerate(comparison.rows, first)]
    if not rows:
        return []
    state = apply_corrections(tables.raw.folder, [*before, *rows], roster=read_roster(corpus.sidecar(ROSTER_FILE)),
                              outlets=read_outlets(corpus.sidecar(OUTLETS_FILE)))
    fitting = []
    for row in rows:
        outcome = state.outcomes[row.line]
        if outcome.status == "unfit":
            comparison.leave(row.target_id, f"{row.operation} {row.field}".strip() + f": {outcome.reason}")
        elif outcome.status not in ("checked", "repeated"):
            fitting.append(row)
    return fitting


def list_import_lines(result: ReturnedCodes, *, most: int = 200) -> Iterator[str]:
    """What `samestory import` prints: the number of corrections, and what was left out."""
    kinds: dict[str, int] = defaultdict(int)
    for row in result.added:
        kinds[row.operation] += 1
    listed = "".join(f", {n} {operation}" for operation, n in sorted(kinds.items()))
    yield f"{format_quantity(len(result.added), 'correction')} added to {CORRECTIONS_FILE}{listed}"
    yield from (f"left out: {line}" for line in result.left[:most])
    if len(result.left) > most:
        yield f"left out: {len(result.left) - most:,} more"
