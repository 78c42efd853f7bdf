"""Near values: almost the same number for one thing, which the other outlet does not have."""

import numpy as np
import pytest

from samestory.story.near_values import MAX_KEY_VALUES, find_near_values

BILL = {"kind": "money", "unit": "USD", "counted": None, "value": 740e9, "value_to": None, "approximation": None}
OUTLETS = np.array([0, 0, 1, 1])


def make_values(*rows):
    return {position: [BILL | row] for position, row in rows}


@pytest.mark.parametrize(("rows", "found"), [
    ([(0, {}), (2, {"value": 732e9})], {(0, 2)}),
    ([(0, {}), (2, {"value": 732e9}), (3, {})], set()),  # the other outlet has it, too
    ([(0, {}), (2, {"value": 400e9})], set()),  # another thing
    ([(0, {"value": 735e9}), (2, {"value": 700e9})], set()),  # rounded
    ([(0, {}), (2, {"value": 700e9, "approximation": "more than"})], set()),
    ([(0, {}), (1, {"value": 732e9})], set()),  # one outlet
    ([(0, {}), (2, {"value": 732e9, "unit": "EUR"})], set()),
    ([(0, {"kind": "percentage", "unit": "percent", "value": 44.0}),
      (2, {"kind": "percentage", "unit": "percent", "value": 46.0})], set())])
def test_near_values_are_found_where_nobody_has_both(rows, found):
    assert find_near_values(OUTLETS, make_values(*rows)) == found


def test_many_values_are_bounded():
    n = 20 * MAX_KEY_VALUES
    values = make_values(*((i, {"value": 1000.0 + i}) for i in range(n)))
    assert len(find_near_values(np.arange(n) % 2, values)) <= MAX_KEY_VALUES ** 2
