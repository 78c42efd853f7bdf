"""Explore: sentences side by side, menus that show the sentences of a choice, corrections written from them."""

import shutil

import nbformat
import pandas as pd
import pytest

from samestory.base.errors import SameStoryError
from samestory.base.resources import resource
from samestory.commands.refresh import list_committed
from samestory.correct.corrections import read_corrections
from samestory.explore import menus as explore_menus
from samestory.explore.corrections import CORRECTION_ACTIONS, correct_sentences, list_targets, write_correction
from samestory.explore.menus import (
    MAX_DEFAULT_OUTLETS,
    MAX_MENU_OPTION_CHARS,
    MAX_MENU_OPTIONS,
    WIDGET_MIME_TYPE,
    explore_sentences,
    explore_tables,
    make_live_table,
    make_options,
)
from samestory.explore.side_by_side import (
    MAX_SEARCH_CHARS,
    add_neighbours,
    choose_rows,
    describe_unshown_outlets,
    find_side_by_side,
    find_word,
    show_side_by_side,
)
from samestory.measure.names.names import find_names
from samestory.measure.speakers import choose_quotations
from samestory.report.report import list_notebooks
from samestory.show.quotations import SPEAKER_RESOLUTION_LABELS
from samestory.tables.tables import load_tables
from tests.conftest import CNN

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
STORY = ("{0}\n\nOfficial Ada Voss said on Monday that the town of Springfield would build a new bridge next year.\n\n"
         "“We need it,” Voss said. “It is late.”\n\nThe mayor of Springfield, Ben Ode, declined to comment on {0}.\n")


@pytest.fixture(scope="module")
def found(seeds):
    return choose_quotations(seeds), find_names(seeds)


@pytest.fixture
def menus(seeds):
    made = explore_sentences(seeds)
    assert made.box
    return made


@pytest.fixture(scope="module")
def copy(tmp_path_factory, own_cache):
    """The seeds in a folder of the user."""
    return shutil.copytree(resource("seeds"), tmp_path_factory.mktemp("own") / "articles")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, own_cache):
    """Articles from more outlets than are shown at once, with scripts in their texts and in a name."""
    corpus = tmp_path_factory.mktemp("hostile")
    for number in range(MAX_DEFAULT_OUTLETS + 1):
        outlet = corpus / f"<b>bold< {number}"
        outlet.mkdir()
        own = " ".join(f"word{number}x{place}" for place in range(80))  # or they would be counted as one
        (outlet / "1.txt").write_text(STORY.format(HOSTILE) + f"\nThe {own} were there.\n", encoding="utf-8")
    return corpus


@pytest.fixture
def panel(copy):
    (copy / "corrections.csv").unlink(missing_ok=True)
    menus = explore_sentences(load_tables(copy))
    made = correct_sentences(menus, str(copy))
    assert menus.box and made.box
    return made


@pytest.fixture
def somebody(monkeypatch):
    monkeypatch.setattr(explore_menus, "_is_interactive_frontend", lambda: True)


# Sentences ------------------------------------------------------------------------------------------

def test_without_a_search_every_sentence_is_listed(seeds, found):
    assert len(find_side_by_side(seeds, *found)) == len(seeds.sentences)


def test_marks_lie_in_their_sentence_and_cover_the_search(seeds, found):
    rows = find_side_by_side(seeds, *found, speaker="Cui Tiankai", entity_id="GPE:China")
    assert len(rows)
    texts = seeds.articles.set_index("article_id")["text"]
    for row in rows.itertuples():
        assert texts[row.article_id][row.start:row.start + len(row.text)] == row.text
        assert {"said", "name"} <= {mark["role"] for mark in row.marks}
        assert all(row.start <= mark["start"] < mark["end"] <= row.start + len(row.text) for mark in row.marks)


@pytest.mark.slow
def test_combined_searches_meet_in_one_sentence(seeds, found):
    asked = {"speaker": "Zhao Lijian", "entity_id": "GPE:United States", "word": "side"}
    keys = [set(find_side_by_side(seeds, *found, **{name: value})["text"]) for name, value in asked.items()]
    together = find_side_by_side(seeds, *found, **asked)
    assert set(together["text"]) == set.intersection(*keys) and len(together)


def test_all_that_was_said_is_found_and_marked(seeds, found):
    said = found[0][found[0]["speaker_name"] == "Cui Tiankai"]
    rows = find_side_by_side(seeds, *found, speaker="Cui Tiankai")
    marked = {at for marks in rows["marks"] for mark in marks if mark["role"] == "said"
              for at in range(mark["start"], mark["end"])}
    opens = seeds.sentences.loc[seeds.sentences["article_id"].eq(CNN), "start"].tolist()
    for span in said["content_spans"].explode():
        assert {at for at in opens if span["start"] <= at < span["end"]} | {span["start"], span["end"] - 1} <= marked


@pytest.mark.parametrize("word", ["U.S.", "united states", "United  States"])
def test_a_word_is_found_in_every_spelling_and_a_phrase_too(seeds, word):
    assert len(find_word(seeds, " ".join(word.split()))) == 25


@pytest.mark.slow
def test_a_phrase_is_found_where_no_spelling_is_one_word(seeds):
    assert len(find_word(seeds, "Alaska meeting")) == len(find_word(seeds, "alaska MEETING")) > 0
    assert find_word(seeds, "no such words").empty


def test_a_word_that_does_not_occur_gives_no_row_and_says_so(seeds, found):
    rows = choose_rows(find_side_by_side(seeds, *found, word="x" * 5 * MAX_SEARCH_CHARS), ["CGTN", "CNN"], 5)
    shown = show_side_by_side(seeds, rows, ["CGTN", "CNN"], caption="c")
    assert rows.empty and "n" in rows
    assert shown.html.count("no sentence in 1 ") == 2


def test_rows_are_bounded_and_counted_by_outlet(seeds, found):
    every = find_side_by_side(seeds, *found)
    rows = choose_rows(every, ["CNN"], 3)
    assert list(rows["outlet"]) == ["CNN"] * 3
    assert set(rows["n"]) == {(every["outlet"] == "CNN").sum()}


def test_each_article_comes_before_the_second_sentence_of_any():
    found = pd.DataFrame({"outlet": "A", "article_id": list("aaab"), "text": list("1234")})
    assert list(choose_rows(found, ["A"], 2)["text"]) == ["1", "4"]


def test_neighbours_are_the_sentences_before_and_after(seeds, found):
    every = find_side_by_side(seeds, *found)
    rows = add_neighbours(seeds, every)
    same = rows["article_id"].eq(rows["article_id"].shift())
    assert (rows["before"][same] == rows["text"].shift()[same]).all()
    assert (rows["before"][~same] == "").all()


def test_outlets_that_are_not_shown_are_counted():
    found = pd.DataFrame({"outlet": [f"o{i:02}" for i in range(12)] + ["b"]})
    assert describe_unshown_outlets(found, ["b"]).endswith("and 2 more outlets.")
    assert describe_unshown_outlets(found, list(found["outlet"])) == ""


# Menus ----------------------------------------------------------------------------------------------

def test_without_a_person_there_is_a_plain_table_and_no_menu(seeds):
    bundle = explore_sentences(seeds)._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/html"].count("<th ") == 2


def test_menus_begin_with_any(menus):
    assert [menus.fields[name].value for name in ("speaker", "entity_id")] == ["", ""]
    assert len(menus.found) == len(menus.tables.sentences)


@pytest.mark.slow
def test_with_a_person_menus_join_the_same_bundle(seeds, somebody):
    menus = explore_sentences(seeds)
    bundle = menus._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", WIDGET_MIME_TYPE}
    assert bundle["text/html"] == menus.output.value == explore_sentences(seeds).show().html


@pytest.mark.parametrize(("content", "is_there"), [({"allow_stdin": True}, True), ({"allow_stdin": False}, False),
                                                   ({}, False)])
def test_the_front_end_signals_whether_a_person_is_there(monkeypatch, content, is_there):
    shell = type("Shell", (), {"get_parent": lambda self: {"content": content}})()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    assert explore_menus._is_interactive_frontend() is is_there


@pytest.mark.slow
def test_a_choice_shows_its_sentences(menus):
    menus.fields["entity_id"].value = ""
    menus.fields["speaker"].value = "Zhao Lijian"
    assert "Zhao Lijian" in menus.output.value
    assert "no sentence in 1 " in menus.output.value
    menus.fields["outlets"].value = ("CGTN",)
    assert menus.output.value.count("<th ") == 1
    menus.fields["word"].value = "Alaska"
    assert all("Alaska" in text for text in menus.rows["text"])


def test_more_sentences_are_shown_until_there_are_no_more(menus):
    before = len(menus.rows)
    while not menus.more.disabled:
        menus.more.click()
    assert len(menus.rows) == len(menus.found) > before


def test_the_sentence_before_and_after_is_shown_if_wanted(menus):
    assert "ss-near\"" not in menus.output.value
    menus.fields["around"].value = True
    assert "ss-near\"" in menus.output.value


def test_shortened_menus_keep_what_is_chosen(menus):
    menus.fields["speaker"].value = "Cui Tiankai"
    shown = menus.output.value
    menus.part.value = "zhao"
    assert [value for _, value in menus.fields["speaker"].options] == ["", "Zhao Lijian", "Cui Tiankai"]
    assert menus.fields["speaker"].value == "Cui Tiankai" and menus.output.value == shown
    menus.part.value = ""
    assert len(menus.fields["speaker"].options) == len(menus.speakers) + 1


@pytest.mark.slow
def test_menus_are_bounded_in_number_and_length():
    listed = pd.DataFrame({"value": [f"v{i}" for i in range(5_000)], "label": "<b>" + "x" * 5_000, "n": 1,
                           "n_outlets": 1})
    options = make_options(listed, chosen="v4999")
    assert len(options) == MAX_MENU_OPTIONS + 2 and options[-1][1] == "v4999"
    assert max(len(label) for label, _ in options) < MAX_MENU_OPTION_CHARS + 30


@pytest.mark.slow
def test_without_a_choice_the_outlets_with_most_sentences_are_shown(hostile):
    menus = explore_sentences(load_tables(hostile))
    assert len(menus.outlets) == MAX_DEFAULT_OUTLETS
    assert "Not shown" in menus.show().html


@pytest.mark.slow
def test_hostile_text_is_escaped_wherever_it_is_shown(hostile, somebody):
    tables = load_tables(hostile)
    menus = explore_sentences(tables, per_outlet=50)
    panel, live = correct_sentences(menus, str(hostile)), explore_tables({HOSTILE: tables.articles})
    assert menus.box and panel.box and live.box
    menus.fields["entity_id"].value = ""
    panel.write.click()
    shown = [menus.output.value, panel.output.value, panel.message.value, live.output.value]
    assert "alert" in shown[0]
    for html in shown:
        assert "<script" not in html and "<img" not in html and "<b>bold" not in html


# Tables ---------------------------------------------------------------------------------------------

def test_a_table_is_plain_until_sorting_is_requested(seeds):
    live = explore_tables({"One": pd.DataFrame({"a": [1, 2]}), "Two": pd.DataFrame({"b": ["x"]})})
    assert live.box
    assert "<table" in live.output.value and not live.live.outputs
    live.menu.value = "Two"
    assert ">x<" in live.output.value
    live.sorted.value = True
    assert live.output.value == "" and len(live.live.outputs) == 2
    live.sorted.value = False
    assert not live.live.outputs


def test_a_table_that_sorts_needs_no_network_and_escapes_its_cells():
    frame = pd.DataFrame({"a_b": [HOSTILE, ["x", "y"], None], "n": [1, 2, 3]})
    program, table = make_live_table(frame, caption=HOSTILE)
    assert "https://" not in table.replace("https://itables.org", "")
    assert "import(" in program and "<script>alert" not in table and "<img src=x" not in table
    assert "&lt;script&gt;" in table and "x, y" in table


# Corrections ----------------------------------------------------------------------------------------

def test_everything_in_a_sentence_can_be_corrected(seeds, found):
    rows = find_side_by_side(seeds, *found, speaker="Zhao Lijian")
    targets = list_targets(seeds, rows)
    assert set(targets["what"]) == set(CORRECTION_ACTIONS)
    assert targets["target_id"].is_unique
    assert set(targets["target_id"]) >= set(found[0].loc[found[0]["speaker_name"] == "Zhao Lijian", "quotation_id"])


def test_a_correction_is_written_and_taken_back(panel, copy):
    panel.new.value, panel.who.value = "Ada Voss", "me"
    panel.write.click()
    (row,) = read_corrections(copy / "corrections.csv")
    assert (row.operation, row.field, row.new, row.who) == ("change", "speaker_name", "Ada Voss", "me")
    assert row.old == panel.menus.tables.quotations.set_index("quotation_id")["speaker_name"][row.target_id]
    assert "next run" in panel.message.value and "Ada Voss" in panel.output.value
    panel.undo.click()
    assert read_corrections(copy / "corrections.csv") == [] and "Taken back" in panel.message.value


def test_a_second_correction_starts_from_the_first(panel, copy):
    for name in ("Ada Voss", "Ben Ode"):
        panel.new.value = name
        panel.write.click()
    assert [row.old for row in read_corrections(copy / "corrections.csv")][1] == "Ada Voss"


@pytest.mark.slow
def test_what_the_panel_writes_fits_the_tables(panel, copy):
    for what, actions in CORRECTION_ACTIONS.items():
        panel.what.value = what
        for place, action in enumerate(actions):
            targets = [target for _, target in panel.target.options]
            panel.target.value = targets[-1 if what == "line" else place % len(targets)]  # the first line holds names
            panel.action.value = action
            panel.new.value = next(iter(panel._find_choices(action)), "2021-03-01")
            panel.write.click()
            assert "Written" in panel.message.value, panel.message.value
    corrections = load_tables(copy).read("corrections")
    assert len(corrections) == sum(map(len, CORRECTION_ACTIONS.values()))
    assert not corrections["status"].eq("unfit").any(), corrections["reason"].tolist()


def test_a_correction_shows_how_the_speaker_was_found(panel):
    quotations = panel.menus.tables.quotations.set_index("quotation_id")
    for _, target in panel.target.options:
        row = quotations.loc[target]
        panel.target.value = target
        assert SPEAKER_RESOLUTION_LABELS[row["resolution"]][1:] in panel.resolution.value
        assert row["rule"] in panel.resolution.value and f"{row['confidence']:.2f}" in panel.resolution.value
    panel.what.value = "line"
    assert "confidence" not in panel.resolution.value


def test_names_are_chosen_by_name_and_written_by_id(panel, copy):
    panel.what.value = "mention"
    label, entity_id = next(iter(panel.choices.items()))
    assert label != entity_id and panel.new.options[0] == label
    panel.new.value = label
    panel.write.click()
    (row,) = read_corrections(copy / "corrections.csv")
    assert (row.field, row.new) == ("entity_id", entity_id)


@pytest.mark.slow
def test_an_article_is_put_into_another_event(panel, copy):
    panel.what.value = "article"
    panel.action.value = next(action for action in CORRECTION_ACTIONS["article"] if action.field == "event")
    assert set(panel.choices.values()) == set(panel.menus.tables.events["event_id"])
    panel.new.value = "The other meeting"
    panel.write.click()
    tables = load_tables(copy)
    assert tables.articles.set_index("article_id").loc[panel.target.value, "event"] == "The other meeting"
    assert len(tables.events) == len(panel.menus.tables.events) + 1


@pytest.mark.slow
def test_the_panel_follows_the_menus(panel):
    panel.menus.fields["entity_id"].value = ""
    panel.menus.fields["speaker"].value = "Zhao Lijian"
    assert panel.target.options[0][0].startswith("ministry spokesperson Zhao")
    panel.menus.fields["word"].value = "nowhere"
    panel.write.click()
    assert "Not done" in panel.message.value


def test_the_seeds_are_not_corrected_in_place(seeds):
    panel = correct_sentences(explore_sentences(seeds), "seeds")
    assert panel.box
    panel.action.value = CORRECTION_ACTIONS["quotation"][1]
    panel.write.click()
    assert "Not done" in panel.message.value and "copy their folder" in panel.message.value


def test_a_correction_without_its_new_value_is_refused(seeds):
    about = {"what": "quotation", "target_id": "x", "action": CORRECTION_ACTIONS["quotation"][2]}
    with pytest.raises(SameStoryError, match="field New"):
        write_correction(seeds, "seeds", **about, new=" ")
    with pytest.raises(SameStoryError, match="direct, mixed, indirect"):
        write_correction(seeds, "seeds", **about, new="loud")


@pytest.mark.parametrize(("what", "place", "new", "match"), [
    ("mention", 0, "China", "entity_id such as"), ("article", 2, "some day", "date")])
def test_a_new_value_that_cannot_fit_is_refused_before_it_is_written(seeds, what, place, new, match):
    with pytest.raises(SameStoryError, match=match):
        write_correction(seeds, "seeds", what=what, target_id="GPE:China", action=CORRECTION_ACTIONS[what][place],
                         new=new)


# The notebook ---------------------------------------------------------------------------------------

def test_the_notebook_is_not_part_of_a_run_and_is_refreshed():
    path = resource("notebooks/explore.ipynb")
    assert path not in list_notebooks()
    assert path in list_committed()


def test_the_committed_notebook_holds_plain_tables_only():
    path = resource("notebooks/explore.ipynb")
    notebook = nbformat.read(path, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert outputs and all({"text/html", "text/plain"} <= set(output.data) for output in outputs)
    assert not any(WIDGET_MIME_TYPE in output.data for output in outputs)
    assert "widgets" not in notebook.metadata
    assert path.stat().st_size < 60_000
