"""The story: which statements of different outlets say the same, as tables of pairs and facts.

Runs once over a corpus, after linking, event by event. What a person decided about a pair is applied by
samestory/correct, which groups the facts again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq

from samestory.base.schema import TABLE_ROW_ORDER, make_table
from samestory.story.contradictions import is_contradiction
from samestory.story.differences import list_differences
from samestory.story.events import EventStatements, read_events
from samestory.story.facts import group_facts
from samestory.story.lone_statements import find_lone_statements, weigh_counterparts
from samestory.story.near_days import NEAR_DAY_FACTOR, find_near_days, find_said_days
from samestory.story.near_denials import NEAR_DENIAL_FACTOR, find_near_denials
from samestory.story.near_values import NEAR_VALUE_FACTOR, find_near_values
from samestory.story.pairs import MatchedPair, choose_pairs
from samestory.story.phrases import pair_by_phrases
from samestory.story.similarity import SYNONYM_SEPARATOR, StatementMatches, match_statements, weigh_leads

MAX_SHOWN_REASONS = 5  # words by which a pair matched
MIN_LABEL_MATCH = 0.35  # of two different words for one thing
MIN_SAID_SCORE = 0.55  # of two statements of which one person said the same on two days
MIN_LONE_WORDS = 3  # content words of a statement that one outlet alone may have


def write_story(folder: Path) -> None:
    """Write the tables pairs and facts of a folder of linked tables."""
    pairs: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    for event in read_events(folder):
        found, groups = compare_event(event)
        pairs += found
        facts += groups
    write_sorted("pairs", pairs, folder)
    write_sorted("facts", facts, folder)


def write_sorted(name: str, rows: list[dict[str, Any]], folder: Path) -> None:
    """Write a table of the story, in its row order."""
    keys = [column.strip() for column in TABLE_ROW_ORDER[name].split(",")]
    table = make_table(name, sorted(rows, key=lambda row: [row[key] for key in keys]))
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


class NearPairs(NamedTuple):
    """Pairs of statements, the lower position first, that give one thing or act another number or day, or deny it."""

    values: set[tuple[int, int]]
    days: set[tuple[int, int]]
    denials: set[tuple[int, int]]
    said_days: set[tuple[int, int]]


def compare_event(event: EventStatements) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the tables pairs and facts of one event."""
    matches = match_statements(event.words, event.outlets, event.speakers)
    near = NearPairs(find_near_values(event.outlets, event.own_values),
                     find_near_days(event.acts, event.outlets, event.published_s),
                     find_near_denials(event.claims, event.outlets, event.speakers, matches.scores),
                     find_said_days(event.acts, event.outlets, event.published_s, event.speakers, event.people))
    found = choose_pairs(matches, event.outlets, _weigh_pairs(event, near),
                         pair_by_phrases(event.phrases, event.outlets))
    pairs = [_make_pair(event, matches, near, pair) for pair in found]
    return pairs, group_facts(pairs, _describe_statements(event, matches, found))


def _make_pair(event: EventStatements, matches: StatementMatches, near: NearPairs,
               pair: MatchedPair) -> dict[str, Any]:
    """One row of the table `pairs`."""
    place = (min(pair.a, pair.b), max(pair.a, pair.b))
    shared = matches.list_shared(pair.a, pair.b)[:MAX_SHOWN_REASONS]
    ours, theirs = event.make_compared(pair.a), event.make_compared(pair.b)
    kinds = list_differences(ours, theirs, matches.match_words, has_near_day=place in near.days,
                             is_denial=place in near.denials,
                             synonyms=any(_is_other_label(reason, matches) for reason in shared))
    is_near = (any(place in pairs for pairs in (near.values, near.days, near.denials))
               or (place in near.said_days and pair.score >= MIN_SAID_SCORE))
    a, b = ours.row["statement_id"], theirs.row["statement_id"]
    return {"pair_id": f"{a}+{b}", "event_id": event.event_id, "statement_a": a, "statement_b": b,
            "score": round(pair.score, 3), "differs": kinds, "shared": shared,
            "check": is_near or is_contradiction(ours, theirs, kinds, matches.match_words),
            "status": "sure" if pair.is_sure else "candidate"}


def _weigh_pairs(event: EventStatements, near: NearPairs) -> np.ndarray:
    """A factor for each two statements, apart from their words."""
    factors = weigh_leads(event.places)
    for pairs, factor in ((near.values, NEAR_VALUE_FACTOR), (near.days, NEAR_DAY_FACTOR),
                          (near.denials, NEAR_DENIAL_FACTOR)):
        for a, b in pairs:
            factors[a, b] = factors[b, a] = max(factors[a, b], factor)
    return factors


def _is_other_label(reason: str, matches: StatementMatches) -> bool:
    """Whether a reason is two words for one thing: "lawsuit / suit"."""
    one, _, other = reason.partition(SYNONYM_SEPARATOR)
    return bool(other) and matches.match_words(one, other) >= MIN_LABEL_MATCH


def _describe_statements(event: EventStatements, matches: StatementMatches,
                         pairs: Sequence[MatchedPair]) -> dict[str, dict[str, Any]]:
    """For each statement its event, outlet, the outlets without a counterpart, and the share of words that is new."""
    evidence = weigh_counterparts(matches, event.phrases, event.outlets, event.sentences, event.places)
    lone = find_lone_statements(evidence, event.outlets, pairs)
    n_words = np.bincount(event.words.loc[event.words["is_written"], "statement"], minlength=len(event.outlets))
    new = 1 - np.where(np.eye(len(event.outlet_names), dtype=bool)[event.outlets], 0, matches.covered).max(1)
    return {name: {"event_id": event.event_id, "outlet": event.outlet_names[outlet], "novelty": round(float(share), 3),
                   "is_lone": bool(is_lone.sum() == len(event.outlet_names) - 1 and n >= MIN_LONE_WORDS),
                   "not_in": [event.outlet_names[k] for k in np.flatnonzero(is_lone)]}
            for name, outlet, is_lone, share, n in zip(event.frame["statement_id"], event.outlets, lone, new, n_words,
                                                       strict=True)}
