"""JSON lines: one object a line, with `text` and, where known, id, outlet, headline and the rest."""

import json
from collections.abc import Iterator
from pathlib import Path

FIELDS = ("outlet", "headline", "byline", "section", "published_at", "updated_at", "language", "url", "event")
LONGEST_LINE = 16_000_000  # bytes


def read(path: Path) -> Iterator[dict]:
    """The articles of a .jsonl file; a record without id is named by its line."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                yield {"error": f"line {number}: longer than {LONGEST_LINE:,} bytes; expected one article a line"}
                while line and not line.endswith(b"\n"):
                    line = file.readline(LONGEST_LINE)
            elif line.strip():
                yield _read_line(line, number)


def _read_line(line: bytes, number: int) -> dict:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        return {"error": f"line {number}: expected a JSON object in UTF-8; {error}"}
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        return {"error": f"line {number}: expected an object with a text field, found {_tell(record)}"}
    given = {name: record[name] for name in FIELDS if record.get(name) is not None}
    if odd := [name for name, value in given.items() if not isinstance(value, str | int | float)]:
        return {"error": f"line {number}: expected text in {', '.join(odd)}, found {type(given[odd[0]]).__name__}"}
    metadata = {name: str(value).strip() for name, value in given.items() if str(value).strip()}
    article_id = "" if record.get("id") is None else str(record["id"])
    return {"article_id": article_id, "line": number, "text": record["text"], "metadata": metadata}


def _tell(record: object) -> str:
    if isinstance(record, dict):
        return f"the fields {', '.join(sorted(map(str, record))[:10]) or '(none)'}"
    return f"a {type(record).__name__}"
