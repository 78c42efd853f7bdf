"""The plain words for columns and kinds of names, each explained once: on hover, and on the page on method."""

from functools import cache

from samestory.base.resources import read_data_rows

ENTITY_LABEL_WORDS = {"PERSON": "person", "ORG": "body", "GPE": "country or city", "LOC": "place", "FAC": "building",
                      "NORP": "people or party", "EVENT": "event", "LAW": "law", "WORK_OF_ART": "work",
                      "PRODUCT": "product", "LANGUAGE": "language"}


@cache
def read_glossary() -> dict[str, tuple[str, str]]:
    """The plain word and the meaning of each column that has them, by the column's name."""
    return {row["name"]: (row["shown"], row["meaning"]) for row in read_data_rows("glossary")}


def name_column(name: str) -> str:
    """The head of a column: its plain word, or its name without underscores.

    >>> name_column("n_mentions"), name_column("other_name")
    ('mentions', 'other name')
    """
    found = read_glossary().get(name)
    return found[0] if found else name.replace("_", " ").strip()


def explain_column(name: str) -> str:
    """What a column means; empty if its head says it all."""
    return read_glossary().get(name, ("", ""))[1]


def spell_label(label: object) -> object:
    """The plain word for the kind of a name, such as GPE."""
    return ENTITY_LABEL_WORDS.get(label, label) if isinstance(label, str) else label
