"""Models: found, loaded with the parts that are needed, described, and refused with a message."""

import json
from pathlib import Path

import pytest

from samestory.annotate.annotate import annotate_articles
from samestory.annotate.models import DEFAULT_MODEL, find_model, load_model, read_meta
from samestory.base.errors import SameStoryError
from samestory.clean.articles import Article, clean_articles
from samestory.read.corpus import find_corpus

STORY = "Ada Voss left. “We agree,” Voss said in Anchorage.\n"


@pytest.fixture
def save(tmp_path: Path):
    """Saves a blank pipeline with some components, and returns its folder's name."""
    def make(*components: str, language: str = "en") -> str:
        import spacy
        nlp = spacy.blank(language)
        for name in components:
            nlp.add_pipe(name)
        nlp.to_disk(tmp_path / "pipeline")
        return str(tmp_path / "pipeline")
    return make


@pytest.fixture
def articles(folder) -> list[Article]:
    return list(clean_articles(find_corpus(folder({"cnn/1.txt": STORY * 3}))))


@pytest.mark.parametrize("act", [load_model, find_model, read_meta])
@pytest.mark.parametrize("model", ["no_such_model", "json", "", "../nowhere"])
def test_a_missing_model_is_refused(act, model):
    with pytest.raises(SameStoryError, match=f"no spaCy pipeline '{model}'.*{DEFAULT_MODEL}"):
        act(model)


@pytest.mark.slow
def test_only_the_parts_that_tables_need_are_loaded():
    assert load_model().component_names == ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "ner"]


@pytest.mark.slow
def test_a_function_replaces_only_the_names():
    names = load_model("python:os.path:join").component_names
    assert names == ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"]


@pytest.mark.slow
def test_what_would_change_tokens_or_is_not_read_is_not_loaded(save):
    folder = save("sentencizer", "merge_entities", "entity_ruler", "doc_cleaner")
    assert load_model(folder).component_names == ["entity_ruler"]


@pytest.mark.slow
def test_a_home_folder_is_found(save, monkeypatch):
    folder = Path(save())
    monkeypatch.setenv("HOME", str(folder.parent))
    assert find_model("~/pipeline") == folder and load_model("~/pipeline").lang == "en"


def test_a_folder_that_spacy_cannot_read_is_refused(tmp_path):
    (tmp_path / "meta.json").write_text("{}")
    with pytest.raises(SameStoryError, match="cannot be loaded"):
        load_model(str(tmp_path))
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(SameStoryError, match=r"meta.json of .* not JSON"):
        read_meta(str(tmp_path))


@pytest.mark.slow
def test_an_unknown_component_is_named(save):
    folder = Path(save("entity_ruler"))
    config = (folder / "config.cfg").read_text()
    (folder / "config.cfg").write_text(config.replace('factory = "entity_ruler"', 'factory = "no_such_factory"'))
    with pytest.raises(SameStoryError, match="no_such_factory"):
        load_model(str(folder))


def test_meta_has_name_and_version():
    assert (read_meta()["name"], read_meta()["version"]) == (DEFAULT_MODEL.removeprefix("en_"), "3.8.0")


@pytest.mark.slow
def test_a_pipeline_without_parts_is_used_and_its_gaps_are_reported(save, articles):
    tables = annotate_articles(articles, model=save())
    reasons = " | ".join(tables["problems"]["reason"].to_pylist())
    assert all(f"no {part}" in reasons for part in ("parts of speech", "grammar", "names"))
    assert set(tables["problems"]["severity"].to_pylist()) == {"warning"}
    assert tables["sentences"].num_rows == 6
    assert tables["tokens"]["lemma"][0].as_py() == "ada"


@pytest.mark.slow
def test_a_pipeline_with_names_alone_gives_names(save, articles):
    folder = Path(save("entity_ruler"))
    patterns = [{"label": "PERSON", "pattern": "Ada Voss"}]
    (folder / "entity_ruler" / "patterns.jsonl").write_text("\n".join(map(json.dumps, patterns)))
    mentions = annotate_articles(articles, model=str(folder))["mentions"]
    assert set(mentions["name"].to_pylist()) == {"Ada Voss"}


@pytest.mark.slow
@pytest.mark.parametrize(("language", "n_warnings"), [("de", 1), ("xx", 0), ("en", 0)])
def test_a_pipeline_of_another_language_is_a_problem(save, articles, language, n_warnings):
    problems = annotate_articles(articles, model=save(language=language))["problems"]
    assert sum("language de" in reason for reason in problems["reason"].to_pylist()) == n_warnings
