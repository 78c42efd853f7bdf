"""Labelled lines: "Title: ..." or "Source: ..." above an article or below it, and the front matter of a Markdown file.

The labels are rows of data/en/field_labels.csv. One line may be prose that begins like a label ("Source: the minister
knew"), so two labels are needed, or a headline's label in the first line. A label without a value takes the next line.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from samestory.base.language import cache_by_language, join_words, read_language_rows

MAX_LABELLED_LINES, MAX_LABELLED_VALUE_CHARS = 20, 300
MIN_LABELLED_FIELDS = 2
MAX_UNLABELLED_WORDS = 20  # words of a line without label that may stand among them
FENCE_PATTERN = re.compile(r"(?:[-+*=_~#]\s?){3,80}")
LIST_ITEM_PATTERN = re.compile(r"[-*•]\s+(.+)")
VALUE_MARKS = " \t\"'*_`"
TEXT_FIELD = "text"


class LabelledLine(NamedTuple):
    """A line's field (empty: none that is used), its value, and where the value begins in the line."""

    field: str
    value: str
    at: int


@dataclass
class LabelledHead:
    """The fields of an article by their labels, and the roles of the lines: for each position its field."""

    values: dict[str, str] = field(default_factory=dict)
    fields: dict[int, str] = field(default_factory=dict)
    text_from: tuple[int, int] | None = None  # the line with the label of the text, and where the text begins in it

    def take(self, position: int, name: str, value: str) -> None:
        """Add a line; an item of a list goes to the value before it."""
        self.fields[position] = name
        if name and value:
            self.values[name] = f"{self.values[name]}, {value}" if name in self.values else value


def read_labelled_head(contents: Sequence[str]) -> LabelledHead:
    """The labelled lines above an article's text, or below it if there are none above.

    >>> read_labelled_head(["Title: Mill stands still", "By: Lena Marsh", "The mill has lost its wheel."]).values
    {'headline': 'Mill stands still', 'byline': 'Lena Marsh'}
    """
    head = _read_run(enumerate(contents[:MAX_LABELLED_LINES]))
    first = next(iter(head.fields.items()), None)
    if len(set(head.fields.values())) >= MIN_LABELLED_FIELDS or first in ((0, "headline"), (1, "headline")):
        return head
    last = range(len(contents) - 1, max(-1, len(contents) - 1 - MAX_LABELLED_LINES), -1)
    start = next((i for i in last if not _parse_label(contents[i])), len(contents)) + 1
    tail = _read_run(enumerate(contents[start:], start))
    is_tail = len(set(tail.fields.values())) >= MIN_LABELLED_FIELDS and TEXT_FIELD not in tail.values
    return tail if is_tail else LabelledHead()


def _read_run(lines: Iterable[tuple[int, str]]) -> LabelledHead:
    """The labelled lines up to the text or a closing fence; lines that may be headings may stand among them."""
    head, waiting = LabelledHead(), ""
    for position, content in lines:
        found = _parse_label(content)
        if found and found.field == TEXT_FIELD:
            head.text_from = (position, found.at)
            return head
        item = LIST_ITEM_PATTERN.fullmatch(content)
        if found:
            head.take(position, found.field, found.value)
            waiting = found.field if not found.value else ""
        elif head.fields and FENCE_PATTERN.fullmatch(content):
            return head
        elif waiting and (item or waiting not in head.values) and len(content) <= MAX_LABELLED_VALUE_CHARS:
            head.take(position, waiting, (item[1] if item else content).strip(VALUE_MARKS))
        elif content.endswith((".", "”", '"')) or len(content.split()) > MAX_UNLABELLED_WORDS:
            return head
    return head


def _parse_label(content: str) -> LabelledLine | None:
    """The label and value of a line; None if it has no label, or is too long for a value."""
    found = _field_label_pattern().match(content)
    if not found:
        return None
    name = _read_field_labels()[found[1].lower()]
    if name != TEXT_FIELD and len(content) > MAX_LABELLED_VALUE_CHARS:
        return None
    return LabelledLine(name, content[found.end():].strip(VALUE_MARKS), found.end())


@cache_by_language
def _read_field_labels() -> dict[str, str]:
    return {row["label"]: row["field"] for row in read_language_rows("field_labels")}


@cache_by_language
def _field_label_pattern() -> re.Pattern[str]:
    return re.compile(rf"[*_#\[<\s]{{0,4}}({join_words(_read_field_labels())})"
                      r"(?:\s?\d{1,2})?(?:[*_]{0,2}\s?(?::|=|\t)(?!//)|\])[*_\s]{0,4}", re.IGNORECASE)
