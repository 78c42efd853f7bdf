"""Folders: who may look into the cache and into temporary files, and what becomes of those of killed processes."""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from samestory.base.errors import SameStoryError
from samestory.cache.folder import (
    RUN_FOLDER_PREFIX,
    cache_folder,
    open_run_folder,
    open_socket_folder,
    open_unfinished,
    sweep_unfinished,
)
from samestory.cache.parts import Store

KILLED_RUN = ("import os, tempfile\nfrom samestory.cache.folder import open_run_folder\nwith open_run_folder():\n"
              "    open(tempfile.mkstemp()[0], 'w').write('a text')\n    os.kill(os.getpid(), 9)")


@pytest.fixture
def loose_umask():
    """Files for everybody, unless a program says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def read_mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_default_cache_is_closed_to_others(loose_umask, monkeypatch, tmp_path):
    monkeypatch.delenv("SAMESTORY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert read_mode(cache_folder()) == 0o700
    cache_folder().chmod(0o755)  # as earlier versions made it
    assert read_mode(cache_folder()) == 0o700


def test_a_cache_that_is_shared_is_as_open_as_its_user_says(loose_umask, monkeypatch, tmp_path):
    os.umask(0o002)
    monkeypatch.setenv("SAMESTORY_CACHE", str(tmp_path / "team"))
    store = Store.of("0" * 64)
    store.prepare()
    with open_unfinished(store.folder) as unfinished:
        assert {read_mode(folder) for folder in (cache_folder(), store.folder, unfinished)} == {0o775}


def test_temporary_files_of_a_run_are_private_and_end_with_it(loose_umask, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open_run_folder() as folder:
        printed = subprocess.run([sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"],
                                 capture_output=True, text=True, check=True).stdout
        assert Path(printed.strip()) == Path(tempfile.gettempdir()) == folder
        assert folder.parent == tmp_path and read_mode(folder) == 0o700
    assert tempfile.gettempdir() == str(tmp_path) and not list(tmp_path.iterdir())


def test_the_next_run_sweeps_what_a_killed_one_left(monkeypatch, tmp_path):
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", KILLED_RUN], env=environment, check=False).returncode == -9
    assert [path.read_text() for path in tmp_path.glob(f"{RUN_FOLDER_PREFIX}*/*")] == ["a text"]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open_run_folder() as folder:
        assert {path.stem for path in tmp_path.iterdir()} == {folder.name}


def test_sockets_get_a_short_private_folder_however_long_the_temporary_one_is(monkeypatch, tmp_path):
    temporary = tmp_path / ("long" * 20)
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with open_socket_folder() as folder, socket.socket(socket.AF_UNIX) as opened:
        opened.bind(f"{folder}/k-12345")
        assert read_mode(folder) == 0o700
        monkeypatch.setattr(tempfile, "tempdir", str(folder.parent))
        with open_socket_folder() as other:
            assert other != folder and folder.is_dir() and other.parent == folder.parent
    assert not folder.exists() and not list(temporary.iterdir())


def test_a_signal_right_after_locking_leaves_nothing(monkeypatch, tmp_path):
    acquire = FileLock.acquire

    def stop(lock, *arguments, **options):
        acquire(lock, *arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(FileLock, "acquire", stop)
    with pytest.raises(KeyboardInterrupt), open_unfinished(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_a_link_that_somebody_left_for_the_sweeper_is_not_followed(tmp_path):
    (tmp_path / "precious.txt").write_text("precious")
    (tmp_path / f"{RUN_FOLDER_PREFIX}x.lock").symlink_to(tmp_path / "precious.txt")
    sweep_unfinished(tmp_path, prefix=RUN_FOLDER_PREFIX)
    assert (tmp_path / "precious.txt").read_text() == "precious"


def test_a_folder_for_temporary_files_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    with pytest.raises(SameStoryError, match=r"file.*TMPDIR"), open_run_folder():
        pass
