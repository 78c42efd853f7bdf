"""Pages of very many articles show a random sample, and say so; whole events, with their rows of all tables."""

import json
import shutil

import pandas as pd
import pytest

from samestory.base.errors import UnknownName
from samestory.correct.corrections import add_correction
from samestory.measure.corrected import compare_corrected
from samestory.report.method import list_more_limits
from samestory.tables.sample import describe_sample, sample_folder
from samestory.tables.tables import Tables, load_tables, write_tables

STORY = "The minister, Ann Lee, met Bo Chan in {0}. Lee said that the talks about {0} went well. {1}"
PLACES = "Ottawa Berlin Lima Oslo Quito Seoul Tunis Vienna Warsaw Zagreb".split()


@pytest.fixture(scope="module")
def root(tmp_path_factory, own_cache):
    """Ten events reported by two outlets."""
    folder = tmp_path_factory.mktemp("events")
    rows = [{"id": f"{outlet}{n}", "outlet": outlet, "event": f"e{n}", "title": f"Talks in {place}",
             "text": STORY.format(place, outlet * (n + 1))}
            for n, place in enumerate(PLACES) for outlet in ("cnn", "fox")]
    (folder / "all.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def make_story(n):
    """A story that shares too few words with others to be a duplicate."""
    return STORY.format("Lima", " ".join(f"w{n}x{i}" for i in range(60)))


@pytest.fixture(scope="module")
def uneven(tmp_path_factory, own_cache):
    """A corpus of twenty articles of one outlet and one of each of two others."""
    folder = tmp_path_factory.mktemp("uneven")
    rows = [{"id": f"a{n}", "outlet": outlet, "text": make_story(n)}
            for n, outlet in enumerate(["CNN"] * 20 + ["Fox News", "O'Neill"])]
    (folder / "all.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


@pytest.fixture(scope="module")
def whole(root):
    """Their tables."""
    return load_tables(root)


def draw(whole, most):
    return Tables(sample_folder(whole.folder, most))


@pytest.mark.slow
def test_few_articles_are_all_shown(whole):
    assert sample_folder(whole.folder, 20) == whole.folder
    assert describe_sample(whole.folder) == ""


@pytest.mark.slow
def test_a_sample_of_many_articles_is_bounded_and_always_the_same(whole):
    drawn = draw(whole, 7)
    assert 0 < len(drawn.counted_ids) <= 7 < len(whole.counted_ids)
    assert drawn.counted_ids == draw(whole, 7).counted_ids != draw(whole, 9).counted_ids


@pytest.mark.slow
def test_events_are_drawn_whole(whole, monkeypatch):
    monkeypatch.setattr("samestory.tables.sample.MAX_EVENT_SAMPLE_SHARE", 0.5)
    drawn = draw(whole, 8)
    assert set(drawn.articles["event"].value_counts()) == {2} and len(drawn.articles) == 8


@pytest.mark.slow
def test_every_table_covers_the_drawn_articles(whole):
    drawn = draw(whole, 5)
    for name in ("articles", "lines", "sentences", "tokens", "mentions", "quotations", "counts"):
        rows, every = drawn.read_all(name), whole.read_all(name)
        expected = every[every["article_id"].isin(drawn.article_ids)].reset_index(drop=True)
        assert len(rows) > 0
        pd.testing.assert_frame_equal(rows, expected)
    assert set(drawn.mentions["entity_id"]) == set(drawn.entities["entity_id"])
    counted = drawn.mentions["entity_id"].value_counts()
    assert drawn.entities.set_index("entity_id")["n_mentions"].to_dict() == counted.to_dict()
    pairs = drawn.read_all("utterances")[["quotation_a", "quotation_b"]]
    assert set(pairs.to_numpy().ravel()) <= set(drawn.quotations["quotation_id"])


@pytest.mark.slow
def test_pages_and_problems_say_that_a_sample_is_shown(whole):
    drawn = draw(whole, 6)
    numbers = f"{len(drawn.counted_ids)} of 20 "
    assert list_more_limits(drawn)[0].startswith(numbers)
    (row,) = drawn.problems[drawn.problems["reason"].str.startswith(numbers)].to_dict("records")
    assert (row["step"], row["severity"]) == ("count", "warning")


@pytest.mark.slow
def test_all_articles_of_chosen_outlets_are_shown_if_they_fit(uneven):
    few = load_tables(uneven, outlets=["Fox News", "O'Neill"], most_articles=5)
    assert few.counted_ids == {"a20", "a21"} == set(few.read_all("articles")["article_id"])
    assert set(few.mentions["article_id"]) == {"a20", "a21"}
    assert describe_sample(few.folder) == "" and "count" not in set(few.problems["step"])
    with pytest.raises(UnknownName, match=r"outlet 'Fox'.*mean 'Fox News'"):
        load_tables(uneven, outlets=["Fox"], most_articles=5)


@pytest.mark.slow
def test_a_sample_of_chosen_outlets_is_bounded(uneven):
    many = load_tables(uneven, outlets=["CNN"], most_articles=7)
    assert len(many.counted_ids) == 7 and set(many.articles["outlet"]) == {"CNN"}
    assert describe_sample(many.folder).startswith("7 of 20 ")
    others = load_tables(uneven, outlets=["O'Neill", "CNN"], most_articles=7)
    assert describe_sample(others.folder).startswith("7 of 21 ")


@pytest.mark.slow
def test_repeats_are_no_more_than_the_articles_drawn(folder):
    rows = [{"id": f"t{n}c{copy:02}", "outlet": "CNN", "text": make_story(n)} for n in range(8) for copy in range(12)]
    root = folder({"all.jsonl": "\n".join(map(json.dumps, rows))})
    drawn = load_tables(root, most_articles=4)
    assert len(drawn.counted_ids) == 4 and len(drawn.articles) == 8
    assert set(drawn.articles["duplicate_group"].value_counts()) == {2}  # each has one before any has two
    assert "40 repeats" in describe_sample(drawn.folder)
    assert describe_sample(drawn.folder) in set(drawn.problems["reason"])
    of_all = load_tables(root, most_articles=8)  # as many are counted, but a page would hold all their repeats
    assert len(of_all.counted_ids) == 8 and len(of_all.articles) == 16
    assert describe_sample(of_all.folder) == "Left out: 80 repeats of articles shown."


@pytest.fixture
def corrected(uneven, tmp_path):
    """The same articles, ten of them removed by a person and one given to another outlet."""
    root = shutil.copytree(uneven, tmp_path / "corrected")
    for n in range(0, 20, 2):
        add_correction(root, target_id=f"a{n}", operation="change", field="counted", old="true", new="false")
    add_correction(root, target_id="a1", operation="change", field="outlet", old="CNN", new="Fox News")
    return root


@pytest.mark.slow
def test_tables_before_corrections_cover_the_same_articles(corrected):
    every = compare_corrected(load_tables(corrected, outlets=["CNN"]))
    assert every.loc[0, ["what", "n", "n_uncorrected"]].to_list() == ["articles", 9, 20]
    shown = load_tables(corrected, outlets=["CNN"], most_articles=21)
    assert describe_sample(shown.folder) == ""
    pd.testing.assert_frame_equal(compare_corrected(shown), every)


@pytest.mark.slow
def test_removed_articles_are_drawn_but_not_counted_as_shown(corrected):
    tables = load_tables(corrected, most_articles=8)
    counts = compare_corrected(tables).query("what == 'articles'")[["n", "n_uncorrected"]].sum()
    assert 0 < counts["n"] < counts["n_uncorrected"] == 8 == len(tables.article_ids)
    assert describe_sample(tables.folder).startswith(f"{counts['n']} of 12 ")
    for one in (tables, tables.raw):
        named = one.mentions["entity_id"].value_counts().to_dict()
        entities = one.entities.set_index("entity_id")["n_mentions"]
        assert entities[entities > 0].to_dict() == named


@pytest.mark.slow
def test_folders_of_killed_processes_are_removed(whole):
    samples = whole.folder.parent.parent / "samples"
    (samples / "unfinished-dead").mkdir(parents=True)
    (samples / "unfinished-dead.lock").touch()
    draw(whole, 3)
    assert not list(samples.glob("unfinished-dead*"))


@pytest.mark.slow
def test_a_page_gets_the_sample_and_a_written_folder_all_articles(root, whole, tmp_path):
    assert load_tables(root, most_articles=4).folder == draw(whole, 4).folder
    assert len(write_tables(root, tmp_path / "out").articles) == 20
