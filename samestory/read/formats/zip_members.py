"""Packed files: checks that a Word file or spreadsheet, which is a ZIP archive, is whole and not too large."""

import zipfile
from typing import IO

from samestory.read.formats.formats import Unreadable

UNPACK_CHUNK_BYTES = 1 << 20


def check_packed(file: IO[bytes], expected: str, largest: int) -> None:
    """Refuse a file that is not a ZIP archive, is damaged, or unpacks to more than `largest` bytes.

    Raises
    ------
    Unreadable
        If the file is refused; the message names the `expected` kind.
    """
    total = 0
    try:
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                info.file_size = largest + 2 * UNPACK_CHUNK_BYTES  # the declared size may be too small
                with archive.open(info) as member:
                    while chunk := member.read(UNPACK_CHUNK_BYTES):
                        total += len(chunk)
                        if total > largest:
                            raise Unreadable(f"unpacks to more than {largest:,} bytes; save it as text or CSV")
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(f"expected {expected}, found another file or a damaged one ({error})") from None
    finally:
        file.seek(0)
