"""The units that a coder could be asked about: everything found, and every sentence."""

import pandas as pd
import pytest

from samestory.coding.units import digest_units, list_units
from samestory.measure.speakers import choose_quotations
from samestory.tables.tables import load_tables


@pytest.fixture(scope="module")
def units(seeds) -> pd.DataFrame:
    return list_units(seeds)


def test_everything_found_and_every_sentence_is_a_unit_once(seeds, units):
    n_body = int((seeds.sentences["role"] == "body").sum())
    assert units["task"].value_counts().to_dict() == {
        "name": len(seeds.mentions), "missed_name": len(seeds.sentences), "missed_statement": n_body,
        "statement": len(choose_quotations(seeds)), "pair": len(seeds.read("pairs"))}
    assert not units.duplicated(["task", "target_id"]).any() and not units["stratum"].isna().any()


def test_spans_are_those_of_the_articles(seeds, units):
    for row in units[units["task"] == "name"].head(20).itertuples():
        text = seeds.field_texts[row.article_id, row.field][row.start:row.end]
        assert text == seeds.mentions.set_index("mention_id")["text"][row.target_id]


def test_a_sentence_of_the_body_is_of_one_kind(units):
    kinds = units[units["task"] == "missed_statement"]["stratum"].str.split(" | ", regex=False).str[0].value_counts()
    assert kinds["statement found"] > kinds["verb of saying or marks"] > 0 and kinds["neither"] > 0


@pytest.mark.slow
def test_corrections_do_not_change_the_units(folder):
    root = folder({"cnn/1.txt": "Talks end\n\nThe talks ended late, Ann Lee said. She left for Ulm on Monday."})
    before = digest_units(list_units(load_tables(root)))
    found = list_units(load_tables(root)).set_index("task").loc["statement"]
    (root / "corrections.csv").write_text("target_id,operation,field,old,new,who,why\n"
                                          f"{found['target_id']},remove,,,,me,\n")
    assert len(load_tables(root).quotations) == 0 and digest_units(list_units(load_tables(root))) == before
