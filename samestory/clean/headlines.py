"""Headlines of metadata: the part that is read as part of the story, if the text does not repeat it.

A line of the text that has the same words is the headline already; so is one that has more or fewer of them, as titles
of web pages are cut ("Fire in Ulm kills ...") or begin the first paragraph. An outlet's name at the end of a title
("Fire in Ulm | CNN") is no part of it.
"""

import re
from collections.abc import Sequence
from itertools import islice

from samestory.base.schema import ANALYSED_LINE_ROLES
from samestory.clean.lines import MIN_HEADLINE_WORDS, Line
from samestory.clean.outlets import find_host, known_outlets

COMPARED_WORD_PATTERN = re.compile(r"\w+")
# An outlet's name at either end of a title, behind a bar, a dash between blanks, or in brackets.
OUTLET_TAIL_PATTERN = re.compile(r"(?:\s*[|«»·]+\s*|\s+[–—:-]+\s+)(?P<outlet>[^|«»·–—]{2,40})$"
                                 r"|\s+\((?P<source>[^()]{2,40})\)$")
OUTLET_HEAD_PATTERN = re.compile(r"\s*(?P<outlet>[^|–—-]{2,40}?)\s+[|–—-]+\s+")
MAX_OUTLET_TAILS = 2  # "Fire in Ulm - World News | CNN": names at the end that are looked at
MAX_READ_HEADLINE_CHARS = 1_000  # code points; what is longer is no headline
MAX_COMPARED_CHARS = 2_000  # code points of a line that are compared with the headline
MAX_COMPARED_LINES = 15  # lines of the story among which the headline may be repeated


def find_metadata_headline(headline: str | None, outlet: str, lines: Sequence[Line]) -> tuple[int, int] | None:
    """The span of a metadata headline that is to be read; None if there is none, it is too long, or the text has it.

    Parameters
    ----------
    headline : the headline, as in `articles`
    outlet : the article's outlet
    lines : the lines of the article's text

    >>> find_metadata_headline("Fire in Ulm | CNN", "CNN", [Line(1, 0, 20, "A fire broke out.", "body")])
    (0, 11)
    >>> find_metadata_headline("Fire in Ulm", "CNN", [Line(1, 0, 12, "FIRE IN ULM!", "body")])
    """
    if not headline or len(headline) > MAX_READ_HEADLINE_CHARS:
        return None
    start, end = _find_headline_start(headline, outlet), _find_headline_end(headline, outlet)
    words = _list_compared_words(headline[start:end])
    is_nothing = not words or _is_outlet(headline[start:end], outlet)
    return None if is_nothing or _is_repeated(words, lines) else (start, end)


def _find_headline_start(headline: str, outlet: str) -> int:
    """The start of a title without the outlet's name before a bar or dash."""
    head = OUTLET_HEAD_PATTERN.match(headline)
    return head.end() if head and _is_outlet(head["outlet"], outlet) else len(headline) - len(headline.lstrip())


def _find_headline_end(headline: str, outlet: str) -> int:
    """The end of a title without the outlet's name after it."""
    end = len(headline.rstrip())
    for _ in range(MAX_OUTLET_TAILS):
        tail = OUTLET_TAIL_PATTERN.search(headline, max(0, end - 50), end)
        if tail is None or not _is_outlet(tail["outlet"] or tail["source"], outlet):
            break
        end = tail.start()
    return end


def _is_outlet(name: str, outlet: str) -> bool:
    """Whether a name is that of an outlet, of a part of the article's own (CNN Politics), or an outlet's address."""
    own, said = outlet.casefold(), name.casefold().strip()
    known = known_outlets()
    return said == own or said.startswith(f"{own} ") or known.is_known(name) or bool(known.name_host(find_host(said)))


def _is_repeated(words: list[str], lines: Sequence[Line]) -> bool:
    """Whether a line has these words, or one has all the words of the other and more, but not of the same sentence."""
    analysed = [line for line in lines if line.role in ANALYSED_LINE_ROLES][:MAX_COMPARED_LINES]
    for line in analysed:
        other = _list_compared_words(line.content[:MAX_COMPARED_CHARS])
        shorter = min(len(words), len(other))
        if words == other or (shorter >= MIN_HEADLINE_WORDS and words[:shorter] == other[:shorter]
                              and not _runs_on_after(line.content, shorter)):
            return True
    return False


def _runs_on_after(content: str, n_words: int) -> bool:
    """Whether a line goes on in lower case right after its first words: it is a sentence of its own."""
    *_, last = islice(COMPARED_WORD_PATTERN.finditer(content), n_words)
    rest = content[last.end():]
    return rest[:1].isspace() and rest.lstrip()[:1].islower()


def _list_compared_words(title: str) -> list[str]:
    """The words of a title without case and marks."""
    return COMPARED_WORD_PATTERN.findall(title.casefold())
