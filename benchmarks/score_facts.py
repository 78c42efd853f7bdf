"""Measure how well statements of two outlets are matched.

    python benchmarks/score_facts.py superpal superpal.dev.jsonl     sentence pairs, ranked by score
    python benchmarks/score_facts.py seeds [FACTS.json]              facts of the seed articles

superpal: average precision and recall at precision .8 over all sentence pairs of all topics, with 95 % intervals by a
bootstrap over summary sentences (topics are few). A topic is an event of two outlets, the summary and the articles, and
is annotated and linked like any corpus; a pair of sentences has the best score of their statements. seeds: facts coded
by hand, by default those of data/gold.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from samestory.base.resources import resource
from samestory.story.events import EventStatements, read_events
from samestory.story.similarity import lower_rivals, match_statements
from samestory.tables.tables import Tables, load_tables

WANTED_PRECISION, N_DRAWS, SEED = 0.8, 1000, 1
SEED_ARTICLES = {"000": "cgtn", "003": "cnn"}  # the first characters of the seeds' ids, and their keys in facts.json


# ---- SuperPAL


def score_superpal(path: Path) -> None:
    """Print average precision and recall at a precision."""
    topics: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        topics[row["topic"]].append(row)
    sides = {topic: tuple(list(dict.fromkeys(row[side] for row in rows)) for side in "ab")
             for topic, rows in topics.items()}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "topics.jsonl"
        corpus.write_text("".join(write_side(topic, side, sentences) for topic, both in sides.items()
                                  for side, sentences in zip("ab", both, strict=True)), encoding="utf-8")
        events = {event.frame["article_id"].iloc[0][:-2]: event for event in read_events(load_tables(corpus).folder)}
    scored = pd.concat([score_topic(topics[topic], sides[topic], event) for topic, event in events.items()],
                       ignore_index=True)
    whole = measure_ranking(scored)
    rng = np.random.default_rng(SEED)
    groups = [group for _, group in scored.groupby("a")]
    drawn = [measure_ranking(pd.concat([groups[i] for i in rng.integers(len(groups), size=len(groups))]))
             for _ in range(N_DRAWS)]
    for name, value, draws in zip(("average precision", "recall at P .8"), whole, np.array(drawn).T, strict=True):
        low, high = np.quantile(draws, [0.025, 0.975])
        print(f"{name:18} {value:.3f} ({low:.2f}-{high:.2f})")


def write_side(topic: str, side: str, sentences: list[str]) -> str:
    """A record of the sentences of one side of a topic, a line each."""
    return json.dumps({"id": f"{topic}-{side}", "event": topic, "outlet": side, "headline": "",
                       "text": "\n".join(sentences)}) + "\n"


def score_topic(rows: list[dict[str, Any]], sides: tuple[list[str], ...], event: EventStatements) -> pd.DataFrame:
    """The score of each pair of a topic. Columns: a, b, same, score."""
    scores = match_statements(event.words, event.outlets, event.speakers).scores
    split = int((event.outlets == 0).sum())
    starts = [np.cumsum([0, *(len(sentence) + 1 for sentence in side)]) for side in sides]
    of = event.frame["start"].to_numpy()
    ours, theirs = (np.searchsorted(start, places, side="right") - 1
                    for start, places in zip(starts, (of[:split], of[split:]), strict=True))
    best = np.zeros((len(sides[0]), len(sides[1])))
    np.maximum.at(best, (ours[:, None], theirs[None, :]), lower_rivals(scores[:split, split:]))
    number = [{text: i for i, text in enumerate(side)} for side in sides]
    return pd.DataFrame([{"a": row["a"], "b": row["b"], "same": row["same"],
                          "score": best[number[0][row["a"]], number[1][row["b"]]]} for row in rows])


def measure_ranking(scored: pd.DataFrame) -> tuple[float, float]:
    """Average precision, and the highest recall at which precision is WANTED_PRECISION."""
    ordered = scored.sort_values("score", ascending=False, kind="stable")
    same = ordered["same"].to_numpy()
    hits = np.cumsum(same)
    precision, recall = hits / np.arange(1, len(same) + 1), hits / max(1, hits[-1])
    return float(precision[same].mean()), float(recall[precision >= WANTED_PRECISION].max(initial=0))


# ---- the seeds


def score_seeds(path: Path) -> dict[str, int]:
    """Counts of facts that were proposed, wrongly called sure, and found with one outlet."""
    facts = json.loads(path.read_text(encoding="utf-8"))["facts"]
    tables = load_tables()
    place_of = locate_statements(tables, facts)
    both = {fact["id"] for fact in facts if fact["relation"].startswith("shared")}
    differs = {fact["id"] for fact in facts if fact["relation"] == "shared_differs"}
    counts = {"facts in both": len(both), "told differently": len(differs),
              "facts of one outlet": len(facts) - len(both)}
    pairs, groups = tables.read("pairs"), tables.read("facts")
    hits = [(pair, place_of[pair.statement_a] & place_of[pair.statement_b]) for pair in pairs.itertuples()]
    counts["proposed"] = len(set().union(*(found & both for _, found in hits)))
    counts["sure"] = sum(pair.status == "sure" for pair, _ in hits)
    counts["sure without a coded fact"] = sum(pair.status == "sure" and not found for pair, found in hits)
    apart = [found & differs for pair, found in hits if len(pair.differs)]
    counts["told differently, found"] = len(set().union(*apart))
    lone = [place_of[fact.statement_ids[0]] for fact in groups.itertuples() if fact.relation == "one_outlet"]
    counts["no counterpart, though coded in both"] = len(set().union(*(found for found in lone if found <= both)))
    counts["facts of one outlet, found"] = len(set().union(*lone) - both)
    return counts


def locate_statements(tables: Tables, facts: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The coded facts that each statement has: half of a coded span is in it, or half of it in a coded span."""
    found: dict[str, set[str]] = {}
    for row in tables.read("statements").itertuples():
        key = SEED_ARTICLES[row.article_id.rpartition("/")[2][:3]]
        found[row.statement_id] = {fact["id"] for fact in facts for span in fact[key] if _overlaps(row, span)}
    return found


def _overlaps(row: Any, span: dict[str, Any]) -> bool:
    shared = min(row.end, span["end"]) - max(row.start, span["start"])
    return 2 * shared >= min(row.end - row.start, span["end"] - span["start"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("superpal", "seeds"))
    parser.add_argument("gold", nargs="?", type=Path, default=resource("data/gold/seeds/facts.json"))
    arguments = parser.parse_args()
    if arguments.what == "superpal":
        score_superpal(arguments.gold)
        return
    for name, value in score_seeds(arguments.gold).items():
        print(f"{name:38} {value}")


if __name__ == "__main__":
    main()
