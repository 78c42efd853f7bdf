"""Names the body meant by a common noun: "the commission" for the 1776 Commission."""

from typing import TYPE_CHECKING

from samestory.annotate.mentions.lists import BODY_NOUNS, read_name_words
from samestory.annotate.quotations.people import SpeakerCandidates
from samestory.annotate.quotations.quotation_parse import QuotationParse

if TYPE_CHECKING:
    from spacy.tokens import Token


def find_named_body(parsed: QuotationParse, known: SpeakerCandidates, noun: "Token") -> str | None:
    """The one body of the article whose name opens or ends with a noun."""
    word = noun.lemma_.lower().capitalize()
    if word.lower() not in BODY_NOUNS and word not in read_name_words()["body"]:
        return None
    names = {name for token in parsed.tokens if token.text == word
             and (name := _read_body_name(parsed, known, token.i))}
    headed = {name for name in names if word in (name.split()[0], name.split()[-1])}
    longest = {name for name in headed if not any(other != name and other.endswith(f" {name}") for other in headed)}
    if not longest and parsed.applies("bodies by owner"):
        return _find_owned_body(parsed, known, noun)
    return longest.pop() if len(longest) == 1 else None


def _find_owned_body(parsed: QuotationParse, known: SpeakerCandidates, noun: "Token") -> str | None:
    """The last name before the same noun in small letters: "the administration" for the Biden administration."""
    at = next((i for i in range(noun.i - 1, 0, -1) if parsed.tokens[i].lower_ == noun.lower_ and not known.reported[i]
               and _is_name_word(parsed.tokens[i - 1]) and not parsed.tokens[i - 1].like_num), None)
    if at is None:
        return None
    first = at - 1
    while first and parsed.tokens[first - 1].dep_ == "compound" and _is_name_word(parsed.tokens[first - 1]):
        first -= 1
    return parsed.text[slice(*parsed.parse.span(first, at + 1))]


def _read_body_name(parsed: QuotationParse, known: SpeakerCandidates, last: int) -> str | None:
    """The capitalized words up to a token, or the name of the body that they are."""
    mention = known.at.get(last)
    if mention is not None and mention["label"] == "ORG" and " " in mention["name"] and not any(
            mark in mention["name"] for mark in "’'"):
        return str(mention["name"])
    first = last
    while first and _is_name_word(parsed.tokens[first - 1]) and parsed.paragraph(first - 1) == parsed.paragraph(last):
        first -= 1
    return parsed.text[slice(*parsed.parse.span(first, last + 1))] if first < last else None


def _is_name_word(token: "Token") -> bool:
    return (token.pos_ == "PROPN" or token.like_num) and (token.text[0].isupper() or token.text[0].isdigit())
