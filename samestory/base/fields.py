"""Fields of an article: its text, and its headline where only the metadata have it.

A row of a table of spans says in its column `field` which of the two its offsets count in; a table without that column,
and a row without a value, mean the text. Whoever cuts words out of an article, or compares the places of two rows,
does it with these helpers.
"""

from collections.abc import Iterable

import pandas as pd

FIELD_OF_TEXT, FIELD_OF_HEADLINE = "text", "headline"
FIELD_SEPARATOR = "\n\n"  # between them where both are read or shown as one
SPAN_FIELDS = (FIELD_OF_HEADLINE, FIELD_OF_TEXT)  # in the order in which they are read
IN_TEXT_SQL = f"coalesce(field, '{FIELD_OF_TEXT}') = '{FIELD_OF_TEXT}'"


def write_span_id(article_id: str, letter: str, field: str, start: int, end: int) -> str:
    """The id of a row: its article, the letter of its kind, and its span; `h` marks the headline.

    >>> write_span_id("cnn/1", "m", "text", 3, 9), write_span_id("cnn/1", "m", "headline", 3, 9)
    ('cnn/1/m3-9', 'cnn/1/mh3-9')
    """
    return f"{article_id}/{letter}{'h' if field == FIELD_OF_HEADLINE else ''}{start}-{end}"


def name_field(value: object) -> str:
    """The field that a value of the column `field` names; a missing value means the text."""
    return FIELD_OF_HEADLINE if value == FIELD_OF_HEADLINE else FIELD_OF_TEXT


def list_fields(rows: pd.DataFrame) -> "pd.Series[str]":
    """The field of each row of a table of spans."""
    if "field" not in rows:
        return pd.Series(FIELD_OF_TEXT, index=rows.index, dtype="str")
    return rows["field"].map(name_field).astype("str")


def select_text_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose offsets count in the text."""
    return rows[list_fields(rows) == FIELD_OF_TEXT] if "field" in rows else rows


def find_reading_places(rows: pd.DataFrame, articles: pd.DataFrame, column: str = "start") -> "pd.Series[int]":
    """Offsets in the order of reading: those in the text as they are, those in the headline before them, below 0.

    Parameters
    ----------
    rows : rows of a table of spans
    articles : the table `articles`
    column : the column of the offsets

    >>> articles = pd.DataFrame({"article_id": ["a"], "headline": ["Fire in Ulm"], "text": ["A fire broke out."]})
    >>> rows = pd.DataFrame({"article_id": ["a", "a"], "field": ["headline", "text"], "start": [8, 2]})
    >>> find_reading_places(rows, articles).tolist()
    [-4, 2]
    """
    places = rows[column].astype("int64")
    is_headline = list_fields(rows) == FIELD_OF_HEADLINE
    if not is_headline.any():
        return places
    lengths = articles.set_index("article_id")["headline"].fillna("").str.len() + 1
    return places - rows["article_id"].map(lengths).where(is_headline, 0).astype("int64")


def read_field_texts(articles: pd.DataFrame, article_ids: Iterable[str] | None = None) -> dict[tuple[str, str], str]:
    """The text of each field of the articles, by article_id and field; empty where an article has no headline.

    Parameters
    ----------
    articles : the table `articles`
    article_ids : the articles that are needed; all if None

    >>> articles = pd.DataFrame({"article_id": ["a"], "headline": ["Fire in Ulm"], "text": ["A fire broke out."]})
    >>> read_field_texts(articles)["a", "headline"][8:]
    'Ulm'
    """
    if article_ids is not None:
        articles = articles[articles["article_id"].isin(set(article_ids))]
    return {(article_id, field): value if isinstance(value, str) else "" for field in SPAN_FIELDS
            for article_id, value in zip(articles["article_id"], articles[field], strict=True)}
