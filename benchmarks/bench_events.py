"""Times of reports by event: that of one event, annotation included, and the index over many, after annotation.

    python benchmarks/bench_events.py [CORPUS.jsonl]

Each record of the corpus has id, text, outlet and event; without one, 162 artificial events are told by three outlets
each. Times are wall times of the installed command in processes of their own, and the time of all cores, which other
programs on the machine change less.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

Record = dict[str, Any]
N_EVENTS, ARTICLES_PER_EVENT, SENTENCES_PER_ARTICLE = 162, 3, 30
OUTLETS = ("CNN", "Fox News", "Reuters", "The Hill", "Politico")
SENTENCES = ("{who} said on {day} that the {thing} in {place} would go on for {n} days.",
             "“We have seen the {thing} before,” {who} told reporters in {place}.",
             "The {thing} began when {n} people left {place}, according to {who}.",
             "{who} denied that anybody in {place} had planned the {thing}.")


def main() -> None:
    """Print both figures."""
    given = [line for name in sys.argv[1:2] for line in Path(name).read_text(encoding="utf-8").splitlines()]
    records = list(map(json.loads, given)) or [*make_records()]
    by_event = defaultdict(list)
    for record in records:
        by_event[record["event"]].append(record)
    one = next(group for group in by_event.values() if len(group) == ARTICLES_PER_EVENT)
    with TemporaryDirectory(prefix="bench-") as folder:
        os.environ["SAMESTORY_CACHE"] = str(Path(folder, "cache"))
        reports = str(Path(folder, "reports"))
        spent, _ = _run("run", _write_records(Path(folder, "one.jsonl"), one), "--reports", reports)
        _show("report of an event of three articles, annotated", spent, 6)
        corpus = _write_records(Path(folder, "all.jsonl"), records)
        spent, _ = _run("annotate", corpus, "--out", str(Path(folder, "tables")))
        _show(f"tables of {len(records):,} articles", spent, None)
        _, said = _run("run", corpus, "--reports", reports, "--each-event", "1", "--only", "01_corpus")
        found = re.search(r"^index .*, ([\d.]+) s$", said, re.MULTILINE)
        _show(f"index of {len(by_event):,} events, after annotation", f"{found[1]} s" if found else "no time", 60)


def make_records() -> Iterator[Record]:
    """Artificial articles of many events, with names, places and speech."""
    draw = random.Random(4)
    for event in range(N_EVENTS):
        told = {"who": [f"{first} {last}" for first in ("Ann", "Bo", "Cy") for last in (f"Lee{event}", f"Ott{event}")],
                "day": ["Monday", "Tuesday"], "thing": ["strike", "flood", "vote", "trial"], "n": range(2, 90),
                "place": [f"Port {name}{event}" for name in ("Alma", "Bell")]}
        for outlet in draw.sample(OUTLETS, ARTICLES_PER_EVENT):
            lines = [draw.choice(SENTENCES).format(**{name: draw.choice(words) for name, words in told.items()})
                     for _ in range(SENTENCES_PER_ARTICLE)]
            yield {"id": f"{outlet}/{event}", "outlet": outlet, "event": f"event {event}", "text": "\n".join(lines),
                   "headline": f"Port Alma{event} waits for news of the {draw.choice(told['thing'])}"}


def _write_records(path: Path, records: list[Record]) -> str:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return str(path)


def _run(*arguments: str) -> tuple[str, str]:
    """The wall time and the time of all cores that a command took, and its output."""
    started, before = time.perf_counter(), os.times()
    command = [sys.executable, "-m", "samestory", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    wall, after = time.perf_counter() - started, os.times()
    cores = sum(after[i] - before[i] for i in (2, 3))  # of child processes
    return f"{wall:.1f} s ({cores:.1f} s of cores)", done.stdout


def _show(what: str, measured: str, target: int | None) -> None:
    print(f"{what:<46} {measured:>9}   target: {f'{target} s on 2 idle cores' if target else 'none'}", flush=True)


if __name__ == "__main__":
    main()
