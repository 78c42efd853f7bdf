"""Records: every article of a corpus, and every problem found while reading it."""

import hashlib
from collections.abc import Iterator

from samestory.base.errors import Problem
from samestory.read.corpus import Corpus
from samestory.read.files import make_problem
from samestory.read.formats.formats import Record
from samestory.read.formats.refusals import describe_refusal
from samestory.read.reader_process import ReaderProcess


def read_records(corpus: Corpus) -> Iterator[Record | Problem]:
    """Every article of a corpus, as a `Record`, and every problem found, as a row of `problems`.

    A second record with the same id gets a new id, so that nothing is lost.
    """
    seen: set[str] = set()
    for path in corpus.unread:
        yield make_problem(corpus.relative(path), "warning", describe_refusal(path.suffix.lower()))
    for refused in corpus.refused:
        yield make_problem(corpus.relative(refused.path), refused.severity, refused.reason)
    with ReaderProcess() as reader:
        for path in corpus.files:
            for found in reader.read(path, corpus.relative(path)):
                if isinstance(found, Record):
                    unique = _with_unique_id(found, seen)
                    if unique is not found:
                        yield make_problem(found.path, "warning", f"two articles have the id {found.article_id!r};"
                                           f" this one is kept as {unique.article_id!r}", unique.article_id)
                    found = unique
                yield found


def name_formats(corpus: Corpus) -> Iterator[str]:
    """The name of the format that each file would be read as."""
    with ReaderProcess() as reader:
        yield from map(reader.name, corpus.files)


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
