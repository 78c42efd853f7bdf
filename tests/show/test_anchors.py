"""Anchors: names of pages are safe and unique; a row of fewer values is part of one of more."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.base.errors import UnknownName
from samestory.show.anchors import digest_row, name_article
from samestory.show.sentences import show_sentences
from samestory.show.table import show_table

HOSTILE = ["../../etc/passwd", "a/b", "a b", "a-b", "CON", "con", "新闻", "", "x" * 10_000, "\ud800", '"><script>',
           "a\x00b"]
FRAME = pd.DataFrame({"article_id": ["a", None], "start": [3, 9], "outlet": ["CNN", "Fox"], "text": ["one", "two"]})


def test_names_of_pages_are_safe_and_no_two_are_alike():
    names = [name_article(article_id) for article_id in HOSTILE]
    assert all(re.fullmatch(r"[a-z0-9_-]{12,51}", name) for name in names)
    assert len(set(names)) == len(names)


@given(st.text(), st.text())
def test_two_articles_share_no_page(one, other):
    assert (name_article(one) == name_article(other)) == (one == other)


@given(st.dictionaries(st.text(), st.text(), min_size=1), st.integers(0, 5))
def test_a_subset_of_the_values_of_a_row_is_part_of_it(values, n):
    def keys(part):
        return set(digest_row(part).split())
    fewer = dict(list(values.items())[:n])
    assert keys(fewer) <= keys(values)
    assert keys(values) == keys(dict(reversed(values.items())))


def test_an_article_in_a_table_is_a_place():
    assert show_table(FRAME, caption="c").block["places"] == (0, [["a", None], None])


def test_a_cell_can_name_its_place_and_its_offsets_are_not_shown():
    shown = show_table(FRAME, caption="c", at="text")
    assert shown.block["places"] == (1, [["a", 3], None])
    assert shown.text.splitlines()[1:] == ["outlet | text", "CNN | one", "Fox | two"]


def test_the_first_of_the_columns_of_a_row_names_it():
    column, keys = show_table(FRAME, caption="c", by=["text", "outlet"]).block["keys"]
    assert column == 3 and keys[0] == digest_row({"outlet": "CNN", "text": "one"}) and len(keys) == 2


@pytest.mark.parametrize("options", [{"by": ["outlets"]}, {"at": "texts"}])
def test_a_missing_column_is_refused(options):
    with pytest.raises(UnknownName, match=r"outlets|texts"):
        show_table(FRAME, caption="c", **options)


def test_a_sentence_names_its_place():
    sentence = pd.DataFrame([{"article_id": "a", "outlet": "CNN", "text": "one", "start": 3, "marks": []}])
    assert show_sentences(sentence, caption="c").block["items"][0]["place"] == ["a", 3]
    assert show_sentences(sentence.drop(columns="start"), caption="c").block["items"][0]["place"] == ["a", None]
