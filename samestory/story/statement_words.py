"""The words by which statements are compared: lemmas of content words, each with a weight for its part of speech.

Function words and the plainest verb of saying are left out. A name has less weight than a noun or verb: names are in
most statements of an event, and two statements about one person may claim different things.
"""

import numpy as np
import pandas as pd

from samestory.base.language import WordList, read_stop_words

STATEMENT_WORD_WEIGHTS = {"NOUN": 1.0, "VERB": 1.0, "NUM": 1.0, "ADJ": 0.75, "PROPN": 0.625, "ADV": 0.5}
OTHER_WORD_WEIGHT = 0.75  # of any other part of speech
MEANINGLESS_POS = ("PUNCT", "SPACE", "SYM")
UNCOMPARED_VERBS = WordList("plain_saying_verbs")


def list_statement_words(statements: pd.DataFrame, tokens: pd.DataFrame) -> pd.DataFrame:
    """The content words of each statement.

    One row per statement and word. Columns: statement (position in `statements`), word (lemma in lower case), weight,
    is_name.

    Parameters
    ----------
    statements : article_id and start, those of an article together and in order
    tokens : article_id, start, lemma and pos of the same articles
    """
    words = tokens["lemma"].str.lower()
    place = find_statement_places(statements, tokens)
    kept = (place >= 0) & ~tokens["pos"].isin(MEANINGLESS_POS).to_numpy() & _mark_content_words(words, tokens["pos"])
    weights = tokens["pos"].map(STATEMENT_WORD_WEIGHTS).fillna(OTHER_WORD_WEIGHT)
    frame = pd.DataFrame({"statement": place, "word": words, "weight": weights, "is_name": tokens["pos"] == "PROPN"})
    best: pd.DataFrame = frame[kept].groupby(["statement", "word"], as_index=False, sort=True).agg(
        weight=("weight", "max"), is_name=("is_name", "min"))
    return best


def find_statement_places(statements: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """The position of the statement in which each row begins; -1 if in none.

    Parameters
    ----------
    statements : article_id, start and end, those of an article together and in order
    rows : article_id and start
    """
    codes, articles = pd.factorize(statements["article_id"])
    keys = codes.astype(np.int64) << 32 | statements["start"].to_numpy(np.int64)
    of_rows, starts = pd.Index(articles).get_indexer(rows["article_id"]), rows["start"].to_numpy(np.int64)
    found = np.searchsorted(keys, of_rows.astype(np.int64) << 32 | starts, side="right") - 1
    if not len(keys):
        return np.full(len(rows), -1)
    is_in = (found >= 0) & (codes[found] == of_rows) & (starts < statements["end"].to_numpy()[found])
    return np.where(is_in, found, -1)


def _mark_content_words(words: "pd.Series[str]", pos: "pd.Series[str]") -> np.ndarray:
    """Whether each word is compared: it has a letter or digit, and is a number or no function word."""
    distinct = pd.Series(words.unique())
    has_letter = distinct.str.contains(r"[^\W_]", regex=True)
    left_out = distinct.isin(read_stop_words() | UNCOMPARED_VERBS.words)
    is_word = words.isin(set(distinct[has_letter])).to_numpy()
    is_function = words.isin(set(distinct[left_out])).to_numpy() & (pos != "NUM").to_numpy()
    marked: np.ndarray = is_word & ~is_function
    return marked
