"""Rules on places: what is none, what is a team, and the capital that stands for a government."""

from dataclasses import replace

from samestory.mentions.lists import read_name_words
from samestory.mentions.reading import ARTICLES, PLACES, Found, Reading
from samestory.resources import read_rows

PLACING = frozenset(["in", "at", "from", "to", "near", "across", "around", "outside", "inside"])
SPORT_WORDS = 4  # distinct words of sport, and ...
SPORT_SHARE = 0.01  # ... their share of all words, from which a text reports a match


def know_things(found: list[Found], reading: Reading) -> list[Found]:
    """Make a person or place of one word with a digit in it a product: `IE6` is no town."""
    return [replace(m, label="PRODUCT", rule="digit")
            if m.last - m.first == 1 and m.label in PLACES | {"PERSON"}
            and any(letter.isdigit() for letter in reading.words[m.first]) else m for m in found]


def know_teams(found: list[Found], reading: Reading) -> list[Found]:
    """In a report on a match, make a country or city a body, its team, unless a preposition places it."""
    words = read_name_words()["sport"]
    said = [word for word in reading.words if word in words]
    if len(set(said)) < SPORT_WORDS or len(said) < SPORT_SHARE * len(reading.words):
        return found
    return [replace(m, label="ORG", rule="team") if m.label == "GPE" and not is_placed(m, reading)
            else m for m in found]


def is_placed(mention: Found, reading: Reading) -> bool:
    """Whether a preposition of place stands before a mention, or it ends an address (`Rostov, Russia`).

    A name behind a comma that a verb follows is a subject: `In Rostov, Sweden won`.
    """
    words, at = reading.words, mention.first - 1
    if at > 0 and words[at].lower() in ARTICLES:
        at -= 1
    if at > 0 and words[at] == ",":
        return reading.proper[at - 1] and not reading.acts_after(mention)
    return at >= 0 and words[at].lower() in PLACING


def mark_metonyms(found: list[Found], reading: Reading) -> list[Found]:
    """Mark a capital that acts or is negotiated with: there it stands for its government."""
    capitals = frozenset(row["surface"] for row in read_rows("aliases") if row["use"] == "capital")
    return [replace(m, rule="metonym") if m.label == "GPE" and " ".join(reading.words_of(m)) in capitals
            and _acts(m, reading) else m for m in found]


def _acts(mention: Found, reading: Reading) -> bool:
    """Whether a place is an agent: a subject, the `by` of a passive, an owner, one side of `between`."""
    root = reading.parse.doc[mention.first:mention.last].root
    while root.dep_ == "conj" and root.head.i < root.i:
        root = root.head
    if root.dep_ == "nsubj" or (root.dep_ == "poss" and root.head.text[0].islower()):
        return True
    return root.dep_ == "pobj" and root.head.text.lower() in ("by", "between", "with", "against")
