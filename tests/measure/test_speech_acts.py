"""Speech acts: chosen like quotations, counted by class."""

from types import SimpleNamespace

import pandas as pd

from samestory.measure.speech_acts import choose_speech_acts, count_speech_acts
from tests.measure.test_speakers import make_quotations


def test_acts_are_counted_by_outlet_and_class_with_who_speaks():
    acts = make_quotations(("CNN", "a", "Ann Lee"), ("CNN", "a", "Bo Chan"), ("CNN", "b", "Bo Chan"),
                           ("NPR", "c", "Cy"))
    acts["cue_class"], acts["cue_lemma"] = ["demand", "demand", "demand", "promise"], ["urge", "urge", "ask", "vow"]
    table = count_speech_acts(acts)
    assert table[["outlet", "cue_class", "n_acts", "share", "cues", "speakers"]].values.tolist() == [
        ["CNN", "demand", 3, "3 of 3", "urge 2, ask 1", "Bo Chan 2, Ann Lee 1"],
        ["NPR", "promise", 1, "1 of 1", "vow 1", "Cy 1"]]


def test_acts_with_low_confidence_are_left_out():
    acts = make_quotations(("CNN", "a", "Ann Lee"), ("CNN", "a", "Bo Chan"))
    tables = SimpleNamespace(read=lambda name: acts.assign(confidence=[0.35, 0.34]),
                             articles=pd.DataFrame({"article_id": ["a"], "outlet": ["CNN"]}))
    assert choose_speech_acts(tables)["speaker_name"].tolist() == ["Ann Lee"]
    assert len(choose_speech_acts(tables, min_confidence=0.34)) == 2
