"""Tables as people have them, from tests/cases/tables.jsonl: heads, languages, separators, sheets, orders of dates."""

import json

import pytest

from samestory.clean.articles import Article, clean_articles
from samestory.read.corpus import find_corpus
from tests.support.export_files import make_sheets
from tests.support.folders import CASES as CASE_FOLDER

CASES = [json.loads(line) for line in (CASE_FOLDER / "tables.jsonl").read_text(encoding="utf-8").splitlines()]
TEXTS = {"ferry": "The ferry to Low Barrow was cancelled on Monday, said Ann Lee, the harbour master, as the wind had"
                  " not dropped since noon. Some sixty people waited in the hall, and “nobody was angry,” she said. A"
                  " bus took them home at night.",
         "bell": "A bell from 1704 was found in the mud under the old pier on Tuesday. Two divers, a nurse and a baker,"
                 " lifted it with a car jack. “It rang when we washed it,” said Omar Haddad. It goes to the museum in"
                 " Kelby, which has three bells.",
         "bees": "Keepers of bees in Windle lost half of their hives to the cold, a survey said on Friday. The rest are"
                 " kept warm. “We talk to them,” said Ivy Moss, seventy. Honey will cost a third more next year."}


def read_table_case(folder, content, ending):
    for name, text in TEXTS.items():
        content = json.loads(json.dumps(content).replace(f"{{{name}}}", text))
    root = folder({f"a.{ending}": content if isinstance(content, str) else make_sheets(content)})
    return list(clean_articles(find_corpus(root / f"a.{ending}")))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_a_table_is_read_as_its_maker_meant_it(folder, case):
    found = read_table_case(folder, case["content"], case["ending"])
    articles = [article for article in found if isinstance(article, Article)]
    assert len(articles) == len(case["expect"])
    for name, fields in case["expect"].items():
        (row,) = (article.row for article in articles if name in article.row["text"])
        assert {field: str(row[field])[:len(value)] for field, value in fields.items()} == fields


def test_what_was_guessed_or_left_out_is_told(folder):
    notes = [["Collected by", "Meaning"], ["us", "The texts are whole, and the pictures are not in them."]]
    sheets = {"Notes": notes, "CNN": [["Text"], ["{ferry}"]], "Fox News": [["Text"], ["{bell}"]]}
    told = {(row["severity"], row["reason"].partition(":")[0]) for row in read_table_case(folder, sheets, "xlsx")
            if isinstance(row, dict)}
    assert {("warning", "sheet 'Notes' is not read"), ("note", "sheet 'CNN'"), ("note", "sheet 'Fox News'")} == told
    (row,) = (row for row in read_table_case(folder, "CNN,2024-03-04,{ferry}\n".replace(", said", ""), "csv")
              if isinstance(row, dict) and row["severity"] == "warning" and "no row names" in row["reason"])
    assert "published_at from column 2" in row["reason"]


def test_ids_of_later_sheets_have_the_name_of_the_sheet(folder):
    sheets = {"2023": [["Text"], ["{ferry}"]], "2024": [["Text"], ["{bell}"]]}
    found = read_table_case(folder, sheets, "xlsx")
    assert [article.article_id for article in found if isinstance(article, Article)] == ["a:1", "a/2024:1"]


def test_dates_in_two_orders_are_reported(folder):
    content = 'date,text\n13/04/2024,"{ferry}"\n04/13/2024,"{bell}"\n'
    reasons = [row["reason"] for row in read_table_case(folder, content, "csv")
               if isinstance(row, dict) and row["severity"] == "warning"]
    assert [reason.partition(":")[0] for reason in reasons] == ["dates in two orders"]
