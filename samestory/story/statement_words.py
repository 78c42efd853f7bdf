"""The words by which statements are compared: lemmas of content words, each with a weight for its part of speech.

Function words and the plainest verb of saying are left out. A name has less weight than a noun or verb: names are in
most statements of an event, and two statements about one person may claim different things. What a name or a number
stands for counts as a word of its own, so that "the D.N.C." matches "the Democratic National Committee", and "two
dozen" matches "24".
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from samestory.base.language import WordList, read_stop_words

if TYPE_CHECKING:
    from collections.abc import Iterable

STATEMENT_WORD_WEIGHTS = {"NOUN": 1.0, "VERB": 1.0, "NUM": 1.0, "ADJ": 0.75, "PROPN": 0.625, "ADV": 0.5}
OTHER_WORD_WEIGHT = 0.75  # of any other part of speech
MEANINGLESS_POS = ("PUNCT", "SPACE", "SYM")
UNCOMPARED_VERBS = WordList("plain_saying_verbs")
NAMED_LABELS = ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC")
NUMBER_KINDS = ("number", "money", "percentage", "measure", "duration")
ENTITY_WORD_WEIGHT, VALUE_WORD_WEIGHT = 0.5, 0.875
VALUE_WORD_MARK = "="  # before what a number stands for
INDEFINITE_VALUE = 1.0  # "one" is said of everything


def list_statement_words(statements: pd.DataFrame, tokens: pd.DataFrame, mentions: pd.DataFrame,
                         values: pd.DataFrame) -> pd.DataFrame:
    """The content words of each statement, and the entities and numbers in it.

    One row per statement and word. Columns: statement (position in `statements`), word (a lemma in lower case, an
    entity's name as it is written, or a number after VALUE_WORD_MARK), weight, is_name, is_written (a lemma).

    Parameters
    ----------
    statements : article_id and start, those of an article together and in order
    tokens : article_id, start, lemma and pos of the same articles
    mentions : article_id, start, label and entity_id
    values : article_id, start, kind and value
    """
    parts = [_list_written_words(statements, tokens), _list_entity_words(statements, mentions),
             _list_value_words(statements, values)]
    return pd.concat(parts).sort_values(["statement", "word"], kind="stable", ignore_index=True)


def list_statement_phrases(statements: pd.DataFrame, tokens: pd.DataFrame) -> pd.DataFrame:
    """The phrases of each statement: two content words side by side, no name of two words.

    One row per statement and phrase. Columns: statement (position in `statements`), phrase (two lemmas).

    Parameters
    ----------
    statements, tokens : as for `list_statement_words`, the tokens in order
    """
    place, kept = _place_content_words(statements, tokens)
    is_name, words = (tokens["pos"] == "PROPN").to_numpy(), tokens["lemma"].str.lower().to_numpy()
    is_pair = kept[:-1] & kept[1:] & (place[:-1] == place[1:]) & ~(is_name[:-1] & is_name[1:])
    found = pd.DataFrame({"statement": place[:-1][is_pair], "phrase": words[:-1][is_pair] + " " + words[1:][is_pair]})
    return found.drop_duplicates().sort_values(["statement", "phrase"], ignore_index=True)


def _place_content_words(statements: pd.DataFrame, tokens: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The position of each token's statement, and whether the token is compared."""
    place = find_statement_places(statements, tokens)
    kept = (place >= 0) & ~tokens["pos"].isin(MEANINGLESS_POS).to_numpy()
    kept &= _mark_content_words(tokens["lemma"].str.lower(), tokens["pos"])
    return place, kept


def _list_entity_words(statements: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """A word for each entity named in a statement: its name, whatever form the article uses."""
    place = find_statement_places(statements, mentions)
    kept = (place >= 0) & mentions["label"].isin(NAMED_LABELS) & mentions["entity_id"].notna()
    names = [name.partition(":")[2] for name in mentions["entity_id"][kept]]
    return _make_words(place[kept], names, ENTITY_WORD_WEIGHT, is_name=True)


def _list_value_words(statements: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """A word for each number in a statement: its kind and its first three digits."""
    place = find_statement_places(statements, values)
    number = pd.to_numeric(values["value"])
    kept = (place >= 0) & values["kind"].isin(NUMBER_KINDS) & number.notna() & number.ne(INDEFINITE_VALUE)
    words = [f"{VALUE_WORD_MARK} {kind} {n:.3g}" for kind, n in zip(values["kind"][kept], number[kept], strict=True)]
    return _make_words(place[kept], words, VALUE_WORD_WEIGHT, is_name=False)


def _make_words(places: np.ndarray, words: "Iterable[str]", weight: float, *, is_name: bool) -> pd.DataFrame:
    """Rows of words that no token alone makes, each once in a statement."""
    found = pd.DataFrame({"statement": places, "word": pd.Series(list(words), dtype=str)}).drop_duplicates()
    return found.assign(weight=weight, is_name=is_name, is_written=False)


def _list_written_words(statements: pd.DataFrame, tokens: pd.DataFrame) -> pd.DataFrame:
    """The lemmas of the content words of each statement."""
    words = tokens["lemma"].str.lower()
    place, kept = _place_content_words(statements, tokens)
    weights = tokens["pos"].map(STATEMENT_WORD_WEIGHTS).fillna(OTHER_WORD_WEIGHT)
    frame = pd.DataFrame({"statement": place, "word": words, "weight": weights, "is_name": tokens["pos"] == "PROPN"})
    best: pd.DataFrame = frame[kept].groupby(["statement", "word"], as_index=False, sort=True).agg(
        weight=("weight", "max"), is_name=("is_name", "min"))
    return best.assign(is_written=True)


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
