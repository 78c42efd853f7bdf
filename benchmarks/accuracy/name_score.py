"""Compares the names found in an article with those of the gold.

A name is right when its span and its type are: PER, ORG or LOC (countries, places and facilities); other types are left
out on both sides. A leading article, a closing 's and closing punctuation do not matter. Finding an `optional` name
is neither right nor wrong; a form in `also` is as right as the name itself.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from benchmarks.accuracy.figures import Figure
from benchmarks.accuracy.gold import Record

LEADING_ARTICLE = re.compile(r"^(the|The|THE|a|an)\s+")
FINAL_ABBREVIATION = re.compile(r"\b([A-Z]\.)+$")
CLOSING_PUNCTUATION = " .,'\"’\n"
TYPE_OF_LABEL = {"PER": "PER", "PERSON": "PER", "ORG": "ORG", "ORGANIZATION": "ORG", "ORGANISATION": "ORG",
                 "LOC": "LOC", "LOCATION": "LOC", "GPE": "LOC", "FAC": "LOC", "FACILITY": "LOC"}
TYPE_NAMES = {"PER": "persons", "ORG": "organisations", "LOC": "places"}
NAME_FIGURES = (
    *(Figure(name, f"right {kind}", (f"found {kind}", f"gold {kind}"), f"gold {kind}")
      for kind, name in TYPE_NAMES.items()),
    Figure("all names", "right", ("found", "gold")),
    Figure("span alone", "right span", ("found span", "gold span")),
)
TypedSpan = tuple[int, int, str]  # start, end, type


def count_names(record: Record, found: Sequence[Record]) -> Counter[str]:
    """Right, found and gold names of one article, by type and together."""
    want, have = match_names(record, found)
    count: Counter[str] = Counter()
    for ending, kinds in (("", TYPE_NAMES), *((f" {kind}", (kind,)) for kind in TYPE_NAMES)):
        _add(count, ending, *({span for span in side if span[2] in kinds} for side in (want, have)))
    _add(count, " span", *({span[:2] for span in side} for side in (want, have)))
    return count


def match_names(record: Record, found: Sequence[Record]) -> tuple[set[TypedSpan], set[TypedSpan]]:
    """The gold names, each in the form that was found if there are several, and the found ones that count."""
    text = record["text"]
    counted = [entity for entity in record["entities"] if not entity.get("optional")]
    optional = [(entity["start"], entity["end"]) for entity in record["entities"] if entity.get("optional")]
    have = list_typed_spans(text, found)
    want = list_typed_spans(text, (_choose_form(text, entity, have) for entity in counted))
    also = list_typed_spans(text, (form for entity in counted for form in entity.get("also", ())))
    return want, {span for span in have if span in want or not (span in also or _overlaps_any(span, optional))}


def _add(count: Counter[str], ending: str, want: Collection[object], have: Collection[object]) -> None:
    count[f"right{ending}"] += len(set(want) & set(have))
    count[f"found{ending}"] += len(have)
    count[f"gold{ending}"] += len(want)


def _overlaps_any(span: TypedSpan, others: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _choose_form(text: str, entity: Record, have: set[TypedSpan]) -> Record:
    """The name, or that one of its other forms which was found instead."""
    forms = (entity, *({**entity, **form} for form in entity.get("also", ())))
    return next((form for form in forms if list_typed_spans(text, [form]) & have), entity)


def list_typed_spans(text: str, names: Iterable[Record]) -> set[TypedSpan]:
    """The spans of the names whose type is scored."""
    spans = ((*trim_name(text, int(name["start"]), int(name["end"])), TYPE_OF_LABEL.get(str(name["label"]).upper(), ""))
             for name in names)
    return {span for span in spans if span[2] and span[1] > span[0]}


def trim_name(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without leading article, closing 's and closing punctuation (but with the full stop of "U.S.").

    >>> trim_name("the U.S.'s plan", 0, 10)
    (4, 8)
    """
    article = LEADING_ARTICLE.match(text[start:end])
    start += article.end() if article else 0
    while end > start and text[start:end].endswith(("'s", "’s")):
        end -= 2
    while end > start and text[end - 1] in CLOSING_PUNCTUATION and not FINAL_ABBREVIATION.search(text[start:end]):
        end -= 1
    return start, end
