"""The scorers of `make accuracy` on made-up gold of a few words, and the intervals and floors of their figures."""

import json

import pytest

from benchmarks.accuracy.figures import Figure, measure_differences, measure_figures
from benchmarks.accuracy.floors import list_faults, raise_floors, read_floors, write_floors
from benchmarks.accuracy.gold import UnreadableGold, parse_part, read_gold
from benchmarks.accuracy.name_score import count_names
from benchmarks.accuracy.quotation_score import QUOTATION_FIGURES, count_quotations, is_same_name, match_quotations
from benchmarks.accuracy.reliability import measure_reliability

TEXT = "Ann Lee said that the old bridge is safe. “We checked it,” the mayor said. Critics feared a collapse."


def span(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def quote(content: str, speaker: str, **more) -> dict:
    return {"content_spans": [span(content)], "speaker": speaker, "speaker_span": span(speaker) if speaker else None,
            "type": "indirect", "tier": "quote"} | more


def record(*quotes: dict) -> dict:
    return {"id": "a", "text": TEXT, "quotes": list(quotes)}


SAFE = quote("the old bridge is safe", "Ann Lee", speaker_canonical="Ann Lee")
CHECKED = quote("We checked it", "the mayor", speaker_canonical="Ann Lee", type="direct")
FEARED = quote("a collapse", "Critics", tier="other")
GOLD = record(SAFE, CHECKED, FEARED)


def count(*found: dict) -> dict:
    return dict(count_quotations(GOLD, found))


def test_gold_scored_on_itself_is_all_right():
    found = [one | {"speaker_name": one.get("speaker_canonical")} for one in (SAFE, CHECKED, FEARED)]
    values = {figure.name: figure.value for figure in measure_figures([count_quotations(GOLD, found)],
                                                                      QUOTATION_FIGURES)}
    assert set(values.values()) == {100.0}
    assert {"recall of direct", "with full name"} <= values.keys()
    assert "recall of mixed" not in values


def test_a_leading_that_and_marks_do_not_matter():
    assert count(quote("that the old bridge is safe", "Ann Lee"), quote("“We checked it,”", "mayor"))["exact"] == 2


def test_half_of_the_words_are_an_overlap_and_fewer_are_not():
    assert count(quote("old bridge is", "Ann Lee"))["overlap"] == 1
    assert "overlap" not in count(quote("is safe", "Ann Lee"))


def test_a_quotation_of_another_tier_is_neither_right_nor_wrong():
    assert count(FEARED)["found"] == 0
    assert count(quote("Critics feared", ""))["found"] == 1


def test_fragments_of_one_quotation_are_joined():
    counted = count(quote("the old", ""), quote("bridge is safe", "Ann Lee"))
    assert (counted["found"], counted["exact"], counted["speaker"]) == (1, 1, 1)


def test_the_speaker_is_judged_by_its_head():
    assert count(SAFE | {"speaker": "Lee", "speaker_span": None})["speaker"] == 1
    assert count(SAFE | {"speaker": "Ann", "speaker_span": None})["speaker"] == 0
    assert count(SAFE | {"speaker": "", "speaker_span": None})["speaker"] == 0


@pytest.mark.parametrize(("name", "is_right"), [("Ann Lee", True), ("Mayor Ann Lee", True), ("Lee", False),
                                                ("The Council", True), ("", False)])
def test_the_full_name_or_a_longer_one_is_right(name, is_right):
    gold = SAFE | {"speaker_also": ["council"]}
    assert is_same_name(gold, {"speaker_name": name}) == is_right


def test_another_extent_that_the_gold_accepts_is_exact():
    gold = record(SAFE | {"content_also": [[span("bridge is safe")]]})
    assert count_quotations(gold, [quote("bridge is safe", "Ann Lee")])["exact"] == 1


def test_names_need_span_and_type():
    gold = {"text": "Ann Lee left the U.N. for Ford’s Fair.", "entities": [
        {"start": 0, "end": 7, "label": "PERSON"}, {"start": 17, "end": 21, "label": "ORG"},
        {"start": 26, "end": 30, "label": "ORG", "also": [{"start": 26, "end": 37, "label": "ORG"}]},
        {"start": 33, "end": 37, "label": "GPE", "optional": True}]}
    right = [{"start": 0, "end": 7, "label": "PERSON"}, {"start": 13, "end": 21, "label": "ORG"},
             {"start": 26, "end": 37, "label": "ORG"}]
    counted = count_names(gold, right)
    assert (counted["right"], counted["found"], counted["gold"]) == (3, 3, 3)
    wrong = count_names(gold, [{"start": 0, "end": 7, "label": "ORG"}, {"start": 33, "end": 37, "label": "GPE"}])
    assert (wrong["right"], wrong["found"], wrong["right span"]) == (0, 1, 1)


def test_figures_are_percentages_with_intervals_over_articles():
    counts = [{"right": 1, "found": 1, "gold": 2}, {"right": 1, "found": 2, "gold": 1}]
    (figure,) = measure_figures(counts, [Figure("all", "right", ("found", "gold"))])
    assert (figure.value, figure.low, figure.high) == (66.7, 66.7, 66.7)
    assert (figure.n_articles, figure.n_gold) == (2, 3)
    (worse,) = measure_differences(counts, [{"right": 0, "found": 0, "gold": 2}] * 2, [
        Figure("all", "right", ("found", "gold"))])
    assert (worse.value, worse.is_clear) == (-66.67, True)


def test_a_figure_below_its_floor_is_a_fault(tmp_path):
    figures = measure_figures([count_quotations(GOLD, [SAFE])], QUOTATION_FIGURES)
    low, high = {("tiny", "overlap"): 66.7}, {("tiny", "overlap"): 66.8, ("other", "overlap"): 1.0}
    assert list_faults({"tiny": figures}, low) == []
    assert list_faults({"tiny": figures}, high) == ["other, overlap: not measured, although it has a floor",
                                                    "tiny, overlap: 66.7 is below its floor of 66.8"]
    write_floors(tmp_path / "floors.csv", raise_floors({"tiny": figures}, high))
    raised = read_floors(tmp_path / "floors.csv")
    assert (raised["tiny", "overlap"], raised["tiny", "exact"]) == (66.8, 66.2)


def test_gold_is_read_by_form(folder):
    files = {"x/q.jsonl": '{"id": "1", "text": "a", "quotes": []}\n', "facts.jsonl": '{"id": "1", "facts": []}\n',
             "n.jsonl": '{"id": "1", "text": "a", "entities": []}\n'}
    assert [(gold.name, gold.kind) for gold in read_gold(folder(files))] == [("n", "names"), ("x/q", "quotations")]
    with pytest.raises(UnreadableGold, match="quotes or entities"):
        read_gold(folder({"facts.jsonl": "{}\n"}, "none"))


def test_a_part_and_the_others_make_up_the_whole():
    ids = [f"article {i}" for i in range(30)]
    part, others = (parse_part(text) for text in ("1/3", "not 1/3"))
    assert all(part.holds(one) != others.holds(one) for one in ids)
    assert 0 < sum(part.holds(one) for one in ids) < 30


def test_confidence_is_compared_with_what_is_right(folder):
    found = [SAFE | {"confidence": 0.9, "speaker_confidence": 0.7},
             quote("Critics", "", confidence=0.9, speaker_confidence=0.7)]
    (gold,) = read_gold(folder({"q.jsonl": json.dumps(GOLD) + "\n"}))
    bins = measure_reliability(gold, {"a": found})
    assert [(made.column, made.lowest, made.n, made.right) for made in bins] == [
        ("confidence", 0.9, 2, 50.0), ("speaker_confidence", 0.7, 1, 100.0)]
    assert len(match_quotations(GOLD, found)[0]) == 2
