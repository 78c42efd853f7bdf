"""Menus for notebooks/explore.ipynb: pick outlet, speaker, name and word, and read the sentences side by side.

Each output is one display bundle, whose HTML and text are those shown before anything is chosen, so the same cell
gives a plain table in papermill, nbval, nbconvert and on GitHub. The bundle includes the menus only if the front end
signals that a person can use them, so a file never contains dead menus. The sentences are found and escaped in
`samestory.explore.side_by_side`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from samestory.base.confidence import MIN_QUOTATION_CONFIDENCE
from samestory.explore.side_by_side import (
    add_neighbours,
    choose_rows,
    describe_search,
    describe_unshown_outlets,
    find_side_by_side,
    show_side_by_side,
)
from samestory.measure.names.names import find_names
from samestory.measure.speakers import choose_quotations
from samestory.show.glossary import spell_value
from samestory.show.printable import clean_text
from samestory.show.shown import Shown
from samestory.show.table import show_table
from samestory.tables.tables import Tables

if TYPE_CHECKING:
    from ipywidgets import DOMWidget

WIDGET_MIME_TYPE = "application/vnd.jupyter.widget-view+json"
MAX_MENU_OPTIONS = 200  # options of a menu
MAX_MENU_OPTION_CHARS = 100  # code points of an option
MAX_DEFAULT_OUTLETS = 4  # outlets side by side if none is chosen
MAX_SENTENCES_PER_OUTLET = 200  # the limit, however often more are requested
MAX_LIVE_TABLE_SIZE = "1MB"  # of a sortable, searchable table; itables says what it leaves out
ANY_OPTION = ("any", "")
OUTLET_MENU_HINT = ('<div style="line-height:1.3">None chosen: the four with most sentences.'
                    " Ctrl or Shift: several.</div>")
# JupyterLab handles every key in a notebook except those typed into a text field: X would cut the cell whose menu has
# the focus, and an arrow key would leave it. With this attribute, Lab leaves keys to the element with the focus.
KEYBOARD_FOCUS_HTML = """<style>.ss-menus table.ss-table :is(th,td){padding:.2em .8em .2em 0}</style>
    <script>document.currentScript.closest(".ss-menus").addEventListener("focusin", event =>
    event.target.setAttribute("data-lm-suppress-shortcuts", "true"))</script>"""


class Menus:
    """Menus and their output; `show` returns the output alone."""

    def show(self) -> Shown:
        """The output for the current choice."""
        raise NotImplementedError

    @cached_property
    def box(self) -> "DOMWidget":
        """The menus, made on first use."""
        raise NotImplementedError

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle = self.show()._repr_mimebundle_()
        if not _is_interactive_frontend():
            return bundle
        return bundle | {WIDGET_MIME_TYPE: self.box._repr_mimebundle_()[WIDGET_MIME_TYPE]}


def stack_menus(*parts: "DOMWidget", script: str = "") -> "DOMWidget":
    """Menus with their output below them; they, not JupyterLab, receive the keys. `script` is more HTML for them."""
    import ipywidgets
    keys = ipywidgets.Output(layout=ipywidgets.Layout(display="none"))
    keys.outputs = (_as_output(KEYBOARD_FOCUS_HTML + script),)
    box = ipywidgets.VBox([keys, *parts])
    box.add_class("ss-menus")
    return box


def _as_output(html: str) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {"text/html": html, "text/plain": ""}, "metadata": {}}


def _is_interactive_frontend() -> bool:
    """Whether the front end can ask a person for input: true in JupyterLab, false in papermill, nbval and the like."""
    from IPython import get_ipython
    shell = get_ipython()
    request = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return bool(request.get("content", {}).get("allow_stdin", False))


# Sentences side by side -------------------------------------------------------------------------

@dataclass(frozen=True)
class MenuChoice:
    """The choice made in the menus."""

    outlets: tuple[str, ...] = ()
    speaker: str = ""
    entity_id: str = ""
    word: str = ""
    per_outlet: int = 5
    around: bool = False


def explore_sentences(tables: Tables, *, min_confidence: float = MIN_QUOTATION_CONFIDENCE,
                      per_outlet: int = 5) -> "SentenceMenus":
    """Menus of outlets, speakers and names, and a field for a word; the sentences appear side by side below.

    Parameters
    ----------
    tables : a corpus's tables
    min_confidence : quotations of lower confidence are left out; 0 to 1
    per_outlet : sentences of an outlet shown at once
    """
    return SentenceMenus(tables, choose_quotations(tables, min_confidence=min_confidence), find_names(tables),
                         per_outlet)


def list_speakers(quotations: pd.DataFrame) -> pd.DataFrame:
    """The speakers: one row per speaker, the most quoted first. Columns: value, label, n (quotations), n_outlets."""
    named = quotations.assign(value=quotations["speaker_name"], label=quotations["speaker_name"])
    return _count_values(named)


def list_names(names: pd.DataFrame) -> pd.DataFrame:
    """The names: one row per entity, the most frequent first. Columns: value, label, n (mentions), n_outlets."""
    kinds = names["label"].map(lambda label: str(spell_value("label", label)))
    return _count_values(names.assign(value=names["entity_id"], label=names["name"] + " (" + kinds + ")"))


def _count_values(found: pd.DataFrame) -> pd.DataFrame:
    counted = found.groupby(["value", "label"], as_index=False).agg(n=("outlet", "size"),
                                                                    n_outlets=("outlet", "nunique"))
    return counted.sort_values(["n", "value"], ascending=[False, True], ignore_index=True)


def make_options(listed: pd.DataFrame, *, part: str = "", chosen: str = "") -> list[tuple[str, str]]:
    """The options of a menu, pairs of label and value: at most `MAX_MENU_OPTIONS`, plus the current choice.

    Parameters
    ----------
    listed : the result of `list_speakers` or `list_names`
    part : only options whose label contains this, ignoring case
    chosen : a value that is always kept
    """
    fits = listed["label"].str.casefold().str.contains(part.strip().casefold(), regex=False)
    kept = listed[fits].head(MAX_MENU_OPTIONS)
    kept = pd.concat([kept, listed[listed["value"].isin([chosen]) & ~listed["value"].isin(kept["value"])]])
    return [ANY_OPTION, *((_write_option(row), row.value) for row in kept.itertuples(index=False))]


def _write_option(row: Any) -> str:
    label = clip_option(row.label)
    return f"{label}: {row.n:,} in {row.n_outlets:,} outlet{'s' * (row.n_outlets != 1)}"


def clip_option(text: str) -> str:
    """A text as a menu option: on one line, printable, not too long."""
    said = " ".join(clean_text(text).split())
    return said if len(said) <= MAX_MENU_OPTION_CHARS else said[:MAX_MENU_OPTION_CHARS] + " …"


class SentenceMenus(Menus):
    """The menus of `explore_sentences`; `choice` is the current choice, `rows` the sentences shown for it."""

    def __init__(self, tables: Tables, quotations: pd.DataFrame, names: pd.DataFrame, per_outlet: int) -> None:
        self.tables, self.quotations, self.names = tables, quotations, names
        self.speakers, self.entities = list_speakers(quotations), list_names(names)
        self.per_outlet = per_outlet
        self.watchers: list[Callable[[], None]] = []  # called when other sentences are shown
        self.choose(MenuChoice(per_outlet=per_outlet))

    def choose(self, choice: MenuChoice) -> None:
        """Find the sentences for a choice."""
        self.choice = choice
        self.found = find_side_by_side(self.tables, self.quotations, self.names, speaker=choice.speaker,
                                       entity_id=choice.entity_id, word=choice.word)
        self.outlets = list(choice.outlets) or self._choose_outlets()
        rows = choose_rows(self.found, self.outlets, choice.per_outlet)
        self.rows = add_neighbours(self.tables, rows) if choice.around else rows

    def _choose_outlets(self) -> list[str]:
        """The outlets with the most sentences found, in alphabetical order; all if there are few."""
        counted = self.tables.articles[self.tables.articles["counted"]]["outlet"]
        n = self.found["outlet"].value_counts()
        return sorted(sorted(counted.unique(), key=lambda outlet: (-n.get(outlet, 0), outlet))[:MAX_DEFAULT_OUTLETS])

    def show(self) -> Shown:
        """The sentences for the current choice, one column per outlet."""
        name = dict(zip(self.entities["value"], self.entities["label"], strict=True)).get(self.choice.entity_id, "")
        caption = describe_search(speaker=self.choice.speaker, name=name, word=self.choice.word)
        return show_side_by_side(self.tables, self.rows, self.outlets, caption=caption,
                                 note=describe_unshown_outlets(self.found, self.outlets))

    @cached_property
    def box(self) -> "DOMWidget":
        """The menus, and the sentences below them."""
        import ipywidgets
        wide, style = ipywidgets.Layout(width="32em", max_width="100%"), {"description_width": "5em"}
        outlets = sorted(self.tables.articles[self.tables.articles["counted"]]["outlet"].unique())
        look = {"layout": wide, "style": style}
        self.fields = {
            "outlets": ipywidgets.SelectMultiple(description="Outlets", rows=min(len(outlets), 7),
                                                 options=[(clip_option(outlet), outlet) for outlet in outlets], **look),
            "speaker": ipywidgets.Dropdown(description="Speaker", options=make_options(self.speakers), **look),
            "entity_id": ipywidgets.Dropdown(description="Name", options=make_options(self.entities), **look),
            "word": ipywidgets.Text(description="Word", continuous_update=False,
                                    placeholder="a word or phrase, then Enter", **look),
            "around": ipywidgets.Checkbox(description="with the sentence before and after", indent=False)}
        self.part = ipywidgets.Text(description="Find", continuous_update=False,
                                    placeholder=self._describe_part_field(), **look)
        self.more = ipywidgets.Button(description="Show more sentences", layout=ipywidgets.Layout(width="auto"))
        self.output = ipywidgets.HTML()
        for field in self.fields.values():
            field.observe(self._read_fields, names="value")
        self.part.observe(self._shorten_menus, names="value")
        self.more.on_click(lambda _: self._apply(per_outlet=min(self.choice.per_outlet + self.per_outlet,
                                                                MAX_SENTENCES_PER_OUTLET)))
        self._apply()
        names = ("speaker", "entity_id", "word")
        hint = ipywidgets.HTML(OUTLET_MENU_HINT, layout=wide)
        menus = [ipywidgets.VBox([self.fields["outlets"], hint]),
                 ipywidgets.VBox([*(self.fields[name] for name in names), self.part])]
        rows = ipywidgets.Layout(flex_flow="row wrap", align_items="flex-start")
        return stack_menus(ipywidgets.HBox(menus, layout=rows), self.output,
                           ipywidgets.HBox([self.more, self.fields["around"]], layout=rows))

    def _describe_part_field(self) -> str:
        n, listed = MAX_MENU_OPTIONS, (("speakers", self.speakers), ("names", self.entities))
        cut = [f"{n} of {len(rows):,} {name}" for name, rows in listed if len(rows) > n]
        return "part of a name, to shorten both menus" + (f" (with {' and '.join(cut)})" if cut else "")

    def _read_fields(self, _change: Mapping[str, Any]) -> None:
        self._apply(per_outlet=self.per_outlet, **{name: field.value for name, field in self.fields.items()})

    def _apply(self, **chosen: Any) -> None:
        """Change the current choice, and find and show its sentences."""
        self.choose(replace(self.choice, **chosen))
        self.output.value = self.show().html
        self.more.disabled = len(self.rows) == len(self.found[self.found["outlet"].isin(self.outlets)])
        for watcher in self.watchers:
            watcher()

    def _shorten_menus(self, _change: Mapping[str, Any]) -> None:
        """Keep only the options that contain the part, and the current choice, in both menus."""
        for name, listed in (("speaker", self.speakers), ("entity_id", self.entities)):
            field = self.fields[name]
            chosen = field.value
            field.unobserve(self._read_fields, names="value")
            field.options = make_options(listed, part=self.part.value, chosen=chosen)
            field.value = chosen
            field.observe(self._read_fields, names="value")


# Tables that sort and search --------------------------------------------------------------------

def explore_tables(frames: Mapping[str, pd.DataFrame], *, max_rows: int = 15) -> "TableMenus":
    """A menu of tables, each shown plain or, on request, with sorting and search by itables.

    Parameters
    ----------
    frames : tables by their captions; the first is shown first
    max_rows : rows of a plain table
    """
    return TableMenus(frames, max_rows)


class TableMenus(Menus):
    """The menus of `explore_tables`."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], max_rows: int) -> None:
        self.frames, self.max_rows, self.chosen = dict(frames), max_rows, next(iter(frames))

    def show(self) -> Shown:
        """The first rows of the chosen table."""
        return show_table(self.frames[self.chosen], caption=self.chosen, max_rows=self.max_rows)

    @cached_property
    def box(self) -> "DOMWidget":
        """The menu, and the table below it."""
        import ipywidgets
        self.menu = ipywidgets.Dropdown(description="Table", options=list(self.frames))
        self.sorted = ipywidgets.Checkbox(description="sort and search all rows", indent=False)
        self.output, self.live = ipywidgets.HTML(), ipywidgets.Output()
        for field in (self.menu, self.sorted):
            field.observe(self._show_chosen, names="value")
        self._show_chosen()
        rows = ipywidgets.Layout(flex_flow="row wrap", align_items="center")
        return stack_menus(ipywidgets.HBox([self.menu, self.sorted], layout=rows), self.output, self.live)

    def _show_chosen(self, _change: object = None) -> None:
        self.chosen = self.menu.value
        htmls = make_live_table(self.frames[self.chosen], caption=self.chosen) if self.sorted.value else []
        self.output.value = "" if htmls else self.show().html
        self.live.outputs = tuple(map(_as_output, htmls))


def make_live_table(frame: pd.DataFrame, *, caption: str) -> list[str]:
    """A sortable, searchable table, as HTML with scripts: the program of itables, then the table.

    itables escapes cells, but treats a caption as HTML. Its program of 0.95 MB comes from the installed package and
    is never saved to a file.
    """
    from itables import options, to_html_datatable
    from itables.javascript import generate_init_offline_itables_html

    cells = _write_cells(frame)
    texts = [place for place, kind in enumerate(cells.dtypes) if not pd.api.types.is_numeric_dtype(kind)]
    table = to_html_datatable(cells, caption=escape(clean_text(caption)), connected=False, maxBytes=MAX_LIVE_TABLE_SIZE,
                              display_logo_when_loading=False, showIndex=False, classes="display compact",
                              columnDefs=[{"className": "dt-left", "targets": texts}])
    return [generate_init_offline_itables_html(options.dt_bundle), table]


def _write_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with short plain text in cells other than numbers."""
    def write(column: pd.Series) -> pd.Series:
        if pd.api.types.is_numeric_dtype(column):
            return column
        return column.map(lambda value: clip_option(_join_live_cell(value)))

    return frame.reset_index(drop=True).apply(write).rename(columns=lambda name: str(name).replace("_", " "))


def _join_live_cell(value: object) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return "" if pd.isna(value) else str(value)
