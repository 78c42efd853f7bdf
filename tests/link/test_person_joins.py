"""One person, one entity: nicknames, initials, suffixes, spellings and bare surnames across articles."""

import pyarrow as pa
import pytest

from samestory.link.name_queries import link_names, open_mentions
from samestory.link.person_joins import list_agreeing_names
from tests.link.test_entities import make_mentions


def join(*rows: str, events: dict[str, str] | None = None, titles: dict[str, str] | None = None) -> list[str]:
    """The entity of each mention, `article sentence label text[=name]`; all articles are of one event by default."""
    mentions = make_mentions(*rows)
    if titles:
        column = pa.array([titles.get(text) for text in mentions["text"].to_pylist()], pa.string())
        mentions = mentions.set_column(mentions.column_names.index("title"), "title", column)
    articles = sorted(set(mentions["article_id"].to_pylist()))
    with open_mentions(mentions.append_column("number", pa.array(range(len(mentions)))), articles) as duck:
        duck.register("story_articles", pa.table({"article_id": articles, "event": pa.array(
            ["" if events is None else events.get(article) for article in articles], pa.string())}))
        link_names(duck)
        return [row[0].partition(":")[2] for row in duck.sql("SELECT entity_id FROM linked ORDER BY number").fetchall()]


def join_persons(*names: str) -> list[str]:
    """The entities of persons, each named by an article of its own."""
    return join(*(f"{chr(97 + i)} 0 PERSON {name}" for i, name in enumerate(names)))


@pytest.mark.parametrize(("names", "shown"), [
    (("William Voss", "Bill Voss"), "William Voss"), (("William Voss", "Bill Voss", "Bill Voss"), "Bill Voss"),
    (("Tom A. Voss Jr.", "Tom Voss"), "Tom Voss"), (("Samuel J. Voss", "Sam Voss"), "Sam Voss"),
    (("J. Voss", "John Voss"), "John Voss"), (("José Voss", "Jose Voss"), "José Voss"),
    (("ADA VOSS", "Ada Voss"), "Ada Voss"), (("John Edgar Voss", "J. Edgar Voss", "J. Edgar Voss"), "John Edgar Voss"),
    (("Pat O'Dea", "Pat O’Dea", "Pat O’Dea"), "Pat O’Dea"), (("Joseph Biden", "Joe Biden"), "Joe Biden"),
    (("Mirjam Okonjo", "Miriam Okonjo", "Miriam Okonjo"), "Miriam Okonjo"),
    (("Uwe Holtzer", "Uwe Hotlzer"), "Uwe Holtzer"),
    (("Ada Voss", "Voss"), "Ada Voss"), (("Ursula von der Leyen", "Von der Leyen"), "Ursula von der Leyen")])
def test_names_of_one_person_are_one_entity(names, shown):
    assert set(join_persons(*names)) == {shown}


@pytest.mark.parametrize("names", [
    ("Ada Voss", "Uwe Voss"), ("Robert Voss", "Bob Voss", "Bobby Voss", "Bert Voss"),
    ("Tom Voss Jr.", "Tom Voss Sr.", "Tom Voss"),
    ("J. Voss", "John Voss", "James Voss"), ("Donald Trump Jr.", "Donald Trump"), ("Ada Voss", "Uwe Voss", "Voss"),
    ("Uwe W. Barr", "Uwe H.W. Barr", "Uwe Barr"), ("Ada Voss", "Ada"),
    ("Alexander Voss", "Alexandra Voss", "Alex Voss")])
def test_names_that_may_be_of_several_persons_stay_apart(names):
    assert join_persons(*names) == list(names)


def test_two_persons_of_one_article_stay_apart():
    assert join("a 0 PERSON Tom Voss Jr.", "a 1 PERSON Tom Voss") == ["Tom Voss Jr.", "Tom Voss"]
    assert join("a 0 PERSON William Voss", "a 1 PERSON Bill Voss") == ["William Voss", "Bill Voss"]


@pytest.mark.slow
def test_a_middle_name_joins_whoever_else_may_be_meant():
    assert join_persons("Tom Q. Voss", "Tom Voss", "Tom Voss", "Tim Voss") == ["Tom Voss"] * 3 + ["Tim Voss"]
    assert join("a 0 PERSON Trump", "a 1 PERSON Donald J. Trump") == ["Donald Trump"] * 2
    rows = "a 0 PERSON Donald Trump", "a 1 PERSON Donald Trump Jr.", "b 0 PERSON Donald J. Trump"
    assert join(*rows) == ["Donald Trump", "Donald Trump Jr.", "Donald Trump"]


@pytest.mark.slow
def test_nicknames_and_surnames_are_joined_within_an_event_only():
    rows = "a 0 PERSON William Voss", "b 0 PERSON Bill Voss", "c 0 PERSON Voss"
    assert set(join(*rows, events={"a": "x", "b": "x", "c": "x"})) == {"William Voss"}
    assert len(set(join(*rows, events={"a": "x", "b": "y", "c": "z"}))) == 3
    assert len(set(join(*rows, events={}))) == 3


def test_a_bare_surname_is_another_person_in_another_event():
    rows = "a 0 PERSON Ada Voss", "b 0 PERSON Voss", "c 0 PERSON Uwe Voss", "d 0 PERSON Voss"
    found = join(*rows, events={"a": "x", "b": "x", "c": "y", "d": "y"})
    assert found == ["Ada Voss", "Ada Voss", "Uwe Voss", "Uwe Voss"]


def test_a_first_word_is_a_family_name_only_after_a_form_of_address():
    rows = "a 0 PERSON Xu Baoming", "b 0 PERSON Xu"
    assert join(*rows) == ["Xu Baoming", "Xu"]
    assert join(*rows, titles={"Xu": "Mr."}) == ["Xu Baoming", "Xu Baoming"]


@pytest.mark.parametrize(("names", "shown"), [
    (("Harbour Board Group", "HBG"), "Harbour Board Group"), (("Board of Old Ships", "BOOS"), "Board of Old Ships"),
    (("Department of Fish", "Fish Department", "Fish Department"), "Fish Department"),
    (("U.S. Fish Department", "Department of Fish"), "U.S. Fish Department"),
    (("U.S. Senate", "Senate"), "US Senate"), (("ObamaCare", "Obamacare", "Obamacare"), "Obamacare"),
    (("Biden White House", "White House"), "White House"), (("Ada’s Firm", "Ada's Firm"), "Ada’s Firm"),
    (("U.S. Department of Justice", "Justice Department"), "US Department of Justice")])
def test_names_of_one_body_are_one_entity(names, shown):
    assert set(join(*(f"{chr(97 + i)} 0 ORG {name}" for i, name in enumerate(names)))) == {shown}


@pytest.mark.parametrize("names", [("Harbour Board Group", "Home Bank Group", "HBG"), ("Harbour Board", "HB"),
                                   ("U.S. Fish Court", "German Fish Court", "Fish Court"), ("White House", "House"),
                                   ("HBX", "Hbx")])
def test_bodies_that_may_be_several_stay_apart(names):
    assert join(*(f"{chr(97 + i)} 0 ORG {name}" for i, name in enumerate(names))) == list(names)


def test_a_body_without_its_place_stays_if_the_place_is_no_country():
    assert join("a 0 GPE Kelby", "b 0 ORG Kelby Senate", "c 0 ORG Senate")[1:] == ["Kelby Senate", "Senate"]


def test_an_article_explains_its_acronyms_itself():
    assert join("a 0 ORG EPA=Eel Protection Association")[0] == "Eel Protection Association"
    assert join("a 0 ORG EPA=Environmental Protection Agency")[0] == "US Environmental Protection Agency"


@pytest.mark.parametrize("names", [("Eric Voss", "Erica Voss"), ("Mara Voss", "Mary Voss"), ("Jim Homer", "Jim Homey")])
def test_names_that_begin_or_end_otherwise_are_two_persons(names):
    assert len(set(join_persons(*names))) == 2


def test_a_committee_is_that_of_the_chamber_that_an_event_names():
    rows = ["a 0 ORG Senate Ferry Committee", "b 0 ORG Ferry Committee"]
    assert set(join(*rows)) == {"Senate Ferry Committee"}
    assert len(set(join(*rows, "c 0 ORG House Ferry Committee"))) == 3


@pytest.mark.parametrize(("n", "n_pairs"), [(300, 1), (301, 0)])
def test_three_hundred_persons_of_one_surname_are_compared_and_more_by_first_name(n, n_pairs):
    others = [f"{chr(97 + i % 26) * 3}mozq{chr(97 + i // 26) * 3} Voss".title() for i in range(n - 2)]
    assert len(list(list_agreeing_names(["Bill Voss", "William Voss", *others]))) == n_pairs


def test_more_persons_of_one_surname_are_compared_by_the_first_of_several_first_names():
    others = [f"{chr(97 + i % 26) * 3}mozq{chr(97 + i // 26) * 3} Voss".title() for i in range(300)]
    pairs = list_agreeing_names(["Ada Beth Voss", "Ada Voss", "Cy Beth Voss", *others])
    assert [pair[:2] for pair in pairs] == [("Ada Beth Voss", "Ada Voss")]
