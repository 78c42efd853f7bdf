"""What a finding is: a sentence, where the page tells more, and the sentences of articles behind it."""

from dataclasses import dataclass

import pandas as pd

from samestory.show.evidence import show_evidence
from samestory.show.shown import Shown
from samestory.tables.tables import Tables

FINDING_SENTENCES_PER_ROW, MAX_FINDING_ROWS = 2, 12  # sentences shown behind a finding: of each thing, and things


@dataclass(frozen=True)
class Finding:
    """What it is about, a sentence, the page and section that tell more, and the sentences that it rests on.

    `uncorrected` is the sentence as it were without corrections by hand, if it were another.
    """

    topic: str
    text: str
    page: str
    section: str
    evidence: Shown | None = None
    uncorrected: str = ""


def show_finding(tables: Tables, spans: pd.DataFrame, rows: pd.DataFrame, by: list[str], caption: str) -> Shown:
    """The sentences that a finding rests on; arguments as for `show_evidence`."""
    return show_evidence(tables, spans, rows, by=by, caption=caption, per_row=FINDING_SENTENCES_PER_ROW,
                         max_rows=MAX_FINDING_ROWS)
