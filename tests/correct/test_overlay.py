"""Corrections applied to tables: changes, their consequences, and what is never touched."""

import json
import re
import shutil
import time
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samestory as ss
from samestory.base.resources import resource
from samestory.base.schema import CORRECTION_STATUSES
from samestory.correct.corrections import Correction, add_correction, undo_correction
from samestory.correct.overlay import apply_corrections, write_corrected
from samestory.correct.quotations import Speakers
from samestory.measure.corrected import summarize_corrections
from samestory.report.report import plan_run
from samestory.tables import engine as engines
from samestory.tables.provenance import digest_folder
from samestory.tables.tables import Tables, load_tables

CGTN, CNN = "000_0b07e5500e004d72", "003_8ef2c8583ee47e5d"
WRAPPED = """Ministers meet for talks on trade in the northern port city of Hull

The first day of the talks began with a walk along the harbour of the city, said a clerk.

It rained on Monday and on Tuesday, and on the days between them. The
minister said that the talks with the other side would go on and on and
on, for as long as it takes them to agree. Nobody agreed on Monday.

The end of it all came late in the night, when the lights were out.
"""
FITTING = [
    (f"{CGTN}/q174-375", "change", "speaker_name", "Chinese Foreign Ministry", "Wang Yi"),
    (f"{CGTN}/q174-375", "change", "anonymous", "false", "true"),
    (f"{CGTN}/q380-514", "remove", "", "", ""),
    (f"{CGTN}/q1020-1212", "change", "kind", "mixed", "indirect"),
    (f"{CGTN}/q1061-1212", "change", "", "", ""),
    (f"{CNN}/q558-596", "change", "cue_class", "neutral", "hedged"),
    (f"{CNN}/m0-7", "change", "label", "GPE", "ORG"),
    ("PERSON:Cui Tiankai", "change", "name", "Cui Tiankai", "Cui T."),
    ("ORG:Chinese Foreign Ministry", "merge", "", "", "GPE:China"),
    (CNN, "change", "headline", "", "Beijing has low hopes"),
    (CNN, "change", "published_at", "", "2021-03-17"),
    (f"{CNN}/l16", "change", "role", "body", "teaser"),
    (f"{CGTN}/l1", "change", "role", "kicker", "outlet"),
]


def make_rows(*cells):
    return [Correction(line, *row) for line, row in enumerate(cells, start=2)]


@pytest.fixture(scope="module")
def raw(seeds) -> Path:
    return seeds.folder


@pytest.fixture
def correct(raw, tmp_path):
    """The seeds' tables with corrections: target_id, operation, field, old, new."""
    def carry_out(*cells: tuple) -> Tables:
        write_corrected(raw, make_rows(*cells), tmp_path / "corrected" / str(len(list(tmp_path.glob("*/*")))))
        return Tables(max((tmp_path / "corrected").iterdir()))
    (tmp_path / "corrected").mkdir()
    return carry_out


def list_status(tables):
    return tables.read("corrections")["status"].tolist()


def find_row(tables, name, key, value):
    frame = tables.read_all(name)
    return frame[frame[key] == value].iloc[0]


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the seeds that is the user's."""
    for path in resource("seeds").glob("*.txt"):
        (tmp_path / "copy").mkdir(exist_ok=True)
        shutil.copyfile(path, tmp_path / "copy" / path.name)
    return tmp_path / "copy"


# The door ----------------------------------------------------------------------------------------

@pytest.mark.slow
def test_without_corrections_the_tables_are_the_same_files(copy, seeds):
    add_correction(copy, target_id=CNN, operation="remove")
    undo_correction(copy)
    tables = load_tables(copy)
    assert tables.folder == seeds.folder and tables.raw == tables


@pytest.mark.slow
def test_corrections_are_an_overlay_that_survives(copy, seeds, monkeypatch):
    before = digest_folder(seeds.folder)
    monkeypatch.setattr(engines, "annotate_part", None)  # nothing is annotated again
    add_correction(copy, target_id=f"{CGTN}/q380-514", operation="remove", who="me")
    for _ in range(2):
        tables = load_tables(copy)
        assert (len(tables.quotations), len(tables.raw.quotations)) == (27, 28)
    assert digest_folder(seeds.folder) == before
    undo_correction(copy)
    assert len(load_tables(copy).quotations) == 28


def test_what_a_killed_process_left_is_swept(copy, own_cache):
    (own_cache / "corrected" / "unfinished-dead").mkdir(parents=True)
    (own_cache / "corrected" / "unfinished-dead.lock").touch()
    add_correction(copy, target_id=CGTN, operation="change", field="headline", new="Swept")
    load_tables(copy)
    assert not list((own_cache / "corrected").glob("unfinished-dead*"))


@pytest.mark.slow
def test_written_tables_come_with_the_raw_ones(copy, tmp_path):
    for n, operation in ((27, "remove"), (28, "undo")):
        if operation == "remove":
            add_correction(copy, target_id=f"{CGTN}/q380-514", operation="remove")
        else:
            undo_correction(copy)
        tables = ss.write_tables(copy, tmp_path / "out")
        assert (len(tables.quotations), len(tables.raw.quotations)) == (n, 28)


def test_the_report_is_made_again_when_corrections_change(copy):
    before = plan_run(str(copy)).fingerprint()
    add_correction(copy, target_id=CNN, operation="remove")
    assert plan_run(str(copy)).fingerprint() != before


def test_checked_rows_change_no_byte_of_other_tables(raw, correct):
    tables = correct((f"{CGTN}/q380-514", "change", "kind", "direct", "direct"),
                     ("GPE:China", "change", "name", "China", "China"))
    assert list_status(tables) == ["checked", "checked"]
    for path in raw.glob("*.parquet"):
        is_same = path.read_bytes() == (tables.folder / path.name).read_bytes()
        assert is_same == (path.stem != "corrections"), path.stem


@pytest.mark.slow
def test_written_tables_have_the_schema(raw, correct):
    tables = correct(*FITTING)
    assert set(list_status(tables)) <= set(CORRECTION_STATUSES) - {"unfit", "repeated"}
    for path in raw.glob("*.parquet"):
        assert pq.read_schema(tables.folder / path.name).equals(pq.read_schema(path)), path.stem
    texts = tables.articles.set_index("article_id")["text"]
    for row in tables.quotations.itertuples():
        assert " … ".join(texts[row.article_id][s["start"]:s["end"]] for s in row.content_spans) == row.text


@settings(max_examples=12)
@given(chosen=st.permutations(FITTING).flatmap(lambda rows: st.integers(1, len(rows)).map(lambda n: rows[:n])))
@pytest.mark.slow
def test_the_order_of_rows_of_different_targets_does_not_matter(raw, chosen):
    chosen = sorted(chosen, key=lambda row: row[2] == "anonymous")  # two rows are of one target
    one, two = (apply_corrections(raw, make_rows(*rows)) for rows in (chosen, sorted(chosen)))
    assert {outcome.status for outcome in one.outcomes.values()} <= set(CORRECTION_STATUSES) - {"unfit"}
    assert set(one.tables) == set(two.tables)
    for name in set(one.tables) - {"corrections"}:
        assert one.table(name).equals(two.table(name)), name


@pytest.mark.slow
def test_twice_is_once(correct, tmp_path):
    once = correct(*FITTING)
    write_corrected(once.folder, make_rows(*FITTING), tmp_path / "twice")
    for name in ("articles", "lines", "sentences", "tokens", "mentions", "entities", "links", "quotations", "counts"):
        pd.testing.assert_frame_equal(once.read_all(name), Tables(tmp_path / "twice").read_all(name))


# What follows ------------------------------------------------------------------------------------

@pytest.mark.slow
def test_a_speaker_gets_entity_and_title(correct):
    tables = correct((f"{CGTN}/q174-375", "change", "speaker_name", "Chinese Foreign Ministry", "Antony Blinken"),
                     (f"{CGTN}/q1061-1212", "change", "speaker_name", "senior American officials", "a clerk"),
                     (f"{CGTN}/q1020-1212", "change", "speaker_name", "Reuters", ""))
    row = find_row(tables, "quotations", "quotation_id", f"{CGTN}/q174-375")
    assert row["speaker_name"] == f"{row['speaker_title']} Antony Blinken" and row["speaker_title"].startswith("U.S.")
    assert (row["speaker_entity_id"], row["resolution"]) == ("PERSON:Antony Blinken", "corrected")
    assert find_row(tables, "quotations", "quotation_id", f"{CGTN}/q1061-1212")["anonymous"]
    assert find_row(tables, "quotations", "quotation_id", f"{CGTN}/q1020-1212")["resolution"] == "none"


def test_speakers_are_shown_as_linking_shows_them(raw, seeds):
    entities = seeds.entities.set_index("entity_id")[["name", "label"]]
    from samestory.link.link import cut_title
    from samestory.link.name_queries import choose_titles, open_mentions
    with open_mentions(pa.Table.from_pandas(seeds.mentions), set(seeds.mentions["article_id"])) as duck:
        titles = choose_titles(duck)
    speakers = Speakers({key: tuple(row) for key, row in zip(entities.index, entities.to_numpy(), strict=True)},
                        titles)
    for row in seeds.quotations.dropna(subset="speaker_entity_id").itertuples():
        shown = speakers.show(row.speaker_entity_id, cut_title(row.speaker_name, row.speaker_title))
        assert shown["speaker_name"] == row.speaker_name


@pytest.mark.slow
def test_words_of_a_removed_quotation_are_not_quoted(correct):
    tables = correct((f"{CGTN}/q380-514", "remove", "", "", ""))
    tokens, counts, raw = tables.read("tokens"), tables.read("counts"), tables.raw
    inside = tokens[(tokens["article_id"] == CGTN) & tokens["start"].between(380, 513)]
    assert len(inside) and not inside["in_quotation"].any()
    assert counts["n"].sum() == raw.read("counts")["n"].sum()
    assert counts["n"][counts["in_quotation"]].sum() < raw.read("counts").query("in_quotation")["n"].sum()
    mentions = tables.mentions[(tables.mentions["article_id"] == CGTN) & tables.mentions["start"].between(380, 513)]
    assert len(mentions) and not mentions["in_quotation"].any()
    assert tokens.drop(columns="in_quotation").equals(raw.read("tokens").drop(columns="in_quotation"))


@pytest.mark.slow
def test_a_missed_quotation_is_added_by_its_marks(correct, seed_texts):
    text = seed_texts[CGTN]
    start, end = text.index("that the U.S. side"), text.index(" said at", 514)
    ids = [f"{CGTN}/q{start}-514", f"{CGTN}/q516-{end}"]
    tables = correct((ids[0], "add", "", text[start:514], "Wang Yi"), (ids[0], "change", "cue_class", "", "denying"),
                     (ids[1], "add", "speaker_name", text[516:end], ""))
    assert list_status(tables) == ["added", "changed", "added"]
    direct, indirect = (find_row(tables, "quotations", "quotation_id", key) for key in ids)
    assert (direct["kind"], direct["speaker_entity_id"], direct["cue_class"]) == ("direct", "PERSON:Wang Yi", "denying")
    assert (indirect["kind"], indirect["n_words_direct"], indirect["resolution"]) == ("indirect", 0, "none")
    assert len(ss.choose_quotations(tables)) == len(ss.choose_quotations(tables.raw)) + 2


@pytest.mark.slow
def test_merged_entities_are_one_everywhere(correct):
    tables = correct(("PERSON:Zhao Lijian", "merge", "", "Zhao Lijian", "PERSON:Cui Tiankai"),
                     ("PERSON:Cui Tiankai", "merge", "", "", "PERSON:Wang Yi"))
    assert list_status(tables) == ["merged", "merged"]
    row = find_row(tables, "entities", "entity_id", "PERSON:Wang Yi")
    assert (row["n_mentions"], row["n_articles"]) == (10, 2)
    gone = {"PERSON:Zhao Lijian", "PERSON:Cui Tiankai"}
    assert gone.isdisjoint(tables.entities["entity_id"]) and gone.isdisjoint(tables.mentions["entity_id"])
    assert gone.isdisjoint(tables.quotations["speaker_entity_id"]) and gone.isdisjoint(tables.read("links")["entity_a"])
    assert tables.quotations["speaker_name"].str.endswith("Wang Yi").sum() == 17


@pytest.mark.slow
def test_a_renamed_entity_keeps_its_id(correct):
    tables = correct(("PERSON:Cui Tiankai", "change", "name", "Cui Tiankai", "Cui T."),
                     (f"{CNN}/q0-93", "change", "speaker_name", "Cui Tiankai", "Ned Price"))
    assert find_row(tables, "entities", "entity_id", "PERSON:Cui Tiankai")["name"] == "Cui T."
    assert (tables.quotations["speaker_name"] == "Cui T.").sum() == 7
    assert list_status(tables) == ["changed", "changed"]


@pytest.mark.slow
def test_mentions_are_removed_moved_and_added(correct, seed_texts):
    at = seed_texts[CGTN].index("sovereignty")
    missed = f"{CGTN}/m{at}-{at + 11}"
    tables = correct((f"{CGTN}/m82-88", "remove", "", "Alaska", ""), (missed, "add", "label", "sovereignty", "ORG"),
                     (f"{CGTN}/m30-35", "change", "entity_id", "GPE:China", "ORG:Chinese Government"))
    assert list_status(tables) == ["removed", "added", "changed"]
    counts = tables.entities.set_index("entity_id")["n_mentions"]
    assert (counts["GPE:Alaska"], counts["GPE:China"], counts["ORG:Chinese Government"]) == (6, 28, 1)
    added = find_row(tables, "mentions", "mention_id", missed)
    assert added["in_quotation"] and added["rule"] == "added by hand"


@pytest.mark.slow
def test_an_article_changes_outlet_or_is_counted_no_more(correct):
    moved = correct((CGTN, "change", "outlet", "CGTN", "fox news"), (CNN, "change", "published_at", "", "2021-03-17"))
    assert set(moved.read("counts")["outlet"]) == set(moved.articles["outlet"]) == {"CNN", "Fox News"}
    assert find_row(moved, "articles", "article_id", CNN)["published_at_from"] == "corrected"
    tables = correct((CGTN, "change", "counted", "true", "no"))
    assert set(tables.read("counts")["article_id"]) == set(tables.quotations["article_id"]) == {CNN}
    assert tables.entities["n_articles"].max() == 1 and len(tables.read_all("quotations")) == 28


@pytest.mark.slow
def test_a_line_that_is_no_story_takes_its_words_along(correct):
    tables = correct((f"{CGTN}/l11", "change", "role", "body", "teaser"))
    for name in ("tokens", "mentions", "sentences"):
        rows = tables.read(name)
        assert not ((rows["article_id"] == CGTN) & rows["start"].between(379, 598)).any(), name
    assert f"{CGTN}/q380-514" not in set(tables.quotations["quotation_id"])
    assert find_row(tables, "articles", "article_id", CGTN)["n_words"] < 372
    assert tables.read("counts")["n"].sum() < tables.raw.read("counts")["n"].sum()
    assert tables.lines.set_index(["article_id", "line"]).loc[(CGTN, 11), "role"] == "teaser"


@pytest.mark.slow
def test_a_sentence_is_not_cut_by_a_line(folder):
    root = folder({"cnn/1.txt": WRAPPED})
    for line in (5, 6, 7):
        add_correction(root, target_id=f"cnn/1/l{line}", operation="change", field="role", old="body", new="teaser")
    tables = load_tables(root)
    assert list_status(tables) == ["changed"] * 3 and "rained" not in set(tables.read("tokens")["norm"])
    undo_correction(root)
    tables = load_tables(root)
    assert list_status(tables) == ["unfit"] * 2 and "rained" in set(tables.read("tokens")["norm"])


@pytest.mark.slow
def test_pairs_are_matched_again_and_corrected(folder):
    said = "“We will never accept terms that were written by others,” said Minister Ada Voss on Monday."
    ends = {"CNN": "It rained all day.", "Fox": "Nobody else spoke about it."}
    root = folder({f"{name}.json": json.dumps({"id": name, "outlet": name, "text": f"{said} {end}"})
                   for name, end in ends.items()})
    pair = load_tables(root).read("utterances").iloc[0]
    add_correction(root, target_id=pair["utterance_id"], operation="change", field="relation", old=pair["relation"],
                   new="paraphrase")
    assert load_tables(root).read("utterances")["relation"].tolist() == ["paraphrase"]
    add_correction(root, target_id=pair["utterance_id"], operation="remove")
    tables = load_tables(root)
    assert tables.read("utterances").empty and list_status(tables) == ["superseded", "removed"]
    undo_correction(root)
    add_correction(root, target_id=pair["quotation_a"], operation="remove")
    tables = load_tables(root)
    assert tables.read("utterances").empty and list_status(tables) == ["unfit", "removed"]


# What does not fit -------------------------------------------------------------------------------

@pytest.mark.parametrize(("row", "reason"), [
    (("nope", "change", "headline", "", "x"), "no article .*'nope'"),
    (("a/q1-2", "remove"), "no quotation .*'a/q1-2'"),
    (("a/q1-2", "add", "", "words"), "no article .*'a'"),
    ((f"{CGTN}/q380-514", "add", "", "x"), "already there"),
    ((f"{CGTN}/q381-514", "add", "", "x"), "in old .*\"e believe .*found 'x'"),
    ((f"{CGTN}/q0-5", "add", "", "China"), "not in a sentence"),
    ((f"{CGTN}/q380-514", "change", "kind", "mixed", "indirect"), "kind is 'direct'.*in old.*'mixed'"),
    ((f"{CGTN}/q380-514", "change", "kind", "direct", "spoken"), "one of direct, mixed, indirect.*'spoken'"),
    ((f"{CGTN}/q174-375", "change", "kind", "indirect", "mixed"), "marks it is indirect; mixed"),
    ((f"{CGTN}/q380-514", "change", "tone", "", "x"), "fields speaker_name, speaker_side.*'tone'"),
    ((f"{CGTN}/q380-514", "change", "", "", "x"), "the field to change.*speaker_name, speaker_side"),
    ((f"{CGTN}/q380-514", "merge", "", "", "x"), "merge .*quotation.*change or remove or add"),
    ((f"{CGTN}/q380-514", "remove", "kind"), "remove .*quotation.*no field.*'kind'"),
    ((f"{CGTN}/q380-514", "remove", "", "other words"), "in old the text.*'other words'"),
    (("PERSON:Wang Yi", "merge", "", "", "PERSON:Wang Yi"), "found the same"),
    (("PERSON:Wang Yi", "merge", "", "", "PERSON:Who"), "in new the entity_id.*'PERSON:Who'"),
    (("PERSON:Wang Yi", "change", "name", "Wang Yi", "Zhao Lijian"), "'PERSON:Zhao Lijian'.* merge"),
    (("PERSON:Wang Yi", "change", "label", "PERSON", "CITY"), "one of PERSON, ORG.*'CITY'"),
    ((CNN, "change", "published_at", "", "some day"), "a date.*'some day'"),
    ((CNN, "change", "outlet", "CNN", ""), "an outlet"),
    ((CNN, "change", "counted", "true", "perhaps"), "true or false.*'perhaps'"),
    ((f"{CGTN}/l1", "change", "role", "kicker", "body"), "kicker cannot become body"),
    (("", "remove"), "target_id.*found 0"),
    (("a", "delete\x1b"), r"change, remove, add, merge.*'delete\\x1b'"),
])
def test_what_does_not_fit_is_listed_and_changes_nothing(raw, row, reason):
    state = apply_corrections(raw, make_rows(row))
    listed = state.table("corrections").to_pylist()[0]
    assert listed["status"] in ("unfit", "checked") and re.search(reason, listed["reason"])
    assert set(state.tables) <= {"corrections", "problems"}
    if listed["status"] == "unfit":
        problem = state.table("problems").to_pylist()[-1]
        assert problem["path"] == "corrections.csv" and problem["reason"] == f"line 2: {listed['reason']}"


@pytest.mark.slow
def test_of_contradicting_rows_the_later_needs_the_earlier(correct):
    target = (f"{CNN}/q558-596", "change", "cue_class")
    tables = correct((*target, "neutral", "hedged"), (*target, "neutral", "denying"), (*target, "neutral", "hedged"),
                     (*target, "hedged", "factive"), ("PERSON:Wang Yi", "merge", "", "", "GPE:China"),
                     ("PERSON:Wang Yi", "merge", "", "", "GPE:Alaska"))
    assert list_status(tables) == ["superseded", "unfit", "repeated", "changed", "merged", "unfit"]
    assert find_row(tables, "quotations", "quotation_id", f"{CNN}/q558-596")["cue_class"] == "factive"
    lines = tables.problems["reason"].map(lambda reason: tuple(re.findall(r"line (\d)", reason)))
    assert dict(zip(lines, tables.problems["severity"], strict=True)) == {
        ("3", "2"): "warning", ("4", "2"): "note", ("7", "6"): "warning"}
    assert re.findall("'(.*?)'", tables.problems["reason"].iloc[0]) == ["hedged", "neutral"]


@pytest.mark.slow
def test_old_may_be_what_the_earlier_row_says_or_what_it_led_to(correct):
    target = (f"{CGTN}/q174-375", "change", "speaker_name")
    first = (*target, "Chinese Foreign Ministry", "Antony Blinken")
    shown = find_row(correct(first), "quotations", "quotation_id", target[0])["speaker_name"]
    assert shown.endswith(" Antony Blinken")
    for old in ("Antony Blinken", shown):
        tables = correct(first, (*target, old, "Wang Yi"))
        assert list_status(tables) == ["superseded", "changed"]


def test_merges_in_a_circle_are_all_refused(raw):
    people = ["PERSON:Wang Yi", "PERSON:Zhao Lijian", "PERSON:Cui Tiankai", "PERSON:Wang Yi"]
    rows = [(one, "merge", "", "", two) for one, two in pairwise(people)]
    state = apply_corrections(raw, make_rows(*rows, ("PERSON:Jake Sullivan", "merge", "", "", "PERSON:Wang Yi")))
    listed = state.table("corrections").to_pylist()
    assert [row["status"] for row in listed] == ["unfit"] * 3 + ["merged"]
    assert re.search("lines 2, 3, 4 .*circle", listed[0]["reason"])


@pytest.mark.slow
def test_many_rows_take_seconds(raw):
    ids = pd.read_parquet(raw / "quotations.parquet")["quotation_id"].tolist()
    rows = [(ids[n % len(ids)], "change", "speaker_name", "x", f"P {n}") for n in range(40_000)]
    rows += [(f"PERSON:{n}", "merge", "", "", f"PERSON:{n + 1}") for n in range(30_000)]
    rows += [(f"a/l{n}", "change", "role", "x" * 100, "") for n in range(29_999)] + [("x" * 1_000_000, "remove")]
    started = time.perf_counter()
    state = apply_corrections(raw, make_rows(*rows))
    assert state.table("corrections").num_rows == 100_000 and state.table("problems").num_rows == 201
    assert time.perf_counter() - started < 60


# Summaries ---------------------------------------------------------------------------------------

@pytest.mark.slow
def test_corrections_are_counted_by_kind_and_status(correct):
    tables = correct((f"{CGTN}/q380-514", "remove"), (f"{CGTN}/q174-375", "change"), ("nope", "remove"),
                     (f"{CGTN}/q1061-1212", "change", "speaker_name", "senior American officials", "Antony Blinken"),
                     ("GPE:China", "change", "name", "China", "PRC"))
    assert re.findall(r"\d+|quotations|entities|row", ss.tell_corrections(tables)) == [
        "3", "28", "quotations", "1", "1", "1", "30", "entities", "1", "1", "row"]
    assert re.findall(r"\d+", summarize_corrections(tables)) == ["4", "3", "1"]
    assert ss.list_corrections(tables)["status"].tolist() == ["unfit", "removed", "checked", "changed", "changed"]
    compared = ss.compare_corrected(tables).set_index(["outlet", "what"])
    assert compared.loc[("CGTN", "quotations")].to_list() == [11, 12]
    assert (compared.loc["CNN", "n"] == compared.loc["CNN", "n_uncorrected"]).all()


def test_without_corrections_there_are_no_counts(seeds):
    assert not re.search(r"\d", ss.tell_corrections(seeds))
    assert summarize_corrections(seeds) == ""
    assert ss.count_corrections(seeds).empty and ss.list_corrections(seeds).empty and ss.compare_corrected(seeds).empty


@pytest.mark.slow
def test_tables_of_voices_and_names_show_what_corrections_changed(correct):
    tables = correct((f"{CGTN}/q380-514", "remove"), ("ORG:Chinese Foreign Ministry", "merge", "", "", "GPE:China"),
                     (f"{CGTN}/q174-375", "change", "speaker_name", "Chinese Foreign Ministry", "Wang Yi"))
    now, found = ss.choose_quotations(tables), ss.choose_quotations(tables.raw)
    by = ["speaker_name", "outlet"]
    both = ss.add_uncorrected(ss.count_speakers(now), found, by=by).set_index(by)
    assert both.loc[("Wang Yi", "CGTN"), ["n_quotations", "n_quotations_uncorrected"]].tolist() == [1, 0]
    assert both.loc[("Chinese Foreign Ministry", "CGTN"), "n_quotations"] == 0
    counts = both[["n_quotations", "n_quotations_uncorrected", "n_words_indirect_uncorrected"]].sum().tolist()
    assert counts == [len(now), len(found), found["n_words_indirect"].sum()]
    kept = ss.count_cues(ss.choose_quotations(tables.raw))
    assert ss.add_uncorrected(kept, found, by=["cue_class", "outlet"]) is kept  # nothing changed


@pytest.mark.slow
def test_findings_show_their_text_without_corrections(correct, seeds):
    tables = correct((f"{CGTN}/q380-514", "remove"))
    found = {point.topic: point for point in ss.find_main_points(seeds, {})}
    changed = [point for point in ss.find_main_points(tables, {}) if point.uncorrected]
    assert "On whose side" in {point.topic for point in changed}
    for point in changed:
        assert point.uncorrected == found[point.topic].text != point.text


def test_a_value_is_corrected_or_removed(correct, raw):
    found = Tables(raw).read_all("values")
    first, second = found[found["kind"] == "date"].head(2).itertuples()
    tables = correct((first.value_id, "change", "date", first.date, "2021-03-21"),
                     (first.value_id, "change", "date", "2021-03-21", "soon"),
                     (found["value_id"][found["value"] == 24].iloc[0], "change", "value", "24", "25"),
                     (second.value_id, "remove", "", "", ""))
    values = tables.read_all("values").set_index("value_id")
    assert list_status(tables) == ["changed", "unfit", "changed", "removed"]
    assert values["date"][first.value_id] == "2021-03-21" and second.value_id not in values.index


@pytest.mark.slow
def test_openings_follow_corrected_speakers(correct, raw):
    before = Tables(raw).read_all("openings").set_index("article_id")
    renamed = correct((before["first_quotation_id"][CNN], "change", "speaker_name",
                       before["first_speaker"][CNN], "Ann Lee"))
    assert renamed.read_all("openings").set_index("article_id")["first_speaker"][CNN] == "Ann Lee"
    assert renamed.read_all("voices")["speaker_name"].tolist().count("Ann Lee") == 1
