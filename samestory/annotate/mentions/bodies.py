"""Rules on organisations: acronyms, names joined by `of`, words that show the type of a name, the outlet itself."""

import re
from collections.abc import Iterator
from dataclasses import replace

from samestory.annotate.mentions.lists import read_known_labels, read_name_words
from samestory.annotate.mentions.mention_context import (
    LEADING_ARTICLES,
    LOWERCASE_NAME_WORDS,
    PLACE_LABELS,
    FoundMention,
    MentionContext,
)
from samestory.annotate.mentions.name_index import MAX_NAME_TOKENS, NameIndex, map_tokens_to_mentions, merge_mentions
from samestory.annotate.roles import DEFINITE_ARTICLES
from samestory.base.language import WordList
from samestory.clean.outlets import UNKNOWN_OUTLET

GENITIVE_PREPOSITIONS, BODY_PREPOSITIONS = WordList("genitive_prepositions"), WordList("body_prepositions")
LAWSUIT_LINKS = WordList("lawsuit_links")


def add_outlet(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Find the article's own outlet, which models often miss, as an organisation.

    The article and words in brackets are left out: `Daily Planet` for `The Daily Planet (Online News)`.
    """
    words = re.findall(r"[^\s-]+|-", context.parse.source.outlet.partition(" (")[0])
    name = tuple(words[1:] if words and words[0].lower() in LEADING_ARTICLES else words)
    if name in ((), (UNKNOWN_OUTLET,)):
        return found
    fresh = [FoundMention(first, last, "ORG", "outlet") for first, last in NameIndex([name]).search(context.words)]
    return merge_mentions(found, fresh, replace_inner=True)


def add_acronyms(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Find long forms followed by their acronym, `World Health Organisation (WHO)`, as two mentions."""
    at_token = map_tokens_to_mentions(found)
    fresh: list[FoundMention] = []
    across: set[FoundMention] = set()
    for first, last, at in find_acronyms(context):
        touched = [at_token[i] for i in range(first, at + 1) if i in at_token]
        across.update(touched)
        label = next((m.label for m in touched if m.label != "PERSON"), "ORG")
        fresh += [FoundMention(first, last, label, "acronym"), FoundMention(at, at + 1, label, "acronym")]
    return merge_mentions([mention for mention in found if mention not in across], fresh)


def find_acronyms(context: MentionContext) -> Iterator[tuple[int, int, int]]:
    """The first and last (exclusive) tokens of each long form, and the token of its acronym."""
    words = context.words
    for at in range(2, len(words) - 1):
        in_brackets = words[at - 1] == "(" and words[at + 1] == ")"
        if not in_brackets or not re.fullmatch(r"[A-Z][A-Za-z]?[A-Z]{1,8}", words[at]):
            continue
        first = _match_initials(words, at - 2, words[at].upper())
        if first is not None and not context.crosses(first, at + 1):
            yield first, at - 1, at


def _match_initials(words: list[str], last: int, acronym: str) -> int | None:
    """The first of the words up to `last` whose initials spell the acronym; None if they do not."""
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


def join_organisations(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Join two organisations that are connected by `of` or `of the`: `Office of the Harbour Board`.

    The first must contain a word for an organisation, and be no longer than the longest name.
    """
    bodies = read_name_words()["body"]
    joined: list[FoundMention] = []
    for mention in found:
        is_body = joined and joined[-1].label == mention.label == "ORG" and bodies.intersection(
            context.words_of(joined[-1])) and joined[-1].last - joined[-1].first <= MAX_NAME_TOKENS
        if is_body and _is_genitive(context.words[joined[-1].last:mention.first]):
            mention = FoundMention(joined.pop().first, mention.last, "ORG", "body")
        joined.append(mention)
    return joined


def _is_genitive(words: list[str]) -> bool:
    """Whether words between two names are `of` or `of the`."""
    return (len(words) in (1, 2) and words[0] in GENITIVE_PREPOSITIONS
            and all(word in DEFINITE_ARTICLES for word in words[1:]))


def label_by_head_word(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Take the label from a word in the name: a Ministry is an organisation, an Act a law, a Festival an event."""
    kinds, typed = read_name_words(), PLACE_LABELS | {"PERSON", "ORG", "NORP"}

    def label_of(mention: FoundMention) -> str:
        words = context.words_of(mention)
        if len(words) < 2 or mention.label not in typed or " ".join(words) in read_known_labels():
            return mention.label
        if words[-1] in kinds["law"] or any(word in LAWSUIT_LINKS for word in words):
            return "LAW"
        if words[-1] in kinds["event"]:
            return "EVENT"
        if words[-1] in kinds["facility"] and mention.label in ("ORG", "PERSON"):
            return "FAC"
        opens_with_body = words[0] in kinds["body"] and words[1] in BODY_PREPOSITIONS
        return "ORG" if words[-1] in kinds["body"] or opens_with_body else mention.label

    return [m if (label := label_of(m)) == m.label else replace(m, label=label, rule="head") for m in found]
