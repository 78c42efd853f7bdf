"""A REFI-QDA project as it comes back from another program: its sources, and what is coded in each by whom.

Anybody may have made the file: it is unpacked within limits, and nothing that it names is opened or fetched.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from samestory.base.errors import SameStoryError
from samestory.export.qda_project import QDA_NAMESPACE
from samestory.read.formats.formats import Unreadable
from samestory.read.formats.zip_members import check_packed, open_zip

MAX_RETURNED_BYTES, MAX_RETURNED_SOURCE_BYTES = 1_000_000_000, 30_000_000  # unpacked: of the project, of a text in it
# of the XML from one text to the next, whose codings are in memory until they are read
MAX_STRETCH_BYTES, MAX_STRETCH_TAGS = 200_000_000, 2_000_000
INTERNAL_PATH_PREFIX = "internal://"
UTF8_BOM_CHARACTER = "\ufeff"
QDA_PREFIX = f"{{{QDA_NAMESPACE}}}"
NAMELESS_CODE = "a code without a name"


@dataclass(frozen=True)
class ReturnedCoding:
    """A span of a source, its code, and who coded it."""

    start: int
    end: int
    code: str
    who: str


@dataclass(frozen=True)
class ReturnedSource:
    """A text source: its name, a digest of its text with line feeds only, and its codings."""

    name: str
    digest: str
    codings: list[ReturnedCoding]


def read_returned_project(path: Path) -> Iterator[ReturnedSource]:
    """The text sources of a REFI-QDA project, one after another.

    Raises
    ------
    SameStoryError
        If it is no such project, is damaged, or is too large.
    """
    try:
        with path.open("rb") as file:
            check_packed(file, "a REFI-QDA project (.qdpx)", MAX_RETURNED_BYTES)
            with open_zip(file) as archive:
                members = {name.lower(): name for name in archive.namelist()}
                project = next((name for lowered, name in members.items() if lowered.endswith(".qde")), None)
                if project is None:
                    raise SameStoryError(f"{path.name}: expected a REFI-QDA project, found an archive without a .qde"
                                         " file; export the project as REFI-QDA (.qdpx)")
                with archive.open(project) as xml:
                    yield from _read_sources(_Stretches(xml, path.name), _Texts(archive, members))
    except Unreadable as error:
        raise SameStoryError(f"{path.name}: {error}") from error
    except (BadZipFile, etree.XMLSyntaxError, ValueError) as error:
        raise SameStoryError(f"{path.name}: expected a REFI-QDA project, found a damaged one ({error})") from error
    except OSError as error:
        raise SameStoryError(f"{str(path)!r} cannot be opened: {error.strerror}; expected a REFI-QDA project"
                             " (.qdpx)") from error


@dataclass
class _Stretches:
    """The XML of a project, which ends with an error where the stretch up to the next text is too large."""

    file: IO[bytes]
    name: str
    n_bytes: int = 0
    n_tags: int = 0

    def read(self, n: int) -> bytes:
        """The next bytes."""
        chunk = self.file.read(n)
        self.n_bytes, self.n_tags = self.n_bytes + len(chunk), self.n_tags + chunk.count(b"<")
        if self.n_bytes > MAX_STRETCH_BYTES or self.n_tags > MAX_STRETCH_TAGS:
            raise SameStoryError(f"{self.name}: expected at most {MAX_STRETCH_BYTES:,} bytes and"
                                 f" {MAX_STRETCH_TAGS:,} tags for a text, found more; import the project in parts")
        return chunk

    def start_next(self) -> None:
        """Count from here."""
        self.n_bytes = self.n_tags = 0


@dataclass
class _Texts:
    """The texts in files of a project; each is read once, however many sources name it."""

    archive: ZipFile
    members: dict[str, str]
    digests: dict[str, str] = field(default_factory=dict)

    def digest(self, name: str) -> str:
        """The digest of a file's text; that of an empty text if there is no such file."""
        if name not in self.members:
            return digest_source("")
        if name not in self.digests:
            with self.archive.open(self.members[name]) as file:
                self.digests[name] = _digest_returned(file.read(MAX_RETURNED_SOURCE_BYTES).decode("utf-8", "replace"))
        return self.digests[name]


def _read_sources(xml: _Stretches, texts: _Texts) -> Iterator[ReturnedSource]:
    users: dict[str, str] = {}
    codes: dict[str, str] = {}
    wanted = [f"{QDA_PREFIX}{name}" for name in ("Users", "CodeBook", "TextSource")]
    for _, element in etree.iterparse(xml, tag=wanted, resolve_entities=False, no_network=True, load_dtd=False):
        if element.tag == wanted[0]:
            users = {_read_guid(user.get("guid")): user.get("name", "") for user in element.iter(f"{QDA_PREFIX}User")}
        elif element.tag == wanted[1]:
            codes = {_read_guid(code.get("guid")): code.get("name") or NAMELESS_CODE
                     for code in element.iter(f"{QDA_PREFIX}Code")}
        else:
            codings = list(_read_codings(element, codes, users))
            yield ReturnedSource(element.get("name", ""), _digest_source_text(element, texts), codings)
            element.clear()
            while element.getprevious() is not None:  # an empty one takes memory, too
                del element.getparent()[0]
        xml.start_next()


def digest_source(text: str) -> str:
    """A digest of a source's text, by which it is found again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read_guid(text: str | None) -> str:
    return (text or "").strip("{}").lower()


def _digest_source_text(source: etree._Element, texts: _Texts) -> str:
    """The digest of a source's text, which is in the XML or in a file of the archive."""
    written = source.findtext(f"{QDA_PREFIX}PlainTextContent")
    name = f"sources/{(source.get('plainTextPath') or '').removeprefix(INTERNAL_PATH_PREFIX)}".lower()
    return texts.digest(name) if written is None else _digest_returned(written)


def _digest_returned(text: str) -> str:
    return digest_source(text.removeprefix(UTF8_BOM_CHARACTER).replace("\r\n", "\n").replace("\r", "\n"))


def _read_codings(source: etree._Element, codes: dict[str, str], users: dict[str, str]) -> Iterator[ReturnedCoding]:
    for selection in source.iterfind(f"{QDA_PREFIX}PlainTextSelection"):
        start, end = (int(selection.get(name, "")) for name in ("startPosition", "endPosition"))
        for coding in selection.iterfind(f"{QDA_PREFIX}Coding"):
            reference = coding.find(f"{QDA_PREFIX}CodeRef")
            code = codes.get(_read_guid(None if reference is None else reference.get("targetGUID")), NAMELESS_CODE)
            who = coding.get("creatingUser") or selection.get("creatingUser")
            yield ReturnedCoding(start, end, code, users.get(_read_guid(who), ""))
