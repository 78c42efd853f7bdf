"""Articles: makes articles from records, with line roles and metadata.

Metadata come from sidecar, file, text, URL and folder, in this order; each value is stored with its origin, and a
value that no source gives is missing. Steps that need all articles (near-duplicates, lines that an outlet repeats)
are in `across_articles`.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from samestory.base.errors import Problem
from samestory.base.language import WordList, cache_by_language, has_words, use_language
from samestory.clean.date_stamps import cut_stamps
from samestory.clean.dates import DateReading, read_date
from samestory.clean.headlines import MAX_READ_HEADLINE_CHARS
from samestory.clean.labelled_lines import read_labelled_head
from samestory.clean.languages import find_languages, read_language
from samestory.clean.lines import FIELD_LABEL_RULE, POSSESSIVE_CLITICS, Line, count_line_words, find_lines
from samestory.clean.misread_text import Shadow, repair_text, repair_value
from samestory.clean.outlet_sources import infer_outlet
from samestory.clean.outlets import UNKNOWN_OUTLET, Outlets, known_outlets, read_outlets
from samestory.clean.stubs import describe_stub
from samestory.read.corpus import OUTLETS_FILE, Corpus
from samestory.read.formats.day_order import DAY_FIRST_KEY
from samestory.read.formats.fields import METADATA_FIELDS
from samestory.read.formats.formats import Record
from samestory.read.records import read_records
from samestory.read.sidecars import read_sidecars

CONTRIBUTION_VERBS, BYLINE_LINK_WORDS = WordList("contribution_verbs"), WordList("byline_link_words")
URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?=[/-]|$)")
WIRE_OPENING = re.compile(r"[^()]{0,60}\(([\w ’'-]{2,40})\)\s*[-–—]")  # LONDON (Agency) —
# time by which an update may precede the publication, as time zones may be missing
MAX_UPDATE_LEAD_TIME = timedelta(days=1)


@dataclass
class Article:
    """A row of `articles`, its lines, and its problems."""

    row: dict[str, Any]
    lines: list[Line]
    problems: list[Problem] = field(default_factory=list)

    @property
    def article_id(self) -> str:
        """The article's id."""
        return str(self.row["article_id"])

    @property
    def body(self) -> str:
        """The lines of the body, repaired where they were misread."""
        return "\n".join(line.content for line in self.lines if line.role == "body")


def clean_articles(corpus: Corpus, *, language: str = "en") -> Iterator[Article | Problem]:
    """Every article of a corpus with its lines and metadata, and every problem found.

    Parameters
    ----------
    corpus : the corpus to read
    language : ISO 639-1 code of the language to count; articles in other languages are not counted
    """
    use_language(language)
    if not has_words(language):
        yield _make_clean_problem(corpus.name, "note", f"data/ has no word lists for the language {language!r}: the"
                                  " English ones are used (CONTRIBUTING.md describes how to add a language)")
    sidecars, outlets = read_sidecars(corpus), read_outlets(corpus.sidecar(OUTLETS_FILE))
    for found in read_records(corpus):
        if isinstance(found, dict):
            yield found
            continue
        metadata = sidecars.find(found.article_id, found.path)
        yield clean_article(found, metadata, language=language, outlets=outlets)
    for name, reason in (*sidecars.problems, *sidecars.list_differing(), *sidecars.list_unused()):
        yield _make_clean_problem(name, "warning", reason)


def clean_article(record: Record, sidecar: dict[str, str] | None = None, *, language: str = "en",
                  outlets: Outlets | None = None) -> Article:
    """One record as an article: its lines with their roles, and its metadata with its origins."""
    outlets, shadow = outlets or known_outlets(), repair_text(record.text)
    given = {name: (repair_value(value), "file") for name, value in record.metadata.items() if name in METADATA_FIELDS}
    given |= {name: (value, "sidecar") for name, value in (sidecar or {}).items()}
    headline = given["headline"][0] if "headline" in given else None
    lines = find_lines(shadow.text if shadow else record.text, headline, outlets=outlets)
    article = Article({"article_id": record.article_id, "path": record.path, "text": record.text}, lines)
    if shadow:
        _restore_line_offsets(article, shadow)
    given = _read_text_metadata(lines) | given
    article.row["sha256"] = hashlib.sha256(record.text.encode()).hexdigest()
    article.row["n_words"] = count_body_words(article)
    _set_outlet(article, given, outlets)
    orders = {"file": record.metadata.get(DAY_FIRST_KEY), "sidecar": (sidecar or {}).get(DAY_FIRST_KEY)}
    _set_dates(article, given, outlets, {origin: order == "yes" for origin, order in orders.items() if order})
    article.row["wire"] = _find_agency(article, _get_given(given, "byline"), outlets)
    for name in ("headline", "byline", "section", "url", "event"):
        article.row[name], article.row[f"{name}_from"] = given.get(name, (None, "missing"))
    if len(article.row["headline"] or "") > MAX_READ_HEADLINE_CHARS:
        found = len(article.row["headline"])
        _note_article_problem(article, "warning", f"expected a headline of at most {MAX_READ_HEADLINE_CHARS:,}"
                              f" characters, found {found:,}; it is not analysed")
    _set_language(article, given, language)
    if reason := describe_stub(shadow.text if shadow else record.text):
        article.row["counted"] = False
        _note_article_problem(article, "warning", f"{reason}; the article is listed, not analysed: get its full text")
    return article


def count_body_words(article: Article) -> int:
    """The number of words in an article's body."""
    return sum(count_line_words(line.content) for line in article.lines if line.role == "body")


def _restore_line_offsets(article: Article, shadow: Shadow) -> None:
    """Map the lines of a repaired text to their offsets in the original, and report a wrong encoding."""
    article.lines = [line._replace(start=shadow.to_source(line.start), end=shadow.to_source(line.end))
                     for line in article.lines]
    if not shadow.examples:
        return
    examples = ", ".join(f"{written[:20]!r} as {read[:20]!r}" for written, read in shadow.examples[:3])
    _note_article_problem(article, "note",
                          f"text that was written in one encoding and read in another: {examples} and the like"
                          " (names and words are counted as repaired, the text is shown unchanged)")


def _read_text_metadata(lines: list[Line]) -> dict[str, tuple[str, str]]:
    """The metadata in the lines that are not part of the story: time, outlet, headline, byline, section."""
    found: dict[str, tuple[str, str]] = {}
    if any(line.rule == FIELD_LABEL_RULE for line in lines):
        labelled = read_labelled_head([line.content for line in lines]).values
        found = {name: (value, "text") for name, value in labelled.items() if name in METADATA_FIELDS}
    roles = {"headline": "headline", "byline": "byline", "outlet": "outlet", "kicker": "section"}
    for line in lines:
        if line.rule == FIELD_LABEL_RULE:
            continue
        if line.role in roles:
            found.setdefault(roles[line.role], (line.content, "text"))
        elif line.rule == "time":
            for stamp in cut_stamps(line.content):
                found.setdefault("updated_at" if stamp.kind == "update" else "published_at", (line.content, "text"))
        elif line.role == "credit" and (credit := _credit_line_pattern().match(line.content)):
            found.setdefault("outlet", (credit["outlet"], "text"))
    return found


@cache_by_language
def _credit_line_pattern() -> re.Pattern[str]:
    """A credit line that names an outlet: `CNN’s Beijing bureau contributed to this article`."""
    return re.compile(rf"^\W*(?P<outlet>[A-Z][\w.& -]{{1,40}}?)(?:{POSSESSIVE_CLITICS.pattern}|['’]) .{{0,150}}"
                      rf"\b(?:{CONTRIBUTION_VERBS.pattern})\b")


@cache_by_language
def _byline_part_pattern() -> re.Pattern[str]:
    """The marks and words that separate the names in a byline or credit."""
    return re.compile(rf"\s*(?:[,/|&():–—]|\b(?:{BYLINE_LINK_WORDS.pattern})\b)\s*", re.IGNORECASE)


GivenMetadata = dict[str, tuple[str, str]]  # each field's value, and its origin


def _set_outlet(article: Article, given: GivenMetadata, outlets: Outlets) -> None:
    """Set the outlet and the form in which its source writes it."""
    written, origin = given.get("outlet", ("", "inferred"))
    if not written:
        source = infer_outlet(article.row["path"], _get_given(given, "url"), outlets)
        if source.named_by:
            _note_article_problem(article, "note", f"outlet taken from the {source.named_by}, {source.written[:80]!r}")
        written = source.written
    article.row["outlet"], is_given = outlets.name(written), written != UNKNOWN_OUTLET
    article.row["outlet_written"] = written if is_given else None
    article.row["outlet_from"] = origin if is_given else "missing"
    if not is_given:
        _note_article_problem(article, "warning",
                              "no outlet given; expected it in metadata.csv, in the record, in the text"
                              " or as the name of the folder")


def _get_given(given: GivenMetadata, name: str) -> str:
    """The value of a field; empty if it is not given."""
    return given[name][0] if name in given else ""


def _find_agency(article: Article, byline: str, outlets: Outlets) -> str | None:
    """The news agency named in the first line, the byline or a credit; None for an agency's own article."""
    first = next((line.content for line in article.lines if line.role == "body"), "")
    opening = WIRE_OPENING.match(first)
    credits = [line.content for line in article.lines if line.rule in ("wire_tag", "material_from")]
    named = [opening[1]] if opening else []
    named += [part.strip(" .*") for text in (byline[:200], *credits) for part in _byline_part_pattern().split(text)]
    agencies = (outlets.name(part) for part in named if outlets.is_known(part))
    return next((agency for agency in agencies if agency in outlets.agencies
                 and article.row["outlet"] not in outlets.agencies), None)


def _set_dates(article: Article, given: GivenMetadata, outlets: Outlets, orders: dict[str, bool]) -> None:
    """Set the dates; `orders` says of the columns of a file or sidecar whether they have the day first."""
    country = outlets.country(article.row["outlet"])
    own_order = None if country is None else country != "US"
    article.row["published_raw"] = _get_given(given, "published_at") or None
    for name, (raw, origin) in _choose_stamps(article, given).items():
        day_first = orders.get(origin, own_order)
        reading = read_date(raw, day_first=day_first) if raw else DateReading()
        if reading.problem:
            _note_article_problem(article, "warning", f"{name}: {reading.problem}; found {raw[:80]!r}")
        elif not reading.zoned:
            _note_article_problem(article, "note", f"{name}: a time without its zone, taken as UTC")
        article.row[name], article.row[f"{name}_from"] = reading.moment, origin if reading.moment else "missing"
        article.row[f"{name.removesuffix('_at')}_precision"] = reading.precision
    _set_date_from_url(article, _get_given(given, "url"))
    _warn_of_date_order(article)


def _choose_stamps(article: Article, given: GivenMetadata) -> GivenMetadata:
    """The date of each field; one that is labelled as an update is no publication, whatever the field's name."""
    missing = ("", "missing")
    published, updated = given.get("published_at", missing), given.get("updated_at", missing)
    stamps = [stamp for stamp in cut_stamps(published[0]) if any(map(str.isdigit, stamp.raw))]
    update = next((stamp.raw for stamp in stamps if stamp.kind == "update"), None)
    if update is None:
        return {"published_at": published, "updated_at": updated}
    first = next((stamp.raw for stamp in stamps if stamp.kind != "update"), None)
    if first is None and published[1] != "text":
        _note_article_problem(article, "note", f"published_at: {published[0][:80]!r} is the date of an update")
    return {"published_at": (first, published[1]) if first else missing,
            "updated_at": updated if updated[0] and updated != published else (update, published[1])}


def _warn_of_date_order(article: Article) -> None:
    """Report an article that was published after its last change."""
    published, updated = article.row["published_at"], article.row["updated_at"]
    if published and updated and article.row["updated_precision"] not in ("month", "year") \
            and published - updated > MAX_UPDATE_LEAD_TIME:
        _note_article_problem(article, "warning",
                              f"published_at {published:%Y-%m-%d} is after updated_at {updated:%Y-%m-%d}")


def _set_date_from_url(article: Article, url: str) -> None:
    """Take the day from an article's URL, if no other source gives a date of publication."""
    found = URL_DATE.search(url.lower())
    if found and not article.row["published_at"]:
        reading = read_date("-".join(found.groups()))
        if reading.moment and reading.precision == "day":
            article.row |= {"published_at": reading.moment, "published_at_from": "inferred",
                            "published_precision": "day"}


def _set_language(article: Article, given: GivenMetadata, expected: str) -> None:
    written, origin = given.get("language", ("", "inferred"))
    code, found = read_language(written) if written else None, find_languages(article.body)
    if written and not code:
        _note_article_problem(article, "warning", f"language: expected a code such as 'en', found {written[:40]!r}")
    if code and found and code not in found:
        _note_article_problem(article, "warning",
                              f"language is {code} by its metadata, but the text reads as {found[0]}")
    if not code:
        code, origin = expected if expected in found or not found else found[0], "inferred"
        if len(found) > 1:
            _note_article_problem(article, "warning", f"parts of the text are in {', '.join(found)}; taken as {code}")
    article.row["language"], article.row["language_from"] = code, origin
    article.row["counted"] = code == expected
    if code != expected:
        _note_article_problem(article, "warning",
                              f"language is {code}, expected {expected}; the article is listed, not analysed")


def _note_article_problem(article: Article, severity: str, reason: str) -> None:
    article.problems.append(_make_clean_problem(article.row["path"], severity, reason, article.article_id))


def _make_clean_problem(path: str, severity: str, reason: str, article_id: str | None = None) -> Problem:
    return {"article_id": article_id, "path": path, "step": "clean", "severity": severity, "reason": reason}
