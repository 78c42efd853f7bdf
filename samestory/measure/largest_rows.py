"""Blocks: a table of things by outlet, kept short enough to read, with what is left out said."""

import pandas as pd

MAX_ROWS_PER_GROUP = 8  # rows that one thing may take


def keep_largest(table: pd.DataFrame, n: pd.Series, *, by: str, top_n: int,
                 per_block: int = MAX_ROWS_PER_GROUP) -> pd.DataFrame:
    """Of the `top_n` things with the largest sums the largest rows, the table's order kept.

    Parameters
    ----------
    table : one row a thing in an outlet
    n : the number of each row
    by : the column that says what the thing is
    top_n : things kept
    per_block : rows of a thing kept, those with the largest numbers

    Returns
    -------
    The table; `attrs["note"]` says what is left out, if anything is.
    """
    sums = n.groupby(table[by], sort=True).sum().sort_values(ascending=False, kind="stable")
    kept = table[table[by].isin(sums.index[:top_n])]
    ranks = n.loc[kept.index].groupby(kept[by]).rank(method="first", ascending=False)
    shown = kept[ranks <= per_block].reset_index(drop=True)
    others, smaller = max(len(sums) - top_n, 0), len(kept) - len(shown)
    said = [f"{others:,} other{'s' * (others > 1)}, less frequent" if others else "",
            f"{smaller:,} row{'s' * (smaller > 1)} with smaller numbers" if smaller else ""]
    listed = "; ".join(filter(None, said))
    shown.attrs["note"] = f"Not in this table: {listed}." if listed else ""
    return shown
