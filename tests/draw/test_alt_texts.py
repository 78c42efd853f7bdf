"""The alt text of every figure states its finding, made from the table: with one outlet, with ties, with no rows."""

import re

import pandas as pd
import pytest

import samestory
from samestory.draw.comparison import describe_effects, describe_keyness, describe_lockwords, describe_shift
from samestory.draw.corpus import describe_articles, describe_roles, describe_words
from samestory.draw.names import describe_entities
from samestory.draw.speakers import describe_cues, describe_kinds, describe_quoted_words, describe_speakers
from samestory.draw.terms import describe_places, describe_rates
from tests.draw.test_corpus import CASES, FEW, PLOTS, _make_tables

SIDES = {"target": "CNN", "reference": "CGTN"}
IN_ORDER = {"keyness", "two_way", "shift", "effects", "lockwords", "places", "rates"}  # the table's order is theirs


def cross(column: str, value: str, counts: dict[str, dict[str, int]]) -> pd.DataFrame:
    """One row an outlet and category."""
    rows = [(outlet, name, n) for outlet, named in counts.items() for name, n in named.items()]
    return pd.DataFrame(rows, columns=["outlet", column, value])


def terms(**rows: tuple[int, int, float]) -> pd.DataFrame:
    """One row a term: both counts and the log ratio, whose interval reaches 1 to both sides."""
    table = pd.DataFrame([(name, *row) for name, row in rows.items()],
                         columns=["term", "n_target", "n_reference", "log_ratio"])
    return table.assign(low=table["log_ratio"] - 1, high=table["log_ratio"] + 1, per_1k_target=table["n_target"] * 1.0,
                        per_1k_reference=table["n_reference"] * 1.0)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("plot", PLOTS)
def test_a_finding_has_a_number_and_names_no_kind_of_chart(plot, case):
    table, options = _make_tables(*CASES[case])[plot]
    alt = getattr(samestory, f"describe_{plot}")(table, **options)
    assert re.search(r"\d", alt) or alt.startswith("There")
    assert not re.search(r"\b(chart|graph|plot|figure|image|picture)\b", alt, re.IGNORECASE)


@pytest.mark.parametrize("plot", sorted(set(PLOTS) - IN_ORDER))
def test_order_of_rows_does_not_change_a_finding(plot):
    table, options = _make_tables(FEW, ["a", "b", "c"])[plot]
    describe = getattr(samestory, f"describe_{plot}")
    assert describe(table, **options) == describe(table.iloc[::-1].reset_index(drop=True), **options)


def test_articles_tell_their_dates_and_who_has_most():
    times = pd.to_datetime(["2021-03-17 12:00", "2021-03-18", "2021-03-18 09:30"], utc=True, format="mixed")
    table = pd.DataFrame({"outlet": ["CNN", "CGTN", "CNN"], "published_at": times})
    assert describe_articles(table) == ("3 articles of 2 outlets, published from 2021-03-17 12:00 to 2021-03-18 09:30"
                                        " UTC; most are by CNN (2). CGTN: 1 article; CNN: 2 articles.")
    assert "published at 2021-03-18 UTC" in describe_articles(table.iloc[[1, 1]])


def test_one_date_is_no_timeline():
    times = pd.to_datetime(["2021-03-17 12:00", None], utc=True)
    said = describe_articles(pd.DataFrame({"outlet": ["CGTN", "CNN"], "published_at": times}))
    assert said.startswith("There is no timeline: 1 of 2 articles has a date of publication (CGTN, 2021-03-17 12:00")


def test_words_tell_the_longest_and_the_shortest():
    table = pd.DataFrame({"outlet": ["A", "A", "B"], "article_id": list("xyz"), "n_words": [100, 300, 900]})
    assert describe_words(table).startswith(
        "The median article is longest in B, 900 words, and shortest in A, 200 words.")
    assert describe_words(table.head(1)).startswith("The median article has 100 words.")
    assert describe_words(table.assign(n_words=5)).startswith("The median article has 5 words in every outlet.")


def test_counts_tell_the_most_frequent_with_its_total():
    table = cross("role", "n_lines", {"A": {"body": 60, "credit": 20}, "B": {"body": 40, "credit": 0}})
    assert describe_roles(table).startswith("Most frequent: body, 100 of 120 lines (83 percent). By outlet, of all its"
                                            " lines: body: A 60 of 80, B 40 of 40; credit: A 20 of 80, B 0 of 40.")


def test_a_tie_names_all_that_share_it():
    table = cross("cue_class", "n_quotations", {"A": {"neutral": 2, "accusing": 2}})
    assert describe_cues(table).startswith("Most frequent: accusing and neutral, 2 each of 4 quotations.")
    names = cross("name", "n_mentions", {"A": dict.fromkeys("vwxyz", 1)}).assign(label="ORG")
    assert describe_entities(names).startswith("Most frequent: v, w, x and 2 more, 1 each of 5 mentions.")


def test_quoted_words_tell_the_highest_and_the_lowest_share_with_counts():
    table = pd.DataFrame({"outlet": ["A", "B"], "n_articles": 1, "n_words": [200, 400], "n_words_direct": [20, 100],
                          "direct_percent": [10.0, 25.0]})
    assert describe_quoted_words(table) == ("Words between marks, from 10.0 percent of all in A to 25.0 percent in B."
                                            " A: 10.0 percent (20 of 200 words); B: 25.0 percent (100 of 400 words).")
    assert "Words between marks, 10.0 percent of all. A:" in describe_quoted_words(table.head(1))


def test_kinds_tell_the_shares_as_counts():
    table = cross("kind", "n_quotations", {"A": {"direct": 2, "indirect": 8}, "B": {"direct": 6, "indirect": 6}})
    assert describe_kinds(table).startswith(
        "Quotations that are direct: the largest share 6 of 12 in B, the smallest 2 of 10 in A.")
    same = cross("kind", "n_quotations", {"A": {"direct": 1, "mixed": 1}, "B": {"direct": 2, "mixed": 2}})
    assert describe_kinds(same).startswith("Quotations that are direct: 1 of 2 in A and 2 of 4 in B.")


def test_speakers_tell_who_has_most_words_and_a_tie():
    table = pd.DataFrame({"outlet": ["A", "B"], "speaker_name": ["Ann", "Bob"], "n_quotations": [1, 2],
                          "n_words_direct": [9, 4], "n_words_indirect": [0, 5]})
    assert describe_speakers(table).startswith("Most words: Bob in B, 9 words (4 direct) in 2 quotations and 1 other"
                                               " with as many. Next: Ann in A, 9 words (9 direct) in 1 quotation.")


def test_terms_tell_how_many_are_sure():
    assert describe_keyness(terms(china=(15, 3, 2.3), side=(4, 4, 0.0)), **SIDES).startswith(
        "Of 2 terms shown, 1 has an interval, within these texts, that leaves out “as often”. More often in CNN: china"
        " (15 to 3, 4.9 times).")
    assert "none has a q of .05 or less" in describe_keyness(terms(china=(15, 3, 2.3)).assign(q_bh=0.2), **SIDES)
    assert describe_effects(terms(a=(1, 1, 0.0)), **SIDES).startswith("There is 1 term to compare")


def test_shift_and_lockwords_tell_the_first_and_how_many():
    shift = terms(china=(15, 3, 2.3), side=(0, 4, -2.0)).assign(percent=[6.0, 4.0])
    assert describe_shift(shift, **SIDES).startswith(
        "china adds most to the divergence: 6.0 percent; the 2 terms shown add 10 percent in all.")
    alike = terms(said=(7, 8, 0.1), china=(9, 9, 0.0)).assign(is_alike=[True, False])
    assert describe_lockwords(alike, **SIDES).startswith(
        "Of 2 terms that both use, the interval of 1 lies within 1.4 times as often. The most nearly alike first: said")


def test_places_tell_what_stands_in_one_outlet_only():
    row = {"article_id": "", "n_quoted": 0, "n_articles": 1, "of_articles": 1, "n_words": 90}
    table = pd.DataFrame([{"term": term, "outlet": outlet, "n": len(at), "at": at, "quoted": [False] * len(at), **row}
                          for term, outlet, at in (("x", "A", [5.0]), ("x", "B", []), ("y", "A", [1.0]),
                                                   ("y", "B", [2.0]))])
    assert describe_places(table).startswith("Of 2 terms, 1 in one outlet only: x in A.")


def test_rates_tell_the_highest():
    table = pd.DataFrame([("x", "A", 4.0), ("x", "B", 1.0), ("y", "A", 0.0), ("y", "B", 2.5)],
                         columns=["term", "outlet", "per_1k"]).assign(n=1, n_articles=1, of_articles=2, n_words=1000)
    assert describe_rates(table).startswith("Highest rate: x, 4.0 times per 1,000 words in A.")
