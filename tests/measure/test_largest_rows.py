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


def test_ties_are_kept_alphabetically():
    assert keep([1, 1, 1, 3, 3], top_n=2).table["name"].unique().tolist() == ["a", "b"]


def test_eight_rows_of_each_thing_are_kept_the_first_of_ties():
    table = pd.DataFrame({"name": ["a"] * 10 + ["b"] * 8, "outlet": [f"o{i}" for i in range(18)]})
    short = keep_largest(table, pd.Series([1] * 9 + [2] + [3] * 8), by="name", top_n=2)
    assert short.table["outlet"].tolist() == [*(f"o{i}" for i in range(7)), "o9", *(f"o{i}" for i in range(10, 18))]
    assert (short.n_other_things, short.n_smaller_rows) == (0, 2)


def test_the_note_counts_things_and_rows():
    table = pd.DataFrame({"name": list("aabbc"), "outlet": list("xyxyx")})
    for top_n, numbers in ((2, "1 other, "), (1, "2 others, ")):
        assert numbers in keep_largest(table, pd.Series([9, 8, 7, 6, 1]), by="name", top_n=top_n).note
    assert "2 rows " in keep_largest(table, pd.Series([9, 8, 7, 6, 1]), by="name", top_n=3, per_block=1).note
