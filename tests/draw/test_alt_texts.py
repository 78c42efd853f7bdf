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
from tests.draw.test_all_figures import CASES, FEW, PLOTS, _make_tables
from tests.support.wording import says

SIDES = {"target": "CNN", "reference": "CGTN"}
IN_ORDER = {"keyness", "two_way", "shift", "effects", "lockwords", "places", "rates"}  # the table's order is theirs


def cross(column: str, value: str, counts: dict[str, dict[str, int]]) -> pd.DataFrame:
    """One row per outlet and category."""
    rows = [(outlet, name, n) for outlet, named in counts.items() for name, n in named.items()]
    return pd.DataFrame(rows, columns=["outlet", column, value])


def terms(**rows: tuple[int, int, float]) -> pd.DataFrame:
    """One row per term: both counts and the log ratio, whose interval reaches 1 to both sides."""
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


def test_articles_are_described_by_their_dates_and_who_has_most():
    times = pd.to_datetime(["2021-03-17 12:00", "2021-03-18", "2021-03-18 09:30"], utc=True, format="mixed")
    table = pd.DataFrame({"outlet": ["CNN", "CGTN", "CNN"], "published_at": times})
    assert says(describe_articles(table), "3 articles", "2 outlets", "2021-03-17 12:00", "2021-03-18 09:30 UTC",
                "CNN (2).", "CGTN: 1 article;", "CNN: 2 articles.")
    assert "at 2021-03-18 UTC" in describe_articles(table.iloc[[1, 1]])


def test_one_date_makes_no_timeline():
    times = pd.to_datetime(["2021-03-17 12:00", None], utc=True)
    said = describe_articles(pd.DataFrame({"outlet": ["CGTN", "CNN"], "published_at": times}))
    assert says(said, "no timeline", "1 of 2 articles", "(CGTN, 2021-03-17 12:00 UTC)")


def test_words_are_described_by_the_longest_and_the_shortest():
    table = pd.DataFrame({"outlet": ["A", "A", "B"], "article_id": list("xyz"), "n_words": [100, 300, 900]})
    assert says(describe_words(table), "longest in B", "900 words", "shortest in A", "200 words.")
    assert says(describe_words(table.head(1)), "median", "100 words.")
    assert says(describe_words(table.assign(n_words=5)), "median", "5 words", "every outlet.")


def test_counts_begin_with_the_most_frequent_and_its_total():
    table = cross("role", "n_lines", {"A": {"body": 60, "credit": 20}, "B": {"body": 40, "credit": 0}})
    assert says(describe_roles(table), "body", "100 of 120 lines (83 percent).",
                "body: A 60 of 80, B 40 of 40;", "credit: A 20 of 80, B 0 of 40.")


def test_a_tie_names_all_that_share_it():
    table = cross("cue_class", "n_quotations", {"A": {"neutral": 2, "accusing": 2}})
    assert says(describe_cues(table), "accusing and neutral", "2 each of 4 ")
    names = cross("name", "n_mentions", {"A": dict.fromkeys("vwxyz", 1)}).assign(label="ORG")
    assert says(describe_entities(names), "v, w, x and 2 more", "1 each of 5 ")


def test_quoted_words_are_described_by_the_highest_and_the_lowest_share_with_counts():
    table = pd.DataFrame({"outlet": ["A", "B"], "n_articles": 1, "n_words": [200, 400], "n_words_direct": [20, 100],
                          "direct_percent": [10.0, 25.0]})
    assert says(describe_quoted_words(table), "10.0 percent", "in A", "25.0 percent in B.",
                "A: 10.0 percent (20 of 200 words);", "B: 25.0 percent (100 of 400 words).")
    assert says(describe_quoted_words(table.head(1)), "10.0 percent", "A: 10.0 percent")


def test_kinds_are_described_by_shares_as_counts():
    table = cross("kind", "n_quotations", {"A": {"direct": 2, "indirect": 8}, "B": {"direct": 6, "indirect": 6}})
    assert says(describe_kinds(table), "direct:", "largest share", "6 of 12 in B", "smallest 2 of 10 in A.")
    same = cross("kind", "n_quotations", {"A": {"direct": 1, "mixed": 1}, "B": {"direct": 2, "mixed": 2}})
    assert says(describe_kinds(same), "direct: 1 of 2 in A", "2 of 4 in B.")


def test_speakers_begin_with_the_most_words_and_a_tie():
    table = pd.DataFrame({"outlet": ["A", "B"], "speaker_name": ["Ann", "Bob"], "n_quotations": [1, 2],
                          "n_words_direct": [9, 4], "n_words_indirect": [0, 5]})
    assert says(describe_speakers(table), "Bob in B (9)", "Ann in A (9)", "9 words (4 direct)", "2 quotations",
                "9 words (9 direct)", "1 quotation.")


def test_sure_terms_are_counted():
    assert says(describe_keyness(terms(china=(15, 3, 2.3), side=(4, 4, 0.0)), **SIDES),
                "in CNN: china; ", "Of 2 words", "1 has an interval", "(15 to 3, 4.9 times).")
    tested = terms(china=(15, 3, 2.3)).assign(q_bh=0.2)
    assert says(describe_keyness(tested, **SIDES), "none has a false discovery rate", ".05")
    assert says(describe_effects(terms(a=(1, 1, 0.0)), **SIDES), "1 term to compare")


def test_shift_and_lockwords_name_the_first_and_are_counted():
    shift = terms(china=(15, 3, 2.3), side=(0, 4, -2.0)).assign(percent=[6.0, 4.0])
    assert says(describe_shift(shift, **SIDES), "china adds most", "6.0 percent", "2 terms", "10 percent in all.")
    alike = terms(said=(7, 8, 0.1), china=(9, 9, 0.0)).assign(is_alike=[True, False])
    assert says(describe_lockwords(alike, **SIDES), "Of 2 terms", "interval of 1", "1.4 times", "said (7 to 8)",
                "china (9 to 9)")


def test_terms_of_one_outlet_only_are_named():
    row = {"article_id": "", "n_quoted": 0, "n_articles": 1, "of_articles": 1, "n_words": 90}
    table = pd.DataFrame([{"term": term, "outlet": outlet, "n": len(at), "at": at, "quoted": [False] * len(at), **row}
                          for term, outlet, at in (("x", "A", [5.0]), ("x", "B", []), ("y", "A", [1.0]),
                                                   ("y", "B", [2.0]))])
    assert says(describe_places(table), "Of 2 terms", "1 in one outlet", "x in A.")


def test_rates_begin_with_the_highest():
    table = pd.DataFrame([("x", "A", 4.0), ("x", "B", 1.0), ("y", "A", 0.0), ("y", "B", 2.5)],
                         columns=["term", "outlet", "per_1k"]).assign(n=1, n_articles=1, of_articles=2, n_words=1000)
    assert says(describe_rates(table), "x, 4.0 times", "in A.")
