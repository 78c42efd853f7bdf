"""Finds content before a reporting verb and on both sides of it: "CONTENT, X said, CONTENT".

Quoted speech that breaks off before the cue is the surest sign. Without quotation marks, the parser must have
attached the cue to the clause on its left.
"""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.clause_ends import FINITE_OR_MODAL_TAGS, find_content_end
from samestory.annotate.quotations.function_words import AS_CONJUNCTIONS, EXPLETIVE_PRONOUNS
from samestory.annotate.quotations.quotation_parse import PAUSE_MARKS, QuotationParse, StartEnd
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

SPEECH_BREAK_MARKS = (",", "?", "!", "—", "–", "--", "-", "…", "...")
SPEECH_OPENING_MARKS = (":", "—", "–", "--", ";", "(", "[")
OUTLET_CLAUSE_WORDS = WordList("outlet_clause_words")
PERSONAL_RELATIVES = WordList("personal_relatives")  # "Lee, WHO chairs the board, said"
VERB_MODIFIER_DEPS = ("aux", "auxpass", "neg", "advmod", "prt")
NAME_MODIFIER_DEPS = ("relcl", "prep", "appos", "acl", "nsubj")
MAX_MARK_TO_CUE_TOKENS = 26  # tokens between a closing mark and its cue
MAX_SPEAKER_GAP_TOKENS = 40  # tokens between a speaker and the cue
MAX_CUE_ASIDE_TOKENS = 14  # tokens on time and place between a cue in the middle and the rest of the content


def cue_clause(parsed: QuotationParse, verb: int, speaker: StartEnd | None) -> StartEnd:
    """The tokens of "X said" or "said X": the cue, its auxiliaries and the speaker next to it."""
    token = parsed.tokens[verb]
    first, last = verb, verb + 1
    for child in token.lefts:
        if child.dep_ in VERB_MODIFIER_DEPS and verb - 3 <= child.i < first:
            first = child.i
    if speaker and speaker[1] <= verb and _is_near(parsed, speaker[1], verb):
        first = min(first, speaker[0])
    if first > 0 and parsed.tokens[first - 1].lower_ in AS_CONJUNCTIONS and opens_with_as(token):
        first -= 1
    if last < len(parsed.tokens) and parsed.tokens[last].dep_ == "prt":
        last += 1
    if speaker and speaker[0] > verb and _is_near(parsed, verb + 1, speaker[0]):
        last = max(last, speaker[1])
    return first, last


def _is_near(parsed: QuotationParse, start: int, end: int) -> bool:
    """Whether the tokens between speaker and cue are only auxiliaries, adverbs or modifiers of the name."""
    between = parsed.tokens[start:end]
    if not between or all(t.dep_ in VERB_MODIFIER_DEPS or t.is_punct for t in between):
        return True
    if len(between) > MAX_SPEAKER_GAP_TOKENS:
        return False
    is_set_off = between[0].text in (",", "(") and any(t.text in (",", ")") for t in between[-2:])
    return is_set_off or between[0].dep_ in NAME_MODIFIER_DEPS or between[0].lower_ in PERSONAL_RELATIVES


def content_before(parsed: QuotationParse, verb: int, clause: StartEnd, since: int) -> StartEnd | None:
    """The content before "X said", up to the comma or closing mark there."""
    last = speech_end(parsed, verb, since)
    if last is not None:
        since = _after_colon(parsed, since, last)
        if parsed.region_at[since] < 0 and _has_object(parsed, parsed.tokens[verb]) and (
                parsed.applies("marks before another verb")):
            return None
    else:
        last = clause[0]
        is_apart = last > since and parsed.tokens[last - 1].text == ";" and parsed.applies("semicolons before cues")
        if last <= since or is_apart or not (
                _is_pause(parsed, last - 1) and _has_left_clause(parsed, verb, clause[0])):
            return None
    since = parsed.content_start(since)
    if parsed.applies("participles before cues") and _is_lead_participle(parsed, verb, since, clause[0]):
        return None
    return (since, last) if last - since > 1 and parsed.applies("content before cues") else None


def _is_lead_participle(parsed: QuotationParse, verb: int, since: int, before: int) -> bool:
    """Whether the words before a cue only lead up to it: "Asked whether he was “happy,” he said"."""
    opens = parsed.tokens[since]
    return (opens.tag_ == "VBN" and opens.dep_ == "advcl" and opens.head.i == verb
            and parsed.region_at[since] < 0 and opens.right_edge.i + 2 >= before)


def _after_colon(parsed: QuotationParse, since: int, last: int) -> int:
    """The start of speech before a cue: after the colon, dash, semicolon or bracket that introduces it, if any."""
    opening = parsed.region_start(last - 1)
    leads = parsed.tokens[opening - 1].text if opening > since else ""
    is_dash = leads == "-" and parsed.parse.starts[opening - 1] > parsed.parse.ends[opening - 2]
    is_led = (is_dash or leads in SPEECH_OPENING_MARKS) and parsed.region_at[opening - 1] < 0
    return opening if is_led and parsed.applies("words before marks") else since


def speech_end(parsed: QuotationParse, verb: int, since: int) -> int | None:
    """The end of quoted speech that breaks off for a cue: “...,” X, a long apposition, said."""
    for i in range(verb - 1, max(since, verb - MAX_MARK_TO_CUE_TOKENS), -1):
        if parsed.region_at[i] >= 0:
            return i + 1 if closes_speech(parsed, i + 1) or parsed.tokens[i + 1].text in PAUSE_MARKS else None
        if i in parsed.cues and parsed.cues[i].pos == "VERB" and parsed.tokens[i].tag_ in FINITE_OR_MODAL_TAGS:
            return None
    return None


def closes_speech(parsed: QuotationParse, verb: int) -> bool:
    """Whether quoted speech breaks off right before a cue: “...,” said X, or “...”, said X."""
    last = verb - 1
    if last > 0 and parsed.region_at[last] < 0 and parsed.tokens[last].text in PAUSE_MARKS:
        return bool(parsed.region_at[last - 1] >= 0)
    if parsed.region_at[last] < 0:
        return False
    region = parsed.regions[parsed.region_at[last]]
    inner = parsed.text[region.inner_start:region.inner_end].rstrip()
    is_attributed = inner.endswith(".") and int(parsed.parse.sentence_of[last]) + 1 in parsed.attributing
    return is_attributed or inner.endswith(SPEECH_BREAK_MARKS)


def _is_pause(parsed: QuotationParse, i: int) -> bool:
    """Whether a token ends the content before it: a comma, or the end of a region."""
    ends_region = parsed.region_at[i] >= 0 and parsed.region_end(i + 1) == i + 1
    return parsed.tokens[i].text in PAUSE_MARKS or ends_region


def _has_left_clause(parsed: QuotationParse, verb: int, before: int) -> bool:
    """Whether the parser, or "as", attaches the cue to a clause on its left."""
    token = parsed.tokens[verb]
    if not parsed.cues[verb].frames & {"that", "bare", "wh"} or (
            parsed.applies("objects of cues") and _has_object(parsed, token)):
        return False
    if any(child.dep_ in ("ccomp", "parataxis") and child.i < before for child in token.lefts):
        return True
    is_content = token.dep_ == "ccomp" and token.head.i in parsed.cues and token.head.i > verb  # "X found, she said"
    tied = token.dep_ in ("parataxis", "ccomp") or (token.dep_ == "advcl" and opens_with_as(token))
    tied = (tied and not is_content) or (_is_joined_loosely(token) and parsed.applies("cues read as joined"))
    return tied and (token.head.i < before or token.head.left_edge.i < before)


def _is_joined_loosely(verb: "Token") -> bool:
    """Whether a cue with its subject is joined to the clause before a comma: "It is late, LEE INSISTED on Friday"."""
    subject = next((child for child in verb.lefts if child.dep_ == "nsubj"), None)
    above = verb.head
    if verb.dep_ not in ("conj", "advcl") or subject is None or verb.tag_ not in ("VBD", "VBZ", "VBP") or (
            subject.left_edge.i == 0 or verb.doc[subject.left_edge.i - 1].text != ","):
        return False
    is_led = any(child.dep_ in ("mark", "cc") or child.tag_ in ("WRB", "WP", "WDT") for child in verb.lefts)
    is_coordinated = any(child.dep_ == "cc" for child in above.rights if child.i < verb.i)
    takes_more = any(child.dep_ in ("ccomp", "xcomp", "dobj", "acomp", "attr", "oprd", "advmod", "conj")
                     for child in verb.rights)
    return above.i < subject.left_edge.i and not (is_led or is_coordinated or takes_more)


def _has_object(parsed: QuotationParse, verb: "Token") -> bool:
    """Whether a cue has an object that is no hearer: "as it grew, Ann Lee REPORTED A LOSS", "wrote HIM A CHECK"."""
    has_hearer = any(child.dep_ == "dative" for child in verb.rights) and parsed.applies("hearers and objects")
    return ("someone" not in parsed.cues[verb.i].frames or has_hearer) and any(
        child.dep_ == "dobj" and child.lower_ not in EXPLETIVE_PRONOUNS for child in verb.rights)


def opens_with_as(verb: "Token") -> bool:
    """Whether a cue's clause opens with "as": "as X put it"."""
    return any(child.dep_ in ("mark", "advmod", "prep") and child.lower_ in AS_CONJUNCTIONS for child in verb.lefts)


def content_around(parsed: QuotationParse, verb: int, clause: StartEnd, until: int) -> StartEnd | None:
    """The content after "CONTENT, X said," in the same sentence."""
    tokens, i = parsed.tokens, clause[1]
    limit = min(until, i + MAX_CUE_ASIDE_TOKENS)
    while i < limit and tokens[i].text not in (",", "—", "–", "--") and parsed.region_at[i] < 0:
        i += 1
    if i + 1 >= limit or (parsed.applies("participles in between") and _holds_participle(parsed, clause[1], i)):
        return None
    if parsed.region_at[i] < 0:
        i += 1
    is_marked = parsed.region_at[i] >= 0 and parsed.region_start(i) == i
    was_marked = speech_end(parsed, verb, max(0, clause[0] - MAX_MARK_TO_CUE_TOKENS)) is not None
    if not is_marked and (was_marked or not _resumes(tokens[verb], tokens[i])):
        return None
    last = find_content_end(parsed, verb, i, until)
    return (i, last) if last > i and parsed.applies("content on both sides") else None


def _holds_participle(parsed: QuotationParse, first: int, last: int) -> bool:
    """Whether another cue comes first: “It is open,” Lee said after HINTING that “changes” would come."""
    return any(i in parsed.cues and parsed.tokens[i].tag_ == "VBG" for i in range(first, last))


def _resumes(verb: "Token", token: "Token") -> bool:
    """Whether the words after a cue in the middle resume the clause before it."""
    if token.tag_ in ("WRB", "WP", "WDT", "CC") or token.lower_ in OUTLET_CLAUSE_WORDS:
        return False
    if token.tag_ == "VBG" and verb.head.i < token.i:
        return False
    if verb.dep_ in ("parataxis", "advcl", "ccomp"):
        return True
    return any(child.dep_ == "ccomp" and child.right_edge.i >= token.i for child in verb.lefts)


def _only_says_when(parsed: QuotationParse, verb: "Token") -> bool:
    """Whether "as" means "while": the cue takes no clause, or has a complement: "AS he read the verdict, ..."."""
    has_complement = any(child.dep_ in ("ccomp", "xcomp") or (child.dep_ == "dobj" and child.lower_ not in
                         EXPLETIVE_PRONOUNS) for child in verb.rights if child.i < verb.right_edge.i + 1)
    return has_complement or not parsed.cues[verb.i].frames & {"that", "bare"}


def content_fronted(parsed: QuotationParse, verb: int, since: int, until: int) -> StartEnd | None:
    """The content of "As X said, CONTENT": the sentence after the comma."""
    token = parsed.tokens[verb]
    if not opens_with_as(token) or token.left_edge.i - since > 2:
        return None
    if parsed.applies("as, while speaking") and _only_says_when(parsed, token):
        return None
    comma = next((i for i in range(verb + 1, until) if parsed.tokens[i].text == "," and parsed.region_at[i] < 0
                  and i >= token.right_edge.i), None)
    is_fronted = comma is not None and comma + 1 < until and parsed.applies("as clauses")
    return (comma + 1, until) if is_fronted and comma is not None else None
