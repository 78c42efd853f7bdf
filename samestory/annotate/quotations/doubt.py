"""Whether a cue tells of something that was said at all, and whether its subject can say anything."""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.reading import QuotationParse, StartEnd

if TYPE_CHECKING:
    from spacy.tokens import Token

REFUSAL_VERBS = frozenset(("decline", "refuse", "fail", "stop"))
INTENTION_VERBS = frozenset(("hope", "want", "try", "attempt", "need", "seek", "like", "plan", "expect", "struggle",
                             "aim"))
POSSIBILITY_MODALS = frozenset(("can", "could", "may", "might", "must", "should"))
EVIDENCE_VERBS = frozenset(("show", "indicate", "suggest", "demonstrate", "determine", "prove", "mean", "signal",
                            "reveal"))
NEGATIVE_SUBJECTS = frozenset(("none", "nobody", "neither", "few", "nothing"))
DEMONSTRATIVE_WORDS = frozenset(("that", "this", "these", "those", "which"))


def find_doubt(reading: QuotationParse, verb: int) -> str:
    """Why a cue may tell of nothing that was said: `negated`, `hypothetical`, or nothing.

    "Has not confirmed that", "declined to say what"; "could argue that", "hoped to show that", "a chance to say".
    """
    token = reading.tokens[verb]
    is_infinitive = token.tag_ == "VB" and any(child.lower_ == "to" for child in token.lefts)
    above = token.head.lemma_.lower() if is_infinitive else ""
    is_without = token.dep_ == "pcomp" and token.head.lower_ in ("without", "of", "instead") and (
        token.head.lower_ == "without" or token.head.nbor(-1).lower_ in ("short", "instead"))
    if any(child.dep_ == "neg"
           for child in token.lefts) or above in REFUSAL_VERBS or is_without or _has_negative_subject(token):
        return "negated"
    is_possible = any(child.tag_ == "MD" and child.lower_ in POSSIBILITY_MODALS for child in token.lefts)
    is_purpose = is_infinitive and (token.dep_ in ("acl", "relcl", "advcl") or above in INTENTION_VERBS)
    return "hypothetical" if is_possible or is_purpose else ""


def _has_negative_subject(token: "Token") -> bool:
    """Whether the subject is nobody: "none of the senators said that"."""
    subject = next((child for child in token.lefts if child.dep_ == "nsubj"), None)
    return subject is not None and (subject.lower_ in NEGATIVE_SUBJECTS or any(c.lower_ == "no" for c in subject.lefts))


def can_speak(reading: QuotationParse, verb: int, speaker: StartEnd | None) -> bool:
    """Whether a source can be one: "that" or "those remarks" show something without saying it."""
    shows = reading.cues[verb].lemma in EVIDENCE_VERBS
    return speaker is None or not shows or reading.tokens[speaker[0]].lower_ not in DEMONSTRATIVE_WORDS
