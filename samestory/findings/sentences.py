"""Sentences that can be read by themselves, so that a front page may print them.

A sentence is passed over if it needs the one before it ("They ...", "he added"), if somebody says it who is not named
in it, so that it would seem to be the outlet's own, and if it is no prose: a caption, a link in capitals, markup.
That somebody did not answer the outlet is no news either, and what the next sentence takes back ("But ...") misleads.
"""

import re
from bisect import bisect_left
from typing import Any

import pandas as pd

from samestory.base.fields import select_text_rows
from samestory.base.language import WordList
from samestory.tables.tables import Tables

MAX_QUOTED_SENTENCE_CHARS = 220  # code points of a sentence that is shown whole
MIN_FACT_SENTENCE_WORDS = 8  # a shorter sentence says too little by itself
MIN_STATEMENT_SHARE = 0.6  # of a sentence: less of it may be what is meant, and the rest reported by all
MAX_CAPITALS_SHARE = 0.4  # of a sentence's letters
MAX_CAPTION_OPENING_WORDS = 8  # of a caption, with its verb
QUOTED_MARKS = "“”\""
STRIPPED_LEAD_MARKS = "“\"'‘ "
DEPENDENT_OPENINGS = WordList("dependent_openings")  # of a sentence that needs the one before it
DEPENDENT_MODIFIERS = WordList("dependent_modifiers")  # near its beginning: "All of these plans", "Lee further said"
MAX_OPENING_WORDS = 5  # among which such a word refers to the sentence before
UNFINISHED_ENDINGS = WordList("unfinished_endings")  # of a sentence that a line end cuts: "Roe v."
OPENING_BREAK_PATTERN = re.compile("[,'’]")  # "That's"
REVERSING_OPENINGS = WordList("reversing_openings")  # of the next sentence: "But"
NEIGHBOUR_CHARS = 40  # read before and after a sentence
UNANSWERED_PHRASES = WordList("unanswered_phrases")  # of what an outlet asked in vain: "a request for comment"
PRONOUNS_OF_PEOPLE = WordList("personal_pronouns")
SENTENCE_ENDINGS = "\n.!?…:;”\"’')"  # also the end of a line
CAPTION_VERBS = WordList("caption_verbs")  # of captions, in the present tense: "Ann Lee speaks in Paris."
CAPTION_PATTERN = re.compile(r"[A-Z]{3,}[A-Z .,]*\s*(?:[-–—:]|PHOTO)|.*[<>]")  # "FILE - Ann Lee in May", "<b>"


def keep_readable(tables: Tables, facts: pd.DataFrame) -> pd.DataFrame:
    """The rows whose sentence can be read by itself, and is about little more than the statement.

    Parameters
    ----------
    tables : a corpus's tables
    facts : rows of `find_facts`
    """
    people, quoted, texts = _list_people(tables), _list_quoted_spans(tables), tables.articles_by_id["text"]
    kept = [_is_prose(row.text)
            and _is_whole(row.text, texts[row.article_id][max(row.start - NEIGHBOUR_CHARS, 0):row.start])
            and not _is_reversed(texts[row.article_id][row.end:row.end + NEIGHBOUR_CHARS])
            and _is_about_statement(row) and _is_attributed(row, quoted.get(row.article_id, []))
            and _names_its_people(row, people.get(row.article_id, [])) and not _is_caption(row, people)
            for row in facts.itertuples()]
    return facts[pd.Series(kept, facts.index, "bool")]


def _list_people(tables: Tables) -> dict[str, list[int]]:
    """Where each article names a person, in order."""
    mentions = select_text_rows(tables.mentions)
    mentions = mentions[mentions["label"] == "PERSON"]
    return {name: sorted(starts) for name, starts in mentions.groupby("article_id")["start"]}


def _list_quoted_spans(tables: Tables) -> dict[str, list[dict[str, int]]]:
    """The words between marks of each article's quotations."""
    rows = select_text_rows(tables.quotations)
    return {name: [span for spans in lists for span in spans]
            for name, lists in rows.groupby("article_id")["quoted_spans"]}


def _is_prose(sentence: str) -> bool:
    """Whether a sentence is long enough to say something, short enough to be shown whole, and opens by itself."""
    bare = sentence.strip(STRIPPED_LEAD_MARKS)
    words, letters = bare.split(), [char for char in sentence if char.isalpha()]
    return (len(words) >= MIN_FACT_SENTENCE_WORDS and len(sentence) <= MAX_QUOTED_SENTENCE_CHARS
            and (bare[0].isupper() or bare[0].isdigit()) and not CAPTION_PATTERN.match(bare)
            and sum(map(str.isupper, letters)) <= MAX_CAPITALS_SHARE * len(letters)
            and OPENING_BREAK_PATTERN.split(words[0].lower())[0] not in DEPENDENT_OPENINGS
            and not {word.lower() for word in words[:MAX_OPENING_WORDS]} & {*DEPENDENT_MODIFIERS}
            and words[-1].lower() not in UNFINISHED_ENDINGS
            and not any(phrase in sentence.lower() for phrase in UNANSWERED_PHRASES))


def _is_whole(sentence: str, before: str) -> bool:
    """Whether a sentence begins where one can, and no quotation begins before it or goes on after it.

    >>> _is_whole("Lee left.", "I think [Jeff] "), _is_whole("It rained.", "He left. "), _is_whole("Go,” he said", "")
    (False, True, False)
    """
    line = before.rstrip(" ")
    return ((not line or line.endswith(tuple(SENTENCE_ENDINGS))) and sentence.count("“") == sentence.count("”")
            and sentence.count('"') % 2 == 0)


def _is_reversed(after: str) -> bool:
    """Whether the next sentence takes a sentence back, so that it misleads alone.

    >>> _is_reversed(" But it soared later."), _is_reversed(" Butter was cheap.")
    (True, False)
    """
    return re.match(rf"\W*(?:{REVERSING_OPENINGS.pattern})\b", after, re.IGNORECASE) is not None


def _is_about_statement(row: Any) -> bool:
    """Whether the statement is most of its sentence."""
    return bool(row.statement["end"] - row.statement["start"] >= MIN_STATEMENT_SHARE * len(row.text))


def _is_attributed(row: Any, quoted: list[dict[str, int]]) -> bool:
    """Whether the outlet itself says it, or the sentence names who does."""
    if isinstance(row.speaker, str) and row.speaker.strip():
        return bool(row.speaker.split()[-1].lower() in row.text.lower())
    said = sum(max(0, min(span["end"], row.end) - max(span["start"], row.start)) for span in quoted)
    return bool(said < MIN_STATEMENT_SHARE * len(row.text))


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


def _names_its_people(row: Any, people: list[int]) -> bool:
    """Whether a sentence with "he" or "they" names somebody before it."""
    words = re.findall(r"\w+", row.text.lower())
    if not {*words} & {*PRONOUNS_OF_PEOPLE}:
        return True
    first = bisect_left(people, row.start)
    return first < len(people) and bool(people[first] < row.end)
