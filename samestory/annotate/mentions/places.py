"""Rules on places: relabels products, and marks capitals that denote a government."""

from dataclasses import replace

from samestory.annotate.mentions.mention_context import LEADING_ARTICLES, PLACE_LABELS, FoundMention, MentionContext
from samestory.base.language import WordList
from samestory.base.resources import read_data_rows

PLACE_PREPOSITIONS, AGENT_PREPOSITIONS = WordList("place_prepositions"), WordList("agent_prepositions")


def label_products(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Label one-word persons and places with a digit as products: `IE6` is not a town."""
    return [replace(m, label="PRODUCT", rule="digit")
            if m.last - m.first == 1 and m.label in PLACE_LABELS | {"PERSON"}
            and any(letter.isdigit() for letter in context.words[m.first]) else m for m in found]


def is_placed(mention: FoundMention, context: MentionContext) -> bool:
    """Whether a mention follows a preposition of place, or ends an address (`Rostov, Russia`).

    A name after a comma and before a verb is a subject: `In Rostov, Sweden won`.
    """
    words, at = context.words, mention.first - 1
    if at > 0 and words[at].lower() in LEADING_ARTICLES:
        at -= 1
    if at > 0 and words[at] == ",":
        return context.proper[at - 1] and not context.acts_after(mention)
    return at >= 0 and words[at].lower() in PLACE_PREPOSITIONS


def mark_metonyms(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Mark capitals that act or are negotiated with as metonyms for their governments."""
    capitals = frozenset(row["surface"] for row in read_data_rows("aliases") if row["use"] == "capital")
    return [replace(m, rule="metonym") if m.label == "GPE" and " ".join(context.words_of(m)) in capitals
            and _is_agent(m, context) else m for m in found]


def _is_agent(mention: FoundMention, context: MentionContext) -> bool:
    """Whether a place is an agent: a subject, the agent of a passive, an owner, one side of `between`."""
    root = context.parse.doc[mention.first:mention.last].root
    while root.dep_ == "conj" and root.head.i < root.i:
        root = root.head
    if root.dep_ == "nsubj" or (root.dep_ == "poss" and root.head.text[0].islower()):
        return True
    return root.dep_ == "pobj" and root.head.text.lower() in AGENT_PREPOSITIONS
