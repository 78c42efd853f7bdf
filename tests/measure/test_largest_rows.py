"""Short tables: the largest rows of the largest things, and how much is left out."""

import pandas as pd

from samestory.measure.largest_rows import ShortTable, keep_largest


def keep(n: list[int], **options: int) -> ShortTable:
    table = pd.DataFrame({"name": ["a", "a", "a", "b", "c"], "outlet": list("xyzxx")})
    return keep_largest(table, pd.Series(n), by="name", **options)


def test_largest_things_and_their_largest_rows_stay_in_order():
    kept = keep([1, 5, 3, 2, 4], top_n=2, per_block=2)
    assert kept.table.values.tolist() == [["a", "y"], ["a", "z"], ["c", "x"]]
    assert (kept.n_other_things, kept.n_smaller_rows) == (1, 1)
    assert "1 other," in kept.note and "1 row " in kept.note


def test_there_is_no_note_if_nothing_is_left_out():
    assert keep([1, 1, 1, 1, 1], top_n=3).note == ""


def test_equal_numbers_are_kept_by_the_alphabet():
    assert keep([1, 1, 1, 3, 3], top_n=2).table["name"].unique().tolist() == ["a", "b"]
