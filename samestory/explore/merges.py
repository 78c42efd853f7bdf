"""Names that may be one, for notebooks/explore.ipynb: choose two, read where they occur, and join them, or undo it.

Likely pairs are offered first: one is the other's surname, initials, spelling and the like. Two that are joined become
one in corrections.csv; loaded tables stay as they are.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from samestory.base.errors import SameStoryError
from samestory.base.wording import clip_name, format_list, format_quantity
from samestory.explore.corrections import (
    PANEL_LOOK,
    CorrectionAction,
    WritingMenus,
    list_correction_rows,
    make_button,
    set_options,
    write_correction,
)
from samestory.explore.menus import (
    ANY_OPTION,
    MAX_MENU_OPTIONS,
    clip_option,
    list_names,
    make_options,
    stack_menus,
)
from samestory.explore.side_by_side import choose_rows, find_side_by_side, show_side_columns
from samestory.link.entities import list_possible_merges
from samestory.measure.names.names import find_names
from samestory.show.shown import Shown
from samestory.show.table import show_table
from samestory.tables.tables import Tables

if TYPE_CHECKING:
    from ipywidgets import DOMWidget

MERGE_ACTION = CorrectionAction("is the same as", "merge")
MAX_MERGE_SENTENCES = 3  # of each name
SHOWN_MERGE_COLUMNS = {"surface": "name", "name": "may_be", "label": "label", "reason": "reason"}


def merge_names(tables: Tables, corpus: str, *, max_rows: int = 15) -> "MergeMenus":
    """Menus that join two names: the likely pairs, any two names, and the sentences that have them side by side.

    Parameters
    ----------
    tables : a corpus's tables
    corpus : the location of the corpus
    max_rows : likely pairs shown where nobody can choose
    """
    return MergeMenus(tables, corpus, max_rows)


class MergeMenus(WritingMenus):
    """The menus of `merge_names`."""

    def __init__(self, tables: Tables, corpus: str, max_rows: int) -> None:
        self.tables, self.corpus, self.max_rows = tables, corpus, max_rows
        self.names, likely = find_names(tables), list_possible_merges(tables.entities)
        self.likely = likely.sort_values("reason", key=lambda reason: reason == "part", kind="stable")
        self.entities = list_names(self.names)

    def show(self) -> Shown:
        """The likely pairs."""
        shown = self.likely[list(SHOWN_MERGE_COLUMNS)].rename(columns=SHOWN_MERGE_COLUMNS)
        return show_table(shown, max_rows=self.max_rows, caption="Names that may be one")

    @cached_property
    def box(self) -> "DOMWidget":
        """The menus, and the sentences below them."""
        import ipywidgets
        self.pair = ipywidgets.Dropdown(description="Likely", options=self._list_likely(), **PANEL_LOOK)
        self.ends = [ipywidgets.Dropdown(description=label, options=make_options(self.entities), **PANEL_LOOK)
                     for label in ("Name", "Same as")]
        self.part = ipywidgets.Text(description="Find", placeholder="part of a name, to shorten both menus",
                                    continuous_update=False, **PANEL_LOOK)
        self.make_writing_fields()
        self.write, self.output = make_button("They are one"), ipywidgets.HTML()
        self.pair.observe(self._choose_likely, names="value")
        for end in self.ends:
            end.observe(self._show_chosen, names="value")
        self.part.observe(self._shorten_menus, names="value")
        self.write.on_click(lambda _: self.try_writing(self._write))
        self._show_chosen()
        buttons = ipywidgets.HBox([self.write, self.undo], layout=ipywidgets.Layout(flex_flow="row wrap"))
        return stack_menus(self.pair, *self.ends, self.part, self.output, self.who, buttons, self.message)

    def _list_likely(self) -> list[tuple[str, Any]]:
        """The likely pairs that were not joined yet, as options: what each is, and the two ids."""
        joined = {row.target_id for row in list_correction_rows(self.corpus) if row.operation == "merge"}
        is_open = ~self.likely["entity_a"].isin(joined) & ~self.likely["entity_b"].isin(joined)
        rows = self.likely[is_open].head(MAX_MENU_OPTIONS)
        return [(f"{ANY_OPTION[0]}: choose two names below", ()),
                *((clip_option(f"{row.surface} and {row.name}: {row.reason}; "
                               f"{row.n_mentions_b:,} and {format_quantity(row.n_mentions_a, 'mention')}"),
                   (row.entity_b, row.entity_a)) for row in rows.itertuples(index=False))]

    def _choose_likely(self, _change: object = None) -> None:
        """Choose both names of a likely pair."""
        self.part.value = ""
        for end, entity_id in zip(self.ends, self.pair.value or ("", ""), strict=True):
            set_options(end, make_options(self.entities, chosen=entity_id))
            end.value = entity_id

    def _shorten_menus(self, _change: object = None) -> None:
        """Keep only the names that contain the part, and the current choice, in both menus."""
        for end in self.ends:
            set_options(end, make_options(self.entities, part=self.part.value, chosen=end.value))

    def _show_chosen(self, _change: object = None) -> None:
        """The first sentences that have each of the chosen names, side by side."""
        columns = [self._make_column(end.value) for end in self.ends if end.value]
        self.output.value = show_side_columns(columns, caption="Where the names occur").html if columns else ""

    def _make_column(self, entity_id: str) -> tuple[str, pd.DataFrame]:
        """A name with its outlets, and its first sentences."""
        found = find_side_by_side(self.tables, self.tables.quotations.head(0), self.names, entity_id=entity_id)
        label = dict(zip(self.entities["value"], self.entities["label"], strict=True))[entity_id]
        outlets = format_list(map(clip_name, sorted(found["outlet"].unique())))
        head = f"{label}: {format_quantity(len(found), 'sentence')} in {outlets}"
        return head, choose_rows(found.assign(outlet=""), [""], MAX_MERGE_SENTENCES)

    def show_written(self) -> None:
        """Offer the likely pairs that are still open."""
        set_options(self.pair, self._list_likely())

    def _write(self) -> str:
        name, other = (end.value for end in self.ends)
        if not name or not other:
            raise SameStoryError("choose a name in both menus, or a likely pair")
        return write_correction(self.tables, self.corpus, what="entity", target_id=name, action=MERGE_ACTION, new=other,
                                who=self.who.value)
