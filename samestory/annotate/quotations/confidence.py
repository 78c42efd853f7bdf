"""How sure a statement and its speaker are: the share that was right where a rule was measured, in steps of 0.05.

A statement is right if it overlaps an annotated one by half, a speaker if it is the right one by name. Values were
measured on PolNeAR and on data/gold/wikinews, and lowered where reading ten other stories found less; docs/accuracy.md
shows how many rows of each are right.
"""

from samestory.annotate.quotations.function_words import BODY_PRONOUNS
from samestory.annotate.quotations.lone_marks import LONE_MARKS, RESUMED_MARKS
from samestory.annotate.quotations.quotation_parse import Claim
from samestory.annotate.quotations.speaker_names import CONVERSATION_PRONOUNS, Speaker
from samestory.annotate.quotations.verbs import DOUBTFUL_CONFIDENCE

STATEMENT_CONFIDENCES = {"before cue": 0.95, "marks after cue": 0.95, "floating": 0.95, "clause after cue": 0.9,
                         "as phrase": 0.9, "object phrase": 0.9, "according to": 0.85, "as clause": 0.85,
                         "colon": 0.85, "noun": 0.85, "of phrase": 0.85, "object clause": 0.7, "to clause": 0.7,
                         "of clause": 0.7, "for clause": 0.6, "marks alone": 0.55}
SPEAKER_CONFIDENCES = {"name": 0.95, "surname": 0.95, "role": 0.85, "pronoun": 0.85, "floating": 0.85, "forward": 0.8,
                       "collective": 0.8, "none": 0.7}
UNFOUND_SPEAKER_CONFIDENCE = 0.1  # no words name a speaker, and there is one
UNCUED_SPEAKER_CONFIDENCE = 0.7  # no verb of saying ties the words to the speaker, or somebody else may be meant


def rate_statement(claim: Claim, speaker: Speaker, *, quoted: bool) -> tuple[str, float]:
    """The rule and confidence of a statement; some are doubtful.

    These are words in marks that nothing ties to a speaker, and what "we" or an unresolved "it" says without marks.
    """
    if claim.confidence <= DOUBTFUL_CONFIDENCE:
        return claim.rule, claim.confidence
    written = (speaker.written or "").lower()
    if claim.rule == LONE_MARKS and not written:
        return f"{claim.rule}, nobody", DOUBTFUL_CONFIDENCE
    if not quoted and written in CONVERSATION_PRONOUNS:
        return f"{claim.rule}, author", DOUBTFUL_CONFIDENCE
    if not quoted and speaker.name is None and written in BODY_PRONOUNS:
        return f"{claim.rule}, it", DOUBTFUL_CONFIDENCE
    return claim.rule, STATEMENT_CONFIDENCES.get(claim.rule, claim.confidence)


def rate_speaker(claim: Claim, speaker: Speaker) -> float:
    """The confidence in a speaker, by how the name was found."""
    if not speaker.written:
        return UNFOUND_SPEAKER_CONFIDENCE
    is_uncertain = speaker.is_doubtful or claim.rule in (LONE_MARKS, RESUMED_MARKS)
    confidence = SPEAKER_CONFIDENCES[speaker.resolution]
    return min(confidence, UNCUED_SPEAKER_CONFIDENCE) if is_uncertain else confidence
