"""Finds sentences that may continue reported speech without attribution; they get a low confidence.

"He said the systems differ. The key is to respect each other." The text leaves open who says the second
sentence; it is reported as a continuation, so that a reader can decide.
"""

from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse

FACT_ENTITY_LABELS = ("PERSON", "ORG", "GPE", "NORP", "DATE", "MONEY", "PERCENT", "CARDINAL")
URGING_TAGS = frozenset(("MD", "TO"))
PRESENT_OR_MODAL_TAGS = frozenset(("VBZ", "VBP", "MD"))


def find_continuations(parsed: QuotationParse, claims: list[Claim]) -> list[Claim]:
    """Claims for unattributed last sentences of a paragraph that urge or judge, right after indirect speech."""
    said = {_sentence_at(parsed, claim.end - 1) for claim in claims if claim.cue in parsed.cues and claim.speaker}
    taken = {n for claim in claims for span in claim.spans
             for n in range(_sentence_at(parsed, span[0]), _sentence_at(parsed, span[1] - 1) + 1)}
    found = []
    for number in sorted(said):
        follows = number + 1
        if follows not in taken and follows < len(parsed.bounds) and _continues_speech(parsed, number, follows):
            found.append(Claim((parsed.parse.span(*parsed.bounds[follows]),), None, None, "continuation", 0.3))
    return found


def _sentence_at(parsed: QuotationParse, at: int) -> int:
    """The number of the sentence at an offset."""
    token = min(parsed.parse.tokens_within(at, at + 1)[0], len(parsed.tokens) - 1)
    return int(parsed.parse.sentence_of[token])


def _continues_speech(parsed: QuotationParse, number: int, follows: int) -> bool:
    """Whether a sentence ends its paragraph, names nobody, and urges in the present tense."""
    first, last = parsed.bounds[follows]
    tokens = parsed.tokens[first:last]
    is_last = last >= len(parsed.tokens) or parsed.paragraph(last) != parsed.paragraph(first)
    if not is_last or parsed.paragraph(parsed.bounds[number][0]) != parsed.paragraph(first):
        return False
    if (parsed.region_at[first:last] >= 0).any() or any(t.ent_type_ in FACT_ENTITY_LABELS for t in tokens):
        return False
    tags = {token.tag_ for token in tokens}
    return "VBD" not in tags and not tags.isdisjoint(PRESENT_OR_MODAL_TAGS) and not tags.isdisjoint(URGING_TAGS)
