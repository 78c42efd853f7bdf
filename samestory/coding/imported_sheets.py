"""Coded sheets that are imported: decided rows become corrections, the others a sheet to settle them on.

The same in Python: `read_coding`, `write_settling_sheet` and `add_coded_corrections`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samestory.base.wording import format_list, format_quantity
from samestory.coding.agreement import list_disagreements
from samestory.coding.answers import Coding, read_coding
from samestory.coding.decisions import add_coded_corrections, write_settling_sheet
from samestory.coding.key import find_key_file
from samestory.coding.sheets import KEY_SUFFIX
from samestory.read.corpus import CORRECTIONS_FILE, find_corpus
from samestory.tables.tables import load_tables

SETTLING_SUFFIX = ".settled.xlsx"


@dataclass(frozen=True)
class ImportedSheets:
    """What came of coded sheets: the coding, corrections added, disputed rows, and the sheet to settle these on."""

    coding: Coding
    n_added: int
    n_disputed: int
    settling_sheet: Path
    is_new_sheet: bool


def import_sheets(corpus: str | Path, sheets: Sequence[str | Path], *, key: str | Path = "") -> ImportedSheets:
    """Append what coders decided to a corpus's corrections.csv, and write the rows on which they differ as a sheet.

    A row is decided if all its coders gave one answer or if it was settled. The sheet to settle the others on lies
    next to the key; filled in, it is given with the others. One that is there already is left as it is.

    Parameters
    ----------
    corpus : folder of the articles
    sheets, key : as for `read_coding`

    Raises
    ------
    SameStoryError
        As for `read_coding` and `load_tables`, or if a file cannot be written.
    """
    found = find_corpus(corpus)
    key_path = Path(key).expanduser() if key else find_key_file(Path(sheets[0]).expanduser())
    tables = load_tables(found)
    coding = read_coding(sheets, key=key_path, tables=tables)
    n_disputed = len(list_disagreements(coding))
    settling = key_path.with_name(f"{key_path.name.removesuffix(KEY_SUFFIX)}{SETTLING_SUFFIX}")
    is_new = bool(n_disputed) and not settling.exists()
    if is_new:
        write_settling_sheet(tables, coding, settling)
    return ImportedSheets(coding, add_coded_corrections(found, tables, coding), n_disputed, settling, is_new)


def list_sheet_import_lines(result: ImportedSheets) -> Iterator[str]:
    """What `samestory import` prints of coded sheets: rows, corrections, what is to be settled, and odd rows."""
    coding = result.coding
    yield (f"{format_quantity(coding.answers['row'].nunique(), 'row')} of {len(coding.key):,} coded"
           f"{' by ' + format_list(coding.coders) if coding.coders else ''}")
    yield f"{format_quantity(result.n_added, 'correction')} added to {CORRECTIONS_FILE}"
    if result.n_disputed:
        verb = "written" if result.is_new_sheet else "is there already"
        yield (f"{format_quantity(result.n_disputed, 'row')} on which the coders differ: {result.settling_sheet}"
               f" {verb}; fill it in together, and give it with the others to import and run")
    for row in coding.problems.itertuples():
        place = ", ".join(filter(None, (row.sheet, f"line {row.line}" if row.line else "", row.row)))
        yield f"{place}: {row.reason}" if place else row.reason
