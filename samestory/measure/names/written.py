"""Names as written: whether a name that one outlet has stands, unrecognised, in another outlet's articles.

That a name was found in one outlet only says little where the finder missed it in the others. So its words are looked
up in their texts before anybody says so: whole names as written, whatever their capitals, of a person the last word, of
a longer name also without its first word ("Operation Long Road", "Long Road").
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from samestory.tables.tables import Tables

TEXT_WORD_PATTERN = re.compile(r"\w+")
MIN_WORD_LETTERS = 5  # letters from which a word in capitals may be written otherwise: DALLAS, but not IT
MIN_SHORTENED_NAME_WORDS = 3  # words from which a name is also looked for without its first word
Phrase = tuple[str, ...]


def mark_elsewhere(names: pd.DataFrame, tables: Tables) -> "pd.Series[bool]":
    """Whether each row's entity, found in one outlet only, is written in an article of another one.

    Parameters
    ----------
    names : a row for each mention: entity_id, name, label, outlet, form
    tables : a corpus's tables
    """
    is_lone = names.groupby("entity_id")["outlet"].transform("nunique") == 1
    lone = names[is_lone].drop_duplicates(["entity_id", "form"])
    phrases = {(row.entity_id, row.outlet): set[Phrase]() for row in lone.itertuples()}
    for row in lone.itertuples():
        phrases[row.entity_id, row.outlet].update(_list_phrases([row.name, row.form], row.label))
    written = _find_writers({phrase for found in phrases.values() for phrase in found}, tables)
    found = {entity for (entity, outlet), own in phrases.items()
             if any(written.get(phrase, {outlet}) - {outlet} for phrase in own)}
    return names["entity_id"].isin(found)


def _list_phrases(forms: Iterable[str], label: str) -> set[Phrase]:
    """The words by which a name is looked for.

    >>> sorted(_list_phrases(["Ada Voss"], "PERSON")), sorted(_list_phrases(["US Fish Board"], "ORG"))
    ([('voss',)], [('fish', 'board'), ('us', 'fish', 'board')])
    """
    phrases = set()
    for form in forms:
        words = TEXT_WORD_PATTERN.findall(form)
        folded = tuple(word.casefold() for word in words) if len(words) > 1 else tuple(map(_fold_lone_word, words))
        phrases.add(folded[-1:] if label == "PERSON" else folded)
        if label != "PERSON" and len(words) >= MIN_SHORTENED_NAME_WORDS and words[1][0].isupper():
            phrases.add(folded[1:])
    return phrases - {()}


def _find_writers(phrases: set[Phrase], tables: Tables) -> Mapping[Phrase, set[str]]:
    """The outlets whose articles have each phrase, its first word with a capital."""
    sizes: dict[str, set[int]] = defaultdict(set)
    for phrase in phrases:
        sizes[phrase[0]].add(len(phrase))
    writers: dict[Phrase, set[str]] = defaultdict(set)
    articles = tables.articles[tables.articles["counted"]]
    for outlet, text in zip(articles["outlet"], articles["headline"].fillna("") + "\n" + articles["text"], strict=True):
        words = TEXT_WORD_PATTERN.findall(text)
        folded = [word.casefold() for word in words]
        capitalized = (i for i, word in enumerate(words) if not word.islower())
        for i in capitalized:
            longer = {tuple(folded[i:i + size]) for size in sizes.get(folded[i], ()) if size > 1}
            for phrase in phrases & {(_fold_lone_word(words[i]),), *longer}:
                writers[phrase].add(outlet)
    return writers


def _fold_lone_word(word: str) -> str:
    """A word alone, in small letters unless it may be an acronym."""
    return word if word.isupper() and len(word) < MIN_WORD_LETTERS else word.casefold()
