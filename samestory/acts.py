"""Acts done with words: demands, requests, promises, accusations, thanks, told without a clause of content.

"Urged Congress to act" or "accused him of lying" tells what somebody did with words, not what the words
were; table `speech_acts` keeps such tellings apart from quotations, and so do the counts here.
"""

import pandas as pd

from samestory.tables import Tables
from samestory.voices import SURE_ENOUGH, choose_statements, count_cues


def choose_speech_acts(tables: Tables, *, min_confidence: float = SURE_ENOUGH) -> pd.DataFrame:
    """The speech acts of counted articles with their outlet, and a name for everyone who speaks.

    Parameters
    ----------
    tables : a corpus's tables
    min_confidence : acts that their rule is less sure of are left out; 0 to 1

    Returns
    -------
    The columns of `choose_quotations`, of table `speech_acts`.
    """
    return choose_statements(tables.read("speech_acts"), tables.articles, min_confidence=min_confidence)


def count_speech_acts(acts: pd.DataFrame) -> pd.DataFrame:
    """Demands, promises, accusations and others, by outlet.

    One row is a class of cues in an outlet. Columns: outlet, cue_class, n_acts, share (of the outlet's acts),
    share_percent, low_percent and high_percent (if any outlet has articles enough), cues.
    """
    table = count_cues(acts)
    attrs = table.attrs
    table = table.rename(columns={"n_quotations": "n_acts"})
    table.attrs = attrs
    return table


def list_speech_acts(acts: pd.DataFrame) -> pd.DataFrame:
    """Speech acts to read, by class and outlet.

    One row is an act. Columns: cue_class, outlet, speaker_name, cue, text.
    """
    told = acts.dropna(subset="cue_class")
    ordered = told.sort_values(["cue_class", "outlet", "article_id", "sentence", "quotation_id"])
    return ordered[["cue_class", "outlet", "speaker_name", "cue", "text"]].reset_index(drop=True)
