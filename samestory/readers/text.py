"""Plain text: one file, one article. Every character of the file is the article's text."""

import codecs
from collections.abc import Iterator
from pathlib import Path

LARGEST = 8_000_000  # bytes; more is no article in any encoding
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
         codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read(path: Path) -> Iterator[dict]:
    """The article in a .txt file; its id comes from its path."""
    if (size := path.stat().st_size) > LARGEST:
        yield {"error": f"expected an article, found {size:,} bytes in one text file; is it a bundle? split it"}
        return
    data = path.read_bytes()
    encoding = next((name for mark, name in MARKS.items() if data.startswith(mark)), None)
    if encoding is None and b"\0" in data:
        yield {"error": "expected text, found a binary file"}
        return
    yield _decode(data, encoding or "utf-8")


def _decode(data: bytes, encoding: str) -> dict:
    try:
        return {"text": data.decode(encoding)}
    except UnicodeDecodeError as error:
        return _guess(data, error)


def _guess(data: bytes, error: UnicodeDecodeError) -> dict:
    """Text that is not UTF-8, in the encoding that fits it best; Western European where two fit alike."""
    from charset_normalizer import from_bytes
    matches = list(from_bytes(data))
    if not matches:
        return {"error": f"expected text in UTF-8, found bytes of no known encoding (at {error.start})"}
    best = [match.encoding for match in matches
            if (match.chaos, match.coherence) == (matches[0].chaos, matches[0].coherence)]
    encoding = "cp1252" if "cp1252" in best else best[0]
    warning = f"expected UTF-8, found another encoding at byte {error.start}; read as {encoding}"
    return {"text": data.decode(encoding), "warning": warning}
