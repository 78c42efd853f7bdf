"""Short tables: few enough rows to read, and how many are left out."""

from dataclasses import dataclass

import pandas as pd

MAX_ROWS_PER_GROUP = 8  # rows of one thing


@dataclass(frozen=True)
class ShortTable:
    """A table kept short enough to read.

    Attributes
    ----------
    table : the rows kept
    n_other_things : things with no row kept
    n_smaller_rows : rows left out for the things kept
    """

    table: pd.DataFrame
    n_other_things: int
    n_smaller_rows: int

    @property
    def note(self) -> str:
        """What is left out, as a sentence; empty if nothing is."""
        others, smaller = self.n_other_things, self.n_smaller_rows
        parts = [f"{others:,} other{'s' * (others > 1)}, less frequent" if others else "",
                 f"{smaller:,} row{'s' * (smaller > 1)} with smaller numbers" if smaller else ""]
        listed = "; ".join(filter(None, parts))
        return f"Not in this table: {listed}." if listed else ""


def keep_largest(table: pd.DataFrame, n: pd.Series, *, by: str, top_n: int,
                 per_block: int = MAX_ROWS_PER_GROUP) -> ShortTable:
    """The largest rows of the `top_n` things with the largest sums, in the table's order.

    Parameters
    ----------
    table : one row per thing and outlet
    n : the number of each row
    by : the column that names the thing
    top_n : things kept
    per_block : rows of a thing kept, those with the largest numbers
    """
    sums = n.groupby(table[by], sort=True).sum().sort_values(ascending=False, kind="stable")
    kept = table[table[by].isin(sums.index[:top_n])]
    ranks = n.loc[kept.index].groupby(kept[by]).rank(method="first", ascending=False)
    shown = kept[ranks <= per_block].reset_index(drop=True)
    return ShortTable(shown, max(len(sums) - top_n, 0), len(kept) - len(shown))
