"""Who is named and not quoted: by outlet, those whom another outlet quotes first."""

import pandas as pd
import pytest

from samestory.measure.names.unasked import list_unasked


def test_people_named_twice_without_a_statement_are_listed():
    names = pd.DataFrame([("P:A", "Ann Lee", "PERSON", "X")] * 2 + [("P:B", "Bo Chan", "PERSON", "X")] * 3
                         + [("P:A", "Ann Lee", "PERSON", "Y"), ("P:C", "Cy Roe", "PERSON", "X"),
                            ("O:D", "Depot", "ORG", "X"), ("O:D", "Depot", "ORG", "X")],
                         columns=["entity_id", "name", "label", "outlet"])
    said = pd.DataFrame([("P:A", "Y"), ("P:A", "Y"), (None, "X")], columns=["speaker_entity_id", "outlet"])
    found = list_unasked(names, said)
    assert found[["outlet", "name", "n_mentions", "quoted_by"]].to_numpy().tolist() == [
        ["X", "Ann Lee", 2, "Y 2"], ["X", "Bo Chan", 3, ""]]
    spoken = pd.concat([said, pd.DataFrame([("P:A", "X")], columns=said.columns)])
    assert list_unasked(names, spoken)["name"].tolist() == ["Bo Chan"]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_where_nobody_is_named_twice_or_all_speak_nobody_is_listed(n):
    names = pd.DataFrame([("P:A", "Ann Lee", "PERSON", "X")] * n, columns=["entity_id", "name", "label", "outlet"])
    said = pd.DataFrame([("P:A", "X")] * (n == 2), columns=["speaker_entity_id", "outlet"])
    found = list_unasked(names, said)
    assert found.empty and list(found) == ["outlet", "name", "label", "n_mentions", "quoted_by"]
