"""The text of an article stays whole, its marks nest, and a text that is too long is cut and counted."""

import re
from html import unescape
from html.parser import HTMLParser
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestory.report.article_text import (
    MARK_KIND_CLASSES,
    MAX_WHOLE_TEXT_CHARS,
    SHOWN_CONTEXT_CHARS,
    TextMarks,
    choose_windows,
    merge_spans,
    write_article_html,
)

KIND_OF = {name: kind for kind, name in MARK_KIND_CLASSES.items()}
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)
NOTHING = TextMarks({})
ROLE = '<span class="role">'
HOSTILE = '<script>alert(1)</script>\x00\u202e"'


class Reader(HTMLParser):
    """The kinds of marks around each character, the anchors, and whether elements nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack, self.text, self.kinds, self.anchors = [], "", [], {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.stack.append((tag, attrs.get("class", "")))
        if "id" in attrs:
            assert attrs["id"] not in self.anchors
            self.anchors[attrs["id"]] = len(self.text)

    def handle_endtag(self, tag):
        assert self.stack.pop()[0] == tag

    def handle_data(self, data):
        if not {"role", "gap"} & {name for _, name in self.stack} and ("sup", "") not in self.stack:
            self.text += data
            kinds = frozenset(KIND_OF[name] for _, name in self.stack if name in KIND_OF)
            self.kinds += [kinds] * len(data)


def write(text, marked=NOTHING, lines=((0, 0, "body"),), windows=None):
    return write_article_html(text, lines, marked, windows or [(0, len(text))])


@given(st.text("ab <&\"\r\n", min_size=1, max_size=40),
       st.dictionaries(st.sampled_from(list(MARK_KIND_CLASSES)), SPANS),
       st.sets(st.integers(0, 39)), st.lists(st.integers(0, 39), max_size=4, unique=True))
def test_every_character_stays_and_has_the_marks_of_all_its_spans(text, spans, anchors, opens):
    merged = {kind: merge_spans((min(a, len(text)), min(b, len(text))) for a, b in found if a < b)
              for kind, found in spans.items()}
    anchors = sorted(place for place in anchors if place < len(text))
    lines = [(place, place, "body") for place in sorted(opens) if place < len(text)]
    read = Reader(write(text, TextMarks(merged, anchors, [(place + 1, "<sup>1</sup>") for place in anchors]), lines))
    assert read.stack == []
    kept = [place for place, c in enumerate(text) if not text.startswith("\r\n", place)]
    assert read.text == "".join("\n" if text[place] == "\r" else text[place] for place in kept)
    for place, kinds in zip(kept, read.kinds, strict=True):
        assert kinds == {kind for kind, found in merged.items() if any(a <= place < b for a, b in found)}
    assert list(read.anchors) == [f"o{place}" for place in anchors]
    assert list(read.anchors.values()) == [sum(k < place for k in kept) for place in anchors]


def test_an_element_that_encloses_others_stays_one():
    html = write("Zhao said so", TextMarks({"sentence": [(0, 12)], "content": [(0, 12)], "name": [(0, 4)]}, [0]))
    assert re.findall(r'class="(\w)"|(</span>)', html) == [("t", ""), ("q", ""), ("n", ""), *[("", "</span>")] * 3]
    assert re.sub("<[^>]*>", "", html) == "Zhao said so"


def test_spans_that_cross_are_split():
    html = write("abcdef", TextMarks({"content": [(0, 4)], "name": [(2, 6)]}))
    assert re.sub(' ?(span|class=)', "", html) == '<p><"q">ab<"n">cd</></><"n">ef</></p>'


def test_a_note_follows_its_span():
    html = write("ab\ncd", TextMarks({"content": [(0, 3)]}, [], [(3, "<sup>1</sup>")]),
                 [(0, 2, "body"), (3, 5, "body")])
    assert re.sub(' class="."', "", html) == '<p><span>ab\n</span><sup>1</sup></p><p>cd</p>'


def test_lines_that_are_not_part_of_the_story_are_labelled():
    html = write("A\nB\nC", lines=[(0, 1, "headline"), (2, 3, "teaser"), (4, 5, "body")])
    assert re.findall("<p(?: class=\"(.*?)\")?>(.*?)</p>", html, re.DOTALL) == [
        ("head", f"{ROLE}headline</span>A\n"), ("off", f"{ROLE}teaser</span>B\n"), ("", "C")]


def test_hostile_text_is_escaped_and_keeps_its_length():
    html = write(HOSTILE)
    assert "<script" not in html and "\x00" not in html and "\u202e" not in html
    assert len(unescape(re.sub("<[^>]*>", "", html))) == len(HOSTILE)


def test_a_long_text_is_cut_to_windows_around_what_is_cited():
    text = "x" * 1_000_000
    windows = choose_windows(len(text), [500_000, 500_100, 999_999])
    html = write(text, TextMarks({"sentence": [(0, 1_000_000)]}, [0, 500_000, 999_999]), windows=windows)
    shown = sum(end - start for start, end in windows)
    assert shown <= MAX_WHOLE_TEXT_CHARS and html.count("x") == shown
    gaps = [int(n.replace(",", "")) for n in re.findall(r"… ([\d,]+) more characters not shown …", html)]
    assert sum(gaps) == len(text) - shown
    assert re.findall(r'id="o(\d+)"', html) == ["0", "500000", "999999"]
    assert (windows[1], windows[-1]) == ((500_000 - SHOWN_CONTEXT_CHARS, 500_100 + SHOWN_CONTEXT_CHARS),
                                         (999_999 - SHOWN_CONTEXT_CHARS, 1_000_000))


def test_no_more_is_shown_than_fits_however_much_is_cited():
    windows = choose_windows(10_000_000, range(0, 10_000_000, 5_000))
    assert 0.9 * MAX_WHOLE_TEXT_CHARS < sum(end - start for start, end in windows) <= MAX_WHOLE_TEXT_CHARS


@pytest.mark.slow
@pytest.mark.parametrize("step", [1, 2])
def test_many_marks_and_lines_are_fast(step):
    text = "a b\n" * 15_000
    spans = [(place, place + step) for place in range(0, len(text), 2)]
    started = perf_counter()
    html = write(text, TextMarks(dict.fromkeys(MARK_KIND_CLASSES, spans), range(0, len(text), 3), [(9, "")] * 5_000),
                 [(place, place + 3, "body") for place in range(0, len(text), 4)])
    assert perf_counter() - started < 10
    assert html.count("<p>") == 15_000
