"""Readers: one file a format; each turns a file into records, and what it cannot read into problems.

A reader is a function of a path and its name below the corpus; it yields `Record`s and problem
rows. To add a format, write a module here and name it in READERS and in corpus.ENDINGS.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from samestory.corpus import Corpus
from samestory.readers import jsonl, text

LONGEST_ARTICLE = 1_000_000  # code points


@dataclass(frozen=True)
class Record:
    """An article as a reader found it: its id, text and whatever metadata stood beside it."""

    article_id: str
    path: str
    text: str
    metadata: dict[str, str] = field(default_factory=dict)


Reader = Callable[[Path], Iterator[dict]]
READERS: dict[str, Reader] = {".txt": text.read, ".jsonl": jsonl.read}


def read_records(corpus: Corpus) -> Iterator[Record | dict]:
    """Every article of a corpus, as a `Record`, and every problem met, as a row of `problems`.

    A second record of one id keeps its text under an id of its own, so that nothing is lost.
    """
    seen: set[str] = set()
    for path in corpus.unread:
        yield problem(corpus.relative(path), "warning", f"no reader for {path.suffix or 'a file without ending'};"
                      f" expected {' or '.join(READERS)}")
    for path in corpus.files:
        relative = corpus.relative(path)
        for found in _read_file(path, relative):
            if isinstance(found, Record):
                unique = _with_unique_id(found, seen)
                if unique is not found:
                    yield problem(relative, "warning", f"two articles have the id {found.article_id!r};"
                                  f" this one is kept as {unique.article_id!r}", unique.article_id)
                found = unique
            yield found


def problem(path: str, severity: str, reason: str, article_id: str | None = None) -> dict:
    """A row of the table `problems`, for the step `read`."""
    printable = path.encode("utf-8", "backslashreplace").decode("utf-8")
    return {"article_id": article_id, "path": printable, "step": "read", "severity": severity, "reason": reason}


def _read_file(path: Path, relative: str) -> Iterator[Record | dict]:
    try:
        for found in READERS[path.suffix.lower()](path):
            yield _check(found, relative)
            if "warning" in found:
                yield problem(relative, "warning", found["warning"])
    except OSError as error:
        yield problem(relative, "error", f"cannot be opened: {error.strerror}")


def _check(found: dict, relative: str) -> Record | dict:
    """What a reader found as a Record, or the problem that it is."""
    if "error" in found:
        return problem(relative, "error", found["error"])
    body, article_id = found["text"], found.get("article_id") or _name_by_path(relative, found.get("line"))
    if not body.strip():
        return problem(relative, "error", "expected an article, found no text", article_id)
    if len(body) > LONGEST_ARTICLE:
        return problem(relative, "error", f"expected an article of at most {LONGEST_ARTICLE:,} characters, found"
                       f" {len(body):,}; is it a bundle of many? split it", article_id)
    if not _is_unicode(body, article_id, relative, *found.get("metadata", {}).values()):
        return problem(relative, "error", "expected Unicode in path, text and metadata, found half a surrogate pair")
    return Record(article_id, relative, body, found.get("metadata", {}))


def _is_unicode(*texts: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for text in texts for char in text)


def _name_by_path(relative: str, line: int | None) -> str:
    name = str(PurePosixPath(relative).with_suffix(""))
    return name if line is None else f"{name}:{line}"


def _with_unique_id(record: Record, seen: set[str]) -> Record:
    article_id = record.article_id
    if article_id in seen:
        suffix = hashlib.sha256(f"{record.path}\0{record.text}".encode()).hexdigest()[:8]
        article_id = f"{article_id}~{suffix}"
        while article_id in seen:  # the same record twice in one file
            article_id += "+"
        record = Record(article_id, record.path, record.text, record.metadata)
    seen.add(article_id)
    return record
