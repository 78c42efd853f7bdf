"""Sentences that a front page may print: prose, neither a caption nor a line in capitals nor markup.

They are shown between their neighbours, so they need not be readable alone. That somebody did not answer the outlet is
no news.
"""

import re
from bisect import bisect_left
from typing import Any

import pandas as pd

from samestory.base.fields import select_text_rows
from samestory.base.language import WordList
from samestory.base.wording import SENTENCE_END_MARKS
from samestory.tables.tables import Tables

MAX_QUOTED_SENTENCE_CHARS = 300  # code points of a sentence that is shown whole
MIN_FACT_SENTENCE_WORDS = 8  # a shorter sentence says too little
MAX_CAPITALS_SHARE = 0.4  # of a sentence's letters
MAX_CAPTION_OPENING_WORDS = 8  # of a caption, with its verb
QUOTED_MARKS = "“”\""
STRIPPED_LEAD_MARKS = "“\"'‘ "
UNANSWERED_PHRASES = WordList("unanswered_phrases")  # of what an outlet asked in vain: "a request for comment"
CAPTION_VERBS = WordList("caption_verbs")  # of captions, in the present tense: "Ann Lee speaks in Paris."
WEIGHTY_WORDS = WordList("weighty_words")
WEIGHED_WORD_PATTERN = re.compile(r"[\w']+|[$%]")
CAPTION_PATTERN = re.compile(r"[A-Z]{3,}[A-Z .,]*\s*(?:[-–—:]|PHOTO)|.*[<>]")  # "FILE - Ann Lee in May", "<b>"


def keep_prose(tables: Tables, facts: pd.DataFrame) -> pd.DataFrame:
    """The rows whose sentence is prose, long enough to say something and short enough to be shown whole.

    Parameters
    ----------
    tables : a corpus's tables
    facts : rows of `find_facts`
    """
    people = _list_people(tables)
    kept = [_is_prose(row.text) and not _is_caption(row, people) for row in facts.itertuples()]
    return facts[pd.Series(kept, facts.index, "bool")]


def count_weighty_words(text: str) -> int:
    """The number of words of opposition, accusation and consequence, and of sums and percentages.

    >>> count_weighty_words("She wouldn’t say that they sued for $5."), count_weighty_words("It rained.")
    (3, 0)
    """
    return sum(word in WEIGHTY_WORDS for word in WEIGHED_WORD_PATTERN.findall(text.lower().replace("’", "'")))


def _list_people(tables: Tables) -> dict[str, list[int]]:
    """Where each article names a person, in order."""
    mentions = select_text_rows(tables.mentions)
    mentions = mentions[mentions["label"] == "PERSON"]
    return {name: sorted(starts) for name, starts in mentions.groupby("article_id")["start"]}


def _is_prose(sentence: str) -> bool:
    letters = [char for char in sentence if char.isalpha()]
    return (len(sentence.split()) >= MIN_FACT_SENTENCE_WORDS and len(sentence) <= MAX_QUOTED_SENTENCE_CHARS
            and sentence.rstrip().endswith(SENTENCE_END_MARKS)
            and not CAPTION_PATTERN.match(sentence.strip(STRIPPED_LEAD_MARKS))
            and sum(map(str.isupper, letters)) <= MAX_CAPITALS_SHARE * len(letters)
            and not any(phrase in sentence.lower() for phrase in UNANSWERED_PHRASES))


def _is_caption(row: Any, people: dict[str, list[int]]) -> bool:
    """Whether the outlet says of a person what a picture shows: `President Ann Lee speaks at the town hall.`

    >>> class Row: article_id, start, text, speaker = "a", 0, "President Ann Lee speaks at the town hall.", None
    >>> _is_caption(Row, {"a": [10]}), _is_caption(Row, {})
    (True, False)
    """
    opening = row.text.split()[:MAX_CAPTION_OPENING_WORDS]
    starts = people.get(row.article_id, [])
    first = bisect_left(starts, row.start)
    place = next((i for i, word in enumerate(opening) if word.lower() in CAPTION_VERBS), None)
    return (place is not None and pd.isna(row.speaker) and first < len(starts)
            and starts[first] < row.start + len(" ".join(opening[:place])))
