"""Place names: whether a folder, a sheet or a file may be named after an outlet, rather than after a day or `data`."""

import re
from functools import cache

from samestory.base.resources import read_data_rows
from samestory.read.formats.fields import fold_field_name, read_names_of

NOT_OUTLET_FIELD = "no outlet"  # of data/field_names.csv
NAMING_WORD_PATTERN = re.compile(r"(?:[^\W\d_]['’&.]?)+|\d+[^\W_]*")
DIGITS_PATTERN = re.compile(r"\d+(?:st|nd|rd|th)?|[a-z]?\d+[a-z]?|[a-z]")


def may_name_outlet(name: str) -> bool:
    """Whether a name has a word that is no date, number or word for a place of articles.

    >>> may_name_outlet("2024-05-01"), may_name_outlet("Sheet1"), may_name_outlet("May 2024"), may_name_outlet("CNN 2")
    (False, False, False, True)
    """
    return bool(keep_naming_words(name))


def keep_naming_words(name: str) -> list[str]:
    """The words of a name that are no dates, numbers or words for a place of articles.

    >>> keep_naming_words("2024-05-01 Fox News_articles3")
    ['Fox', 'News']
    """
    words = NAMING_WORD_PATTERN.findall(name)
    return [word for word in words if not DIGITS_PATTERN.fullmatch(folded := fold_field_name(word))
            and folded not in _list_words_of_no_outlet()]


@cache
def _list_words_of_no_outlet() -> frozenset[str]:
    months = (fold_field_name(row["name"]) for row in read_data_rows("month_names"))
    return read_names_of(NOT_OUTLET_FIELD).union(months)
