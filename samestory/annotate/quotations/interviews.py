"""Finds the answers of interviews: paragraphs after "A:", or after questions of their own; they are the interviewee's.

The interviewee is named before the first question; where several people are, it is the one the outlet talked to, or
else the one named most often.
"""

import re
from collections import Counter
from typing import Any

from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse, StartEnd
from samestory.base.language import WordList, cache_by_language
from samestory.clean.lines import Paragraph

QUESTION_LABELS, ANSWER_LABELS = WordList("question_labels"), WordList("answer_labels")
FIRST_PERSON_PRONOUNS, SECOND_PERSON_PRONOUNS = WordList("first_person_pronouns"), WordList("second_person_pronouns")
TALK_WORDS, TALK_PREPOSITIONS = WordList("talk_words"), WordList("talk_prepositions")  # "spoke TO", "interview WITH"
LABEL_END_REGEX = r"\s?\d{0,3}(?:[:.)]|\s?[–—-])[*_]{0,3}\s+"
ASKED_PARAGRAPH_PATTERN = re.compile(r"\s*(?P<bold>[*_]{0,3})(?=\w)[^\n]{3,300}\?(?P=bold)\s*")
MIN_INTERVIEW_QUESTIONS = 2
MIN_PLAIN_QUESTIONS = 3  # paragraphs that are questions, none of them in bold or with a label
MAX_TALK_WORD_TOKENS = 6  # tokens between "spoke" and the name after "to"


def find_answers(parsed: QuotationParse, mentions: list[dict[str, Any]]) -> list[Claim]:
    """A claim for each paragraph of an answer."""
    body = [paragraph for paragraph in parsed.parse.source.paragraphs if paragraph.role == "body"]
    parts = _read_labels(parsed, body) or _read_bare_questions(parsed, body)
    if not parts:
        return []
    person = _find_interviewee(parsed, mentions, min(start for start, _, _ in parts))
    return [Claim(((start, end),), None, None, "interview", 0.85 if person else 0.3, signature=person)
            for start, end, is_answer in parts if is_answer and start < end]


def _read_labels(parsed: QuotationParse, body: list[Paragraph]) -> list[tuple[int, int, bool]]:
    """The turns of an interview with labels: start, end, and whether it is an answer; empty if it is none."""
    questions, answers = _label_patterns()
    parts: list[tuple[int, int, bool]] = []
    last = max((n for n, p in enumerate(body) if questions.match(parsed.text, p.start, p.end)), default=-1)
    for number, paragraph in enumerate(body):
        is_answer = answers.match(parsed.text, paragraph.start, paragraph.end)
        is_question = questions.match(parsed.text, paragraph.start, paragraph.end)
        if found := is_answer or is_question:
            parts.append((found.end(), paragraph.end, found is is_answer))
        elif parts and parts[-1][2] and number < last:  # an answer of several paragraphs
            parts.append((paragraph.start, paragraph.end, True))
    n_answers = sum(is_answer for _, _, is_answer in parts)
    return parts if min(n_answers, len(parts) - n_answers) >= MIN_INTERVIEW_QUESTIONS else []


@cache_by_language
def _label_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    questions, answers = (re.compile(rf"\s*[*_]{{0,3}}(?:{labels.pattern}){LABEL_END_REGEX}")
                          for labels in (QUESTION_LABELS, ANSWER_LABELS))
    return questions, answers


def _read_bare_questions(parsed: QuotationParse, body: list[Paragraph]) -> list[tuple[int, int, bool]]:
    """The turns of an interview whose questions are paragraphs without a label, if they ask a person.

    Other articles have such headings, too, so "you" must be asked or "I" must answer. Where no question is in bold,
    there must be more of them, most ask "you", and nothing stands in quotation marks.
    """
    found = [ASKED_PARAGRAPH_PATTERN.fullmatch(parsed.text, p.start, p.end) for p in body]
    bold = [match is not None and match["bold"] != "" for match in found]
    asked = bold if any(bold) else [match is not None for match in found]
    if sum(asked) < (MIN_INTERVIEW_QUESTIONS if any(bold) else MIN_PLAIN_QUESTIONS):
        return []
    first, last = asked.index(True), len(asked) - 1 - asked[::-1].index(True)
    parts = [(p.start, p.end, not is_asked) for p, is_asked in zip(body[first:last + 2], asked[first:last + 2],
                                                                  strict=True)]
    return parts if _asks_a_person(parsed, parts, is_plain=not any(bold)) else []


def _asks_a_person(parsed: QuotationParse, parts: list[tuple[int, int, bool]], *, is_plain: bool) -> bool:
    """Whether questions address a person, or answers speak of themselves."""
    asked = [_has_word(parsed, SECOND_PERSON_PRONOUNS, start, end) for start, end, is_answer in parts if not is_answer]
    if is_plain:
        first, last = parsed.parse.tokens_within(parts[0][0], parts[-1][1])
        return 2 * sum(asked) >= len(asked) and not parsed.is_marked[first:last].any()
    return any(asked) or any(_has_word(parsed, FIRST_PERSON_PRONOUNS, start, end)
                             for start, end, is_answer in parts if is_answer)


def _has_word(parsed: QuotationParse, words: WordList, start: int, end: int) -> bool:
    return any(token.lower_ in words for token in parsed.tokens[slice(*parsed.parse.tokens_within(start, end))])


def _find_interviewee(parsed: QuotationParse, mentions: list[dict[str, Any]], before: int) -> StartEnd | None:
    """The place of the name of the person who answers."""
    people = [m for m in mentions if m["label"] == "PERSON" and m["start"] < before]
    talked_to = next((m for m in people if _is_talked_to(parsed, m)), None)
    n_mentions = Counter(m["name"] for m in people)
    best = talked_to or max(people, key=lambda m: n_mentions[m["name"]], default=None)
    return (best["start"], best["end"]) if best is not None else None


def _is_talked_to(parsed: QuotationParse, mention: dict[str, Any]) -> bool:
    """Whether a name follows "spoke to", "sat down with", "an interview with"."""
    first = parsed.parse.tokens_within(mention["start"], mention["end"])[0]
    before = parsed.tokens[max(parsed.sentence(first)[0], first - MAX_TALK_WORD_TOKENS):first]
    return (any(token.lemma_.lower() in TALK_WORDS for token in before)
            and any(token.lower_ in TALK_PREPOSITIONS for token in before))
