"""Check: a short report of the articles that would be read, their readers, and missing or odd data.

Articles are counted as they are read and not stored, so that ten thousand files need no more memory than ten.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from samestory.base.errors import Problem
from samestory.base.schema import PROBLEM_SEVERITIES
from samestory.base.wording import format_list, format_quantity
from samestory.clean.articles import Article, clean_articles
from samestory.clean.outlet_forms import find_lookalikes, unify_outlets
from samestory.correct.corrections import CORRECTION_OPERATIONS
from samestory.read.corpus import CORRECTIONS_FILE, Corpus
from samestory.read.formats.formats import FORMATS
from samestory.read.records import name_formats

# limits on lines for outlets, for kinds of problems, and for problems of one kind
MAX_OUTLET_LINES, MAX_PROBLEM_KINDS, MAX_PROBLEMS_PER_KIND = 30, 15, 3
MAX_FILE_LINES = 20  # of a corpus of more files, only the problems are listed by file
MAX_CHECK_LINE_CHARS = 300
CHECKED_FIELDS = ("outlet", "headline", "byline", "published_at", "url")
VARYING_PARTS_PATTERN = re.compile(r"'[^']{0,200}'|[0-9][0-9,]*")  # differ between problems of one kind
UNTRIED_FORMATS = {kind.name for kind in FORMATS if not kind.tried}


@dataclass
class FileTally:
    """Counts of one file: its articles, the fields they lack, and its problems by severity."""

    n_articles: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    def describe(self, kind: str) -> str:
        """What the file is read as, and what it gives."""
        missing = [f"{name} ({n})" for name in CHECKED_FIELDS if (n := self.missing[name])]
        has = [name for name in CHECKED_FIELDS if self.missing[name] < self.n_articles]
        told = [format_quantity(n, severity) for severity in PROBLEM_SEVERITIES if (n := self.problems[severity])]
        return "; ".join([f"read as {kind}, {format_quantity(self.n_articles, 'article')}",
                          *([f"with {', '.join(has)}"] if has else []),
                          *([f"without {', '.join(missing)}"] if missing else []), *told])


@dataclass
class Tally:
    """Counts of articles by outlet, of missing fields, and of problems by kind, with the first examples of each."""

    outlets: Counter[str] = field(default_factory=Counter)
    forms: dict[str, Counter[str]] = field(default_factory=dict)  # for each outlet its forms other than the name
    missing: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    files: dict[str, FileTally] = field(default_factory=dict)  # by path; only if they are few

    def add(self, found: Article | Problem) -> None:
        """Count an article and its problems, or a problem."""
        if isinstance(found, dict):
            self._add_problem(found)
            return
        outlet, written = found.row["outlet"], found.row["outlet_written"]
        self.outlets[outlet] += 1
        if written and written.casefold() != outlet.casefold():
            self.forms.setdefault(outlet, Counter())[written] += 1
        missing = [name for name in CHECKED_FIELDS if found.row[f"{name}_from"] == "missing"]
        self.missing.update(missing)
        if file := self._find_file(found.row["path"]):
            file.n_articles += 1
            file.missing.update(missing)
        for row in found.problems:
            self._add_problem(row)

    def join_spellings(self) -> None:
        """Count an outlet that is spelt in several ways under the name that a report shows."""
        for name, shown in unify_outlets(self.outlets).items():
            n = self.outlets.pop(name)
            self.outlets[shown] += n
            self.forms.setdefault(shown, Counter()).update(self.forms.pop(name, Counter({name: n})))

    def _find_file(self, path: str) -> FileTally | None:
        """The counts of the file that a path leads to, or into."""
        parents = [str(parent) for parent in (PurePosixPath(path), *PurePosixPath(path).parents)] if self.files else []
        unpacked = {str(PurePosixPath(name).with_suffix("")): name for name in self.files}  # 1.txt of 1.txt.gz
        names = (*parents, *(unpacked.get(name, "") for name in (path, str(PurePosixPath(path).with_suffix("")))))
        return next((self.files[name] for name in names if name in self.files), None)

    def _add_problem(self, row: Problem) -> None:
        severity, reason = str(row["severity"]), str(row["reason"])
        if file := self._find_file(str(row["path"])):
            file.problems[severity] += 1
        kind = (severity, VARYING_PARTS_PATTERN.sub("…", reason))
        self.kinds[kind] += 1
        examples = self.examples.setdefault(kind, [])
        if len(examples) < MAX_PROBLEMS_PER_KIND:
            examples.append(f"{severity}: {row['article_id'] or row['path']}: {reason}")


def check_corpus(corpus: Corpus) -> Iterator[str]:
    """The lines of the report of a corpus; safe to print whatever the articles contain.

    Parameters
    ----------
    corpus : the result of `find_corpus`
    """
    yield from map(make_line_safe, _list_check_lines(corpus))


def _list_check_lines(corpus: Corpus) -> Iterator[str]:
    from tqdm import tqdm
    tally = Tally()
    if len(corpus.files) <= MAX_FILE_LINES:
        tally.files = {corpus.relative(path): FileTally() for path in corpus.files}
    for found in tqdm(clean_articles(corpus), unit=" articles", leave=False, disable=None):
        tally.add(found)
    tally.join_spellings()
    n = tally.outlets.total()
    yield (f"{corpus.name}: {format_quantity(len(corpus.files), 'file')}, {format_quantity(n, 'article')} of"
           f" {format_quantity(len(tally.outlets), 'outlet')}")
    kinds = list(name_formats(corpus))
    for name, n_files in Counter(kinds).most_common():
        untried = ", by a reader not yet tried on a real export" if name in UNTRIED_FORMATS else ""
        yield f"read as {name}: {format_quantity(n_files, 'file')}{untried}"
    described = zip(tally.files.items(), kinds, strict=False)
    yield from (f"  {path}: {file.describe(kind)}" for (path, file), kind in described)
    yield from _list_outlet_lines(tally)
    yield from (f"without {name}: {tally.missing[name]} of {n}" for name in CHECKED_FIELDS if tally.missing[name])
    yield f"sidecars: {', '.join(path.name for path in corpus.sidecars) or 'none'}"
    yield from _describe_corrections_file(corpus.sidecar(CORRECTIONS_FILE))
    for severity in PROBLEM_SEVERITIES:
        yield from _list_problem_lines(tally, severity)


def _describe_corrections_file(path: Path | None) -> Iterator[str]:
    """The number of rows of a corrections.csv, and the malformed ones; only a run shows whether the others fit."""
    if path is None:
        return
    from samestory.correct.allowed import find_misfit
    from samestory.correct.corrections import read_corrections
    rows = read_corrections(path)
    reasons = [f"line {row.line}: {reason}" for row in rows if (reason := find_misfit(row))]
    operations = Counter(row.operation for row in rows if row.operation in CORRECTION_OPERATIONS)
    listed = ", ".join(f"{n} {name}" for name, n in sorted(operations.items())) or "none"
    yield (f"{path.name}: {format_quantity(len(rows), 'correction')} ({listed}), {len(reasons)}"
           " malformed")
    yield from (f"warning: {path.name}: {reason}" for reason in reasons[:MAX_PROBLEMS_PER_KIND])
    if len(reasons) > MAX_PROBLEMS_PER_KIND:
        yield f"warning: {len(reasons) - MAX_PROBLEMS_PER_KIND} more like the last"


def _list_outlet_lines(tally: Tally) -> Iterator[str]:
    """The outlets by name, with the other forms of their names; only the largest if there are very many."""
    outlets = tally.outlets
    shown = sorted(outlets.most_common(MAX_OUTLET_LINES))
    for outlet, n in shown:
        forms = tally.forms.get(outlet, Counter())
        listed = format_list(f"{form!r} ({n_form})" for form, n_form in forms.most_common())
        yield f"  {outlet}: {n}" + (f", written as {listed}" if forms else "")
    if len(outlets) > MAX_OUTLET_LINES:
        n_articles = outlets.total() - sum(n for _, n in shown)
        yield f"  {len(outlets) - MAX_OUTLET_LINES} more outlets, with {n_articles} articles"
    alike = [" and ".join(map(repr, group)) for group in find_lookalikes(outlets)]
    for group in alike[:MAX_PROBLEM_KINDS]:
        yield f"  look alike, kept apart: {group}; if they are one, write so into outlets.csv"


def _list_problem_lines(tally: Tally, severity: str) -> Iterator[str]:
    kinds = [(kind, n) for kind, n in tally.kinds.items() if kind[0] == severity]
    for kind, n in kinds[:MAX_PROBLEM_KINDS]:
        yield from tally.examples[kind]
        if n > MAX_PROBLEMS_PER_KIND:
            yield f"{severity}: {n - MAX_PROBLEMS_PER_KIND} more like the last"
    if rest := kinds[MAX_PROBLEM_KINDS:]:
        yield f"{severity}: {sum(n for _, n in rest)} more, of {len(rest)} other kinds"


def make_line_safe(line: str) -> str:
    """A line of limited length, without characters that could control a terminal."""
    safe = "".join(char if char.isprintable() else "\ufffd" for char in line)
    return safe if len(safe) <= MAX_CHECK_LINE_CHARS else f"{safe[:MAX_CHECK_LINE_CHARS - 1]}…"
