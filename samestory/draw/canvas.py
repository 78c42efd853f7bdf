"""The canvas: the look that all figures share, their rows, axes, marks and keys.

A row is an outlet, or a thing with its outlets; an outlet keeps its colour, marker and position. Figures are made
without pyplot, so that no notebook shows one twice. The other modules of this room decide which question a figure
answers; `samestory.show.figure` puts its SVG on a page.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from samestory.draw.labels import LETTER_WIDTH_POINTS, clip_label, measure_text, wrap_lines, wrap_text
from samestory.show.anchors import ROW_ID_PREFIX, digest_row
from samestory.show.figure import EMPTY_FIGURE_ID, isolate_settings
from samestory.show.outlet_style import GRID_COLOUR, INK_COLOUR, MUTED_COLOUR, OUTLET_COLOURS, PANEL_COLOUR, OutletStyle

# On a phone 400 pixels wide, a point is 1.1 pixels, so the smallest type stays readable.
FIGURE_WIDTH_POINTS = 344.0
ROW_HEIGHT_POINTS = 20.0  # points from one row to the next
LABEL_LINE_POINTS = 11.0  # points from a row's label to the text below it
SMALL_TYPE_POINTS = 9.0  # points of the smallest type
MIN_FIGURE_COLUMN_POINTS, MAX_FIGURE_COLUMN_POINTS = 26.0, 58.0  # width of a column of numbers
OTHER_OUTLETS_STYLE = OutletStyle("#7a828a", "D", -1)  # a group of outlets has no colour of its own
MAX_OUTLET_ROWS = 24  # outlets that get their own row
MAX_SEPARATE_DOTS = 24  # values of an outlet drawn individually
HEAT_MAP_SHADES = 8

OutletStyles = Mapping[str, OutletStyle]
FigureKey = list[list[tuple[float, str, str]]]  # lines of: points from the left, outlet, label

_MATPLOTLIB_SETTINGS: dict[str, Any] = {
    "text.parse_math": False, "font.family": "DejaVu Sans", "font.size": 10, "text.color": INK_COLOUR,
    "axes.labelcolor": MUTED_COLOUR, "axes.labelsize": 9.5, "axes.edgecolor": GRID_COLOUR, "axes.axisbelow": True,
    "axes.facecolor": "none", "figure.facecolor": PANEL_COLOUR, "savefig.facecolor": PANEL_COLOUR,
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
    "axes.spines.bottom": False, "xtick.color": MUTED_COLOUR, "ytick.color": INK_COLOUR, "xtick.labelsize": 9.5,
    "ytick.labelsize": 10, "xtick.major.size": 0.0, "ytick.major.size": 0.0, "grid.color": GRID_COLOUR,
    "grid.linewidth": 0.7, "axes.formatter.use_mathtext": False, "lines.solid_capstyle": "round",
}


def with_house_style(plot: Callable[..., Axes]) -> Callable[..., Axes]:
    """The plot in the house style, whatever the caller's settings are."""
    @wraps(plot)
    def draw(*args: Any, **options: Any) -> Axes:
        with isolate_settings(_MATPLOTLIB_SETTINGS):
            return plot(*args, **options)
    return draw


# Rows -------------------------------------------------------------------------------------------


def name_outlets(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every outlet as text; a missing one is named unknown."""
    return table.assign(outlet=table["outlet"].fillna("unknown").astype(str))


def list_largest(outlets: pd.Series) -> list[str]:
    """The outlets that get a row: all, or those with the most articles, in alphabetical order."""
    counts = outlets.value_counts()
    return sorted(sorted(counts.index, key=lambda outlet: (-counts[outlet], outlet))[:MAX_OUTLET_ROWS])


def lay_rows(ax: Axes | None, labels: Sequence[str], *, columns: Mapping[str, Sequence[str]] | None = None,
             row: float = ROW_HEIGHT_POINTS, top: float = 8.0, bottom: float = 34.0, right: float = 14.0,
             marked: bool = False, note: str = "", rows: Iterable[Mapping[str, object]] = (),
             below: Sequence[str] = ()) -> Axes:
    """Axes with a row for each label, the first on top; sizes in points.

    `columns` are numbers at the right, each column with its head and as wide as needed; `marked` leaves room for a
    marker next to the label; `note` is written below everything, in as many lines as needed; `rows` has, for each
    label, the values that identify its row of the table, which a report uses to link it to the sentences; `below` are
    smaller texts, one below each label.
    """
    columns, notes = columns or {}, split_note(note)
    left = max(max(measure_text(text) for text in (*labels, *below)) + (26 if marked else 12), 40)
    widths = [_measure_column(head, values) for head, values in columns.items()]
    heads = [_wrap_head(head, width) for head, width in zip(columns, widths, strict=True)]
    if columns:
        right, top = sum(widths) + 10 * len(widths), max(top, 8 + 12 * max(map(len, heads)))
    ax = ax or new_axes(left, right, top, bottom + 12 * len(notes), row * len(labels))
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_yticks(range(len(labels)), labels)
    for label, named in zip(ax.get_yticklabels(), rows, strict=False):
        label.set_gid(name_row(named))
    ax.tick_params(axis="y", pad=18 if marked else 8)
    for place, text in enumerate(below):
        write_figure_text(ax, 0, place, text, dx=-8, dy=-LABEL_LINE_POINTS, ha="right", color=MUTED_COLOUR,
                          fontsize=SMALL_TYPE_POINTS, xycoords=("axes fraction", "data"))
    for place, (head, values) in enumerate(zip(heads, columns.values(), strict=True), start=1):
        _write_column(ax, sum(widths[:place]) + 10 * place - 2, "\n".join(head), values)
    write_note(ax, notes, bottom)
    return ax


def name_row(values: Mapping[str, object]) -> str:
    """The id of a text about a row of the table, made from some of the row's values."""
    return f"{ROW_ID_PREFIX}{digest_row(values)}"


def _measure_column(head: str, values: Sequence[str]) -> float:
    """The width in points of the longest value or word of the head, within bounds."""
    asked = [0.93 * measure_text(text) for text in (*clip_label(head, 60).split(), *values)]
    return min(max(*asked, MIN_FIGURE_COLUMN_POINTS), MAX_FIGURE_COLUMN_POINTS)


def _wrap_head(head: str, width: float) -> list[str]:
    return wrap_text(head, math.ceil(width / 0.93 / LETTER_WIDTH_POINTS))[:3]


def _write_column(ax: Axes, dx: float, head: str, values: Sequence[str]) -> None:
    """Numbers at the right of the axes, one per row, and their head above them."""
    write_figure_text(ax, 1, 1, head, dx=dx, dy=5, ha="right", va="bottom", color=MUTED_COLOUR,
                      fontsize=SMALL_TYPE_POINTS, xycoords="axes fraction")
    for row, value in enumerate(values):
        write_figure_text(ax, 1, row, value, dx=dx, ha="right", fontsize=9.5, xycoords=("axes fraction", "data"))


def split_note(note: str) -> list[str]:
    """The lines of a note below a figure."""
    return [line for line in wrap_lines(note, int((FIGURE_WIDTH_POINTS - 16) / 0.9 / LETTER_WIDTH_POINTS)) if line][:4]


def write_note(ax: Axes, lines: Sequence[str], bottom: float) -> None:
    """A note below the axes, from the figure's left edge."""
    for place, line in enumerate(lines):
        write_figure_text(ax, 0, 0, line, dx=8 - measure_left_margin(ax), dy=-bottom - 12 * place, va="top",
                          color=MUTED_COLOUR, fontsize=SMALL_TYPE_POINTS, xycoords="axes fraction")


def measure_left_margin(ax: Axes) -> float:
    """Points from the figure's left edge to the left edge of the axes."""
    return float(ax.get_position().x0 * measure_figure_size(ax)[0])


def measure_figure_size(ax: Axes) -> tuple[float, float]:
    """Width and height in points of the figure that contains the axes."""
    width, height = _get_figure(ax).get_size_inches()
    return 72 * float(width), 72 * float(height)


def _get_figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None  # the axes we draw on belong to one
    return figure


def new_axes(left: float, right: float, top: float, bottom: float, height: float) -> Axes:
    """Axes with margins and height in points, in a new figure of the standard width."""
    tall = top + height + bottom
    figure = Figure(figsize=(FIGURE_WIDTH_POINTS / 72, tall / 72))
    return figure.add_axes((left / FIGURE_WIDTH_POINTS, bottom / tall,
                            (FIGURE_WIDTH_POINTS - left - right) / FIGURE_WIDTH_POINTS, height / tall))


def write_empty_figure(ax: Axes | None, sentence: str) -> Axes:
    """A sentence instead of a figure when there is nothing to draw."""
    lines = wrap_lines(sentence, 52)[:6]
    ax = ax or new_axes(8, 8, 6, 6, 15.0 * max(len(lines), 2))
    ax.set_axis_off()
    ax.set_gid(EMPTY_FIGURE_ID)
    ax.text(0, 0.5, "\n".join(lines), transform=ax.transAxes, ha="left", va="center", color=MUTED_COLOUR)
    return ax


# Axes -------------------------------------------------------------------------------------------


def lay_count_axis(ax: Axes, most: float, unit: str, *, room: float = 0.0) -> None:
    """An axis from zero with a few round ticks; `room` points at its end are left for labels."""
    most = max(most, 1.0)
    wide = ax.get_position().width * measure_figure_size(ax)[0]
    step = round_step(most / min(4.5, (wide - room) / (measure_number(f"{most:,.0f}") + 12)))
    ax.set_xlim(0, most * 1.03 * wide / max(wide - room, wide / 2))
    ticks = np.arange(0, most + step / 2, step)
    ticks = ticks[ticks <= most * 1.03]
    ax.set_xticks(ticks, [f"{tick:,.0f}" for tick in ticks])
    ax.grid(axis="x")
    ax.set_xlabel(unit)


def round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 ... that is not below `least`."""
    power: int = 10 ** max(math.floor(math.log10(max(least, 1.0))), 0)
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


def lay_time_axis(ax: Axes, times: pd.Series) -> None:
    """A time axis whose label gives the days that it spans."""
    first, last = number_times(pd.Series([times.min(), times.max()]))
    margin = max((last - first) * 0.04, 0.25)
    ax.set_xlim(first - margin, last + margin)
    locator = dates.AutoDateLocator(minticks=2, maxticks=5)
    locator.set_axis(ax.xaxis)
    ticks = [tick for tick in locator() if first - margin <= tick <= last + margin]
    times_of_ticks = dates.num2date(ticks)
    ax.set_xticks(ticks, [_format_time_tick(time, last - first) for time in times_of_ticks])
    ax.grid(axis="x")
    days = sorted({time.strftime("%Y-%m-%d") for time in (times.min(), times.max())})
    ax.set_xlabel(f"published, UTC ({' to '.join(days)})")


def number_times(times: pd.Series) -> np.ndarray:
    """Times as axis values: days since 1970."""
    return np.asarray(dates.date2num(times))


def _format_time_tick(time: datetime, days: float) -> str:
    """A time, as precise as a span of `days` days requires."""
    if days > 1500:
        return f"{time:%Y}"
    if days > 100:
        return f"{time:%b %Y}"
    if days > 3 or (time.hour, time.minute) == (0, 0):
        return f"{time.day} {time:%b}"
    return f"{time:%H:%M}"


# Marks ------------------------------------------------------------------------------------------


def measure_number(number: str) -> float:
    """The width of a number in points, in the smallest type."""
    return sum(SMALL_TYPE_POINTS * (0.28 if letter in ",." else 0.56) for letter in number)


def write_figure_text(ax: Axes, x: float, y: float, text: str, *, dx: float = 0, dy: float = 0, ha: str = "left",
                      va: str = "center_baseline", **options: Any) -> None:
    """Text next to a position, shifted by points; never clipped. `options` are those of `Axes.annotate`."""
    ax.annotate(text, (x, y), (dx, dy), textcoords="offset points", ha=ha, va=va,
                annotation_clip=False, **options)


def mark_values(ax: Axes, values: np.ndarray, row: int, look: OutletStyle, *, summed: bool = False) -> None:
    """A marker per value; for more than 24 values, fine strokes, or quartiles and median if `summed`."""
    if len(values) <= MAX_SEPARATE_DOTS:
        ax.plot(values, np.full(len(values), row), look.marker, color=look.colour, alpha=0.85, markeredgewidth=0,
                markersize=6.5 if len(values) <= MAX_SEPARATE_DOTS / 3 else 5.5, clip_on=False)
    elif summed:
        low, first, median, third, high = np.percentile(values, [0, 25, 50, 75, 100])
        ax.hlines(row, low, high, color=look.colour, linewidth=1.2)
        ax.hlines(row, first, third, color=look.colour, linewidth=7, capstyle="butt")
        ax.plot(median, row, look.marker, color=PANEL_COLOUR, markeredgecolor=look.colour, markersize=6.5)
    else:
        places = np.unique(np.linspace(min(values), max(values), 301).searchsorted(values))
        x = np.linspace(min(values), max(values), 301)[places]
        strokes = np.column_stack([x, x, np.full(len(x), np.nan)]).ravel()
        ax.plot(strokes, np.tile([row - 0.3, row + 0.3, np.nan], len(x)), color=look.colour, linewidth=0.9)


def draw_guides(ax: Axes, n_rows: int) -> None:
    """A fine line along each row to guide the eye."""
    for row in range(n_rows):
        ax.axhline(row, color=GRID_COLOUR, linewidth=0.7, zorder=0)


def put_marker(ax: Axes, dx: float, dy: float, look: OutletStyle, anchor: tuple[str, float, float]) -> None:
    """A marker shifted by points from an anchor: a kind (axes or rows), a fraction of the axes, a fraction or a row."""
    kind, x, y = anchor
    base = ax.transAxes if kind == "axes" else ax.get_yaxis_transform()
    shifted = base + ScaledTranslation(dx / 72, dy / 72, _get_figure(ax).dpi_scale_trans)
    ax.plot([x], [y], look.marker, color=look.colour, markersize=6, transform=shifted, clip_on=False)


def mark_label(ax: Axes, row: int, look: OutletStyle) -> None:
    """The outlet's marker, between its label and its row."""
    put_marker(ax, -10, 0, look, ("rows", 0, row))


def draw_heading(ax: Axes, place: int, outlet: str, look: OutletStyle, *, said: str = "", room: float = 0) -> None:
    """The name of an outlet above its rows, and a remark that ends `room` points right of the axes."""
    name = clip_label(outlet, 22)
    put_marker(ax, 4, -2, look, ("rows", 0, place))
    write_figure_text(ax, 0, place, name, dx=13, dy=-2, fontweight="bold", xycoords=("axes fraction", "data"))
    if said:
        write_figure_text(ax, 1, place, said, dx=room, dy=-2, ha="right", color=MUTED_COLOUR,
                          fontsize=SMALL_TYPE_POINTS, xycoords=("axes fraction", "data"))


def draw_swatch(ax: Axes, place: int, name: str, fill: str, *, alpha: float = 1.0) -> None:
    """A patch of a fill with its name, above the axes."""
    dx = 4 + 58 * place
    shifted = ax.transAxes + ScaledTranslation(dx / 72, 12 / 72, _get_figure(ax).dpi_scale_trans)
    ax.plot([0], [1], "s", color=fill, alpha=alpha, markersize=7, markeredgewidth=0, transform=shifted, clip_on=False)
    write_figure_text(ax, 0, 1, name, dx=dx + 8, dy=12, xycoords="axes fraction", fontsize=SMALL_TYPE_POINTS)


def lay_key(labels: Mapping[str, str]) -> FigureKey:
    """The lines of the key above a figure: each outlet's position in points and its label."""
    lines: FigureKey = [[]]
    at = 0.0
    for outlet, label in labels.items():
        width = 0.95 * measure_text(label) + 26
        if lines[-1] and at + width > FIGURE_WIDTH_POINTS - 12:
            lines.append([])
            at = 0.0
        lines[-1].append((at, outlet, label))
        at += width
    return lines


def draw_key(ax: Axes, lines: FigureKey, style: OutletStyles) -> None:
    """The key above a figure: markers and their outlets."""
    left = measure_left_margin(ax) - 8
    for place, line in enumerate(lines):
        for at, outlet, label in line:
            dx, dy = at - left + 4, 12 + 14 * (len(lines) - 1 - place)
            put_marker(ax, dx, dy, style[outlet], ("axes", 0, 1))
            write_figure_text(ax, 0, 1, label, dx=dx + 8, dy=dy, xycoords="axes fraction", fontsize=SMALL_TYPE_POINTS)


def shade_cells(ax: Axes, shares: np.ndarray, *, height: float = ROW_HEIGHT_POINTS) -> None:
    """A patch per cell, darker for shares nearer to 1; one path per shade keeps the file small."""
    shades = np.ceil(HEAT_MAP_SHADES * np.clip(shares, 0, 1)).astype(int)
    half = 0.5 - 0.04 * min(1, shares.shape[1] / 12)
    for shade in range(1, HEAT_MAP_SHADES + 1):
        rows, columns = np.nonzero(shades == shade)
        if len(rows):
            x = np.column_stack([columns - half, columns + half, np.full(len(rows), np.nan)]).ravel()
            ax.plot(x, np.repeat(rows.astype(float), 3), color=OUTLET_COLOURS[0], linewidth=height - 2.5,
                    solid_capstyle="butt", alpha=0.06 + 0.5 * (shade / HEAT_MAP_SHADES) ** 1.3)
    for edge in np.arange(len(shares) + 1) - 0.5:
        ax.axhline(edge, color=GRID_COLOUR, linewidth=0.5, zorder=0)
