"""JSON: an article as an object, a list of such objects, objects one after another, or a list in an object.

A file is read value by value, so that a list may be larger than memory, but an article may not.
"""

import codecs
import json
from collections.abc import Iterator
from itertools import chain
from typing import IO

from samestory.read.formats.decoded_lines import DECODING_SAMPLE_BYTES, find_marked_encoding, mend_broken
from samestory.read.formats.fields import plan_fields
from samestory.read.formats.formats import Found, FoundProblem, Unreadable
from samestory.read.formats.json_records import find_records, reads_as_text
from samestory.read.formats.jsonl import OBJECT_DECODER, read_object

MAX_JSON_VALUE_CHARS = 16_000_000


def read(file: IO[bytes]) -> Iterator[Found]:
    """The articles of a .json file; those in a list are named by their numbers."""
    warnings: dict[str, None] = {}
    yield from _read_articles(file, warnings)
    yield from (FoundProblem("warning", warning) for warning in warnings)


def _read_articles(file: IO[bytes], warnings: dict[str, None]) -> Iterator[Found]:
    values = enumerate(_read_values(file, warnings), 1)
    first = next(values, None)
    if first is None:
        raise Unreadable("expected a JSON object or list, found no value")
    try:
        second = next(values, None)
    except Unreadable:  # the values before the error are kept
        yield read_object(first[1], 1, "record 1")
        raise
    if second is None:
        yield from _read_single_value(first[1])
        return
    for number, value in (first, second):
        yield read_object(value, number, f"record {number}")
    for number, value in values:
        yield read_object(value, number, f"record {number}")


def _read_single_value(value: object) -> Iterator[Found]:
    """The only article of a file, or the articles of a list in it, as in responses of news services."""
    if isinstance(value, dict) and not reads_as_text(value, plan_fields(tuple(value))) \
            and (found := find_records(value)):
        name, records = found
        for number, record in enumerate(records, 1):
            yield read_object(record, number, f"{name!r}, record {number}")
        return
    yield read_object(value, None, "the file")


def _read_values(file: IO[bytes], warnings: dict[str, None]) -> Iterator[object]:
    """The values of a list, or values one after another; what is odd in the file is added to the warnings."""
    buffer, position, in_list, at_end = "", 0, False, False
    chunks, started = _read_chunks(file, warnings), False
    while True:
        position = _skip_separators(buffer, position)
        if not started and position < len(buffer):
            started, in_list = True, buffer[position] == "["
            position += in_list
            continue
        if in_list and buffer[position:position + 1] == "]":
            position += 1
            in_list = False
            continue
        value, end = _try_value(buffer, position) if position < len(buffer) else (None, 0)
        if end and (end < len(buffer) or at_end):  # a number may continue in the next chunk
            yield value
            position = end
        elif at_end:
            if position < len(buffer) or in_list:
                raise Unreadable(f"expected JSON, found {buffer[position:position + 40]!r} where the file ends"
                                 " or is invalid; is it cut off?")
            return
        elif len(buffer) - position > MAX_JSON_VALUE_CHARS:
            raise Unreadable(f"a value is longer than {MAX_JSON_VALUE_CHARS:,} characters, or not JSON:"
                             f" {buffer[position:position + 40]!r}")
        else:
            # twice as much each time, so that a long value is not parsed too often
            wanted = max(DECODING_SAMPLE_BYTES, len(buffer) - position)
            buffer, position = buffer[position:], 0
            more, at_end = _take_characters(chunks, wanted)
            buffer += more


def _try_value(buffer: str, position: int) -> tuple[object, int]:
    try:
        value, end = OBJECT_DECODER.raw_decode(buffer, position)
        return value, end
    except RecursionError:
        raise Unreadable("expected JSON, found brackets nested too deeply") from None
    except json.JSONDecodeError:
        return None, 0


def _skip_separators(buffer: str, position: int) -> int:
    """The next position that is neither white space nor a comma between values."""
    while position < len(buffer) and buffer[position] in " \t\r\n,":
        position += 1
    return position


def _read_chunks(file: IO[bytes], warnings: dict[str, None]) -> Iterator[str]:
    head = file.read(DECODING_SAMPLE_BYTES)
    file.seek(0)
    marked = find_marked_encoding(head)
    decoder = codecs.getincrementaldecoder(marked or "utf-8")("replace" if marked else "surrogateescape")
    for data in chain(iter(lambda: file.read(DECODING_SAMPLE_BYTES), b""), [b""]):
        chunk = decoder.decode(data, not data)
        mended = mend_broken(chunk)
        if mended is not chunk and mended != chunk:
            warnings["holds bytes that are not UTF-8; each is read as one character"] = None
        yield mended


def _take_characters(chunks: Iterator[str], wanted: int) -> tuple[str, bool]:
    """At least the wanted number of characters, and whether the file has ended."""
    taken, size = [], 0
    for chunk in chunks:
        taken.append(chunk)
        size += len(chunk)
        if size >= wanted:
            return "".join(taken), False
    return "".join(taken), True
