"""Main findings: their numbers agree with the tables, and each has the sentences that support it."""

import json
import re

import pandas as pd
import pytest

from samestory.base.resources import resource
from samestory.count.terms import count_terms
from samestory.findings import find_main_points
from samestory.findings.names import _score_groups, find_lone_names, find_naming
from samestory.findings.speech import find_shared_speech, find_speakers
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


def test_the_seeds_have_six_findings_in_the_order_of_the_pages(points):
    assert len(points) == 6
    assert [point.page for point in points] == sorted(point.page for point in points)
    assert all(point.text.endswith(".") and point.section for point in points)


def test_each_section_is_a_heading_of_its_page(points, many):
    for point in [*points, *find_main_points(many, {})]:
        notebook = json.loads((resource("notebooks") / f"{point.page}.ipynb").read_text(encoding="utf-8"))
        texts = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
        assert re.search(rf"^#+ {re.escape(point.section)}$", "\n".join(texts), re.MULTILINE), point.section


def test_each_finding_brings_its_sentences(points):
    for point in points:
        assert "<li" in point.evidence.html, point.text
        assert "<mark" in point.evidence.html, point.text


def test_two_articles_are_too_few_and_the_finding_says_so(points):
    text = " ".join(point.text for point in points)
    assert text.count("Too few") == 3
    assert text.count("too few") == 1


def test_the_clearest_word_is_the_first_of_the_keyword_table(seeds, points):
    first = measure_outlets(count_terms(seeds.folder)).table.iloc[0]
    assert f"“{first['term']}”" in points[0].text
    assert f"{first['n_target']} times in {first['target']}" in points[0].text


def test_the_most_quoted_agree_with_the_table(seeds, points):
    speakers = count_speakers(choose_quotations(seeds)).drop_duplicates("outlet")
    for row in speakers.itertuples():
        assert f"{row.speaker_name} in {row.outlet} ({row.share})" in points[1].text


def test_quoted_words_agree_with_the_table(seeds, points):
    for row in count_quoted_words(seeds, choose_quotations(seeds)).itertuples():
        assert f"{row.outlet} {row.n_words_direct} of {row.n_words} words" in points[2].text


def test_enough_articles_give_intervals_and_a_test(many):
    told = [point.text for point in find_main_points(many, {})]
    assert re.match(r"\d+ words? sets? ", told[0])
    assert says(told[0], "left", "right", "few articles")
    assert sum("interval" in text for text in told) >= 3
    assert not any("Too few" in text for text in told)


def test_what_outlets_call_one_thing_is_reported(many):
    found = find_naming(many)
    assert "left talks" in found.text
    assert "right summit" in found.text


def test_target_and_reference_are_the_requested_ones(seeds):
    text = find_main_points(seeds, {"target": "CNN", "reference": "CGTN"})[0].text
    assert says(text, "CNN", "CGTN")


def test_one_outlet_alone_has_findings_too(folder, own_cache):
    tables = load_tables(folder({"cnn/1.txt": LEFT, "cnn/2.txt": RIGHT}))
    texts = [point.text for point in find_main_points(tables, {})]
    assert "no other outlet" in texts[0]
    assert any(text.startswith("Named most") for text in texts)


def test_nobody_who_may_be_another_outlets_is_said_to_be_in_one_only(folder, own_cache):
    root = folder({"left/1.txt": "Ann Lee said that the talks failed. Bob Lee said that they went on. Ann Lee left.",
                   "right/1.txt": "Mr. Lee said that the talks went well. Mr. Lee said that Cara Ott was late."})
    tables = load_tables(root)
    names, speech = find_lone_names(tables).text, find_shared_speech(tables, choose_quotations(tables)).text
    assert "3 more may be" in names
    assert says(speech, "0 of 3 named speakers", "3 more may be")


def test_a_corpus_without_a_named_speaker_says_so(folder, own_cache):
    tables = load_tables(folder({"cnn/1.txt": "It rained all day long.", "fox/1.txt": "It was dry all day long."}))
    found = find_speakers(tables, choose_quotations(tables))
    assert found.text.startswith("No statement ")
    assert found.evidence is None


def test_copies_are_reported_if_there_is_room(folder, own_cache):
    story = "Ann Lee met Bob Ray in Paris on Monday. Ann Lee said that it went well."
    tables = load_tables(folder({"cnn/1.txt": story, "fox/1.txt": story}))
    assert any(point.text.startswith("1 of 2 articles ") for point in find_main_points(tables, {}))


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
