"""Articles: a record, its lines, and the metadata from sidecar, file, text, address and folder, in this order.

What no source gives stays missing. Each value says where it came from. What can be told only when
all articles have been seen (repeats of one text, lines that an outlet repeats) is survey.py's work.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePosixPath

from samestory.clean.dates import is_update, read_date
from samestory.clean.languages import find_languages, read_language
from samestory.clean.lines import Line, count_line_words, find_lines
from samestory.clean.misread_text import Shadow, repair_text, repair_value
from samestory.clean.outlets import UNKNOWN_OUTLET, Outlets, find_host, known_outlets, read_outlets
from samestory.read.corpus import Corpus
from samestory.read.formats.formats import Record
from samestory.read.records import read_records
from samestory.read.sidecars import METADATA_FIELDS, read_sidecars

KNOWN_SIDECARS = ("metadata.csv", "metadata.yml", "outlets.csv", "aliases.csv", "roster.csv", "corrections.csv")
CREDIT_LINE_PATTERN = re.compile(r"^\W*(?P<outlet>[A-Z][\w.& -]{1,40}?)['’]s? .{0,150}\bcontributed\b")
URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?=[/-]|$)")
WIRE_OPENING = re.compile(r"[^()]{0,60}\(([\w ’'-]{2,40})\)\s*[-–—]")  # LONDON (Agency) —
WIRE_PARTS = re.compile(r"\s*(?:[,/|&():–—]|\b(?:and|by|with|from|source)\b)\s*", re.IGNORECASE)
ARCHIVE_FOLDER_SUFFIXES = (".zip", ".tar", ".gz", ".tgz")
# by which an update may lie before the publication: zones that were not written
MAX_UPDATE_LEAD_TIME = timedelta(days=1)


@dataclass
class Article:
    """A row of `articles`, its lines, and what was odd."""

    row: dict
    lines: list[Line]
    problems: list[dict] = field(default_factory=list)

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.row["article_id"]

    @property
    def body(self) -> str:
        """The lines of the body, as they are read."""
        return "\n".join(line.content for line in self.lines if line.role == "body")


def clean_articles(corpus: Corpus, *, language: str = "en") -> Iterator[Article | dict]:
    """Every article of a corpus with its lines and metadata, and every problem met on the way.

    Parameters
    ----------
    corpus : where to read
    language : the ISO 639-1 code of the articles that are counted; others are set aside
    """
    sidecars, outlets = read_sidecars(corpus), read_outlets(corpus.sidecar("outlets.csv"))
    for path in corpus.sidecars:
        if path.name not in KNOWN_SIDECARS:
            yield _make_clean_problem(path.name, "warning", "reserved, but not read by this version")
    for found in read_records(corpus):
        if isinstance(found, dict):
            yield found
            continue
        beside = sidecars.find(found.article_id, found.path)
        yield clean_article(found, beside, language=language, outlets=outlets)
    for name, reason in (*sidecars.problems, *sidecars.tell_unused()):
        yield _make_clean_problem(name, "warning", reason)


def clean_article(record: Record, beside: dict[str, str] | None = None, *, language: str = "en",
                  outlets: Outlets | None = None) -> Article:
    """One record as an article: its lines with their roles, and its metadata with its sources."""
    outlets, shadow = outlets or known_outlets(), repair_text(record.text)
    given = {name: (repair_value(value), "file") for name, value in record.metadata.items() if name in METADATA_FIELDS}
    given |= {name: (value, "sidecar") for name, value in (beside or {}).items()}
    lines = find_lines(shadow.text if shadow else record.text, given.get("headline", (None,))[0], outlets=outlets)
    article = Article({"article_id": record.article_id, "path": record.path, "text": record.text}, lines)
    if shadow:
        _restore_line_offsets(article, shadow)
    given = _read_text_metadata(lines) | given
    article.row["sha256"] = hashlib.sha256(record.text.encode()).hexdigest()
    article.row["n_words"] = count_body_words(article)
    _set_outlet(article, given, outlets)
    _set_dates(article, given, outlets)
    article.row["wire"] = _find_agency(article, given.get("byline", ("",))[0], outlets)
    for name in ("headline", "byline", "section", "url", "event"):
        article.row[name], article.row[f"{name}_from"] = given.get(name, (None, "missing"))
    _set_language(article, given, language)
    return article


def count_body_words(article: Article) -> int:
    """The words of an article's body."""
    return sum(count_line_words(line.content) for line in article.lines if line.role == "body")


def _restore_line_offsets(article: Article, shadow: Shadow) -> None:
    """Give lines that were found in a repaired text their places in the untouched one, and say so."""
    article.lines = [line._replace(start=shadow.to_source(line.start), end=shadow.to_source(line.end))
                     for line in article.lines]
    told = ", ".join(f"{written[:20]!r} as {read[:20]!r}" for written, read in shadow.examples[:3])
    _note_article_problem(article, "note",
                          f"text that was written in one encoding and read in another: {told} and the like"
                          " (names and words are counted repaired, the text is shown as it stands)")


def _read_text_metadata(lines: list[Line]) -> dict[str, tuple[str, str]]:
    """What the lines that are not the story say: time, outlet, headline, byline, section."""
    found: dict[str, tuple[str, str]] = {}
    roles = {"headline": "headline", "byline": "byline", "outlet": "outlet", "kicker": "section"}
    for line in lines:
        if line.role in roles:
            found.setdefault(roles[line.role], (line.content, "text"))
        elif line.rule == "time":
            name = "updated_at" if is_update(line.content) else "published_at"
            found.setdefault(name, (line.content, "text"))
        elif line.role == "credit" and (credit := CREDIT_LINE_PATTERN.match(line.content)):
            found.setdefault("outlet", (credit["outlet"], "text"))
    return found


def _set_outlet(article: Article, given: dict, outlets: Outlets) -> None:
    """The outlet: as given; else of a folder or address on the list; else what the folder or address is called."""
    folder, host = _name_folder(article.row["path"]), find_host(given.get("url", ("",))[0])
    known = outlets.name(folder) if outlets.is_known(folder) or outlets.name_host(find_host(folder)) else None
    name, origin = given.get("outlet") or (known or outlets.name_host(host) or folder or host or UNKNOWN_OUTLET,
                                           "inferred")
    article.row["outlet"], article.row["outlet_from"] = outlets.name(name), origin if name != UNKNOWN_OUTLET else "missing"
    if name == UNKNOWN_OUTLET:
        _note_article_problem(article, "warning",
                              "no outlet given; expected it in metadata.csv, in the record, in the text"
                              " or as the name of the folder")
    elif origin == "inferred" and name in (folder, host) and not known:
        source = "folder's name" if name == folder else "address"
        _note_article_problem(article, "note", f"outlet taken from the {source}, {name[:80]!r}")


def _name_folder(path: str) -> str:
    """The folder an article lies in, or the archive without its endings: `cnn.zip/1.txt` lies in cnn."""
    name = PurePosixPath(path).parent.name
    while PurePosixPath(name).suffix.lower() in ARCHIVE_FOLDER_SUFFIXES:
        name = PurePosixPath(name).stem
    return name


def _find_agency(article: Article, byline: str, outlets: Outlets) -> str | None:
    """The news agency that the first line, the byline or a credit names; none of an agency's own article."""
    first = next((line.content for line in article.lines if line.role == "body"), "")
    opening = WIRE_OPENING.match(first)
    credits = [line.content for line in article.lines if line.rule in ("wire_tag", "material_from")]
    named = [opening[1]] if opening else []
    named += [part.strip(" .*") for text in (byline[:200], *credits) for part in WIRE_PARTS.split(text)]
    agencies = (outlets.name(part) for part in named if outlets.is_known(part))
    return next((agency for agency in agencies if agency in outlets.agencies
                 and article.row["outlet"] not in outlets.agencies), None)


def _set_dates(article: Article, given: dict, outlets: Outlets) -> None:
    country = outlets.country(article.row["outlet"])
    day_first = None if country is None else country != "US"
    for name in ("published_at", "updated_at"):
        raw, origin = given.get(name, (None, "missing"))
        reading = read_date(raw, day_first=day_first) if raw else None
        if reading and reading.problem:
            _note_article_problem(article, "warning", f"{name}: {reading.problem}; found {raw[:80]!r}")
        elif reading and not reading.zoned:
            _note_article_problem(article, "note", f"{name}: a time without its zone, taken as UTC")
        moment = reading.moment if reading else None
        article.row[name], article.row[f"{name}_from"] = moment, origin if moment else "missing"
        article.row[f"{name.removesuffix('_at')}_precision"] = reading.precision if moment else None
    article.row["published_raw"] = given.get("published_at", (None,))[0]
    _set_date_from_url(article, given.get("url", ("",))[0])
    published, updated = article.row["published_at"], article.row["updated_at"]
    if published and updated and article.row["updated_precision"] not in ("month", "year") \
            and published - updated > MAX_UPDATE_LEAD_TIME:
        _note_article_problem(article, "warning",
                              f"published_at {published:%Y-%m-%d} lies after updated_at {updated:%Y-%m-%d}")


def _set_date_from_url(article: Article, url: str) -> None:
    """The day that stands in an article's address, where nothing else says when it was published."""
    found = URL_DATE.search(url.lower())
    if found and not article.row["published_at"]:
        reading = read_date("-".join(found.groups()))
        if reading.moment and reading.precision == "day":
            article.row |= {"published_at": reading.moment, "published_at_from": "inferred",
                            "published_precision": "day"}


def _set_language(article: Article, given: dict, expected: str) -> None:
    written, origin = given.get("language", (None, "inferred"))
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


def _make_clean_problem(path: str, severity: str, reason: str, article_id: str | None = None) -> dict:
    return {"article_id": article_id, "path": path, "step": "clean", "severity": severity, "reason": reason}
