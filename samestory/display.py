"""What a notebook shows: tables, figures, sentences, each escaped, bounded and readable aloud.

A table has a caption, named headers and numbers that line up; a figure is an SVG with its alt text
inside and the table behind it right below, so that a strict nbval guards the numbers. The same
objects serve JupyterLab and the reports. Which figure to draw is decided in figures.py, how a page
looks in template/.
"""

import hashlib
import math
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

import pandas as pd

from samestory.anchors import tell_place, tell_row
from samestory.errors import unknown_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 240  # code points of a cell that stand open; the rest of it folds
LONGEST = 2_000  # code points of a cell that are kept at all
MOST_ITEMS = 20  # items of a list in one cell
MOST_CSV = 2_000  # rows of a table that go with it as CSV
LONG_WORD = 24  # code points of a word that may be broken, lest it widen the table

INK, MUTED, GRID, PANEL = "#1c1f23", "#5c636b", "#dedbd4", "#ffffff"
COLOURS = ("#0072b2", "#c44a0e", "#0b8f68", "#a9579b", "#a88400", "#7b8087")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # seven to six colours: 42 pairs before one comes again

# Drawn colours that a page may set anew for its dark dress; elsewhere they stay as they are.
_THEMED = {INK: "--ink", MUTED: "--muted", GRID: "--grid", PANEL: "--card"}
_SVG = "http://www.w3.org/2000/svg"
ROW_ID = "row:"  # before the digests of a row, in the id of a text that is about it
_XLINK = "{http://www.w3.org/1999/xlink}href"
# Control characters (but tab and newline), lone surrogates and what turns the writing direction.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069"
                          "\ufffe\uffff]")
# `table` before the class outweighs JupyterLab's own rule, which aligns every cell to the right.
_STYLE = ("<style>table.ss-table.ss-table :is(th,td){text-align:left;vertical-align:top;max-width:26em;"
          "white-space:normal}"
          "table.ss-table.ss-table .ss-n{text-align:right;font-variant-numeric:tabular-nums}"
          ".ss-table td.ss-n,.ss-table .ss-t{white-space:nowrap}.ss-table .ss-w{min-width:16em}"
          ".ss-table .ss-l{overflow-wrap:anywhere;min-width:10em}"
          ".ss-table caption{text-align:left;font-weight:600}</style>")
_MARK_STYLE = "<style>.ss-mark{font-weight:700;text-decoration:underline}</style>"


class OutletStyle(NamedTuple):
    """How an outlet looks in every figure: its colour, its marker and its place in the order."""

    colour: str
    marker: str
    position: int


def outlet_style(outlets: Iterable[str]) -> dict[str, OutletStyle]:
    """One colour, marker and position an outlet, in alphabetical order.

    Each colour has a contrast of 3 and more on the white and on the dark card; no two of the first
    42 outlets share both colour and marker.

    >>> outlet_style(["CNN", "CGTN"])["CNN"]
    OutletStyle(colour='#c44a0e', marker='s', position=1)
    """
    return {outlet: OutletStyle(COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)], i)
            for i, outlet in enumerate(sorted(set(outlets)))}


def clean_text(value: object) -> str:
    """`value` as text that can be shown: unprintable and direction-turning characters become �.

    >>> clean_text("a\\x00b")
    'a�b'
    """
    return _UNPRINTABLE.sub("�", str(value))


@dataclass(frozen=True)
class Shown:
    """Something to show, as HTML and as plain text, and a table also as CSV."""

    html: str
    text: str
    csv: str = ""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text} | ({"text/csv": self.csv} if self.csv else {})


@dataclass(frozen=True)
class ShownFigure:
    """A figure and the table behind it: two outputs, so that JupyterLab and reports show both."""

    svg: str
    alt: str
    caption: str
    table: Shown | None

    def _ipython_display_(self) -> None:
        from IPython.display import display

        data = {"image/svg+xml": self.svg, "text/plain": f"Figure: {self.caption}\n{self.alt}"}
        described = {"alt": self.alt, "caption": self.caption}
        display(data, metadata={"image/svg+xml": described}, raw=True)
        if self.table is not None:
            display(self.table)


def show_text(sentence: str) -> Shown:
    """A sentence made from a table, as a paragraph.

    >>> show_text("5 < 7").html
    '<p class="ss-say">5 &lt; 7</p>'
    """
    return Shown(f'<p class="ss-say">{escape(clean_text(sentence))}</p>', clean_text(sentence))


def show_table(frame: pd.DataFrame, *, caption: str, note: str = "", max_rows: int = 30, by: Sequence[str] = (),
               at: str = "") -> Shown:
    """A table with caption, named headers and right-aligned numbers.

    In a report a cell of the column `article_id` leads to the article.

    Parameters
    ----------
    frame : the rows, in the order in which they are shown; a named index becomes the first column
    caption : what one row is and in which unit the numbers are
    note : a sentence below the table
    max_rows : rows shown; how many more there are is said
    by : columns that say what a row rests on; in a report its cell in the first of them leads to the sentences that
        `show_evidence` shows for these values
    at : the column whose cells lead to their place in the article, by the columns `article_id` and `start`, which
        are not shown then

    Raises
    ------
    UnknownName
        If the table has no such column.
    """
    return _show_rows(frame, caption=caption, note=note, max_rows=max_rows, kicker="", by=by, at=at)


def show_figure(ax_or_fig: "Axes | Figure", *, alt: str, caption: str,
                table: pd.DataFrame | None, max_rows: int = 30, by: Sequence[str] = ()) -> ShownFigure:
    """A figure with its alt text, and the table it was drawn from.

    Parameters
    ----------
    ax_or_fig : what a `plot_*` function returned; it is closed, so nothing shows it a second time
    alt : what a person who cannot see the figure should know, made from the table's numbers
    caption : what is drawn, with unit and n
    table : the rows behind the figure; None only if they stand in a table on the same page
    max_rows, by : as in `show_table`
    """
    figure = ax_or_fig.get_figure() if hasattr(ax_or_fig, "get_figure") else ax_or_fig
    alt, caption = clean_text(alt), clean_text(caption)
    svg = _describe_svg(_draw_svg(figure), alt=alt, caption=caption)
    behind = None if table is None else _show_rows(
        table, caption=caption, note="", max_rows=max_rows, kicker="Numbers behind the figure", by=by)
    return ShownFigure(svg, alt, caption, behind)


def show_sentences(frame: pd.DataFrame, *, caption: str, max_rows: int = 20) -> Shown:
    """Sentences as evidence, each with its outlet and article and with the marked words.

    Parameters
    ----------
    frame : one row a sentence: `text`, `outlet`, `article_id`, `marks` (a list of {start, end}),
        and, where there is one, `headline`; with a column `start` (the sentence's offset) the marks
        are offsets into the article, without it into `text`; in a report it leads to its place there
    caption : what is marked in them
    """
    rows = frame.head(max_rows).to_dict("records")
    items = "\n".join(_sentence_html(row) for row in rows) or "<li>none</li>"
    more = _more(len(frame), max_rows, "sentence")
    html = (f'{_MARK_STYLE}<section class="ss-evidence"><p class="ss-caption">{escape(clean_text(caption))}</p>\n'
            f"<ul>\n{items}\n</ul>{_note_html('', more)}</section>")
    lines = [f"{_source(row)}: {_clip(row['text'])}" for row in rows]
    return Shown(html, "\n".join([clean_text(caption), *lines, *([more] if more else [])]))


# --- tables ---------------------------------------------------------------------------------


def _show_rows(frame: pd.DataFrame, *, caption: str, note: str, max_rows: int, kicker: str, by: Sequence[str] = (),
               at: str = "") -> Shown:
    """The table as HTML and text; `kicker` stands before the caption of a table behind a figure."""
    from samestory.export import format_csv
    total, frame = len(frame), _open_index(frame.head(max(max_rows, MOST_CSV)))
    csv, frame = format_csv(frame, most_rows=MOST_CSV), frame.head(max_rows)
    anchors = _find_anchors(frame, by, at)
    frame = frame.drop(columns=["article_id", "start"]) if at else frame
    anchors = {list(frame.columns).index(name): dict(enumerate(found)) for name, found in anchors.items()}
    frame = _name_columns(frame)
    columns = [_format_column(frame.iloc[:, i]) for i in range(frame.shape[1])]
    kinds = [_find_kind(frame.iloc[:, i]) for i in range(frame.shape[1])]
    heads = [kind or _find_room(values) for kind, values in zip(kinds, columns, strict=True)]
    more = _more(total, max_rows, "row")
    label = clean_text(f"{kicker}: {caption}" if kicker else caption)
    html = "\n".join([
        f'{_STYLE}<div class="ss-scroll" role="region" tabindex="0" aria-label="{escape(label)}">',
        f'<table class="ss-table{" ss-behind" if kicker else ""}">{_caption_html(caption, kicker)}',
        _head_html(list(frame.columns), heads),
        _body_html(columns, kinds, anchors),
        f"</table></div>{_note_html(note, more)}"])
    lines = [label, " | ".join(frame.columns)]
    lines += [" | ".join(map(_clip, row)) for row in zip(*columns, strict=True)]
    return Shown(html, "\n".join([*lines, *(part for part in (clean_text(note), more) if part)]), csv if total else "")


def _open_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a named index as first columns; an unnamed one is left out."""
    if any(name is not None for name in frame.index.names):
        names = [name if name is not None else f"level {i + 1}" for i, name in enumerate(frame.index.names)]
        return frame.reset_index(names=names, allow_duplicates=True)
    return frame.reset_index(drop=True)


def _find_anchors(frame: pd.DataFrame, by: Sequence[str], at: str) -> dict[str, list[str]]:
    """The columns whose cells lead somewhere in a report, each with its cells' attributes."""
    for name in [*by, *([at, "article_id", "start"] if at else [])]:
        if name not in frame:
            raise unknown_name("column", name, map(str, frame.columns))
    anchors = {}
    if "article_id" in frame:
        starts = frame["start"] if at else [None] * len(frame)
        anchors[at or "article_id"] = [tell_place(*place) for place in zip(frame["article_id"], starts, strict=True)]
    if by:
        anchors[by[0]] = [tell_row(row) for row in frame[list(by)].to_dict("records")]
    return anchors


def _name_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with headers for people: no underscores, none blank."""
    def name_one(place: int, label: object) -> str:
        parts = label if isinstance(label, tuple) else (label,)
        name = " / ".join(clean_text(part).replace("_", " ").strip() for part in parts if part != "")
        return name or f"column {place + 1}"

    return frame.set_axis([name_one(i, label) for i, label in enumerate(frame.columns)], axis=1)


def _find_kind(column: pd.Series) -> str:
    """The class of the column's cells: n for numbers, t for times, none for text."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return "ss-n"
    return "ss-t" if pd.api.types.is_datetime64_any_dtype(column) else ""


def _format_column(column: pd.Series) -> list[str]:
    """The column's values as text, not yet escaped."""
    if _find_kind(column) == "ss-t" and (column.dropna() == column.dropna().dt.normalize()).all():
        return ["missing" if pd.isna(value) else f"{value:%Y-%m-%d}" for value in column]  # days without times
    if _find_kind(column) != "ss-n":
        return [_say(value) for value in column]
    present = [float(value) for value in column if not pd.isna(value) and math.isfinite(value)]
    decimals = next((n for n in (0, 1) if all(value == round(value, n) for value in present)), 2)
    return [_say_number(value, decimals) for value in column]


def _say(value: object) -> str:
    """A value in words and figures: lists joined, times in full, what is missing called missing."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_say(item)}" for key, item in list(value.items())[:MOST_ITEMS])
    if isinstance(value, list | tuple | set | frozenset) or hasattr(value, "tolist"):
        return _say_items(value)
    if value is None or pd.isna(value):
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d %H:%M %Z").strip()
    if isinstance(value, int | float):
        return _say_number(value, 0 if float(value).is_integer() else 2)
    return clean_text(value)


def _say_items(values: Any) -> str:
    if hasattr(values, "tolist"):
        values = values.tolist()
        if not isinstance(values, list):
            return _say(values)
    items = sorted(values, key=str) if isinstance(values, set | frozenset) else list(values)
    rest = [f"and {len(items) - MOST_ITEMS} more"] if len(items) > MOST_ITEMS else []
    return "; ".join([*(_say(item) for item in items[:MOST_ITEMS]), *rest]) or "none"


def _say_number(value: Any, decimals: int) -> str:
    """A number with separators and a true minus; two figures if it is too small for the decimals.

    >>> _say_number(-1234.5, 2), _say_number(0.00012, 2)
    ('−1,234.50', '0.00012')
    """
    if pd.isna(value):
        return "missing"
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞"
    small = value != 0 and abs(value) < 0.005
    said = f"{value:.2g}" if small else f"{value:,.{decimals}f}"
    return said.replace("-", "−") if not re.fullmatch(r"-[0.]+", said) else said[1:]


def _caption_html(caption: str, kicker: str) -> str:
    text = escape(clean_text(caption))
    if not kicker:
        return f"<caption>{text}</caption>"
    return f'<caption>{kicker}<span class="ss-again">: {text}</span></caption>'


def _head_html(names: list[str], kinds: list[str]) -> str:
    cells = [f'<th scope="col"{_class(kind)}>{escape(name)}</th>'
             for name, kind in zip(names, kinds, strict=True)]
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _body_html(columns: list[list[str]], kinds: list[str], anchors: Mapping[int, Mapping[int, str]]) -> str:
    """The rows; the first column heads its row unless it is a number. `anchors`: attributes by column and row."""
    if not columns or not columns[0]:
        return f'<tbody><tr><td colspan="{max(len(columns), 1)}">none</td></tr></tbody>'
    rows = []
    for row, values in enumerate(zip(*columns, strict=True)):
        cells = [_cell_html(value, kind, heads=i == 0 and kind != "ss-n", anchor=anchors.get(i, {}).get(row, ""))
                 for i, (value, kind) in enumerate(zip(values, kinds, strict=True))]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return "<tbody>\n" + "\n".join(rows) + "\n</tbody>"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _cell_html(value: str, kind: str, *, heads: bool, anchor: str = "") -> str:
    tag, scope = ("th", ' scope="row"') if heads else ("td", "")
    absent = "missing" if value == "missing" else "empty" if heads and not value.strip() else ""
    content = f'<span class="ss-missing">{absent}</span>' if absent else _fold_html(value)
    return f"<{tag}{scope}{_class(kind or _find_width(value))}{anchor}>{content}</{tag}>"


def _find_room(values: Sequence[str]) -> str:
    """The class of the head of a text column: m where its cells are phrases, which a phone must not break at each word.

    >>> _find_room(["a line that is a date or a time"]), _find_room(["body"])
    ('ss-m', '')
    """
    return "ss-m" if any(len(text) > 16 and " " in text for text in values) else ""


def _find_width(text: str) -> str:
    """The class of a text cell: l where a word must break, w where much is to be read, t where little."""
    if max(map(len, text.split()), default=0) > LONG_WORD:
        return "ss-l"
    if len(text) > 70:
        return "ss-w"
    return "ss-t" if " " in text and len(text) <= 16 else ""


def _fold_html(text: str) -> str:
    """The text, escaped; a long one begins in sight and unfolds without a script."""
    if len(text) <= SHOWN:
        return escape(text)
    cut = len(text) - LONGEST
    rest = f" … {cut:,} more characters" if cut > 0 else ""
    return (f"<details><summary>{escape(text[:SHOWN // 2])} …</summary>"
            f"{escape(text[SHOWN // 2:LONGEST])}{rest}</details>")


def _more(total: int, shown: int, unit: str) -> str:
    rest = total - shown
    return f"{rest:,} more {unit}{'s' if rest > 1 else ''} not shown here." if rest > 0 else ""


def _note_html(note: str, more: str) -> str:
    said = " ".join(part for part in (clean_text(note).strip(), more) if part)
    return f'\n<p class="ss-note">{escape(said)}</p>' if said else ""


# --- sentences ------------------------------------------------------------------------------


def _source(row: Mapping[str, Any]) -> str:
    headline = row.get("headline")
    named = f", “{_clip(headline)}”" if isinstance(headline, str) and headline else ""
    return f"{_clip(row['outlet'])}{named} ({_clip(row['article_id'])})"


def _clip(text: object) -> str:
    said = clean_text(text)
    return said if len(said) <= SHOWN else said[:SHOWN] + " …"


def _sentence_html(row: Mapping[str, Any]) -> str:
    text, offset = str(row["text"]), int(row.get("start") or 0)
    place = tell_place(row["article_id"], offset if "start" in row else None)
    pieces, at = [], 0
    for start, end in _valid_marks(row["marks"], offset, min(len(text), LONGEST)):
        pieces.append(escape(clean_text(text[at:start])))
        pieces.append(f'<mark class="ss-mark">{escape(clean_text(text[start:end]))}</mark>')
        at = end
    tail = escape(clean_text(text[at:LONGEST])) + (" …" if len(text) > LONGEST else "")
    return (f'<li><blockquote dir="auto">{"".join(pieces)}{tail}</blockquote>\n'
            f'<p class="ss-source"{place}>{escape(_source(row))}</p></li>')


def _valid_marks(marks: Iterable[Mapping[str, int]] | None, offset: int,
                 length: int) -> Iterator[tuple[int, int]]:
    """The marked spans within the sentence, in order, none overlapping another."""
    at = 0
    for start, end in sorted((mark["start"] - offset, mark["end"] - offset)
                             for mark in (() if marks is None else marks)):
        start, end = max(start, at), min(end, length)
        if start < end:
            yield start, end
            at = end


# --- figures --------------------------------------------------------------------------------


def _draw_svg(figure: "Figure") -> ElementTree.Element:
    """The figure as SVG of text and few ids, the same bytes each time; the figure is closed."""
    import matplotlib

    buffer = BytesIO()
    settings = {"svg.hashsalt": "samestory", "svg.fonttype": "none", "text.parse_math": False}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        # The browser has the font for a script that matplotlib's own font has not.
        warnings.filterwarnings("ignore", message="Glyph|Matplotlib currently does not support")
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
    ElementTree.register_namespace("", _SVG)
    return ElementTree.fromstring(buffer.getvalue())


def _describe_svg(root: ElementTree.Element, *, alt: str, caption: str) -> str:
    """The SVG with title and description, themed colours and ids of its own."""
    _mark_rows(root)
    _name_ids(root, "")  # matplotlib's own ids differ from run to run, so the digest comes after
    digest = hashlib.sha256(ElementTree.tostring(root) + f"{caption}\0{alt}".encode()).hexdigest()[:10]
    _name_ids(root, digest)
    _strip_groups(root)
    for element in root.iter():
        element.text, element.tail = (element.text or "").strip(" \n"), "\n"
        thin = {key: _THIN.get(key, _round_numbers)(value) for key, value in element.attrib.items()}
        element.attrib = {key: value for key, value in thin.items() if value}
    _join_paths(root)
    root.attrib = {"viewBox": root.get("viewBox", ""), "width": root.get("width", ""), "role": "img", "class": "ss-svg",
                   "aria-labelledby": f"t{digest} d{digest}", "style": _ROOT_STYLE}
    for place, (tag, text) in enumerate((("title", caption), ("desc", alt))):
        described = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{tag[0]}{digest}"})
        described.text, described.tail = text, "\n"
        root.insert(place, described)
    return ElementTree.tostring(root, encoding="unicode").strip()


def _mark_rows(root: ElementTree.Element) -> None:
    """Give each text that is about a row of the table the attribute that names the row, as its cells have it."""
    for group in root.iter():
        if group.get("id", "").startswith(ROW_ID):
            for text in group.iter(f"{{{_SVG}}}text"):
                text.set("data-row", group.attrib["id"].removeprefix(ROW_ID))


def _name_ids(root: ElementTree.Element, digest: str) -> None:
    """Leave only ids that are referred to, each with the figure's digest, so that pages can hold many."""
    found = re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", ElementTree.tostring(root, encoding="unicode"))
    names = {name: f"{digest}-{place}" for place, name in enumerate(dict.fromkeys(found), start=1)}
    for element in root.iter():
        name = element.attrib.pop("id", None)
        if name in names:
            element.set("id", names[name])
        if target := element.attrib.pop(_XLINK, "") or element.get("href", ""):
            element.set("href", f"#{names[target.removeprefix('#')]}")
        for key, value in element.attrib.items():
            if "url(#" in value:
                element.set(key, re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{names[m[1]]})", value))


def _strip_groups(parent: ElementTree.Element) -> None:
    """Put the children of groups that say nothing in the groups' place; drop the style sheet for all."""
    children: list[ElementTree.Element] = []
    for child in parent:
        _strip_groups(child)
        tag = child.tag.removeprefix(f"{{{_SVG}}}")
        if tag == "g" and not child.attrib:
            children.extend(child)
        elif tag != "style" and not (tag == "defs" and not len(child)):
            children.append(child)
    parent[:] = children


def _join_paths(root: ElementTree.Element) -> None:
    """Make one path of lines that follow each other and look alike, such as those of a grid."""
    kept: list[ElementTree.Element] = []
    for element in root:
        if kept and _look_alike(kept[-1], element):
            kept[-1].set("d", kept[-1].get("d", "") + element.get("d", ""))
        else:
            kept.append(element)
    root[:] = kept


def _look_alike(*paths: ElementTree.Element) -> bool:
    """Whether they are lines of one look; of what is filled or lets through what is below, one may cover another."""
    one, other = (path.attrib | {"tag": path.tag, "d": ""} for path in paths)
    style = one.get("style", "")
    return one == other and one["tag"] == f"{{{_SVG}}}path" and "fill:none" in style and "opacity" not in style


def _theme_style(style: str) -> str:
    """The style with page variables for the neutral colours; what the whole drawing says is left out."""
    style = re.sub(r"font: (?:(\d+) )?([\d.]+px) [^;]+",
                   lambda m: f"font-size: {m[2]}" + (f"; font-weight: {m[1]}" if m[1] else ""), style)
    rules = [rule.strip().replace(": ", ":") for rule in style.split(";")]
    kept = ";".join(rule for rule in rules if rule not in _INHERITED and not rule.startswith("font-family"))
    for colour, variable in _THEMED.items():
        kept = kept.replace(colour, f"var({variable},{colour})")
    return kept


def _thin_path(path: str) -> str:
    return re.sub(r" ?([A-Za-z]) ?", r"\1", _round_numbers(path))


def _round_numbers(value: str) -> str:
    """Coordinates to a hundredth of a point: smaller pages, and no noise of the machine's arithmetic."""
    value = re.sub(r"-?\d+\.\d+", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), value)
    return re.sub(r" +", " ", value).strip()


def _drop_no_turn(transform: str) -> str:
    return _round_numbers(re.sub(r"rotate\(-?0 [^)]*\)", "", transform))


_THIN = {"style": _theme_style, "transform": _drop_no_turn, "d": _thin_path}
_ROOT_STYLE = (f"font-family:var(--sans,sans-serif);font-size:10px;fill:var(--ink,{INK});"
               "stroke-linejoin:round;stroke-linecap:butt")
_INHERITED = {f"fill:{INK}", "font-size:10px", "stroke-linejoin:round", "stroke-linecap:butt",
              "text-anchor:start"}
