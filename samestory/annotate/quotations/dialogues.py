"""Finds turns of a dialogue: paragraphs of marked speech alone that are not the last speaker's.

Speech in a paragraph of its own mostly goes on from the one before. After a question that somebody asked it is the
answer, and a question after two people who spoke in turn is the other's.
"""

from dataclasses import replace

from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse
from samestory.base.language import WordList

ASKING_VERBS = WordList("asking_verbs")
DIALOGUE_RULE = "dialogue turn"


def mark_dialogue_turns(parsed: QuotationParse, claims: list[Claim]) -> list[Claim]:
    """The claims, in text order, those that are turns of a dialogue without a speaker."""
    found: list[Claim] = []
    for claim in sorted(claims, key=lambda claim: claim.start):
        is_turn = claim.rule == "floating" and _is_whole_paragraph(parsed, claim) and _is_turn(parsed, found, claim)
        found.append(replace(claim, rule=DIALOGUE_RULE, confidence=0.5) if is_turn else claim)
    return found


def _is_turn(parsed: QuotationParse, before: list[Claim], claim: Claim) -> bool:
    """Whether speech answers the paragraph before, or asks after two people spoke in turn."""
    here = _paragraph_of(parsed, claim)
    last = next((other for other in reversed(before) if other.end <= claim.start), None)
    if last is None or here - _paragraph_of(parsed, last) != 1:
        return False
    if last.rule == DIALOGUE_RULE:
        return True
    cue = parsed.cue_at(last.cue)
    if _asks(parsed, last) and cue is not None and cue.lemma in ASKING_VERBS:
        return True
    earlier = next((other for other in reversed(before) if other.end <= last.start
                    and here - _paragraph_of(parsed, other) == 2), None)
    takes_turns = earlier is not None and _speaker_words(parsed, earlier) != _speaker_words(parsed, last)
    may_be_one = _is_pronoun(parsed, last) or (earlier is not None and _is_pronoun(parsed, earlier))
    return takes_turns and _asks(parsed, claim) and not may_be_one


def _is_whole_paragraph(parsed: QuotationParse, claim: Claim) -> bool:
    """Whether a claim is one region that makes up its paragraph."""
    paragraph = parsed.parse.source.paragraphs[_paragraph_of(parsed, claim)]
    around = parsed.text[paragraph.start:claim.start] + parsed.text[claim.end:paragraph.end]
    return len(claim.spans) == 1 and not any(char.isalnum() for char in around)


def _paragraph_of(parsed: QuotationParse, claim: Claim) -> int:
    first = parsed.parse.tokens_within(claim.start, claim.end)[0]
    return parsed.paragraph(min(first, len(parsed.tokens) - 1))


def _asks(parsed: QuotationParse, claim: Claim) -> bool:
    return parsed.text[slice(*claim.spans[-1])].rstrip("\"”’' \n").endswith("?")


def _is_pronoun(parsed: QuotationParse, claim: Claim) -> bool:
    """Whether the speaker is a pronoun, which may mean who spoke before."""
    return claim.speaker is not None and parsed.tokens[claim.speaker[1] - 1].pos_ == "PRON"


def _speaker_words(parsed: QuotationParse, claim: Claim) -> str:
    return parsed.text[slice(*parsed.parse.span(*claim.speaker))] if claim.speaker is not None else ""
