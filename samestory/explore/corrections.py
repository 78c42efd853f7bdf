"""The panel of notebooks/explore.ipynb that writes corrections.csv: mark an error in the sentences shown, and undo.

Everything in the sentences shown by the menus above can be chosen: a statement, a name, the entity it refers to, the
line and the article. A correction reads as a sentence ("This statement is another speaker's: Ada Voss"). Missing
statements and names are added in the file itself, whose columns `samestory.correct.corrections` describes. Loaded
tables stay as they are; corrections take effect when tables are loaded again.
"""

from collections.abc import Callable
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from samestory.annotate.recognizers import NAME_LABELS
from samestory.base.errors import SameStoryError
from samestory.base.fields import list_fields, select_text_rows
from samestory.base.schema import (
    ANALYSED_LINE_ROLES,
    CORRECTED_ID_COLUMNS,
    CORRECTED_TABLES,
    CUE_CLASSES,
    LINE_ROLES,
    QUOTATION_KINDS,
)
from samestory.base.wording import clip_name
from samestory.correct.allowed import FIELD_READERS, Misfit, Target
from samestory.correct.corrections import (
    CORRECTION_COLUMNS,
    Correction,
    add_correction,
    read_corrections,
    undo_correction,
)
from samestory.explore.menus import MAX_MENU_OPTIONS, Menus, SentenceMenus, clip_option, stack_menus
from samestory.read.corpus import CORRECTIONS_FILE, find_corpus
from samestory.show.printable import clean_text
from samestory.show.quotations import SPEAKER_RESOLUTION_LABELS
from samestory.show.shown import Shown
from samestory.show.table import show_table
from samestory.tables.tables import Tables

if TYPE_CHECKING:
    from ipywidgets import DOMWidget

CORRECTION_EFFECT_NOTE = "The report changes with the next run, this notebook when it is run again."
NAME_CONTEXT_CHARS = 25  # code points around a name, to identify it
PANEL_LOOK: dict[str, Any] = {"layout": {"width": "48em", "max_width": "100%"}, "style": {"description_width": "5em"}}
CORRECTION_TARGET_LABELS = {"quotation": "Statement", "mention": "Name in one place", "entity": "Name everywhere",
                            "line": "Line", "article": "Article"}


class CorrectionAction(NamedTuple):
    """A judgement of something as wrong or right, and the correction to write for it."""

    label: str
    operation: str
    field: str = ""
    choices: tuple[str, ...] = ()


CORRECTION_ACTIONS = {
    "quotation": (CorrectionAction("is another speaker's", "change", "speaker_name"),
                  CorrectionAction("is no statement", "remove"),
                  CorrectionAction("is of another kind", "change", "kind", QUOTATION_KINDS),
                  CorrectionAction("is introduced otherwise", "change", "cue_class", CUE_CLASSES),
                  CorrectionAction("is right", "change")),
    "mention": (CorrectionAction("means somebody or something else", "change", "entity_id"),
                CorrectionAction("is no name", "remove"), CorrectionAction("is right", "change")),
    "entity": (CorrectionAction("is better called", "change", "name"),
               CorrectionAction("is of another type", "change", "label", tuple(NAME_LABELS))),
    "line": (CorrectionAction("is not part of the story, but", "change", "role",
                              tuple(role for role in LINE_ROLES if role not in ANALYSED_LINE_ROLES)),),
    "article": (CorrectionAction("is another outlet's", "change", "outlet"),
                CorrectionAction("has another headline", "change", "headline"),
                CorrectionAction("was published at another time", "change", "published_at"),
                CorrectionAction("reports another event", "change", "event"))}


def list_targets(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """The things in the given sentences that can be corrected.

    Parameters
    ----------
    tables : a corpus's tables
    rows : sentences: article_id, sentence and start

    Returns
    -------
    One row per thing, in the order of the sentences, statements first. Columns: what (quotation, mention, entity, line
    or article), target_id, told (a description for people).
    """
    where = rows.assign(field=list_fields(rows))[["article_id", "sentence", "field", "start"]]
    articles = tables.articles.set_index("article_id").loc[where["article_id"].unique()]
    outlet = articles["outlet"].to_dict()
    said = _join_by_sentence(tables.quotations, where)
    named = _join_by_sentence(tables.mentions, where)
    entities = tables.entities[tables.entities["entity_id"].isin(named["entity_id"])]
    lines = _find_lines(tables, where)
    texts = articles["text"].to_dict()
    parts = {
        "quotation": [(row.quotation_id,
                       f"{_format_known_value(row.speaker_name)} ({outlet[row.article_id]}): “{row.text}”")
                      for row in said.itertuples()],
        "mention": [(row.mention_id, f"{row.entity_id} in “{_cut_name_context(tables.field_texts, row)}” "
                     f"({outlet[row.article_id]})") for row in named.itertuples()],
        "entity": [(row.entity_id, row.entity_id) for row in entities.itertuples()],
        "line": [(f"{row.article_id}/l{row.line}", f"{row.line} ({outlet[row.article_id]}): "
                  f"“{texts[row.article_id][row.start:row.end]}”") for row in lines.itertuples()],
        "article": [(row.Index, f"{row.outlet}: {_format_known_value(row.headline)} ({row.Index})")
                    for row in articles.itertuples()]}
    listed = [(what, target_id, told) for what, found in parts.items() for target_id, told in found]
    return pd.DataFrame(listed, columns=["what", "target_id", "told"]).drop_duplicates("target_id", ignore_index=True)


def describe_resolution(tables: Tables, quotation_id: str) -> str:
    """How the speaker of a statement was found, and how sure that is, as a sentence; empty for an unknown id.

    Parameters
    ----------
    tables : a corpus's tables
    quotation_id : its id
    """
    rows = tables.quotations[tables.quotations["quotation_id"] == quotation_id].to_dict("records")
    if not rows:
        return ""
    row = rows[0]
    found = SPEAKER_RESOLUTION_LABELS[row["resolution"]]
    written = f", written “{clip_name(row['speaker'])}”" if isinstance(row["speaker"], str) else ""
    via = f", reported by {clip_name(row['via'])}" if isinstance(row["via"], str) else ""
    return (f"{found[0].upper()}{found[1:]}{written}{via}; rule: {row['rule']}; confidence {row['confidence']:.2f}, in"
            f" the speaker {row['speaker_confidence']:.2f}.")


def find_current_value(tables: Tables, what: str, target_id: str, field: str) -> str:
    """The current value of a field, in the format of corrections.csv; empty if there is none."""
    frame = tables.read(CORRECTED_TABLES[what])
    is_line = what == "line"
    keys = frame["article_id"] + "/l" + frame["line"].astype("str") if is_line else frame[CORRECTED_ID_COLUMNS[what]]
    found = frame.loc[keys == target_id, field].head(1)
    if found.isna().all():
        return ""
    return found.iloc[0].isoformat() if field.endswith("_at") else str(found.iloc[0])


def write_correction(tables: Tables, corpus: str, *, what: str, target_id: str, action: CorrectionAction, new: str = "",
                     who: str = "", why: str = "") -> str:
    """Write a correction to a corpus's corrections.csv; return a message about it.

    Parameters
    ----------
    tables, corpus : a corpus's tables, and its location
    what, target_id : a row of `list_targets`
    action : one of `CORRECTION_ACTIONS[what]`
    new : the new value, if the action needs one
    who, why : for other readers of the file

    Raises
    ------
    SameStoryError
        If something is missing, or the corpus cannot be written to.
    """
    new = new.strip()
    _check_new_value(tables, what, target_id, action, new)
    rows = [row for row in list_correction_rows(corpus) if (row.target_id, row.operation) == (target_id, "change")]
    written = [row.new for row in rows if row.field == action.field]
    old = "" if not (action.field and needs_new_value(action)) else (
        written[-1] if written else find_current_value(tables, what, target_id, action.field))
    add_correction(corpus, target_id=target_id, operation=action.operation, field=action.field, old=old,
                   new=new if needs_new_value(action) else "", who=who, why=why)
    return f"Written to {CORRECTIONS_FILE}. {CORRECTION_EFFECT_NOTE}"


def _check_new_value(tables: Tables, what: str, target_id: str, action: CorrectionAction, new: str) -> None:
    """Refuse a value that would not fit, as far as this can be known before the tables are rebuilt."""
    if needs_new_value(action) and not new:
        raise SameStoryError(f"“{action.label}” needs a value: enter one in the field New")
    if action.choices and new not in action.choices:
        raise SameStoryError(f"expected one of {', '.join(action.choices)} in the field New, found {new[:80]!r}")
    if action.operation == "merge" and (new == target_id or new not in set(tables.entities["entity_id"])):
        raise SameStoryError(f"expected another name from the menu in the field New, found {new[:80]!r}")
    try:
        if action.field and not action.choices:
            FIELD_READERS[what][action.field](new, Target(what, None))
    except Misfit as misfit:
        raise SameStoryError(f"field New: {misfit}") from misfit


def needs_new_value(action: CorrectionAction) -> bool:
    """Whether the action needs a new value."""
    return action.operation == "merge" or bool(action.field)


def list_correction_rows(corpus: str) -> list[Correction]:
    """The rows of a corpus's corrections.csv; none if there is no such file."""
    path = find_corpus(corpus).root / CORRECTIONS_FILE
    return read_corrections(path) if path.is_file() else []


def show_corrections(corpus: str, *, max_rows: int = 15) -> Shown:
    """The corrections written so far, latest first."""
    rows = [row._asdict() for row in reversed(list_correction_rows(corpus))]
    return show_table(pd.DataFrame(rows, columns=list(CORRECTION_COLUMNS)), max_rows=max_rows,
                      caption=f"Corrections so far ({CORRECTIONS_FILE}), the last one first")


def correct_sentences(menus: SentenceMenus, corpus: str, *, max_rows: int = 15) -> "CorrectionMenus":
    """A panel for correcting the sentences that menus show, with the corrections so far below it.

    Parameters
    ----------
    menus : the result of `explore_sentences`
    corpus : the location of the corpus
    max_rows : corrections shown
    """
    return CorrectionMenus(menus, corpus, max_rows)


class WritingMenus(Menus):
    """Menus that write corrections: who writes them, a message, and the last one taken back."""

    corpus: str

    def make_writing_fields(self) -> None:
        """The fields and buttons that all such menus have."""
        import ipywidgets
        # Sent when a field is left, in one message: a busy kernel may get the click before the last keys otherwise.
        self.who = ipywidgets.Text(description="Who", placeholder="your name or initials", **PANEL_LOOK,
                                   continuous_update=False)
        self.undo = make_button("Undo the last one")
        self.undo.on_click(lambda _: self.try_writing(self._undo))
        self.message = ipywidgets.HTML()

    def show_written(self) -> None:
        """Show what follows from a correction that was written or taken back."""
        raise NotImplementedError

    def try_writing(self, do: Callable[[], str]) -> None:
        """Run a function, and show the message it returns or its error."""
        try:
            said = do()
        except SameStoryError as error:
            said = f"Not done: {error}"
        self.message.value = f'<p role="status"><strong>{escape(clean_text(said))}</strong></p>'
        self.show_written()

    def _undo(self) -> str:
        row = undo_correction(self.corpus)
        if row is None:
            return "There is nothing to undo."
        return (f"Taken back: {row['operation']} {row['target_id']} {row['field']} {row['new']}."
                f" {CORRECTION_EFFECT_NOTE}")


def make_button(label: str) -> Any:
    """A button as wide as its label."""
    import ipywidgets
    return ipywidgets.Button(description=label, layout=ipywidgets.Layout(width="auto"))


class CorrectionMenus(WritingMenus):
    """The panel of `correct_sentences`."""

    def __init__(self, menus: SentenceMenus, corpus: str, max_rows: int) -> None:
        self.menus, self.corpus, self.max_rows = menus, corpus, max_rows
        self.choices: dict[str, str] = {}  # what the field New offers, and what is written for it

    def show(self) -> Shown:
        """The corrections written so far."""
        return show_corrections(self.corpus, max_rows=self.max_rows)

    @cached_property
    def box(self) -> "DOMWidget":
        """The panel, and the corrections below it."""
        import ipywidgets
        kinds = [(label, what) for what, label in CORRECTION_TARGET_LABELS.items()]
        self.what = ipywidgets.Dropdown(description="This", options=kinds, **PANEL_LOOK)
        self.target = ipywidgets.Dropdown(description="Namely", **PANEL_LOOK)
        self.resolution = ipywidgets.HTML(layout=PANEL_LOOK["layout"])
        self.action = ipywidgets.Dropdown(description="How", **PANEL_LOOK)
        typed = PANEL_LOOK | {"continuous_update": False}
        self.new = ipywidgets.Combobox(description="New", placeholder="the right value", **typed)
        self.why = ipywidgets.Text(description="Why", **typed)
        self.make_writing_fields()
        self.write, self.output = make_button("Write the correction"), ipywidgets.HTML(value=self.show().html)
        self._list_targets()
        self.menus.watchers.append(self._list_targets)
        self.what.observe(lambda _: self._list_targets(), names="value")
        self.target.observe(self._explain_target, names="value")
        self.action.observe(self._list_choices, names="value")
        self.write.on_click(lambda _: self.try_writing(self._write))
        buttons = ipywidgets.HBox([self.write, self.undo], layout=ipywidgets.Layout(flex_flow="row wrap"))
        fields = (self.what, self.target, self.resolution, self.action, self.new, self.who, self.why)
        return stack_menus(*fields, buttons, self.message, self.output)

    def show_written(self) -> None:
        """Show the corrections written so far."""
        self.output.value = self.show().html

    def _list_targets(self) -> None:
        """Offer the things in the sentences now shown, and their actions; keep the current choice if possible."""
        listed = list_targets(self.menus.tables, self.menus.rows)
        listed = listed[listed["what"] == self.what.value].head(MAX_MENU_OPTIONS)
        set_options(self.target, [(clip_option(row.told), row.target_id) for row in listed.itertuples()])
        set_options(self.action, [(action.label, action) for action in CORRECTION_ACTIONS[self.what.value]])
        self._list_choices()
        self._explain_target()

    def _explain_target(self, _change: object = None) -> None:
        """Say how a statement's speaker was found."""
        said = describe_resolution(self.menus.tables, self.target.value) if self.what.value == "quotation" else ""
        self.resolution.value = f'<p style="margin:0 0 0 5.6em;line-height:1.3">{escape(clean_text(said))}</p>'

    def _list_choices(self, _change: object = None) -> None:
        """Offer the values that fit the field New."""
        action = self.action.value
        self.new.disabled = not needs_new_value(action)
        self.choices = self._find_choices(action)
        self.new.value, self.new.options = "", tuple(self.choices)

    def _find_choices(self, action: CorrectionAction) -> dict[str, str]:
        """What the field New offers, and the value that is written for it."""
        if action.field == "speaker_name":
            return {label: label for label in self.menus.speakers["label"].head(MAX_MENU_OPTIONS)}
        if action.field == "entity_id":
            listed = self.menus.entities.head(MAX_MENU_OPTIONS)
            return {clip_option(row.label): row.value for row in listed.itertuples() if row.value != self.target.value}
        if action.field == "event":
            events = self.menus.tables.events.head(MAX_MENU_OPTIONS)
            is_double = events["event"].duplicated(keep=False)
            return {clip_option(f"{row.event} ({row.event_id})" if double else row.event): row.event_id
                    for row, double in zip(events.itertuples(), is_double, strict=True)}
        return {choice: choice for choice in action.choices}

    def _write(self) -> str:
        if not self.target.value:
            raise SameStoryError("the sentences shown above contain nothing of this kind: show others first")
        said = write_correction(self.menus.tables, self.corpus, what=self.what.value, target_id=self.target.value,
                                action=self.action.value, new=self.choices.get(self.new.value, self.new.value),
                                who=self.who.value, why=self.why.value)
        self.new.value = self.why.value = ""
        return said


def set_options(menu: Any, options: list[tuple[str, Any]]) -> None:
    """Give a menu other options; keep the current choice if it is among them."""
    chosen, values = menu.value, [value for _, value in options]
    if tuple(options) != tuple(menu.options):
        menu.options = options
    menu.value = chosen if chosen in values else next(iter(values), None)


def _join_by_sentence(found: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    """The rows that belong to the given sentences, in sentence order."""
    found = found.assign(field=list_fields(found))
    return where[["article_id", "sentence"]].merge(found, on=["article_id", "sentence"])


def _find_lines(tables: Tables, where: pd.DataFrame) -> pd.DataFrame:
    """The lines in which sentences begin: article_id, line, start, end."""
    lines = tables.lines[tables.lines["article_id"].isin(where["article_id"])]
    where = select_text_rows(where)
    pairs = where[["article_id", "start"]].rename(columns={"start": "at"}).merge(lines, on="article_id")
    return pairs[(pairs["start"] <= pairs["at"]) & (pairs["at"] < pairs["end"])]


def _cut_name_context(texts: dict[tuple[str, str], str], span: Any) -> str:
    """A name with its context."""
    text = texts[span.article_id, span.field]
    return text[max(0, span.start - NAME_CONTEXT_CHARS):span.end + NAME_CONTEXT_CHARS]


def _format_known_value(value: object) -> str:
    return value if isinstance(value, str) and value else "unknown"
