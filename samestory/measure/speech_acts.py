"""Speech acts: demands, requests, promises, accusations and thanks, reported without a content clause.

"Urged Congress to act" or "accused him of lying" reports what somebody did with words, not the words
themselves; the table `speech_acts`, like the counts here, keeps such reports separate from quotations.
"""

import pandas as pd

from samestory.base.confidence import MIN_QUOTATION_CONFIDENCE
from samestory.measure.speakers import choose_statements, count_cues, list_most_used
from samestory.tables.tables import Tables


def choose_speech_acts(tables: Tables, *, min_confidence: float = MIN_QUOTATION_CONFIDENCE) -> pd.DataFrame:
    """The speech acts of counted articles with their outlet, and a name for everyone who speaks.

    Parameters
    ----------
    tables : a corpus's tables
    min_confidence : acts with less confidence are left out; 0 to 1

    Returns
    -------
    The columns of `choose_quotations`, from the table `speech_acts`.
    """
    return choose_statements(tables.read("speech_acts"), tables.articles, min_confidence=min_confidence)


def count_speech_acts(acts: pd.DataFrame) -> pd.DataFrame:
    """Demands, promises, accusations and other acts, by outlet.

    One row per class of cues and outlet. Columns: outlet, cue_class, n_acts, share (of the outlet's acts),
    share_percent, low_percent and high_percent (if any outlet has enough articles), cues, speakers (both with
    numbers, the most frequent first).
    """
    table = count_cues(acts)
    speakers = acts.dropna(subset="cue_class").groupby(["outlet", "cue_class"])["speaker_name"].agg(list_most_used)
    return table.rename(columns={"n_quotations": "n_acts"}).merge(
        speakers.rename("speakers").reset_index(), on=["outlet", "cue_class"])
