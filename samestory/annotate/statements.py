"""Statements: what each clause claims, who says it, and whether it is negated or a possibility.

A statement is a clause where the parse can tell clauses apart, else a sentence. Its predicate is the verb of the claim
itself: in "He said that they left", the claim is "they left" and its speaker "He". Which statements of two articles
claim the same is found by samestory/story.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from samestory.annotate.clauses import SUBJECT_LABELS, cut_clauses, mark_quoted_places
from samestory.annotate.parse import Parse
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

OBJECT_LABELS = ("dobj", "attr", "acomp", "oprd")
DOUBT_ADVERBS = WordList("doubt_adverbs")
FUTURE_AUXILIARIES = WordList("future_modals")
DOUBTFUL_MODALS = WordList("past_modals")
DENYING_VERBS = WordList("denying_verbs")
NOUN_NEGATORS = WordList("negative_determiners")
NEGATIVE_PRONOUNS = WordList("negative_subjects")
CERTAINTY_NOUNS = WordList("certainty_nouns")
VERB_NEGATORS = WordList("verb_negators")
MAX_NEGATOR_DISTANCE = 4  # tokens before a verb
MIN_SPOKEN_SHARE = 0.4  # share of a statement's characters that a quotation has, for its speaker to say the statement


def find_statements(parse: Parse, quotations: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statements of one article, in order.

    Parameters
    ----------
    parse : the parsed article
    quotations : the article's quotations and speech acts, in order of their content

    Returns
    -------
    list of dict
        Rows of the table `statements`; all spans are offsets into the original text.
    """
    by_sentence: dict[int, list[dict[str, Any]]] = {}
    for quotation in quotations:
        for place in _list_quotation_sentences(parse, quotation):
            by_sentence.setdefault(place, []).append(quotation)
    marked, has_grammar = mark_quoted_places(parse), parse.doc.has_annotation("DEP")
    rows = []
    for number, sentence in enumerate(parse.sentences):
        clauses = cut_clauses(sentence, marked) if has_grammar else [(sentence.start, sentence.end)]
        rows += [_make_statement(parse, number, first, last, by_sentence.get(number, [])) for first, last in clauses]
    return rows


def _list_quotation_sentences(parse: Parse, quotation: dict[str, Any]) -> set[int]:
    """The numbers of the sentences that a quotation's content is in."""
    found: set[int] = set()
    for span in quotation["content_spans"]:
        first, last = parse.tokens_within(span["start"], span["end"])
        if first < last:
            found.update(range(int(parse.sentence_of[first]), int(parse.sentence_of[last - 1]) + 1))
    return found


def _make_statement(parse: Parse, number: int, first: int, last: int,
                    quotations: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One row of the table `statements`."""
    article, (start, end) = parse.source.article_id, parse.span(first, last)
    said = _choose_quotation(start, end, quotations)
    row: dict[str, Any] = {
        "statement_id": parse.write_span_id("s", start, end), "article_id": article, "sentence": number, "start": start,
        "end": end, "role": parse.role_of(first), "quotation_id": said and said["quotation_id"],
        "speaker": said and said["speaker_name"], "negated": False}
    head = _find_predicate(parse, first, last, said)
    return row if head is None else row | _describe_claim(parse, head)


def _choose_quotation(start: int, end: int, quotations: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The quotation with the largest part of a statement, if this is a good part."""
    best, most = None, MIN_SPOKEN_SHARE * (end - start)
    for quotation in quotations:
        covered = sum(max(0, min(end, span["end"]) - max(start, span["start"]))
                      for span in quotation["content_spans"])
        if covered >= most:
            best, most = quotation, covered
    return best


def _find_predicate(parse: Parse, first: int, last: int, said: dict[str, Any] | None) -> "Token | None":
    """The head of the claim: of the quotation's content, if somebody says it, else of the whole statement."""
    if not parse.doc.has_annotation("DEP"):
        return None
    ranges = [(first, last)]
    if said:
        within = (parse.tokens_within(span["start"], span["end"]) for span in said["content_spans"])
        ranges = [(max(first, a), min(last, b)) for a, b in within if min(last, b) > max(first, a)] or ranges
    chosen = [parse.doc[i] for a, b in ranges for i in range(a, b)]
    places = {token.i for token in chosen}
    heads = [token for token in chosen if token.head.i not in places or token.head.i == token.i]
    verbs = [token for token in heads if token.pos_ in ("VERB", "AUX")]
    nouns = [token for token in heads if token.pos_ not in ("PUNCT", "SPACE", "CCONJ", "ADP", "INTJ")]
    return next(iter(verbs or nouns), None)


def _describe_claim(parse: Parse, head: "Token") -> dict[str, Any]:
    """Predicate, actor, object, negation and modality of a claim; "refused to testify" is that X did not testify."""
    children = list(head.children)
    undone = next((child for child in children if child.dep_ == "xcomp"), None)
    is_denied = head.lemma_.lower() in DENYING_VERBS and undone is not None
    subject = next((child for child in children if child.dep_ in SUBJECT_LABELS), None)
    target = next((child for child in children if child.dep_ in OBJECT_LABELS), None)
    if any(child.dep_ in ("nsubjpass", "auxpass") for child in children):
        subject, target = _find_agent(head), subject
    modal, is_negated = _find_modal(head), _is_negated(head) != is_denied
    if is_denied and undone is not None:
        head, children = undone, list(undone.children)
        target = next((child for child in children if child.dep_ in OBJECT_LABELS), None)
    particle = next((child.lower_ for child in children if child.dep_ == "prt"), "")
    return {"predicate": f"{head.lemma_.lower()} {particle}".strip(), **_locate_part(parse, "predicate", head),
            **_locate_part(parse, "actor", subject), **_locate_part(parse, "object", target),
            "negated": is_negated, "modal": modal}


def _find_agent(head: "Token") -> "Token | None":
    """Who does it, in a passive clause: "was signed BY THE PRESIDENT"."""
    agent = next((child for child in head.children if child.dep_ == "agent"), None)
    return next((child for child in agent.children if child.dep_ == "pobj"), None) if agent is not None else None


def _locate_part(parse: Parse, part: str, token: "Token | None") -> dict[str, Any]:
    """The span of a part of the claim: one word for the predicate, else a noun and the words directly before it."""
    if token is None:
        return {}
    first = token.i
    if part != "predicate":
        lefts = [child.left_edge.i for child in token.lefts]
        first = min([token.i, *lefts])
    start, end = parse.span(first, token.i + 1)
    where = {f"{part}_start": start, f"{part}_end": end}
    return where if part == "predicate" else where | {part: parse.text[start:end]}


def _is_negated(head: "Token") -> bool:
    """Whether a claim is that something is not so: by "not" at the verb, or by "no" or "nobody" before its noun."""
    nouns = (child for child in head.children if child.dep_ in (*SUBJECT_LABELS, *OBJECT_LABELS))
    return _has_negator(head) or any(_is_negative_noun(noun) for noun in nouns)


def _has_negator(head: "Token") -> bool:
    """Whether "not" or "never" belongs to a verb, by the parse or as one of the auxiliaries and adverbs before it."""
    if any(child.dep_ == "neg" for child in head.children):
        return True
    for i in range(head.i - 1, max(head.i - MAX_NEGATOR_DISTANCE, head.sent.start) - 1, -1):
        token = head.doc[i]
        if token.lower_ in VERB_NEGATORS:
            return True
        if token.pos_ not in ("AUX", "ADV", "PART"):
            return False
    return False


def _is_negative_noun(token: "Token") -> bool:
    is_certain = token.lower_ in CERTAINTY_NOUNS  # "no doubt"
    before = [child.lower_ for child in token.lefts]
    return token.lower_ in NEGATIVE_PRONOUNS or any(
        word in NEGATIVE_PRONOUNS or (word in NOUN_NEGATORS and not is_certain) for word in before)


def _find_modal(head: "Token") -> str | None:
    """The word that makes a claim a possibility, a plan or a report, in lower case, if any."""
    for child in head.children:
        word = child.lower_
        if child.dep_ == "aux" and (word in FUTURE_AUXILIARIES or word in DOUBTFUL_MODALS):
            return word
        if child.dep_ == "advmod" and word in DOUBT_ADVERBS:
            return word
    return None
