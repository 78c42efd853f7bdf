"""Web archives (.warc): the pages that a crawler stored, one at a time; a .wacz or .warc.gz holds such files.

Only whole answers with the status 200 that are HTML are pages; requests, pictures and redirects are passed over.
"""

import zlib
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from samestory.read.formats.formats import FoundProblem, Unreadable
from samestory.read.formats.mail import mark_address

if TYPE_CHECKING:
    from samestory.read.formats.archive import Allowance, Member

MAX_WARC_PAGE_BYTES = 20_000_000
MAX_WARC_HEADER_LINES, MAX_WARC_LINE_BYTES = 1_000, 65_536
PAGE_MEDIA_TYPES = ("text/html", "application/xhtml+xml")
Headers = dict[str, str]  # by their names in small letters


def read_members(file: IO[bytes], path: str, allowance: "Allowance") -> "Iterator[Member]":
    """The pages of a .warc file with their paths: its own, and their number in it."""
    number = 0
    while (headers := _read_record_head(file)) is not None:
        number += 1
        size = headers.get("content-length", "")
        if not size.isdecimal() or len(size) > 15:
            raise Unreadable(f"record {number:,}: expected its Content-Length, found {size[:40]!r}; the rest is not"
                             " read: fetch it again")
        if headers.get("warc-type") != "response" or int(size) > MAX_WARC_PAGE_BYTES:
            file.seek(int(size), 1)
            continue
        answer = file.read(int(size))
        allowance.take(len(answer))
        if len(answer) < int(size):
            raise Unreadable(f"record {number:,}: the file is cut off; fetch it again")
        try:
            page = _read_page(answer, allowance)
        except (ValueError, zlib.error) as error:
            yield f"{path}/{number}.html", FoundProblem("warning", f"a page that cannot be unpacked ({error}); save it"
                                                        " as HTML")
            continue
        if page is not None:
            yield f"{path}/{number}.html", mark_address(page, headers.get("warc-target-uri", "").strip("<>"))


def _read_record_head(file: IO[bytes]) -> Headers | None:
    """The headers of the next record; None at the end of the file."""
    line = b"\n"
    while line.strip() == b"" and line:
        line = file.readline(MAX_WARC_LINE_BYTES)
    if not line:
        return None
    if not line.startswith(b"WARC/"):
        raise Unreadable(f"expected the beginning of a record, WARC/1.0, found {line[:40]!r}; the rest is not read")
    lines = []
    while (line := file.readline(MAX_WARC_LINE_BYTES)).strip():
        lines.append(line)
        if len(lines) > MAX_WARC_HEADER_LINES:
            raise Unreadable(f"expected at most {MAX_WARC_HEADER_LINES:,} headers of a record, found more; the rest is"
                             " not read")
    return _parse_headers(lines)


def _parse_headers(lines: list[bytes]) -> Headers:
    pairs = (line.decode("utf-8", "replace").partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _read_page(answer: bytes, allowance: "Allowance") -> str | None:
    """The page in an answer of a web server; None if it is none."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    headers = _parse_headers(lines[:MAX_WARC_HEADER_LINES])
    media_type, _, options = headers.get("content-type", "").partition(";")
    if status.split()[1:2] != [b"200"] or media_type.strip().lower() not in PAGE_MEDIA_TYPES:
        return None
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _join_chunks(body)
    body = _unpack_body(body, headers.get("content-encoding", "").lower(), allowance)
    charset = options.lower().partition("charset=")[2].strip(" \"'") or "utf-8"
    try:
        return body.decode(charset)
    except (LookupError, UnicodeDecodeError):
        from samestory.read.formats.decoded_lines import decode
        return decode(body)[0]


def _join_chunks(body: bytes) -> bytes:
    """A body that was sent in chunks; one that some crawlers had joined stays as it is."""
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        end = body.find(b"\r\n", at, at + 100)
        size = body[at:end].partition(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            return body if not parts else b"".join(parts)
        if not length:
            break
        parts.append(body[end + 2:end + 2 + length])
        at = end + 2 + length + 2
    return b"".join(parts)


def _unpack_body(body: bytes, encoding: str, allowance: "Allowance") -> bytes:
    if encoding in ("", "identity", "none"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError(f"it is packed as {encoding[:40]!r}")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # of zlib or gzip
    try:
        unpacked = unpacker.decompress(body, MAX_WARC_PAGE_BYTES)
    except zlib.error:
        unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, MAX_WARC_PAGE_BYTES)
    allowance.take(len(unpacked))
    return unpacked
