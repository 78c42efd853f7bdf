"""Quotation marks: which opens, which closes, on the untouched text.

A region is what stands between an opening and a closing mark of one kind. An odd mark costs
nothing but itself. What a region *is* (speech, a term, a nickname) is decided in quotations.
"""

import re
from dataclasses import dataclass

CLOSERS = {"“": "”", "‘": "’", "«": "»", "„": "“", "''": "''", "``": "''", '"': '"', "'": "'"}


@dataclass(frozen=True)
class Region:
    """What stands between two marks: `start` and `end` take the marks in, `inner_*` leave them out."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    mark: str
    closed: bool = True


def find_regions(text: str, paragraphs: list[tuple[int, int]]) -> list[Region]:
    """The regions between double quotation marks, in order, none inside another."""
    regions = []
    for start, end in paragraphs:
        for found in re.finditer(r'"[^"]+"|“[^“”]+”', text[start:end]):
            a, b = start + found.start(), start + found.end()
            regions.append(Region(a, b, a + 1, b - 1, text[a]))
    return regions
