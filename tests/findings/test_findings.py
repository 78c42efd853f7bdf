"""Main findings: their numbers agree with the tables, and each has the sentences that support it."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from samestory.base.resources import resource
from samestory.count.terms import count_terms
from samestory.findings import MAX_FINDINGS, find_main_points
from samestory.findings.labels import _score_groups, find_naming
from samestory.findings.speech import find_cut_quotation, find_quoted_shares, find_speakers
from samestory.findings.words import find_keywords
from samestory.measure.speakers import choose_quotations, count_quoted_words, count_speakers
from samestory.measure.words.keyness import measure_outlets
from samestory.tables.tables import load_tables
from tests.support.wording import says

LEFT = "Ann Lee said the talks went well. “We agree on peace,” Ann Lee said. The talks and the talks went on in Paris. "
RIGHT = "Bob Ray said the summit failed. The summit and the summit ended in Rome. A summit is dear, Bob Ray said. "


@pytest.fixture(scope="module")
def points(seeds):
    return find_main_points(seeds, {})


@pytest.fixture(scope="module")
def many(own_cache, tmp_path_factory):
    """Two outlets with six articles each."""
    root = tmp_path_factory.mktemp("many")
    for outlet, text in (("left", LEFT), ("right", RIGHT)):
        (root / outlet).mkdir()
        for n in range(6):
            own = " ".join(f"Place{outlet}{n}x{i} lies there in the sun." for i in range(12))
            (root / outlet / f"{n}.txt").write_text(text * 2 + own, encoding="utf-8")
    return load_tables(root)


@pytest.mark.slow
def test_the_seeds_have_at_most_five_findings_the_story_first(points):
    assert 2 < len(points) <= MAX_FINDINGS
    assert points[0].page == "05_story"
    assert all(point.text.endswith(".") and point.section for point in points)


@pytest.mark.slow
def test_each_section_is_a_heading_of_its_page(points, many):
    for point in [*points, *find_main_points(many, {})]:
        notebook = json.loads((resource("notebooks") / f"{point.page}.ipynb").read_text(encoding="utf-8"))
        texts = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
        assert re.search(rf"^#+ {re.escape(point.section)}$", "\n".join(texts), re.MULTILINE), point.section


@pytest.mark.slow
def test_each_finding_brings_its_sentences(points):
    for point in points:
        assert "<li" in point.evidence.html, point.text
        assert "<mark" in point.evidence.html, point.text


def test_two_articles_are_too_few_for_a_word_or_a_habit(seeds):
    assert find_keywords(seeds, {}) is None and find_naming(seeds) is None


@pytest.mark.slow
def test_the_clearest_word_is_the_first_of_the_keyword_table(many):
    first = measure_outlets(count_terms(many.folder)).table.iloc[0]
    text = find_keywords(many, {}).text
    assert f"“{first['term']}”" in text and says(text, "left", "right", "few articles")
    assert re.match(r"\d+ words? sets? ", text)


@pytest.mark.slow
def test_the_most_quoted_agree_with_the_table(seeds):
    speakers = count_speakers(choose_quotations(seeds)).drop_duplicates("outlet")
    text = find_speakers(seeds, choose_quotations(seeds)).text
    firsts = [row for row in speakers.itertuples() if row.n_inferred < row.n_quotations]
    assert firsts and all(f"{row.speaker_name} in {row.outlet} ({row.share})" in text for row in firsts)


@pytest.mark.slow
def test_quoted_words_agree_with_the_table(folder, own_cache):
    said = {"cnn": "“We will not sign paper {},” Ann Lee said. She left.",
            "fox": "Ann Lee said that paper {} was gone."}
    tables = load_tables(folder({f"{outlet}/{n}.txt": text.format(n) for outlet, text in said.items()
                                 for n in range(6)}))
    rows = count_quoted_words(tables, choose_quotations(tables))
    text = find_quoted_shares(tables, choose_quotations(tables)).text
    assert all(f"{row.outlet} {row.n_words_direct} of {row.n_words} words" in text for row in rows.itertuples())


@pytest.mark.slow
def test_two_articles_are_too_few_for_a_share_of_quoted_words(folder, own_cache):
    tables = load_tables(folder({"cnn/1.txt": "“We will not sign this paper,” Ann Lee said. She left.",
                                 "fox/1.txt": "Ann Lee said that nobody would sign a paper, and left the room."}))
    assert np.ptp(count_quoted_words(tables, choose_quotations(tables))["direct_percent"]) > 50
    assert find_quoted_shares(tables, choose_quotations(tables)) is None


@pytest.mark.slow
def test_enough_articles_give_intervals(many):
    quotations = choose_quotations(many)
    assert find_quoted_shares(many, quotations) is None or "interval" in find_quoted_shares(many, quotations).text
    assert "interval" in find_speakers(many, quotations).text


def find_voices(root):
    tables = load_tables(root)
    found = find_speakers(tables, choose_quotations(tables))
    return found.text if found else None


@pytest.mark.slow
def test_nobody_who_speaks_once_or_without_a_name_is_quoted_most(folder, own_cache):
    once = "Ann Lee said that it rained. Bob Ray said that it snowed. Some farmers said it. Some farmers said more."
    assert find_voices(folder({
        "cnn/1.txt": once, "fox/1.txt": "Cara Ott said that it was dry. Dan Moe said that it was cold."})) is None


def say(name, *things):
    return " ".join(f"{name} said that the {thing} was closed." for thing in things)


@pytest.mark.slow
def test_the_most_quoted_are_named_only_if_each_outlet_has_a_clear_one(folder, own_cache):
    clear = say("Ann Lee", "road", "school", "bridge") + say(" Bob Ray", "mill")
    assert "Cara Ott in Fox News (3 of 3)" in find_voices(folder({
        "cnn/1.txt": clear, "fox/1.txt": say("Cara Ott", "pool", "shop", "park")}, "clear"))
    assert find_voices(folder({"cnn/1.txt": clear, "fox/1.txt": "It was dry all day long."}, "one side")) is None
    tie = clear + say(" Bob Ray", "gate", "port")
    assert find_voices(folder({"cnn/1.txt": tie, "fox/1.txt": say("Cara Ott", "pool", "shop", "park")}, "tie")) is None


@pytest.mark.slow
def test_a_lead_by_inferred_speakers_is_not_reported(folder, own_cache):
    inferred = (say("Bob Ray", "road", "mill") + " Ann Lee said that it rained. She said that it was wet."
                " She added that the river rose. She said that nobody was hurt. She said that help was near.")
    assert find_voices(folder({"cnn/1.txt": inferred, "fox/1.txt": say("Cara Ott", "pool", "shop", "park")})) is None


@pytest.mark.slow
def test_words_that_one_outlet_leaves_out_are_shown(folder, own_cache):
    said = "“We will not sign a paper that leaves the ferry workers without a pension{},” Ann Lee said."
    cut = " and would not even thank them for their work"
    root = folder({"cnn/1.txt": said.format(cut), "fox/1.txt": said.format("")})
    tables = load_tables(root)
    text = find_cut_quotation(tables, choose_quotations(tables)).text
    assert "“and would not even thank them for their work”" in text
    assert text.index("CNN quotes") < text.index("Fox News does not quote")


@pytest.mark.slow
def test_words_that_the_other_has_elsewhere_are_no_cut(folder, own_cache):
    said = "“We will not sign a paper that leaves the ferry workers without a pension{},” Ann Lee said."
    cut = " and would not even thank them for their work"
    tables = load_tables(folder({"cnn/1.txt": said.format(cut),
                                 "fox/1.txt": said.format("") + f" They were left without a pension{cut}."}))
    assert find_cut_quotation(tables, choose_quotations(tables)) is None


@pytest.mark.slow
def test_few_words_cut_are_no_finding(folder, own_cache):
    said = "“We will not sign a paper that leaves the ferry workers without a pension{},” Ann Lee said."
    tables = load_tables(folder({"cnn/1.txt": said.format(" at all"), "fox/1.txt": said.format("")}))
    assert find_cut_quotation(tables, choose_quotations(tables)) is None


def test_what_outlets_call_one_thing_is_reported(many):
    found = find_naming(many)
    assert "left talks" in found.text
    assert "right summit" in found.text


def test_target_and_reference_are_the_requested_ones(many):
    text = find_keywords(many, {"target": "right", "reference": "left"}).text
    assert says(text, "right apart from left")


@pytest.mark.slow
def test_one_outlet_alone_has_findings_too(folder, own_cache):
    tables = load_tables(folder({"cnn/1.txt": LEFT * 2, "cnn/2.txt": LEFT}))
    topics = [point.topic for point in find_main_points(tables, {})]
    assert topics and "In one outlet only" not in topics


@pytest.mark.slow
def test_a_corpus_without_a_named_speaker_has_no_such_finding(folder, own_cache):
    root = folder({"cnn/1.txt": "It rained all day long.", "fox/1.txt": "It was dry all day long."})
    assert find_voices(root) is None


@pytest.mark.slow
def test_copies_are_reported_if_there_is_room(folder, own_cache):
    story = "Ann Lee met Bob Ray in Paris on Monday. Ann Lee said that it went well."
    tables = load_tables(folder({"cnn/1.txt": story, "fox/1.txt": story}))
    assert any(point.text.startswith("1 of 2 articles ") for point in find_main_points(tables, {}))


@pytest.mark.slow
def test_names_are_bounded(folder, own_cache):
    name = "A" * 5_000
    tables = load_tables(folder({"cnn/1.txt": f"“We won,” said {name} Lee. " * 3, "fox/1.txt": RIGHT}))
    assert all(len(point.text) < 1_000 for point in find_main_points(tables, {}))


def test_score_is_the_likelihood_ratio_of_the_table():
    from scipy.stats import chi2_contingency
    cells = {("a", "talks"): 5, ("a", "summit"): 1, ("b", "talks"): 2, ("b", "summit"): 7}
    rows = [(outlet, label) for (outlet, label), n in cells.items() for _ in range(n)]
    found = pd.DataFrame(rows, columns=["outlet", "label"]).assign(event="", group="meetings")
    expected = chi2_contingency([[5, 1], [2, 7]], correction=False, lambda_="log-likelihood").statistic
    assert _score_groups(found).iloc[0] == pytest.approx(expected)


@pytest.mark.slow
def test_over_several_events_speakers_are_compared_within_them(folder, own_cache):
    said = {"CNN": "“It rains,” Ada Voss said. “It is wet,” Ada Voss said. “Go home,” Bo Karr said.",
            "Fox News": "“It rains,” Bo Karr said. “It is wet,” Bo Karr said. “Go home,” Bo Karr said."}
    rows = [{"id": f"{outlet}/{n}", "outlet": outlet, "event": f"storm {n}",
             "text": text.replace("rains", f"rains {n}")} for n in range(6) for outlet, text in said.items()]
    rows.append({"id": "alone", "outlet": "CNN", "event": "flood", "text": "“We saw it,” Cy Orr said. " * 9})
    tables = load_tables(folder({"a.jsonl": "".join(f"{json.dumps(row)}\n" for row in rows)}))
    quotations = choose_quotations(tables)
    found = find_speakers(tables, quotations).text
    assert "Event by event, Fox News quotes Bo Karr more" in found and "18 of 18" in found and "Orr" not in found
    assert "6 events that two outlets or more report, without 1 event" in found
