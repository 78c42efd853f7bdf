"""Facts side by side: a column for each outlet of one event, everything escaped and linked."""

import re

import pandas as pd

from samestory.show.facts import MAX_FACT_COLUMNS, show_facts


def make_row(fact_id, outlet, text="It rained.", event_id="e", **changed):
    return {"fact_id": fact_id, "event_id": event_id, "relation": "shared", "differs": [], "check": False,
            "outlet": outlet, "article_id": f"{outlet}/1", "start": 10, "end": 10 + len(text), "text": text,
            "place_percent": 12.4, "marks": []} | changed


def show(*rows):
    return show_facts(pd.DataFrame(rows), caption="Facts")


def test_an_outlet_is_a_column_and_a_fact_a_row():
    shown = show(make_row("a", "X"), make_row("a", "Y"), make_row("b", "Y"))
    assert re.findall(r'<th scope="col">([^<]*)</th>', shown.html) == ["what differs", "X", "Y"]
    assert shown.html.count('<th scope="row">') == 2
    assert shown.html.count("<td>–</td>") == 1 and shown.html.count("<blockquote") == 0
    assert shown.csv.count("\n") == 4


def test_several_events_have_one_column_with_named_sentences():
    shown = show(make_row("a", "X"), make_row("b", "Y", event_id="f"))
    assert shown.html.count('scope="col"') == 2
    assert "X, 12 % into" in shown.html and "Y, 12 % into" in shown.html


def test_words_that_differ_are_marked_and_named():
    shown = show(make_row("a", "X", differs=["value", "day"], check=True, marks=[{"start": 13, "end": 19}]))
    assert '<mark>rained</mark>' in shown.html
    assert re.search(r'<th scope="row">check this: [^<]+, [^<]+</th>', shown.html)


def test_no_difference_is_named_between_what_may_not_be_the_same():
    row = make_row("a", "X", relation="candidate", differs=["speaker"])
    assert '<th scope="row">–</th>' in show(row).html
    assert '<th scope="row">check this: ' in show({**row, "check": True}).html


def test_hostile_text_is_escaped():
    shown = show(make_row("<a>", "<b>X</b>", text="<script>alert(1)</script>"))
    assert "<script" not in shown.html and "<b>" not in shown.html


def test_the_outlets_with_most_facts_are_shown():
    rows = [make_row("a", f"O{n:02}") for n in range(MAX_FACT_COLUMNS + 2)] + [make_row("b", "O09")]
    heads = re.findall(r'<th scope="col">([^<]*)</th>', show(*rows).html)
    assert len(heads) == MAX_FACT_COLUMNS + 1 and "O09" in heads and "O08" not in heads


def test_no_facts_are_a_sentence():
    empty = pd.DataFrame([make_row("a", "X")]).iloc[:0]
    shown = show_facts(empty, caption="Facts")
    assert "none" in shown.html and shown.csv == ""
