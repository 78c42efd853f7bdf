"""Measure how well statements of two outlets are matched.

    python benchmarks/score_facts.py superpal superpal.dev.jsonl     sentence pairs, ranked by score
    python benchmarks/score_facts.py seeds [FACTS.json]              facts of the seed articles

superpal: average precision and recall at precision .8 over all sentence pairs of all topics, with 95 % intervals by a
bootstrap over summary sentences (topics are few). A topic is an event of two outlets, the summary and the articles; a
pair of sentences has the best score of their statements. seeds: facts coded by hand, by default those of data/gold.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from samestory.annotate.annotate import tabulate_parse
from samestory.annotate.parse import ParseInput
from samestory.annotate.parser import parse_article
from samestory.base.resources import resource
from samestory.clean.lines import Paragraph
from samestory.story.similarity import lower_rivals, match_statements
from samestory.story.statement_words import list_statement_words
from samestory.tables.tables import Tables, load_tables

WANTED_PRECISION, N_DRAWS, SEED = 0.8, 1000, 1
SEED_ARTICLES = {"000": "cgtn", "003": "cnn"}  # the first characters of the seeds' ids, and their keys in facts.json


# ---- SuperPAL


def score_superpal(path: Path) -> None:
    """Print average precision and recall at a precision."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    topics: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        topics[row["topic"]].append(row)
    scored = pd.concat([score_topic(topic) for topic in topics.values()], ignore_index=True)
    whole = measure_ranking(scored)
    rng = np.random.default_rng(SEED)
    groups = [group for _, group in scored.groupby("a")]
    drawn = [measure_ranking(pd.concat([groups[i] for i in rng.integers(len(groups), size=len(groups))]))
             for _ in range(N_DRAWS)]
    for name, value, draws in zip(("average precision", "recall at P .8"), whole, np.array(drawn).T, strict=True):
        low, high = np.quantile(draws, [0.025, 0.975])
        print(f"{name:18} {value:.3f} ({low:.2f}-{high:.2f})")


def score_topic(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The score of each pair of a topic. Columns: a, b, same, score."""
    sides = [list(dict.fromkeys(row[side] for row in rows)) for side in "ab"]
    read = [read_sentences(side, sentences) for side, sentences in zip("ab", sides, strict=True)]
    statements = pd.concat([one for one, _, _ in read], ignore_index=True)
    words = list_statement_words(statements, pd.concat([tokens for _, tokens, _ in read]))
    outlets = (statements["article_id"] == "b").to_numpy().astype(int)
    speakers = [speaker if isinstance(speaker, str) else None for speaker in statements["speaker"]]
    scores = match_statements(words, outlets, speakers).scores
    split = int((outlets == 0).sum())
    best = np.zeros((len(sides[0]), len(sides[1])))
    place = np.concatenate([place for _, _, place in read])
    np.maximum.at(best, (place[:split, None], place[None, split:]), lower_rivals(scores[:split, split:]))
    number = [{text: i for i, text in enumerate(side)} for side in sides]
    return pd.DataFrame([{"a": row["a"], "b": row["b"], "same": row["same"],
                          "score": best[number[0][row["a"]], number[1][row["b"]]]} for row in rows])


def read_sentences(name: str, sentences: list[str]) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """The statements and tokens of an article with a given sentence per paragraph, and each statement's sentence."""
    paragraphs, at = [], 0
    for number, sentence in enumerate(sentences):
        paragraphs.append(Paragraph(number=number, role="body", start=at, end=at + len(sentence)))
        at += len(sentence) + 1
    parse = parse_article(ParseInput(name, "\n".join(sentences), tuple(paragraphs)))
    tables = {key: table.to_pandas() for key, table in tabulate_parse(parse).items()}
    statements = tables["statements"]
    starts = [paragraph.start for paragraph in paragraphs]
    return statements, tables["tokens"], np.searchsorted(starts, statements["start"], side="right") - 1


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
