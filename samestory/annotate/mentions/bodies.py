"""Rules on organisations: acronyms, bodies of bodies, words that say what a name is, the outlet itself."""

import re
from collections.abc import Iterator
from dataclasses import replace

from samestory.annotate.mentions.lists import read_known_labels, read_name_words
from samestory.annotate.mentions.name_index import MAX_NAME_TOKENS, NameIndex, map_tokens_to_mentions, merge_mentions
from samestory.annotate.mentions.reading import (
    LEADING_ARTICLES,
    LOWERCASE_NAME_WORDS,
    PLACE_LABELS,
    FoundMention,
    MentionContext,
)


def add_outlet(found: list[FoundMention], reading: MentionContext) -> list[FoundMention]:
    """Find the article's own outlet, which models often miss, as an organisation.

    Of `The Daily Planet (Online News)` the article and what stands in brackets do not count.
    """
    words = re.findall(r"[^\s-]+|-", reading.parse.source.outlet.partition(" (")[0])
    name = tuple(words[1:] if words and words[0].lower() in LEADING_ARTICLES else words)
    if name in ((), ("unknown",)):
        return found
    fresh = [FoundMention(first, last, "ORG", "outlet") for first, last in NameIndex([name]).search(reading.words)]
    return merge_mentions(found, fresh, replace_inner=True)


def add_acronyms(found: list[FoundMention], reading: MentionContext) -> list[FoundMention]:
    """Find long forms that their acronym follows, `World Health Organisation (WHO)`, and split the two."""
    at_token = map_tokens_to_mentions(found)
    fresh, across = [], set()
    for first, last, at in find_acronyms(reading):
        touched = [at_token[i] for i in range(first, at + 1) if i in at_token]
        across.update(touched)
        label = next((m.label for m in touched if m.label != "PERSON"), "ORG")
        fresh += [FoundMention(first, last, label, "acronym"), FoundMention(at, at + 1, label, "acronym")]
    return merge_mentions([mention for mention in found if mention not in across], fresh)


def find_acronyms(reading: MentionContext) -> Iterator[tuple[int, int, int]]:
    """First and last (exclusive) token of a long form and the token of its acronym."""
    words = reading.words
    for at in range(2, len(words) - 1):
        in_brackets = words[at - 1] == "(" and words[at + 1] == ")"
        if not in_brackets or not re.fullmatch(r"[A-Z][A-Za-z]?[A-Z]{1,8}", words[at]):
            continue
        first = _match_initials(words, at - 2, words[at].upper())
        if first is not None and not reading.crosses(first, at + 1):
            yield first, at - 1, at


def _match_initials(words: list[str], last: int, acronym: str) -> int | None:
    """The token where the words that end at `last` begin to spell the acronym by their initials."""
    left, i = len(acronym), last
    while i >= 0 and left and last - i <= 2 * len(acronym):
        word = words[i]
        if word[0].isupper() and word[0] == acronym[left - 1]:
            left -= 1
        elif word.lower() not in LOWERCASE_NAME_WORDS:
            return None
        elif word[0].upper() == acronym[left - 1]:
            left -= 1
        i -= 1
    return i + 1 if not left and words[i + 1][0].isupper() else None


def join_organisations(found: list[FoundMention], reading: MentionContext) -> list[FoundMention]:
    """Join two organisations that `of` or `of the` holds together into the one they name.

    The first must hold a word for a body: `Office of the Harbour Board`. Nothing is joined to what is
    longer than any name.
    """
    bodies = read_name_words()["body"]
    joined: list[FoundMention] = []
    for mention in found:
        between = tuple(reading.words[joined[-1].last:mention.first]) if joined else ()
        is_body = joined and joined[-1].label == mention.label == "ORG" and bodies.intersection(
            reading.words_of(joined[-1])) and joined[-1].last - joined[-1].first <= MAX_NAME_TOKENS
        if is_body and between in (("of",), ("of", "the")):
            mention = FoundMention(joined.pop().first, mention.last, "ORG", "body")
        joined.append(mention)
    return joined


def label_by_head_word(found: list[FoundMention], reading: MentionContext) -> list[FoundMention]:
    """Take the type from the word that tells it: a Ministry is a body, an Act a law, a Festival an event."""
    kinds, typed = read_name_words(), PLACE_LABELS | {"PERSON", "ORG", "NORP"}

    def label_of(mention: FoundMention) -> str:
        words = reading.words_of(mention)
        if len(words) < 2 or mention.label not in typed or " ".join(words) in read_known_labels():
            return mention.label
        if words[-1] in kinds["law"] or not {"v.", "vs."}.isdisjoint(words):
            return "LAW"
        if words[-1] in kinds["event"]:
            return "EVENT"
        if words[-1] in kinds["facility"] and mention.label in ("ORG", "PERSON"):
            return "FAC"
        if mention.label != "ORG" and (words[-1] in kinds["body"] or (words[0] in kinds["body"]
                                                                      and words[1] in ("of", "for"))):
            return "ORG"
        return mention.label

    return [m if (label := label_of(m)) == m.label else replace(m, label=label, rule="head") for m in found]
