"""Lists of names from data/: known names (aliases.csv), and words that show a name's type (name_words.csv)."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from samestory.base.language import WordList, cache_by_language, read_language_rows
from samestory.base.resources import read_data_rows

BODY_NOUNS = WordList("body_nouns")  # bodies and groups: "the COMMISSION", "the CROWD"
SURNAME_PLACE_WORDS = WordList("surname_place_words")  # words for places that are surnames, too: Hill, Park


@cache
def read_known_labels() -> Mapping[str, str]:
    """The label of each organisation and place in data/aliases.csv, without peoples and persons."""
    return {row["surface"]: row["label"] for row in read_data_rows("aliases")
            if row["use"] not in ("demonym", "person")}


@cache
def read_known_persons() -> Mapping[str, str]:
    """The full name of each person in data/aliases.csv, by every form."""
    return {row["surface"]: row["name"] for row in read_data_rows("aliases") if row["use"] == "person"}


@cache
def read_peoples() -> frozenset[tuple[str, ...]]:
    """The words of each name of a people in data/aliases.csv."""
    return frozenset(tuple(row["surface"].split()) for row in read_data_rows("aliases") if row["use"] == "demonym")


@cache
def read_city_names() -> frozenset[str]:
    """The names of data/cities.csv."""
    return frozenset(row["name"] for row in read_data_rows("cities"))


@cache
def read_given_names() -> frozenset[str]:
    """The names of data/given_names.csv."""
    return frozenset(row["name"] for row in read_data_rows("given_names"))


@cache_by_language
def read_name_words() -> Mapping[str, frozenset[str]]:
    """The words of data/en/name_words.csv by kind; a kind without rows has no words."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in read_language_rows("name_words"):
        kinds[row["kind"]].add(row["word"])
    return defaultdict(frozenset, {kind: frozenset(words) for kind, words in kinds.items()})


@cache_by_language
def read_nonperson_words() -> frozenset[str]:
    """Words that no person's name contains: known places and bodies, and words for bodies, places and laws."""
    kinds = read_name_words()
    places = (kinds["facility"] | kinds["place"]).difference(SURNAME_PLACE_WORDS)
    return frozenset(read_known_labels()) | kinds["body"] | places | kinds["law"]
