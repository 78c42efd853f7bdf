"""Archives: the files in a .zip, .tar, .tar.gz or .gz, one at a time, in memory or in a temporary file.

Nothing is written under a name that an archive gives. The unpacked size of an archive, with all archives
in it, is bounded, since a small file can unpack to a huge one.
"""

import gzip
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol, cast

from samestory.read.formats.formats import (
    FILE_ENDINGS,
    PAGE_FILE_ENDINGS,
    RESERVED_NAME_PREFIXES,
    FoundProblem,
    Unreadable,
)
from samestory.read.formats.refusals import describe_refusal
from samestory.read.formats.zip_members import open_zip

MAX_UNPACK_RATIO = 200  # text is usually compressed to a third of its size, sometimes to a tenth
MIN_UNPACK_LIMIT_BYTES, MAX_UNPACK_LIMIT_BYTES = 64_000_000, 64_000_000_000
IN_MEMORY_MEMBER_BYTES, ARCHIVE_CHUNK_BYTES = 8_000_000, 1 << 18
ARCHIVE_ERRORS = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile, NotImplementedError)
MAC_FOLDER_NAME = "__MACOSX"  # of the folder that macOS adds to ZIP archives
EPUB_FRONT_PATTERN = re.compile(r"(?:^|[_-])(?:nav|toc|cover|title_?page|copyright|contents?)$", re.IGNORECASE)
TAR_ENDINGS = (".tar", ".tar.gz", ".tgz")
Member = tuple[str, IO[bytes] | FoundProblem]  # its path, and the unpacked file or a problem


class Readable(Protocol):
    """A binary file or stream; only its `read` is used."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""


@dataclass
class Allowance:
    """The number of bytes that may still be unpacked from an archive and the archives in it."""

    left: int

    @classmethod
    def of(cls, file: IO[bytes]) -> "Allowance":
        """The allowance of a packed file, by its size."""
        size = file.seek(0, 2)
        file.seek(0)
        return cls(min(MAX_UNPACK_LIMIT_BYTES, max(MIN_UNPACK_LIMIT_BYTES, MAX_UNPACK_RATIO * size)))

    def take(self, size: int) -> None:
        """Count unpacked bytes, and refuse too many."""
        self.left -= size
        if self.left < 0:
            raise Unreadable(f"unpacks to more than {MAX_UNPACK_RATIO} times its size, or to more than"
                             f" {MAX_UNPACK_LIMIT_BYTES:,} bytes, which no collection of articles does; the rest"
                             " is not read")


def read_members(file: IO[bytes], path: str, allowance: Allowance) -> Iterator[Member]:
    """The files of an archive with their paths, or their problems."""
    try:
        if _starts_with_bytes(file, b"PK"):
            yield from _read_zip(file, path, allowance)
        elif path.lower().endswith(TAR_ENDINGS):
            yield from _read_tar(file, path, allowance)
        else:
            yield from _read_gzip(file, path, allowance)
    except ARCHIVE_ERRORS as error:
        raise Unreadable(f"the archive is damaged or cut off ({error}); fetch it again") from None


def _read_zip(file: IO[bytes], path: str, allowance: Allowance) -> Iterator[Member]:
    with open_zip(file) as archive:
        for info in archive.infolist():
            name, odd = _clean_member_path(path, info.filename)
            if info.is_dir() or name is None or not _may_hold_article(path, info.filename):
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                odd = FoundProblem("warning", "a link; it is not followed")
            elif info.flag_bits & 1:
                odd = FoundProblem("error", "needs a password; unpack it yourself")
            if odd:
                yield name, odd
            if odd and odd.severity != "note":
                continue
            try:
                with archive.open(info) as member:
                    unpacked = _unpack(_LimitedStream(member, allowance))
            except ARCHIVE_ERRORS as error:
                yield name, FoundProblem("error", f"damaged or cut off in the archive ({error})")
            else:
                yield name, unpacked


def _may_hold_article(path: str, name: str) -> bool:
    """Whether a member of a ZIP archive is read: of an e-book its pages, of a packed web archive what was crawled."""
    ending = PurePosixPath(path).suffix.lower()
    if ending == ".epub":
        return name.lower().endswith(PAGE_FILE_ENDINGS) and not EPUB_FRONT_PATTERN.search(PurePosixPath(name).stem)
    return ending != ".wacz" or name.startswith("archive/")


def _read_tar(file: IO[bytes], path: str, allowance: Allowance) -> Iterator[Member]:
    """The members of a tar file in order; all bytes read from it count, including names."""
    plain = gzip.GzipFile(fileobj=file, mode="rb") if _starts_with_bytes(file, b"\x1f\x8b") else file
    stream = cast("IO[bytes]", _LimitedStream(plain, allowance))  # in mode "r|" tarfile calls `read` only
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # which would grow with every name
            name, odd = _clean_member_path(path, info.name)
            if info.isdir() or name is None:
                continue
            if not info.isfile():
                odd = FoundProblem("warning", "a link or device; it is not followed")
            if odd:
                yield name, odd
            if (not odd or odd.severity == "note") and (member := archive.extractfile(info)):
                yield name, _unpack(member)


class _LimitedStream:
    """A stream from which no more bytes than allowed are read."""

    def __init__(self, file: Readable, allowance: Allowance) -> None:
        self._file, self._allowance = file, allowance

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._allowance.take(len(data))
        return data


def _starts_with_bytes(file: IO[bytes], magic: bytes) -> bool:
    found = file.read(len(magic)) == magic
    file.seek(0)
    return found


def _read_gzip(file: IO[bytes], path: str, allowance: Allowance) -> Iterator[Member]:
    """The single file in a .gz, named like the archive without its last ending."""
    inner = str(PurePosixPath(path).with_suffix("")) if path.lower().endswith(".gz") else path
    if PurePosixPath(inner).suffix.lower() not in FILE_ENDINGS:
        yield path, FoundProblem("warning", describe_refusal(PurePosixPath(inner).suffix.lower()))
        return
    with gzip.GzipFile(fileobj=file, mode="rb") as member:
        yield inner, _unpack(_LimitedStream(member, allowance))


def _clean_member_path(path: str, name: str) -> tuple[str | None, FoundProblem | None]:
    """The path of a member, or None if it is not read; a name that leads out of the archive is kept within it."""
    raw = PurePosixPath(name.replace("\\", "/")).parts
    parts = [part for part in raw if part not in ("/", "..", ".") and not part.endswith(":")]
    if not parts or any(part.startswith((*RESERVED_NAME_PREFIXES, MAC_FOLDER_NAME)) for part in parts):
        return None, None
    inner = f"{path}/{'/'.join(parts)}"
    ending = PurePosixPath(parts[-1]).suffix.lower()
    if ending not in FILE_ENDINGS:
        return inner, FoundProblem("warning", describe_refusal(ending))
    if len(parts) == len(raw):
        return inner, None
    return inner, FoundProblem("note", f"its name {name!r} leads out of the archive; read as if within it")


def _unpack(member: Readable) -> IO[bytes]:
    unpacked = SpooledTemporaryFile(max_size=IN_MEMORY_MEMBER_BYTES)  # the caller closes it
    try:
        while chunk := member.read(ARCHIVE_CHUNK_BYTES):
            unpacked.write(chunk)
    except BaseException:
        unpacked.close()
        raise
    unpacked.seek(0)
    return unpacked
