"""ZIP archives, also Word files and spreadsheets: opened, and checked to be whole and not too large."""

import zipfile
from typing import IO

from samestory.read.formats.formats import Unreadable

UNPACK_CHUNK_BYTES = 1 << 20
MAX_ZIP_DIRECTORY_BYTES = 32_000_000  # the list of members: 46 bytes and a name each, and 700 bytes of memory


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """A ZIP archive; its list of members is read at once.

    Raises
    ------
    BadZipFile
        If it is damaged, or its list of members is too long.
    """
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # which finds the list, in each form of it
    if end and end[zipfile._ECD_SIZE] > MAX_ZIP_DIRECTORY_BYTES:  # type: ignore[attr-defined]
        raise zipfile.BadZipFile(f"its list of members has more than {MAX_ZIP_DIRECTORY_BYTES:,} bytes")
    return zipfile.ZipFile(file)


def check_packed(file: IO[bytes], expected: str, largest: int) -> None:
    """Refuse a file that is not a ZIP archive, is damaged, or unpacks to more than `largest` bytes.

    Raises
    ------
    Unreadable
        If the file is refused; the message names the `expected` kind.
    """
    total = 0
    try:
        with open_zip(file) as archive:
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
