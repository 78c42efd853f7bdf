"""Openings on a page: headline and lead as written, and who speaks first and last."""

from types import SimpleNamespace

import pandas as pd
import pytest

from samestory.measure.openings import list_openings
from samestory.tables.tables import load_tables


def test_the_seeds_open_as_their_table_says(seeds):
    rows = list_openings(seeds).set_index("outlet")
    assert rows.loc["CNN", "first_speaker"] == "Cui Tiankai"
    assert rows.loc["CGTN", "words_before_first_quotation"] == 6
    for row in rows.itertuples():
        text = seeds.articles_by_id["text"][row.article_id]
        assert " ".join(text[row.start:].split()).startswith(row.lead)
        assert 0 < row.said_percent < 100 and row.said_percent % 1 == 0


@pytest.mark.slow
def test_an_article_in_which_nobody_speaks_has_no_speakers(folder, own_cache):
    tables = load_tables(folder({"cnn/1.txt": "It rained all day long in the old town.", "fox/1.txt": "It was dry."}))
    rows = list_openings(tables, top_n=1)
    assert rows[["outlet", "first_speaker", "last_speaker"]].to_numpy().tolist() == [["CNN", "", ""]]


def test_fifteen_articles_are_listed_in_the_order_of_outlet_and_time():
    ids = [f"a{i:02}" for i in range(17)]
    articles = pd.DataFrame({"outlet": "CNN", "text": "Rain fell .", "headline": None,
                             "published_at": pd.date_range("2020-01-01", periods=17)[::-1]}, index=ids)
    opened = pd.DataFrame({"article_id": ids, "lead_start": 0, "lead_end": 9, "first_speaker": None,
                           "last_speaker": "Ann Lee", "words_before_first_quotation": 2, "said_share": 0.125})
    rows = list_openings(SimpleNamespace(articles_by_id=articles, read={"openings": opened}.get))
    assert rows["article_id"].tolist() == ids[:1:-1]
    assert rows.iloc[0].drop("article_id").tolist() == [0, "CNN", "", "Rain fell", "", "Ann Lee", 2, 12]
