"""Finds where content after a cue ends: with its sentence, or before a clause in the outlet's own voice.

Sentence ends, commas and tenses are checked before the dependency tree, since parsers often attach clauses wrongly.
"""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.cues import read_source_cues
from samestory.annotate.quotations.function_words import (
    ADDITIVE_CONJUNCTIONS,
    CLAUSE_COMPLEMENTIZERS,
    INFINITIVE_MARKERS,
    PARTICIPLE_CONJUNCTIONS,
)
from samestory.annotate.quotations.quotation_parse import OPENING_QUOTE_MARKS, PAUSE_MARKS, QuotationParse
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

FINITE_OR_MODAL_TAGS = ("VBD", "VBZ", "VBP", "MD")
FUTURE_MODALS = WordList("future_modals")
SPEECH_LEAD_MARKS = ("—", "–", "―", "--", "-", ":")
TAIL_MARKS = (",", "—", "–", "―", "--", "-")
SUMMING_NOUNS = WordList("summing_nouns")
INDEFINITE_ARTICLES = WordList("indefinite_articles")
PAST_MODALS = WordList("past_modals")
PRESENT_MODALS = WordList("present_modals")
MAX_SUMMING_TOKENS = 7
CLAUSE_CONJUNCTIONS = WordList("clause_conjunctions")
RESUMING_VERBS = WordList("resuming_verbs")  # "said she was glad and ADDED"
REPORT_CONJUNCTIONS = WordList("report_conjunctions")  # "said that ..., BUT added that"


def find_content_end(parsed: QuotationParse, verb: int, first: int, until: int) -> int:
    """The exclusive end of content after a cue: the end of the sentence, or the start of a clause by the outlet."""
    for i in range(first + 1, until):
        token = parsed.tokens[i]
        if parsed.region_at[i] >= 0:
            continue
        if token.head.i == verb and token.i > first + 1 and (
                _is_outside_content(parsed.tokens[verb], token, first) and parsed.applies("clauses of the outlet")):
            start = token.left_edge.i if token.left_edge.i > first else token.i
            return _drop_connectors(parsed, first, start)
        if i in parsed.cues and _opens_report(parsed, token, first, verb) and parsed.applies("further cues"):
            return _drop_connectors(parsed, first, _cue_clause_start(token, first))
        if (token.text == ";" and parsed.applies("semicolons")) or (
                _opens_speech(parsed, i) and parsed.applies("further speech")):
            return i
        if _opens_afterthought(parsed, verb, first, i):
            return _drop_connectors(parsed, first, i)
        if parsed.tokens[i - 1].text == "," and token.lower_ in read_source_cues() and (
                parsed.applies("sources after content")):
            return _drop_connectors(parsed, first, i)
    return until


def _opens_afterthought(parsed: QuotationParse, verb: int, first: int, i: int) -> bool:
    """Whether words after a comma or dash comment on the content: ", a sign that ...", ", which is"."""
    before = parsed.tokens[i - 1]
    if before.text not in TAIL_MARKS or i - 1 <= first or parsed.region_at[i - 1] >= 0:
        return False
    if parsed.applies("words that sum up") and _sums_up(parsed, i):
        return True
    return (parsed.applies("tenses of tails") and _is_past(parsed.tokens[verb]) and _is_past_content(parsed, first, i)
            and _opens_present_clause(parsed, i))


def _sums_up(parsed: QuotationParse, i: int) -> bool:
    """Whether a noun phrase sums up the clause before it: ", a SIGN that ...", "- a STEP that ..."."""
    if parsed.tokens[i].lower_ not in INDEFINITE_ARTICLES:
        return False
    noun = next((t for t in parsed.tokens[i + 1:i + MAX_SUMMING_TOKENS] if t.tag_ in ("NN", "NNS") and
                 t.nbor(1).tag_ not in ("NN", "NNS", "POS", "HYPH")), None)
    return noun is not None and noun.lemma_.lower() in SUMMING_NOUNS


def _is_past_content(parsed: QuotationParse, first: int, last: int) -> bool:
    """Whether the first finite verb of the content is past, as after "said": "he WOULD go", "it HAD failed"."""
    token = next((t for t in parsed.tokens[first:last] if t.tag_ in FINITE_OR_MODAL_TAGS), None)
    return token is not None and (token.tag_ == "VBD" or token.lower_ in PAST_MODALS)


def _opens_present_clause(parsed: QuotationParse, i: int) -> bool:
    """Whether a relative or adverbial clause in the present tense follows: ", which is", "as it heads"."""
    if parsed.tokens[i].tag_ not in ("WDT", "WP", "WRB"):
        return False
    verb = next((t for t in parsed.tokens[i + 1:i + MAX_SUMMING_TOKENS] if t.tag_ in FINITE_OR_MODAL_TAGS), None)
    return verb is not None and (verb.tag_ in ("VBZ", "VBP") or verb.lower_ in PRESENT_MODALS)


def _opens_speech(parsed: QuotationParse, i: int) -> bool:
    """Whether a dash or colon introduces another quotation: — “We are ready,” she said."""
    if parsed.tokens[i].text not in SPEECH_LEAD_MARKS or i + 1 >= len(parsed.tokens) or parsed.region_at[i + 1] < 0:
        return False
    region = parsed.regions[parsed.region_at[i + 1]]
    return parsed.text[region.inner_start:region.inner_end].rstrip().endswith((",", "?", "!"))


def _is_outside_content(verb: "Token", token: "Token", first: int) -> bool:
    """Whether a conjunct or clause under the cue is the outlet's own, since its tense matches the cue's."""
    if token.dep_ == "advcl" and token.left_edge.lower_ in INFINITIVE_MARKERS and token.left_edge.nbor(-1).text != ",":
        return False  # "filibuster to block the bill"
    if token.dep_ == "conj" and _belongs_to_content(token):
        return False
    if token.dep_ == "advcl":
        return token.left_edge.i > first and (not is_finite(token) or _is_past(token) or not _is_past(verb))
    return token.dep_ == "conj" and (is_finite(token) or not is_finite(verb))


def _belongs_to_content(token: "Token") -> bool:
    """Whether a conjunct belongs to the content: it has its own modal and subject."""
    has_subject = any(child.dep_ in ("nsubj", "nsubjpass", "expl") for child in token.lefts)
    return has_subject and any(child.lower_ in FUTURE_MODALS for child in token.lefts)


def _cue_clause_start(token: "Token", first: int) -> int:
    """The first token of a cue's own clause: its subject, or itself."""
    subject = _own_subject(token)
    left = token.i if subject is None else min(subject.left_edge.i, token.i)
    if token.dep_ == "relcl" and subject is not None:  # "to which she said", "and Ann Lee, who said"
        left = token.head.left_edge.i if subject.tag_ == "WP" else token.left_edge.i
    return left if left > first else token.i


def _own_subject(token: "Token") -> "Token | None":
    return next((child for child in token.lefts if child.dep_ in ("nsubj", "nsubjpass")), None)


def is_finite(token: "Token") -> bool:
    """Whether a verb or its auxiliary is finite."""
    return token.tag_ in FINITE_OR_MODAL_TAGS or any(child.dep_ in ("aux", "auxpass")
                                                     and child.tag_ in FINITE_OR_MODAL_TAGS for child in token.lefts)


def _is_past(token: "Token") -> bool:
    return token.tag_ == "VBD" or any(c.dep_ in ("aux", "auxpass") and c.tag_ == "VBD" for c in token.lefts)


def _opens_report(parsed: QuotationParse, token: "Token", first: int, verb: int) -> bool:
    """Whether a cue within the content continues the outlet's sentence: ", adding that", "and warned"."""
    before = parsed.tokens[token.i - 1]
    if before.dep_ == "advmod" and before.i > first:
        before = parsed.tokens[before.i - 1]
    is_joined = before.lower_ in ADDITIVE_CONJUNCTIONS and parsed.tokens[verb].tag_ == "VBG"
    if token.tag_ == "VBG" and (before.text == "," or is_joined):
        return True
    if token.tag_ == "VBG" and parsed.applies("participles after content"):
        follows_marks = parsed.region_at[before.i] >= 0 and "," in (before.text, before.nbor(-1).text)
        return follows_marks or before.lower_ in PARTICIPLE_CONJUNCTIONS
    subject = _own_subject(token)
    if subject is not None:
        start = _cue_clause_start(token, first)
        is_reply = token.dep_ == "relcl" and token.left_edge.pos_ == "ADP" and parsed.tokens[start - 1].text == ","
        return token.tag_ in FINITE_OR_MODAL_TAGS and (is_reply or _is_coordinated(parsed, start, first))
    follows = parsed.tokens[token.i + 1] if token.i + 1 < len(parsed.tokens) else None
    opens_content = follows is not None and (follows.lower_ in CLAUSE_COMPLEMENTIZERS
                                             or follows.text in OPENING_QUOTE_MARKS)
    has_same_form = token.tag_ == parsed.tokens[verb].tag_
    resumes = has_same_form and parsed.cues[token.i].lemma in RESUMING_VERBS and parsed.applies("resuming verbs")
    is_parallel = opens_content or resumes or (has_same_form and _is_modal(parsed, first, token.i))
    return before.lower_ in REPORT_CONJUNCTIONS and token.tag_ in ("VBD", "VBZ") and is_parallel


def _is_modal(parsed: QuotationParse, first: int, last: int) -> bool:
    """Whether the first finite verb of the content is a modal ("would"), which a bare past tense does not continue."""
    tense = next((t.tag_ for t in parsed.tokens[first:last] if t.tag_ in FINITE_OR_MODAL_TAGS), None)
    return tense == "MD"


def _is_coordinated(parsed: QuotationParse, start: int, first: int) -> bool:
    """Whether a comma (or closing mark) and a conjunction come before a clause: ", and critics said"."""
    if start - 2 <= first or parsed.tokens[start - 1].lower_ not in CLAUSE_CONJUNCTIONS:
        return False
    return parsed.tokens[start - 2].text in PAUSE_MARKS or bool(parsed.region_at[start - 2] >= 0)


def _drop_connectors(parsed: QuotationParse, first: int, last: int) -> int:
    """The end, moved before any comma or conjunction that introduces the next clause."""
    while last > first and _is_connector_token(parsed, last - 1):
        last -= 1
    return last


def _is_connector_token(parsed: QuotationParse, i: int) -> bool:
    token = parsed.tokens[i]
    if token.dep_ == "cc" or token.lower_ in CLAUSE_CONJUNCTIONS or token.lower_ in PARTICIPLE_CONJUNCTIONS:
        return True
    return token.text in PAUSE_MARKS and bool(parsed.region_at[i] < 0)
