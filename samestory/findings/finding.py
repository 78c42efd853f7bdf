"""A finding: a sentence, the page section that has more, and the article sentences that support it."""

from dataclasses import dataclass

import pandas as pd

from samestory.show.evidence import show_evidence
from samestory.show.shown import Shown
from samestory.tables.tables import Tables

FINDING_SENTENCES_PER_ROW = 2  # sentences shown for each row of a finding's evidence
MAX_FINDING_ROWS = 12  # rows of its evidence


@dataclass(frozen=True)
class Finding:
    """Its topic, a sentence, the page and section that have more, and the supporting sentences.

    `uncorrected` is the sentence without manual corrections, if they change it.
    """

    topic: str
    text: str
    page: str
    section: str
    evidence: Shown | None = None
    uncorrected: str = ""


def show_finding(tables: Tables, spans: pd.DataFrame, rows: pd.DataFrame, by: list[str], caption: str) -> Shown:
    """The sentences that support a finding; arguments as for `show_evidence`."""
    return show_evidence(tables, spans, rows, by=by, caption=caption, per_row=FINDING_SENTENCES_PER_ROW,
                         max_rows=MAX_FINDING_ROWS)
