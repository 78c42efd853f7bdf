"""Support: how strong a claim a number of articles can support, decided in this one place.

The article is the unit: the words of one article are not independent, so only more articles, never more
words in one, make a difference between outlets more certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, prod
from typing import Literal

MIN_TEST_ARTICLES = 5  # articles on each side from which a permutation test can reach p < .05
MIN_FULL_TEST_ARTICLES = 20  # articles on each side from which corrected values are shown without a caveat
MAX_FALSE_DISCOVERY_RATE = 0.05  # the largest q (corrected p) called significant
MAX_EXACT_WAYS = 10**300  # ways to exchange articles up to which the smallest p is not rounded to 0
MAX_EXACT_P_ARTICLES = 515  # articles on each side up to which the smallest p is not rounded to 0

SupportLevel = Literal["describe", "few", "test"]


@dataclass(frozen=True)
class Support:
    """How strong a claim the articles of two sides can support.

    Attributes
    ----------
    level : ``describe``, ``few`` or ``test``, as in `judge_support`
    n_target, n_reference : articles of the two sides
    smallest_p : the smallest p that a permutation test can reach
    sentence : the same in words, for a report
    n_events : events within which articles are compared; 0 if articles are compared whatever their event
    """

    level: SupportLevel
    n_target: int
    n_reference: int
    smallest_p: float
    sentence: str
    n_events: int = 0

    @property
    def tested(self) -> bool:
        """Whether p-values may be shown."""
        return self.level != "describe"


def judge_support(n_target: int, n_reference: int) -> Support:
    """How strong a claim a comparison of two numbers of articles can support.

    ``describe`` (fewer than 5 on a side): counts and effect sizes, no p, no stars. ``few`` (5 to 19): permutation
    test over articles, marked as few texts. ``test`` (20 and more): permutation test and corrections.

    Parameters
    ----------
    n_target, n_reference : articles with at least one word

    Raises
    ------
    ValueError
        If a number is negative.

    >>> judge_support(1, 1).level, judge_support(5, 5).level, judge_support(20, 400).level
    ('describe', 'few', 'test')
    >>> round(judge_support(5, 5).smallest_p, 4)
    0.0079
    """
    if min(n_target, n_reference) < 0:
        raise ValueError(f"expected numbers of articles, found {n_target} and {n_reference}")
    level = _choose_level(min(n_target, n_reference))
    smallest = smallest_p(n_target, n_reference)
    return Support(level, n_target, n_reference, smallest, _explain_support(level, n_target, n_reference, smallest))


def _choose_level(n: int) -> SupportLevel:
    return "describe" if n < MIN_TEST_ARTICLES else "few" if n < MIN_FULL_TEST_ARTICLES else "test"


def judge_event_support(of_target: Sequence[int], of_event: Sequence[int], *, n_left_out: int = 0) -> Support:
    """How strong a claim a comparison within events can support: as `judge_support`, by the number of events.

    Parameters
    ----------
    of_target, of_event : articles of the target, and all articles, of each event that both sides report
    n_left_out : events that only one side reports, which are not compared

    >>> judge_event_support([1] * 4, [3] * 4).level, judge_event_support([1] * 30, [2] * 30).level
    ('describe', 'test')
    """
    n_events, n_target, n_all = len(of_event), int(sum(of_target)), int(sum(of_event))
    level = _choose_level(n_events)
    ways = prod(comb(n, k) for n, k in zip(map(int, of_event), map(int, of_target), strict=True))
    is_even = all(2 * k == n for n, k in zip(of_event, of_target, strict=True))
    smallest = min(1.0, (2 if is_even else 1) / ways) if ways < MAX_EXACT_WAYS else 0.0
    return Support(level, n_target, n_all - n_target, smallest,
                   _explain_event_support(level, n_events, n_left_out, smallest), n_events)


def smallest_p(n_target: int, n_reference: int) -> float:
    """The smallest two-sided p that a permutation test over these numbers of articles can reach.

    With equal numbers of articles, a permutation and its mirror image differ equally, so two permutations
    are as extreme as the real one; otherwise, one is.

    >>> smallest_p(1, 1), smallest_p(3, 3)
    (1.0, 0.1)
    """
    if min(n_target, n_reference) > MAX_EXACT_P_ARTICLES:
        return 0.0
    extreme = 2 if n_target == n_reference else 1
    return min(1.0, extreme / comb(n_target + n_reference, n_target))


def _explain_support(level: SupportLevel, n_target: int, n_reference: int, smallest: float) -> str:
    numbers = f"With {n_target:,} article{'s' * (n_target != 1)} against {n_reference:,}"
    if level == "describe":
        return (f"{numbers}, differences between these texts can be described; no test can say whether "
                "they hold for the outlets.")
    if level == "few":
        return f"{numbers}, each test rests on few texts; the smallest p that can be reached is {smallest:.2g}."
    return (f"{numbers}, differences are tested by a permutation test over articles, and corrected for the number of "
            "terms (false discovery rate).")


def _explain_event_support(level: SupportLevel, n_events: int, n_left_out: int, smallest: float) -> str:
    numbers = f"Articles are compared within {n_events:,} event{'s' * (n_events != 1)} that both sides report"
    left = f" ({n_left_out:,} that only one reports left out)" if n_left_out else ""
    if level == "describe":
        return (f"{numbers}{left}: differences between these texts can be described; no test can say whether they hold"
                " for the outlets.")
    if level == "few":
        return f"{numbers}{left}: each test rests on few events; the smallest p that can be reached is {smallest:.2g}."
    return (f"{numbers}{left}: differences are tested by a permutation test that exchanges articles within their event,"
            " and corrected for the number of terms (false discovery rate).")
