"""The network: positions are reproducible, no name covers another, and few links give a sentence."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.draw.layout import NameBoxes, measure_link_distances, minimise_stress, place_names
from samestory.draw.network import describe_network, plot_network
from samestory.measure.names.links import choose_links
from samestory.show.figure import show_figure
from tests.support.wording import says


def make_links(pairs: list[tuple[int, int]]) -> pd.DataFrame:
    rows = [{"entity_a": f"ORG:{a:02}", "entity_b": f"ORG:{b:02}", "name_a": f"Firm {a:02}", "name_b": f"Firm {b:02}",
             "n_sentences": len(pairs) + 1 - i, "expected": 1.0} for i, (a, b) in enumerate(pairs)]
    return pd.DataFrame(rows, columns=["entity_a", "entity_b", "name_a", "name_b", "n_sentences", "expected"])


def make_mentions(n: int) -> pd.DataFrame:
    return pd.DataFrame({"entity_id": [f"ORG:{i:02}" for i in range(n)], "name": [f"Firm {i:02}" for i in range(n)],
                         "label": "ORG", "outlet": ["Alpha", "Beta"] * (n // 2) + ["Alpha"] * (n % 2),
                         "n_mentions": range(1, n + 1), "n_articles": 1, "elsewhere": False})


def make_tree(n: int, generator: np.random.Generator) -> np.ndarray:
    return np.array([[i, generator.integers(0, i)] for i in range(1, n)])


def test_at_most_thirty_names_are_chosen_and_the_rest_counted():
    chosen = choose_links(make_links(list(combinations(range(40), 2))))
    assert len(set(chosen.table["entity_a"]) | set(chosen.table["entity_b"])) <= 30
    assert len(chosen.table) == 60 and chosen.n_left_out == 780 - 60


def test_pairs_no_more_frequent_than_expected_are_not_drawn():
    links = make_links([(0, 1), (1, 2)]).assign(expected=[9.0, 1.0])
    assert choose_links(links).table["name_a"].tolist() == ["Firm 01"]


def test_few_links_are_a_sentence():
    chosen, mentioned = choose_links(make_links([(0, 1), (1, 2)])).table, make_mentions(3)
    assert "too few" in describe_network(chosen, mentioned)
    shown = show_figure(plot_network(chosen, mentioned), alt="A sentence.", caption="x", table=None)
    assert shown.block == {"kind": "nothing", "text": "A sentence."}


def test_a_network_needs_ten_articles():
    assert choose_links(make_links([(0, 1)] * 9), n_articles=9).table.empty


@pytest.mark.slow
def test_drawing_is_reproducible_and_has_every_name():
    chosen, mentioned = choose_links(make_links([(i, (i * 7 + 1) % 20) for i in range(20)])).table, make_mentions(20)
    first, again = (show_figure(plot_network(chosen, mentioned), alt=describe_network(chosen, mentioned), caption="x",
                                table=None).svg for _ in range(2))
    assert first == again
    assert all(f">{name}<" in first.replace("\n", "") for name in set(chosen["name_a"]))


def test_description_counts_names_and_pairs_and_names_the_strongest():
    chosen = choose_links(make_links([(0, 1), (0, 2), (0, 3)])).table
    text = describe_network(chosen, make_mentions(4))
    assert says(text, "4 names", "3 pairs", "4 of the names", "Firm 00 with 3 others", "Firm 01 with 1 other,",
                "Firm 00", "Firm 01 in 4 sentences")


def test_a_name_that_may_be_another_outlets_is_not_in_one_only():
    chosen, mentioned = choose_links(make_links([(0, 1), (0, 2), (0, 3)])).table, make_mentions(4)
    mentioned["name"] = ["Firm 00", "Firm 01", "Firm 02", "Harbour Firm 02"]
    assert "2 of the names are in one outlet only" in describe_network(chosen, mentioned)
    mentioned["name"], mentioned["elsewhere"] = [f"Firm {i:02}" for i in range(4)], [False, True, False, True]
    svg = show_figure(plot_network(chosen, mentioned), alt="x", caption="x", table=None).svg
    assert ">in one outlet or more (2)<" in svg and ">only in Alpha (2)<" in svg


@pytest.mark.slow
@settings(max_examples=25)
@given(st.integers(3, 30), st.integers(0, 2**16))
def test_no_name_covers_another_and_all_stay_in_the_frame(n, seed):
    generator = np.random.default_rng(seed)
    lines = make_tree(n, generator)
    boxes = NameBoxes(generator.uniform(20, 130, n), generator.uniform(2.5, 7.5, n))
    places, height = place_names(lines, boxes)
    left, top = places[:, 0] - boxes.width / 2, places[:, 1] - boxes.radius
    right, foot = left + boxes.width, top + boxes.height
    assert left.min() >= -0.01
    assert right.max() <= 360 + 0.01
    assert top.min() >= -0.01
    assert foot.max() <= height + 0.01
    for i, j in combinations(range(n), 2):
        across = min(right[i], right[j]) - max(left[i], left[j])
        assert across < 0.02 or min(foot[i], foot[j]) - max(top[i], top[j]) < 0.02


@pytest.mark.parametrize("seed", range(8))
def test_last_bits_of_the_distances_do_not_move_a_name(seed):
    generator = np.random.default_rng(seed)
    distances = measure_link_distances(make_tree(24, generator), 24)
    noise = 1 + 1e-12 * generator.standard_normal(distances.shape)
    assert (minimise_stress(distances) == minimise_stress(distances * noise)).all()


@pytest.mark.parametrize("lines", [[[0, 1], [1, 2], [2, 3], [3, 0]], [[0, i] for i in range(1, 9)],
                                   list(combinations(range(9), 2)), [[0, 1], [2, 3], [4, 5]]],
                         ids=["circle", "star", "all with all", "three pairs"])
def test_last_bits_do_not_decide_between_positions_of_a_symmetric_network(lines):
    lines = np.array(lines)
    distances = measure_link_distances(lines, lines.max() + 1)
    noise = 1 + 1e-12 * np.random.default_rng(1).standard_normal(distances.shape)
    assert (minimise_stress(distances) == minimise_stress(distances * noise)).all()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_last_bits_of_the_boxes_do_not_move_a_name(seed):
    generator = np.random.default_rng(seed)
    lines = make_tree(24, generator)
    width, radius = generator.uniform(20, 130, 24).round(1), generator.uniform(2.5, 7.5, 24).round(1)
    places, height = place_names(lines, NameBoxes(width, radius))
    noisy_places, noisy_height = place_names(lines, NameBoxes(width * (1 + 1e-12), radius * (1 - 1e-12)))
    assert height == noisy_height
    assert (places == noisy_places).all()


def test_stress_of_a_path_is_zero():
    steps = measure_link_distances(np.array([[0, 1], [1, 2]]), 3)
    places = minimise_stress(steps)
    assert np.linalg.norm(places[0] - places[2]) == pytest.approx(2, abs=0.01)
    assert np.linalg.norm(places[0] - places[1]) == pytest.approx(1, abs=0.01)


def test_names_without_a_path_are_as_far_apart_as_the_longest_path():
    assert measure_link_distances(np.array([[0, 1], [1, 2], [3, 4]]), 5)[0, 3] == 2
