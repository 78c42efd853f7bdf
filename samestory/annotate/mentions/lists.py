"""The lists in data/ that tell names: aliases.csv what is known, name_words.csv which word says what a name is."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from samestory.base.language import read_language_rows
from samestory.base.resources import read_data_rows


@cache
def read_known_labels() -> Mapping[str, str]:
    """The label of each body and place in data/aliases.csv; peoples and persons are left out."""
    return {row["surface"]: row["label"] for row in read_data_rows("aliases")
            if row["use"] not in ("demonym", "person")}


@cache
def read_peoples() -> frozenset[tuple[str, ...]]:
    """The words of each name of a people in data/aliases.csv."""
    return frozenset(tuple(row["surface"].split()) for row in read_data_rows("aliases") if row["use"] == "demonym")


@cache
def read_name_words() -> Mapping[str, frozenset[str]]:
    """The words of data/en/name_words.csv by their kind."""
    kinds = defaultdict(set)
    for row in read_language_rows("name_words"):
        kinds[row["kind"]].add(row["word"])
    return {kind: frozenset(words) for kind, words in kinds.items()}


@cache
def read_nonperson_words() -> frozenset[str]:
    """The words that no person's name holds: known places and bodies, and words that tell one."""
    kinds = read_name_words()
    return frozenset(read_known_labels()) | kinds["body"] | kinds["facility"] | kinds["law"]
