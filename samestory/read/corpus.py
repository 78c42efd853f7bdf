"""A corpus: a folder, a file or a glob, here or at a URL, and the files in it that are articles.

Only names and bytes are examined here; readers interpret the contents. This module imports little, so that a run
quickly finds that nothing has changed since the last one.
"""

import glob
import hashlib
import os
from collections import Counter
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from itertools import takewhile
from pathlib import Path, PurePosixPath

from samestory.base.digests import digest_content
from samestory.base.errors import SameStoryError
from samestory.base.resources import resource
from samestory.cache.folder import cache_folder
from samestory.cache.remote import copy_files, find_local, is_url, list_files
from samestory.read.formats.formats import FILE_ENDINGS, FILE_ENDINGS_TEXT, RESERVED_NAME_PREFIXES

SEED_CORPUS = "seeds"  # the name of the corpus that is part of the package
METADATA_CSV_FILE, METADATA_YAML_FILE = "metadata.csv", "metadata.yml"
ALIASES_FILE, ROSTER_FILE, OUTLETS_FILE = "aliases.csv", "roster.csv", "outlets.csv"
EVENTS_FILE = "events.csv"  # the event of each article, by its id
CORRECTIONS_FILE = "corrections.csv"  # applied to the finished tables
SIDECAR_FILES = (METADATA_CSV_FILE, METADATA_YAML_FILE, EVENTS_FILE, CORRECTIONS_FILE, ALIASES_FILE, ROSTER_FILE,
                 OUTLETS_FILE)


@dataclass(frozen=True)
class Corpus:
    """Files to read as articles, sidecars, and files without a reader; each sorted by path."""

    name: str
    root: Path
    files: tuple[Path, ...]
    sidecars: tuple[Path, ...] = ()
    unread: tuple[Path, ...] = ()

    def relative(self, path: Path) -> str:
        """A file's path relative to the corpus, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def sidecar(self, name: str) -> Path | None:
        """The sidecar of that name, if the corpus folder has it."""
        return next((path for path in self.sidecars if path.name == name), None)

    def digest(self, *, corrected: bool = True) -> str:
        """A digest of every file's name and bytes, sidecars included; corrections.csv only if `corrected`."""
        total = hashlib.sha256()
        for name, digest in self._digests:
            if corrected or name != CORRECTIONS_FILE:
                total.update(f"{name}\0{digest}\n".encode("utf-8", "surrogatepass"))
        return total.hexdigest()

    def has_changed(self) -> bool:
        """Whether a file other than corrections.csv has changed since the digest was first computed."""
        return replace(self).digest(corrected=False) != self.digest(corrected=False)

    @cached_property
    def _digests(self) -> list[tuple[str, str]]:
        return [(self.relative(path), _digest_file(path)) for path in (*self.files, *self.sidecars, *self.unread)]


def find_corpus(corpus: str | Path = SEED_CORPUS) -> Corpus:
    """The corpus at a folder, a file, a glob or a URL of these; ``seeds`` is the one in the package.

    Raises
    ------
    SameStoryError
        If the place does not exist, or no reader can read any file in it.
    """
    if not str(corpus).strip():
        raise SameStoryError("no corpus given: expected a folder, a file or a glob of articles")
    corpus = find_local(str(corpus))
    if is_url(corpus):
        found = _fetch_corpus(corpus)
        return _check_files(found, corpus)
    path = resource(SEED_CORPUS) if str(corpus) == SEED_CORPUS else Path(corpus).expanduser()
    if path.is_dir():
        found = _sort_files(path.resolve().name, path, _walk(path))
    elif path.is_file():
        found = _sort_files(path.stem, path.parent, [*_find_sidecars(path.parent), path])
    elif glob.has_magic(str(corpus)):
        root = _fixed_part(path)
        found = _sort_files(root.resolve().name, root, [*_find_sidecars(root), *_expand(path)])
    else:
        raise SameStoryError(f"no corpus at {str(corpus)!r}: expected a folder, a file or a glob"
                             f" of articles{_nearest_path(path)}")
    return _check_files(found, corpus)


def _check_files(found: Corpus, corpus: str) -> Corpus:
    if not found.files:
        raise SameStoryError(f"no articles in {corpus!r}: expected files ending in"
                             f" {FILE_ENDINGS_TEXT}, found {_format_found_endings(found)}")
    return found


def _fetch_corpus(url: str) -> Corpus:
    """The corpus at a URL: files that can be read are copied to the cache; of the others only the names are known."""
    listing = list_files(url, companions=SIDECAR_FILES)
    pages = {page.removesuffix(PurePosixPath(page).suffix) + "_files" for page in listing.files if _is_page(page)}
    names = [name for name in listing.files if not _is_in_skipped_folder(PurePosixPath(name), pages)]
    root = cache_folder() / "fetched" / hashlib.sha256(url.encode()).hexdigest()[:24]
    found = _sort_files(listing.name, root, [root / name for name in names])
    wanted = {found.relative(path) for path in (*found.files, *found.sidecars)}
    copy_files(url, listing, root, is_wanted=wanted.__contains__)
    return found


def _is_in_skipped_folder(path: PurePosixPath, pages: set[str]) -> bool:
    """Whether a file is in a dot folder, or in the folder that a browser saved along with a page."""
    return any(folder.name.startswith(".") or str(folder) in pages for folder in path.parents)


def _sort_files(name: str, root: Path, paths: list[Path]) -> Corpus:
    sidecars = sorted({p for p in paths if p.name in SIDECAR_FILES and p.parent == root})
    others = [p for p in paths if not _is_reserved(p, root)]
    return Corpus(name or "corpus", root,
                  files=tuple(p for p in others if p.suffix.lower() in FILE_ENDINGS),
                  sidecars=tuple(sidecars),
                  unread=tuple(p for p in others if p.suffix.lower() not in FILE_ENDINGS))


def _is_reserved(path: Path, root: Path) -> bool:
    return (path.name in SIDECAR_FILES and path.parent == root) or path.name.startswith(RESERVED_NAME_PREFIXES)


def _find_sidecars(root: Path) -> list[Path]:
    return [root / name for name in SIDECAR_FILES if (root / name).is_file()]


def _walk(folder: Path) -> list[Path]:
    """Every file in a folder and its subfolders, sorted; links to folders are not followed.

    Dot folders are left out, and so are folders in which a browser keeps the pictures and scripts of a saved page.
    """
    found = []
    for base, folders, names in os.walk(folder):
        pages = {Path(name).stem + "_files" for name in names if _is_page(name)}
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in pages)
        found += [path for name in names if (path := Path(base, name)).is_file() or path.is_symlink()]
    return sorted(found, key=lambda path: path.as_posix())


def _is_page(name: str) -> bool:
    return name.lower().endswith((".html", ".htm"))


def _expand(pattern: Path) -> list[Path]:
    found = glob.glob(str(pattern), recursive=True)  # noqa: PTH207 -- Path.glob takes no absolute pattern
    return sorted(path for path in map(Path, found) if path.is_file())


def _fixed_part(pattern: Path) -> Path:
    """The folder above the first wildcard of a glob."""
    return Path(*takewhile(lambda part: not glob.has_magic(part), pattern.parts[:-1]))


def _nearest_path(path: Path) -> str:
    parent = path.parent
    names = [child.name for child in parent.iterdir()] if parent.is_dir() else []
    nearest = get_close_matches(path.name, names, n=1)
    return f"; did you mean {str(parent / nearest[0])!r}?" if nearest else ""


def _format_found_endings(corpus: Corpus) -> str:
    kinds = Counter(path.suffix.lower() or "no ending" for path in (*corpus.unread, *corpus.sidecars))
    return ", ".join(f"{n} ({kind})" for kind, n in kinds.most_common(5)) or "nothing"


def _digest_file(path: Path) -> str:
    try:
        if not path.is_file():  # a link to a device, which may never end, or to nothing
            return "no file"
        return digest_content(path)
    except OSError as error:  # reading the file fails again, and is reported then
        return f"unreadable: {error.strerror}"
