"""Mail and saved pages in its form (.eml, .mht): the message or page, and attached files, each read as a file.

A page gets the address it was saved from as a comment, which the reader of pages looks for; a plain message its subject
and date as labelled lines. What a message only quotes or embeds, such as pictures, is left out.
"""

import email
import io
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from samestory.read.formats.formats import FILE_ENDINGS, FoundProblem, Unreadable, find_format

if TYPE_CHECKING:
    from samestory.read.formats.archive import Allowance, Member

MAX_MAIL_BYTES = 100_000_000
MAX_MAIL_PARTS = 1_000
MAX_MAIL_FIELD_CHARS = 1_000
UTF8_MARK = "\ufeff"


def read_members(file: IO[bytes], path: str, allowance: "Allowance") -> "Iterator[Member]":
    """The text or page of a message, and the files attached to it, with their paths."""
    data = file.read(MAX_MAIL_BYTES + 1)
    if len(data) > MAX_MAIL_BYTES:
        raise Unreadable(f"expected at most {MAX_MAIL_BYTES:,} bytes, found more; save its text or its attachments")
    allowance.take(len(data))
    message = email.message_from_bytes(data)
    parts = [part for _, part in zip(range(MAX_MAIL_PARTS), message.walk(), strict=False) if not part.is_multipart()]
    stem = str(PurePosixPath(path).with_suffix(""))
    shown = [part for part in parts if part.get_content_disposition() != "attachment" and not part.get_filename()]
    text = next((part for part in shown if part.get_content_type() == "text/plain"), None)
    page = next((part for part in shown if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
    if text is not None and _decode_part(text).strip():
        yield f"{stem}.txt", io.BytesIO(_add_labels(message, _decode_part(text)).encode())
    elif page is not None:
        yield f"{stem}.html", mark_address(_decode_part(page), page.get("Content-Location", ""))
    elif not any(part.get_filename() for part in parts):
        yield path, FoundProblem("error", "expected a message or page, found none; save its text as .txt or .html")
    for part in parts:
        name = PurePosixPath(_decode_field(part.get_filename() or "").replace("\\", "/")).name
        if PurePosixPath(name).suffix.lower() in FILE_ENDINGS and part not in (text, page):
            yield f"{path}/{name}", io.BytesIO(_get_payload(part))


def mark_address(page: str, address: str) -> IO[bytes]:
    """A page as a file, with the address it is from as browsers write it into pages that they save."""
    address = "".join(address.split()).replace("<", "").replace(">", "")
    comment = f"<!-- saved from url=({len(address):04}){address} -->\n" if address.startswith("http") else ""
    return io.BytesIO(f"{UTF8_MARK}{comment}{page.removeprefix(UTF8_MARK)}".encode("utf-8", "replace"))


def _get_payload(part: "Message[str, str]") -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decode_part(part: "Message[str, str]") -> str:
    data = _get_payload(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        from samestory.read.formats.decoded_lines import decode
        return decode(data)[0]


def _add_labels(message: "Message[str, str]", text: str) -> str:
    """A plain message with its subject and date as labelled lines; an export of a database stays as it is."""
    if find_format(io.BytesIO(text.encode("utf-8", "replace")), ".txt").module != "text":
        return text
    fields = [(label, _decode_field(message.get(name, ""))) for label, name in (("Title", "Subject"), ("Date", "Date"))]
    return "".join(f"{label}: {value}\n" for label, value in fields if value) + f"\n{text}"


def _decode_field(value: object) -> str:
    """A header's value on one line, decoded."""
    raw = str(value)[:MAX_MAIL_FIELD_CHARS]
    try:
        return " ".join(str(make_header(decode_header(raw))).split())
    except (LookupError, ValueError, email.errors.HeaderParseError):
        return " ".join(raw.split())
