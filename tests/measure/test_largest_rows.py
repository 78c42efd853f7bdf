"""Blocks: tables by outlet are kept short, and say what they leave out."""

import pandas as pd

from samestory.measure.largest_rows import keep_largest


def keep(n: list[int], **options: int) -> pd.DataFrame:
    table = pd.DataFrame({"name": ["a", "a", "a", "b", "c"], "outlet": list("xyzxx")})
    return keep_largest(table, pd.Series(n), by="name", **options)


def test_largest_things_and_their_largest_rows_stay_in_order():
    kept = keep([1, 5, 3, 2, 4], top_n=2, per_block=2)
    assert kept.values.tolist() == [["a", "y"], ["a", "z"], ["c", "x"]]
    assert kept.attrs["note"] == "Not in this table: 1 other, less frequent; 1 row with smaller numbers."


def test_nothing_is_said_where_all_is_there():
    assert keep([1, 1, 1, 1, 1], top_n=3).attrs["note"] == ""


def test_equal_numbers_are_kept_by_the_alphabet():
    assert keep([1, 1, 1, 3, 3], top_n=2)["name"].unique().tolist() == ["a", "b"]
