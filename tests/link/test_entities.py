"""Entities across articles: aliases, acronyms, links."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.base.errors import SameStoryError
from samestory.base.resources import resource
from samestory.base.schema import TABLES, make_table
from samestory.link.entities import list_possible_merges, read_aliases
from tests.support.tagged_corpus import link_mentions


def make_mentions(*rows: str) -> pa.Table:
    """Mentions from `article sentence label text[=name][!]`; `!` marks a capital that acts."""
    made = []
    for i, row in enumerate(rows):
        article, sentence, label, text = row.rstrip("!").split(" ", 3)
        text, _, name = text.partition("=")
        made.append({"mention_id": f"{article}/m{10 * i}-{10 * i + len(text)}", "article_id": article,
                     "start": 10 * i, "end": 10 * i + len(text), "text": text, "label": label,
                     "name": name or text, "rule": "metonym" if row.endswith("!") else "model",
                     "sentence": int(sentence), "in_quotation": False})
    return make_table("mentions", made)


def ids(*rows: str, aliases: Path | None = None) -> list[str]:
    return link_mentions(make_mentions(*rows), aliases)[0]["entity_id"].to_pylist()


def entities_of(*rows: str) -> pd.DataFrame:
    return link_mentions(make_mentions(*rows))[1].to_pandas()


def write_aliases(folder: Path, *lines: str, header: str = "surface,name,label") -> Path:
    path = folder / "aliases.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("row", "entity"), [
    ("a 0 GPE US", "GPE:United States"), ("a 0 GPE U.S.", "GPE:United States"),
    ("a 0 NORP American", "GPE:United States"), ("a 0 GPE us", "GPE:us"),
    ("a 0 GPE Taiwan", "GPE:Taiwan"), ("a 0 GPE Beijing", "GPE:Beijing"), ("a 0 GPE Beijing!", "GPE:China"),
    ("a 0 GPE Washington!", "GPE:United States"), ("a 0 PERSON Washington", "PERSON:Washington"),
    ("a 0 GPE Kiev", "GPE:Kyiv"), ("a 0 GPE Kiev!", "GPE:Ukraine"), ("a 0 ORG U.N.", "ORG:United Nations"),
    ("a 0 ORG State Department", "ORG:US State Department"), ("a 0 ORG Q.R.S.", "ORG:QRS"),
    ("a 0 PERSON Voss=Ada Voss", "PERSON:Ada Voss"), ("a 0 PERSON Obama", "PERSON:Barack Obama"),
    ("a 0 PERSON Obama=Michelle Obama", "PERSON:Michelle Obama"), ("a 0 ORG Obama", "ORG:Obama"),
    ("a 0 ORG BRUSSELS", "GPE:Brussels"),
])
def test_surface_leads_to_entity(row: str, entity: str) -> None:
    assert ids(row) == [entity]


def test_longest_names_join_articles_but_bare_surnames_do_not() -> None:
    found = ids("a 0 PERSON Voss=Ada Voss", "b 0 PERSON Ada Voss", "c 0 PERSON Voss")
    assert found == ["PERSON:Ada Voss", "PERSON:Ada Voss", "PERSON:Voss"]


def test_middle_name_joins_the_name_without_it_unless_there_are_two() -> None:
    for middle in ("Q.", "Barr"):
        assert ids(f"a 0 PERSON Ada {middle} Voss", "b 0 PERSON Ada Voss") == ["PERSON:Ada Voss"] * 2
    assert ids("a 0 PERSON Ada Q. Voss") == ["PERSON:Ada Q. Voss"]
    apart = ids("a 0 PERSON Ada Q. Voss", "b 0 PERSON Ada Voss", "c 0 PERSON Ada R. Voss")
    assert len(set(apart)) == 3


def test_one_name_of_several_words_has_one_label_across_articles() -> None:
    rows = ("a 0 PERSON Ada Voss", "b 0 ORG Ada Voss", "a 0 PERSON Zingo", "b 0 ORG Zingo")
    assert ids(*rows) == ["PERSON:Ada Voss", "PERSON:Ada Voss", "PERSON:Zingo", "ORG:Zingo"]


def test_acronym_gets_the_long_form_that_another_article_gives() -> None:
    forms = "a 0 ORG HBX=Harbour Board X", "b 0 ORG H.B.X.", "c 0 ORG HBX"
    assert ids(*forms) == ["ORG:Harbour Board X"] * 3


def test_acronym_with_two_long_forms_stays_alone() -> None:
    forms = "a 0 ORG HBX=Harbour Board X", "b 0 ORG HBX=Home Bank X", "c 0 ORG HBX"
    assert ids(*forms)[2] == "ORG:HBX"


def test_own_aliases_win_and_are_followed_to_the_end(tmp_path: Path) -> None:
    path = write_aliases(tmp_path, "U.S.,Union,ORG", "Voss,Ada Voss,PERSON", "Ada Voss,Ada V. Voss,PERSON")
    assert ids("a 0 GPE U.S.", "a 0 GPE Voss", "a 0 GPE US", aliases=path) == [
        "ORG:Union", "PERSON:Ada V. Voss", "GPE:United States"]


@pytest.mark.parametrize(("lines", "header", "message"), [
    (["A,B,ORG", "B,C,ORG", "C,A,ORG"], "surface,name,label", r"line 2: .*: A for B for C for A"),
    (["A,B"], "surface,name", "line 1: .*label"),
    (["A,B,ORG", "A,C,ORG"], "surface,name,label", "line 3: .*'A' .*line 2"),
    (["A,,ORG"], "surface,name,label", "line 2: name "),
    (["A,B,ORG,town"], "surface,name,label,use", "line 2: use .*'town'"),
    ([], "", "line 1: .*surface, name, label"),
])
def test_odd_aliases_are_refused_with_the_line(tmp_path: Path, lines: list[str], header: str,
                                               message: str) -> None:
    with pytest.raises(SameStoryError, match=message):
        read_aliases(write_aliases(tmp_path, *lines, header=header))


def test_aliases_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "aliases.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SameStoryError, match=r"aliases\.csv .*UTF-8"):
        read_aliases(tmp_path / "aliases.csv")


def test_our_aliases_are_in_order_and_never_fold_us() -> None:
    ours = read_aliases(resource("data/aliases.csv"))
    assert len(ours) > 1_000 and "us" not in ours and ours["US"].name == "United States"


def test_entities_have_the_declared_columns_even_without_mentions() -> None:
    _, entities, links = link_mentions(make_mentions())
    assert [c.name for c in TABLES["entities"].columns] == entities.column_names and len(entities) == 0
    assert [c.name for c in TABLES["links"].columns] == links.column_names
    assert list_possible_merges(entities.to_pandas()).empty


def test_entities_count_mentions_articles_and_forms() -> None:
    _, entities, _ = link_mentions(make_mentions("a 0 GPE US", "b 0 GPE US", "b 1 GPE U.S.", "b 1 ORG Zingo"))
    assert list(entities.to_pylist()[0].values()) == ["GPE:United States", "United States", "GPE", ["US", "U.S."], 3, 2]


def test_links_are_counted_by_sentence() -> None:
    _, _, links = link_mentions(make_mentions(
        "a 0 ORG Zingo", "a 0 GPE US", "a 0 GPE U.S.", "a 1 ORG Zingo", "b 0 GPE US", "b 0 ORG Zingo"))
    assert [list(row.values()) for row in links.to_pylist()] == [["GPE:United States", "ORG:Zingo", "sentence", 2, 2]]


def test_a_sentence_that_names_a_crowd_makes_no_links() -> None:
    assert len(link_mentions(make_mentions(*(f"a 0 ORG Firm{i}" for i in range(31))))[2]) == 0


def test_links_are_bounded() -> None:
    rows = [f"a {i // 28} ORG Firm{i}" for i in range(280)]
    assert len(link_mentions(make_mentions(*rows))[2]) == 2_000


def test_possible_merges_are_listed_with_their_reason() -> None:
    entities = entities_of(
        "a 0 PERSON Antony Voss", "b 0 PERSON Anthony Voss", "c 0 PERSON Voss", "c 0 ORG HBX",
        "a 0 ORG Harbour Board X", "b 0 ORG Harbour Board", "c 0 PERSON Uwe Barr", "b 0 PERSON Uwe Tom Barr",
        "c 0 PERSON Uwe Kai Barr")
    merges = list_possible_merges(entities)
    assert set(merges["reason"]) == {"acronym", "middle name", "part", "spelling", "surname"}


ROWS = ("a 0 GPE US", "a 2 PERSON Ada Voss", "b 1 GPE U.S.", "b 1 GPE American", "c 0 ORG Zingo")


@settings(max_examples=8, deadline=None)
@given(st.permutations(ROWS))
def test_order_of_the_mentions_does_not_matter(rows: list[str]) -> None:
    pd.testing.assert_frame_equal(entities_of(*rows), entities_of(*ROWS))
