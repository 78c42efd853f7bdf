"""Utterances: two outlets' versions of one thing said."""

import random
import tempfile
import threading
from collections import Counter
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.base.language import read_stop_words
from samestory.base.schema import TABLES
from samestory.base.sql import connect_duckdb
from samestory.link import candidate_pairs as candidates
from samestory.link import utterances
from samestory.link.candidate_pairs import (
    MAX_KEY_QUOTATIONS,
    MIN_SHARED_CONTENT_WORDS,
    MIN_TOPIC_QUOTATION_SHARE,
    MIN_TOPIC_QUOTATIONS,
    SHARED_RUN_WORDS,
)
from samestory.link.utterances import find_cuts, find_utterances, match_utterances

ARTICLES = pd.DataFrame({"article_id": ["x", "y", "z"], "outlet": ["Beta", "Alpha", "Beta"],
                         "counted": [True, True, False]})


def quotation(article_id, text, *, kind="direct", speaker="Lena Ortiz", number=[0]):  # noqa: B006 - numbers the rows
    number[0] += 1
    return {"quotation_id": f"{article_id}/q{number[0]}", "article_id": article_id, "text": text, "kind": kind,
            "speaker_name": speaker, "speaker_entity_id": None}


def match(*rows):
    return match_utterances(pd.DataFrame(rows), ARTICLES)


def test_curly_and_straight_marks_are_the_same_words():
    first, second = (quotation("x", "We don’t have a bridge,"), quotation("y", "We don't have a bridge"))
    table = match(first, second)
    assert table[["quotation_a", "quotation_b", "relation", "words_cut"]].values.tolist() == [
        [second["quotation_id"], first["quotation_id"], "identical", ""]]


def test_a_trimmed_quotation_says_what_was_cut():
    before, kept, after = "I hope", "both sides will come with goodwill", "and leave as friends"
    table = match(quotation("x", f"{before} {kept} {after}."), quotation("y", kept))
    assert table["relation"].tolist() == ["trimmed"]
    assert table["words_cut"].tolist() == [f"{before} … {after}".lower()]


def test_a_fragment_matches_by_speaker():
    rows = [quotation("x", "reckless and cruel"), quotation("y", "reckless and cruel"),
            quotation("y", "reckless and cruel", speaker="Omar Reyes")]
    assert match(*rows)["quotation_a"].tolist() == [rows[1]["quotation_id"]]


def test_a_paraphrase_needs_the_same_speaker():
    left = quotation("x", "the bridge would open to heavy trucks before the winter", kind="indirect")
    right = "heavy trucks may use the bridge before winter"
    assert match(left, quotation("y", right, kind="indirect"))["relation"].tolist() == ["paraphrase"]
    assert match(left, quotation("y", right, kind="indirect", speaker="Omar Reyes")).empty


@pytest.mark.parametrize("other", ["x", "z"])
def test_one_outlet_or_a_repeat_is_no_pair(other):
    text = "We have a bridge now"
    assert match(quotation("x", text), quotation(other, text)).empty


def test_stop_words_are_read_once_where_the_language_is_set(monkeypatch):
    readers = []  # DuckDB calls functions in threads of its own, which know no language
    monkeypatch.setattr(utterances, "read_stop_words",
                        lambda: readers.append(threading.current_thread()) or frozenset({"the"}))
    match(*(quotation(article_id, "the bridge is open") for article_id in "xyxyxy"))
    assert readers == [threading.main_thread()]


def test_what_follows_a_straight_mark_is_not_quoted():
    rows = [quotation("x", 'they act with a "strong hand" and raise a range of issues', kind="mixed"),
            quotation("y", '"a range of issues" would be discussed', kind="mixed", speaker="Ned Hill")]
    assert match(*rows).empty


def test_the_order_of_rows_does_not_matter():
    rows = [quotation("x", "We have a new bridge now, and it is fine"),
            quotation("y", "a new bridge now, and it is fine"), quotation("y", "We have a new bridge now")]
    pd.testing.assert_frame_equal(match(*rows), match(*rows[::-1]))


def test_no_quotations_have_the_same_columns():
    none = match_utterances(pd.DataFrame([quotation("x", "a")]).iloc[:0], ARTICLES)
    assert none.columns.tolist() == [column.name for column in TABLES["utterances"].columns]


@pytest.mark.parametrize(("n", "is_rare"), [(60, True), (61, False), (2000, False)])
def test_a_phrase_that_everybody_uses_is_not_looked_up(n, is_rare):
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(n)], "counted": True,
                             "outlet": [f"o{i % 9}" for i in range(n)]})
    rows = pd.DataFrame([quotation(f"a{i}", "at the end of the day", speaker=f"Speaker {i}") for i in range(n)])
    assert match_utterances(rows, articles).empty is not is_rare


@pytest.mark.parametrize(("events", "n"), [
    (["e", *(f"e{i}" for i in range(MAX_KEY_QUOTATIONS))], 1), (["e", *["f"] * MAX_KEY_QUOTATIONS], 1),
    (["e", *[""] * MAX_KEY_QUOTATIONS], 1),
    (["", *(f"e{i}" for i in range(MAX_KEY_QUOTATIONS))], 0), (["", "e"], 2), (["e"] * MAX_KEY_QUOTATIONS, 0)])
def test_a_phrase_is_as_common_as_it_is_where_it_may_match(events, n):
    """Alpha and Beta say it once in the first event, Beta in each of the others."""
    outlets = ["Alpha", *["Beta"] * len(events)]
    articles = pd.DataFrame({"article_id": [f"a{i:02}" for i in range(len(outlets))], "outlet": outlets,
                             "event": [events[0], *events]})
    rows = pd.DataFrame([quotation(name, "at the end of the day") for name in articles["article_id"]])
    found = match_utterances(rows, articles)
    assert found["relation"].tolist() == ["identical"] * n


@pytest.mark.slow
def test_a_connection_gives_the_same_rows_twice():
    rows = pd.DataFrame([quotation("x", "We have a new bridge now"), quotation("y", "we have a new bridge now")])
    with connect_duckdb() as duck:
        duck.register("quotations", rows.astype({"speaker_entity_id": "str"}))
        duck.register("articles", ARTICLES.assign(event=""))
        for _ in range(2):
            found = find_utterances(duck).to_arrow_table()
            assert found.schema.names == TABLES["utterances"].arrow.names
            pd.testing.assert_frame_equal(found.to_pandas(), match(*rows.to_dict("records")))


def test_a_folder_for_temporary_files_may_have_any_name(tmp_path, monkeypatch):
    odd = tmp_path / "it's [1] * a=1"
    odd.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(odd))
    text = "We have a new bridge now"
    assert len(match(quotation("x", text), quotation("y", text.lower()))) == 1
    assert not list(odd.iterdir())


WORDS = ["the", "old", "bridge", "opens", "for", "heavy", "trucks", "before", "winter", "comes", "Reyes’s", "re-built"]
PLACES = {f"{outlet}{event}": (outlet, event) for outlet in "ABC" for event in ("", "e", "f")}
SAID = st.tuples(st.sampled_from(sorted(PLACES)), st.lists(st.sampled_from(WORDS), min_size=0, max_size=9),
                 st.sampled_from(["direct", "mixed", "indirect"]), st.sampled_from(["Ann", "ANN", "Bo", None]))


@settings(max_examples=20)
@given(st.lists(SAID, min_size=1, max_size=2 * MIN_TOPIC_QUOTATIONS))
@pytest.mark.slow
def test_few_quotations_are_matched_as_by_comparing_each_with_each(said):
    rows = [quotation(place, f'"{" ".join(words[:5])}" {" ".join(words[5:])}', kind=kind, speaker=speaker)
            for place, words, kind, speaker in said]
    articles = pd.DataFrame([(place, *PLACES[place]) for place in PLACES], columns=["article_id", "outlet", "event"])
    found = match_utterances(pd.DataFrame(rows), articles)
    assert found[["quotation_a", "quotation_b", "relation", "words_cut"]].values.tolist() == match_plainly(rows)


@pytest.mark.slow
def test_work_in_many_parts_finds_the_same_pairs(monkeypatch):
    draw, places, rows = random.Random(7), [*PLACES, "A", "B", "A"], []  # many without an event, which are one part's
    for start, size in [(draw.randrange(40), draw.randint(2, 12)) for _ in range(150)]:
        words = [f"word{i}" for i in range(start, start + size)]
        rows.append(quotation(draw.choice(places), " ".join(draw.choice([words, draw.sample(words, size)])),
                              speaker=draw.choice(["Ann", "Bo", None])))
    articles = pd.DataFrame([(place, *PLACES[place]) for place in PLACES], columns=["article_id", "outlet", "event"])
    whole, parts, count = match_utterances(pd.DataFrame(rows), articles), [], candidates._count_parts
    for name, most in (("MAX_PART_QUOTATIONS", 40), ("MAX_PART_CHARS", 900), ("MAX_PART_PAIRS", 50)):
        monkeypatch.setattr(candidates, name, most)
    monkeypatch.setattr(candidates, "_count_parts", lambda *given: parts.append(count(*given)) or parts[-1])
    pd.testing.assert_frame_equal(match_utterances(pd.DataFrame(rows), articles), whole)
    assert len(parts) == 3 and min(parts) > 2 and set(whole["relation"]) >= {"trimmed", "paraphrase"}


def match_plainly(rows):
    """The same pairs, by comparing every quotation with every other."""
    read = {row["quotation_id"]: (*PLACES[row["article_id"]], utterances._read_version(
        row["text"], row["kind"], row["speaker_name"] or "", read_stop_words())) for row in rows}
    read = {key: row for key, row in sorted(read.items()) if row[2]["words"]}
    sizes = Counter(event for _, event, _ in read.values())
    holders = Counter((event, word) for _, event, version in read.values() for word in version["content"].split())
    topics = {key for key, n in holders.items() if sizes[key[0]] >= MIN_TOPIC_QUOTATIONS
              and n > MIN_TOPIC_QUOTATION_SHARE * sizes[key[0]]}
    for _, event, version in read.values():
        version["content"] = " ".join(word for word in version["content"].split() if (event, word) not in topics)
    best = {}
    for ids in combinations(read, 2):
        (a, (outlet, event, one)), (b, (other_outlet, other_event, other)) = sorted(
            ((key, read[key]) for key in ids), key=lambda item: (item[1][0], item[0]))
        if outlet == other_outlet or (event != other_event and event and other_event) or not are_near(one, other):
            continue
        numbers = {"": 0, "e": 1, "f": 2}
        pair = utterances._compare_versions(utterances._make_version(numbers[event], **one),
                                            utterances._make_version(numbers[other_event], **other))
        for key in ((a, other_outlet), (b, outlet)) if pair else ():
            best[key] = max(best.get(key, (0,)), (pair[0], a, b, *pair[1:]), key=lambda row: row[0])
    return sorted({row[1:3]: list(row[1:]) for row in best.values()}.values())


def are_near(one, other):
    """Whether two versions share an n-gram, or a speaker and several words."""
    runs, other_runs = ({tuple(words[i:i + SHARED_RUN_WORDS]) for i in range(len(words) - SHARED_RUN_WORDS + 1)}
                        if not short else
                        {(version["speaker"], *short)} - {("", *short)}
                        for version in (one, other)
                        for words in [version["words"].split()] for quoted in [version["quoted"].split()]
                        for short in [quoted if 1 < len(quoted) < SHARED_RUN_WORDS else words
                                      if 1 < len(words) < SHARED_RUN_WORDS else ()])
    shared = set(one["content"].split()) & set(other["content"].split())
    is_one_speaker = one["speaker"] == other["speaker"] != ""
    return bool(runs & other_runs) or (is_one_speaker and len(shared) >= MIN_SHARED_CONTENT_WORDS)


def test_cuts_are_the_stretches_that_the_other_lacks():
    longer, shorter = "We don’t have a new bridge now, and it's fine", "we don't have a bridge now"
    assert [longer[a:b] for a, b in find_cuts(longer, shorter)] == ["new", "and it's fine"]
    assert find_cuts(shorter, longer) == []
    assert find_cuts("", "x") == [] and find_cuts("one", "") == [(0, 3)]


@given(st.text("abc ’.-\"", max_size=80), st.text("abc ’.-\"", max_size=80))
def test_cuts_lie_in_the_text_and_do_not_touch(text, other):
    cuts = find_cuts(text, other)
    edges = [edge for cut in cuts for edge in cut]
    assert edges == sorted(set(edges)) and all(0 <= edge <= len(text) for edge in edges)
    assert find_cuts(text, text) == []


def relate(text, other, *, kind="direct", speakers=("Ann", "Ann"), events=("", "")):
    """The relation of two outlets' quotations; none of no pair."""
    articles = pd.DataFrame({"article_id": ["x", "y"], "outlet": ["Beta", "Alpha"], "event": events})
    rows = [quotation(name, words, kind=kind, speaker=speaker)
            for name, words, speaker in zip("xy", (text, other), speakers, strict=True)]
    return "".join(match_utterances(pd.DataFrame(rows), articles)["relation"])


@pytest.mark.parametrize(("around", "relation"), [("it is ", "identical"), ("so it is ", "trimmed")])
def test_identical_versions_differ_by_two_words_around_the_marks(around, relation):
    assert relate('"we have a new bridge"', f'{around}"we have a new bridge"', kind="mixed") == relation
    assert relate(f'{around}"we have a new bridge"', '"we have a new bridge"', kind="mixed") == relation


@pytest.mark.parametrize(("speakers", "events", "shared", "relation"), [
    (("Ann", "Bo"), ("", ""), 6, "identical"), (("Ann", "Bo"), ("", ""), 5, ""),
    (("Ann", "Ann"), ("", ""), 4, "identical"),
    (("Ann", None), ("e", "e"), 4, "identical"), (("Ann", "Bo"), ("e", "e"), 5, ""), (("Ann", None), ("", ""), 5, ""),
    ((None, None), ("e", "e"), 4, "identical"), (("Ann", "Ann"), ("e", "f"), 6, ""), ((None, None), ("e", "e"), 3, ""),
    (("Ann", "Ann"), ("", ""), 2, "identical"), (("Ann", "ANN"), ("e", ""), 2, "identical")])
def test_how_many_words_make_one_utterance_depends_on_speaker_and_event(speakers, events, shared, relation):
    text = " ".join("we have a new bridge now".split()[:shared])
    assert relate(text, text, speakers=speakers, events=events) == relation


@pytest.mark.parametrize(("text", "other", "relation"), [
    ("we have a new bridge", "we have a new boat or so", "trimmed"),  # four of five words
    ("we have a new bridge here", "we have a new boat or so", ""),
    ("we have a new bridge", "we have a bridge so new", "")])
def test_four_fifths_of_the_shorter_version_make_it_a_trimmed_one(text, other, relation):
    assert relate(text, other) == relate(other, text) == relation


CONTENT = "alpha bravo charlie delta echo foxtrot golf hotel india".split()
OTHERS = "juliett kilo lima mike november oscar papa quebec romeo".split()


@pytest.mark.parametrize(("n_shared", "n", "relation"), [
    (4, 8, "paraphrase"), (4, 9, ""), (3, 4, ""), (4, 4, "paraphrase")])
def test_half_of_the_content_words_and_four_at_least_make_a_paraphrase(n_shared, n, relation):
    text = " ".join(CONTENT[:n][::-1])
    other = " to ".join([*CONTENT[:n_shared], *OTHERS[:n - n_shared]])
    assert relate(text, other, kind="indirect") == relate(other, text, kind="indirect") == relation


def test_words_of_two_letters_are_no_content():
    assert relate("qi xu zo ab alpha bravo charlie", "alpha zo charlie ab bravo xu qi", kind="indirect") == ""
    assert relate("qix xuu zoo abb", "zoo abb xuu qix", kind="indirect") == "paraphrase"


@pytest.mark.parametrize(("n", "holders", "n_pairs"), [(10, 2, 1), (10, 3, 0), (9, 3, 1), (15, 3, 1), (15, 4, 0)])
def test_the_topic_of_an_event_ties_no_quotations(n, holders, n_pairs):
    """Of n quotations of one event, so many have the words that tie two: above a fifth they are its topic."""
    texts = [" ".join(CONTENT[:4]), " ".join(CONTENT[:4][::-1]), *[" so ".join(CONTENT[:4])] * (holders - 2)]
    texts += [f"word{i} thing{i}" for i in range(n - holders)]
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(n)], "event": "e",
                             "outlet": ["Alpha", "Beta", *["Alpha"] * (n - 2)]})
    rows = pd.DataFrame([quotation(f"a{i}", text, kind="indirect", speaker="Ann" if i < 2 else f"S{i}")
                         for i, text in enumerate(texts)])
    assert len(match_utterances(rows, articles)) == n_pairs


def test_the_best_match_in_every_other_outlet_is_kept_the_first_of_equals():
    articles = pd.DataFrame({"article_id": list("xyz"), "outlet": ["Alpha", "Beta", "Gamma"]})
    rows = [quotation("x", "we have a new bridge"), quotation("y", "we have a new bridge now"),
            quotation("y", "we have a new bridge"), quotation("y", "we have a new bridge"),
            quotation("z", "a new bridge")]
    table = match_utterances(pd.DataFrame(rows), articles)
    ids = [row["quotation_id"] for row in rows]
    best = table[table["quotation_a"] == ids[0]][["quotation_b", "relation"]].values.tolist()
    assert [min(ids[2:4]), "identical"] in best and [ids[1], "trimmed"] in best


@pytest.mark.parametrize(("text", "quoted"), [
    ("a “b c” d «e f» g", "b c e f"), ('a "b c', "b c"), ('a "b" c "d"', "b d"), ("a b", "")])
def test_words_between_marks_are_those_of_a_mixed_quotation(text, quoted):
    assert utterances._read_version(text, "mixed", "", frozenset())["quoted"] == quoted
    assert utterances._read_version(text, "indirect", "", frozenset())["quoted"] == ""


def test_four_hundred_words_are_compared():
    text = " ".join(f"w{i}" for i in range(401))
    assert utterances.split_words(text)[-1] == "w399" and len(utterances.split_words(text)) == 400
    assert find_cuts(text, " ".join(text.split()[:300])) == [(text.index("w300"), text.index("w400") - 1)]


def test_a_single_word_is_the_same_only_where_it_is_all():
    assert find_cuts("old", "the old one") == [] and find_cuts("old bridge", "the old one") == [(0, 10)]
    assert find_cuts("now old bridge here", "old bridge") == [(0, 3), (15, 19)]


def test_single_words_in_common_trim_nothing():
    assert relate("we have a new old bridge", "we have a new red bridge") == ""
    assert relate("we have a new old bridge now", "we have a new red bridge now") == "trimmed"


def test_the_words_cut_from_the_middle_are_those_between_the_shared_runs():
    first, middle, last = "the mayor wants a new bridge", "or perhaps a ferry", "before the next winter begins here"
    table = match(quotation("x", f"{first} {middle} {last}"), quotation("y", f"{first} {last}"))
    assert table[["relation", "words_cut"]].values.tolist() == [["trimmed", middle]]


@pytest.mark.parametrize(("speakers", "n"), [(("Lena Ortiz", None), 1), ((None, None), 1),
                                             (("Lena Ortiz", "Omar Reyes"), 0)])
def test_four_shared_words_of_one_event_match_unless_both_speakers_are_known(speakers, n):
    articles = pd.DataFrame({"article_id": ["x", "y"], "outlet": ["Beta", "Alpha"], "event": "e"})
    rows = [quotation(name, "bridges carry heavy trucks", speaker=speaker)
            for name, speaker in zip("xy", speakers, strict=True)]
    assert len(match_utterances(pd.DataFrame(rows), articles)) == n


@pytest.mark.parametrize(("other", "kind", "n"), [
    ("witch hunt", "direct", 1), ('it was a "witch hunt" again', "mixed", 0)])
def test_two_quoted_words_match_only_if_they_are_all_or_the_context_agrees(other, kind, n):
    for rows in ((("witch hunt", "direct"), (other, kind)), ((other, kind), ("witch hunt", "direct"))):
        assert len(match(*(quotation(name, text, kind=how)
                           for name, (text, how) in zip("xy", rows, strict=True)))) == n


def test_three_quoted_words_may_be_trimmed():
    rows = [quotation(name, f'called the bridge builders "{words}"', kind="mixed")
            for name, words in (("x", "reckless cruel men always"), ("y", "reckless cruel men"))]
    assert match(*rows)[["relation", "words_cut"]].values.tolist() == [["trimmed", "always"]]


@pytest.mark.parametrize(("speaker", "n"), [("Lena Ortiz", 1), ("Omar Reyes", 0)])
def test_two_quoted_words_in_one_context_are_not_of_two_speakers(speaker, n):
    text = 'the long report on the bridge was a "witch hunt"'
    assert len(match(quotation("x", text, kind="mixed"), quotation("y", text, kind="mixed", speaker=speaker))) == n


def test_two_quoted_words_in_different_contexts_are_not_one_utterance():
    texts = 'the long report on bridges was a "witch hunt"', 'every angry voter saw nothing but a "witch hunt"'
    assert match(*(quotation(name, text, kind="mixed") for name, text in zip("xy", texts, strict=True))).empty
