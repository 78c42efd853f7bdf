"""How often the intervals of a coded sheet hold the truth: gold annotation is the coder, sheets are drawn many times.

    .venv/bin/python -m benchmarks.interval_coverage [GOLD] [--n 100 --n 300] [--draws 1000] [--by-outlet]
    .venv/bin/python -m benchmarks.interval_coverage --simulated 20 [--n 200] [--draws 100]

GOLD is a file of annotated quotations (data/gold/README.md); by default data/gold/wikinews/quotations.jsonl. Every
statement found and every sentence is answered by the gold once; so the truth is known, and each drawn sheet is a sample
of it. Printed are, for precision, recall and each share: the truth, what the program says, the mean of the estimates,
how often the interval holds the truth, and, where the program's bias exceeds two standard errors of the correction, how
often the corrected share is nearer to the truth.

Coverage differs from corpus to corpus, by what is rare in it. With --simulated, as many corpora are made by chance
(`benchmarks.simulated_corpora`), and what is printed is the mean of their coverage, and how it differs.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from benchmarks.accuracy.gold import GoldSet, Record, read_gold
from benchmarks.accuracy.quotation_score import find_head_word, match_quotations
from benchmarks.accuracy.tables import map_quotation, write_articles
from benchmarks.simulated_corpora import make_simulated_units
from samestory.base.resources import resource
from samestory.coding.accuracy import ALL_LABEL, measure_coded_accuracy
from samestory.coding.answers import CODING_PROBLEM_COLUMNS, Coding
from samestory.coding.contexts import list_speaker_choices
from samestory.coding.sample import draw_sample
from samestory.coding.shares import correct_shares
from samestory.coding.tasks import NOBODY_CODE, OTHER_SPEAKER_CODE, SPEAKER_TASKS, WRONG_CODE
from samestory.coding.units import list_units
from samestory.measure.speakers import NO_SPEAKER_LABEL, choose_quotations
from samestory.tables.tables import Tables, load_tables

DEFAULT_GOLD = resource("data/gold/wikinews/quotations.jsonl")
LEAST_CLEAR_ERRORS = 2  # standard errors of the correction that a clear bias exceeds
Answer = tuple[str, str, str]  # answer, speaker, in_marks


@dataclass
class Tally:
    """The draws of one figure: its estimates, and whether their interval holds the truth."""

    truth: float
    raw: float = np.nan
    values: list[float] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)

    @property
    def nearer_percent(self) -> float:
        """How often the estimate is nearer to the truth than what the program says, if that has a clear bias."""
        values, bias = np.array(self.values), abs(self.raw - self.truth)
        is_clear = bias > LEAST_CLEAR_ERRORS * values.std()  # never if there is no raw figure
        return float(100 * np.mean(np.abs(values - self.truth) < bias)) if is_clear else np.nan

    def describe(self, draws: int) -> str:
        """The tally as a line."""
        values = np.array(self.values)
        line = (f"shown {100 * len(values) / draws:5.1f} %  truth {self.truth:5.1f}  mean {values.mean():5.1f}"
                f"  error {values.std():4.1f}  holds {100 * np.mean(self.held):5.1f} %")
        if np.isnan(self.raw):
            return line
        nearer = "" if np.isnan(self.nearer_percent) else f"  clear bias: nearer {self.nearer_percent:5.1f} %"
        return f"{line}  as found {self.raw:5.1f}{nearer}"


def answer_units(gold: GoldSet, tables: Tables) -> pd.DataFrame:
    """The units of statements and sentences, each with the gold's answer; found ones that do not count are left out."""
    quotations = choose_quotations(tables)
    records = quotations.astype(object).where(quotations.notna(), None).to_dict("records")
    found: dict[str, list[Record]] = defaultdict(list)
    for row in records:
        found[row["article_id"]].append(map_quotation(row) | {"quotation_id": row["quotation_id"]})
    choices = list_speaker_choices(tables, quotations["article_id"])
    answers: dict[str, Answer] = {}
    missed: dict[str, list[tuple[int, str, str]]] = {}
    for record in gold.records:
        of_article, missed[record["id"]] = _answer_article(record, found[record["id"]], choices.get(record["id"], []))
        answers |= of_article
    units = list_units(tables)
    units = units[(units["task"] == "missed_statement") | units["target_id"].isin(answers)].reset_index(drop=True)
    counted = _place_missed(units[units["task"] == "missed_statement"], missed)
    listed = [answers[row.target_id] if row.task == "statement" else counted[row.Index] for row in units.itertuples()]
    return units.assign(**{name: [answer[i] for answer in listed]
                           for i, name in enumerate(("answer", "speaker", "in_marks"))})


def _answer_article(record: Record, found: list[Record],
                    choices: list[str]) -> tuple[dict[str, Answer], list[tuple[int, str, str]]]:
    """The gold's answers about found statements, by id; and the missed ones: place, speaker, kind."""
    outcomes, gold = match_quotations(record, found)
    answers, matched = {}, set()
    for outcome in outcomes:
        for row in outcome.found.fragments:
            if not outcome.is_right or outcome.gold is None:
                answers[row["quotation_id"]] = (WRONG_CODE, "", "")
                continue
            matched.add(id(outcome.gold.quote))
            named = row["speaker_name"] if row["speaker_name"] != NO_SPEAKER_LABEL else NOBODY_CODE
            chosen = _choose_speaker(outcome.gold.quote, choices)
            speaker = named if outcome.is_speaker_right else OTHER_SPEAKER_CODE if chosen == named else chosen
            answers[row["quotation_id"]] = ("right", speaker, outcome.gold.quote["type"])
    left = [side.quote for side in gold if id(side.quote) not in matched]
    return answers, [(min(start for start, _ in quote["content_spans"]), _choose_speaker(quote, choices),
                      quote["type"]) for quote in left]


def _choose_speaker(quote: Record, choices: list[str]) -> str:
    """The first name of the list with the head word of the gold's speaker."""
    if not quote.get("speaker_span"):
        return NOBODY_CODE
    head = find_head_word(quote.get("speaker_canonical") or quote["speaker"])
    return next((name for name in choices[2:] if find_head_word(name) == head), OTHER_SPEAKER_CODE)


def _place_missed(sentences: pd.DataFrame, missed: dict[str, list[tuple[int, str, str]]]) -> dict[int, Answer]:
    """Each sentence's answer: how many missed statements begin in it, and the first's speaker and kind."""
    answers = dict.fromkeys(sentences.index, ("0", "", ""))
    for article_id, group in sentences.sort_values("start").groupby("article_id"):
        for start, speaker, kind in sorted(missed.get(str(article_id), [])):
            place = group.index[max(0, int(np.searchsorted(group["start"], start, "right")) - 1)]
            n, first, first_kind = answers[place]
            answers[place] = (str(int(n) + 1), first or speaker, first_kind or kind)
    return answers


def code_units(units: pd.DataFrame, drawn: pd.DataFrame) -> Coding:
    """The coding of drawn units by the gold."""
    key = drawn.assign(row=[f"R{number}" for number in range(len(drawn))])
    return Coding(key.assign(coder="gold", note=""), pd.DataFrame(columns=CODING_PROBLEM_COLUMNS), key,
                  units[units["task"] == "statement"])


def list_figures(coding: Coding, *, top_n: int) -> Iterator[tuple[str, float, float, float, float]]:
    """Name, value, low, high, and what the program says, in percent, of each figure that is shown."""
    for row in measure_coded_accuracy(coding).dropna(subset="percent").itertuples():
        if row.figure in ("precision", "recall"):
            yield f"{row.figure} {row.among}", row.percent, row.at_least_percent, row.at_most_percent, np.nan
    for by in ("kind", "speaker_name"):
        for row in correct_shares(coding, by=by, top_n=top_n).dropna(subset="corrected_percent").to_dict("records"):
            yield (f"share {row[by]} {row['outlet']}", row["corrected_percent"], row["at_least_percent"],
                   row["at_most_percent"], row["found_percent"])


def measure_coverage(units: pd.DataFrame, n: int, draws: int, *, top_n: int) -> dict[str, Tally]:
    """The tallies of many sheets of `n` rows, by figure."""
    census = units.assign(stratum_size=units.groupby(["task", "stratum"])["target_id"].transform("size"))
    tallies = {name: Tally(value, raw) for name, value, _, _, raw in
               list_figures(code_units(units, census), top_n=top_n)}
    for seed in range(1, draws + 1):
        coding = code_units(units, draw_sample(units, n=n, seed=seed, subjects=["statements"]))
        for name, value, low, high, _ in list_figures(coding, top_n=top_n):
            tallies[name].values.append(value)
            tallies[name].held.append(low - 1e-9 <= tallies[name].truth <= high + 1e-9)
    return tallies


def survey_simulated_corpora(corpora: int, n: int, draws: int) -> pd.DataFrame:
    """In corpora made by chance, how often intervals hold the truth and corrected shares are nearer to it (percent)."""
    rows = []
    for seed in range(1, corpora + 1):
        units = make_simulated_units(seed).assign(outlet=ALL_LABEL)
        for name, tally in measure_coverage(units, n, draws, top_n=0).items():
            if len(tally.values) > draws / 2:
                rows.append((name, 100 * np.mean(tally.held), tally.nearer_percent))
    return pd.DataFrame(rows, columns=["figure", "holds_percent", "nearer_percent"])


def main() -> int:
    """Draw, estimate and print; the exit status is 0."""
    parser = argparse.ArgumentParser(prog="benchmarks.interval_coverage", description=__doc__.partition("\n")[0])
    parser.add_argument("gold", nargs="?", default=str(DEFAULT_GOLD))
    parser.add_argument("--n", type=int, action="append", help="rows of a sheet; repeatable; default: 100 and 200")
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--by-outlet", action="store_true", help="the figures of each outlet too")
    parser.add_argument("--top", type=int, default=5, help="speakers whose shares are corrected")
    parser.add_argument("--simulated", type=int, default=0, help="corpora made by chance, instead of gold")
    options = parser.parse_args()
    if options.simulated:
        for n in options.n or [100, 200]:
            held = survey_simulated_corpora(options.simulated, n, options.draws).groupby("figure", sort=False)
            print(f"\n{options.simulated} simulated corpora, sheets of {n} rows, {options.draws} draws")
            for name in ("holds_percent", "nearer_percent"):  # the second of shares with a clear bias
                print(f"{name}\n{held[name].describe(percentiles=[0.1, 0.9]).dropna().round(1).to_string()}")
        return 0
    (gold,) = read_gold(Path(options.gold))
    with TemporaryDirectory() as folder:
        write_articles(gold, Path(folder))
        units = answer_units(gold, load_tables(folder, most_articles=None))
    units = units[units["task"].isin(SPEAKER_TASKS)]
    units = units if options.by_outlet else units.assign(outlet=ALL_LABEL)  # strata are by outlet in either case
    for n in options.n or [100, 200]:
        print(f"\n{gold.name}: {len(gold.records)} articles, sheets of {n} rows, {options.draws} draws")
        for name, tally in measure_coverage(units, n, options.draws, top_n=options.top).items():
            if tally.values:
                print(f"  {name:32}{tally.describe(options.draws)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
