"""The plain words for columns and kinds of names, each explained once: on hover, and on the page on method."""

from functools import cache

from samestory.base.resources import read_data_rows

ENTITY_LABEL_WORDS = {"PERSON": "person", "ORG": "body", "GPE": "country or city", "LOC": "place", "FAC": "building",
                      "NORP": "people or party", "EVENT": "event", "LAW": "law", "WORK_OF_ART": "work",
                      "PRODUCT": "product", "LANGUAGE": "language"}

CUE_CLASS_WORDS = {"factive": "as true", "hedged": "left in doubt", "performative": "announced", "neutral": "said",
                   "accusing": "accused", "denying": "denied", "demanding": "demanded", "promising": "promised"}
VALUE_WORDS = {"label": ENTITY_LABEL_WORDS, "cue_class": CUE_CLASS_WORDS}  # plain words for values, by column


@cache
def read_glossary() -> dict[str, tuple[str, str]]:
    """The plain word and the meaning of each column that has them, by the column's name."""
    return {row["name"]: (row["shown"], row["meaning"]) for row in read_data_rows("glossary")}


def name_column(name: str) -> str:
    """The head of a column: its plain word, or its name without underscores.

    >>> name_column("n_quotations"), name_column("n_speakers"), name_column("other_name")
    ('statements', 'speakers', 'other name')
    """
    found = read_glossary().get(name)
    return found[0] if found else name.removeprefix("n_").replace("_", " ").strip()


def explain_column(name: str) -> str:
    """What a column means; empty if its head says it all."""
    return read_glossary().get(name, ("", ""))[1]


def is_last_column(name: str) -> bool:
    """Whether pages put a column behind the others."""
    return name in _read_last_columns()


@cache
def _read_last_columns() -> frozenset[str]:
    return frozenset(row["name"] for row in read_data_rows("glossary") if row["last"])


def spell_value(column: object, value: object) -> object:
    """The plain word for a value of a column, such as GPE among the labels.

    >>> spell_value("label", "GPE"), spell_value("cue_class", "factive"), spell_value("name", "GPE")
    ('country or city', 'as true', 'GPE')
    """
    words = VALUE_WORDS.get(column, {}) if isinstance(column, str) else {}
    return words.get(value, value) if isinstance(value, str) else value
