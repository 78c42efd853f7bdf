"""Remote data: corpora and tables on object stores, by their URLs, through fsspec.

The files of a corpus are copied one by one into the cache and read there like any others; a file that has
not changed since (by its ETag, else by the size and time that the store reports) is not copied again, unless the
copy's digest shows that it is damaged. No other module opens URLs, nor does DuckDB.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from samestory.base.digests import digest_content
from samestory.base.errors import SameStoryError, unknown_name

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

SCHEME_PACKAGES = {"s3": "s3fs", "gs": "gcsfs", "az": "adlfs", "file": "fsspec", "memory": "fsspec"}
URL_SCHEME_PATTERN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,20})://")
MAX_PARALLEL_COPIES, COPY_BATCH_FILES = 8, 1_000  # files copied at a time, and queued at a time
MAX_FILE_NAME_BYTES = 200  # of a file's name in the cache
STORE_VERSION_KEYS = ("ETag", "etag", "md5Hash", "VersionId", "generation")  # stores' names for the version of a file
STORE_TIME_KEYS = ("LastModified", "updated", "mtime", "created")  # for stores without versions


def is_url(place: object) -> bool:
    """Whether a place is given as a URL.

    >>> is_url("s3://bucket/news"), is_url("news/cnn"), is_url("C:/news")
    (True, False, False)
    """
    return URL_SCHEME_PATTERN.match(str(place)) is not None


def find_local(place: str) -> str:
    """A place without a leading `file://`."""
    return open_url(place)[1] if place.lower().startswith("file://") else place


def open_url(url: str) -> tuple["AbstractFileSystem", str]:
    """The file system of a URL, and the path in it.

    Raises
    ------
    SameStoryError
        If the scheme is unknown, or its package is not installed.
    """
    scheme = url.partition("://")[0].lower()
    if scheme not in SCHEME_PACKAGES:
        raise unknown_name("scheme of a URL", scheme, SCHEME_PACKAGES)
    from fsspec.core import url_to_fs
    try:
        fs, path = url_to_fs(url)
    except ImportError as error:
        package = SCHEME_PACKAGES[scheme]
        raise SameStoryError(f"{scheme}:// needs the package {package}, which is not installed; install it next to"
                             f" samestory: pip install {package}") from error
    return fs, path.rstrip("/")


@contextmanager
def explain_remote_errors(url: str) -> Iterator[None]:
    """Turn any error of the library that opens a URL into a `SameStoryError` that explains it."""
    try:
        yield
    except SameStoryError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:300]
        raise SameStoryError(f"{_without_secrets(url)!r} cannot be used: {type(error).__name__}: {reason};"
                             " expected a place that exists, and permission to read or write it") from error


@dataclass(frozen=True)
class Listing:
    """The files of a remote corpus: each file's key in the store and version, by its path relative to the root."""

    name: str
    files: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class RemoteCopy:
    """A file that was copied from a store: its version there, and the digest of what was copied."""

    version: str
    sha256: str

    def is_at(self, path: Path) -> bool:
        """Whether a file is this copy, undamaged."""
        try:
            return digest_content(path) == self.sha256
        except OSError:
            return False


def list_files(url: str, *, companions: tuple[str, ...]) -> Listing:
    """The files at a URL: a folder, a file or a glob.

    Parameters
    ----------
    url : the place to look
    companions : names of files that are listed along with a file or glob if they are in the same folder

    Raises
    ------
    SameStoryError
        If there is nothing at the URL, or it cannot be reached.
    """
    with explain_remote_errors(url):
        fs, path = open_url(url)
        fs.invalidate_cache()
        if fs.isdir(path):
            return _make_listing(PurePosixPath(path).name, path, fs.find(path, detail=True))
        if fs.isfile(path):
            base, name, found = _parent(path), PurePosixPath(path).stem, {path: fs.info(path)}
        elif wildcard := re.search(r"[*?[]", path):
            base = _parent(path[:wildcard.start()] + "x")
            name, found = PurePosixPath(base).name, fs.glob(path, detail=True)
        else:
            raise SameStoryError(f"no corpus at {_without_secrets(url)!r}: expected a folder, a file or a glob"
                                 " of articles")
        near = {info["name"]: info for info in fs.ls(base, detail=True)
                if PurePosixPath(info["name"]).name in companions}
        return _make_listing(name, base, near | found)


def _make_listing(name: str, base: str, found: dict[str, dict[str, Any]]) -> Listing:
    files = {key[len(base):].lstrip("/"): (key, _find_content_version(info)) for key, info in sorted(found.items())
             if info.get("type") == "file"}
    return Listing(name or "corpus", {_safe_path(relative): place for relative, place in files.items() if relative})


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _safe_path(relative: str) -> str:
    """A key as a relative path; parts that cannot be file names are replaced by digests.

    >>> _safe_path("cnn/1.txt"), _safe_path("../1.txt")[0], _safe_path("../1.txt")[-6:]
    ('cnn/1.txt', '%', '/1.txt')
    """
    return "/".join(map(_safe_name, relative.split("/")))


def _safe_name(name: str) -> str:
    if name in ("", ".", "..") or re.search(r"[\0\\:]", name) or len(name.encode()) > MAX_FILE_NAME_BYTES:
        return f"%{hashlib.sha256(name.encode()).hexdigest()[:16]}{PurePosixPath(name).suffix[:10]}"
    return name


def _find_content_version(info: dict[str, Any]) -> str:
    """A string that changes with a file's content: its version, else its time, only compared for equality."""
    versions = [info[name] for name in STORE_VERSION_KEYS if info.get(name)]
    times = [info[name] for name in STORE_TIME_KEYS if info.get(name)]
    return json.dumps([info.get("size"), *map(str, versions or times)])


def copy_files(url: str, listing: Listing, folder: Path, *, is_wanted: Callable[[str], bool]) -> None:
    """Copy the wanted files of a listing into a folder, if they are new or have changed.

    Parameters
    ----------
    url : the place they were listed at
    listing : the result of `list_files`
    folder : this URL's folder in the cache
    is_wanted : whether the file at a relative path is wanted

    Raises
    ------
    SameStoryError
        If a file cannot be copied; a file that no longer exists is left out.
    """
    from samestory.cache.locks import FileLock
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        record = folder.with_suffix(".versions")
        have = _read_record(record)
        for relative in have.keys() - listing.files.keys():
            (folder / relative).unlink(missing_ok=True)
        have = {name: copy for name, copy in have.items() if name in listing.files and copy.is_at(folder / name)}
        wanted = {name: place for name, place in listing.files.items()
                  if is_wanted(name) and (name not in have or have[name].version != place[1])}
        record.write_text("".join(_record_line(name, copy) for name, copy in have.items()), encoding="utf-8")
        with record.open("a", encoding="utf-8") as lines, explain_remote_errors(url):  # so a killed run can be resumed
            for name in _copy_all(open_url(url)[0], wanted, folder):
                lines.write(_record_line(name, RemoteCopy(wanted[name][1], digest_content(folder / name))))
                lines.flush()


def _copy_all(fs: "AbstractFileSystem", wanted: dict[str, tuple[str, str]], folder: Path) -> Iterable[str]:
    """Copy files in parallel; yields the name of each copied file."""
    import sys

    from tqdm import tqdm
    names = iter(wanted)
    with tqdm(desc="fetching", unit=" files", total=len(wanted), disable=not sys.stderr.isatty(), leave=False) as bar, \
            ThreadPoolExecutor(MAX_PARALLEL_COPIES) as pool:
        while batch := list(islice(names, COPY_BATCH_FILES)):
            for name, is_copied in pool.map(lambda name: (name, _copy_file(fs, wanted[name][0], folder / name)), batch):
                bar.update()
                if is_copied:
                    yield name


def _copy_file(fs: "AbstractFileSystem", key: str, path: Path) -> bool:
    """Copy one file; if it is gone, or a folder has the same name, the readers will report it."""
    unfinished = path.with_name(f"{path.name[:50]}.{hashlib.sha256(key.encode()).hexdigest()[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fs.get_file(key, str(unfinished))
        unfinished.replace(path)
    except (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError):
        unfinished.unlink(missing_ok=True)
        with suppress(OSError):
            path.unlink()  # an older version of it
        return False
    return True


def _record_line(name: str, copy: RemoteCopy) -> str:
    return json.dumps([name, copy.version, copy.sha256]) + "\n"


def _read_record(path: Path) -> dict[str, RemoteCopy]:
    """The copy of each file in the cache; a line that was cut off when a run was killed is left out."""
    have: dict[str, RemoteCopy] = {}
    with suppress(FileNotFoundError), path.open(encoding="utf-8") as lines:
        for line in lines:
            with suppress(ValueError, TypeError):
                name, *copy = json.loads(line)
                have[name] = RemoteCopy(*map(str, copy))
    return have


def check_writable(url: str) -> None:
    """Check that files can be written to a URL, before hours of work.

    Raises
    ------
    SameStoryError
        If they cannot.
    """
    with explain_remote_errors(url):
        fs, path = open_url(url)
        fs.pipe_file(f"{path}/.samestory", b"")
        with suppress(PermissionError):  # writing may be allowed, but not deleting
            fs.rm_file(f"{path}/.samestory")


def put_files(paths: Iterable[Path], url: str) -> None:
    """Upload files to a URL, each in one operation: a file exists completely or not at all.

    Raises
    ------
    SameStoryError
        If a file cannot be uploaded.
    """
    with explain_remote_errors(url):
        fs, base = open_url(url)
        for path in paths:
            fs.put_file(str(path), f"{base}/{path.name}")


def _without_secrets(url: str) -> str:
    """A URL without the user and password that it may contain.

    >>> _without_secrets("s3://key:secret@bucket/news")
    's3://bucket/news'
    """
    return re.sub(r"://[^/@]*@", "://", url)
