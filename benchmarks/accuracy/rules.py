"""`make rules`: what each rule for quotations and names gains and loses on gold, when it alone is left out.

Each article is parsed once. A rule of quotations is left out only in articles where it was asked for, and only what
differs is scored again; so a run takes a few times as long as the parses. Names are not linked across articles here.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.accuracy.figures import Counts, Figure, Measured, measure_differences, measure_figures
from benchmarks.accuracy.gold import GoldSet, Record, UnreadableGold, parse_part, read_gold
from benchmarks.accuracy.name_score import NAME_FIGURES, count_names, match_names
from benchmarks.accuracy.quotation_score import QUOTATION_FIGURES, count_quotations, match_quotations
from benchmarks.accuracy.tables import map_quotation, write_articles
from samestory.annotate.mentions import MENTION_RULES, find_mentions
from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.parser import parse_article
from samestory.annotate.quotations import QUOTATION_RULES, find_quotations, is_speech_act
from samestory.base.errors import SameStoryError
from samestory.base.resources import resource
from samestory.clean.articles import Article, clean_articles
from samestory.clean.lines import find_paragraphs
from samestory.read.corpus import find_corpus

BATCH_ARTICLES = 20  # parsed by a process at a time
MAIN_FIGURES = {"quotations": ("overlap", "with speaker", "with full name"), "names": ("persons", "all names")}
FIGURES_OF_KIND = {"quotations": QUOTATION_FIGURES, "names": NAME_FIGURES}


@dataclass(frozen=True)
class Result:
    """What was found in one article, compared with its gold: the counts, and which items are right."""

    counts: Counts
    right: frozenset[object]


@dataclass
class Trial:
    """The results of a gold set with all rules; and without each rule, of the articles that differ then."""

    all_rules: dict[str, Result] = field(default_factory=dict)
    without: dict[str, dict[str, Result]] = field(default_factory=lambda: defaultdict(dict))


@dataclass(frozen=True)
class Contribution:
    """What one rule does: articles it changes, right items it adds and costs, and points of the main figures."""

    rule: str
    n_articles: int
    n_gained: int
    n_lost: int
    points: list[Measured]


class AskedRules(frozenset[str]):
    """The rules of quotations; `asked` has those that some place asked for."""

    asked: set[str]

    def __new__(cls) -> "AskedRules":
        """All rules, none of them asked for yet."""
        rules = super().__new__(cls, QUOTATION_RULES)
        rules.asked = set()
        return rules

    def __contains__(self, rule: object) -> bool:
        self.asked.add(str(rule))
        return super().__contains__(rule)


def parse_records(gold: GoldSet) -> Iterator[tuple[Record, Parse]]:
    """The parse of each article."""
    records = {record["id"]: record for record in gold.records}
    with TemporaryDirectory() as folder:
        write_articles(gold, Path(folder))
        for article in clean_articles(find_corpus(folder)):
            if isinstance(article, Article):
                row, paragraphs = article.row, find_paragraphs(article.lines)
                source = ParseInput(article.article_id, row["text"], paragraphs, row["outlet"])
                yield records[article.article_id], parse_article(source)


def try_rules(gold: GoldSet) -> Trial:
    """Read the articles with all rules, and without each."""
    trial = Trial()
    find_variants = _find_name_variants if gold.kind == "names" else _find_quotation_variants
    score = _score_names if gold.kind == "names" else _score_quotations
    for record, parse in parse_records(gold):
        variants = find_variants(parse)
        found = next(variants)[1]
        trial.all_rules[record["id"]] = score(record, found)
        for rule, other in variants:
            if other != found:
                trial.without[rule][record["id"]] = score(record, other)
    return trial


def cut_gold(gold: GoldSet) -> list[GoldSet]:
    """The gold set in batches."""
    return [GoldSet(gold.name, gold.kind, gold.records[first:first + BATCH_ARTICLES])
            for first in range(0, len(gold.records), BATCH_ARTICLES)]


def _score_names(record: Record, found: Sequence[Record]) -> Result:
    want, have = match_names(record, found)
    return Result(count_names(record, found), frozenset(want & have))


def _score_quotations(record: Record, found: Sequence[Record]) -> Result:
    outcomes, _ = match_quotations(record, found)
    right = (outcome.gold.words for outcome in outcomes if outcome.gold and outcome.is_speaker_right)
    return Result(count_quotations(record, found), frozenset(right))


def _find_name_variants(parse: Parse) -> Iterator[tuple[str, Sequence[Record]]]:
    """The names with all rules, then without each rule for names."""
    yield "", find_mentions(parse)
    for name, rules in _leave_out_mention_rules():
        yield f"names: {name}", find_mentions(parse, rules=rules)


def _leave_out_mention_rules() -> Iterator[tuple[str, Collection[str]]]:
    return ((name, MENTION_RULES.keys() - {name}) for name in MENTION_RULES)


def _find_quotation_variants(parse: Parse) -> Iterator[tuple[str, Sequence[Record]]]:
    """The quotations with all rules, without each rule of theirs that was asked for, and without each for names."""
    mentions, rules = find_mentions(parse), AskedRules()
    found = _find_statements(parse, mentions, rules)
    yield "", found
    for name in sorted(rules.asked):
        yield f"quotations: {name}", _find_statements(parse, mentions, QUOTATION_RULES.keys() - {name})
    for name, mention_rules in _leave_out_mention_rules():
        others = find_mentions(parse, rules=mention_rules)
        yield f"names: {name}", _find_statements(parse, others, QUOTATION_RULES) if others != mentions else found


def _find_statements(parse: Parse, mentions: list[dict[str, Any]], rules: Collection[str]) -> list[Record]:
    return [map_quotation(row) for row in find_quotations(parse, mentions, rules=rules) if not is_speech_act(row)]


def join_trials(trials: Sequence[Trial]) -> Trial:
    """The trials of batches as one."""
    joined = Trial()
    for trial in trials:
        joined.all_rules |= trial.all_rules
        for rule, results in trial.without.items():
            joined.without[rule] |= results
    return joined


def weigh_rules(trial: Trial, kind: str) -> list[Contribution]:
    """The contribution of each rule that changed an article, in order of the tables of rules."""
    order = [*(f"quotations: {name}" for name in QUOTATION_RULES), *(f"names: {name}" for name in MENTION_RULES)]
    return [_weigh(rule, trial, kind) for rule in order if rule in trial.without]


def _weigh(rule: str, trial: Trial, kind: str) -> Contribution:
    without = trial.without[rule]
    before = [without.get(name, result).counts for name, result in trial.all_rules.items()]
    after = [result.counts for result in trial.all_rules.values()]
    gained = sum(len(trial.all_rules[name].right - result.right) for name, result in without.items())
    lost = sum(len(result.right - trial.all_rules[name].right) for name, result in without.items())
    return Contribution(rule, len(without), gained, lost, measure_differences(before, after, _choose_figures(kind)))


def _choose_figures(kind: str) -> list[Figure]:
    return [figure for figure in FIGURES_OF_KIND[kind] if figure.name in MAIN_FIGURES[kind]]


def show_trial(gold: GoldSet, trial: Trial) -> None:
    """Print the figures with all rules, and a line for each rule."""
    figures = measure_figures([result.counts for result in trial.all_rules.values()], _choose_figures(gold.kind))
    print(f"\n{gold.name}: {len(gold.records)} articles, {figures[0].n_gold} {gold.kind}; with all rules",
          ", ".join(f"{figure.name} {figure.value}" for figure in figures))
    print(f"{'rule':38}{'articles':>9}{'right +':>8}{'right -':>8}",
          "".join(f"{figure.name + ' (95 % interval)':>34}" for figure in figures))
    contributions = weigh_rules(trial, gold.kind)
    for one in contributions:
        print(f"{one.rule:38}{one.n_articles:9}{one.n_gained:8}{one.n_lost:8} ", "".join(
            f"{points.value:+16.2f} ({points.low:+6.2f} to {points.high:+6.2f})" for points in one.points))
    tried = [*(f"quotations: {name}" for name in QUOTATION_RULES if gold.kind == "quotations"),
             *(f"names: {name}" for name in MENTION_RULES)]
    changed = {one.rule for one in contributions}
    print("changes nothing:", ", ".join(rule for rule in tried if rule not in changed) or "none")


def main() -> int:
    """Try the rules on each gold set."""
    parser = argparse.ArgumentParser(prog="make rules", description=__doc__)
    parser.add_argument("gold", nargs="?", default="", help="a folder of gold, or one file; data/gold if empty")
    parser.add_argument("--part", type=parse_part, help="'1/3' for a third of the articles, 'not 0/3' for the others")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.processes) as pool:
        for gold in read_gold(Path(options.gold or resource("data/gold")), options.part):
            show_trial(gold, join_trials(list(pool.map(try_rules, cut_gold(gold)))))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (UnreadableGold, SameStoryError) as problem:
        sys.exit(f"cannot measure: {problem}")
