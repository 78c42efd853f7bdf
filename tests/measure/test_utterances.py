"""Utterances side by side: which pairs are read first."""

from types import SimpleNamespace

import pandas as pd
import pytest

from samestory.measure.utterances import list_utterances, tell_utterances


def pair(*pairs: tuple[str, str, str], speakers: dict[str, str] | None = None) -> pd.DataFrame:
    """The list of pairs from two texts and a relation; equal texts are one quotation."""
    texts = list(dict.fromkeys(text for *both, _ in pairs for text in both))
    quotations = pd.DataFrame({
        "quotation_id": texts, "text": texts, "outlet": "CNN", "article_id": "a",
        "speaker_name": [(speakers or {}).get(text, "Ann") for text in texts],
        "content_spans": [[{"start": 10 * i + 7, "end": 99}, {"start": 10 * i, "end": 5}] for i in range(len(texts))]})
    rows = pd.DataFrame(pairs, columns=["quotation_a", "quotation_b", "relation"])
    rows["utterance_id"] = rows["quotation_a"] + "+" + rows["quotation_b"]
    return list_utterances(SimpleNamespace(read=lambda name: rows), quotations)


def test_trimmed_pairs_come_first_then_other_words_then_identical_ones():
    table = pair(("aaa", "bbb", "identical"), ("ccc", "ddd", "paraphrase"), ("eee", "fff", "trimmed"))
    assert table["relation"].tolist() == ["trimmed", "paraphrase", "identical"]


def test_the_longest_of_the_shorter_versions_comes_first_then_the_id():
    table = pair(("a" * 99, "b", "trimmed"), ("c" * 5, "d" * 4, "trimmed"), ("f", "ggg", "trimmed"),
                 ("e", "h", "trimmed"))
    assert table["text_a"].str[0].tolist() == ["c", "a", "e", "f"]


def test_pairs_that_repeat_a_quotation_come_last():
    table = pair(("aaaa", "bbbb", "trimmed"), ("aaaa", "c", "trimmed"), ("d", "e", "identical"))
    assert table[["text_a", "text_b"]].values.tolist() == [["aaaa", "bbbb"], ["d", "e"], ["aaaa", "c"]]


def test_another_speaker_is_named_and_places_are_where_the_first_span_starts():
    table = pair(("a", "b", "trimmed"), ("cc", "dd", "trimmed"), speakers={"b": "Bo"})
    assert table[["speaker_name", "other_name"]].values.tolist() == [["Ann", ""], ["Ann", "Bo"]]
    assert table[["start_a", "start_b"]].values.tolist() == [[20, 30], [0, 10]]


@pytest.mark.parametrize(("n", "numbers"), [(1, ["1 pair of quotations ", "0 identical, 1 trimmed, 0 "]),
                                            (2, ["2 pairs of quotations ", "0 identical, 2 trimmed, 0 "])])
def test_pairs_are_counted_by_relation(n, numbers):
    sentence = tell_utterances(pd.DataFrame({"relation": ["trimmed"] * n}))
    assert all(part in sentence for part in numbers)


def test_no_pairs_have_no_numbers():
    assert not any(letter.isdigit() for letter in tell_utterances(pd.DataFrame({"relation": []})))
