"""What the front page shows of a finding: a chart, a sentence before its proof, and what is not claimed."""

import pytest

from samestory.findings import find_main_points, list_untold
from samestory.findings.speech import find_speakers
from samestory.findings.story import find_lone_facts, find_side_shares
from samestory.measure.facts import find_facts
from samestory.measure.speakers import choose_quotations
from tests.support.wording import says


@pytest.mark.slow
def test_bars_are_the_numbers_of_the_sentence(seeds):
    quotations = choose_quotations(seeds)
    for found in (find_speakers(seeds, quotations), find_side_shares(seeds, quotations)):
        assert found.bars and all(0 < bar.share <= 1 and bar.said in found.text for bar in found.bars[:2])


def test_a_sentence_before_its_proof_quotes_nothing(seeds):
    found = find_lone_facts(seeds, find_facts(seeds))
    assert "“" in found.text and "“" not in found.lead and says(found.lead, "counterpart")


@pytest.mark.slow
def test_what_is_not_claimed_is_told(seeds):
    assert "words" in list_untold(find_main_points(seeds, {}))
