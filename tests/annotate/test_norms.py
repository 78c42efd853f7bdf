"""Norms of tokens: acronyms that are spelled like words keep their capitals, except in a sentence in capitals."""

import numpy as np

from samestory.annotate.norms import list_norms


def test_an_acronym_keeps_its_capitals_only_where_others_are_small():
    words = ["ICE", "agents", "CAME", "NEVER", "ice"]
    word, sentence = np.array([0, 1, 3, 0, 2, 4]), np.array([0, 0, 0, 1, 1, 2])
    assert list_norms(words, word, sentence).to_pylist() == ["ICE", "agents", "never", "ice", "came", "ice"]


def test_no_token_has_no_norm():
    assert list_norms([], np.array([], int), np.array([], int)).to_pylist() == []
