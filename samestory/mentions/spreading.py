"""Rules that let an article agree with itself: one label for one spelling, a name found wherever it stands."""

from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache

from samestory.mentions.index import NameIndex, merge_mentions, stands_alone
from samestory.mentions.lists import read_known
from samestory.mentions.persons import list_surnames
from samestory.mentions.reading import PLACES, Found, Reading, Words

SPREAD = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC"})  # labels whose names are looked for again


def drop_common_words(found: list[Found], reading: Reading) -> list[Found]:
    """Drop a person or place of one word that the article writes as a common noun too: `Iodine`."""
    nouns = reading.common_nouns
    surnames = list_surnames(found, reading)
    return [m for m in found if m.label not in PLACES | {"PERSON"} or m.last - m.first > 1
            or reading.words[m.first].lower() not in nouns or reading.words[m.first] in surnames]


def know_names(found: list[Found], reading: Reading) -> list[Found]:
    """Take the type of well-known bodies, and of places called persons, from data/aliases.csv."""
    known = read_known()

    def label_of(mention: Found) -> str:
        label = known.get(" ".join(reading.words_of(mention)), mention.label)
        if label == "ORG" and mention.label in PLACES | {"PERSON", "PRODUCT", "WORK_OF_ART"}:
            return label
        return label if mention.label == "PERSON" else mention.label

    return [m if (label := label_of(m)) == m.label else replace(m, label=label, rule="known") for m in found]


def add_known(found: list[Found], reading: Reading) -> list[Found]:
    """Find the names of data/aliases.csv that the model passed over."""
    spans = [(i, j) for i, j in _index_known().search(reading.words) if stands_alone(i, j, reading)]
    known = read_known()
    return merge_mentions(found, [Found(i, j, known[" ".join(reading.words[i:j])], "known") for i, j in spans])


@cache
def _index_known() -> "NameIndex":
    return NameIndex(tuple(name.split()) for name in read_known())


def vote_labels(found: list[Found], reading: Reading) -> list[Found]:
    """Give one spelling one label in the article: the most frequent, the earliest of equals."""
    votes: dict[Words, Counter] = defaultdict(Counter)
    for mention in found:
        votes[reading.words_of(mention)][mention.label] += 1
    winners = {words: _elect(words, counter) for words, counter in votes.items()}
    return [mention if mention.label == (label := winners[reading.words_of(mention)])
            else replace(mention, label=label, rule="vote") for mention in found]


def _elect(words: Words, votes: Counter) -> str:
    """The known label if it is among them, else the most frequent one.

    Models take unknown persons for bodies far more often than bodies for persons: what was a person
    once is one. Among equals a body goes before a place.
    """
    known = read_known().get(" ".join(words))
    if known in votes:
        return known
    label = max(votes, key=lambda label: (votes[label], label == "ORG"))
    return "PERSON" if label == "ORG" and votes["PERSON"] else label


def spread_names(found: list[Found], reading: Reading) -> list[Found]:
    """Find a name that the model saw once wherever else it stands in the article."""
    labels: dict[Words, str] = {}
    for mention in found:
        if mention.label in SPREAD:
            labels.setdefault(reading.words_of(mention), mention.label)
    fresh = [Found(i, j, labels[tuple(reading.words[i:j])], "repeated")
             for i, j in NameIndex(labels).search(reading.words) if stands_alone(i, j, reading)]
    return merge_mentions(found, fresh)
