"""Rules on organisations: acronyms, words that show the type of a name, the outlet itself."""

import re
from collections.abc import Iterator
from dataclasses import replace

from samestory.annotate.mentions.lists import SURNAME_PLACE_WORDS, read_known_labels, read_name_words
from samestory.annotate.mentions.mention_context import (
    LEADING_ARTICLES,
    LOWERCASE_NAME_WORDS,
    PLACE_LABELS,
    FoundMention,
    MentionContext,
    NameWords,
    is_articled,
)
from samestory.annotate.mentions.name_index import NameIndex, map_tokens_to_mentions, merge_mentions
from samestory.base.language import WordList
from samestory.clean.outlets import UNKNOWN_OUTLET

BODY_PREPOSITIONS = WordList("body_prepositions")
OFFICE_BODIES = WordList("office_bodies")  # of which `X of Y` is also called `Y X`
LAWSUIT_LINKS, CLUB_WORDS = WordList("lawsuit_links"), WordList("club_words")
HEADED_LABELS = PLACE_LABELS | {"PERSON", "ORG", "NORP"}  # labels that a word in the name corrects
HEAD_KIND_LABELS = {"event": "EVENT", "award": "WORK_OF_ART", "undertaking": "EVENT", "body": "ORG", "facility": "FAC",
                    "place": "LOC"}  # by the kind of a name's last word in data/en/name_words.csv


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
        label = _find_head_label(tuple(context.words[first:last]), label)
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


def label_by_head_word(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Take the label from a word in the name: a Ministry is an organisation, an Act a law, a Festival an event.

    A person may be called Hill or Park: these are places only after `the` or a place preposition.
    """
    def label_of(mention: FoundMention) -> str:
        words = context.words_of(mention)
        is_typed = mention.label in HEADED_LABELS and len(words) > 1 and " ".join(words) not in read_known_labels()
        is_name = mention.label == "PERSON" and words[-1] in SURNAME_PLACE_WORDS and not is_articled(mention, context)
        return _find_head_label(words, mention.label) if is_typed and not is_name else mention.label

    return [m if (label := label_of(m)) == m.label else replace(m, label=label, rule="head") for m in found]


def _find_head_label(words: NameWords, label: str) -> str:
    """The label that a name's last word gives, or its first one before `of` or `for`; else the one that it has."""
    kinds = read_name_words()
    if words[-1] in kinds["law"] or any(word in LAWSUIT_LINKS for word in words):
        return "LAW"
    kind = next((kind for kind in HEAD_KIND_LABELS if words[-1] in kinds[kind]), None)
    if kind in ("facility", "place"):
        return label if label in PLACE_LABELS else HEAD_KIND_LABELS[kind]
    if words[0] in CLUB_WORDS or words[-1] in CLUB_WORDS:
        return "ORG"
    opens_with_body = words[0] in kinds["body"] and words[1] in BODY_PREPOSITIONS
    return HEAD_KIND_LABELS[kind] if kind else "ORG" if opens_with_body else label
