"""Rules on text in capitals, in which models take any word for a name."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from samestory.annotate.mentions.lists import read_given_names, read_known_labels
from samestory.annotate.mentions.mention_context import (
    MIN_UPPERCASE_WORD_LETTERS,
    FoundMention,
    MentionContext,
)
from samestory.annotate.mentions.name_index import merge_mentions
from samestory.base.language import cache_by_language, read_language_rows, read_stop_words

MIN_SHOUTED_WORDS = 4  # words from which a sentence in capitals is shouted
COMMON_POS = ("ADJ", "ADV", "VERB", "ADP", "PRON")


def read_capitals(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Drop words in capitals for stress, `found DEAD`; in sentences in capitals, cut verbs off and find full names."""
    common = _list_stressed_words(context)
    shouted = {i for sentence in context.parse.sentences if _is_in_capitals([t.text for t in sentence])
               for i in range(sentence.start, sentence.end)}
    cut = [_cut_common_words(m, context) if m.first in shouted else m for m in found
           if m.first in shouted or not (context.is_acronym(m) and context.parse.doc[m.first].text in common)]
    return merge_mentions([m for m in cut if m.first < m.last], _find_shouted_persons(sorted(shouted), context))


def _list_stressed_words(context: MentionContext) -> set[str]:
    """Longer words in capitals that the tagger takes for adjectives, verbs and the like at least half of the time."""
    tags: dict[str, list[bool]] = defaultdict(list)
    for token in context.parse.doc:
        if len(token) >= MIN_UPPERCASE_WORD_LETTERS and token.is_upper:
            tags[token.text].append(token.pos_ in COMMON_POS)
    return {word for word, common in tags.items() if 2 * sum(common) >= len(common)} - read_known_labels().keys()


def _is_in_capitals(words: list[str]) -> bool:
    long = [word for word in words if word.isalpha()]
    return len(long) >= MIN_SHOUTED_WORDS and all(word.isupper() for word in long)


def _cut_common_words(mention: FoundMention, context: MentionContext) -> FoundMention:
    """A mention up to its first verb of saying or function word, and without those at its start."""
    first, last = mention.first, mention.last
    while first < last and _is_common_word(context.words[first]):
        first += 1
    end = next((i for i in range(first, last) if _is_common_word(context.words[i])), last)
    return mention if (first, end) == (mention.first, last) else replace(mention, first=first, last=end)


def _find_shouted_persons(shouted: list[int], context: MentionContext) -> Iterator[FoundMention]:
    """Given names and the words after them, in sentences in capitals."""
    words = context.words
    for i in shouted:
        if words[i].capitalize() in read_given_names() and i + 1 < len(words) and words[i + 1].isalpha():
            if words[i + 1].isupper() and not _is_common_word(words[i + 1]):
                yield FoundMention(i, i + 2, "PERSON", "capitals")


@cache_by_language
def _read_common_words() -> frozenset[str]:
    """Function words, and verbs of saying with their endings."""
    verbs = {row["lemma"] for row in read_language_rows("cues") if row["pos"] == "VERB"}
    forms = {verb.removesuffix("e") + ending for verb in verbs for ending in ("ed", "e", "es", "s", "ing", "")}
    return frozenset(forms | verbs | read_stop_words())


def _is_common_word(word: str) -> bool:
    return word.lower() in _read_common_words()
