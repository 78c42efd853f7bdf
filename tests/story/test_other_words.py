"""One remark, quoted in other words."""

import pandas as pd
import pytest

from samestory.story.other_words import list_quoted_runs, quote_other_words


def make_run(text: str) -> list[tuple[str, bool]]:
    return [(word.lower(), word[0].isupper()) for word in text.split()]


@pytest.mark.parametrize(("one", "other", "found"), [
    ("it is legitimate to raise questions about my age", "it is legitimate to raise issues about my age", True),
    ("and they cannot believe what they are finding", "and they cannot believe what they are talking", True),
    ("a democratic processes to achieve the same goal", "a democratic process to achieve the same goal", False),
    ("we have known about this problem for 16 months", "we have known about his problem for 16 months", False),
    ("it looks like strongman Qaddafi is going to win", "it looks like strongman Gadhafi is going to win", False),
    ("a tax on cars", "a tax on boats", False),  # too little is the same
])
def test_another_content_word_in_the_same_remark_is_found(one, other, found):
    assert quote_other_words([make_run(one)], [make_run(other)]) == found


def test_words_in_brackets_are_the_outlets_own():
    words = "find out what is going on with [ expletive ] us".split()
    tokens = pd.DataFrame({"article_id": "a", "start": range(len(words)), "norm": words, "pos": "NOUN",
                           "in_quotation": True})
    statements = pd.DataFrame({"article_id": ["a"], "start": [0], "end": [99]})
    (run,) = list_quoted_runs(statements, tokens)[0]
    assert [word for word, is_fixed in run if is_fixed] == ["expletive"] and len(run) == 9
