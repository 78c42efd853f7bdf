"""Phrases that statements of two outlets share."""

import numpy as np
import pandas as pd

from samestory.story.phrases import count_repeated_phrases, pair_by_phrases
from samestory.story.statement_words import list_statement_phrases

OUTLETS = np.array([0, 0, 0, 1, 1])
PHRASES = pd.DataFrame([(0, "human right"), (0, "high court"), (1, "high court"), (2, "high court"), (3, "human right"),
                        (4, "high court")], columns=["statement", "phrase"])


def test_statements_with_a_rare_phrase_are_paired():
    assert pair_by_phrases(PHRASES, OUTLETS) == {(0, 3)}  # "high court" is in three statements of the first outlet


def test_phrases_are_counted_that_the_other_outlet_has_in_few_statements():
    assert count_repeated_phrases(PHRASES, OUTLETS)[:, 1].tolist() == [2, 1, 1, 1, 1]
    assert count_repeated_phrases(PHRASES, OUTLETS)[3:, 0].tolist() == [1, 0]


def test_a_phrase_is_two_content_words_side_by_side():
    statements = pd.DataFrame({"article_id": ["a", "a"], "start": [0, 30], "end": [29, 40]})
    tokens = pd.DataFrame([("a", 0, "Ann", "PROPN"), ("a", 4, "Lee", "PROPN"), ("a", 8, "raise", "VERB"),
                           ("a", 14, "the", "DET"), ("a", 18, "human", "ADJ"), ("a", 24, "right", "NOUN"),
                           ("a", 30, "win", "VERB")], columns=["article_id", "start", "lemma", "pos"])
    assert list_statement_phrases(statements, tokens).values.tolist() == [[0, "human right"], [0, "lee raise"]]
