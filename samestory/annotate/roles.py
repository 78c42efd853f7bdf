"""Roles: nouns for people (data/en/roles.csv), and the titles before names.

A title is written directly before a person's name: "US Secretary of State", "coauthor", "State Department spokesman".
Descriptions after the name or in other sentences are not included.
"""

import re
from typing import TYPE_CHECKING

from samestory.base.language import WordList, cache_by_language, read_language_rows

if TYPE_CHECKING:
    from samestory.annotate.parse import Parse

NON_TITLE_KINDS = ("kin", "person")  # kinds of roles that are not titles: "his son", "the man"
ADDRESS_HONORIFICS = WordList("address_honorifics")  # forms of address that say nothing else: "Mr", but not "Dr"
TITLE_PREPOSITIONS, TITLE_LINK_WORDS = WordList("title_prepositions"), WordList("title_link_words")
DEFINITE_ARTICLES, NAME_CONJUNCTIONS = WordList("definite_articles"), WordList("name_conjunctions")
OFFICE_STATUS_WORDS = WordList("office_status_words")
PLURAL_TITLES = WordList("plural_titles")  # before several names, or the first of them: "Senators Ann Lee and Uwe Voss"
TITLE_HYPHENS = ("-", "‐", "–")
PLURAL_ENDING_PATTERN = re.compile(r"s(\.?)$")
MAX_NAME_TITLE_TOKENS = 14  # tokens
TITLE_POS = ("NOUN", "PROPN", "ADJ")


@cache_by_language
def read_roles(*, titles_only: bool = False) -> frozenset[str]:
    """The nouns for people, in lower case; with `titles_only`, those that serve as titles before names."""
    return frozenset(row["word"] for row in read_language_rows("roles") if not titles_only
                     or row["kind"] not in NON_TITLE_KINDS)


@cache_by_language
def read_epithets() -> frozenset[str]:
    """Nouns for a politician who was just named: "the Texas Republican", "the senator"."""
    return frozenset(row["word"] for row in read_language_rows("roles") if row["kind"] in ("party", "elected"))


@cache_by_language
def _short_titles() -> frozenset[str]:
    """Titles in the form they have before names ("Sen.", "Sens."), from data/en/name_words.csv and PLURAL_TITLES."""
    short = {row["word"] for row in read_language_rows("name_words") if row["kind"] in ("title", "office")}
    return PLURAL_TITLES.words.union(short)


def is_honorific(title: str) -> bool:
    """Whether a title is only a form of address.

    >>> is_honorific("Mr."), is_honorific("Dr.")
    (True, False)
    """
    return title.removesuffix(".") in ADDRESS_HONORIFICS


def find_title(parse: "Parse", first: int) -> str | None:
    """The title before the name that begins at token `first`, on one line, in the singular; None if there is none."""
    begin = find_title_start(parse, first)
    if begin is None:
        return None
    words = parse.text[slice(*parse.span(begin, first))].split()
    if words[-1] in PLURAL_TITLES:
        words[-1] = PLURAL_ENDING_PATTERN.sub(r"\1", words[-1])
    return " ".join(words)


def find_title_start(parse: "Parse", first: int, *, titles_only: bool = True) -> int | None:
    """The first token of the title before a name; without `titles_only`, "wife" and "man" are titles, too."""
    start = first - 2 if _ends_in_cut_title(parse, first) else first
    while start > max(0, first - MAX_NAME_TITLE_TOKENS) and _may_belong_to_title(parse, start - 1, first):
        start -= 1
    words = join_cut_titles([token.text for token in parse.doc[start:first]])
    roles = read_roles(titles_only=titles_only)
    return next((start + i for i in reversed(range(len(words)))
                 if _may_begin_title(words, i) and _is_role_title(words[i:], roles)), None)


def _ends_in_cut_title(parse: "Parse", first: int) -> bool:
    """Whether a short title precedes a name whose full stop the tokenizer cut off: "Capt", "."."""
    return first > 1 and parse.doc[first - 1].text == "." and f"{parse.doc[first - 2].text}." in _short_titles()


def join_cut_titles(words: list[str]) -> list[str]:
    """Words of a title, with the full stop that the tokenizer cut off a short one at the end.

    >>> join_cut_titles(["Police", "Capt", "."])
    ['Police', 'Capt.']
    """
    is_cut = len(words) > 1 and words[-1] == "." and f"{words[-2]}." in _short_titles()
    return [*words[:-2], f"{words[-2]}."] if is_cut else words


def _may_belong_to_title(parse: "Parse", i: int, first: int) -> bool:
    """Whether a token can be part of a title before a name: a noun, an adjective, or a word that joins them."""
    token, follows = parse.doc[i], parse.doc[i + 1]
    if parse.sentence_of[i] != parse.sentence_of[first] or token.ent_type_ in ("DATE", "TIME", "CARDINAL"):
        return False
    if token.text in TITLE_HYPHENS or follows.text in TITLE_HYPHENS:  # "co-founder", whatever the tag of "co"
        return int(parse.ends[i]) == int(parse.starts[i + 1]) and i + 1 < first
    if token.lower_ in OFFICE_STATUS_WORDS:  # whatever the tag of "acting"
        return True
    if token.pos_ in TITLE_POS:  # "Trump adviser", but not "Barack Obama hugs Vice President"
        return token.text[0].isalnum() and not token.ent_type_ == follows.ent_type_ == "PERSON"
    if token.tag_ == "POS":  # "Labour's Shadow Home Secretary", but not "the day's"
        return i > 0 and parse.doc[i - 1].pos_ == "PROPN"
    goes_on = i + 1 < first and (follows.pos_ in TITLE_POS or follows.lower_ in DEFINITE_ARTICLES)
    if token.lower_ in DEFINITE_ARTICLES:  # "head of the Arctic Council"
        return goes_on and i > 0 and parse.doc[i - 1].lower_ in TITLE_PREPOSITIONS
    is_next_person = i > 0 and parse.doc[i - 1].ent_type_ == "PERSON"  # "musician Tiziano Lugli and actor ..."
    joins_titles = token.lower_ in NAME_CONJUNCTIONS and not (is_next_person or _is_plural_thing(parse, i - 1))
    return goes_on and (token.lower_ in TITLE_PREPOSITIONS or joins_titles)


def _is_plural_thing(parse: "Parse", i: int) -> bool:
    """Whether a word before "and" is a plural that is no role: "34 PROVINCES and Pentagon spokesman Ann Lee said"."""
    token = parse.doc[max(0, i)]
    return token.tag_ == "NNS" and token.is_lower and token.lemma_.lower() not in read_roles()


def _may_begin_title(words: list[str], i: int) -> bool:
    """Whether a title may begin at word `i`: at the start, or after "critics of" or "wife"."""
    if i and words[i - 1].lower() in read_roles() - read_roles(titles_only=True):
        return True
    if i < 2:
        return i == 0 or words[0].lower() in TITLE_LINK_WORDS
    return words[i - 1].lower() in TITLE_PREPOSITIONS and words[i - 2].islower()


def _is_role_title(words: list[str], roles: frozenset[str]) -> bool:
    """Whether words are a role, perhaps followed by its field or place: "Minister of Education"."""
    if words[0].lower() in TITLE_LINK_WORDS or not words[0][0].isalnum():
        return False
    if len(words) > 1 and is_honorific(words[-1]):
        words = words[:-1]
    last = next((i for i in reversed(range(len(words))) if words[i].lower() in roles or words[i] in _short_titles()
                 or is_honorific(words[i])), None)
    return last is not None and (last + 1 == len(words) or words[last + 1].lower() in TITLE_PREPOSITIONS)
