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
from samestory.link.entities import list_acronym_pairs, list_possible_merges, read_aliases
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


@pytest.mark.slow
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
    (tmp_path / "aliases.csv").write_bytes(b"\0\1\2" * 50)
    with pytest.raises(SameStoryError, match=r"aliases\.csv: .*binary.*save it as CSV"):
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
        "a 0 PERSON Antony Voss", "b 0 PERSON Tony Voss", "c 0 PERSON Voss", "c 0 ORG HBX",
        "a 0 ORG Harbour Board X", "b 0 ORG Harbour Board", "c 0 PERSON Uwe Barr", "b 0 PERSON Uwe Tom Barr",
        "c 0 PERSON Uwe Kai Barr")
    merges = list_possible_merges(entities)
    assert set(merges["reason"]) == {"acronym", "middle name", "nickname", "part", "surname"}


ROWS = ("a 0 GPE US", "a 2 PERSON Ada Voss", "b 1 GPE U.S.", "b 1 GPE American", "c 0 ORG Zingo")


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(st.permutations(ROWS))
def test_order_of_the_mentions_does_not_matter(rows: list[str]) -> None:
    pd.testing.assert_frame_equal(entities_of(*rows), entities_of(*ROWS))


def merge(*rows: tuple[str, str, int], **options: int) -> pd.DataFrame:
    """Possible merges of entities given as label, name and mentions."""
    entities = pd.DataFrame(rows, columns=["label", "name", "n_mentions"])
    return list_possible_merges(entities.assign(entity_id=entities["label"] + ":" + entities["name"]), **options)


@pytest.mark.parametrize(("label", "one", "other", "reason"), [
    ("PERSON", "Voss", "Ada Voss", "surname"), ("PERSON", "Ada", "Ada Voss", "first name"),
    ("PERSON", "Voss", "Vosse", None),
    ("PERSON", "von Voss", "Ada von Voss", "surname"), ("PERSON", "Bill Voss", "William Q. Voss", "nickname"),
    ("PERSON", "Ada Voss", "Ada Voss Jr.", "suffix"), ("PERSON", "A. Voss", "Ada Voss", "initial"),
    ("PERSON", "Ada Voss Sr.", "Ada Voss Jr.", "spelling"), ("PERSON", "Ada Voss 2", "Ada Voss 3", None),
    ("PERSON", "Ada Voss", "Ada Q. Voss", "middle name"), ("PERSON", "Ada Voss", "Ada Q. Barr", None),
    ("PERSON", "Ada Voss Barr", "Bo Ada Barr", None),
    ("ORG", "HBX", "Harbour Board X", "acronym"), ("ORG", "H.B.X.", "Harbour Board X", "acronym"),
    ("ORG", "HB", "Harbour Board of X", None), ("ORG", "HBX", "Harbour Board of X", "acronym"),
    ("ORG", "Board", "Board of X", "part"), ("ORG", "Board", "Harbour Board", "part"),
    ("ORG", "Board", "Harbour Board X", None), ("ORG", "Harbour Board", "Harbour Boards", "spelling"),
    ("ORG", "House", "White House", None), ("ORG", "House", "House Ferry Committee", None),
    ("ORG", "Harbour Board", "Harbour Board Fund", None), ("ORG", "Harbour Board", "Harbour Board of X Fund", None),
    # 17 of 20 letters and 16 of 20
    ("PERSON", "Voss abcdefghijklmno", "Voss abcdefghijklxyz", "spelling"),
    ("PERSON", "Voss abcdefghijklmno", "Voss abcdefghijkwxyz", None), ("ORG", "HBX", "HBY", None),
    ("ORG", "HBX", "H.B.X.", None), ("ORG", "HB", "Harbour Board", "acronym"),
    ("GPE", "Voss", "Ada Voss", None)])
def test_two_names_may_be_one_for_one_reason(label: str, one: str, other: str, reason: str | None) -> None:
    for names in ((one, other), (other, one)):
        assert merge(*((label, name, 1) for name in names))["reason"].tolist() == ([reason] if reason else [])


def test_names_of_two_labels_are_no_pair() -> None:
    assert merge(("PERSON", "Board Voss", 1), ("ORG", "Board Vosse", 1)).empty


def test_the_more_often_named_is_first_and_the_shorter_the_surface() -> None:
    row, = merge(("PERSON", "Voss", 9), ("PERSON", "Ada Voss", 2)).to_dict("records")
    assert (row["entity_a"], row["n_mentions_a"], row["n_mentions_b"]) == ("PERSON:Voss", 9, 2)
    assert (row["surface"], row["name"]) == ("Voss", "Ada Voss")
    row, = merge(("PERSON", "Ada Vosb", 2), ("PERSON", "Ada Vosa", 2)).to_dict("records")
    assert (row["entity_a"], row["surface"], row["name"]) == ("PERSON:Ada Vosa", "Ada Vosa", "Ada Vosb")


def test_merges_come_by_the_mentions_of_the_second_then_by_id() -> None:
    merges = merge(("PERSON", "Bo Orr", 5), ("PERSON", "Orr", 1), ("PERSON", "Ada Voss", 5), ("PERSON", "Voss", 3),
                   ("PERSON", "Al Poe", 5), ("PERSON", "Poe", 1), ("PERSON", "Cy Poe", 5))
    assert (merges["entity_a"] + "+" + merges["entity_b"]).str.replace("PERSON:", "").tolist() == [
        "Ada Voss+Voss", "Al Poe+Poe", "Bo Orr+Orr", "Cy Poe+Poe"]


@pytest.mark.parametrize(("n", "n_merges"), [(59, 59), (60, 0)])
def test_a_word_that_more_than_sixty_share_makes_no_pairs(n: int, n_merges: int) -> None:
    merges = merge(("PERSON", "Voss", 1), *(("PERSON", f"Name{i} Voss", 1) for i in range(n)))
    assert (merges["reason"] == "surname").sum() == n_merges


def test_the_most_named_are_looked_at() -> None:
    rows = [("PERSON", "Voss", 3), ("GPE", "Voss", 3), ("PERSON", "Ada Voss", 2), ("PERSON", "Bo Voss", 1)]
    assert merge(*rows, among=2)["entity_b"].tolist() == ["PERSON:Ada Voss"]
    assert merge(*rows, among=1).empty


@pytest.mark.parametrize(("text", "name"), [
    ("A.B.", "AB"), ("A.", "A."), ("A.B.C.D.E.F.G.H.I.J.", "ABCDEFGHIJ"), ("A.B.C.D.E.F.G.H.I.J.K.", None),
    ("A.b.", None), ("A.1.", None)])
def test_an_acronym_has_two_to_ten_capitals(text: str, name: str | None) -> None:
    assert ids(f"a 0 ORG {text}") == [f"ORG:{name or text}"]


@pytest.mark.parametrize(("text", "entity"), [("QUORL", "GPE:Ada"), ("QUOR", "ORG:QUOR"), ("quorl", "ORG:quorl")])
def test_a_word_in_five_capitals_may_be_a_name(tmp_path: Path, text: str, entity: str) -> None:
    path = write_aliases(tmp_path, "Quorl,Ada,gpe", "Quor,Bo,GPE")
    assert ids(f"a 0 ORG {text}", aliases=path) == [entity]


@pytest.mark.parametrize(("labels", "label"), [
    (["ORG", "ORG", "PERSON"], "ORG"), (["ORG", "PERSON"], "PERSON"), (["FAC", "LOC"], "LOC"), (["LOC", "GPE"], "GPE"),
    (["GPE", "ORG"], "ORG")])
def test_the_label_of_most_mentions_wins_then_the_order_of_labels(labels: list[str], label: str) -> None:
    found = ids(*(f"{article} 0 {each} Ada Zingo" for article, each in enumerate(labels)))
    assert found == [f"{label}:Ada Zingo"] * len(labels)
    assert ids("a 0 EVENT Ada Zingo", "b 0 ORG Ada Zingo") == ["EVENT:Ada Zingo", "ORG:Ada Zingo"]


@pytest.mark.parametrize(("n", "n_links"), [(30, 435), (31, 0)])
def test_thirty_names_in_a_sentence_are_linked_and_no_more(n: int, n_links: int) -> None:
    assert len(link_mentions(make_mentions(*(f"a 0 ORG Firm{i}" for i in range(n))))[2]) == n_links


@pytest.mark.slow
def test_a_long_chain_of_aliases_is_followed_at_once(tmp_path: Path) -> None:
    lines = [f"N{i},N{i + 1},ORG" for i in range(20_000)]
    aliases = read_aliases(write_aliases(tmp_path, *lines))
    assert {alias.name for alias in aliases.values()} == {"N20000"}


@pytest.mark.parametrize(("name", "entity"), [
    ("U.S. Congress", "ORG:US Congress"), ("Biden White House", "ORG:White House"), ("Texas Congress", None),
    ("Beijing Congress", None)])
def test_only_an_acronym_or_a_head_before_a_body_is_left_out(name: str, entity: str | None) -> None:
    assert ids(f"a 0 ORG {name}") == [entity or f"ORG:{name}"]


@pytest.mark.parametrize(("one", "other", "same"), [
    ("Department of the Interior", "Interior Department", True), ("Bank of England", "England Bank", False),
    ("Department Store Office", "Store Department Office", False)])
def test_only_an_office_is_named_after_what_follows_of(one: str, other: str, same: bool) -> None:
    assert (len(set(ids(f"a 0 ORG {one}", f"b 0 ORG {other}"))) == 1) is same


def test_an_acronym_may_leave_out_small_words() -> None:
    pairs = list_acronym_pairs(["FDA", "FADA", "NDN", "FAD", "Food and Drug Administration"])
    assert [pair[:2] for pair in pairs] == [("FDA", "Food and Drug Administration"),
                                            ("FADA", "Food and Drug Administration")]
