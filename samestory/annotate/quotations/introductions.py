"""Finds who is introduced by a line without a verb of saying: "From X:", "X on the tax:", "A letter by X to Y:"."""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.quotation_parse import QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import COPULA_LEMMAS
from samestory.annotate.roles import read_roles
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

ORIGIN_PREPOSITIONS = WordList("origin_prepositions")  # "FROM a letter BY X", "the reply OF X"
PRESENTING_WORDS = WordList("presenting_words")  # "HERE is X on the tax", "THIS from X"
NAME_PHRASE_POS = ("PROPN", "NOUN", "ADJ", "DET")
MAX_INTRODUCTION_TOKENS = 30


def find_introduced(parsed: QuotationParse, start: int, colon: int) -> StartEnd | None:
    """The person or body that the words before a colon introduce, if they have no verb."""
    words = _skip_presenting_words(parsed.tokens[start:colon])
    if len(words) > MAX_INTRODUCTION_TOKENS or any(t.pos_ in ("VERB", "AUX") and t.tag_ != "POS" for t in words):
        return None
    while words:
        end = next((n for n, token in enumerate(words)
                    if token.pos_ not in NAME_PHRASE_POS and token.tag_ != "PRP$"), len(words))
        if end and _is_name_phrase(words[:end]):
            return words[0].i, words[end - 1].i + 1
        origin = next((n for n, token in enumerate(words[end:], end) if token.lower_ in ORIGIN_PREPOSITIONS), None)
        if origin is None or any(token.is_punct for token in words[end:origin]):
            return None
        words = words[origin + 1:]
    return None


def _skip_presenting_words(words: list["Token"]) -> list["Token"]:
    """The words of a line after "And", "Here is" or "This was"."""
    while words and (words[0].pos_ == "CCONJ" or words[0].is_punct):
        words = words[1:]
    if words and words[0].lower_ in PRESENTING_WORDS:
        words = words[1:]
        words = words[1:] if words and words[0].lemma_ in COPULA_LEMMAS else words
    return words


def _is_name_phrase(phrase: list["Token"]) -> bool:
    """Whether a phrase is a name, with or without a title, or a role: "police chief Ola Berg", "the coach"."""
    head = phrase[-1]
    return head.pos_ == "PROPN" or (head.pos_ == "NOUN" and head.lemma_.lower() in read_roles())
