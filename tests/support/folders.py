"""Folders of the tests: cases, fixtures, the checkout."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
CASES = TESTS / "cases"
FIXTURES = TESTS / "fixtures"
CHECKOUT = TESTS.parent
