"""Checks whether a cue reports anything that was said, and whether its subject can speak."""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.cues import PLAIN_SAYING_VERBS
from samestory.annotate.quotations.function_words import INFINITIVE_MARKERS
from samestory.annotate.quotations.quotation_parse import QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import COPULA_LEMMAS
from samestory.annotate.quotations.voiceless import only_shows
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

REFUSAL_VERBS = WordList("refusal_verbs")
INTENTION_VERBS = WordList("intention_verbs")
POSSIBILITY_MODALS = WordList("possibility_modals")
EVIDENCE_VERBS = WordList("evidence_verbs")
NEGATIVE_SUBJECTS = WordList("negative_subjects")
NEGATIVE_DETERMINERS = WordList("negative_determiners")
NEGATING_PREPOSITIONS = WordList("negating_prepositions")  # "WITHOUT saying", "stopped SHORT OF saying"
CONDITIONAL_CONJUNCTIONS = WordList("conditional_conjunctions")
CONDITIONAL_AUXILIARIES = WordList("conditional_auxiliaries")  # "SHOULD they claim that ..., we"
INDIFFERENT_PRONOUNS = WordList("indifferent_pronouns")  # "WHATEVER they say"
INDIFFERENCE_WORDS = WordList("indifference_words")  # "no MATTER what they say"
DEMONSTRATIVE_WORDS = WordList("demonstratives")


def find_doubt(parsed: QuotationParse, verb: int) -> str:
    """The reason why a cue may not report speech: `negated`, `hypothetical`, or empty if there is no doubt.

    "Has not confirmed that", "declined to say what"; "could argue that", "hoped to show that", "a chance to say".
    """
    token = parsed.tokens[verb]
    is_infinitive = token.tag_ == "VB" and any(child.lower_ in INFINITIVE_MARKERS for child in token.lefts)
    above = token.head.lemma_.lower() if is_infinitive else ""
    has_negation = any(child.dep_ == "neg" and not _is_quoted(parsed, child) for child in token.lefts)
    is_negated = has_negation or above in REFUSAL_VERBS
    if is_negated or _is_left_unsaid(token) or _has_negative_subject(token):
        return "negated" if parsed.applies("negated cues") else ""
    if parsed.applies("supposed") and (_is_supposed(parsed, token) or _is_indifferent(parsed, token)):
        return "hypothetical"
    is_possible = any(child.tag_ == "MD" and child.lower_ in POSSIBILITY_MODALS for child in token.lefts)
    is_purpose = is_infinitive and (token.dep_ in ("acl", "relcl", "advcl") or above in INTENTION_VERBS)
    if (is_possible or is_purpose) and parsed.applies("hypothetical cues"):
        return "hypothetical"
    is_predicate = is_infinitive and token.dep_ == "xcomp" and above in COPULA_LEMMAS
    return "hypothetical" if is_predicate and parsed.applies("infinitives after be") else ""


def _is_quoted(parsed: QuotationParse, word: "Token") -> bool:
    """Whether a word that the parser attaches to a cue belongs to the speech before it: “Why NOT?” asks Ann Lee."""
    return bool(parsed.is_marked[word.i]) and parsed.applies("negations in marks")


def _is_left_unsaid(token: "Token") -> bool:
    """Whether a preposition negates the cue: "without saying that", "short of saying that"."""
    if token.dep_ != "pcomp":
        return False
    above = token.head
    words = f"{above.nbor(-1).lower_} {above.lower_}" if above.i else ""
    return above.lower_ in NEGATING_PREPOSITIONS or words in NEGATING_PREPOSITIONS


def _is_supposed(parsed: QuotationParse, token: "Token") -> bool:
    """Whether a cue is in a condition: "if X says that", "should X claim that"."""
    if any(child.dep_ in ("mark", "advmod") and child.lower_ in CONDITIONAL_CONJUNCTIONS for child in token.lefts):
        return True
    first = next((child for child in token.lefts if child.dep_ != "punct"), None)
    is_inverted = first is not None and first.dep_ == "aux" and first.lower_ in CONDITIONAL_AUXILIARIES
    opens = first is not None and first.i == parsed.sentence(token.i)[0]
    return is_inverted and opens and not token.doc[parsed.sentence(token.i)[1] - 1].text == "?"


def _is_indifferent(parsed: QuotationParse, token: "Token") -> bool:
    """Whether what was said does not matter: "whatever X says", "no matter what X says", "nobody cares what X says"."""
    what = next((child for child in token.lefts if child.tag_ in ("WP", "WDT", "WRB")), None)
    if what is None:
        return False
    before = [other.lower_ for other in parsed.tokens[max(0, what.i - 2):what.i]]
    return (what.lower_ in INDIFFERENT_PRONOUNS or token.head.lemma_ in INDIFFERENCE_WORDS
            or not INDIFFERENCE_WORDS.words.isdisjoint(before))


def _has_negative_subject(token: "Token") -> bool:
    """Whether the subject is negative: "none of the senators said that"."""
    subject = next((child for child in token.lefts if child.dep_ == "nsubj"), None)
    if subject is None and token.dep_ == "xcomp" and token.head.i < token.i:  # "NOBODY is going to argue that"
        subject = next((child for child in token.head.lefts if child.dep_ == "nsubj"), None)
    return subject is not None and (subject.lower_ in NEGATIVE_SUBJECTS
                                    or any(child.lower_ in NEGATIVE_DETERMINERS for child in subject.lefts))


def can_speak(parsed: QuotationParse, verb: int, speaker: StartEnd | None) -> bool:
    """Whether a source can speak; "that" or "those remarks" may show something, but cannot say it."""
    if speaker is not None and _only_links(parsed, verb, speaker) and parsed.applies("that said"):
        return False
    shows = parsed.cues[verb].lemma in EVIDENCE_VERBS
    if speaker is None or not shows or parsed.tokens[speaker[0]].lower_ not in DEMONSTRATIVE_WORDS:
        return True
    return not parsed.applies("evidence that speaks")


def is_said_by_nobody(parsed: QuotationParse, verb: int, speaker: StartEnd | None, parts: list[StartEnd]) -> bool:
    """Whether an event or a quality only shows something, without marks: "her APPEARANCE underscored that"."""
    if speaker is None or parsed.cues[verb].lemma in PLAIN_SAYING_VERBS:
        return False
    tokens = parsed.tokens[slice(*speaker)]
    head = next((t for t in tokens if not speaker[0] <= t.head.i < speaker[1] or t.head.i == t.i), tokens[-1])
    has_marks = any(parsed.is_marked[first:last].any() for first, last in parts)
    shows = only_shows(head, parsed.cues[verb].lemma)
    return shows and not has_marks and parsed.applies("nouns that only show")


def _only_links(parsed: QuotationParse, verb: int, speaker: StartEnd) -> bool:
    """Whether a cue and its "that" link two sentences: "That said, prices fell"."""
    follows = parsed.tokens[verb + 1].text if verb + 1 < len(parsed.tokens) else ""
    return speaker == (verb - 1, verb) and parsed.tokens[verb - 1].lower_ in DEMONSTRATIVE_WORDS and follows == ","
