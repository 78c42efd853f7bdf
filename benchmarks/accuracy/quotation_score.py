"""Compares the quotations found in an article with those of the gold.

A quotation is the set of words inside its content spans; quotation marks and a leading "that" do not matter. Found
fragments that lie inside one gold quotation are joined first; then found and gold are paired one to one, best overlap
first. A pair overlaps when half of the words in either are in both; its speaker is right when it has the head word of
the gold's, or covers it; its full name is right when it is the gold's or contains that. What counts is gold of the tier
`quote`: clauses that are said, and what is in quotation marks; finding other gold is neither right nor wrong.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from benchmarks.accuracy.figures import Figure
from benchmarks.accuracy.gold import Record

SCORED_WORD = re.compile(r"\w+(?:['’]\w+)?")
LEADING_THAT = re.compile(r"\W*that\b", re.IGNORECASE)
LEADING_ARTICLE_OR_POSSESSIVE = re.compile(r"^(the|a|an) |['’]s\b")
HEAD_END = re.compile(r",| of | from | for | at | in | who | on | with |\(")
NEVER_HEADS = frozenset("the a an of and mr mrs ms dr sen rep president former".split())
MIN_OVERLAP = 0.5  # words in both over words in either
MIN_FRAGMENT_SHARE = 0.8  # of a fragment's words that lie in the gold quotation
COUNTED_TIER = "quote"
QUOTATION_KINDS_SCORED = ("direct", "mixed", "indirect")
QUOTATION_FIGURES = (
    Figure("overlap", "overlap", ("found", "gold")),
    Figure("exact", "exact", ("found", "gold")),
    Figure("with speaker", "speaker", ("found", "gold")),
    Figure("with full name", "name", ("found", "gold"), "gold with name"),
    Figure("right speaker", "right speaker", ("overlap with speaker",), "overlap with speaker"),
    *(Figure(f"recall of {kind}", f"overlap {kind}", (f"gold {kind}",), f"gold {kind}")
      for kind in QUOTATION_KINDS_SCORED),
)
Span = Sequence[int]
Words = frozenset[int]


@dataclass(frozen=True)
class Side:
    """A quotation, found or gold, with its words; a found one made of fragments has their rows in `fragments`."""

    quote: Record
    words: Words
    fragments: tuple[Record, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """A found quotation that counts, and the gold quotation it was paired with, if any."""

    found: Side
    gold: Side | None
    overlap: float
    is_speaker_right: bool
    is_name_right: bool

    @property
    def is_right(self) -> bool:
        """Whether the pair shares half of its words."""
        return self.overlap >= MIN_OVERLAP


@dataclass(frozen=True)
class WordIndex:
    """The words of a text by place."""

    text: str

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The span of each word."""
        return [match.span() for match in SCORED_WORD.finditer(self.text)]

    def find_words(self, spans: Sequence[Span]) -> Words:
        """The numbers of the words inside the spans, without a leading "that"."""
        starts = [self._skip_that(*spans[0]), *(start for start, _ in spans[1:])] if spans else []
        found: set[int] = set()
        for start, (_, end) in zip(starts, spans, strict=True):
            first, last = bisect_left(self.spans, (start, -1)), bisect_left(self.spans, (end, -1))
            found.update(i for i in range(first, last) if self.spans[i][1] <= end)
        return frozenset(found)

    def _skip_that(self, start: int, end: int) -> int:
        that = LEADING_THAT.match(self.text, start, end)
        return that.end() if that and len(SCORED_WORD.findall(self.text, start, end)) > 1 else start

    def take_sides(self, quotes: Iterable[Record]) -> list[Side]:
        """The quotations that have a word, with their words."""
        sides = (Side(quote, self.find_words(quote["content_spans"]), (quote,)) for quote in quotes)
        return [side for side in sides if side.words]


def measure_overlap(a: Words, b: Words) -> float:
    """Words in both over words in either."""
    return len(a & b) / len(a | b)


# ---- Speakers -----------------------------------------------------------------------------------------


def find_head_word(phrase: str) -> str:
    """The last word before a comma or preposition: the head of a name or noun phrase.

    >>> find_head_word("Ann Lee, a mayor"), find_head_word("the mayor of Flint")
    ('lee', 'mayor')
    """
    words = SCORED_WORD.findall(HEAD_END.split(f" {phrase.strip()} ")[0])
    return words[-1].lower().replace("’s", "").replace("'s", "") if words else ""


def is_same_speaker(text: str, gold: Record, found: Record) -> bool:
    """Whether the found speaker overlaps the gold one at its head, or has the same head; or neither has one."""
    want, have = gold.get("speaker_span"), found.get("speaker_span")
    is_named = bool(have or found.get("speaker"))
    if not want or not is_named:
        return not want and not is_named
    if have and _shares_head(text, want, have):
        return True
    heads = {find_head_word(gold["speaker"]), find_head_word(gold.get("speaker_canonical") or gold["speaker"])}
    head = find_head_word(found.get("speaker") or (text[slice(*have)] if have else ""))
    return head != "" and head in heads


def _shares_head(text: str, want: Span, have: Span) -> bool:
    """Whether the words that two spans share contain the head of one of them."""
    start, end = max(want[0], have[0]), min(want[1], have[1])
    shared = {word.lower() for word in SCORED_WORD.findall(text[start:end])} if start < end else set()
    return bool((shared - NEVER_HEADS) & {find_head_word(text[slice(*want)]), find_head_word(text[slice(*have)])})


def is_same_name(gold: Record, found: Record) -> bool:
    """Whether the resolved name is the gold's, or one of `speaker_also`; a longer form around it is accepted."""
    key = make_name_key(found.get("speaker_name") or found.get("speaker"))
    names = [make_name_key(name) for name in (gold.get("speaker_canonical"), *gold.get("speaker_also", ()))]
    return any(name == key or (len(name.split()) > 1 and name in key) for name in names)


def make_name_key(name: str | None) -> str:
    """A name in lower case without article, possessive and punctuation."""
    bare = LEADING_ARTICLE_OR_POSSESSIVE.sub("", (name or "").lower().strip())
    return re.sub(r"[^\w ]", "", bare).strip()


# ---- Pairs of one article -----------------------------------------------------------------------------


def match_quotations(record: Record, found: Sequence[Record]) -> tuple[list[Outcome], list[Side]]:
    """The found quotations that count, each with its gold one; and the gold ones that count."""
    index = WordIndex(record["text"])
    sides = index.take_sides(found)
    every = index.take_sides(_choose_extent(index, quote, sides) for quote in record["quotes"])
    gold = [side for side in every if side.quote["tier"] == COUNTED_TIER]
    ignored = [side.words for side in every if side.quote["tier"] != COUNTED_TIER]
    counted = [side for side in join_fragments(sides, gold) if _counts(side.words, gold, ignored)]
    partner = {i: (gold[j], overlap) for overlap, i, j in pair_sides(counted, gold)}
    outcomes = [_judge_pair(record["text"], side, *partner.get(i, (None, 0.0))) for i, side in enumerate(counted)]
    return outcomes, gold


def _choose_extent(index: WordIndex, quote: Record, found: Sequence[Side]) -> Record:
    """The gold quotation with that one of its extents that comes nearest to a found quotation."""
    if not quote.get("content_also"):
        return quote
    extents = (quote["content_spans"], *quote["content_also"])
    words = [index.find_words(extent) for extent in extents]
    best = max(range(len(extents)), key=lambda i: max((measure_overlap(words[i], side.words) for side in found),
                                                      default=0.0))
    return {**quote, "content_spans": extents[best]}


def join_fragments(found: Sequence[Side], gold: Sequence[Side]) -> list[Side]:
    """The found quotations, with those joined that lie inside one gold quotation which is not shorter."""
    whole: list[Side] = []
    inside: dict[int, list[Side]] = defaultdict(list)
    for side in found:
        best = max(range(len(gold)), default=None, key=lambda i: (
            len(side.words & gold[i].words), measure_overlap(side.words, gold[i].words)))
        if best is not None and _lies_in(side.words, gold[best].words):
            inside[best].append(side)
        else:
            whole.append(side)
    return whole + [_join(parts) for parts in inside.values()]


def _lies_in(words: Words, gold: Words) -> bool:
    return len(words & gold) >= MIN_FRAGMENT_SHARE * len(words) and len(words) <= len(gold)


def _join(parts: Sequence[Side]) -> Side:
    """One found quotation made of fragments; the first that has a speaker gives it."""
    parts = sorted(parts, key=lambda side: side.quote["content_spans"][0][0])
    speaker = next((side.quote for side in parts if side.quote.get("speaker_span") or side.quote.get("speaker")), {})
    quote = {key: speaker.get(key) for key in ("speaker_span", "speaker", "speaker_name")}
    return Side(quote, frozenset().union(*(side.words for side in parts)), tuple(side.quote for side in parts))


def _counts(words: Words, gold: Sequence[Side], ignored: Sequence[Words]) -> bool:
    """Whether a found quotation counts: not if it finds an ignored quotation and no gold one."""
    if any(measure_overlap(words, side.words) >= MIN_OVERLAP for side in gold):
        return True
    finds_ignored = any(len(words & other) >= MIN_OVERLAP * len(words) for other in ignored)
    return not finds_ignored or any(len(words & side.words) >= MIN_OVERLAP * len(words) for side in gold)


def pair_sides(found: Sequence[Side], gold: Sequence[Side]) -> list[tuple[float, int, int]]:
    """Overlap, number of the found and of the gold quotation of each pair: one to one, best overlap first."""
    overlaps = sorted(((measure_overlap(a.words, b.words), i, j) for i, a in enumerate(found)
                       for j, b in enumerate(gold) if a.words & b.words), reverse=True)
    used_found: set[int] = set()
    used_gold: set[int] = set()
    pairs = []
    for overlap, i, j in overlaps:
        if i not in used_found and j not in used_gold:
            used_found.add(i)
            used_gold.add(j)
            pairs.append((overlap, i, j))
    return pairs


def _judge_pair(text: str, found: Side, gold: Side | None, overlap: float) -> Outcome:
    if gold is None or overlap < MIN_OVERLAP:
        return Outcome(found, gold, overlap, is_speaker_right=False, is_name_right=False)
    return Outcome(found, gold, overlap, is_same_speaker(text, gold.quote, found.quote),
                   is_same_name(gold.quote, found.quote))


# ---- Counts -------------------------------------------------------------------------------------------


def count_quotations(record: Record, found: Sequence[Record]) -> Counter[str]:
    """What QUOTATION_FIGURES are made of, for one article."""
    outcomes, gold = match_quotations(record, found)
    count = Counter({"found": len(outcomes), "gold": len(gold)})
    count["gold with name"] = sum(bool(quote.get("speaker_canonical")) for quote in record["quotes"])
    count.update(f"gold {side.quote['type']}" for side in gold)
    for outcome in outcomes:
        count.update(_count_outcome(outcome))
    return count


def _count_outcome(outcome: Outcome) -> dict[str, int]:
    gold: dict[str, Any] = dict(outcome.gold.quote) if outcome.gold else {}
    if not outcome.is_right:
        return {}
    is_named = bool(gold.get("speaker_span"))
    return {"overlap": 1, f"overlap {gold['type']}": 1, "exact": int(outcome.overlap == 1),
            "speaker": int(outcome.is_speaker_right), "name": int(outcome.is_name_right),
            "overlap with speaker": int(is_named), "right speaker": int(is_named and outcome.is_speaker_right)}
