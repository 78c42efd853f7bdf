"""The notes of a report about itself follow the corpus, the parameters and CITATION.cff."""

import pytest
import yaml

from samestory.base.resources import PACKAGE_FOLDER, read_data_rows
from samestory.report import method as methods
from samestory.report.method import cite_report, cite_software, describe_method, list_limits, list_more_limits
from samestory.report.report import _collect_page_provenance, list_notebooks, plan_run
from samestory.tables.tables import load_tables
from tests.support.wording import says

PAGES = [path.stem for path in list_notebooks()]
ARTICLES = "Ann Lee said the talks went well. Place {} lies there in the {} sun, where {} {} {} live."


@pytest.fixture(scope="module")
def plan(own_cache):
    return plan_run("seeds", assignments=["unit=2-gram", "target=CNN"])


def test_citation_agrees_with_the_citation_file():
    cff = yaml.safe_load((PACKAGE_FOLDER.parent / "CITATION.cff").read_text(encoding="utf-8"))
    assert (methods.SOFTWARE_TITLE, methods.SOFTWARE_LICENCE) == (cff["title"], cff["license"])
    assert methods.SOFTWARE_AUTHORS == cff["authors"][0]["name"]
    assert f"version {cff['version']})" in cite_software()


def test_a_report_is_cited_by_its_input(seeds, plan):
    said = cite_report(seeds, "seeds", "Why?", _collect_page_provenance(plan))
    assert plan.corpus.digest()[:16] in said
    assert says(said, "2 articles", "2 outlets (CGTN, CNN)")


def test_two_articles_are_a_reading_aid(seeds):
    limits = list_limits(seeds)
    assert says(limits[0], "2 articles", "2 outlets", "reading aid")
    assert len(limits) == 3
    assert any("For 1 of 2 articles " in limit for limit in list_more_limits(seeds))


def test_limits_give_the_accuracy_on_articles_that_no_rule_was_written_on(seeds):
    limit = next(limit for limit in list_limits(seeds) if "F1" in limit)
    values = {row["figure"]: f"{float(row['value']):.0f}" for row in read_data_rows("gold/accuracy")
              if row["texts"] == "new"}
    assert says(limit, "no rule was written on", f"{values['with speaker']} %", f"{values['all names']} %")


@pytest.mark.slow
def test_more_articles_have_other_limits(folder, own_cache):
    files = {f"{outlet}/{n}.txt": ARTICLES.format(*[f"{outlet}{n}{i}" for i in range(5)])
             for outlet, size in (("cnn", 6), ("fox", 2)) for n in range(size)}
    limits = list_limits(load_tables(folder(files)))
    assert "reading aid" not in limits[0]
    assert says(limits[0], "1 of 2 outlets", "fewer than 5")


def test_method_gives_the_parameters_and_versions_of_the_run(seeds, plan):
    provenance = _collect_page_provenance(plan)
    paragraphs = describe_method(seeds, PAGES, plan.parameters, provenance)
    assert provenance["weights"][:16] in paragraphs[0] and provenance["versions"]["spacy"] in paragraphs[0]
    assert says(paragraphs[1], "2-grams", "fewer than 3", "CNN", "the others")
    assert "confidence below 0.35" in paragraphs[2]


def test_method_has_a_paragraph_for_each_page_of_the_run(seeds, plan):
    assert len(describe_method(seeds, PAGES, plan.parameters, _collect_page_provenance(plan))) == 5
    corpus = plan_run("seeds", only=["01_corpus"])
    assert len(describe_method(seeds, ["01_corpus"], corpus.parameters, _collect_page_provenance(corpus))) == 1
