"""Finds the answers of interviews: paragraphs after "A:", or after questions in bold; they are the interviewee's.

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
BOLD_QUESTION_PATTERN = re.compile(r"\s*([*_]{1,3})(?=\w|[\"“‘'])[^\n]{3,400}\?[\"”’']?\1\s*")
MIN_INTERVIEW_QUESTIONS = 2
MAX_TALK_WORD_TOKENS = 6  # tokens between "spoke" and the name after "to"


def find_answers(parsed: QuotationParse, mentions: list[dict[str, Any]]) -> list[Claim]:
    """A claim for each paragraph of an answer."""
    body = [paragraph for paragraph in parsed.parse.source.paragraphs if paragraph.role == "body"]
    parts = _read_labels(parsed, body) or _read_bold_questions(parsed, body)
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


def _read_bold_questions(parsed: QuotationParse, body: list[Paragraph]) -> list[tuple[int, int, bool]]:
    """The turns of an interview whose questions are in bold, if they ask a person."""
    asked = [bool(BOLD_QUESTION_PATTERN.fullmatch(parsed.text, p.start, p.end)) for p in body]
    if sum(asked) < MIN_INTERVIEW_QUESTIONS:
        return []
    first, last = asked.index(True), len(asked) - 1 - asked[::-1].index(True)
    parts = [(p.start, p.end, not is_asked) for p, is_asked in zip(body[first:last + 2], asked[first:last + 2],
                                                                  strict=True)]
    questions = {word for start, end, is_answer in parts if not is_answer for word in _words(parsed, start, end)}
    answers = {word for start, end, is_answer in parts if is_answer for word in _words(parsed, start, end)}
    is_talk = questions & SECOND_PERSON_PRONOUNS.words or answers & FIRST_PERSON_PRONOUNS.words
    return parts if is_talk else []


def _words(parsed: QuotationParse, start: int, end: int) -> list[str]:
    return [token.lower_ for token in parsed.tokens[slice(*parsed.parse.tokens_within(start, end))]]


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
