"""Finds claims whose source has no verb: "according to X", and nouns ("X's claim that ...")."""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.clause_ends import FINITE_OR_MODAL_TAGS, INDEFINITE_ARTICLES, find_content_end
from samestory.annotate.quotations.cues import read_source_cues
from samestory.annotate.quotations.function_words import CLAUSE_COMPLEMENTIZERS
from samestory.annotate.quotations.quotation_parse import PAUSE_MARKS, Claim, QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import COPULA_LEMMAS, find_speaker, noun_phrase
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

VOICING_VERBS = WordList("voicing_verbs")  # "EXPRESSED concern that", "MADE the case that"
CONTESTING_VERBS = WordList("contesting_verbs")  # "DEBUNKED claims that"
MAX_SOURCE_PHRASE_TOKENS = 10
PER_PREPOSITIONS = WordList("per_prepositions")
SOURCE_PREPOSITIONS = WordList("source_prepositions")  # "warnings FROM officials"


def find_according_claims(parsed: QuotationParse) -> list[Claim]:
    """Claims by "According to X, CONTENT" and "CONTENT, according to X": the whole sentence except that phrase."""
    claims = []
    cues = read_source_cues()
    for token in parsed.tokens:
        if token.lower_ not in cues or parsed.region_at[token.i] >= 0 or token.i + 2 >= len(parsed.tokens):
            continue
        words = f"{token.lower_} {parsed.tokens[token.i + 1].lower_}"
        if words == cues[token.lower_].lemma and parsed.parse.role_of(token.i) == "body":
            claims += _read_according(parsed, token, 2)
    return claims + (_find_per_claims(parsed) if parsed.applies("per") else [])


def _find_per_claims(parsed: QuotationParse) -> list[Claim]:
    """Claims by "Per X, CONTENT" and "CONTENT, per X", where X is a name or has an article ("per day" has none)."""
    claims = []
    for i in range(len(parsed.tokens) - 1):
        token, follows = parsed.tokens[i], parsed.tokens[i + 1]
        if token.lower_ not in PER_PREPOSITIONS or parsed.region_at[i] >= 0 or parsed.parse.role_of(i) != "body":
            continue
        is_set_off = i == parsed.sentence(i)[0] or parsed.tokens[i - 1].text in (",", "(")
        if is_set_off and (follows.pos_ == "PROPN" or follows.dep_ in ("det", "poss")):
            claims += _read_according(parsed, token, 1)
    return claims


def _read_according(parsed: QuotationParse, token: "Token", n_words: int) -> list[Claim]:
    """The claim of a source phrase that opens with `n_words` words before the source."""
    first, last = parsed.sentence(token.i)
    first = parsed.dateline_end(first)
    noun = next((c for c in parsed.tokens[token.i + n_words - 1].rights if c.dep_ == "pobj"), None)
    speaker = (noun_phrase(noun) if noun is not None and noun.i < last
               else _words_after(parsed, token.i + n_words, last))
    if speaker is None:
        return []
    end = _according_phrase_end(parsed, token.i, speaker[1], last)
    after = find_content_end(parsed, token.i, end, last) if end < last else last
    parts = [(parsed.content_start(first), token.i), (end, after)]
    begins = token.i - first <= 1
    if not begins and parsed.tokens[token.i - 1].text == ":" and parsed.applies("labels before sources"):
        begins, parts = True, parts[1:]
    ends = not any(t.is_alpha for t in parsed.tokens[end:last])
    if not begins and not ends and parsed.tokens[token.i - 1].text not in PAUSE_MARKS and (
            parsed.applies("sources inside sentences")):
        parts = parts[:1]
    if not begins and _is_apposed(parsed, end, last) and parsed.applies("appositions of sources"):
        parts = parts[:1]
    spans = tuple(parsed.parse.span(a, b) for a, b in parts if any(t.is_alpha for t in parsed.tokens[a:b]))
    return [Claim(spans, token.i, speaker, "according to", 0.9)] if spans else []


def _is_apposed(parsed: QuotationParse, comma: int, last: int) -> bool:
    """Whether the rest of a sentence only says what the source is: "according to the board, A GROUP OF TRADERS."."""
    rest = parsed.tokens[comma + 1:last]
    return (bool(rest) and parsed.tokens[comma].text == "," and rest[0].lower_ in INDEFINITE_ARTICLES
            and not any(token.tag_ in FINITE_OR_MODAL_TAGS for token in rest))


def _words_after(parsed: QuotationParse, first: int, last: int) -> StartEnd | None:
    """The words up to the next comma or stop, if the parser finds no noun phrase: "according to show insiders"."""
    end = next((i for i in range(first, last) if parsed.tokens[i].is_punct or parsed.region_at[i] >= 0), last)
    is_short = first < end <= first + MAX_SOURCE_PHRASE_TOKENS
    return (first, end) if is_short and parsed.applies("sources read as verbs") else None


def _according_phrase_end(parsed: QuotationParse, start: int, end: int, last: int) -> int:
    """The end of the phrase: the comma after the name, or after an apposition in commas."""
    right = min(parsed.tokens[start].right_edge.i + 1, last)
    apposition = next((t for t in parsed.tokens[end:right] if t.dep_ == "appos" and t.head.i < end
                       and t.left_edge.i == end + 1 and t.right_edge.i + 1 < last
                       and parsed.tokens[t.right_edge.i + 1].text in (",", ")", "—", "–")), None)
    is_apposed = apposition is not None and parsed.applies("appositions of sources")
    i = apposition.right_edge.i + 1 if is_apposed and apposition is not None else end
    while i < right and parsed.tokens[i].text not in (",", ";", "—", "–") and parsed.region_at[i] < 0:
        i += 1
    return i


def find_noun_claims(parsed: QuotationParse) -> list[Claim]:
    """Claims by "X's claim that CONTENT", "warnings from X that CONTENT": only nouns with a named owner."""
    claims = []
    for i, cue in parsed.cues.items():
        if cue.pos != "NOUN":
            continue
        token = parsed.tokens[i]
        clause = _find_clause(parsed, token)
        owner, rule = _find_noun_speaker(token), "noun"
        if owner is None and parsed.applies("nouns with a verb"):
            owner = _find_voicing_subject(parsed, token)
            rule = "noun, negated" if token.head.lemma_.lower() in CONTESTING_VERBS else rule
        if clause is None or owner is None:
            continue
        start = (_that_conjunction(clause) or i) + 1
        last = find_content_end(parsed, i, start, parsed.region_end(clause.right_edge.i + 1))
        claims.append(Claim((parsed.parse.span(start, last),), i, owner, rule, 0.7 if rule == "noun" else 0.3))
    return claims


def _find_voicing_subject(parsed: QuotationParse, noun: "Token") -> StartEnd | None:
    """The subject of a verb that voices or contests a noun: "LEE EXPRESSED concern that", "denied the claim that"."""
    verb = noun.head
    if noun.dep_ != "dobj" or verb.lemma_.lower() not in VOICING_VERBS or parsed.region_at[verb.i] >= 0:
        return None
    return find_speaker(parsed, verb.i)


def _find_clause(parsed: QuotationParse, noun: "Token") -> "Token | None":
    """The verb of the that-clause that depends on a noun, or follows it immediately."""
    hangs = next((c for c in noun.rights if c.dep_ in ("acl", "ccomp", "relcl") and _that_conjunction(c) is not None),
                 None)
    is_claimed = noun.dep_ == "nsubj" and noun.head.lemma_ in COPULA_LEMMAS and not any(
        child.tag_ == "PRP$" for child in noun.lefts)
    if hangs is None and is_claimed and parsed.applies("nouns that are"):
        hangs = next((c for c in noun.head.rights if c.dep_ == "ccomp" and _that_conjunction(c) is not None), None)
    if hangs is not None or noun.i + 1 >= len(parsed.tokens):
        return hangs
    head = noun.nbor(1).head
    return head if noun.nbor(1).dep_ == "mark" and _that_conjunction(head) == noun.i + 1 else None


def _that_conjunction(clause: "Token") -> int | None:
    """The token of a clause's conjunction "that"."""
    return next((m.i for m in clause.lefts if m.dep_ == "mark" and m.lower_ in CLAUSE_COMPLEMENTIZERS), None)


def _find_noun_speaker(noun: "Token") -> StartEnd | None:
    """The owner of a claim: "X's claim", "a claim by X", "the New York Times report"."""
    owner = next((c for c in noun.lefts if c.dep_ == "poss"), None) or next(
        (p for c in noun.rights if c.lower_ in SOURCE_PREPOSITIONS for p in c.rights if p.dep_ == "pobj"), None)
    if owner is not None:
        return noun_phrase(owner)
    names = [c for c in noun.lefts if c.dep_ == "compound" and c.pos_ == "PROPN"]
    return (names[0].left_edge.i, names[-1].i + 1) if names else None
