"""Figure of the order of telling: where in its article each outlet reports the facts that several outlets have.

A table in, Axes out; places are computed in `samestory.measure.facts`.
"""

import pandas as pd
from matplotlib.axes import Axes

from samestory.base.wording import format_quantity
from samestory.draw.canvas import (
    OutletStyles,
    draw_guides,
    draw_key,
    lay_key,
    lay_rows,
    with_house_style,
    write_empty_figure,
)
from samestory.draw.labels import clip_label, format_hidden_count
from samestory.measure.facts import MAX_FACT_OUTLETS
from samestory.show.outlet_style import MUTED_COLOUR, outlet_style

MIN_ORDERED_FACTS = 3
MIN_ORDER_GAP_PERCENT = 25  # percent of an article between two places that a description names


@with_house_style
def plot_fact_order(facts: pd.DataFrame, *, top_n: int = 15, ax: Axes | None = None,
                    style: OutletStyles | None = None) -> Axes:
    """A row for each fact that several outlets report, a marker for each outlet at its first place in the article.

    Parameters
    ----------
    facts : rows of `find_facts` of facts of two outlets or more
    top_n : facts shown, those that come first in any outlet
    ax, style : as in `plot_articles`
    """
    places = _place_facts(facts)
    if len(places) < MIN_ORDERED_FACTS:
        return write_empty_figure(ax, describe_fact_order(facts))
    style = style or outlet_style(facts["outlet"])
    shown = places.head(top_n)
    key = lay_key({outlet: clip_label(outlet, 28) for outlet in shown.columns})
    ax = lay_rows(ax, [clip_label(label, 34) for _, label in shown.index], top=12 + 14 * len(key), right=24,
                  note=format_hidden_count(len(places) - len(shown), "fact"))
    draw_guides(ax, len(shown))
    for row, (_, values) in enumerate(shown.iterrows()):
        known = values.dropna()
        ax.hlines(row, known.min(), known.max(), color=MUTED_COLOUR, linewidth=1.2)
        for outlet, place in known.items():
            ax.plot(place, row, style[outlet].marker, color=style[outlet].colour, markersize=6.5, clip_on=False)
    draw_key(ax, key, style)
    ax.set_xlim(0, 100)
    ax.grid(axis="x")
    ax.set_xlabel("% of the article before it")
    return ax


def describe_fact_order(facts: pd.DataFrame, *, top_n: int = 15) -> str:
    """The alt text of `plot_fact_order`: the facts that one outlet reports much earlier than another."""
    places = _place_facts(facts)
    if len(places) < MIN_ORDERED_FACTS:
        return f"There are fewer than {MIN_ORDERED_FACTS} facts that two outlets surely report: no order to show."
    apart = (places.max(axis=1) - places.min(axis=1)).sort_values(ascending=False)
    apart = apart[apart >= MIN_ORDER_GAP_PERCENT].head(3)
    said = "; ".join(f"{clip_label(key[1])}: " + ", ".join(
        f"{clip_label(outlet)} {place:.0f} %" for outlet, place in places.loc[key].dropna().sort_values().items())
        for key in apart.index)
    lead = f"{format_quantity(min(len(places), top_n), 'fact')} by place in the article."
    return f"{lead} Furthest apart: {said}." if said else f"{lead} None is a quarter of an article apart."


def _place_facts(facts: pd.DataFrame) -> pd.DataFrame:
    """The first place of each fact in each outlet, in percent of the article; a row per fact, the earliest first."""
    shared = facts[facts.groupby("fact_id")["outlet"].transform("nunique") > 1]
    if shared.empty:
        return pd.DataFrame()
    outlets = shared["outlet"].value_counts().index[:MAX_FACT_OUTLETS]
    places = shared[shared["outlet"].isin(outlets)].pivot_table(
        index=["fact_id", "label"], columns="outlet", values="place_percent", aggfunc="min")
    return places.loc[places.min(axis=1).sort_values(kind="stable").index]
