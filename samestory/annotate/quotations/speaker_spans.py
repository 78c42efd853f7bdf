"""Finds the speaker of a cue: its subject, the agent of a passive, or a subject shared with the verb above."""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.around_cue import PERSONAL_RELATIVES, closes_speech
from samestory.annotate.quotations.clause_ends import INDEFINITE_ARTICLES, RESUMING_VERBS
from samestory.annotate.quotations.cues import is_mistagged_verb
from samestory.annotate.quotations.function_words import (
    ADDITIVE_CONJUNCTIONS,
    EXPLETIVE_PRONOUNS,
    PARTICIPLE_CONJUNCTIONS,
    RELATIVE_PRONOUNS,
)
from samestory.annotate.quotations.quotation_parse import QuotationParse, StartEnd
from samestory.annotate.roles import read_roles
from samestory.base.language import WordList
from samestory.clean.lines import POSSESSIVE_CLITICS

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECT_DEPS = ("nsubj", "nsubjpass", "csubj")
NOUN_PHRASE_POS = ("PROPN", "NOUN", "PRON")
SHARED_SUBJECT_DEPS = ("conj", "xcomp", "advcl", "acl", "pcomp", "ccomp", "dep", "prep", "advmod", "acomp")
SHARED_SUBJECT_HEAD_POS = ("VERB", "AUX", "ADP", "SCONJ", "ADJ", "ADV")
LOOSE_MODIFIER_DEPS = ("relcl", "appos", "acl", "advcl", "parataxis", "punct", "cc", "conj", "case")
FINITE_CUE_TAGS = ("VBD", "VBZ", "VBP")
TIME_NOUNS = WordList("time_nouns")
DOCUMENT_NOUNS = WordList("document_nouns")
ISSUING_VERBS = WordList("issuing_verbs")
CAUSING_VERBS = WordList("causing_verbs")  # "LED him to say"
DOCUMENT_PREPOSITIONS = WordList("document_prepositions")  # "IN a letter", "WITH a tweet"
COPULA_LEMMAS = WordList("copula_lemmas")
PORTION_NOUNS = WordList("portion_nouns")  # "55 PERCENT of whites"
GROUP_QUANTIFIERS = WordList("group_quantifiers")  # "That, MANY argue, is wrong"
GROUP_PRONOUNS = WordList("group_pronouns")
CLIPPED_NOT = WordList("clipped_negations")
MAX_NAME_AFTER_CUE_TOKENS = 9
MAX_COMMA_APPOSITION_TOKENS = 20
MAX_JOINED_NOUN_DEPTH = 3  # levels of nouns joined to nouns
MAX_LISTED_NAMES = 8
MAX_HEAD_STEPS = 5  # steps up the tree; more is a misparse


def find_speaker(parsed: QuotationParse, verb: int) -> StartEnd | None:
    """The first and last (exclusive) tokens of the phrase that names the source of a cue verb."""
    token = parsed.tokens[verb]
    leading = _find_leading_cue(parsed, token)
    head = _subject_head(parsed, leading, MAX_HEAD_STEPS)
    if head is not None and parsed.applies("object of a relative clause"):
        head = _find_antecedent(head, leading) or head
    if head is not None and parsed.applies("main subject"):
        head = _find_main_subject(parsed, head, token) or head
    opens = parsed.dateline_end(parsed.sentence(verb)[0])
    if head is not None and head.head.dep_ == "relcl" and head.lower_ in RELATIVE_PRONOUNS and (
            parsed.applies("relative clauses")):
        head = head.head.head
        head = _find_people_above(head, token) if parsed.applies("people of places") else head
        head = head.head if head.dep_ == "appos" else head
        if _is_issued(head) and parsed.applies("issued documents"):  # "ran a piece THAT noted"
            head = _subject_head(parsed, _find_issuing_verb(head), MAX_HEAD_STEPS) or head
    if head is None and leading.i < verb:
        return find_speaker(parsed, leading.i)
    is_missing = head is None or parsed.sentence(verb)[0] <= head.i < opens
    if is_missing and (token.tag_ in FINITE_CUE_TAGS or is_mistagged_verb(token)) and not _is_passive(token):
        head = _noun_before(parsed, verb) or _noun_after(parsed, verb)
    if head is not None and parsed.sentence(verb)[0] <= head.i < opens:
        head = _find_name_below(head, opens, verb)
    if head is None or parsed.region_at[head.i] >= 0 or (
            _is_expletive(head) and parsed.applies("expletives")):
        return None
    is_us = head.lower_ in POSSESSIVE_CLITICS and parsed.applies("let us")
    return None if is_us else _name_phrase(parsed, head, verb, opens)


def _name_phrase(parsed: QuotationParse, head: "Token", verb: int, opens: int) -> StartEnd:
    """The tokens of a source from its head, after the dateline and outside marks."""
    first, last = noun_phrase(head)
    if parsed.applies("lists of speakers"):
        last = find_list_end(head, verb, last)
    if parsed.region_at[first] >= 0 and parsed.applies("names after marks"):
        first = parsed.region_end(first + 1)
    first, last = first + (first == verb), verb if first < verb < last else last  # "Said Ann Lee: ..."
    return (max(first, opens), last) if first < opens <= head.i else (first, last)


def _find_name_below(place: "Token", opens: int, verb: int) -> "Token | None":
    """The name or pronoun before a cue that the parser hangs on the place of the dateline: "FLINT — ANN LEE denied"."""
    return next((token for token in place.subtree if opens <= token.i < verb and token.dep_ in ("appos", "conj", "dep")
                 and token.pos_ in ("PROPN", "PRON")), None)


def _find_people_above(noun: "Token", verb: "Token") -> "Token":
    """The people in "attorneys from three STATES who said", since "who" is no place; or the noun itself."""
    relative = next((child for child in verb.lefts if child.dep_ == "nsubj"), None)
    above = noun.head.head
    above = above.head if above.pos_ == "ADJ" else above  # "attorneys GENERAL from"
    is_place = noun.dep_ == "pobj" and relative is not None and relative.lower_ in PERSONAL_RELATIVES and not (
        may_be_source(noun) or noun.lemma_.lower() in read_roles())
    return above if is_place and above.pos_ in ("NOUN", "PROPN") and above.lemma_.lower() in read_roles() else noun


def _is_issued(noun: "Token") -> bool:
    """Whether somebody issues a document, or speaks in it: "RELEASED a statement", "SHOT BACK in an article"."""
    verb = _find_issuing_verb(noun)
    if noun.lemma_.lower() not in DOCUMENT_NOUNS or verb.pos_ != "VERB" or _is_passive(verb):
        return False
    return verb.lemma_.lower() in ISSUING_VERBS if noun.dep_ == "dobj" else noun.dep_ == "pobj"


def _find_issuing_verb(noun: "Token") -> "Token":
    """The verb that has a document as its object, or after "in" or "with"."""
    is_inside = noun.dep_ == "pobj" and noun.head.lower_ in DOCUMENT_PREPOSITIONS
    return noun.head.head if is_inside else noun.head


def _find_caused(verb: "Token") -> "Token | None":
    """Who speaks in "the news led LEE to say": the object of a verb of causing."""
    above = verb.head
    if verb.dep_ != "xcomp" or verb.tag_ != "VB" or above.lemma_.lower() not in CAUSING_VERBS:
        return None
    return next((child for child in above.rights if child.dep_ == "dobj" and child.i < verb.i), None)


def _is_expletive(head: "Token") -> bool:
    """Whether "it" has no referent: "it is important to note that", "it was not possible to say"."""
    verb = head.head
    is_copula = verb.lemma_ in COPULA_LEMMAS or (verb.lower_ in POSSESSIVE_CLITICS and verb.pos_ in ("AUX", "VERB"))
    return head.lower_ in EXPLETIVE_PRONOUNS and is_copula


def _find_leading_cue(parsed: QuotationParse, token: "Token") -> "Token":
    """The cue that another one continues: in "X said that Y ..., adding that", it is X who adds."""
    if resumed := _find_resumed_cue(parsed, token):
        return resumed
    above = token.head
    before = parsed.tokens[token.i - 1]
    is_led = before.text == "," or (before.lower_ in PARTICIPLE_CONJUNCTIONS
                                    and parsed.applies("participles after content"))
    if token.tag_ != "VBG" or token.dep_ not in ("advcl", "conj", "dep", "pcomp") or not is_led:
        return token
    for _ in range(MAX_HEAD_STEPS):
        if parsed.applies("nearer subject") and _find_nearer_verb(parsed, token, above) is not None:
            return token
        if above.i in parsed.cues and above.i < token.i:
            return above if parsed.applies("participles of cues") else token
        if above.dep_ not in ("ccomp", "conj", "xcomp", "advcl", "prep"):
            return token
        above = above.head
    return token


def _find_resumed_cue(parsed: QuotationParse, token: "Token") -> "Token | None":
    """The cue whose content a verb of saying is joined to: in "X SAID he was glad and added", it is X who adds."""
    is_resuming = (token.dep_ == "conj" and token.tag_ in FINITE_CUE_TAGS and token.lemma_.lower() in RESUMING_VERBS
                   and not any(child.dep_ in SUBJECT_DEPS for child in token.lefts))
    inner = token.head.head if token.head.dep_ == "conj" else token.head
    cue = inner.head
    is_above = is_resuming and inner.dep_ == "ccomp" and cue.i in parsed.cues and cue.tag_ == token.tag_
    return cue if is_above and parsed.applies("resuming verbs") else None


def _subject_head(parsed: QuotationParse, verb: "Token", steps: int) -> "Token | None":
    """The head of the noun phrase that speaks: an agent, a subject, or a subject shared with the verb above."""
    agent = next((pobj for child in verb.children if child.dep_ == "agent"
                  for pobj in child.children if pobj.dep_ == "pobj"), None)
    subjects = [child for child in verb.children if child.dep_ in ("nsubj", "expl") and not _is_time(child)
                and not parsed.is_marked[child.i] and not _is_clipped(child)]
    subject = min(subjects, key=lambda child: abs(child.i - verb.i), default=None)
    if subject is not None and _is_place_after_comma(subject) and parsed.applies("places after commas"):
        names = (child for child in verb.lefts if child.i < subject.i and child.pos_ == "PROPN")
        subject = next((child for child in names if child.dep_ in ("nsubj", "npadvmod")), subject)
    if agent is not None and parsed.applies("agents"):
        return agent
    if subject is not None:
        return subject
    if _is_passive(verb) or steps == 0:
        return None
    if (caused := _find_caused(verb)) is not None and parsed.applies("people who are led to speak"):
        return caused
    if verb.dep_ == "acl" and _is_issued(verb.head) and parsed.applies("issued documents"):
        return _subject_head(parsed, _find_issuing_verb(verb.head), steps - 1)
    if verb.dep_ == "acl" and not _is_time(verb.head):
        return verb.head
    if verb.dep_ == "acl":
        return _subject_head(parsed, verb.head, steps - 1)
    if verb.dep_ in SHARED_SUBJECT_DEPS and verb.head.pos_ in SHARED_SUBJECT_HEAD_POS and (
            parsed.applies("shared subjects")):
        nearer = _find_nearer_verb(parsed, verb, verb.head) if parsed.applies("nearer subject") else None
        found = _subject_head(parsed, nearer or verb.head, steps - 1)
        agreeing = _find_agreeing_subject(verb, found) if found is not None and parsed.applies("agreement") else None
        return agreeing or found
    return None


def _is_place_after_comma(noun: "Token") -> bool:
    """Whether a noun is a place that follows a comma, and so the end of a name: "of Los Gatos, CALIFORNIA"."""
    opens = noun.left_edge.i
    return noun.ent_type_ == "GPE" and opens > 0 and noun.doc[opens - 1].text == ","


def _find_agreeing_subject(verb: "Token", found: "Token") -> "Token | None":
    """The subject above one that differs from the verb in number: "IT lists the firms that left and ARGUES"."""
    above = verb
    for _ in range(MAX_HEAD_STEPS):
        if not _differs_in_number(verb, found):
            return None
        above = above.head
        subject = next((child for child in above.lefts if child.dep_ == "nsubj" and child.i < found.i), None)
        if subject is not None and not _differs_in_number(verb, subject):
            return subject
    return None


def _differs_in_number(verb: "Token", subject: "Token") -> bool:
    """Whether a verb in the present tense does not agree with a subject in number."""
    is_joined = any(child.dep_ == "conj" for child in subject.rights)
    is_plural = is_joined or subject.tag_ in ("NNS", "NNPS") or subject.lower_ in GROUP_PRONOUNS
    is_singular = subject.tag_ in ("NN", "NNP") and not is_joined
    return (verb.tag_ == "VBZ" and is_plural) or (verb.tag_ == "VBP" and is_singular and subject.ent_type_ == "PERSON")


def _find_nearer_verb(parsed: QuotationParse, verb: "Token", above: "Token") -> "Token | None":
    """The last verb with a subject of its own between a participle and the verb above it, if joined to the latter.

    In "X agreed, but Y refused, saying ..." it is Y who says, and in "X left after Y said no, calling it ..." too.
    """
    if verb.tag_ != "VBG" or parsed.tokens[verb.i - 1].text != ",":
        return None
    nearer = None
    for child in above.rights:
        joins = child.dep_ == "conj" or (child.dep_ == "advcl" and child.i in parsed.cues)
        if joins and child.i < verb.i and any(inner.dep_ in SUBJECT_DEPS for inner in child.lefts):
            nearer = _find_nearer_verb(parsed, verb, child) or child
    return nearer


def _find_main_subject(parsed: QuotationParse, noun: "Token", verb: "Token") -> "Token | None":
    """The main clause's subject for a participle after a comma, if it alone is a person or a name.

    "Roe denied that a shakeup was near, explaining that ...": it is not the shakeup that explains.
    """
    if verb.tag_ != "VBG" or parsed.tokens[verb.i - 1].text != "," or may_be_source(noun) or (
            noun.head.dep_ == "conj"):
        return None
    opens = parsed.dateline_end(parsed.sentence(verb.i)[0])
    subjects = (child for child in verb.sent.root.lefts if child.dep_ == "nsubj" and opens <= child.i < noun.i)
    return next((subject for subject in subjects if may_be_source(subject) and not parsed.is_marked[subject.i]), None)


def find_list_end(head: "Token", verb: int, last: int) -> int:
    """The end of a list of names that begins with a speaker: "ANN LEE, D-N.Y., TOM ROE AND BO RAY said"."""
    token, is_list, name = head, False, None
    for _ in range(MAX_LISTED_NAMES):
        is_list = is_list or any(child.lower_ in ADDITIVE_CONJUNCTIONS for child in token.rights)
        joined = [child for child in token.rights if child.dep_ in ("conj", "appos") and child.pos_ == "PROPN"]
        if not joined:
            break
        token = joined[-1]
        name = token if is_list else name
    if name is None or head.pos_ != "PROPN" or head.i < verb <= name.i or (
            name.left_edge.lower_ in INDEFINITE_ARTICLES):  # "Ann Lee, a mayor, and A DEMOCRAT, said"
        return last
    return max(last, noun_phrase(name)[1])


def may_be_source(noun: "Token") -> bool:
    """Whether a noun is a name, a pronoun or a role."""
    return noun.pos_ in ("PROPN", "PRON") or bool(noun.ent_type_) or noun.lemma_.lower() in read_roles()


def _find_antecedent(noun: "Token", verb: "Token") -> "Token | None":
    """The speaker in "the man who saw the fire said", if the parser took the clause's object for the subject."""
    before = noun.doc[noun.left_edge.i - 1] if 0 < noun.left_edge.i <= noun.i < verb.i else None
    if before is None or before.dep_ != "relcl" or before.pos_ != "VERB":
        return None
    is_beside = verb.dep_ == "relcl" and verb.head.i == before.head.i
    is_below = verb.dep_ == "ccomp" and verb.head.i == before.i and before.head.dep_ == "ROOT"
    return before.head if is_beside or is_below else None


def _is_clipped(token: "Token") -> bool:
    """Whether a token is the "n’t" of "wouldn’t", which the parser may take for a noun."""
    return token.lower_.replace("’", "'") in CLIPPED_NOT


def _is_time(token: "Token") -> bool:
    """Whether a noun is only an expression of time."""
    return token.ent_type_ in ("DATE", "TIME") or token.lemma_.lower() in TIME_NOUNS


def says_when(child: "Token") -> bool:
    """Whether a modifier is only an expression of time: "last week", "on Tuesday"."""
    return _is_time(child) or (child.dep_ == "prep" and any(_is_time(inner) for inner in child.rights))


def _is_passive(verb: "Token") -> bool:
    """Whether a verb is passive, with or without an auxiliary ("when asked")."""
    if any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children):
        return True
    return verb.tag_ == "VBN" and verb.dep_ in ("advcl", "acl") and not any(c.dep_ == "aux" for c in verb.children)


def _noun_before(parsed: QuotationParse, verb: int) -> "Token | None":
    """The noun right before a finite cue whose subject the parser missed, across an apposition in commas."""
    tokens, i = parsed.tokens, verb - 1
    while i > 0 and (tokens[i].dep_ in ("aux", "advmod", "neg") or _is_time(tokens[i]) or _is_clipped(tokens[i])):
        i -= 1
    if tokens[i].text == ",":
        comma = next((k for k in range(i - 2, max(0, i - MAX_COMMA_APPOSITION_TOKENS), -1) if tokens[k].text == ","),
                     None)
        i = comma - 1 if comma is not None else i
    may_name = tokens[i].pos_ in NOUN_PHRASE_POS or tokens[i].lower_ in GROUP_QUANTIFIERS
    is_noun = (may_name and i >= parsed.dateline_end(parsed.sentence(verb)[0])
               and parsed.region_at[i] < 0 and tokens[i].sent == tokens[verb].sent)
    found = tokens[i] if is_noun and parsed.applies("nouns before cues") else None
    is_place = found is not None and found.ent_type_ == "GPE" and parsed.applies("places of names")
    return _find_name_of_place(found) or found if found is not None and is_place else found


def _find_name_of_place(place: "Token") -> "Token | None":
    """The subject of the clause that a place is in: "ANN LEE, now retired in Cambridge, Mass., said"."""
    above = place
    for _ in range(MAX_HEAD_STEPS):
        above = above.head
        if above.pos_ == "VERB":
            return next((child for child in above.lefts if child.dep_ == "nsubj" and child.pos_ == "PROPN"), None)
    return None


def _noun_after(parsed: QuotationParse, verb: int) -> "Token | None":
    """The noun right after a cue ("said Rep. X") whose subject the parser missed."""
    particles = parsed.cues[verb].lemma.split()[1:] if verb in parsed.cues else []
    i, noun = verb + 1 + len(particles), None
    limit = min(len(parsed.tokens), verb + MAX_NAME_AFTER_CUE_TOKENS)
    while i < limit and parsed.tokens[i].pos_ in (*NOUN_PHRASE_POS, "DET", "ADJ"):
        noun = parsed.tokens[i] if parsed.tokens[i].pos_ in NOUN_PHRASE_POS else noun
        i += 1
    if noun is None or parsed.region_at[noun.i] >= 0 or _is_time(noun):
        return None
    is_inverted = parsed.applies("inverted speakers") and closes_speech(parsed, verb)
    if noun.head.pos_ in ("VERB", "AUX") and noun.head.i > noun.i and not is_inverted:
        return None  # "said the attack was intended"
    is_object = noun.dep_ in ("dobj", "dative")
    return noun if (not is_object or is_inverted) and parsed.applies("nouns after cues") else None


def noun_phrase(head: "Token", *, depth: int = 0) -> StartEnd:
    """The tokens of a noun with its modifiers, a name next to a title, and nouns joined by "and".

    Clauses, appositions after a comma and expressions of time are left out.
    """
    first, last = head.left_edge.i, head.i + 1
    for child in head.rights:
        joins = child.dep_ == "cc" or (child.dep_ == "conj" and child.pos_ in NOUN_PHRASE_POS
                                       and child.left_edge.i <= last)
        is_beside = child.dep_ == "appos" and child.left_edge.i == last
        is_loose = child.dep_ in LOOSE_MODIFIER_DEPS or child.lower_ in RELATIVE_PRONOUNS or says_when(child)
        if (is_loose and not (joins or is_beside)) or depth > MAX_JOINED_NOUN_DEPTH:
            break
        is_noun = child.dep_ in ("conj", "appos")
        last = noun_phrase(child, depth=depth + 1)[1] if is_noun else _cut_clauses(child) + 1
    while last - 1 > head.i and head.doc[last - 1].dep_ == "cc":
        last -= 1
    while first < head.i and (head.doc[first].is_punct or head.doc[first].dep_ in ("cc", "mark", "preconj")):
        first += 1
    return first, last


def _cut_clauses(child: "Token") -> int:
    """The last token of a modifier before any clause or apposition in it."""
    last = child.right_edge.i
    for token in child.doc[child.i:last + 1]:
        if token.dep_ in ("relcl", "appos", "acl", "advcl", "ccomp") and token.left_edge.i > child.i:
            return _before_comma(child, token.left_edge.i - 1)
    return last


def _before_comma(child: "Token", last: int) -> int:
    while last > child.i and child.doc[last].is_punct:
        last -= 1
    return last
