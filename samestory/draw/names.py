"""Figures of names: who and what the outlets mention most.

A table in, Axes out. Names are counted in `samestory.measure.names.names`; links between them are drawn in
`samestory.draw.network`.
"""

import pandas as pd
from matplotlib.axes import Axes

from samestory.draw.canvas import OutletStyles, with_house_style
from samestory.draw.outlet_counts import describe_counts, draw_counts


@with_house_style
def plot_entities(table: pd.DataFrame, *, top_n: int = 15, ax: Axes | None = None,
                  style: OutletStyles | None = None) -> Axes:
    """The names mentioned most, by outlet.

    Parameters
    ----------
    table : one row per entity and outlet: name, label, outlet, n_mentions
    top_n : the most entities shown, those with the most mentions in all outlets
    ax, style : as in `plot_articles`
    """
    return draw_counts(ax, _label_shared_names(table), "name", "n_mentions", "mention", top_n=top_n, style=style)


def describe_entities(table: pd.DataFrame, *, top_n: int = 15) -> str:
    """The alt text of `plot_entities`: the name with the most mentions and its share, by outlet."""
    return describe_counts(_label_shared_names(table), "name", "n_mentions", "mention", top_n=top_n)


def _label_shared_names(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the label added to a name that two entities share."""
    shared = table.groupby("name")["label"].transform("nunique") > 1
    longer = table["name"] + " (" + table["label"].str.lower() + ")"
    return table.assign(name=table["name"].astype(object).where(~shared, longer), own_name=table["name"])
