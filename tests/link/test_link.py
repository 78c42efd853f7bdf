"""Linking: speakers become entities, and get a side from the user's roster."""

import re

import pandas as pd
import pytest

from samestory.base.errors import SameStoryError
from samestory.base.schema import make_table
from samestory.base.sql import connect_duckdb
from samestory.link.link import MAX_ROSTER_NOTES, STORY_ARTICLES_QUERY, _suggest_speaker, read_roster
from samestory.link.name_queries import choose_titles, open_mentions
from samestory.tables.tables import load_tables

STORY = "Minister Ann Lee said that the talks went well. Lee said that they would go on. Critics say they failed."


def test_speakers_are_entities_where_the_article_names_them(seeds):
    speakers = seeds.quotations.dropna(subset="speaker_entity_id")
    names = seeds.entities.set_index("entity_id")["name"]
    zhao = speakers[speakers["speaker_name"].str.endswith("Zhao Lijian")]
    assert set(zhao["speaker_entity_id"].map(names)) == {"Zhao Lijian"}
    assert len(zhao) > 3


@pytest.mark.slow
def test_a_speaker_has_one_name_and_title_in_all_outlets(folder):
    title = "US Secretary of State"
    full = f"{title} Ann Lee said that the talks went well."
    root = folder({"cnn/1.txt": f"{full} {full} Lee said more would follow.",
                   "fox/1.txt": "Secretary Ann Lee said that the talks failed. Ms. Lee said that she was tired."})
    said = load_tables(root).quotations
    assert set(said["speaker_name"]) == {f"{title} Ann Lee"}
    assert set(said["speaker_title"]) == {title}
    assert len(said) == 5


@pytest.mark.slow
def test_how_to_address_somebody_is_a_title_only_without_a_first_name(folder):
    root = folder({"cnn/1.txt": "Mr. Lee said that the talks went well. Mr. Tom Ott said that they did not."})
    assert set(load_tables(root).quotations["speaker_name"]) == {"Mr. Lee", "Tom Ott"}


@pytest.mark.slow
def test_a_speaker_without_a_first_name_is_the_person_whom_another_outlet_names(folder):
    root = folder({"cnn/1.txt": "Mr. Lee said that the talks went well. Ms. Lee said that she was tired.",
                   "fox/1.txt": "Tom Lee said that the talks failed. Lee said that they would go on."})
    said = load_tables(root).quotations
    assert set(said["speaker_name"]) == {"Tom Lee"} and set(said["speaker_entity_id"]) == {"PERSON:Tom Lee"}


def test_of_titles_written_equally_often_the_earliest_is_shown():
    def write(article_id, start, title):
        return {"mention_id": f"{article_id}/m{start}-{start + 7}", "article_id": article_id, "start": start,
                "text": "Ann Lee", "name": "Ann Lee", "label": "PERSON", "title": title, "entity_id": "PERSON:Ann Lee"}

    rows = [write("b", 5, "Senator"), write("a", 1000, "Candidate"), write("a", 90, "President")]
    with open_mentions(make_table("mentions", rows), ["a", "b"]) as duck:
        assert choose_titles(duck) == {"PERSON:Ann Lee": "President"}
    with open_mentions(make_table("mentions", [*rows, write("b", 9, "Senator")]), ["a", "b"]) as duck:
        assert choose_titles(duck) == {"PERSON:Ann Lee": "Senator"}


@pytest.mark.slow
def test_sides_come_from_the_roster(folder):
    root = folder({"cnn/1.txt": STORY})
    assert load_tables(root).quotations[["speaker_side", "side_from"]].isna().all(axis=None)
    (root / "roster.csv").write_text("name,side\nAnn Lee,government\n")
    sides = load_tables(root).quotations.set_index("speaker")["speaker_side"]
    assert set(sides.dropna()) == {"government"}
    assert sides[sides.index.str.contains("Critics")].isna().all()


@pytest.mark.slow
def test_a_roster_may_give_a_name_with_its_title_and_unknown_names_are_listed(folder):
    root = folder({"cnn/1.txt": STORY, "roster.csv": "name,side,source\nMinister Ann Lee,government,CNN\n"
                                                     "Anne Lee,opposition,CNN\nBo Chan,opposition,CNN\n"})
    tables = load_tables(root)
    assert set(tables.quotations["speaker_side"].dropna()) == {"government"}
    notes = tables.problems[tables.problems["step"] == "link"]
    assert [re.findall("'(.*?)'", reason) for reason in notes["reason"]] == [["Anne Lee", "Ann Lee"], ["Bo Chan"]]
    assert set(notes["severity"]) == {"note"} and set(notes["path"]) == {"roster.csv"}


@pytest.mark.slow
def test_a_large_roster_does_not_flood_the_problems(folder):
    rows = "".join(f"Name {number},a\n" for number in range(500))
    tables = load_tables(folder({"cnn/1.txt": STORY, "roster.csv": f"name,side\n{rows}"}))
    assert tables.problems["reason"].tolist()[-1].startswith(f"{500 - MAX_ROSTER_NOTES} more")
    assert len(tables.problems) == MAX_ROSTER_NOTES + 1


@pytest.mark.parametrize(("content", "message"), [
    ("name,side\nAnn Lee,\n", r"line 2: .*'Ann Lee' .*''"),
    ("name\nAnn Lee\n", r"name and side, found name"),
    ("name,side\nAnn Lee,a\nAnn Lee,b\n", r"roster\.csv, line 3: 'Ann Lee' .*'a' .*'b'"),
])
def test_a_wrong_roster_is_refused(tmp_path, content, message):
    path = tmp_path / "roster.csv"
    path.write_text(content)
    with pytest.raises(SameStoryError, match=message):
        read_roster(path)


@pytest.mark.slow
def test_own_aliases_win(folder):
    root = folder({"cnn/1.txt": "The talks in Beijing ended. Beijing was calm."})
    (root / "aliases.csv").write_text("surface,name,label\nBeijing,The Capital,LOC\n")
    assert "The Capital" in set(load_tables(root).entities["name"])


def test_links_name_entities_of_the_table(seeds):
    links = seeds.read("links")
    assert set(pd.concat([links["entity_a"], links["entity_b"]])) <= set(seeds.entities["entity_id"])
    assert (links["entity_a"] < links["entity_b"]).all()


@pytest.mark.slow
@pytest.mark.parametrize(("n", "n_rows"), [(20, 20), (21, 21)])
def test_twenty_unknown_names_of_a_roster_have_a_note_each_and_the_others_one(folder, n, n_rows):
    rows = "".join(f"{'N' * 100}{number},a\n" for number in range(n))
    reasons = load_tables(folder({"cnn/1.txt": STORY, "roster.csv": f"name,side\n{rows}"})).problems["reason"].tolist()
    assert len(reasons) == n_rows and repr("N" * 100) in reasons[0]
    assert reasons[-1].startswith("1 more ") is (n == 21)


@pytest.mark.slow
@pytest.mark.parametrize(("roster", "said"), [("Bo Lee,a\nBob Chan,b\n", ["'Ann Lee'", None])])
def test_the_one_speaker_with_that_last_name_is_suggested(folder, roster, said):
    tables = load_tables(folder({"cnn/1.txt": STORY, "roster.csv": f"name,side\n{roster}"}))
    assert ["perhaps" in reason and "'Ann Lee'" in reason for reason in tables.problems["reason"]] == [True, False]


@pytest.mark.parametrize(("n", "days", "is_one"), [(50, 14, True), (51, 14, False), (50, 15, False)])
def test_fifty_articles_of_a_fortnight_without_events_are_one(n, days, is_one):
    with connect_duckdb() as duck:
        duck.sql(f"""CREATE OR REPLACE TABLE articles AS SELECT i AS article_id, NULL AS event,
            TIMESTAMP '2021-03-01' + INTERVAL (if(i = 0, {days}, 0)) DAY AS published_at FROM range({n}) t(i)""")
        duck.sql(STORY_ARTICLES_QUERY)
        assert duck.sql("SELECT DISTINCT event FROM story_articles").fetchall() == [("" if is_one else None,)]


def test_a_hundred_characters_of_a_suggested_name_are_shown():
    name = f"{'N' * 90} Lee".ljust(99, "e")
    for end, shown in (("x", "x"), ("xyz", "x")):
        found = _suggest_speaker(f"Bo {(name + end).split()[1]}", {name + end, "Ann Ott"})
        assert repr(name + shown) in found
