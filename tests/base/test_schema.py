"""Tables: columns are declared once, and the data dictionary in data/README.md is generated from them."""

import pytest

from samestory.base.resources import resource
from samestory.base.schema import TABLES, make_table, write_dictionary


def test_a_table_without_rows_has_all_columns():
    for name, table in TABLES.items():
        assert make_table(name, []).schema == table.arrow


def test_a_column_that_is_not_declared_is_refused():
    with pytest.raises(KeyError, match=r"links.*strength.*schema\.py"):
        make_table("links", [{"entity_a": "x", "strength": 1}])


def test_the_data_dictionary_is_up_to_date():
    text = (resource("data") / "README.md").read_text(encoding="utf-8")
    assert write_dictionary() in text, "run `make refresh`"


def test_every_column_has_a_meaning():
    assert all(column.meaning for table in TABLES.values() for column in table.columns)
