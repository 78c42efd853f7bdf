"""Sentences of a front page: readable by themselves, and never somebody's words as the outlet's own."""

import pandas as pd
import pytest

from samestory.findings.sentences import keep_readable
from samestory.tables.tables import load_tables

PLAIN = "The council of the old town closed the harbour bridge for the whole winter."


def is_kept(folder, sentence, before="", after="", speaker=None):
    text = f"{before}{sentence}{after}"
    tables = load_tables(folder({"one/1.txt": text}))
    start = len(before)
    row = {"article_id": tables.articles["article_id"].iloc[0], "text": sentence, "speaker": speaker, "start": start,
           "end": start + len(sentence), "statement": {"start": start, "end": start + len(sentence)}}
    return len(keep_readable(tables, pd.DataFrame([row]))) == 1


@pytest.mark.slow
def test_a_plain_sentence_is_kept(folder, own_cache):
    assert is_kept(folder, PLAIN)


@pytest.mark.slow
@pytest.mark.parametrize("sentence", [
    "They closed the harbour bridge of the old town for the whole winter.",
    "and closed the harbour bridge of the old town for the whole winter.",
    "The harbour bridge is closed.",
    "That’s how the harbour bridge of the old town was closed for the winter.",
    "The council of the old town closed the harbour bridge after the ruling in Lee v.",
    "FILE - Ann Lee crosses the harbour bridge of the old town in May of last year.",
    "Mayor Ann Lee speaks at the harbour bridge of the old town before the long winter.",
    "COUNCIL CLOSES THE HARBOUR BRIDGE OF THE OLD TOWN FOR THE WHOLE WINTER",
    "The council of the old town closed <mask> the harbour bridge for the whole winter.",
    "The bridge of the old town is safe for the whole winter, she told the council.",
    "The office of the old town did not respond to a request for comment on the bridge.",
    PLAIN[:-1] + ", " + "and the ferry too" * 20 + "."])
def test_what_needs_its_neighbours_or_is_no_prose_is_passed_over(folder, own_cache, sentence):
    assert not is_kept(folder, sentence)


@pytest.mark.slow
def test_words_of_somebody_who_is_not_named_in_the_sentence_are_passed_over(folder, own_cache):
    assert not is_kept(folder, PLAIN, before="“We had no choice. ", after=" We are sorry,” Ann Lee said.")
    assert not is_kept(folder, PLAIN, speaker="Ann Lee")
    assert is_kept(folder, "Ann Lee said the council had closed the harbour bridge for the winter.", speaker="Ann Lee")


@pytest.mark.slow
def test_a_pronoun_after_its_name_is_kept(folder, own_cache):
    assert is_kept(folder, "Ann Lee said that she had closed the harbour bridge for the whole winter.")
