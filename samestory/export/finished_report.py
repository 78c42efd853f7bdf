"""The finished report of a corpus, which exports of a run are made from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samestory.base.errors import SameStoryError
from samestory.read.corpus import Corpus
from samestory.report.report_folder import INDEX_FILE, read_run_file
from samestory.report.subject import METHOD_FILE


@dataclass(frozen=True)
class FinishedReport:
    """The folder of a report, and its run.json."""

    folder: Path
    record: dict[str, Any]

    @property
    def pages(self) -> list[Path]:
        """The front page, the pages of its questions, and the page on method."""
        names = sorted(name for name in self.record["files"] if name.endswith(".html") and "/" not in name)
        middle = [name for name in names if name not in (INDEX_FILE, METHOD_FILE)]
        return [self.folder / name for name in (INDEX_FILE, *middle, METHOD_FILE)]


def find_report(corpus: Corpus, reports: Path) -> FinishedReport:
    """The report of a corpus that `samestory run` wrote.

    Raises
    ------
    SameStoryError
        If there is none, it is that of other articles, a notebook of it failed, or a file of it is missing.
    """
    folder = reports / corpus.name
    record = read_run_file(folder)
    advice = "write it with `samestory run`, or say with --reports where it is"
    if not record:
        raise SameStoryError(f"no report of {corpus.name!r} in {str(reports)!r}: {advice}")
    if record["provenance"].get("input") != corpus.digest():
        raise SameStoryError(f"{str(folder)!r} is the report of other articles, or of these before they were changed or"
                             f" corrected: {advice}")
    if record.get("status") != "ok":
        raise SameStoryError(f"a page of {str(folder)!r} failed ({', '.join(record.get('errors', ()))}): {advice}")
    if missing := [name for name in record["files"] if not (folder / name).is_file()]:
        raise SameStoryError(f"{str(folder)!r} lacks {missing[0]!r}: {advice}")
    return FinishedReport(folder, record)
