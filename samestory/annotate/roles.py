"""Words for what people are (data/en/roles.csv), and the title that stands before a name.

A title is what the outlet writes right before a person's name: "US Secretary of State", "coauthor",
"State Department spokesman". Descriptions behind the name and in other sentences are left out.
"""

from functools import cache
from typing import TYPE_CHECKING

from samestory.base.language import read_language_rows

if TYPE_CHECKING:
    from samestory.annotate.parse import Parse

NON_TITLE_KINDS = ("kin", "person")  # kinds of roles that are no titles: "his son", "the man"
ADDRESS_HONORIFICS = frozenset("Mr Mrs Ms Miss Mme Mx Herr Frau Señor Señora Monsieur".split())
TITLE_PREPOSITIONS = ("of", "for")
TITLE_LINK_WORDS = (*TITLE_PREPOSITIONS, "and", "the")
TITLE_HYPHENS = ("-", "‐", "–")
MAX_NAME_TITLE_TOKENS = 14  # tokens
TITLE_POS = ("NOUN", "PROPN", "ADJ")
OFFICE_STATUS_WORDS = frozenset(("acting", "retired", "elect", "designate", "incoming", "outgoing"))


@cache
def read_roles(*, titles_only: bool = False) -> frozenset[str]:
    """The nouns for people, in small letters; with `titles_only` those that stand before names as titles."""
    return frozenset(row["word"] for row in read_language_rows("roles") if not titles_only
                     or row["kind"] not in NON_TITLE_KINDS)


@cache
def read_epithets() -> frozenset[str]:
    """The nouns that an outlet calls a politician by who was just named: "the Texas Republican", "the senator"."""
    return frozenset(row["word"] for row in read_language_rows("roles") if row["kind"] in ("party", "elected"))


@cache
def _short_titles() -> frozenset[str]:
    """Titles as written in front of names only ("Sen.", "Gov."), from data/en/name_words.csv."""
    return frozenset(row["word"] for row in read_language_rows("name_words") if row["kind"] in ("title", "office"))


def is_honorific(title: str) -> bool:
    """Whether a title says no more than how to address somebody.

    >>> is_honorific("Mr."), is_honorific("Dr.")
    (True, False)
    """
    return title.removesuffix(".") in ADDRESS_HONORIFICS


def find_title(parse: "Parse", first: int) -> str | None:
    """The title before the name that begins at token `first`, as written on one line; None without one."""
    begin = find_title_start(parse, first)
    return None if begin is None else " ".join(parse.text[slice(*parse.span(begin, first))].split())


def find_title_start(parse: "Parse", first: int, *, titles_only: bool = True) -> int | None:
    """The token at which the title before a name begins; without `titles_only` "wife" and "man" are titles too."""
    start = first
    while start > max(0, first - MAX_NAME_TITLE_TOKENS) and _may_belong_to_title(parse, start - 1, first):
        start -= 1
    words = [token.text for token in parse.doc[start:first]]
    roles = read_roles(titles_only=titles_only)
    return next((start + i for i in reversed(range(len(words)))
                 if _may_begin_title(words, i) and _is_role_title(words[i:], roles)), None)


def _may_belong_to_title(parse: "Parse", i: int, first: int) -> bool:
    """Whether a token can be part of a title that reaches to a name: nouns, adjectives, and what joins them."""
    token, follows = parse.doc[i], parse.doc[i + 1]
    if parse.sentence_of[i] != parse.sentence_of[first] or token.ent_type_ in ("DATE", "TIME", "CARDINAL"):
        return False
    if token.text in TITLE_HYPHENS or follows.text in TITLE_HYPHENS:  # "co-founder", whatever the parser takes "co" for
        return int(parse.ends[i]) == int(parse.starts[i + 1]) and i + 1 < first
    if token.lower_ in OFFICE_STATUS_WORDS:  # whatever the tagger takes "acting" for
        return True
    if token.pos_ in TITLE_POS:  # "Trump adviser", but not "Barack Obama hugs Vice President"
        return token.text[0].isalnum() and not token.ent_type_ == follows.ent_type_ == "PERSON"
    if token.tag_ == "POS":  # "Labour's Shadow Home Secretary", but not "the day's"
        return i > 0 and parse.doc[i - 1].pos_ == "PROPN"
    goes_on = i + 1 < first and (follows.pos_ in TITLE_POS or follows.lower_ == "the")
    if token.lower_ == "the":  # "head of the Arctic Council"
        return goes_on and i > 0 and parse.doc[i - 1].lower_ in TITLE_PREPOSITIONS
    is_next_person = i > 0 and parse.doc[i - 1].ent_type_ == "PERSON"  # "musician Tiziano Lugli and actor ..."
    return goes_on and (token.lower_ in TITLE_PREPOSITIONS or (token.lower_ == "and" and not is_next_person))


def _may_begin_title(words: list[str], i: int) -> bool:
    """Whether a title may begin at word `i`: at the head, or behind "critics of" or "wife"."""
    if i and words[i - 1].lower() in read_roles() - read_roles(titles_only=True):
        return True
    if i < 2:
        return i == 0 or words[0].lower() in TITLE_LINK_WORDS
    return words[i - 1].lower() in TITLE_PREPOSITIONS and words[i - 2].islower()


def _is_role_title(words: list[str], roles: frozenset[str]) -> bool:
    """Whether words are a role, with whose or where it is behind it: "Minister of Education"."""
    if words[0].lower() in TITLE_LINK_WORDS or not words[0][0].isalnum():
        return False
    if len(words) > 1 and is_honorific(words[-1]):
        words = words[:-1]
    last = next((i for i in reversed(range(len(words))) if words[i].lower() in roles or words[i] in _short_titles()
                 or is_honorific(words[i])), None)
    return last is not None and (last + 1 == len(words) or words[last + 1].lower() in TITLE_PREPOSITIONS)
