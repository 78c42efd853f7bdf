"""Reporting verbs: finds the content that each cue verb introduces, and its speaker."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from samestory.annotate.quotations.around_cue import (
    closes_speech,
    content_around,
    content_before,
    content_fronted,
    cue_clause,
    opens_with_as,
    speech_end,
)
from samestory.annotate.quotations.clause_ends import FINITE_OR_MODAL_TAGS
from samestory.annotate.quotations.clauses_after import content_after, find_told_clause
from samestory.annotate.quotations.doubt import can_speak, find_doubt, is_said_by_nobody
from samestory.annotate.quotations.function_words import AS_CONJUNCTIONS
from samestory.annotate.quotations.phrases import holds_clause, phrase_content
from samestory.annotate.quotations.quotation_parse import SENTENCE_CONJUNCTIONS, Claim, QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import FINITE_CUE_TAGS, find_speaker
from samestory.annotate.quotations.speech_after import speech_after
from samestory.annotate.quotations.voiceless import find_speaker_above
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

REPORTED_RELATIVES = WordList("reported_relatives")
NAMING_VERBS = WordList("naming_verbs")  # "a group CALLED “Ferry Friends”"
CLAUSE_FRAMES = frozenset(("that", "bare", "wh"))
SPEECH_STOPS = (".", "?", "!")
DASH_MARKS = ("—", "–", "--")
# each mark that opens an insertion, with those that close it
INSERTION_MARKS = {"(": (")",), "[": ("]",), **dict.fromkeys(DASH_MARKS, DASH_MARKS)}
DOUBTFUL_CONFIDENCE = 0.3  # below the threshold for counting


def find_verb_claims(parsed: QuotationParse, taken: Collection[int] = ()) -> list[Claim]:
    """The claims that cue verbs make, in the order of the verbs, without those that are `taken` otherwise."""
    claims = (_read_verb(parsed, i) for i, cue in parsed.cues.items() if cue.pos == "VERB" and i not in taken)
    return [claim for claim in claims if claim is not None]


def _read_verb(parsed: QuotationParse, verb: int) -> Claim | None:
    since, until = _content_limits(parsed, verb)
    speaker = find_speaker_above(parsed, verb) or find_speaker(parsed, verb)
    clause = cue_clause(parsed, verb, speaker)
    if (fronted := content_fronted(parsed, verb, since, until)) is not None and speaker is not None:
        return _make_claim(parsed, verb, speaker, [fronted], "as clause", 0.85)
    after = content_after(parsed, verb, until) if parsed.cues[verb].frames & CLAUSE_FRAMES else None
    is_free = after is None or _follows_marks(parsed, verb, since)
    before = content_before(parsed, verb, clause, since) if is_free and _can_follow(parsed, verb) else None
    if before is not None and speaker is not None and _shares_subject(parsed, verb, speaker, before):
        before = None
    if before is not None and (speaker is not None or speech_end(parsed, verb, since) is not None):
        parts = [before, content_around(parsed, verb, clause, until)]
        return _make_claim(parsed, verb, speaker, parts, "before cue", 0.95)
    if before is None and after is None and speaker is not None and (
            around := _content_after_conjunction(parsed, clause, since, until)):
        return _make_claim(parsed, verb, speaker, [around], "before cue", 0.95)
    marked = speech_after(parsed, verb, clause, until)
    is_adjective = speaker is None and parsed.tokens[verb].dep_ == "amod"  # "alleged “price gouging”"
    is_name = speaker is None and marked is not None and _only_names(parsed, verb, marked)
    if marked is not None and not (is_adjective or is_name) and (after is None or marked[0] <= after[0]):
        part = _end_at_stop(parsed, (marked[0], after[1] if after else marked[1]))
        return _make_claim(parsed, verb, speaker, [part], "marks after cue", 0.95)
    if speaker is None:
        return None
    relative = _relative_word(parsed, verb, speaker)
    if after is not None:
        relative = relative if relative is None or parsed.tokens[relative[0]].tag_ != "WP" else None
        return _make_claim(parsed, verb, speaker, [relative, after], "clause after cue", 0.9)
    phrase = phrase_content(parsed, verb, until)
    if phrase is None:
        return None
    is_clause = parsed.applies("clauses in phrases") and holds_clause(parsed, *phrase[0])
    rule = f"{phrase[1]} clause" if is_clause else f"{phrase[1]} phrase"
    return _make_claim(parsed, verb, speaker, [relative, phrase[0]], rule, 0.8)


def _end_at_stop(parsed: QuotationParse, marked: StartEnd) -> StartEnd:
    """Speech without the words behind it, if it ends like a sentence: asks, “WHO ARE YOU?” before leaving."""
    region, last = parsed.regions[parsed.region_at[marked[0]]], parsed.region_end(marked[0] + 1)
    is_ended = parsed.text[region.inner_start:region.inner_end].rstrip().endswith(SPEECH_STOPS)
    is_alone = not (parsed.region_at[last:marked[1]] >= 0).any()
    return (marked[0], last) if is_ended and is_alone and parsed.applies("speech that ends") else marked


def _only_names(parsed: QuotationParse, verb: int, marked: StartEnd) -> bool:
    """Whether a passive says what something is called, right before the marks: "a group CALLED “Ferry Friends”"."""
    token = parsed.tokens[verb]
    return (token.tag_ == "VBN" and token.lemma_.lower() in NAMING_VERBS and marked[0] == verb + 1
            and parsed.applies("what things are called"))


def _shares_subject(parsed: QuotationParse, verb: int, speaker: StartEnd, before: StartEnd) -> bool:
    """Whether a cue goes on from words with the same subject: "LEE cut the “waste,” and the “fraud,” and DENIED it"."""
    is_inside = before[0] <= speaker[0] and speaker[1] <= before[1] and parsed.region_at[speaker[0]] < 0
    return is_inside and parsed.tokens[verb].dep_ == "conj" and parsed.applies("subjects before content")


def _relative_word(parsed: QuotationParse, verb: int, speaker: StartEnd) -> StartEnd | None:
    """The relative word that belongs to the content: "WHICH she said was late", "WHAT he called a farce"."""
    token = parsed.tokens[verb]
    opens = token.left_edge
    is_relative = opens.lower_ in REPORTED_RELATIVES and opens.tag_ in ("WDT", "WP", "WRB")
    is_before = opens.i < speaker[0] < verb and parsed.region_at[opens.i] < 0
    return (opens.i, opens.i + 1) if is_relative and is_before and parsed.applies("relative words") else None


def _content_after_conjunction(parsed: QuotationParse, clause: StartEnd, since: int, until: int) -> StartEnd | None:
    """The content after "But, X said," or "And, X said,", where only the conjunction comes before the cue."""
    if clause[0] - since != 2 or parsed.tokens[since].lower_ not in SENTENCE_CONJUNCTIONS or clause[1] >= until:
        return None
    is_set_off = parsed.tokens[since + 1].text == parsed.tokens[clause[1]].text == ","
    return (clause[1] + 1, until) if is_set_off and clause[1] + 1 < until else None


def _content_limits(parsed: QuotationParse, verb: int) -> StartEnd:
    """The bounds of content: the sentence, or the clause of a cue that opens another's ("While X said ...,")."""
    since, until = parsed.sentence(verb)
    token = parsed.tokens[verb]
    while token.dep_ == "conj" and token.head.i < token.i:
        token = token.head
    if token.dep_ == "advcl" and token.head.i > verb and not opens_with_as(token) and not (
            parsed.applies("clauses after hearers") and find_told_clause(parsed, verb)):
        until = min(until, parsed.region_end(max(verb, token.right_edge.i) + 1))
    lead = token.head
    if token.dep_ == "pcomp" and lead.dep_ == "prep" and lead.head.i > verb and parsed.applies("lead participles"):
        until = min(until, parsed.region_end(max(verb, token.right_edge.i) + 1))  # "After hailing ..., Lee left"
    if token.dep_ == "relcl" and token.right_edge.i > verb and not (
            _is_torn(parsed, token.right_edge) or _awaits_marks(parsed, token)):
        # "the Union, which contended that ..., is"
        until = min(until, parsed.region_end(token.right_edge.i + 1))
    since = max(since, parsed.dateline_end(since))
    return _limit_to_insertion(parsed, verb, since, until) if parsed.applies("brackets and dashes") else (since, until)


def _is_torn(parsed: QuotationParse, last: "Token") -> bool:
    """Whether the parser cut a relative clause off before its verb: "groups who warn IT could close"."""
    follows = parsed.tokens[min(last.i + 1, len(parsed.tokens) - 1)]
    return last.tag_ == "PRP" and follows.tag_ in FINITE_OR_MODAL_TAGS and parsed.applies("clauses after objects")


def _awaits_marks(parsed: QuotationParse, verb: "Token") -> bool:
    """Whether speech follows a relative clause without content: "a letter that READ, in part, “We will go.”"."""
    mark = verb.right_edge.i + 2
    is_open = mark < len(parsed.tokens) and parsed.region_at[mark] >= 0 and parsed.region_start(mark) == mark
    has_content = any(child.dep_ in ("ccomp", "xcomp", "dobj", "oprd") for child in verb.rights)
    return (is_open and parsed.tokens[mark - 1].text in (",", ":") and not has_content
            and parsed.applies("marks after relative clauses"))


def _limit_to_insertion(parsed: QuotationParse, verb: int, since: int, until: int) -> StartEnd:
    """The limits, narrowed to the brackets, the semicolons or the pair of dashes around a cue."""
    opening = _find_insertion(parsed, verb, since)
    if opening is None:
        return since, until
    closing_marks = INSERTION_MARKS[parsed.tokens[opening].text]
    closing = next((i for i in range(verb + 1, until)
                    if parsed.region_at[i] < 0 and parsed.tokens[i].text in closing_marks), None)
    if closing is None and parsed.tokens[opening].text in DASH_MARKS:
        return since, until  # a single dash
    return opening + 1, closing if closing is not None else until


def _find_insertion(parsed: QuotationParse, verb: int, since: int) -> int | None:
    """The mark that opens the insertion around a cue: the last before it that is not closed again."""
    opened: list[int] = []
    for i in range(since, verb):
        mark = parsed.tokens[i].text
        if parsed.region_at[i] >= 0:
            continue
        if opened and mark in INSERTION_MARKS[parsed.tokens[opened[-1]].text]:
            opened.pop()
        elif mark in INSERTION_MARKS:
            opened.append(i)
    return opened[-1] if opened else None


def _follows_marks(parsed: QuotationParse, verb: int, since: int) -> bool:
    """Whether the sentence begins with speech that breaks off for this cue: “...,” X said (that ...)."""
    last = speech_end(parsed, verb, since)
    return last is not None and parsed.region_at[last - 1] >= 0 and parsed.region_start(last - 1) == since


def _can_follow(parsed: QuotationParse, verb: int) -> bool:
    """Whether a verb can end "CONTENT, X said": active, finite, and able to take clauses or speech."""
    token = parsed.tokens[verb]
    if any(child.tag_ == "WRB" or (child.dep_ == "mark" and child.lower_ not in AS_CONJUNCTIONS)
           for child in token.lefts if not parsed.is_marked[child.i]):  # “I believe THAT,” X said
        return False
    if not parsed.cues[verb].frames & {"bare", "wh", "quote"} or any(c.dep_ == "auxpass" for c in token.children):
        return False
    nouns = token.children if closes_speech(parsed, verb) else token.lefts
    has_name = any(c.dep_ == "nsubj" and c.pos_ in ("PROPN", "PRON") for c in nouns)
    is_mistagged = token.tag_ == "VBN" and has_name  # "Trump tweeted"
    is_perfect = token.tag_ in ("VBN", "VBG") and any(c.dep_ == "aux" for c in token.lefts)
    return token.tag_ in FINITE_CUE_TAGS or is_mistagged or is_perfect


def _make_claim(parsed: QuotationParse, verb: int, speaker: StartEnd | None, parts: list[StartEnd | None], rule: str,
                confidence: float) -> Claim | None:
    """A claim made of the parts that were found; its rule notes any doubt that they were said."""
    found = [part for part in parts if part is not None and part[1] > part[0]]
    spans = [parsed.parse.span(*part) for part in found]
    if not spans or not can_speak(parsed, verb, speaker):
        return None
    doubt = find_doubt(parsed, verb)
    if not doubt and is_said_by_nobody(parsed, verb, speaker, found):
        doubt = "only shown"
    if doubt:
        rule, confidence = f"{rule}, {doubt}", DOUBTFUL_CONFIDENCE
    return Claim(tuple(spans), verb, speaker, rule, confidence)
