"""Figures as SVG that contain their alt text, above the table they were drawn from.

matplotlib's SVG is made small and reproducible: ids are replaced by digests, coordinates are rounded, and groups
without attributes are dissolved. nbval compares it strictly, along with the numbers of the table. Neutral colours
become variables of the page. Figures are drawn in `samestory.draw`.
"""

import hashlib
import re
import sys
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pandas as pd

from samestory.show.anchors import ROW_ID_PREFIX
from samestory.show.outlet_style import GRID_COLOUR, INK_COLOUR, MUTED_COLOUR, PANEL_COLOUR
from samestory.show.printable import clean_text
from samestory.show.shown import Shown, show_block
from samestory.show.table import show_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_TITLE_CHARS = 160  # code points of a title; with a longer first sentence, the caption is the title
EMPTY_FIGURE_ID = "nothing-to-draw"  # id of axes that hold a sentence
SENTENCE_END_PATTERN = re.compile(r"(?<=[\w)%”])\. (?=[A-Z“\d])|\.$")
# Colours that a page may replace in its dark theme; elsewhere, they stay as drawn.
_THEME_VARIABLES = {INK_COLOUR: "--ink", MUTED_COLOUR: "--muted", GRID_COLOUR: "--grid", PANEL_COLOUR: "--card"}
_SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_SVG_ROOT_STYLE = (f"font-family:var(--sans,sans-serif);font-size:10px;fill:var(--ink,{INK_COLOUR});"
                   "stroke-linejoin:round;stroke-linecap:butt")
_INHERITED_SVG_RULES = {f"fill:{INK_COLOUR}", "font-size:10px", "stroke-linejoin:round", "stroke-linecap:butt",
                        "text-anchor:start"}


@dataclass(frozen=True)
class ShownFigure:
    """A figure and its table: two outputs, so that JupyterLab and reports show both."""

    svg: str
    alt: str
    title: str
    caption: str
    table: Shown | None

    def _ipython_display_(self) -> None:
        from IPython.display import display

        said = "\n".join(filter(None, (f"Figure: {self.title}", self.caption, self.alt)))
        data, described = {"image/svg+xml": self.svg, "text/plain": said}, self.describe()
        display(data, metadata={"image/svg+xml": described}, raw=True)
        if self.table is not None:
            display(self.table)

    def describe(self) -> dict[str, str]:
        """The words that accompany the drawing: title, caption and alt text."""
        return {"alt": self.alt, "title": self.title, "caption": self.caption}


def show_figure(ax_or_fig: "Axes | Figure", *, alt: str, caption: str, title: str = "",
                table: pd.DataFrame | None, max_rows: int = 30, by: Sequence[str] = ()) -> "ShownFigure | Shown":
    """A figure with its alt text, and the table it was drawn from; a sentence where there was nothing to draw.

    Parameters
    ----------
    ax_or_fig : the result of a `plot_*` function; it is closed so that it is not shown twice
    alt : the figure's message for people who cannot see it, made from the table's numbers
    caption : what is drawn, with unit and n
    title : what the figure shows; without it, the first sentence of the alt text
    table : the rows that the figure shows; None only if another table on the page has them
    max_rows, by : as in `show_table`
    """
    from matplotlib.figure import Figure

    figure = ax_or_fig if isinstance(ax_or_fig, Figure) else ax_or_fig.get_figure(root=True)
    assert figure is not None  # axes from a `plot_*` function belong to one
    alt, caption = clean_text(alt), clean_text(caption)
    if any(axes.get_gid() == EMPTY_FIGURE_ID for axes in figure.axes):
        return show_block({"kind": "nothing", "text": alt}, alt)
    svg = _describe_svg(_draw_svg(figure), alt=alt, caption=caption)
    behind = None if table is None else show_table(table, caption=caption, max_rows=max_rows, by=by)
    if behind:
        behind.block["behind"] = True
    title = clean_text(title) or SENTENCE_END_PATTERN.split(alt, maxsplit=1)[0]
    return ShownFigure(svg, alt, title if len(title) <= MAX_TITLE_CHARS else caption, caption, behind)


def isolate_settings(settings: dict[str, Any]) -> AbstractContextManager[None]:
    """Matplotlib with its own settings and these; a matplotlibrc among the articles could have LaTeX run on them."""
    import matplotlib
    own = {key: value for key, value in matplotlib.rcParamsDefault.items() if key != "backend"}
    return matplotlib.rc_context(own | settings)  # type: ignore[arg-type]  # the literal type of keys is not exported


def _draw_svg(figure: "Figure") -> ElementTree.Element:
    """The figure as SVG that keeps text as text, reproducible apart from ids; the figure is closed."""
    buffer = BytesIO()
    with isolate_settings({"svg.hashsalt": "samestory", "svg.fonttype": "none", "text.parse_math": False}), \
            warnings.catch_warnings():
        # The browser has fonts for scripts missing from matplotlib's own font.
        warnings.filterwarnings("ignore", message="Glyph|Matplotlib currently does not support")
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
    ElementTree.register_namespace("", _SVG_NAMESPACE)
    return ElementTree.fromstring(buffer.getvalue())


def _describe_svg(root: ElementTree.Element, *, alt: str, caption: str) -> str:
    """The SVG with a title and a description, themed colours and unique ids."""
    _mark_rows(root)
    _name_ids(root, "")  # matplotlib's own ids differ from run to run, so the digest comes after
    digest = hashlib.sha256(ElementTree.tostring(root) + f"{caption}\0{alt}".encode()).hexdigest()[:10]
    _name_ids(root, digest)
    _strip_groups(root)
    for element in root.iter():
        element.text, element.tail = (element.text or "").strip(" \n"), "\n"
        thin = {key: _SVG_ATTRIBUTE_CLEANERS.get(key, _round_numbers)(value) for key, value in element.attrib.items()}
        element.attrib = {key: value for key, value in thin.items() if value}
    _join_paths(root)
    root.attrib = {"viewBox": root.get("viewBox", ""), "width": root.get("width", ""), "role": "img", "class": "ss-svg",
                   "aria-labelledby": f"t{digest} d{digest}", "style": _SVG_ROOT_STYLE}
    for place, (tag, text) in enumerate((("title", caption), ("desc", alt))):
        described = ElementTree.Element(f"{{{_SVG_NAMESPACE}}}{tag}", {"id": f"{tag[0]}{digest}"})
        described.text, described.tail = text, "\n"
        root.insert(place, described)
    return ElementTree.tostring(root, encoding="unicode").strip()


def _mark_rows(root: ElementTree.Element) -> None:
    """Give each text about a row of the table the attribute that names the row, as in the row's cell."""
    for group in root.iter():
        if group.get("id", "").startswith(ROW_ID_PREFIX):
            for text in group.iter(f"{{{_SVG_NAMESPACE}}}text"):
                text.set("data-row", group.attrib["id"].removeprefix(ROW_ID_PREFIX))


def _name_ids(root: ElementTree.Element, digest: str) -> None:
    """Keep only referenced ids, each with the figure's digest, so that a page can hold many figures."""
    found = re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", ElementTree.tostring(root, encoding="unicode"))
    names = {name: f"{digest}-{place}" for place, name in enumerate(dict.fromkeys(found), start=1)}
    for element in root.iter():
        name = element.attrib.pop("id", None)
        if name in names:
            element.set("id", names[name])
        if target := element.attrib.pop(_XLINK_HREF, "") or element.get("href", ""):
            element.set("href", f"#{names[target.removeprefix('#')]}")
        for key, value in element.attrib.items():
            if "url(#" in value:
                element.set(key, re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{names[m[1]]})", value))


def _strip_groups(parent: ElementTree.Element) -> None:
    """Replace groups without attributes with their children; drop the style sheet."""
    children: list[ElementTree.Element] = []
    for child in parent:
        _strip_groups(child)
        tag = child.tag.removeprefix(f"{{{_SVG_NAMESPACE}}}")
        if tag == "g" and not child.attrib:
            children.extend(child)
        elif tag != "style" and not (tag == "defs" and not len(child)):
            children.append(child)
    parent[:] = children


def _join_paths(root: ElementTree.Element) -> None:
    """Join consecutive lines that look the same, such as those of a grid, into one path."""
    kept: list[ElementTree.Element] = []
    for element in root:
        if kept and _have_same_look(kept[-1], element):
            kept[-1].set("d", kept[-1].get("d", "") + element.get("d", ""))
        else:
            kept.append(element)
    root[:] = kept


def _have_same_look(*paths: ElementTree.Element) -> bool:
    """Whether both are lines that look the same; filled or translucent paths differ, since one may cover the other."""
    one, other = (path.attrib | {"tag": path.tag, "d": ""} for path in paths)
    style = one.get("style", "")
    is_path = one["tag"] == f"{{{_SVG_NAMESPACE}}}path"
    return one == other and is_path and "fill:none" in style and "opacity" not in style


def _theme_style(style: str) -> str:
    """The style with page variables for the neutral colours; rules that apply to the whole drawing are left out."""
    style = re.sub(r"font: (?:(\d+) )?([\d.]+px) [^;]+",
                   lambda m: f"font-size: {m[2]}" + (f"; font-weight: {m[1]}" if m[1] else ""), style)
    rules = [rule.strip().replace(": ", ":") for rule in style.split(";")]
    kept = ";".join(rule for rule in rules if rule not in _INHERITED_SVG_RULES and not rule.startswith("font-family"))
    for colour, variable in _THEME_VARIABLES.items():
        kept = kept.replace(colour, f"var({variable},{colour})")
    return kept


def _thin_path(path: str) -> str:
    return re.sub(r" ?([A-Za-z]) ?", r"\1", _round_numbers(path))


def _round_numbers(value: str) -> str:
    """Coordinates to a hundredth of a point: smaller pages, without floating-point noise."""
    value = re.sub(r"-?\d+\.\d+", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), value)
    return re.sub(r" +", " ", value).strip()


def _drop_zero_rotation(transform: str) -> str:
    return _round_numbers(re.sub(r"rotate\(-?0 [^)]*\)", "", transform))


_SVG_ATTRIBUTE_CLEANERS = {"style": _theme_style, "transform": _drop_zero_rotation, "d": _thin_path}
