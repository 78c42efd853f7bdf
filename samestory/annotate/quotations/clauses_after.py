"""Finds the clause after a reporting verb: "X said (that) CONTENT".

The parser attaches the clause to its cue; where it errs, "that", a comma and a finite verb reveal the clause.
"""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.clause_ends import FINITE_OR_MODAL_TAGS, find_content_end, is_finite
from samestory.annotate.quotations.cues import PLAIN_SAYING_VERBS, Cue, is_mistagged_verb
from samestory.annotate.quotations.function_words import (
    CLAUSE_COMPLEMENTIZERS,
    EXPLETIVE_PRONOUNS,
    INFINITIVE_SUBJECT_MARKERS,
)
from samestory.annotate.quotations.quotation_parse import QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import NOUN_PHRASE_POS, SUBJECT_DEPS
from samestory.base.language import WordList
from samestory.clean.lines import POSSESSIVE_CLITICS

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_CUE_TO_THAT_TOKENS = 14  # tokens between a cue and its "that"
MAX_WHAT_TO_CUE_TOKENS = 6  # tokens between "what" and the cue of "what critics said"
MAX_ASIDE_TOKENS = 30  # tokens between a cue and its "that", if a phrase follows the cue
MAX_CLAUSE_DEPTH = 4  # verbs between a cue and a finite verb of its clause
COPULA_FORMS = WordList("copula_forms")
QUESTION_CONJUNCTIONS = WordList("question_conjunctions")


def content_after(parsed: QuotationParse, verb: int, until: int) -> StartEnd | None:
    """The tokens of the clause after a cue verb: "X said (that) CONTENT"."""
    hidden = _find_hidden_verb(parsed, verb, until)
    first = _find_content_start(parsed, verb, until) if hidden is None else verb + 1
    first = find_told_clause(parsed, verb) if first is None and parsed.applies("clauses after hearers") else first
    if first is None or first >= len(parsed.tokens):  # the text ends with "that"
        return None
    first = _skip_cue_words(parsed, verb, first)
    first += _opens_with_conjunction(parsed, verb, first)
    last = find_content_end(parsed, verb, hidden or first, until)
    return (first, last) if last > first and parsed.applies("clauses after cues") else None


def find_told_clause(parsed: QuotationParse, verb: int) -> int | None:
    """The start of a clause that the parser tore off the hearer: "after Lee told the Post HE WAS not there"."""
    token = parsed.tokens[verb]
    hearer = next((child for child in token.rights if child.dep_ in ("dobj", "dative")), None)
    if "someone" not in parsed.cues[verb].frames or hearer is None or hearer.i != token.right_edge.i or (
            hearer.i + 2 >= len(parsed.tokens)):
        return None
    subject, finite = parsed.tokens[hearer.i + 1], parsed.tokens[hearer.i + 2]
    is_clause = subject.tag_ == "PRP" and subject.dep_ == "nsubj" and finite.tag_ in FINITE_OR_MODAL_TAGS
    return subject.i if is_clause else None


def _skip_cue_words(parsed: QuotationParse, verb: int, first: int) -> int:
    """The start, moved past the second word of a cue: "made (it) clear that"."""
    particles = parsed.cues[verb].lemma.split()[1:]
    if not particles or first > verb + 2 or not parsed.applies("cues of two words"):
        return first
    if _word_at(parsed, first) in EXPLETIVE_PRONOUNS and _word_at(parsed, first + 1) in particles:
        first += 1
    for particle in particles:
        first += _word_at(parsed, first) == particle
    if first < len(parsed.tokens) and parsed.tokens[first].dep_ == "prep":  # "made it clear TO them that"
        end = min(first + MAX_CUE_TO_THAT_TOKENS, len(parsed.tokens))
        return next((i + 1 for i in range(first, end) if parsed.tokens[i].dep_ == "mark"
                     and parsed.tokens[i].lower_ in CLAUSE_COMPLEMENTIZERS), first)
    return first


def _word_at(parsed: QuotationParse, i: int) -> str:
    """The word at a position, in lower case; empty after the last token."""
    return parsed.tokens[i].lower_ if i < len(parsed.tokens) - 1 else ""


def _opens_with_conjunction(parsed: QuotationParse, verb: int, first: int) -> bool:
    """Whether content opens with a connecting word: "that", or the "was" of "what critics said was a refusal"."""
    token = parsed.tokens[first]
    if token.lower_ in CLAUSE_COMPLEMENTIZERS:
        may_be_pronoun = token.tag_ != "IN" and token.dep_ in ("nsubj", "nsubjpass", "det")
        return is_mistagged_verb(parsed.tokens[verb]) or not may_be_pronoun
    since = parsed.sentence(verb)[0]
    is_asked = any(t.tag_ == "WP" for t in parsed.tokens[max(since, verb - MAX_WHAT_TO_CUE_TOKENS):verb])
    return first == verb + 1 and is_asked and token.lower_ in COPULA_FORMS and parsed.applies("what was said")


def _find_content_start(parsed: QuotationParse, verb: int, until: int) -> int | None:
    """The start of the clause after a cue, from the parser or, where it erred, from "that" and finite verbs."""
    token, frames = parsed.tokens[verb], parsed.cues[verb].frames
    clause = next((child for child in token.rights if child.i < until and _is_clause(child, frames)), None)
    if clause is not None and parsed.applies("clauses with a verb") and _is_verbless(parsed, clause, parsed.cues[verb]):
        clause = None
    if clause is not None and not (parsed.region_at[clause.i] >= 0 and parsed.region_start(clause.i) < verb):
        return _clause_start(parsed, token, clause)
    if "that" in frames and (that := _find_that(parsed, verb, until)) is not None and parsed.applies("that"):
        return that + 1
    is_plain = parsed.cues[verb].lemma in PLAIN_SAYING_VERBS
    is_misread = is_plain and verb + 1 < until and _continues_to_finite_verb(parsed, token, until)
    return verb + 1 if is_misread and parsed.applies("clauses read as objects") else None


def _find_that(parsed: QuotationParse, verb: int, until: int) -> int | None:
    """The conjunction "that" that opens a cue's clause, with no other verb in between."""
    complementizers = CLAUSE_COMPLEMENTIZERS.words
    for i in range(verb + 1, min(verb + MAX_CUE_TO_THAT_TOKENS, until)):
        token = parsed.tokens[i]
        if token.lower_ in complementizers and _may_conjoin(parsed, verb, i, until):
            above = token.head.head
            is_others = token.dep_ == "mark" and above.i != verb and above.i in parsed.cues
            return None if is_others and not _is_cue_adjunct(above, verb) else i
        if token.pos_ in ("VERB", "AUX") or parsed.region_at[i] >= 0:
            break
    return _find_that_after_aside(parsed, verb, until) if parsed.applies("that after an aside") else None


def _find_that_after_aside(parsed: QuotationParse, verb: int, until: int) -> int | None:
    """The "that" after a phrase on where it was said: "argues in a report released on the holiday that"."""
    tokens = parsed.tokens
    if verb + 1 >= until or tokens[verb + 1].dep_ != "prep" or tokens[verb].tag_ not in FINITE_OR_MODAL_TAGS:
        return None
    for token in tokens[verb + 2:min(verb + MAX_ASIDE_TOKENS, until)]:
        if token.tag_ in FINITE_OR_MODAL_TAGS or parsed.region_at[token.i] >= 0:
            return None
        if token.lower_ in CLAUSE_COMPLEMENTIZERS and token.tag_ == "IN":
            return token.i if token.dep_ in ("mark", "advmod") else None
    return None


def _may_conjoin(parsed: QuotationParse, verb: int, i: int, until: int) -> bool:
    """Whether "that" can be a conjunction, even if it is parsed as a pronoun: "denied on Friday that he"."""
    token = parsed.tokens[i]
    if token.dep_ in ("mark", "advmod"):
        return True
    follows = parsed.tokens[i + 1] if i + 1 < until else None
    is_object = token.dep_ in ("dobj", "pobj") and token.tag_ == "WDT" and _is_cue_adjunct(parsed.tokens[i - 1], verb)
    return is_object and follows is not None and follows.dep_ in ("nsubj", "nsubjpass", "det", "compound", "poss")


def _is_cue_adjunct(noun: "Token", verb: int) -> bool:
    """Whether a noun belongs to an adjunct of the cue: "said in a statement that"."""
    return noun.dep_ == "pobj" and noun.head.head.i == verb


def _is_clause(child: "Token", frames: frozenset[str]) -> bool:
    """Whether a dependent is a clause reported by the cue."""
    if _is_possessive_ending(child):
        return False
    if child.dep_ == "ccomp" or (child.dep_ == "xcomp" and child.tag_ == "VBG" and "gerund" in frames):
        return True
    if child.dep_ == "advcl" and "bare" in frames and _is_main_clause(child):
        return True
    if child.dep_ == "xcomp" and "bare" in frames and (is_finite(child) or _is_gerund_subject(child)):
        return True
    opens = child.left_edge
    is_question = opens.tag_ in ("WRB", "WP", "WDT") or opens.lower_ in QUESTION_CONJUNCTIONS
    return (child.dep_ == "advcl" and "wh" in frames and is_question and opens.i == child.head.i + 1
            and any(c.dep_ == "neg" for c in child.head.lefts))


def _is_possessive_ending(token: "Token") -> bool:
    """Whether the tagger took the "’s" of a noun for a verb: "outrage at the president’S about-face"."""
    return token.lower_ in POSSESSIVE_CLITICS and not any(c.dep_ in (*SUBJECT_DEPS, "expl") for c in token.lefts)


def _is_verbless(parsed: QuotationParse, clause: "Token", cue: Cue) -> bool:
    """Whether a clause has neither a finite verb nor a word that opens reported speech: "found THEM GUILTY".

    An infinitive does if the cue takes clauses without "that": "expects it to close", but not "allows it to close".
    """
    opens = clause.left_edge
    is_question = opens.tag_ in ("WRB", "WP", "WDT", "WP$") or opens.lower_ in QUESTION_CONJUNCTIONS
    is_base_form = any(token.tag_ == "VB" for token in (clause, *clause.lefts))  # "expects it TO CLOSE", "IT BE CLOSED"
    has_that = parsed.tokens[clause.head.i + 1].lower_ in CLAUSE_COMPLEMENTIZERS
    has_opening = (is_question or has_that or any(_is_complementizer(child) for child in clause.lefts)
                   or (is_base_form and bool(cue.frames & {"bare", "to"})))
    inside = parsed.tokens[clause.head.i + 1:clause.right_edge.i + 1]
    is_finite_inside = any(_is_main_finite(parsed, token, clause.head.i) for token in inside)
    is_gerund = clause.tag_ == "VBG" and "gerund" in cue.frames  # "proposed CLOSING the bridge"
    is_loose = cue.lemma in PLAIN_SAYING_VERBS or " " in cue.lemma or is_gerund
    has_marks = bool(parsed.is_marked[opens.i:clause.right_edge.i + 1].any())
    return not (has_opening or is_finite_inside or is_loose or has_marks)


def _is_main_finite(parsed: QuotationParse, token: "Token", cue: int) -> bool:
    """Whether a verb is finite, and not in a relative or adverbial clause below its cue."""
    verb = token.head if token.dep_ in ("aux", "auxpass") else token
    if token.tag_ not in FINITE_OR_MODAL_TAGS:
        return False
    for _ in range(MAX_CLAUSE_DEPTH if parsed.applies("verbs in lower clauses") else 1):
        if verb.dep_ in ("relcl", "advcl", "acl"):
            return False
        verb = verb.head
        if verb.i == cue:
            break
    return True


def _is_gerund_subject(child: "Token") -> bool:
    """Whether a gerund is the subject of a clause misparsed as its own: "said CUTTING taxes WOULD HELP"."""
    return child.tag_ == "VBG" and any(c.dep_ == "ccomp" and is_finite(c) for c in child.rights)


def _is_main_clause(child: "Token") -> bool:
    """Whether an adverbial clause looks like a main clause: a subject, a finite verb and no conjunction."""
    has_subject = any(c.dep_ in ("nsubj", "nsubjpass", "expl") for c in child.lefts)
    is_joined = any(c.dep_ == "mark" or c.tag_ in ("WRB", "WP", "WDT", "IN") for c in child.lefts if c.dep_ != "prep")
    return has_subject and not is_joined and is_finite(child) and child.left_edge.i > child.head.i


def _continues_to_finite_verb(parsed: QuotationParse, verb: "Token", until: int) -> bool:
    """Whether a noun phrase right after a cue is followed by a finite verb: a clause misparsed as its object."""
    nearest = next((c for c in verb.rights if c.dep_ == "dobj"), None)
    if nearest is None or nearest.left_edge.i != verb.i + 1:
        return False
    return any(t.tag_ in FINITE_OR_MODAL_TAGS and parsed.region_at[t.i] < 0
               for t in parsed.tokens[nearest.i + 1:until])


def _find_hidden_verb(parsed: QuotationParse, verb: int, until: int) -> int | None:
    """The verb of a clause that the parser tore off the noun after a cue: "argue THE PLAN, as it is known, FAILS"."""
    token, cue = parsed.tokens[verb], parsed.cues[verb]
    if "bare" not in cue.frames or cue.lemma in PLAIN_SAYING_VERBS or not parsed.applies("clauses after objects"):
        return None
    noun = next((t for t in parsed.tokens[verb + 1:until] if t.dep_ in ("dobj", "nsubj")
                 and t.left_edge.i <= verb + 1), None)
    if noun is None or noun.pos_ not in NOUN_PHRASE_POS or parsed.region_at[noun.i] >= 0 or (
            any(_is_clause(child, cue.frames) for child in token.rights)):
        return None
    return next((t.i for t in parsed.tokens[noun.i + 1:until] if t.tag_ in FINITE_OR_MODAL_TAGS
                 and parsed.region_at[t.i] < 0 and _goes_with(t, noun, token)), None)


def _goes_with(finite: "Token", noun: "Token", verb: "Token") -> bool:
    """Whether a finite verb has no other subject than a noun, opens no clause of its own and is not joined."""
    clause = finite.head if finite.dep_ in ("aux", "auxpass") else finite
    if clause.dep_ in ("relcl", "acl") or clause.i == verb.i or any(
            c.dep_ == "mark" or c.tag_ in ("WRB", "WP", "WDT") for c in clause.lefts):
        return False
    if any(c.dep_ in (*SUBJECT_DEPS, "expl") and c.i != noun.i for c in clause.lefts):
        return False
    between = noun.doc[noun.i + 1:finite.i]
    n_commas = sum(token.text == "," for token in between)
    is_joined = any(token.dep_ == "cc" and token.head.i in (verb.i, clause.head.i, noun.i) for token in between)
    return n_commas != 1 and not is_joined and noun.doc[finite.i - 1].dep_ != "cc"


def _clause_start(parsed: QuotationParse, verb: "Token", clause: "Token") -> int:
    """The start of the clause, after any "that"; a phrase set off by a comma belongs to it."""
    tokens = parsed.tokens
    own = next((child.i for child in clause.lefts if _is_complementizer(child)), None)
    if own is not None and own > verb.i:
        return own + 1
    first = max(clause.left_edge.i, verb.i + 1)
    while first < clause.i and (_is_complementizer(tokens[first]) or _is_infinitive_lead(tokens[first])
                                or tokens[first].text in (",", ":")):
        first += 1
    between = tokens[verb.i + 1:first]
    for token in between:
        if _is_complementizer(token):
            return token.i + 1
        if parsed.region_at[token.i] >= 0:
            return token.i
    if not between or between[-1].text == ":":
        return first
    is_set_off = between[-1].text == "," and "," not in [t.text for t in between[:-1]]
    if is_set_off and parsed.region_at[first] < 0 and between[0].dep_ in ("prep", "advmod", "mark") and (
            parsed.applies("phrases before clauses")):
        return verb.i + 1
    is_object = between[0].i == verb.i + 1 and any(t.dep_ in ("dobj", "nsubj") and t.head.i == verb.i for t in between)
    is_content = "someone" not in parsed.cues[verb.i].frames or not any(c.dep_ in SUBJECT_DEPS for c in clause.lefts)
    return verb.i + 1 if is_object and is_content and parsed.applies("objects before clauses") else first


def _is_complementizer(token: "Token") -> bool:
    return token.dep_ == "mark" and token.lower_ in CLAUSE_COMPLEMENTIZERS


def _is_infinitive_lead(token: "Token") -> bool:
    """Whether a word introduces the subject of an infinitive: the "for" of "called for them to act"."""
    return token.dep_ == "mark" and token.lower_ in INFINITIVE_SUBJECT_MARKERS
