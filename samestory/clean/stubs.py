"""Stubs: texts that are not a whole story, such as the first 200 characters that a news service gives, or a pay wall.

A service says at the end how much it cut off. A notice of a page is short; a quarter of its words or more are in
sentences that match rows of data/en/page_notices.csv, and nearly all the others address the reader ("you", "please").
Prose about cookies or subscribers does not. A row without kind, the first that is tried, is for sentences that report
what somebody said: they belong to no notice.
"""

import re

from samestory.base.language import cache_by_language, read_language_rows
from samestory.clean.lines import count_line_words

CUT_MARK_PATTERN = re.compile(r"[\[(<]\W{0,3}(\d[\d,. ]{0,12})\s?(?:more |remaining )?(chars?|characters?|words?)"
                              r"(?: (?:more|left|remaining|truncated|omitted))?[\])>]\W{0,5}$", re.IGNORECASE)
EXCERPT_MARK_PATTERN = re.compile(r"(?:\[\s?(?:…|\.{3})\s?\]|\[?(?:truncated|snipped)\]?)\W{0,3}$", re.IGNORECASE)
CUT_MARK_TAIL_CHARS, MAX_EXCERPT_WORDS = 120, 120
MAX_NOTICE_CHARS = 1_000  # code points
MIN_NOTICE_SHARE, MIN_ADDRESS_SHARE = 0.25, 0.75  # of a notice's words, in sentences that match a row; or address you
ADDRESS_KIND = "address"  # of the row for sentences that only address the reader of a page
NOTICE_SENTENCE_END_PATTERN = re.compile(r"(?<=[.!?])\s+|\n")


def describe_stub(text: str) -> str:
    """The reason why a text is not a whole story; empty if it may be one.

    >>> describe_stub("The council of Windle shut its bridge on… [+4321 chars]")
    'its text is cut off by the service that gave it: 4321 chars are missing after 41 characters'
    >>> describe_stub("We use cookies. Accept all to continue, or change your privacy settings.")
    'no story in its text, which reads as a notice on cookies'
    """
    tail = text[-CUT_MARK_TAIL_CHARS:].rstrip()
    if cut := CUT_MARK_PATTERN.search(tail):
        given = text.rstrip().removesuffix(cut.group()).rstrip()
        return (f"its text is cut off by the service that gave it: {cut[1].strip()} {cut[2]} are missing after"
                f" {len(given):,} characters")
    if EXCERPT_MARK_PATTERN.search(tail) and count_line_words(text[:MAX_NOTICE_CHARS]) <= MAX_EXCERPT_WORDS:
        return f"its text is cut off: it is an excerpt that ends in {tail[-5:]!r}"
    kind = _name_notice(text) if len(text) <= MAX_NOTICE_CHARS else ""
    return f"no story in its text, which reads as a {kind}" if kind else ""


def _name_notice(text: str) -> str:
    """The kind of notice that a text is: all but a few words address the reader, and many match a row; else nothing."""
    sentences = [part for part in NOTICE_SENTENCE_END_PATTERN.split(text.replace("’", "'")) if part.strip()]
    n_words = count_line_words(text)
    kinds: list[str] = []
    n_matched, others_left = 0, (1 - MIN_ADDRESS_SHARE) * n_words  # words that may be in other sentences
    for sentence in sentences:
        kind = next((kind for kind, pattern in _read_notices() if pattern.search(sentence)), "")
        size = count_line_words(sentence)
        n_matched += size if kind not in ("", ADDRESS_KIND) else 0
        others_left -= 0 if kind else size
        kinds += [kind] if kind else []
        if others_left < 0:
            return ""
    is_notice = n_matched >= MIN_NOTICE_SHARE * n_words and (len(kinds) > 1 or len(sentences) == 1)
    return next((kind for kind in kinds if kind != ADDRESS_KIND), "") if is_notice else ""


@cache_by_language
def _read_notices() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["kind"], re.compile(row["pattern"], re.IGNORECASE)) for row in read_language_rows("page_notices"))
