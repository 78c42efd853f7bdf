"""Tables: they are built once, and only new articles are annotated."""

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from samestory.base.errors import SameStoryError, UnknownName
from samestory.base.schema import TABLES
from samestory.tables.tables import cache_folder, load_tables, write_tables

STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on Thursday. The talks with Japan ended late."


def record(number, text=STORY, **fields):
    return json.dumps({"id": f"a{number}", "outlet": "CNN", "text": f"{text} Day {number}.", **fields}) + "\n"


def test_every_table_has_its_columns_in_order(seeds):
    for name, table in TABLES.items():
        assert list(seeds.read(name).columns) == [column.name for column in table.columns], name


def test_every_span_slices_back(seeds):
    texts = seeds.articles.set_index("article_id")["text"]
    for row in seeds.mentions.itertuples():
        assert texts[row.article_id][row.start:row.end] == row.text
    for row in seeds.read("tokens").itertuples():
        assert not texts[row.article_id][row.start:row.end].isspace()
    for row in seeds.quotations.itertuples():
        parts = [texts[row.article_id][span["start"]:span["end"]] for span in row.content_spans]
        assert " … ".join(parts) == row.text
        if pd.notna(row.cue_start):
            assert texts[row.article_id][int(row.cue_start):int(row.cue_end)] == row.cue
        if pd.notna(row.speaker_start):
            assert texts[row.article_id][int(row.speaker_start):int(row.speaker_end)] == row.speaker


def test_tokens_fill_their_sentences(seeds):
    tokens = seeds.read("tokens").groupby(["article_id", "sentence"]).agg(start=("start", "min"), end=("end", "max"))
    sentences = seeds.sentences.set_index(["article_id", "sentence"])[["start", "end"]]
    pd.testing.assert_frame_equal(tokens, sentences)


@pytest.mark.slow
def test_only_new_articles_are_annotated(folder, annotated):
    root = folder({"a.jsonl": record(1) + record(2)})
    load_tables(root)
    assert sorted(annotated) == ["a1", "a2"]
    (root / "a.jsonl").write_text(record(1) + record(2) + record(3))
    tables = load_tables(root)
    assert sorted(annotated) == ["a1", "a2", "a3"]
    assert set(tables.read("tokens")["article_id"]) == {"a1", "a2", "a3"}
    load_tables(root)
    assert len(annotated) == 3


@pytest.mark.slow
def test_the_order_of_articles_changes_nothing(folder):
    one = load_tables(folder({"a.jsonl": record(4) + record(5)}, "one"))
    two = load_tables(folder({"a.jsonl": record(5) + record(4)}, "two"))
    for name in TABLES:
        pd.testing.assert_frame_equal(one.read(name), two.read(name))
    assert one.path("articles").read_bytes() == two.path("articles").read_bytes()


@pytest.mark.slow
def test_long_articles_are_written_few_at_a_time(folder, monkeypatch):
    for module in ("samestory.base.sql", "samestory.tables.tables"):
        monkeypatch.setattr(f"{module}.ARTICLE_GROUP_CHARS", 250)
    lines = [record(i) for i in range(7)]
    one = load_tables(folder({"a.jsonl": "".join(lines)}, "ordered")).path("articles")
    two = load_tables(folder({"a.jsonl": "".join(reversed(lines))}, "reversed")).path("articles")
    assert pq.read_metadata(one).num_row_groups == 3
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.slow
def test_a_killed_run_continues_where_it_stopped(folder, annotated, tmp_path, monkeypatch):
    root = folder({"a.jsonl": record(6) + record(7)})
    monkeypatch.setenv("SAMESTORY_CACHE", str(tmp_path / "cache"))  # in the shared one, others are at work
    with monkeypatch.context() as patch:
        patch.setattr("samestory.tables.engine.MAX_PART_ARTICLES", 1)
        patch.setattr("samestory.tables.tables._sort_articles", lambda path: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            load_tables(root)
    assert not list((cache_folder() / "tables").glob("unfinished-*"))
    load_tables(root)
    assert sorted(annotated) == ["a6", "a7"]


@pytest.mark.slow
def test_repeats_are_grouped_and_counted_once(folder):
    text = json.dumps({"id": "b", "outlet": "Fox News", "published_at": "2021-03-18", "text": STORY}) + "\n"
    first = json.dumps({"id": "z", "outlet": "CNN", "published_at": "2021-03-17", "text": STORY}) + "\n"
    tables = load_tables(folder({"a.jsonl": text + first}))
    articles = tables.articles.set_index("article_id")
    assert articles["duplicate_group"].nunique() == 1
    assert articles["counted"].to_dict() == {"b": False, "z": True}
    assert set(tables.mentions["article_id"]) == {"z"}
    assert set(tables.read_all("mentions")["article_id"]) == {"z"}  # the other is not even annotated
    assert set(tables.read_all("lines")["article_id"]) == {"b", "z"}


@pytest.mark.slow
def test_outlets_choose_rows(folder):
    root = folder({"a.jsonl": record(8) + record(9, outlet="Fox News")})
    assert set(load_tables(root, outlets=["Fox News"]).mentions["article_id"]) == {"a9"}
    with pytest.raises(UnknownName, match=r"outlet 'Fox'.*mean 'Fox News'"):
        load_tables(root, outlets=["Fox"])


@pytest.mark.slow
def test_an_article_in_another_language_is_listed_and_not_analysed(folder):
    german = "Die beiden Seiten trafen sich am Donnerstag in Berlin, sagte die Ministerin am Abend vor der Presse. " * 3
    tables = load_tables(folder({"cnn/a.txt": STORY, "cnn/b.txt": german}))
    assert set(tables.articles["article_id"]) == {"cnn/a", "cnn/b"}
    assert set(tables.read_all("quotations")["article_id"]) == {"cnn/a"}
    assert "language is de" in tables.problems["reason"].iloc[0]


@pytest.mark.slow
def test_an_article_that_breaks_the_parse_is_one_problem(folder, monkeypatch):
    from samestory.annotate import annotate

    def fail_on_bad(source, **options):
        if "bad" in source.article_id:
            raise ValueError("broken")
        return parse(source, **options)

    parse = annotate.parse_article
    monkeypatch.setattr(annotate, "parse_article", fail_on_bad)
    tables = load_tables(folder({"good.txt": STORY + " Good.", "bad.txt": STORY + " Bad."}))
    assert set(tables.read("tokens")["article_id"]) == {"good"}
    row = tables.problems[tables.problems["step"] == "annotate"].iloc[0]
    assert (row["article_id"], row["severity"], row["reason"]) == ("bad", "error", "ValueError: broken")


def test_a_corpus_without_readable_articles_is_refused(folder):
    with pytest.raises(SameStoryError, match=r"'corpus'.*a\.txt: .*no text"):
        load_tables(folder({"a.txt": ""}))


@pytest.mark.slow
def test_an_empty_result_has_all_columns(folder):
    tables = load_tables(folder({"a.txt": "nothing named here"}))
    for name in ("mentions", "quotations", "links", "utterances", "entities"):
        assert list(tables.read(name).columns) == TABLES[name].arrow.names
        assert tables.read(name).empty


@pytest.mark.slow
def test_tables_can_be_written_anywhere(folder, tmp_path):
    out = tmp_path / "out here"
    write_tables(folder({"a.txt": STORY}), out)
    assert {path.stem for path in out.glob("*.parquet")} == set(TABLES)
    with pytest.raises(SameStoryError, match=r"cannot write .*a\.txt/out'"):
        write_tables(folder({"a.txt": STORY}), tmp_path / "corpus" / "a.txt" / "out")


def test_an_unknown_table_is_refused(seeds):
    with pytest.raises(UnknownName, match=r"table 'quotation'.*mean 'quotations'"):
        seeds.read("quotation")
