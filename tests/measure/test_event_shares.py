"""Shares within events: what an outlet has more often than others that report the same events."""

import numpy as np
import pandas as pd
import pytest

from samestory.measure import formulas
from samestory.measure.event_shares import (
    NO_PAIR_SENTENCE,
    ONE_EVENT_SENTENCE,
    EventShares,
    choose_first_apart,
    compare_within_events,
    drop_own_names,
    keep_shared_events,
)


class Corpus:
    """What the functions read of a corpus's tables."""

    def __init__(self, rows):
        self.articles = rows.drop_duplicates("article_id").assign(counted=True)
        self.event_ids = dict(zip(self.articles["article_id"], self.articles["event_id"], strict=True))


def make_rows(cells, column="speaker_name"):
    """One row per statement, of {(event, outlet): who speaks}; an article for each event and outlet."""
    return pd.DataFrame([{"article_id": f"{outlet}/{event}", "outlet": outlet, "event_id": str(event), column: name}
                         for (event, outlet), names in cells.items() for name in names.split()])


def compare(cells, **options):
    rows = make_rows(cells)
    return compare_within_events(rows, Corpus(rows), by=["speaker_name"], **options)


def many(n, here, there):
    return {(event, outlet): names for event in range(n) for outlet, names in (("CNN", here), ("Fox News", there))}


def test_a_speaker_of_an_event_is_no_speaker_of_an_outlet():
    cells = {(0, "CNN"): "Lee Lee Lee Lee Mok", (0, "Fox News"): "Lee Lee Lee Lee Mok", (1, "CNN"): "Lee Mok",
             (2, "Fox News"): "Roe Roe Roe Roe Roe"}
    found = compare(cells, n_permutations=0).table
    assert found.empty


def test_shares_are_those_of_the_events_that_both_report():
    cells = many(2, "Lee Lee Mok", "Lee Mok Mok") | {(2, "CNN"): "Lee Lee Lee"}
    row = compare(cells).table.set_index("speaker_name").loc["Lee"]
    assert (row["outlet"], row["share"], row["share_elsewhere"], row["n_events"]) == ("CNN", "4 of 6", "2 of 6", 2)
    low, high = formulas.log_odds_mh_interval([2, 2], [1, 1], [3, 3], [3, 3])
    assert row["odds_ratio"] == pytest.approx(2 ** formulas.log_odds_mh([2, 2], [1, 1], [3, 3], [3, 3])) == 4
    assert (row["low"], row["high"]) == pytest.approx((2 ** low, 2 ** high))


def test_a_share_is_of_the_words_of_its_own_outlet():
    row = compare(many(2, "Lee Lee Mok", "Lee Mok Mok Mok")).table.set_index("speaker_name").loc["Lee"]
    assert (row["share"], row["share_elsewhere"]) == ("4 of 6", "2 of 8")


def test_who_speaks_more_elsewhere_is_of_the_other_outlet():
    found = compare(many(2, "Lee Lee Mok", "Lee Mok Mok")).table
    assert found[["outlet", "speaker_name"]].values.tolist() == [["CNN", "Lee"], ["Fox News", "Mok"]]
    assert found["odds_ratio"].tolist() == pytest.approx([4, 4]) and found["share"].tolist() == ["4 of 6", "4 of 6"]


@pytest.mark.slow
def test_each_of_several_outlets_is_compared_with_the_others():
    cells = many(6, "Lee Lee Mok", "Mok Mok Mok") | {(event, "BBC News"): "Mok Roe" for event in range(6)}
    found = compare(cells)
    assert found.table.groupby("outlet")["speaker_name"].agg(list).to_dict() == {
        "BBC News": ["Roe"], "CNN": ["Lee"], "Fox News": ["Mok"]}
    assert "3 outlets" in found.sentence and "6 to 6" in found.sentence and "left out" not in found.sentence
    assert "1 event that one outlet alone reports left out" in compare(cells | {(6, "CNN"): "Lee"}).sentence


@pytest.mark.slow
def test_of_several_outlets_small_differences_are_listed_and_untested_ones_last():
    cells = many(6, "Lee Lee Lee Mok Mok", "Lee Mok") | {(event, "BBC News"): "Lee Mok" for event in range(2)}
    found = compare(cells, n_permutations=99)
    assert "(2 to 6)" in found.sentence
    table = found.table
    assert sorted(map(tuple, table[["outlet", "speaker_name"]].to_numpy())) == [
        ("BBC News", "Mok"), ("CNN", "Lee"), ("Fox News", "Mok")]
    assert (table["odds_ratio"] < 2).all()
    assert table["q_bh"].isna().tolist() == [False, False, True] and table["outlet"].iloc[-1] == "BBC News"


@pytest.mark.parametrize(("n", "tested"), [(4, False), (5, True)])
def test_a_test_takes_five_events_however_many_statements(n, tested):
    found = compare(many(n, "Lee " * 30 + "Mok", "Lee Mok " * 15), n_permutations=99)
    assert ("q_bh" in found.table) == tested and f"{n} events" in found.sentence
    assert (choose_first_apart(found) is None) or tested


def test_what_is_of_one_event_comes_last_and_is_no_finding():
    cells = many(12, "Lee Mok Mok", "Mok Mok Mok")
    cells[0, "CNN"] = "Roe " * 40
    found = compare(cells, n_permutations=999)
    assert found.table["speaker_name"].tolist()[-1] == "Roe" and found.table["one_event"].tolist()[-1] == 1
    assert choose_first_apart(found).speaker_name in ("Lee", "Mok")


def test_an_outlets_own_name_is_left_out():
    found = compare(many(6, "CNN CNN Lee", "Fox Lee Lee"), n_permutations=99).table
    assert set(found["speaker_name"]) == {"Lee"}
    rows = pd.DataFrame({"outlet": ["Fox News", "Fox News", "CNN"], "name": ["Fox News", "Fox", "Fox News"]})
    assert drop_own_names(rows, "name")["outlet"].tolist() == ["CNN"]


def test_a_nouns_share_is_that_of_its_group():
    cells = {(event, outlet): names for event in range(6) for outlet, names in (
        ("CNN", "talks talks summit mob"), ("Fox News", "talks summit summit mob mob mob mob"))}
    rows = make_rows(cells, "label")
    rows["group"] = rows["label"].map({"mob": "people"}).fillna("meetings")
    found = compare_within_events(rows, Corpus(rows), by=["label", "group"], whole="group", n_permutations=99)
    assert found.table.set_index("label")["share"].to_dict() == {"talks": "12 of 18", "summit": "12 of 18"}
    assert "within 6 events" in found.sentence


@pytest.mark.parametrize(("cells", "sentence"), [
    ({(0, "CNN"): "Lee", (0, "Fox News"): "Lee"}, ONE_EVENT_SENTENCE),
    ({(0, "CNN"): "Lee", (1, "Fox News"): "Lee"}, NO_PAIR_SENTENCE),
    ({(0, "CNN"): "Lee", (1, "CNN"): "Lee"}, NO_PAIR_SENTENCE)])
def test_without_shared_events_nothing_is_compared(cells, sentence):
    found = compare(cells)
    assert found.sentence == sentence and found.table.empty and "odds_ratio" in found.table


def test_events_of_one_outlet_are_left_out_and_counted():
    rows = make_rows(many(2, "Lee", "Lee") | {(2, "CNN"): "Mok"})
    kept, note = keep_shared_events(rows, Corpus(rows))
    assert "Mok" not in set(kept["speaker_name"]) and "2 events" in note and "1 event " in note
    kept, note = keep_shared_events(rows, Corpus(rows[rows["event_id"] == "0"]))
    assert len(kept) == len(rows) and note == ""


@pytest.mark.slow
def test_speakers_exchanged_within_events_pass_by_chance_as_often_as_said():
    generator, passed, n = np.random.default_rng(7), 0, 0
    for _ in range(40):
        cells = {}
        for event in range(12):
            rates = generator.dirichlet([2, 2, 2])
            for outlet in ("CNN", "Fox News"):
                cells[event, outlet] = " ".join(generator.choice(["Lee", "Mok", "Roe"], 8, p=rates))
        found = compare(cells, n_permutations=199).table
        passed, n = passed + int((found["p"] <= 0.05).sum()), n + len(found)
    assert n > 100 and passed / n < 0.09


@pytest.mark.slow
def test_five_thousand_events_of_one_article_are_not_compared():
    found = compare({(event, f"outlet {event % 3}"): "Lee" for event in range(5_000)})
    assert found.sentence == NO_PAIR_SENTENCE and found.table.empty


def test_the_rest_of_the_outlets_is_counted_together():
    cells = many(6, "Lee Lee Mok", "Lee Mok Mok Mok") | {(event, "BBC News"): "Mok Mok" for event in range(3)}
    table = compare(cells, n_permutations=0).table.set_index(["outlet", "speaker_name"])
    assert table.loc["CNN", "Lee"][["share", "share_elsewhere"]].tolist() == ["12 of 18", "6 of 30"]
    assert table.loc["BBC News", "Mok"][["share", "share_elsewhere"]].tolist() == ["6 of 6", "12 of 21"]


def test_an_own_name_is_looked_for_in_the_first_column():
    rows = make_rows(many(2, "CNN CNN Lee", "Lee Lee CNN")).assign(kind="direct")
    found = compare_within_events(rows, Corpus(rows), by=["speaker_name", "kind"])
    assert found.table[["outlet", "speaker_name", "kind"]].values.tolist() == [["Fox News", "Lee", "direct"]]


@pytest.mark.parametrize(("q", "is_apart"), [(0.05, True), (0.0501, False)])
def test_what_is_apart_has_a_false_discovery_rate_of_five_percent_at_most(q, is_apart):
    found = EventShares(pd.DataFrame({"q_bh": [q], "one_event": [0.2], "speaker_name": ["Lee"]}), "")
    assert (choose_first_apart(found) is not None) is is_apart
