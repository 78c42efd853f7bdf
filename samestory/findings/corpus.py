"""Findings about the articles: who was first, and which are copies."""

import numpy as np
import pandas as pd

from samestory.base.wording import clip_name, format_list, format_quantity
from samestory.findings.finding import Finding
from samestory.measure.corpus import count_wire, list_order, list_repeats
from samestory.tables.tables import Tables

MAX_FIRST_SPAN = np.timedelta64(48, "h")  # between articles one of which was first: later ones report something else
PRECISIONS_OF_TIME = ("second", "minute")


def format_day_range(days: pd.Series) -> str:
    """The first and the last day, a single day, or "not known".

    >>> format_day_range(pd.to_datetime(pd.Series(["2021-03-17 12:00", "2021-03-17 20:00"])))
    '2021-03-17'
    """
    first, last = (f"{day:%Y-%m-%d}" if len(days) else "not known" for day in (days.min(), days.max()))
    return first if first == last else f"{first} to {last}"


def find_first(tables: Tables) -> Finding | None:
    """The outlet that published first, if the times of one event show it, and all are of a day or two."""
    order = list_order(tables)
    if order["event"].nunique() != 1 or order["place"].iloc[0] != "1" \
            or np.ptp(order["published_at"].to_numpy()) > MAX_FIRST_SPAN \
            or not order["published_precision"].isin(PRECISIONS_OF_TIME).all():
        return None
    first = order.iloc[0]
    rest = format_list(f"{clip_name(row.outlet)} ({row.published_at:%Y-%m-%d %H:%M})"
                       for row in order.iloc[1:].itertuples())
    text = (f"First to report it was {clip_name(first['outlet'])} ({first['published_at']:%Y-%m-%d %H:%M} UTC);"
            f" then {rest}. {len(order):,} of {format_quantity(len(tables.counted_ids), 'article')} have a date.")
    return Finding("Who was first", text, "01_corpus", "When they were published")


def find_copies(tables: Tables) -> Finding | None:
    """The number of articles that repeat another or name an agency."""
    wire, repeats = count_wire(tables), list_repeats(tables)
    n, n_wire, n_repeats = (int(wire[name].sum()) for name in ("n_articles", "n_wire", "n_repeats"))
    if not n_wire + n_repeats:
        return None
    shared = format_list(clip_name(outlet) for outlet in sorted(repeats["outlet"].unique()))
    where = f" (texts that appear more than once: in {shared})" if shared else ""
    text = (f"{n_repeats:,} of {format_quantity(n, 'article')} have the text of another and are not counted{where};"
            f" {n_wire:,} name a news agency as their source.")
    return Finding("Copies", text, "01_corpus", "Repeats and wire copy")
