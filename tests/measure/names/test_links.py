"""Which pairs of names are drawn."""

import pandas as pd
import pytest

from samestory.measure.names.links import choose_links


def choose(rows: list[tuple[str, str, int, float]], **options: int) -> tuple[list[str], int]:
    """Pairs that are drawn, as one word each, and how many are left out."""
    drawn = choose_links(pd.DataFrame(rows, columns=["entity_a", "entity_b", "n_sentences", "expected"]), **options)
    return (drawn.table["entity_a"] + drawn.table["entity_b"]).tolist(), drawn.n_left_out


@pytest.mark.parametrize(("n", "expected", "drawn"), [(2, 1.9, True), (1, 0.5, False), (2, 2.0, False), (3, 2.9, True)])
def test_a_pair_is_drawn_from_two_sentences_and_more_than_expected(n, expected, drawn):
    assert choose([("a", "b", n, expected)]) == (["ab"] if drawn else [], 0)


def test_names_come_from_the_first_pairs_and_the_rest_is_counted():
    rows = [("a", "b", 9, 0), ("c", "d", 8, 0), ("b", "c", 7, 0), ("a", "c", 6, 0)]
    assert choose(rows, most_names=3) == (["ab", "bc", "ac"], 1)
    assert choose(rows, most_names=4) == (["ab", "cd", "bc", "ac"], 0)


def test_thirty_names_and_sixty_pairs_are_drawn():
    assert choose([("hub", f"{i}", 2, 0) for i in range(40)]) == ([f"hub{i}" for i in range(29)], 11)
    clique = [(chr(65 + i), chr(65 + j), 2, 0) for i in range(12) for j in range(i)]
    assert choose(clique) == ([a + b for a, b, *_ in clique[:60]], 6)
