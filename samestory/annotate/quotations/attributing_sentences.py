"""Finds sentences that only say who spoke the marked words before them: “Why now?” Ann Lee asked.

The mark that ends a question or an exclamation looks like the end of a sentence, and a name begins with a capital.
"""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.quotation_parse import QuotationParse
from samestory.annotate.quotations.speaker_spans import FINITE_CUE_TAGS, says_when

if TYPE_CHECKING:
    from spacy.tokens import Token

ATTRIBUTED_END_MARKS = ("?", "!", "…", "...", "—", "–", "--", "-", ",", ".")
MAX_ATTRIBUTION_SUBJECT_TOKENS = 25  # tokens of a name, with its title and apposition, before the cue
ADDRESSED_FRAMES = frozenset(("someone", "to"))  # of verbs that take the person spoken to: "asked the treasurer"


def find_attributing_sentences(parsed: QuotationParse) -> frozenset[int]:
    """The numbers of the sentences that only attribute the marked speech before them."""
    return frozenset(number for number in range(1, len(parsed.bounds)) if _attributes(parsed, number))


def _attributes(parsed: QuotationParse, number: int) -> bool:
    first, last = parsed.bounds[number]
    if not _follows_open_speech(parsed, first):
        return False
    verb = next((i for i in range(first, min(last, first + MAX_ATTRIBUTION_SUBJECT_TOKENS))
                 if i in parsed.cues and parsed.cues[i].pos == "VERB"), None)
    if verb is None or "quote" not in parsed.cues[verb].frames or not _may_be_finite(parsed.tokens[verb]):
        return False
    return _opens_with_subject(parsed.tokens, first, verb) and not _has_own_content(parsed, first, verb, last)


def _may_be_finite(verb: "Token") -> bool:
    """Whether a cue is finite, or was taken for a participle after a name: "TRUMP TWEETED."."""
    is_named = any(child.dep_ == "nsubj" and child.pos_ == "PROPN" for child in verb.lefts)
    has_auxiliary = any(child.dep_ in ("aux", "auxpass") for child in verb.lefts)
    return verb.tag_ in FINITE_CUE_TAGS or (verb.tag_ == "VBN" and is_named and not has_auxiliary)


def _follows_open_speech(parsed: QuotationParse, first: int) -> bool:
    """Whether a sentence follows marked speech that begins its own sentence, or comes after a colon."""
    if first == 0 or parsed.region_at[first - 1] < 0 or parsed.region_at[first] >= 0:
        return False
    opening = parsed.region_start(first - 1)
    region = parsed.regions[int(parsed.region_at[first - 1])]
    inner = parsed.text[region.inner_start:region.inner_end].rstrip()
    number = int(parsed.parse.sentence_of[opening])
    is_first = parsed.bounds[number][0] == opening or parsed.tokens[opening - 1].text == ":"
    between = parsed.text[int(parsed.parse.ends[first - 1]):int(parsed.parse.starts[first])]
    return is_first and inner.endswith(ATTRIBUTED_END_MARKS) and between.count("\n") < 2


def _opens_with_subject(tokens: list["Token"], first: int, verb: int) -> bool:
    """Whether a sentence opens with the subject of its cue, and nothing else but adverbs comes between."""
    subject = next((child for child in tokens[verb].lefts if child.dep_ == "nsubj"), None)
    if subject is None:
        return first < verb and all(token.pos_ == "PROPN" for token in tokens[first:verb])
    return subject.left_edge.i == first and not any(child.dep_ in ("advcl", "ccomp") for child in tokens[verb].lefts)


def _has_own_content(parsed: QuotationParse, first: int, verb: int, last: int) -> bool:
    """Whether a cue reports something that follows it: a clause, an object, or words after a comma or colon."""
    takes_person = bool(parsed.cues[verb].frames & ADDRESSED_FRAMES)
    for child in parsed.tokens[verb].rights:
        is_object = child.dep_ == "dobj" and not (takes_person or says_when(child))
        if is_object or child.dep_ in ("ccomp", "xcomp", "oprd"):
            return True
    is_asked = any(token.text in ("?", "!") for token in parsed.tokens[max(0, first - 2):first])
    ends = next((i for i in range(verb + 1, last) if is_asked and i in parsed.cues and parsed.tokens[i].tag_ == "VBG"
                 and parsed.tokens[i - 1].text == ","), last)  # “Why?” Ann Lee asks as he leaves, ADDING it is “late.”
    return any(parsed.region_at[i] >= 0 or parsed.tokens[i].text == ":" for i in range(verb + 1, ends))
