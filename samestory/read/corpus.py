"""A corpus: a folder, a file or a glob, here or at a URL, and the files in it that are articles.

Only names and bytes are examined here; `folder_files.py` lists a folder, and readers interpret the contents. This
module imports little, so that a run quickly finds that nothing has changed since the last one.
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
from samestory.read.folder_files import (
    RUN_FILE,
    FolderFiles,
    RefusedPath,
    check_paths,
    is_page,
    list_folder_files,
    list_matching_files,
    name_own_output,
)
from samestory.read.formats.formats import FILE_ENDINGS, FILE_ENDINGS_TEXT, RESERVED_NAME_PREFIXES
from samestory.read.formats.refusals import describe_refusal

SEED_CORPUS = "seeds"
BUNDLED_CORPORA = {SEED_CORPUS: "seeds", "example": "data/example"}  # the corpora of the package: name and folder
METADATA_CSV_FILE, METADATA_YAML_FILE = "metadata.csv", "metadata.yml"
ALIASES_FILE, ROSTER_FILE, OUTLETS_FILE = "aliases.csv", "roster.csv", "outlets.csv"
EVENTS_FILE = "events.csv"  # the event of each article, by its id
CORRECTIONS_FILE = "corrections.csv"  # applied to the finished tables
SIDECAR_FILES = (METADATA_CSV_FILE, METADATA_YAML_FILE, EVENTS_FILE, CORRECTIONS_FILE, ALIASES_FILE, ROSTER_FILE,
                 OUTLETS_FILE)


@dataclass(frozen=True)
class Corpus:
    """Files to read as articles, sidecars, files without a reader, and paths that are refused; each sorted by path."""

    name: str
    root: Path
    files: tuple[Path, ...]
    sidecars: tuple[Path, ...] = ()
    unread: tuple[Path, ...] = ()
    refused: tuple[RefusedPath, ...] = ()

    def relative(self, path: Path) -> str:
        """A file's path relative to the corpus, with forward slashes; the same in every locale."""
        return os.fsencode(path.relative_to(self.root).as_posix()).decode("utf-8", "surrogateescape")

    def sidecar(self, name: str) -> Path | None:
        """The sidecar of that name, if the corpus folder has it."""
        return next((path for path in self.sidecars if path.name == name), None)

    def refuses(self, name: str) -> bool:
        """Whether the sidecar of that name is there, but is not read."""
        return any(refused.path == self.root / name for refused in self.refused)

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
        return [*((self.relative(path), _digest_file(path)) for path in (*self.files, *self.sidecars, *self.unread)),
                *((self.relative(refused.path), refused.reason) for refused in self.refused)]


def find_corpus(corpus: str | Path = SEED_CORPUS) -> Corpus:
    """The corpus at a folder, a file, a glob or a URL of these.

    ``seeds`` and ``example`` are those in the package, unless the working folder has a folder of that name.

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
    path = _find_bundled(str(corpus)) if str(corpus) in BUNDLED_CORPORA else Path(corpus).expanduser()
    if path.is_dir():
        _refuse_report(path)
        found = _sort_files(path.resolve().name, path, list_folder_files(path))
    elif path.is_file():
        listed = check_paths(_find_sidecars(path.parent), path.parent)
        found = _sort_files(path.stem, path.parent, FolderFiles([*listed.files, path], listed.refused))
    elif glob.has_magic(str(corpus)):
        root = _fixed_part(path)
        found = _sort_files(root.resolve().name, root, _list_matches(path, root))
    else:
        raise SameStoryError(f"no corpus at {str(corpus)!r}: expected a folder, a file or a glob of articles, found"
                             f" nothing at {str(path.resolve())!r}{_nearest_path(path)}")
    return _check_files(found, corpus)


def _find_bundled(name: str) -> Path:
    """The folder of that name in the working folder, which is the user's; else the one in the package."""
    own, bundled = Path(name), resource(BUNDLED_CORPORA[name])
    return own if own.is_dir() and not own.samefile(bundled) else bundled


def name_bundled(root: Path) -> str:
    """The name of the package's corpus in this folder; empty for any other folder."""
    return next((name for name, folder in BUNDLED_CORPORA.items() if root.resolve() == resource(folder).resolve()), "")


def describe_bundled(name: str, corpus: Corpus) -> str:
    """Which of the two corpora of that name this is."""
    if name_bundled(corpus.root):
        return f"{name}, the articles that come with samestory"
    return f"{name}, your folder {str(corpus.root.resolve())!r}, not the articles that come with samestory"


def _check_files(found: Corpus, corpus: str) -> Corpus:
    if not found.files:
        refused = "".join(f"; not read: {found.relative(path.path)!r}, {path.reason}" for path in found.refused[:1])
        place = "" if is_url(corpus) else f" of {str(found.root.resolve())!r}"
        raise SameStoryError(f"no articles in {corpus!r}: expected files{place} ending in"
                             f" {FILE_ENDINGS_TEXT}, found {_format_found_endings(found)}{refused}")
    return found


def _refuse_report(folder: Path) -> None:
    if (folder / RUN_FILE).is_file() and (own := name_own_output(folder, {RUN_FILE})):
        raise SameStoryError(f"{str(folder)!r} is {own}; expected the folder of its articles")


def _fetch_corpus(url: str) -> Corpus:
    """The corpus at a URL: files that can be read are copied to the cache; of the others only the names are known."""
    listing = list_files(url, companions=SIDECAR_FILES)
    pages = {page.removesuffix(PurePosixPath(page).suffix) + "_files" for page in listing.files if is_page(page)}
    names = [name for name in listing.files if not _is_in_skipped_folder(PurePosixPath(name), pages)]
    root = cache_folder() / "fetched" / hashlib.sha256(url.encode()).hexdigest()[:24]
    found = _sort_files(listing.name, root, FolderFiles([root / name for name in names]))
    wanted = {found.relative(path) for path in (*found.files, *found.sidecars)}
    copy_files(url, listing, root, is_wanted=wanted.__contains__)
    return found


def _is_in_skipped_folder(path: PurePosixPath, pages: set[str]) -> bool:
    """Whether a file is in a dot folder, or in the folder that a browser saved along with a page."""
    return any(folder.name.startswith(".") or str(folder) in pages for folder in path.parents)


def _sort_files(name: str, root: Path, listed: FolderFiles) -> Corpus:
    sidecars = sorted({p for p in listed.files if p.name in SIDECAR_FILES and p.parent == root})
    others = [p for p in listed.files if not _is_reserved(p, root)]
    return Corpus(name or "corpus", root,
                  files=tuple(p for p in others if p.suffix.lower() in FILE_ENDINGS),
                  sidecars=tuple(sidecars),
                  unread=tuple(p for p in others if p.suffix.lower() not in FILE_ENDINGS),
                  refused=tuple(r for r in listed.refused if not r.path.name.startswith(RESERVED_NAME_PREFIXES)))


def _is_reserved(path: Path, root: Path) -> bool:
    return (path.name in SIDECAR_FILES and path.parent == root) or path.name.startswith(RESERVED_NAME_PREFIXES)


def _find_sidecars(root: Path) -> list[Path]:
    return [root / name for name in SIDECAR_FILES if os.path.lexists(root / name)]


def _list_matches(pattern: Path, root: Path) -> FolderFiles:
    """What a glob matches, and the sidecars of its folder."""
    sidecars, listed = check_paths(_find_sidecars(root), root), list_matching_files(pattern, root)
    return FolderFiles([*sidecars.files, *listed.files],
                       list(dict.fromkeys((*sidecars.refused, *listed.refused))))


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
    unread = Counter(path.suffix.lower() for path in corpus.unread).most_common(1)
    advice = "".join(f"; {describe_refusal(ending)}" for ending, _ in unread)
    return (", ".join(f"{n} ({kind})" for kind, n in kinds.most_common(5)) or "nothing") + advice


def _digest_file(path: Path) -> str:
    try:
        if not path.is_file():  # a link to a device, which may never end, or to nothing
            return "no file"
        return digest_content(path)
    except OSError as error:  # reading the file fails again, and is reported then
        return f"unreadable: {error.strerror}"
