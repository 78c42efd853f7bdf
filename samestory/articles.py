"""Articles: a record, its lines, and the metadata from sidecar, file, text and folder, in this order.

What no source gives stays missing. Each value says where it came from.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

from samestory.clean import Line, count_words, find_lines
from samestory.corpus import Corpus
from samestory.dates import is_update, parse_date
from samestory.errors import SameStoryError
from samestory.outlets import UNKNOWN, is_outlet, name_outlet
from samestory.readers import Record, read_records
from samestory.resources import read_sidecar as read_csv

FIELDS = ("outlet", "headline", "byline", "section", "published_at", "updated_at", "language", "url", "event")
READ_SIDECARS = ("metadata.csv", "aliases.csv", "roster.csv")
CREDIT = re.compile(r"^\W*(?P<outlet>[A-Z][\w.& -]{1,40}?)['’]s? .{0,150}\bcontributed\b")
LANGUAGE_SAMPLE, SHORTEST_SAMPLE = 2_000, 100  # code points
ONLY_ENGLISH = frozenset({"the", "of", "and", "that", "with", "from", "for"})
PLAINLY = 1 / 12  # share of these words; 98 of 100 news articles in English have it, of 865 looked at
SURE = 0.95  # probability from which a language other than the expected one is believed


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


def clean_articles(corpus: Corpus, *, language: str = "en") -> Iterator[Article | dict]:
    """Every article of a corpus with its lines and metadata, and every problem met on the way.

    Parameters
    ----------
    corpus : where to read
    language : the ISO 639-1 code of the articles that are counted; others are set aside
    """
    sidecar = read_sidecar(corpus)
    unused = set(sidecar)
    for path in corpus.sidecars:
        if path.name not in READ_SIDECARS:
            yield _problem(path.name, "warning", "reserved, but not read by this version")
    for found in read_records(corpus):
        if isinstance(found, dict):
            yield found
            continue
        keys = [key for key in (found.article_id, found.path) if key in sidecar]
        unused.difference_update(keys)
        beside = {name: value for key in keys for name, value in sidecar[key].items()}
        yield clean_article(found, beside, language=language)
    for key in sorted(unused):
        yield _problem("metadata.csv", "warning", f"no article has the id or path {key!r}; its row is not used")


def clean_article(record: Record, beside: dict[str, str] | None = None, *, language: str = "en") -> Article:
    """One record as an article: its lines with their roles, and its metadata with its sources."""
    beside = beside or {}
    given = {name: (beside[name], "sidecar") for name in FIELDS if beside.get(name)}
    given = {name: (value, "file") for name, value in record.metadata.items()} | given
    lines = find_lines(record.text, given.get("headline", (None,))[0])
    given = _read_metadata(lines) | given
    article = Article({"article_id": record.article_id, "path": record.path, "text": record.text}, lines)
    article.row["sha256"] = hashlib.sha256(record.text.encode()).hexdigest()
    article.row["n_words"] = sum(count_words(line.content) for line in lines if line.role == "body")
    _set_outlet(article, given)
    _set_dates(article, given)
    for name in ("headline", "byline", "section", "url", "event"):
        article.row[name], article.row[f"{name}_from"] = given.get(name, (None, "missing"))
    _set_language(article, given, language)
    return article


def read_sidecar(corpus: Corpus) -> dict[str, dict[str, str]]:
    """The rows of the corpus folder's metadata.csv, by article id or path.

    Raises
    ------
    SameStoryError
        If it has no column `article_id` or `path`, or a column that is no metadata field.
    """
    path = corpus.sidecar("metadata.csv")
    if path is None:
        return {}
    header, rows = read_csv(path)
    _check_columns(path, header)
    return {key: {name: row.get(name, "") for name in FIELDS}
            for _, row in rows if (key := row.get("article_id") or row.get("path"))}


def _check_columns(path: Path, columns: list[str]) -> None:
    stray = sorted(set(columns) - {"article_id", "path", *FIELDS})
    if stray or not {"article_id", "path"} & set(columns):
        raise SameStoryError(f"{path.name}: expected a column article_id or path, and any of"
                             f" {', '.join(FIELDS)}; found {', '.join(columns) or 'no header'}")


def _read_metadata(lines: list[Line]) -> dict[str, tuple[str, str]]:
    """What the lines that are not the story say: time, outlet, headline, byline, section."""
    found: dict[str, tuple[str, str]] = {}
    roles = {"headline": "headline", "byline": "byline", "outlet": "outlet", "kicker": "section"}
    for line in lines:
        if line.role in roles:
            found.setdefault(roles[line.role], (line.content, "text"))
        elif line.rule == "time":
            name = "updated_at" if is_update(line.content) else "published_at"
            found.setdefault(name, (line.content, "text"))
        elif line.role == "credit" and (credit := CREDIT.match(line.content)):
            found.setdefault("outlet", (credit["outlet"], "text"))
    return found


def _set_outlet(article: Article, given: dict) -> None:
    folder = PurePosixPath(article.row["path"]).parent.name
    name, origin = given.get("outlet") or ((folder, "inferred") if folder else (UNKNOWN, "missing"))
    article.row["outlet"], article.row["outlet_from"] = name_outlet(name), origin
    if origin == "missing":
        _note(article, "warning", "no outlet given; expected it in metadata.csv, in the record, in the text"
              " or as the name of the folder")
    elif origin == "inferred" and not is_outlet(name):
        _note(article, "note", f"outlet taken from the folder's name, {name!r}")


def _set_dates(article: Article, given: dict) -> None:
    for name in ("published_at", "updated_at"):
        raw, origin = given.get(name, (None, "missing"))
        moment = parse_date(raw) if raw else None
        if raw and moment is None:
            _note(article, "warning", f"{name}: expected a date with its year, found {raw[:80]!r}")
        article.row[name] = moment
        article.row[f"{name}_from"] = origin if moment else "missing"
    article.row["published_raw"] = given.get("published_at", (None,))[0]


def _set_language(article: Article, given: dict, expected: str) -> None:
    code, origin = given.get("language", (None, "inferred"))
    code = code[:2].lower() if code else _guess_language(article, expected)
    article.row["language"], article.row["language_from"] = code, origin
    article.row["counted"] = code == expected
    if code != expected:
        _note(article, "warning", f"language is {code}, expected {expected}; the article is listed, not analysed")


@cache
def _identifier():  # a class of a library imported here only
    from py3langid.langid import MODEL_FILE, LanguageIdentifier
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _guess_language(article: Article, expected: str) -> str:
    """The language of the body; only where the commonest words do not settle it is the model asked."""
    body = "\n".join(line.content for line in article.lines if line.role == "body")[:LANGUAGE_SAMPLE]
    if len(body) < SHORTEST_SAMPLE:
        return expected
    if is_plainly_english(body):
        return "en"
    code, probability = _identifier().classify(body)
    return code if probability >= SURE else expected


def is_plainly_english(text: str) -> bool:
    """Whether one word in twelve is a very common one that no other language has; else the model is asked.

    >>> is_plainly_english("The minister said that it was time for the two of them to talk.")
    True
    """
    words = text.lower().split()
    return sum(word in ONLY_ENGLISH for word in words) >= PLAINLY * len(words)


def _note(article: Article, severity: str, reason: str) -> None:
    article.problems.append(_problem(article.row["path"], severity, reason, article.article_id))


def _problem(path: str, severity: str, reason: str, article_id: str | None = None) -> dict:
    return {"article_id": article_id, "path": path, "step": "clean", "severity": severity, "reason": reason}
