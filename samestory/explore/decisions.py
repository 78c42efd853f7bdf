"""Pairs of statements to decide, for notebooks/explore.ipynb: two sentences side by side, and yes, no or undecided.

One pair at a time, the words that differ marked; a button or a key (y, n, u) writes the decision to corrections.csv and
shows the next pair. Those that cannot both hold as said come first, then those that may be one fact, the likeliest
first, then those that are by their words.
"""

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from samestory.base.errors import SameStoryError
from samestory.base.wording import format_list, format_quantity
from samestory.explore.corrections import (
    PANEL_LOOK,
    CorrectionAction,
    WritingMenus,
    list_correction_rows,
    make_button,
    set_options,
    write_correction,
)
from samestory.explore.menus import ANY_OPTION, MAX_MENU_OPTIONS, clip_option, stack_menus
from samestory.explore.side_by_side import show_side_columns
from samestory.measure.facts import choose_likely_pairs, join_pair_sentences
from samestory.show.facts import DIFFERENCE_LABELS, show_facts
from samestory.show.shown import Shown, format_rest_count
from samestory.story.facts import SAME_STATUSES
from samestory.story.pairs import DECIDED_PAIR_STATUSES, UNDECIDED_PAIR_STATUS
from samestory.tables.tables import Tables

if TYPE_CHECKING:
    from ipywidgets import DOMWidget

PAIR_DECISIONS = {"y": ("Yes, one fact (y)", "confirmed"), "n": ("No (n)", "refused"),
                  "u": ("Undecided (u)", UNDECIDED_PAIR_STATUS)}  # by key: the button, and the status that is written
PAIR_DECISION_WORDS = {status: label.partition(" (")[0].partition(",")[0].lower()
                       for label, status in PAIR_DECISIONS.values()}
DECISION_ACTION = CorrectionAction("is decided", "change", "status", (*DECIDED_PAIR_STATUSES, UNDECIDED_PAIR_STATUS))
PAIR_GROUPS = ("to check: if it is one fact, both cannot hold as said", "may be one fact", "one fact by their words")
MAX_PAIR_LABEL_WORDS = 4  # words in common that name a pair
# Keys count while the panel has the focus, not in its fields; it keeps the focus when its sentences are replaced.
DECISION_KEYS_HTML = """<script>{const box = document.currentScript.closest(".ss-menus");
    box.tabIndex = 0;
    box.addEventListener("keydown", event => {
        if (!/^[ynu]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey
            || event.target.matches("input, select, textarea")) return;
        event.preventDefault();
        box.focus();
        box.querySelector(".ss-key-" + event.key).click();
    })}</script>"""


def decide_pairs(tables: Tables, corpus: str, *, max_rows: int = 5) -> "DecisionMenus":
    """A panel that shows one pair of statements after another, to be confirmed, refused or left undecided.

    Parameters
    ----------
    tables : a corpus's tables
    corpus : the location of the corpus
    max_rows : pairs shown where nobody can decide
    """
    return DecisionMenus(tables, corpus, max_rows)


def list_pairs_to_decide(tables: Tables) -> pd.DataFrame:
    """The pairs of the story, in the order in which they are offered.

    One row per pair: the columns of the table `pairs`, group (one of `PAIR_GROUPS`) and label (words in common, and the
    outlets).
    """
    pairs = tables.read("pairs")
    group = (~pairs["check"].astype(bool)).astype(int) * (1 + pairs["status"].isin(SAME_STATUSES).astype(int))
    outlets = tables.articles_by_id["outlet"]
    labels = [", ".join(words[:MAX_PAIR_LABEL_WORDS]) + "".join(
        f"{mark}{outlets[name.rpartition('/s')[0]]}" for mark, name in (("; ", a), (" and ", b)))
        for a, b, words in zip(pairs["statement_a"], pairs["statement_b"], pairs["shared"], strict=True)]
    pairs = pairs.assign(place=group, group=group.map(dict(enumerate(PAIR_GROUPS))),
                         label=pd.Series(labels, pairs.index, "str"))
    return pairs.sort_values(["place", "score", "pair_id"], ascending=[True, False, True], ignore_index=True)


class DecisionMenus(WritingMenus):
    """The panel of `decide_pairs`."""

    def __init__(self, tables: Tables, corpus: str, max_rows: int) -> None:
        self.tables, self.corpus, self.max_rows = tables, corpus, max_rows
        self.pairs = list_pairs_to_decide(tables)
        self.events = dict(zip(tables.events["event_id"], tables.events["event"], strict=True))

    def show(self) -> Shown:
        """The likeliest pairs that a person should decide."""
        likely = choose_likely_pairs(self.tables)
        return show_facts(join_pair_sentences(self.tables, likely.head(self.max_rows)), max_rows=self.max_rows,
                          caption="Statements by outlet that may say the same",
                          note=format_rest_count(len(likely), self.max_rows, "row"))

    @cached_property
    def box(self) -> "DOMWidget":
        """The menus, the two sentences, and the buttons."""
        import ipywidgets
        listed = [event_id for event_id in self.events if event_id in set(self.pairs["event_id"])]
        events = [ANY_OPTION, *((clip_option(self.events[name]), name) for name in listed[:MAX_MENU_OPTIONS])]
        self.event = ipywidgets.Dropdown(description="Event", options=events, **PANEL_LOOK)
        self.group = ipywidgets.Dropdown(description="Which", **PANEL_LOOK,
                                         options=[ANY_OPTION, *((group, group) for group in PAIR_GROUPS)])
        self.pair = ipywidgets.Dropdown(description="Pair", **PANEL_LOOK)
        self.output = ipywidgets.HTML()
        self.make_writing_fields()
        self.buttons = {key: make_button(label) for key, (label, _) in PAIR_DECISIONS.items()}
        for key, button in self.buttons.items():
            button.add_class(f"ss-key-{key}")
            button.on_click(lambda _, status=PAIR_DECISIONS[key][1]: self.try_writing(partial(self._decide, status)))
        self.show_written()
        for menu in (self.event, self.group):
            menu.observe(lambda _: self.show_written(), names="value")
        self.pair.observe(self._show_pair, names="value")
        rows = ipywidgets.Layout(flex_flow="row wrap")
        menus = [*([self.event] if len(listed) > 1 else []), self.group, self.pair]
        return stack_menus(*menus, self.output, ipywidgets.HBox([*self.buttons.values(), self.undo], layout=rows),
                           self.who, self.message, script=DECISION_KEYS_HTML)

    def show_written(self) -> None:
        """Offer the pairs of the chosen kind, with what was decided, and show the next open one."""
        pairs, decided = self.pairs, self._read_decisions()
        for name, menu in (("event_id", self.event), ("group", self.group)):
            pairs = pairs[pairs[name] == menu.value] if menu.value else pairs
        is_open = ~pairs["pair_id"].isin(decided)
        self.next = next(iter(pairs["pair_id"][is_open]), "")
        self.progress = self._describe_progress(pairs, decided)
        marks = {pair_id: f"{PAIR_DECISION_WORDS.get(status, status)}: " for pair_id, status in decided.items()}
        listed = pd.concat([pairs[is_open], pairs[~is_open]]).head(MAX_MENU_OPTIONS)
        self.pair.value = "" if self.pair.options else None
        set_options(self.pair, [(f"{ANY_OPTION[0]}: the next one that nobody checked", ""),
                                *((clip_option(f"{marks.get(row.pair_id, '')}{row.label}"), row.pair_id)
                                  for row in listed.itertuples())])
        self._show_pair()

    def _read_decisions(self) -> dict[str, str]:
        """What corrections.csv says of each pair: its last row counts."""
        rows = list_correction_rows(self.corpus)
        return {row.target_id: row.new for row in rows if row.field == DECISION_ACTION.field}

    def _describe_progress(self, pairs: pd.DataFrame, decided: dict[str, str]) -> str:
        """`3 of 40 pairs checked: 2 yes, 1 no.`"""
        said = [decided[pair_id] for pair_id in pairs["pair_id"] if pair_id in decided]
        counts = [f"{said.count(status):,} {word}" for status, word in PAIR_DECISION_WORDS.items() if status in said]
        return f"{len(said):,} of {format_quantity(len(pairs), 'pair')} checked" + (
            f": {format_list(counts)}." if counts else ".")

    def _show_pair(self, _change: object = None) -> None:
        """The two sentences of the chosen pair, or of the next open one."""
        chosen = self.pairs[self.pairs["pair_id"] == (self.pair.value or self.next)]
        self.shown = next(iter(chosen["pair_id"]), "")
        for button in self.buttons.values():
            button.disabled = not self.shown
        shown = show_pair(self.tables, chosen, caption=self.progress) if self.shown else None
        self.output.value = shown.html if shown else f'<p class="ss-note">{self.progress} No pair is left here.</p>'

    def _decide(self, status: str) -> str:
        if not self.shown:
            raise SameStoryError("no pair is shown: choose one in the menu")
        return write_correction(self.tables, self.corpus, what="pair", target_id=self.shown, action=DECISION_ACTION,
                                new=status, who=self.who.value)


def show_pair(tables: Tables, pair: pd.DataFrame, *, caption: str) -> Shown:
    """The two sentences of a pair side by side: the words that differ marked, the rest of each sentence in grey.

    Parameters
    ----------
    tables : a corpus's tables
    pair : a row of `list_pairs_to_decide`
    caption : a sentence above them
    """
    row, rows = next(pair.itertuples()), join_pair_sentences(tables, pair)
    columns = [(str(side["outlet"][:120]), pd.DataFrame([_cut_statement(side)])) for side in rows.to_dict("records")]
    differs = format_list([DIFFERENCE_LABELS[kind] for kind in row.differs], most=len(DIFFERENCE_LABELS))
    note = f"{row.group[:1].upper()}{row.group[1:]} (score {row.score:.2f})."
    in_common = f" In common: {format_list(row.shared, most=2 * MAX_PAIR_LABEL_WORDS)}." if len(row.shared) else ""
    return show_side_columns(columns, caption=caption,
                             note=f"{note}{in_common}{f' Said differently: {differs}.' if differs else ''}")


def _cut_statement(side: dict[str, Any]) -> dict[str, Any]:
    """A sentence as `show_side_columns` takes it: the statement, and what is before and after it."""
    start, end = (side["statement"][name] - side["start"] for name in ("start", "end"))
    before, text, after = side["text"][:start], side["text"][start:end], side["text"][end:]
    if not any(map(str.isalnum, after)):
        text, after = text + after, ""
    marks = [mark | {"role": "differs"} for mark in side["marks"]]
    return {"article_id": side["article_id"], "headline": side["headline"], "text": text, "marks": marks,
            "start": side["statement"]["start"], "before": before, "after": after}
