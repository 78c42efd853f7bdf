"""Outputs of notebooks are escaped, bounded, accessible and reproducible."""

import re
import warnings
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.report.templates import TEMPLATE_FOLDER
from samestory.show.figure import show_figure
from samestory.show.outlet_style import OUTLET_COLOURS, PANEL_COLOUR, outlet_style
from samestory.show.printable import clean_text
from samestory.show.sentences import show_sentences
from samestory.show.shown import MAX_TABLE_CELL_CHARS, show_text
from samestory.show.table import show_table

HOSTILE = '<script>alert("1")</script> & $x_1$ \x00\u202e'


def _cells(html: str) -> list[str]:
    return [re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", html, re.DOTALL)]


def _luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    dark, light = sorted([_luminance(one), _luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def _read_themes() -> list[dict[str, str]]:
    """The colour variables of the style sheet: light, then dark."""
    sheet = (TEMPLATE_FOLDER / "style.css").read_text(encoding="utf-8")
    found = [
        dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    ]
    return found[:2]


def test_table_has_caption_and_scoped_named_headers():
    html = show_table(pd.DataFrame({"outlet": ["CNN"], "n_words": [3]}), caption="Words").html
    assert "<caption>Words</caption>" in html
    heads = re.findall('scope="([^"]*)"[^>]*>(?:<abbr title="([^"]*)">)?([^<]*)', html)
    assert [(scope, name) for scope, _, name in heads] == [("col", "outlet"), ("col", "words"), ("row", "CNN")]
    assert "body" in heads[1][1]
    assert html.count('class="ss-n"') == 2
    assert all(found in html for found in ('role="region"', 'tabindex="0"', 'aria-label="Words"'))


def test_named_index_becomes_a_column_and_no_header_is_blank():
    frame = pd.DataFrame({"": [1]}, index=pd.Index(["a"], name="term"))
    assert _cells(show_table(frame, caption="c").html) == ["word", "column 2", "a", "1"]


def test_unnamed_index_is_left_out():
    frame = pd.DataFrame({"a": ["x", "y"]}).iloc[::-1]
    assert _cells(show_table(frame, caption="c").html) == ["a", "y", "x"]


@pytest.mark.parametrize(
    "value, shown",
    [
        (None, "missing"),
        (float("nan"), "missing"),
        (pd.NA, "missing"),
        (pd.NaT, "missing"),
        (["a", "b"], "a; b"),
        ([], "none"),
        (np.array(["a"], dtype=object), "a"),
        ({"start": 1, "end": 2}, "start: 1, end: 2"),
        (True, "yes"),
        (False, "no"),
        (pd.Timestamp("2021-03-17 12:00", tz="UTC"), "2021-03-17 12:00 UTC"),
        (1234.5, "1,234.50"),
        (-2, "−2"),
        ({"b", "a"}, "a; b"),
        (list(range(25)), "; ".join(map(str, range(20))) + "; and 5 more"),
    ],
)
def test_odd_values_are_put_into_words(value, shown):
    frame = pd.DataFrame({"a": pd.Series([value, "x"], dtype=object)})
    assert _cells(show_table(frame, caption="c").html)[1] == shown


@pytest.mark.parametrize(
    "values, shown",
    [
        ([1, None], ["1", "missing"]),
        ([0.5, 10], ["0.5", "10.0"]),
        ([0.25, 10], ["0.25", "10.00"]),
        ([0.001234, 1.5], ["0.0012", "1.50"]),
        ([-0.0, 1], ["0", "1"]),
        ([float("inf"), 1], ["no limit", "1"]),
        ([1_000_000, 2], ["1,000,000", "2"]),
    ],
)
def test_numbers_of_a_column_are_written_alike(values, shown):
    assert _cells(show_table(pd.DataFrame({"n": values}), caption="c").html)[1:] == shown


def test_days_without_times_are_days():
    days = pd.Series(pd.to_datetime(["2021-03-17", None], utc=True))
    assert _cells(show_table(pd.DataFrame({"at": days}), caption="c").html) == ["at", "2021-03-17", "missing"]
    times = pd.Series(pd.to_datetime(["2021-03-17 00:00", "2021-03-17 12:00"], utc=True))
    assert _cells(show_table(pd.DataFrame({"at": times}), caption="c").html)[1] == "2021-03-17 00:00 UTC"


def test_everything_in_a_table_is_escaped():
    html = show_table(pd.DataFrame({HOSTILE: [HOSTILE]}), caption=HOSTILE, note=HOSTILE).html
    assert "<script" not in html and 'alert("' not in html
    assert "\x00" not in html and "\u202e" not in html


def test_rows_that_are_cut_are_counted():
    shown = show_table(pd.DataFrame({"a": range(10)}), caption="c", max_rows=4)
    assert "6 more rows" in shown.html and "6 more rows" in shown.text
    assert len(_cells(shown.html)) == 1 + 4


def test_table_without_rows_says_so():
    assert _cells(show_table(pd.DataFrame({"a": [], "b": []}), caption="c").html) == ["a", "b", "none"]


def test_long_cell_folds_and_is_bounded():
    shown = show_table(pd.DataFrame({"a": ["x" * 1_000_000]}), caption="c")
    assert "<summary>" in shown.html and "998,000 more characters" in shown.html
    assert len(shown.html) < MAX_TABLE_CELL_CHARS + 2_000 and len(shown.text) < 1_000


def test_blank_head_of_a_row_says_that_it_is_empty():
    assert _cells(show_table(pd.DataFrame({"form": [" "], "n": [1]}), caption="c").html)[2:] == ["empty", "1"]


def test_two_columns_of_one_name_are_both_shown():
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    assert _cells(show_table(frame, caption="c").html) == ["a", "a", "1", "2"]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=4), st.text(max_size=40))
def test_any_text_makes_valid_markup(cells, caption):
    html = show_table(pd.DataFrame({"a": cells}), caption=caption).html
    ElementTree.fromstring(f"<div>{html}</div>")


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_text(clean_text(text)) == clean_text(text)


def _sentence(**row) -> pd.DataFrame:
    return pd.DataFrame(
        [{"outlet": "CNN", "article_id": "cnn/1", "headline": None, "text": "He said no.", **row}]
    )


def test_sentence_marks_are_offsets_into_the_article():
    html = show_sentences(_sentence(start=100, marks=[{"start": 103, "end": 107}]), caption="cues").html
    assert re.findall("<mark[^>]*>(.*?)</mark>", html) == ["said"] and "CNN, untitled" in html


@pytest.mark.parametrize(
    "marks",
    [
        None,
        [],
        [{"start": -5, "end": 2}],
        [{"start": 5, "end": 99}],
        [{"start": 0, "end": 6}, {"start": 3, "end": 8}],
        [{"start": 6, "end": 2}],
    ],
)
def test_marks_that_do_not_fit_never_lose_text(marks):
    html = show_sentences(_sentence(marks=marks), caption="c").html
    assert re.sub("<[^>]*>", "", html[html.index("<blockquote"):]).startswith("He said no.")


def test_sentences_are_escaped_and_counted():
    frame = pd.concat([_sentence(text=HOSTILE, headline=HOSTILE, marks=[{"start": 0, "end": 8}])] * 5)
    html = show_sentences(frame, caption=HOSTILE, max_rows=2).html
    assert "<script" not in html and "3 more sentences" in html


def test_text_is_escaped():
    html, text, _ = show_text("a < b")._repr_mimebundle_().values()
    assert re.sub("<[^>]*>", "", html) == "a &lt; b" and text == "a < b"


def _axes(label: str = "x"):
    from matplotlib.figure import Figure

    axes = Figure(figsize=(3, 2)).add_subplot()
    axes.plot([1, 2], [1, 2], "o")
    axes.set_title(label, parse_math=False)
    return axes


def test_figure_is_the_same_bytes_each_time():
    first, second = (show_figure(_axes(), alt="a", caption="c", table=None).svg for _ in range(2))
    assert first == second


def test_figure_carries_its_alt_text_escaped():
    shown = show_figure(_axes(HOSTILE.replace("\x00", "")), alt=HOSTILE, caption="c", table=None)
    root = ElementTree.fromstring(shown.svg)
    described = {element.get("id"): element.text for element in root if element.get("id")}
    assert [described[name] for name in root.get("aria-labelledby").split()] == ["c", clean_text(HOSTILE)]
    assert "<script" not in shown.svg and root.get("role") == "img"


def test_two_figures_of_a_page_share_no_id():
    svgs = [show_figure(_axes(), alt=alt, caption="c", table=None).svg for alt in "ab"]
    one, other = (set(re.findall(r' id="([^"]+)"', svg)) for svg in svgs)
    assert one and not one & other
    for svg in svgs:
        used = re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", svg)
        assert used and set(used) <= set(re.findall(r' id="([^"]+)"', svg))


def test_figure_contains_no_date_and_no_machine():
    svg = show_figure(_axes(), alt="a", caption="c", table=None).svg
    assert not re.search(r"20\d\d-|matplotlib|http://(?!www\.w3\.org/2000/svg)", svg)


def test_letters_that_the_font_lacks_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "中文" in show_figure(_axes("中文 العربية"), alt="a", caption="c", table=None).svg


def test_pyplot_figure_is_closed_when_shown(monkeypatch):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    show_figure(axes, alt="a", caption="c", table=None)
    assert figure.number not in plt.get_fignums()


def test_figure_shows_drawing_and_table_as_two_outputs(monkeypatch):
    outputs = []
    monkeypatch.setattr(
        "IPython.display.display", lambda *shown, **options: outputs.append((shown[0], options))
    )
    show_figure(_axes(), alt="a", caption="c", table=pd.DataFrame({"n": [7]}))._ipython_display_()
    (drawing, options), (table, _) = outputs
    assert drawing["image/svg+xml"].startswith("<svg") and options["metadata"]["image/svg+xml"]["alt"] == "a"
    assert table.block["behind"] and "<td" in table.html


@pytest.mark.parametrize("theme", [0, 1])
def test_outlet_colours_stand_out_from_the_card(theme):
    card = _read_themes()[theme]["--card"]
    assert all(contrast(colour, card) >= 3 for colour in OUTLET_COLOURS), card
    assert theme or card == PANEL_COLOUR


@pytest.mark.parametrize("theme", [0, 1])
def test_text_colours_are_readable_on_every_background(theme):
    colours = _read_themes()[theme]
    texts = [
        name
        for name in colours
        if name in ("--ink", "--muted", "--link", "--bad") or name.startswith("--code")
    ]
    low = [
        (text, ground)
        for text in texts
        for ground in ("--paper", "--card", "--warm", "--bad-card")
        if contrast(colours[text], colours[ground]) < 4.5
    ]
    assert not low and contrast(colours["--ink"], colours["--mark"]) >= 4.5


# Machado, Oliveira and Fernandes 2009, table 1, severity 1.0: what most colour-blind people
# see. (For the few without blue cones, marker and position distinguish outlets.)
DEFICIENT = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


@pytest.mark.parametrize("kind", DEFICIENT)
def test_first_three_outlets_differ_for_colour_blind_readers(kind):
    def see(colour: str) -> np.ndarray:
        channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return np.clip(np.array(DEFICIENT[kind]) @ linear, 0, 1)

    apart = [np.abs(see(a) - see(b)).max() for a, b in combinations(OUTLET_COLOURS[:3], 2)]
    assert min(apart) > 0.08


def test_forty_outlets_differ_in_colour_or_marker():
    styles = outlet_style(f"outlet {i:02}" for i in range(42))
    assert len({(style.colour, style.marker) for style in styles.values()}) == 42
    assert [style.position for style in styles.values()] == list(range(42))


def test_outlet_style_does_not_depend_on_order():
    assert outlet_style(["b", "a", "b"]) == outlet_style(["a", "b"])


@pytest.mark.slow
def test_lines_that_look_the_same_are_one_path():
    ax = _axes()
    for place in range(9):
        ax.axhline(place, color="#dedbd4")
    ax.axhline(9, color="#dedbd4", alpha=0.5)
    root = ElementTree.fromstring(show_figure(ax, alt="a", caption="c", table=None).svg)
    lines = [path.get("d").count("M") for path in root if "--grid" in path.get("style", "")]
    assert sorted(lines)[-1] >= 9 and len(lines) <= 3
