"""A finding: a sentence, the page section that has more, and the article sentences that support it."""

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from samestory.show.evidence import show_evidence
from samestory.show.shown import Shown
from samestory.tables.tables import Tables

FINDING_SENTENCES_PER_ROW = 2  # sentences shown for each row of a finding's evidence
MAX_FINDING_ROWS = 12  # rows of its evidence
MAX_FRONT_ARTICLES = 12  # articles listed on a front page, with who speaks most; a larger corpus has its numbers only


class FindingBar(NamedTuple):
    """A bar of a small chart: its label, and the number that it shows: `9 of 12`."""

    label: str
    said: str

    @property
    def share(self) -> float:
        """The length of the bar, 0 to 1.

        >>> FindingBar("CNN", "9 of 12").share
        0.75
        """
        part, whole = (int(number.replace(",", "")) for number in self.said.split(" of "))
        return part / max(whole, 1)


@dataclass(frozen=True)
class Finding:
    """Its topic, a sentence, the page and section that have more, and the supporting sentences.

    `uncorrected` is the sentence without manual corrections, if they change it; `lead` is said in place of `text`
    where the sentences that it quotes follow; `bars` are the numbers of a small chart.
    """

    topic: str
    text: str
    page: str
    section: str
    evidence: Shown | None = None
    uncorrected: str = ""
    lead: str = ""
    bars: tuple[FindingBar, ...] = ()


def show_finding(tables: Tables, spans: pd.DataFrame, rows: pd.DataFrame, by: list[str], caption: str) -> Shown:
    """The sentences that support a finding, between their neighbours; arguments as for `show_evidence`."""
    return show_evidence(tables, spans, rows, by=by, caption=caption, per_row=FINDING_SENTENCES_PER_ROW,
                         max_rows=MAX_FINDING_ROWS, with_neighbours=True)
