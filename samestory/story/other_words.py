"""Other words quoted: two outlets quote one remark and give one of its words differently.

"Raise questions about my age" and "raise issues about my age" cannot both be what was said. Spellings, names and
forms of one word are no difference.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import product

import numpy as np
import pandas as pd

from samestory.base.language import read_stop_words
from samestory.story.statement_words import find_statement_places
from samestory.story.stems import stem_words

MIN_SAME_WORDS = 6  # beside the other word
MIN_SAME_SIDE_WORDS = 2  # before it, and after it if it does not end the remark

QuotedRun = Sequence[tuple[str, bool]]  # words in lower case, and whether each is a name or the outlet's, in brackets


def list_quoted_runs(statements: pd.DataFrame, tokens: pd.DataFrame) -> dict[int, list[list[tuple[str, bool]]]]:
    """What each statement quotes word by word, by its position: words, and whether each is a name or in brackets.

    Parameters
    ----------
    statements : article_id, start and end, those of an article together and in order
    tokens : article_id, start, norm, pos and in_quotation of the same articles, in order
    """
    place = find_statement_places(statements, tokens)
    quoted = tokens["in_quotation"].to_numpy(dtype=bool) & (place >= 0)
    kept = quoted & tokens["norm"].str.contains(r"[^\W_]", regex=True).to_numpy()
    in_brackets = np.append(False, (tokens["norm"] == "[").to_numpy()[:-1])
    frame = pd.DataFrame({
        "place": place, "run": np.append(0, (quoted[1:] != quoted[:-1]).cumsum()), "word": tokens["norm"],
        "is_fixed": (tokens["pos"] == "PROPN").to_numpy() | in_brackets})
    found: dict[int, list[list[tuple[str, bool]]]] = {}
    for (at, _), group in frame[kept].groupby(["place", "run"], sort=True):
        if len(group) > MIN_SAME_WORDS:
            run = list(zip(group["word"].tolist(), group["is_fixed"].tolist(), strict=True))
            found.setdefault(int(at), []).append(run)
    return found


def quote_other_words(ours: Sequence[QuotedRun], theirs: Sequence[QuotedRun]) -> bool:
    """Whether two statements quote one remark, and a word of it differently."""
    return any(_has_other_word(a, b) for a, b in product(ours, theirs))


def _has_other_word(a: QuotedRun, b: QuotedRun) -> bool:
    """Whether a content word stands for another in the midst of the same words.

    >>> a, b = ([(word, False) for word in f"for people to raise {noun} about my age".split()] for noun in
    ...         ("questions", "issues"))
    >>> _has_other_word(a, b), _has_other_word(a, a)
    (True, False)
    """
    steps = SequenceMatcher(None, [word for word, _ in a], [word for word, _ in b], autojunk=False).get_opcodes()
    sizes = [end - start for _, start, end, _, _ in steps]
    for n, (kind, i, i_end, j, j_end) in enumerate(steps):
        if kind == "replace" and i_end - i == j_end - j == 1:
            before, after = sizes[n - 1] if n else 0, sizes[n + 1] if n + 1 < len(steps) else 0
            is_within = before >= MIN_SAME_SIDE_WORDS and (after >= MIN_SAME_SIDE_WORDS or not after)
            if is_within and before + after >= MIN_SAME_WORDS and _is_other_word(a[i], b[j]):
                return True
    return False


def _is_other_word(one: tuple[str, bool], other: tuple[str, bool]) -> bool:
    """Whether two words are content words of different stems, and no names."""
    (a, a_is_fixed), (b, b_is_fixed) = one, other
    are_words = a.isalpha() and b.isalpha() and not {a, b} & read_stop_words()
    return are_words and not a_is_fixed and not b_is_fixed and len({*stem_words([a, b])}) > 1
