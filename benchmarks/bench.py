"""`make bench`: time and size of the suite, printed beside the figure asked for; it asserts nothing.

Times are wall times of the installed command in processes of their own, so that imports count. The
share of the bare parse is measured in one process, in turns, because machines are noisy.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from samestory.articles import Article, clean_articles
from samestory.clean import find_paragraphs
from samestory.corpus import find_corpus

REPEATS = 3


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
    _measure_parse(corpus)
    _measure_keyness()


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


def _measure_parse(corpus: str) -> None:
    """All tables of the articles, as a multiple of the time of spaCy's bare pipeline on the same texts."""
    from samestory.annotate import annotate_articles
    from samestory.models import load_model
    nlp = load_model()
    articles = [found for found in clean_articles(find_corpus(corpus)) if isinstance(found, Article)][:50]
    texts = ["\n\n".join(a.row["text"][p.start:p.end] for p in find_paragraphs(a.lines)) for a in articles]
    bare, ours = [], []
    for _ in range(REPEATS):
        bare.append(_time(lambda: list(nlp.pipe(texts, batch_size=8))))
        ours.append(_time(lambda: annotate_articles(articles)))
    ratio = min(ours) / min(bare)
    _show(f"annotation of {len(articles)} articles / bare nlp.pipe", f"{ratio:.2f}", "no figure yet")


def _measure_keyness() -> None:
    """In a process of its own, whose memory at its largest is that of the counts."""
    sys.stdout.flush()
    subprocess.run([sys.executable, str(Path(__file__).with_name("bench_keyness.py"))], check=True)


def _time(act) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _show(what: str, measured: str, asked: str) -> None:
    print(f"{what:<46} {measured:>9}   asked: {asked}")


if __name__ == "__main__":
    main()
