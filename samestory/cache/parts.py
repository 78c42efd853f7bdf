"""Storage of annotated articles: parts, each a folder of Parquet files that exists completely or not at all.

A part is written under a temporary name, sealed and then renamed; folders that a killed process left half-written
are recognised by their released locks, and removed. Workers that share no folder with this machine upload
their parts to an object store, the seal last; from there the parts are copied here. A damaged part is removed, and
its articles are annotated again.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from samestory.cache.folder import (
    UNFINISHED_PREFIX,
    cache_folder,
    open_unfinished,
    read_cache_setting,
    sweep_unfinished,
)
from samestory.cache.remote import explain_remote_errors, is_url, open_url
from samestory.cache.seals import SEAL_FILE, drop_damaged, is_whole, keep_folder, read_sealed_keys

if TYPE_CHECKING:
    import pyarrow as pa

PROBE_PREFIX = "probe-"
MAX_PROBE_WAIT_SECONDS = 5  # time until a file written by another machine is visible here


@dataclass(frozen=True)
class Store:
    """A folder of parts; with `url`, workers upload parts there, which are then copied into the folder."""

    folder: Path
    url: str = ""

    @classmethod
    def of(cls, pipeline: str) -> "Store":
        """The store of a pipeline's annotations, by the digest of the pipeline."""
        chosen, name = read_cache_setting(), f"annotated/{pipeline[:24]}"
        return cls(cache_folder() / name, f"{chosen.rstrip('/')}/{name}" if is_url(chosen) else "")

    def __str__(self) -> str:
        return self.url or str(self.folder)

    def prepare(self) -> None:
        """Create the folder, and remove what killed processes left in it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        sweep_unfinished(self.folder)

    def list_parts(self) -> dict[str, str]:
        """The part that holds each annotated article, by the article's key; parts without a seal are removed."""
        if self.url:
            self._copy_parts()
        parts: dict[str, str] = {}
        for folder in sorted(path for path in self.folder.iterdir() if path.is_dir()):
            if folder.name.startswith(UNFINISHED_PREFIX):
                continue
            keys = read_sealed_keys(folder)
            if keys is None:
                drop_damaged(folder)
            parts.update(dict.fromkeys(keys or [], folder.name))
        return parts

    def verify(self, name: str) -> bool:
        """Whether a part is as it was written; otherwise it is removed, and copied again if it is on an object store.

        Raises
        ------
        SameStoryError
            If the object store cannot be read.
        """
        if not is_whole(self.folder / name):
            drop_damaged(self.folder / name)
            return bool(self.url) and self.holds(name)
        return True

    def write_part(self, name: str, tables: "dict[str, pa.Table]", keys: list[str]) -> None:
        """Write a part, unless it exists and is whole."""
        if self.url:
            with TemporaryDirectory(prefix="samestory-") as folder:
                (unfinished := Path(folder, "unfinished")).mkdir()
                _write_files(unfinished, tables)
                keep_folder(unfinished, Path(folder, name), keys)
                self._put_part(Path(folder, name), name)
            return
        with open_unfinished(self.folder) as unfinished:
            _write_files(unfinished, tables)
            if not is_whole(self.folder / name):
                drop_damaged(self.folder / name)
            try:
                keep_folder(unfinished, self.folder / name, keys)
            except OSError:  # another worker finished the same part first
                if not is_whole(self.folder / name):
                    raise

    def holds(self, name: str) -> bool:
        """Whether a part exists; if it is only on the object store, it is copied first."""
        if self.url and not (self.folder / name).exists():
            with explain_remote_errors(self.url):
                self._copy_part(name)
        return (self.folder / name / SEAL_FILE).exists()

    def write_probe(self, name: str) -> None:
        """Write a small file for another machine to find."""
        if self.url:
            fs, path = open_url(self.url)
            fs.pipe_file(f"{path}/{PROBE_PREFIX}{name}", name.encode())
        else:
            (self.folder / f"{PROBE_PREFIX}{name}").write_text(name, encoding="utf-8")

    def take_probe(self, name: str) -> bool:
        """Whether a probe written by another machine is visible here; if so, it is removed."""
        if self.url:
            fs, base = open_url(self.url)
            is_there = bool(fs.exists(f"{base}/{PROBE_PREFIX}{name}"))
            with suppress(OSError):
                fs.rm_file(f"{base}/{PROBE_PREFIX}{name}")
            return is_there
        path, deadline = self.folder / f"{PROBE_PREFIX}{name}", time.monotonic() + MAX_PROBE_WAIT_SECONDS
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        is_there = path.exists()
        path.unlink(missing_ok=True)
        return is_there

    def _put_part(self, folder: Path, name: str) -> None:
        """Upload a part's files, the seal last: a part without a seal does not count."""
        fs, path = open_url(self.url)
        for file in sorted(folder.iterdir(), key=lambda file: (file.name == SEAL_FILE, file.name)):
            fs.put_file(str(file), f"{path}/{name}/{file.name}")

    def _copy_parts(self) -> None:
        """Copy every part of the object store that is not in the folder."""
        with explain_remote_errors(self.url):
            fs, path = open_url(self.url)
            fs.invalidate_cache()
            for found in fs.glob(f"{path}/*/{SEAL_FILE}"):
                if not (self.folder / Path(found).parent.name).exists():
                    self._copy_part(Path(found).parent.name)

    def _copy_part(self, name: str) -> None:
        """Copy a part of the object store, if it is whole there."""
        fs, path = open_url(self.url)
        fs.invalidate_cache()
        with open_unfinished(self.folder) as unfinished:
            for found in fs.ls(f"{path}/{name}", detail=False):
                fs.get_file(found, str(unfinished / Path(found).name))
            if is_whole(unfinished):
                with suppress(OSError):  # another process was first
                    unfinished.rename(self.folder / name)


class KnownParts:
    """The parts that hold annotated articles; a part is verified when the first of its articles is asked for."""

    def __init__(self, store: Store) -> None:
        self._store, self._names = store, store.list_parts()
        self._whole: dict[str, bool] = {}

    def find(self, key: str) -> str | None:
        """The name of the part that holds an article; None if it is to be annotated."""
        name = self._names.get(key)
        if name is not None and name not in self._whole:
            self._whole[name] = self._store.verify(name)
        return name if name is not None and self._whole[name] else None

    def add(self, done: Mapping[str, str]) -> None:
        """Add the names of new parts, by the keys of their articles."""
        self._names.update(done)
        self._whole.update(dict.fromkeys(done.values(), True))


def _write_files(folder: Path, tables: "dict[str, pa.Table]") -> None:
    import pyarrow.parquet as pq
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
