"""How far a stated confidence can be trusted: of the quotations at each confidence, how many are right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.accuracy.gold import GoldSet
from benchmarks.accuracy.quotation_score import Outcome, match_quotations
from benchmarks.accuracy.tables import Found

LOWEST_CONFIDENCES = (0.0, 0.35, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)  # of the bins; 0.35 is counted by default
STATED_COLUMNS = ("confidence", "speaker_confidence")


@dataclass(frozen=True)
class Bin:
    """The quotations whose confidence is at least `lowest` and below the next bin's."""

    column: str
    lowest: float
    mean: float
    n: int
    right: float


def measure_reliability(gold: GoldSet, found: Found) -> list[Bin]:
    """The bins of each stated confidence; a quotation of several rows counts once for each row."""
    outcomes = [outcome for record in gold.records
                for outcome in match_quotations(record, found.get(record["id"], []))[0]]
    return [made for column in STATED_COLUMNS for made in _make_bins(column, list_stated(outcomes, column))]


def list_stated(outcomes: Iterable[Outcome], column: str) -> list[tuple[float, bool]]:
    """Each row's stated confidence, and whether it is right: the statement, or its speaker if it has one."""
    stated = ((row.get(column), outcome) for outcome in outcomes for row in outcome.found.fragments)
    if column == "speaker_confidence":
        return [(float(value), outcome.is_speaker_right) for value, outcome in stated
                if value is not None and outcome.is_right]
    return [(float(value), outcome.is_right) for value, outcome in stated if value is not None]


def _make_bins(column: str, stated: Sequence[tuple[float, bool]]) -> list[Bin]:
    ends = (*LOWEST_CONFIDENCES[1:], float("inf"))
    bins = ((low, [pair for pair in stated if low <= pair[0] + 1e-9 < end + 1e-9])
            for low, end in zip(LOWEST_CONFIDENCES, ends, strict=True))
    return [Bin(column, low, _mean(value for value, _ in inside), len(inside), 100 * _mean(r for _, r in inside))
            for low, inside in bins if inside]


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
