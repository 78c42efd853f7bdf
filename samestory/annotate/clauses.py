"""Clauses: cuts a sentence into the parts that claim something by themselves, by the dependency parse.

A part begins at a coordinated clause with a subject of its own, at an adverbial clause of contrast, and at a relative
clause after a comma. Where a part would be left with few words of content, the sentence is not cut; nor inside
quotation marks.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from samestory.annotate.parse import Parse
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

SUBJECT_LABELS = ("nsubj", "nsubjpass", "csubj", "csubjpass", "expl")
CONTRAST_CONJUNCTIONS = WordList("clause_conjunctions")
CLAUSE_CONTENT_POS = ("NOUN", "PROPN", "VERB", "ADJ", "NUM")
MIN_CLAUSE_CONTENT_TOKENS = 4


def mark_quoted_places(parse: Parse) -> np.ndarray:
    """Whether each token is inside quotation marks, the first token after an opening mark excepted."""
    marked = np.zeros(len(parse.doc) + 1, bool)
    for region in parse.regions:
        first, last = parse.tokens_within(region.start, region.end)
        marked[first + 1:last] = True
    return marked


def cut_clauses(sentence: "Span", quoted: np.ndarray) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence, in order, as first and last token (exclusive); together they are the sentence.

    Parameters
    ----------
    sentence : a sentence of the parsed article
    quoted : whether each token of the article is inside quotation marks
    """
    found = {place for token in sentence if (place := _find_clause_start(token)) is not None}
    places = sorted(place for place in found if sentence.start < place < sentence.end and not quoted[place])
    content = np.cumsum([0, *(token.pos_ in CLAUSE_CONTENT_POS for token in sentence)])
    first = sentence.start
    for place in places:
        before, after = content[place - sentence.start] - content[first - sentence.start], content[-1] - content[
            place - sentence.start]
        if min(before, after) >= MIN_CLAUSE_CONTENT_TOKENS:
            yield first, place
            first = place
    yield first, sentence.end


def _find_clause_start(token: "Token") -> int | None:
    """The token at which a clause with this head begins to claim something by itself; None if it does not."""
    if token.pos_ not in ("VERB", "AUX") or token.dep_ not in ("conj", "parataxis", "advcl", "relcl"):
        return None
    left = token.left_edge.i
    before = token.doc[left - 1] if left else None
    if token.dep_ == "relcl":
        return left if before is not None and before.text == "," else None
    if not any(child.dep_ in SUBJECT_LABELS for child in token.lefts):
        return None
    if token.dep_ == "advcl":
        leads = any(child.dep_ in ("mark", "advmod") and child.lower_ in CONTRAST_CONJUNCTIONS
                    for child in token.lefts)
        return left if leads and token.head.i < token.i else None
    return left - 1 if before is not None and before.dep_ == "cc" else left
