"""`make bench`: times and sizes of the suite, printed with their targets; nothing is asserted.

Times are wall times of the installed command in separate processes, so imports count.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from samestory.clean.articles import Article, clean_articles
from samestory.clean.near_duplicates import SIGNATURE_VALUES, group_signatures, sign_texts
from samestory.read.corpus import find_corpus
from samestory.read.records import read_records

REPEATS = 3
PAGES, ROWS = 50, 5_000


def main() -> None:
    """Print every figure."""
    corpus = sys.argv[1] if len(sys.argv) > 1 else "seeds"
    with TemporaryDirectory(prefix="bench-") as folder:
        os.environ["SAMESTORY_CACHE"] = str(Path(folder, "cache"))
        first = _time_run(corpus, folder)
        again = [_time_run(corpus, folder) for _ in range(REPEATS)]
        _show("samestory run, empty cache", f"{first:.1f} s", "15 s on 2 idle cores, seeds")
        _show("samestory run, nothing changed", f"{min(again):.2f} s", "2 s")
        _measure_report(Path(folder, "reports"))
        _measure_pages(Path(folder, "pages"))
        _measure_tables(Path(folder, "tables"))
    _measure_seals()
    _measure_cleaning()
    _measure_duplicates()
    _measure_events()
    _measure_scale(corpus)
    _measure_keyness()
    _measure_cluster(corpus)


def _time_run(corpus: str, folder: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "samestory", "run", corpus, "--reports", str(Path(folder, "reports"))],
                   check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _measure_report(reports: Path) -> None:
    pages = sorted(reports.glob("*/*.html"))
    for page in pages:
        html = page.read_text(encoding="utf-8")
        bare = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
        _show(f"{page.name} without figures", f"{len(bare.encode()) / 1000:.0f} KB", "60 KB")
    size = sum(path.stat().st_size for path in reports.rglob("*") if path.is_file())
    _show("whole report", f"{size / 1e6:.2f} MB", "1.5 MB for the seeds, 20 MB for 486 articles")


def _measure_events() -> None:
    """In processes of their own: the report of one event, and the index over many."""
    sys.stdout.flush()
    subprocess.run([sys.executable, str(Path(__file__).with_name("bench_events.py"))], check=True)


def _measure_scale(corpus: str) -> None:
    """In a separate process: speed and memory of annotation and counting."""
    sys.stdout.flush()
    subprocess.run([sys.executable, str(Path(__file__).with_name("bench_scale.py")), corpus], check=True)


def _measure_keyness() -> None:
    """In a separate process, so that its peak memory is that of the counting."""
    sys.stdout.flush()
    subprocess.run([sys.executable, str(Path(__file__).with_name("bench_keyness.py"))], check=True)


def _measure_cluster(corpus: str) -> None:
    """Also in a separate process: it starts workers and runs commands on many articles."""
    sys.stdout.flush()
    subprocess.run([sys.executable, str(Path(__file__).with_name("bench_cluster.py")), corpus], check=True)


def _measure_pages(folder: Path) -> None:
    """The rate of reading saved pages, relative to trafilatura's own on the same bytes and settings, alternating."""
    from trafilatura import bare_extraction
    folder.mkdir()
    page = Path(__file__).parents[1].joinpath("tests/fixtures/pages/harbour.html").read_bytes()
    links = b"".join(b'<li><a href="/%d">Section %d of the page</a></li>' % (i, i) for i in range(300))
    said = b"".join(b"<p>In its part %d the report says that the sea had risen, and the piers with it.</p>" % i
                    for i in range(25))
    page = page.replace(b"<main>", b"<ul>" + links + b"</ul><main>").replace(b"<h2>", said + b"<h2>", 1)
    pages = [page.replace(b"Tom Reilly", b"Tom Reilly the %dth" % i) for i in range(PAGES)]
    for i, one in enumerate(pages):
        folder.joinpath(f"{i}.html").write_bytes(one)
    theirs = ours = 0.0
    for _ in range(REPEATS):
        records = read_records(find_corpus(folder))
        for one in pages:  # page by page and in CPU time, as other processes disturb so short a measurement
            started = time.process_time()
            bare_extraction(one, with_metadata=True, include_comments=False)
            middle = time.process_time()
            next(records)
            theirs += middle - started
            ours += time.process_time() - middle
    _show(f"reading pages of {len(page) // 1000} KB / trafilatura's rate", f"{theirs / ours:.2f}",
          f"0.93 ({REPEATS * PAGES / ours:.0f} pages/s of CPU)")


def _measure_tables(folder: Path) -> None:
    """Articles of 3 KB read per second from JSON lines, CSV and plain text files, without cleaning."""
    folder.mkdir()
    body = "The minister said that the talks would go on, “whatever happens”. " * 45
    record = {"outlet": "CNN", "headline": "Talks go on", "published_at": "2021-03-18", "text": body}
    folder.joinpath("a.jsonl").write_text(f"{json.dumps(record, ensure_ascii=False)}\n" * ROWS, encoding="utf-8")
    row = ",".join(f'"{value}"' for value in record.values())
    folder.joinpath("a.csv").write_text(f"{','.join(record)}\n" + f"{row}\n" * ROWS, encoding="utf-8")
    folder.joinpath("texts").mkdir()
    for i in range(10 * PAGES):
        folder.joinpath("texts", f"{i}.txt").write_text(body, encoding="utf-8")
    for name in ("a.jsonl", "a.csv", "texts"):
        corpus = find_corpus(folder / name)
        seconds = min(_time(lambda corpus=corpus: list(read_records(corpus))) for _ in range(REPEATS))
        n = 10 * PAGES if name == "texts" else ROWS
        _show(f"reading {name}, articles of 3 KB", f"{n / seconds:,.0f}/s", "none yet")


def write_story(draw: random.Random) -> str:
    """An artificial article of about 3 KB: word frequencies as in news, no two articles alike."""
    common = "the of and to in a that for on with said was by from at as his has it is".split()
    words = [draw.choice(common) if draw.random() < 0.4 else f"{draw.choice('bcdfglmnprst')}word{draw.randrange(9_000)}"
             for _ in range(430)]
    sentences = [" ".join(words[i:i + 20]).capitalize() + "." for i in range(0, len(words), 20)]
    return "\n\n".join(" ".join(sentences[i:i + 2]) for i in range(0, len(sentences), 2))


def _measure_seals(n: int = 200) -> None:
    """The share of annotating `n` articles that goes into sealing folders, and into verifying them in a second run."""
    from samestory.cache import parts
    from samestory.tables import tables
    spent = {"cpu": 0.0, "wall": 0.0}
    with TemporaryDirectory(prefix="bench-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMESTORY_CACHE", str(Path(folder, "cache")))
        for module, name in product((parts, tables), ("keep_folder", "is_whole")):
            patch.setattr(module, name, _listen(getattr(module, name), spent))
        draw, texts = random.Random(3), Path(folder, "texts.jsonl")
        texts.write_text("".join(json.dumps({"id": str(i), "text": write_story(draw)}) + "\n" for i in range(n)))
        began, cpu = time.perf_counter(), time.process_time()
        tables.load_tables(texts, workers=1)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        tables.load_tables(texts, workers=1)
    _show(f"checksums of {n} articles, share of CPU to annotate them", f"{spent['cpu'] / cpu:.2%}", "3 %")
    _show("the same with waiting for the disk, share of wall time", f"{spent['wall'] / wall:.2%}", "3 %")


def _listen(work: Callable[..., object], spent: dict[str, float]) -> Callable[..., object]:
    """A function that adds its time to `spent`."""
    def timed(*given: object) -> object:
        began, cpu = time.perf_counter(), time.process_time()
        try:
            return work(*given)
        finally:
            spent["wall"] += time.perf_counter() - began
            spent["cpu"] += time.process_time() - cpu
    return timed


def _measure_cleaning(n: int = 2_000) -> None:
    """Reading and cleaning plain text files of 3 KB, with language and encoding detection, in CPU time."""
    from samestory.clean.across_articles import survey_articles
    draw = random.Random(1)
    with TemporaryDirectory(prefix="bench-") as folder:
        for i in range(n):
            path = Path(folder, f"outlet {i % 20}", f"{i}.txt")
            path.parent.mkdir(exist_ok=True)
            path.write_text(write_story(draw), encoding="utf-8")
        corpus = find_corpus(folder)
        started = time.process_time()
        read = sum(isinstance(found, Article) for found in clean_articles(corpus))
        cleaned = time.process_time() - started
        started = time.process_time()
        surveyed = sum(isinstance(found, Article) for found in survey_articles(clean_articles(corpus)))
        both = time.process_time() - started
    _show("articles read and cleaned per core-second", f"{read / cleaned:,.0f}", "300, aim 1,000, of 3 KB")
    _show("the same with near-duplicates", f"{surveyed / both:,.0f}", "none yet")


def _measure_duplicates(n: int = 100_000) -> None:
    """Signatures and groups of `n` articles of 3 KB, one in five a copy cut at the end; one process."""
    draw = random.Random(2)
    stories = [write_story(draw) for _ in range(1_000)]
    signatures, spent = np.empty((n, SIGNATURE_VALUES), np.uint32), 0.0
    for start in range(0, n, 200):  # one word in three changed makes a different article
        texts = [_change_words(draw, stories[i % 1_000]) for i in range(start, start + 200)]
        texts[::5] = [text[:-300] for text in texts[1::5]]
        began = time.perf_counter()
        signatures[start:start + 200] = sign_texts(texts)
        spent += time.perf_counter() - began
    began = time.perf_counter()
    groups = group_signatures(signatures, np.arange(n))
    grouped = time.perf_counter() - began
    copies, sizes = np.mean(groups[::5] == groups[1::5]), len(set(groups.tolist()))
    _show(f"near-duplicates among {n:,} articles", f"{spent + grouped:.0f} s", "60 s on 2 cores")
    _show("share of the copies found", f"{copies:.3f}", f"1.000, in {n - n // 5:,} groups ({sizes:,})")


def _change_words(draw: random.Random, story: str) -> str:
    return " ".join(f"other{draw.randrange(9_000)}" if draw.random() < 1 / 3 else word for word in story.split(" "))


def _time(act) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _show(what: str, measured: str, asked: str) -> None:
    print(f"{what:<46} {measured:>9}   target: {asked}")


if __name__ == "__main__":
    main()
