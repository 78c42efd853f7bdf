"""Seals: whatever happens to a stored folder, it is recognised as damaged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.cache import seals
from samestory.cache.parts import KnownParts, Store
from samestory.cache.seals import SEAL_FILE, drop_damaged, is_whole, keep_folder, read_sealed_keys


def keep(parent, keys=("k1", "k2")):
    """A sealed folder of two files, one of them in a subfolder."""
    (parent / "new" / "raw").mkdir(parents=True)
    (parent / "new" / "a.parquet").write_bytes(b"tokens" * 50)
    (parent / "new" / "raw" / "a.parquet").write_bytes(b"raw tokens")
    keep_folder(parent / "new", parent / "kept", keys)
    return parent / "kept"


def test_a_kept_folder_is_whole_and_has_its_keys(tmp_path):
    kept = keep(tmp_path)
    assert is_whole(kept) and read_sealed_keys(kept) == ["k1", "k2"]
    (kept / ".DS_Store").write_bytes(b"of the system")
    assert is_whole(kept)


@pytest.mark.parametrize("name", ["a.parquet", "raw/a.parquet", SEAL_FILE])
@pytest.mark.parametrize("content", [None, b"", b"to", b"{}", b"[1]", b'{"sha256": [], "keys": []}', b"[" * 100_000])
def test_a_changed_or_missing_file_is_noticed(tmp_path, name, content):
    kept = keep(tmp_path)
    (kept / name).unlink()
    if content is not None:
        (kept / name).write_bytes(content)
    assert not is_whole(kept)


@pytest.mark.slow
@given(bit=st.integers(0, 8 * 300 - 1))
def test_every_flipped_bit_of_a_table_is_noticed(tmp_path_factory, bit):
    kept = keep(tmp_path_factory.mktemp("cache"))
    damaged = bytearray((kept / "a.parquet").read_bytes())
    damaged[bit // 8] ^= 1 << bit % 8
    (kept / "a.parquet").write_bytes(damaged)
    assert not is_whole(kept)


@pytest.mark.slow
@given(bit=st.integers(0, 8 * 150 - 1))
def test_a_flipped_bit_of_a_seal_loses_articles_at_most(tmp_path_factory, bit):
    parent = tmp_path_factory.mktemp("cache")
    kept = keep(parent)
    damaged = bytearray((kept / SEAL_FILE).read_bytes())
    damaged[bit // 8] ^= 1 << bit % 8
    (kept / SEAL_FILE).write_bytes(damaged)
    parts = KnownParts(Store(parent))
    assert {parts.find(key) for key in ("k1", "k2")} <= {None, "kept"}


def test_files_are_on_the_disk_before_the_folder_has_its_name(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(seals, "sync_to_disk", lambda path: done.append((path.name, (tmp_path / "kept").exists())))
    keep(tmp_path)
    assert sorted(done[:3]) == [("a.parquet", False), ("a.parquet", False), (SEAL_FILE, False)]
    assert sorted(done[3:-1]) == [("new", False), ("raw", False)]
    assert done[-1] == (tmp_path.name, True)


def test_a_damaged_folder_is_removed_and_reported_once(tmp_path, capsys):
    kept = keep(tmp_path)
    drop_damaged(kept)
    drop_damaged(kept)
    assert capsys.readouterr().err.count("is damaged or incomplete") == 1
    assert not list(tmp_path.iterdir())


def test_one_broken_seal_costs_one_part(tmp_path):
    store = Store(tmp_path)
    for name in ("p1", "p2"):
        (tmp_path / "new").mkdir()
        keep_folder(tmp_path / "new", tmp_path / name, [f"key of {name}"])
    (tmp_path / "p1" / SEAL_FILE).write_text(json.dumps({"keys": "key of p1"}))
    assert store.list_parts() == {"key of p2": "p2"}
    assert [path.name for path in tmp_path.iterdir()] == ["p2"]
