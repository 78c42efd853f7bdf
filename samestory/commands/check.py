"""Check: what would be read of a corpus, by which reader, what is missing and what is odd, in few lines.

Everything is counted on the way, so that ten thousand files take no more room than ten; nothing is kept.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from samestory.base.schema import PROBLEM_SEVERITIES
from samestory.clean.articles import Article, clean_articles
from samestory.correct.corrections import CORRECTION_OPERATIONS
from samestory.read.corpus import Corpus
from samestory.read.formats.formats import FORMATS, name_format

# lines of outlets, of kinds of problems, of problems of a kind
MAX_OUTLET_LINES, MAX_PROBLEM_KINDS, MAX_PROBLEMS_PER_KIND = 30, 15, 3
MAX_CHECK_LINE_CHARS = 300  # characters
CHECKED_FIELDS = ("outlet", "headline", "byline", "published_at", "url")
VARYING_PARTS_PATTERN = re.compile(r"'[^']{0,200}'|[0-9][0-9,]*")  # what differs between problems of one kind
UNTRIED_FORMATS = {kind.name for kind in FORMATS if not kind.tried}


@dataclass
class Tally:
    """What was counted: articles by outlet, fields that are missing, problems by kind with the first of each."""

    outlets: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, found: Article | dict) -> None:
        """Count an article, with its problems, or a problem."""
        if isinstance(found, dict):
            self._add_problem(found)
            return
        self.outlets[found.row["outlet"]] += 1
        self.missing.update(name for name in CHECKED_FIELDS if found.row[f"{name}_from"] == "missing")
        for row in found.problems:
            self._add_problem(row)

    def _add_problem(self, row: dict) -> None:
        kind = (row["severity"], VARYING_PARTS_PATTERN.sub("…", row["reason"]))
        self.kinds[kind] += 1
        examples = self.examples.setdefault(kind, [])
        if len(examples) < MAX_PROBLEMS_PER_KIND:
            examples.append(f"{row['severity']}: {row['article_id'] or row['path']}: {row['reason']}")


def check_corpus(corpus: Corpus) -> Iterator[str]:
    """Line by line what a run would read of a corpus; safe to print whatever the articles hold.

    Parameters
    ----------
    corpus : as find_corpus() gives it
    """
    yield from map(_make_safe, _list_check_lines(corpus))


def _list_check_lines(corpus: Corpus) -> Iterator[str]:
    from tqdm import tqdm
    tally = Tally()
    for found in tqdm(clean_articles(corpus), unit=" articles", leave=False, disable=None):
        tally.add(found)
    n = tally.outlets.total()
    yield f"{corpus.name}: {len(corpus.files)} files, {n} articles of {len(tally.outlets)} outlets"
    for name, n_files in _count_formats(corpus).most_common():
        untried = ", a reader not yet tried on a real export" if name in UNTRIED_FORMATS else ""
        yield f"read as {name}: {n_files} files{untried}"
    yield from _list_outlet_lines(tally.outlets)
    yield from (f"without {name}: {tally.missing[name]} of {n}" for name in CHECKED_FIELDS if tally.missing[name])
    yield f"sidecars: {', '.join(path.name for path in corpus.sidecars) or 'none'}"
    yield from _describe_corrections_file(corpus.sidecar("corrections.csv"))
    for severity in PROBLEM_SEVERITIES:
        yield from _list_problem_lines(tally, severity)


def _describe_corrections_file(path: Path | None) -> Iterator[str]:
    """How many rows a corrections.csv has, and those whose form is wrong; whether they fit is seen by a run."""
    if path is None:
        return
    from samestory.correct.allowed import find_misfit
    from samestory.correct.corrections import read_corrections
    rows = read_corrections(path)
    reasons = [f"line {row.line}: {reason}" for row in rows if (reason := find_misfit(row))]
    operations = Counter(row.operation for row in rows if row.operation in CORRECTION_OPERATIONS)
    told = ", ".join(f"{n} {name}" for name, n in sorted(operations.items())) or "none"
    yield f"{path.name}: {len(rows)} corrections ({told}), {len(reasons)} of a form that does not fit"
    yield from (f"warning: {path.name}: {reason}" for reason in reasons[:MAX_PROBLEMS_PER_KIND])
    if len(reasons) > MAX_PROBLEMS_PER_KIND:
        yield f"warning: {len(reasons) - MAX_PROBLEMS_PER_KIND} more like the last"


def _count_formats(corpus: Corpus) -> Counter[str]:
    return Counter(map(name_format, corpus.files))


def _list_outlet_lines(outlets: Counter[str]) -> Iterator[str]:
    """The outlets by name; of very many the largest."""
    shown = sorted(outlets.most_common(MAX_OUTLET_LINES))
    yield from (f"  {outlet}: {n}" for outlet, n in shown)
    if len(outlets) > MAX_OUTLET_LINES:
        n_articles = outlets.total() - sum(n for _, n in shown)
        yield f"  {len(outlets) - MAX_OUTLET_LINES} more outlets, with {n_articles} articles"


def _list_problem_lines(tally: Tally, severity: str) -> Iterator[str]:
    kinds = [(kind, n) for kind, n in tally.kinds.items() if kind[0] == severity]
    for kind, n in kinds[:MAX_PROBLEM_KINDS]:
        yield from tally.examples[kind]
        if n > MAX_PROBLEMS_PER_KIND:
            yield f"{severity}: {n - MAX_PROBLEMS_PER_KIND} more like the last"
    if rest := kinds[MAX_PROBLEM_KINDS:]:
        yield f"{severity}: {sum(n for _, n in rest)} more, of {len(rest)} other kinds"


def _make_safe(line: str) -> str:
    """A line without what could act on a terminal, and not too long."""
    safe = "".join(char if char.isprintable() else "\ufffd" for char in line)
    return safe if len(safe) <= MAX_CHECK_LINE_CHARS else f"{safe[:MAX_CHECK_LINE_CHARS - 1]}…"
