"""How well events are found: B-cubed precision, recall and F1 of articles whose events are known but hidden.

    python benchmarks/score_events.py CORPUS.jsonl... [--undated] [--alone] [--wrong N]

Each record has id, text and event, and may have the fields of an article; the texts stay where they are. --undated
hides the dates, too; --alone reads each event as a corpus of its own and counts those that are found as one event;
--wrong lists the largest N events that were found wrong. The thresholds of samestory/link/article_groups.py were chosen
on one corpus (partisan: 61 stories told by two outlets) and are measured on the others.
"""

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

from samestory.link.events import choose_events
from samestory.tables.tables import Tables, load_tables

HIDDEN_FIELDS = ("event", "sentences", "spans")


def main() -> None:
    """Print one line per corpus."""
    options = _read_event_options()
    for path in options.corpora:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        hidden = (*HIDDEN_FIELDS, *(("published_at",) if options.undated else ()))
        with TemporaryDirectory(prefix="samestory-") as folder:
            copied = [{name: value for name, value in row.items() if name not in hidden} for row in rows]
            Path(folder, "hidden.jsonl").write_text("\n".join(map(json.dumps, copied)), encoding="utf-8")
            tables = load_tables(folder, most_articles=None)
            given = {row["id"]: row["event"] for row in rows}
            _print_score(path.stem, tables, given, options.wrong)
            if options.alone:
                _print_alone(tables, given)


def _read_event_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--undated", action="store_true")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--wrong", type=int, default=0)
    return parser.parse_args()


def _print_score(name: str, tables: Tables, given: Mapping[str, str], n_wrong: int) -> None:
    articles = tables.read_all("articles", ["article_id", "event_id", "counted"])
    found = dict(articles.loc[articles["counted"], ["article_id", "event_id"]].itertuples(index=False))
    precision, recall = score_b_cubed(found, given)
    print(f"{name}: {len(found)} articles, {len({given[a] for a in found})} events, {len(set(found.values()))} found;"
          f" B-cubed F1 {200 * precision * recall / (precision + recall):.1f}"
          f" (precision {100 * precision:.1f}, recall {100 * recall:.1f})")
    by_event = defaultdict(list)
    for article, event in found.items():
        by_event[event].append(article)
    mixed = [group for group in by_event.values() if len({given[a] for a in group}) > 1]
    for group in sorted(mixed, key=len, reverse=True)[:n_wrong]:
        print("  ", sorted((given[a], a) for a in group))


def score_b_cubed(found: Mapping[str, str], given: Mapping[str, str]) -> tuple[float, float]:
    """B-cubed precision and recall [1]_, means over the articles that were grouped.

    References
    ----------
    .. [1] A. Bagga, B. Baldwin (1998), Entity-based cross-document coreferencing using the vector space model.
    """
    found_sets, given_sets = defaultdict(set), defaultdict(set)
    for article, event in found.items():
        found_sets[event].add(article)
        given_sets[given[article]].add(article)
    shared = {a: len(found_sets[found[a]] & given_sets[given[a]]) for a in found}
    return (sum(n / len(found_sets[found[a]]) for a, n in shared.items()) / len(found),
            sum(n / len(given_sets[given[a]]) for a, n in shared.items()) / len(found))


def _print_alone(tables: Tables, given: Mapping[str, str]) -> None:
    """The share of events that are found whole if their articles are the whole corpus."""
    from samestory.base.sql import add_view, connect_duckdb
    articles = tables.read_all("articles")
    articles = articles[articles["counted"]]
    whole = n = 0
    with connect_duckdb() as duck:
        for name in ("articles", "mentions", "tokens"):
            add_view(duck, tables.folder, name)
        for _, group in articles.groupby(articles["article_id"].map(given)):
            n += len(group) > 1
            ids = choose_events(duck, group.reset_index(drop=True)).ids
            whole += len(group) > 1 and ids.nunique() == 1
    print(f"  each event alone: {whole} of {n} found as one event")


if __name__ == "__main__":
    main()
