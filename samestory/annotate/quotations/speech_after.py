"""Finds quoted speech after a reporting verb: "X said, “...”", with the words that the parser attaches to it."""

from samestory.annotate.quotations.function_words import AS_CONJUNCTIONS, CLAUSE_COMPLEMENTIZERS
from samestory.annotate.quotations.quotation_parse import PAUSE_MARKS, QuotationParse, StartEnd, count_spaced_words

CUE_MODIFIER_DEPS = ("npadvmod", "advmod", "dobj", "dative", "prt", "punct", "poss", "case", "det")
MAX_MARKED_MODIFIER_TOKENS = 5  # tokens, including the marks
MAX_OUTLET_WORDS = 2
MAX_CUE_TO_MARK_TOKENS = 14  # tokens between a cue and the opening mark of its content


def speech_after(parsed: QuotationParse, verb: int, clause: StartEnd, until: int) -> StartEnd | None:
    """The region that opens soon after a cue, with no other verb in between."""
    is_object = bool(parsed.cues[verb].frames & {"object", "as"})
    for i in range(clause[1], min(clause[1] + MAX_CUE_TO_MARK_TOKENS, until)):
        if _is_modifier(parsed, i):
            return None
        if is_object and parsed.tokens[i].dep_ in ("dobj", "nsubj") and parsed.region_at[i] < 0:
            return None
        if parsed.region_at[i] >= 0:
            is_due = "quote" in parsed.cues[verb].frames and _expects_speech(parsed, clause[1], i)
            is_due = is_due and parsed.applies("speech after cues") and not (
                i > clause[1] and _is_word_of_outlet(parsed, i))
            return (i, _extend_marked_speech(parsed, i, until)) if is_due else None
        is_verb = i in parsed.cues and parsed.cues[i].pos == "VERB"
        if is_verb or parsed.tokens[i].dep_ in ("nsubj", "nsubjpass"):
            return None
    return None


def _is_word_of_outlet(parsed: QuotationParse, mark: int) -> bool:
    """Whether one or two words in marks are part of the outlet's sentence: shaking up what is called a “debate”."""
    region = parsed.regions[parsed.region_at[mark]]
    inner = parsed.text[region.inner_start:region.inner_end]
    is_short = count_spaced_words(inner) <= MAX_OUTLET_WORDS and inner[:1].islower()
    return is_short and parsed.tokens[mark - 1].text not in (",", ":") and parsed.applies("words of the outlet")


def _is_modifier(parsed: QuotationParse, i: int) -> bool:
    """Whether marks open between a determiner and its noun: an “exploratory” committee."""
    if parsed.region_at[i] < 0 or parsed.tokens[i - 1].dep_ not in ("det", "poss") or parsed.region_at[i - 1] >= 0:
        return False
    last = parsed.region_end(i + 1)
    is_before_noun = last < len(parsed.tokens) and parsed.tokens[last].pos_ == "NOUN"
    return is_before_noun and last - i <= MAX_MARKED_MODIFIER_TOKENS and parsed.applies("modifiers in marks")


def _extend_marked_speech(parsed: QuotationParse, first: int, until: int) -> int:
    """The end of quoted speech, including words that depend on it: “X” in the city, “X” and “Y”."""
    last = parsed.region_end(first + 1)
    while last < until and first <= parsed.tokens[last].head.i < last and parsed.tokens[last].text not in PAUSE_MARKS:
        if not parsed.applies("words after marks"):
            break
        last = parsed.region_end(parsed.tokens[last].right_edge.i + 1)
    return min(last, until)


def _expects_speech(parsed: QuotationParse, start: int, mark: int) -> bool:
    """Whether a mark may open speech: right after the cue, after a comma, a colon or "that"."""
    before = parsed.tokens[mark - 1]
    if mark == start or before.text in (",", ":"):
        return True
    if before.lower_ in CLAUSE_COMPLEMENTIZERS or before.lower_ in AS_CONJUNCTIONS:
        return True
    return all(token.dep_ in CUE_MODIFIER_DEPS for token in parsed.tokens[start:mark])
