"""What a report says of itself follows the corpus, the parameters and CITATION.cff."""

import pytest
import yaml

from samestory.base.resources import PACKAGE_FOLDER
from samestory.report import method as methods
from samestory.report.method import cite_report, cite_software, describe_method, list_limits
from samestory.report.report import _collect_page_provenance, list_notebooks, plan_run
from samestory.tables.tables import load_tables

PAGES = [path.stem for path in list_notebooks()]
ARTICLES = "Ann Lee said the talks went well. Place {} lies there in the {} sun, where {} {} {} live."


@pytest.fixture(scope="module")
def plan(own_cache):
    return plan_run("seeds", assignments=["unit=2-gram", "target=CNN"])


def test_citation_is_that_of_the_citation_file():
    cff = yaml.safe_load((PACKAGE_FOLDER.parent / "CITATION.cff").read_text(encoding="utf-8"))
    assert (methods.SOFTWARE_TITLE, methods.SOFTWARE_LICENCE) == (cff["title"], cff["license"])
    assert methods.SOFTWARE_AUTHORS == cff["authors"][0]["name"]
    assert f"version {cff['version']})" in cite_software()


def test_a_report_is_cited_by_its_input(seeds, plan):
    said = cite_report(seeds, "seeds", "Why?", _collect_page_provenance(plan))
    assert plan.corpus.digest()[:16] in said
    assert "2 articles of 2 outlets (CGTN, CNN)" in said


def test_two_articles_are_a_reading_aid(seeds):
    limits = list_limits(seeds)
    assert "2 articles of 2 outlets are a reading aid" in limits[0]
    assert any("For 1 of 2 articles the time" in limit for limit in limits)


def test_more_articles_have_other_limits(folder, own_cache):
    files = {f"{outlet}/{n}.txt": ARTICLES.format(*[f"{outlet}{n}{i}" for i in range(5)])
             for outlet, size in (("cnn", 6), ("fox", 2)) for n in range(size)}
    limits = list_limits(load_tables(folder(files)))
    assert "as if they were drawn" in limits[0]
    assert "1 of 2 outlets have fewer than 5 articles" in limits[0]


def test_method_tells_the_parameters_and_versions_that_were_used(seeds, plan):
    provenance = _collect_page_provenance(plan)
    told = describe_method(seeds, PAGES, plan.parameters, provenance)
    assert provenance["weights"][:16] in told[0] and provenance["versions"]["spacy"] in told[0]
    assert "Terms were 2-grams" in told[1] and "fewer than 3 occurrences" in told[1]
    assert "We compared CNN with the others" in told[1]
    assert "confidence below 0.35" in told[2]


def test_method_tells_only_of_pages_that_were_made(seeds, plan):
    assert len(describe_method(seeds, PAGES, plan.parameters, _collect_page_provenance(plan))) == 4
    corpus = plan_run("seeds", only=["01_corpus"])
    assert len(describe_method(seeds, ["01_corpus"], corpus.parameters, _collect_page_provenance(corpus))) == 1
