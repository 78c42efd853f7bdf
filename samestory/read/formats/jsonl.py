"""JSON lines: one object per line, with a text and, where known, id, outlet, headline and other fields."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from samestory.read.formats.decoded_lines import MAX_INPUT_LINE_BYTES, decode
from samestory.read.formats.fields import join_paragraphs, make_article, plan_fields
from samestory.read.formats.formats import Found, FoundArticle, FoundProblem, Unreadable
from samestory.read.formats.json_records import spread_record
from samestory.read.formats.table_head import ADDRESS_VALUE_PATTERN, MIN_ARTICLE_CHARS


def _read_integer(digits: str) -> int | ValueError:
    """A whole number; in place of one with more digits than Python reads, the error, so that only it is lost."""
    try:
        return int(digits)
    except ValueError as error:
        return error


OBJECT_DECODER = json.JSONDecoder(parse_int=_read_integer)


def read(file: IO[bytes]) -> Iterator[Found]:
    """The articles of a .jsonl file; a record without an id is named by its line."""
    number = 0
    while line := file.readline(MAX_INPUT_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_INPUT_LINE_BYTES:
            yield FoundProblem("error", f"line {number}: longer than {MAX_INPUT_LINE_BYTES:,} bytes; expected one"
                               " article per line")
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_INPUT_LINE_BYTES)
        elif line.strip():
            yield _read_line(line, number)


def _read_line(line: bytes, number: int) -> Found:
    try:
        text, warning = _decode_line(line)
        record = OBJECT_DECODER.decode(text)
    except (ValueError, RecursionError, Unreadable) as error:
        return FoundProblem("error", f"line {number}: expected a JSON object in UTF-8; {error}")
    found = read_object(record, number, f"line {number}")
    return replace(found, warnings=(*found.warnings, warning)) if warning and isinstance(found, FoundArticle) else found


def _decode_line(line: bytes) -> tuple[str, str | None]:
    try:
        return line.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return decode(line)


def read_object(record: object, number: int | None, where: str) -> Found:
    """The article in one JSON value, or a problem if it holds none."""
    article = _read_json_record(record, number) if isinstance(record, dict) else None
    return article or FoundProblem("error", f"{where}: expected an object with a text field, found"
                                   f" {_describe_json_value(record)}")


def _read_json_record(record: dict[str, Any], number: int | None) -> FoundArticle | None:
    plan = plan_fields(tuple(record))
    if article := make_article(record, plan, number):
        return article
    if article := make_article(*spread_record(record), number):
        return article
    used = {own for names in plan.values() for own in names}
    lengths = {name: len(text) for name, value in record.items() if name not in used
               and (text := join_paragraphs(value)) and not ADDRESS_VALUE_PATTERN.fullmatch(text)}
    longest = max(lengths, key=lengths.__getitem__, default="")
    if lengths.get(longest, 0) < MIN_ARTICLE_CHARS:
        return None
    article = make_article(record, plan | {"text": (longest,)}, number)
    told = f"no field is named as the text; {longest[:80]!r}, the longest, is read as it"
    return replace(article, warnings=(*article.warnings, told)) if article else None


def _describe_json_value(record: object) -> str:
    if isinstance(record, dict):
        return f"the fields {', '.join(sorted(map(str, record))[:10]) or '(none)'}"
    return f"a {type(record).__name__}"
