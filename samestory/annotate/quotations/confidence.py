"""How sure a statement and its speaker are: the share that was right where a rule was measured, in steps of 0.05.

The values are shares of rows on annotated news (docs/accuracy.md shows them against other articles). A statement is
right if it overlaps an annotated one by half, a speaker if it has the right head.
"""

from samestory.annotate.quotations.function_words import BODY_PRONOUNS
from samestory.annotate.quotations.lone_marks import LONE_MARKS, RESUMED_MARKS
from samestory.annotate.quotations.quotation_parse import Claim
from samestory.annotate.quotations.speaker_names import Speaker
from samestory.annotate.quotations.verbs import DOUBTFUL_CONFIDENCE

SPEAKER_CONFIDENCES = {"name": 0.95, "surname": 0.95, "role": 0.8, "pronoun": 0.8, "floating": 0.8, "forward": 0.7,
                       "collective": 0.9, "none": 0.8}
UNFOUND_SPEAKER_CONFIDENCE = 0.5  # no words name a speaker
UNCUED_SPEAKER_CONFIDENCE = 0.7  # no verb of saying ties the words in marks to the speaker


def rate_statement(claim: Claim, speaker: Speaker, *, quoted: bool) -> tuple[str, float]:
    """The rule and confidence of a statement; an unresolved "it" that is not quoted directly is doubtful."""
    if quoted or speaker.name is not None or (speaker.written or "").lower() not in BODY_PRONOUNS:
        return claim.rule, claim.confidence
    return f"{claim.rule}, it", min(claim.confidence, DOUBTFUL_CONFIDENCE)


def rate_speaker(claim: Claim, speaker: Speaker) -> float:
    """The confidence in a speaker, by how the name was found."""
    if not speaker.written:
        return UNFOUND_SPEAKER_CONFIDENCE
    confidence = SPEAKER_CONFIDENCES[speaker.resolution]
    return min(confidence, UNCUED_SPEAKER_CONFIDENCE) if claim.rule in (LONE_MARKS, RESUMED_MARKS) else confidence
