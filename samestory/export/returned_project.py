"""A REFI-QDA project as it comes back from another program: its sources, and what is coded in each by whom.

Anybody may have made the file: it is unpacked within limits, and nothing that it names is opened or fetched.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from lxml import etree

from samestory.base.errors import SameStoryError
from samestory.export.qda_project import QDA_NAMESPACE
from samestory.read.formats.formats import Unreadable
from samestory.read.formats.zip_members import check_packed, open_zip

MAX_RETURNED_BYTES, MAX_RETURNED_SOURCE_BYTES = 1_000_000_000, 30_000_000  # unpacked: of the project, of a text in it
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
                    yield from _read_sources(xml, archive, members)
    except Unreadable as error:
        raise SameStoryError(f"{path.name}: {error}") from error
    except (BadZipFile, etree.XMLSyntaxError, ValueError) as error:
        raise SameStoryError(f"{path.name}: expected a REFI-QDA project, found a damaged one ({error})") from error
    except OSError as error:
        raise SameStoryError(f"{str(path)!r} cannot be opened: {error.strerror}; expected a REFI-QDA project"
                             " (.qdpx)") from error


def _read_sources(xml: object, archive: ZipFile, members: dict[str, str]) -> Iterator[ReturnedSource]:
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
            digest = digest_source(_read_source_text(element, archive, members))
            yield ReturnedSource(element.get("name", ""), digest, list(_read_codings(element, codes, users)))
            element.clear()


def digest_source(text: str) -> str:
    """A digest of a source's text, by which it is found again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read_guid(text: str | None) -> str:
    return (text or "").strip("{}").lower()


def _read_source_text(source: etree._Element, archive: ZipFile, members: dict[str, str]) -> str:
    """The text of a source, in the project or in a file of the archive; empty if there is none."""
    written = source.findtext(f"{QDA_PREFIX}PlainTextContent")
    name = f"sources/{(source.get('plainTextPath') or '').removeprefix(INTERNAL_PATH_PREFIX)}".lower()
    if written is None and name in members:
        with archive.open(members[name]) as file:
            written = file.read(MAX_RETURNED_SOURCE_BYTES).decode("utf-8", "replace")
    return (written or "").removeprefix(UTF8_BOM_CHARACTER).replace("\r\n", "\n").replace("\r", "\n")


def _read_codings(source: etree._Element, codes: dict[str, str], users: dict[str, str]) -> Iterator[ReturnedCoding]:
    for selection in source.iterfind(f"{QDA_PREFIX}PlainTextSelection"):
        start, end = (int(selection.get(name, "")) for name in ("startPosition", "endPosition"))
        for coding in selection.iterfind(f"{QDA_PREFIX}Coding"):
            reference = coding.find(f"{QDA_PREFIX}CodeRef")
            code = codes.get(_read_guid(None if reference is None else reference.get("targetGUID")), NAMELESS_CODE)
            who = coding.get("creatingUser") or selection.get("creatingUser")
            yield ReturnedCoding(start, end, code, users.get(_read_guid(who), ""))
