"""Figures take any small table, stay within their frame, escape all text and have an alt text."""

import re
import warnings
from functools import cache
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import samestory
from samestory.draw import corpus as figures
from samestory.draw.canvas import name_row
from samestory.draw.labels import measure_text
from samestory.draw.names import plot_entities
from samestory.show.figure import show_figure
from samestory.show.outlet_style import outlet_style

FEW = ["CGTN", "CNN"]
MANY = [f"Outlet number {i:02}" for i in range(24)]
ODD = [
    "<script>alert(1)</script>",
    "$\\frac{1}{",
    "中文新闻网" * 9,
    "أخبار العالم اليوم",
    "W" * 300,
    "\x00\u202eevil",
    " ",
    "_hidden",
]
KINDS = ("direct", "mixed", "indirect")


def _articles(outlets, each=3):
    n = len(outlets) * each
    times = pd.to_datetime("2021-03-17", utc=True) + pd.to_timedelta(np.arange(n) * 7 % 50, unit="h")
    table = pd.DataFrame(
        {"outlet": np.repeat(outlets, each), "published_at": times, "n_words": 100 + np.arange(n) % 90}
    )
    table["article_id"] = [f"a/{i}" for i in range(n)]
    return table


def _cross(outlets, names, column, value):
    rows = [
        (outlet, name, (3 * i + 5 * j) % 11)
        for i, outlet in enumerate(outlets)
        for j, name in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=["outlet", column, value])


def _speakers(outlets, names):
    table = _cross(outlets, names, "speaker_name", "n_quotations")
    return table.assign(n_words_direct=table["n_quotations"] * 9, n_words_indirect=table["n_quotations"] * 4)


def _quoted(outlets):
    table = _cross(outlets, ["x"], "name", "direct_percent").assign(n_articles=7, n_words=900, n_words_direct=90)
    limits = {"low_percent": table["direct_percent"] - 2, "high_percent": table["direct_percent"] + 3}
    return table.assign(**{name: values.where(table.index > 0) for name, values in limits.items()})


def _terms(names):
    ratio = np.linspace(-3, 3, len(names))
    return pd.DataFrame(
        {
            "term": names,
            "n_target": range(len(names)),
            "n_reference": range(len(names)),
            "per_1k_target": 1.0,
            "per_1k_reference": 1.0,
            "log_ratio": ratio,
            "low": ratio - 1,
            "high": ratio + 1.5,
        }
    )


def _strips(outlets, names):
    table = _cross(outlets, names, "term", "n").assign(article_id="", n_quoted=1, n_articles=2, of_articles=3)
    at = [[float(place) for place in range(n * 9 % 100)] for n in table["n"]]
    quoted = [[place % 2 == 0 for place in places] for places in at]
    return table.assign(n=[len(places) for places in at], n_words=900, at=at, quoted=quoted)


def _rates(outlets, names):
    table = _cross(outlets, names, "term", "n").assign(n_articles=2, of_articles=3, n_words=900)
    return table.assign(per_1k=table["n"] / 0.9)


def _facts(outlets, names):
    table = _cross(outlets, names, "label", "n").rename(columns={"n": "place_percent"})
    return table.assign(fact_id=table["label"], place_percent=table["place_percent"] * 9.0)


def _make_tables(outlets, names):
    entities = _cross(outlets, names, "name", "n_mentions").assign(label="PERSON")
    sides = {"target": outlets[0], "reference": outlets[-1], "top_n": 8}
    return {
        "articles": (_articles(outlets), {}),
        "words": (_articles(outlets), {}),
        "roles": (_cross(outlets, ["body", "headline", "teaser"], "role", "n_lines"), {}),
        "cues": (_cross(outlets, ["neutral", "accusing"], "cue_class", "n_quotations"), {}),
        "quoted_words": (_quoted(outlets), {}),
        "kinds": (_cross(outlets, KINDS, "kind", "n_quotations"), {}),
        "entities": (entities, {"top_n": 8}),
        "named": (entities.assign(first_percent=12.5), {"top_n": 8}),
        "speakers": (_speakers(outlets, names), {"top_n": 8}),
        "keyness": (_terms(names), sides),
        "two_way": (_terms(names), sides),
        "shift": (_terms(names).assign(bits=0.01, percent=2.0), sides),
        "effects": (_terms(names), {name: sides[name] for name in ("target", "reference")}),
        "lockwords": (_terms(names).assign(low=-0.4, high=0.3, is_alike=True), sides),
        "places": (_strips(outlets, names), {}),
        "rates": (_rates(outlets, names), {}),
        "fact_order": (_facts(outlets, names), {}),
    }


PLOTS = list(_make_tables(FEW, ["a"]))
CASES = {
    "few": (FEW, [f"name {i}" for i in range(12)]),
    "one": (["CNN"], ["Biden"]),
    "many": (MANY, [f"name {i}" for i in range(40)]),
    "odd": (ODD, ODD),
}


def _draw_anew(plot, case):
    table, options = _make_tables(*CASES[case])[plot]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        axes = getattr(samestory, f"plot_{plot}")(table, **options)
        alt = getattr(samestory, f"describe_{plot}")(table, **options)
        return show_figure(axes, alt=alt, caption="c", table=None)


_draw = cache(_draw_anew)


def _read_texts(svg):
    root = ElementTree.fromstring(svg)
    width = float(root.get("viewBox").split()[2])
    return width, [element for element in root.iter() if element.tag.endswith("}text")]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("plot", PLOTS)
@pytest.mark.slow
def test_text_stays_within_the_frame(plot, case):
    if not hasattr(shown := _draw(plot, case), "svg"):
        return  # a sentence: nothing is drawn
    width, texts = _read_texts(shown.svg)
    for text in (text for text in texts if "transform" not in text.attrib and text.text):
        size = float((re.search(r"font-size:([\d.]+)", text.get("style", "")) or [0, 10])[1])
        length = measure_text(text.text) * size / 10
        anchor = re.search("text-anchor:(middle|end)", text.get("style", ""))
        left = float(text.get("x")) - length * {"middle": 0.5, "end": 1}.get(anchor and anchor[1], 0)
        assert left > -8 and left + length < width + 12, text.text


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("plot", PLOTS)
def test_figure_is_small_escaped_and_reproducible(plot, case):
    svg, again = (getattr(shown, "svg", shown) for shown in (_draw(plot, case), _draw_anew(plot, case)))
    assert svg == again
    html = svg if isinstance(svg, str) else svg.html
    assert len(html) < 60_000 and "<script" not in html and "\u202e" not in html


@pytest.mark.parametrize("case", [pytest.param(case, marks=[pytest.mark.slow] * (case != "few")) for case in CASES])
@pytest.mark.parametrize("plot", PLOTS)
def test_alt_text_is_a_bounded_sentence(plot, case):
    shown = _draw(plot, case)
    alt = shown.alt if hasattr(shown, "svg") else shown.text
    assert 20 < len(alt) < 1_500 and alt.rstrip().endswith((".", "”"))


@pytest.mark.parametrize("plot", PLOTS)
def test_table_without_rows_becomes_a_sentence(plot):
    table, options = _make_tables(FEW, ["a", "b"])[plot]
    axes = getattr(samestory, f"plot_{plot}")(table.head(0), **options)
    said = " ".join(text.get_text() for text in axes.texts)
    assert said.startswith(("There", "No article"))
    assert getattr(samestory, f"describe_{plot}")(table.head(0), **options).startswith(("There", "No article"))


@pytest.mark.parametrize("plot", PLOTS)
def test_given_axes_are_drawn_into(plot):
    axes = Figure().add_subplot()
    table, options = _make_tables(FEW, ["a", "b"])[plot]
    assert getattr(samestory, f"plot_{plot}")(table, ax=axes, **options) is axes


@pytest.mark.slow
def test_settings_of_the_caller_are_left_alone():
    before = dict(matplotlib.rcParams)
    _draw_anew("words", "few")
    assert dict(matplotlib.rcParams) == before


def test_a_matplotlibrc_of_the_working_folder_changes_nothing():
    usual = _draw("words", "few").svg
    with matplotlib.rc_context({"savefig.bbox": "tight", "patch.linewidth": 9.0, "text.usetex": True}):
        assert _draw_anew("words", "few").svg == usual


def test_articles_without_any_date_say_so():
    table = _articles(FEW).assign(published_at=pd.NaT)
    assert "no timeline" in figures.describe_articles(table)
    assert "no timeline" in " ".join(figures.plot_articles(table).texts[0].get_text().split())


def test_articles_without_a_date_are_counted():
    table = _articles(FEW)
    table.loc[0, "published_at"] = pd.NaT
    assert "1 article without a date." in figures.describe_articles(table)
    assert "no\ndate" in [text.get_text() for text in figures.plot_articles(table).texts]


@pytest.mark.parametrize(
    "hours, expected",
    [(0.2, r"\d\d:\d\d"), (400, r"\d+ [A-Z]\w\w"), (9_000, r"[A-Z]\w\w \d{4}"), (90_000, r"\d{4}")],
)
def test_time_axis_is_as_exact_as_its_span_requires(hours, expected):
    times = pd.to_datetime("2010-03-17 13:10", utc=True) + pd.to_timedelta([0, hours], unit="h")
    axes = figures.plot_articles(pd.DataFrame({"outlet": FEW, "published_at": times}))
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels and any(re.fullmatch(expected, label) for label in labels), labels


@pytest.mark.slow
def test_one_article_a_second_is_still_a_small_figure():
    table = _articles(["CNN"], each=50_000)
    for plot in (figures.plot_articles, figures.plot_words):
        assert len(show_figure(plot(table), alt="a", caption="c", table=None).svg) < 60_000


def test_outlets_without_a_row_are_counted():
    table = _articles([f"outlet {i:02}" for i in range(30)], each=1)
    assert any(text.get_text().startswith("6 more outlets ") for text in figures.plot_words(table).texts)


def test_colours_follow_the_given_style():
    style = outlet_style(["A", "B", "CNN"])
    axes = figures.plot_words(_articles(["CNN"]), style=style)
    assert style["CNN"].colour in {line.get_color() for line in axes.lines}


def test_entities_with_the_same_name_are_distinguished_by_label():
    table = pd.DataFrame(
        {"name": ["Jordan", "Jordan"], "label": ["GPE", "PERSON"], "outlet": "CNN", "n_mentions": [2, 1]}
    )
    labels = [label.get_text() for label in plot_entities(table).get_yticklabels()]
    assert labels == ["Jordan (gpe)", "Jordan (person)"]
    led = [label.get_gid() for label in plot_entities(table).get_yticklabels()]
    assert led == [name_row({"name": "Jordan", "label": label}) for label in ("GPE", "PERSON")]
