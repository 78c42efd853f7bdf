"""Affiliations: the country, body or party that the words next to a person's name put the person under.

"China's ambassador to the US, Cui Tiankai" is of China, "State Department spokesman Ned Price" of the State Department,
"Rep. Ada Voss, R-Ohio" of the Republican Party. Only the words right next to the name count: a title, an apposition, or
the letter of a party. A place where somebody lives, or to which somebody is sent, is no affiliation.
"""

import re
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING, Any

from samestory.annotate.mentions.lists import BODY_NOUNS
from samestory.annotate.role_phrases import find_role_after, find_role_before
from samestory.annotate.roles import NAME_CONJUNCTIONS, PLURAL_TITLES, TITLE_PREPOSITIONS, join_cut_titles
from samestory.base.language import WordList
from samestory.base.resources import read_data_rows

if TYPE_CHECKING:
    from spacy.tokens import Token

    from samestory.annotate.parse import Parse

AFFILIATION_LABELS = ("GPE", "ORG", "NORP")
AFFILIATION_PREPOSITIONS = WordList("affiliation_prepositions")  # a spokesman for, but not an envoy to China
LEGISLATOR_TITLES = WordList("legislator_titles")
PARTY_LETTER_PATTERN = re.compile(r"([A-Z])(?:[-–]|\.,? )[A-Z]")  # R-Texas; D., Conn.
MAX_EARLIER_BODIES = 60  # bodies to look back on
MAX_PLACE_TO_PARTY_WORDS = 4  # words after a place that may name a party: "of Ohio, a moderate Republican"


def add_affiliations(rows: list[dict[str, Any]], parse: "Parse") -> None:
    """Set `affiliation` in the rows of `mentions`: for persons a name, as in the column `name`; for others None."""
    places = [parse.tokens_within(row["start"], row["end"]) for row in rows]
    named = {i: row for row, (first, last) in zip(rows, places, strict=True) if row["label"] in AFFILIATION_LABELS
             for i in range(first, last)}
    bodies = sorted((first, str(row["name"])) for row, (first, _) in zip(rows, places, strict=True)
                    if row["label"] == "ORG")
    for row, (first, last) in zip(rows, places, strict=True):
        row["affiliation"] = None
        if row["label"] == "PERSON" and first < last:
            row["affiliation"] = _find_affiliation(find_role_before(parse, first, last), find_role_after(parse, last),
                                                   named, bodies) or _find_party_after_place(parse, last, named)
    _share_parties(rows, places, parse)


def _find_affiliation(before: "list[Token]", after: "list[Token]", named: dict[int, dict[str, Any]],
                      bodies: list[tuple[int, str]]) -> str | None:
    """The affiliation in the words before and after a name: a party, else the name nearest to the person's.

    A noun may refer to a body named earlier: "the ministry spokesman".
    """
    return (_find_party_letter(after) or _find_party_word([*before, *after])
            or _find_role_name(before[::-1], named) or _find_role_name(after, named)
            or _find_body(before, bodies) or _find_body(after, bodies))


def _find_party_after_place(parse: "Parse", last: int, named: dict[int, dict[str, Any]]) -> str | None:
    """The party that comes after a name's place: "Ann Lee of Ohio, a Republican who", "Ann Lee of Ohio (R)"."""
    place = named.get(last + 1)
    if place is None or place["label"] != "GPE" or parse.doc[last].lower_ not in TITLE_PREPOSITIONS:
        return None
    while named.get(last + 1) is place:
        last += 1
    words = [token for token in find_role_after(parse, last + 1) if token.ent_type_ != "PERSON"]
    return _find_party_word(words[:MAX_PLACE_TO_PARTY_WORDS])


def _share_parties(rows: list[dict[str, Any]], places: list[tuple[int, int]], parse: "Parse") -> None:
    """Give the party before a title in the plural to each name of the list: "Democratic Sens. Ann Lee and Uwe Voss"."""
    party, end = None, -1
    for row, (first, last) in zip(rows, places, strict=True):
        if row["label"] != "PERSON" or first >= last:
            continue
        between = list(parse.doc[end:first]) if 0 <= end <= first else []
        if not all(token.text == "," or token.lower_ in NAME_CONJUNCTIONS for token in between):
            party = None
        title = find_role_before(parse, first, last)
        if title and join_cut_titles([token.text for token in title])[-1] in PLURAL_TITLES:
            party = _find_party_word(title)
        row["affiliation"] = row["affiliation"] or party
        end = last


def _find_role_name(words: "list[Token]", named: dict[int, dict[str, Any]]) -> str | None:
    """The first country or body among the words of a role that no other preposition than "of" leads to.

    The place for which a legislator was elected is not a side: "Texas senator".
    """
    is_elected = any(token.lower_ in LEGISLATOR_TITLES for token in words)
    for token in words:
        mention = named.get(token.i)
        if mention is not None and not _is_elsewhere(token, mention, named) and not (
                is_elected and mention["label"] == "GPE"):
            return str(mention["name"])
    return None


def _is_elsewhere(token: "Token", mention: dict[str, Any], named: dict[int, dict[str, Any]]) -> bool:
    """Whether a preposition says that the name is where somebody goes or lives: "ambassador to the US"."""
    i = token.i - 1
    while i >= 0 and (named.get(i) is mention or token.doc[i].pos_ in ("DET", "ADJ")):
        i -= 1
    return i >= 0 and token.doc[i].pos_ == "ADP" and token.doc[i].lower_ not in AFFILIATION_PREPOSITIONS


def _find_party_letter(words: "list[Token]") -> str | None:
    """The party whose letter comes right after a name: "(R-Texas)", "(D., Conn.)"."""
    text = words[0].doc[words[0].i:words[0].i + 3].text if words else ""
    found = PARTY_LETTER_PATTERN.match(text)
    return read_party_letters().get(found[1]) if found else None


def _find_party_word(words: "list[Token]") -> str | None:
    """The party that a word of a role names: "the California Democrat"."""
    return next((read_party_words()[token.text] for token in words if token.text in read_party_words()), None)


@cache
def read_party_letters() -> dict[str, str]:
    """The parties that are written as a letter after a politician's name, from data/bodies.csv."""
    return {row["party_letter"]: row["body"] for row in read_data_rows("bodies") if row["party_letter"]}


@cache
def read_party_words() -> dict[str, str]:
    """The words for members of these parties, from data/aliases.csv."""
    parties = frozenset(read_party_letters().values())
    return {row["surface"]: row["name"] for row in read_data_rows("aliases") if row["name"] in parties}


def _find_body(words: "list[Token]", bodies: list[tuple[int, str]]) -> str | None:
    """The body that a noun in a role refers to, named before: "the ministry spokesman" of the Foreign Ministry."""
    noun = next((token for token in words if token.lower_ in BODY_NOUNS), None)
    if noun is None:
        return None
    before = bisect_left(bodies, (noun.i, ""))
    return next((name for _, name in reversed(bodies[max(0, before - MAX_EARLIER_BODIES):before])
                 if noun.lower_ in name.lower().split()), None)
