"""The plan of docs/scale.md, computed from the figures of docs/scale.json: `python benchmarks/plan_scale.py`.

It prints the whole page; a test checks that docs/scale.md is its output. The figures are written by
`python benchmarks/bench_scale.py CORPUS --full --save`.
"""

import json
from pathlib import Path

FIGURES = Path(__file__).parents[1] / "docs" / "scale.json"
TIERS = ("all tables", "words alone")
SIZES = (1_000_000, 10_000_000, 100_000_000)
PART_ARTICLES, PART_CHARACTERS = 50, 250_000  # as in samestory/tables/engine.py
TABLES = 10  # files of a part: the tables of ANNOTATED_TABLES, and the seal
PAGE = """# A plan for very many articles

Computed by `python benchmarks/plan_scale.py` from the figures that `python benchmarks/bench_scale.py CORPUS --full
--save` measured on one machine ({tokens_per_article} tokens per article, {characters:.1f} characters per token).
Core-hours are those of that machine, whose two cores are the threads of one; run both on yours for your own figures.

| | {sizes} |
|---|{rules}|
{rows}

## How to do it

1. Put the articles as `.jsonl` files where all machines can read them: a folder or a URL (`s3://`, `gs://`).
2. For keywords alone, read words alone: `samestory annotate CORPUS --out DIR --model tokens`. There are then no names
   and no quotations, lemmas are refused, and counts are nearly those of a parse (the README has the figures).
3. For the rest, make a key for your team ([docs/cluster.md](cluster.md)), start `dask scheduler` on one machine and
   `dask worker tls://HOST:8786 --nthreads 1 --nworkers CORES` on each, with 700 MB per worker, and run `samestory
   annotate CORPUS --out DIR --cluster tls://HOST:8786`. A run that was stopped resumes where it was.
4. Count on one machine: `count_outlet_terms(DIR)` reads the Parquet tables with DuckDB under a memory limit and spills
   to disk.

An article of more than 1,000,000 characters is read in segments, so a worker's memory is bounded ({worker} MB with
an article of {long:g} MB). One process links names, speakers and utterances at the end, in DuckDB under a memory limit
({linked} MB for {n_linked:,} articles); only the distinct names and the pairs of utterances are held in memory. Pages
show a random sample of 10,000 articles. "Moved" counts the text sent to the client and to the workers, and the tables:
written to the cache, read from there, and written to DIR.
"""


def main() -> None:
    """Print the page."""
    print(write_page(json.loads(FIGURES.read_text(encoding="utf-8"))), end="")


def write_page(figures: dict[str, float]) -> str:
    """The page for these figures."""
    columns = [_plan(n, figures) for n in SIZES]
    rows = [f"| {name} | {' | '.join(column[name] for column in columns)} |" for name in columns[0]]
    return PAGE.format(tokens_per_article=f"{figures['tokens per article']:,}",
                       characters=figures["characters per token"],
                       sizes=" | ".join(f"{n // 1_000_000} million articles" for n in SIZES),
                       rules="|".join("---:" for _ in SIZES), rows="\n".join(rows), worker=figures["MB of a worker"],
                       long=figures["MB of the long article"], linked=figures["MB to link them"],
                       n_linked=figures["articles linked"])


def _plan(n: int, figures: dict[str, float]) -> dict[str, str]:
    """The cells for `n` articles, by row name."""
    tokens = n * figures["tokens per article"]
    read = tokens * figures["characters per token"]
    parts = n / min(PART_ARTICLES, PART_CHARACTERS / (read / n))
    counted = figures["seconds of CPU to count them"] / figures["tokens counted"]
    linked = figures["seconds of CPU to link them"] / figures["articles linked"]
    written = {tier: tokens * figures[f"bytes per token, {tier}"] for tier in TIERS}
    kept = {tier: tokens * figures[f"bytes per token in the cache, {tier}"] for tier in TIERS}
    return {
        "tokens": f"{tokens / 1e9:,.1f} billion",
        "text read": _size(read),
        "core-hours, all tables": f"{tokens / figures['tokens per second'] / 3600:,.0f}",
        "days on 100 cores": f"{tokens / figures['tokens per second'] / 3600 / 100 / 24:,.1f}",
        "core-hours, words alone": f"{tokens / figures['tokens per second, words alone'] / 3600:,.1f}",
        **{f"written to DIR, {tier}": _size(written[tier]) for tier in TIERS},
        **{f"kept in the cache, {tier}": _size(kept[tier]) for tier in TIERS},
        **{f"moved, {tier}": _size(2 * read + 2 * kept[tier] + written[tier]) for tier in TIERS},
        "parts": f"{parts:,.0f}",
        "files while annotating": f"{parts * TABLES:,.0f}",
        "core-hours to link, in one process": f"{n * linked / 3600:,.1f}",
        "core-hours to count by outlet": f"{tokens * counted / 3600:,.1f}",
    }


def _size(n: float) -> str:
    return f"{n / 1e9:,.0f} GB" if n < 1e12 else f"{n / 1e12:,.1f} TB"


if __name__ == "__main__":
    main()
