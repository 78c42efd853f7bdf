"""Searches a text for names, and merges mentions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from samestory.annotate.mentions.lists import read_name_words
from samestory.annotate.mentions.mention_context import FoundMention, MentionContext, NameWords

MAX_NAME_TOKENS = 12  # tokens of a name that is searched for


class NameIndex:
    """Names to search for in a text, with the lengths of the names that begin with each word."""

    def __init__(self, names: Iterable[NameWords]) -> None:
        self.names = {name for name in names if 0 < len(name) <= MAX_NAME_TOKENS}
        sizes: dict[str, set[int]] = defaultdict(set)
        for name in self.names:
            sizes[name[0]].add(len(name))
        self.sizes = {word: sorted(found, reverse=True) for word, found in sizes.items()}

    def search(self, words: list[str]) -> Iterator[tuple[int, int]]:
        """The spans of the names in the words; of overlapping names, the first one, and the longest of these."""
        until = 0
        for i, word in enumerate(words):
            if i < until or word not in self.sizes:
                continue
            sizes = (n for n in self.sizes[word] if i + n <= len(words))
            size = next((n for n in sizes if tuple(words[i:i + n]) in self.names), 0)
            if size:
                until = i + size
                yield i, until


def merge_mentions(found: list[FoundMention], fresh: Iterable[FoundMention], *,
                   replace_inner: bool = False) -> list[FoundMention]:
    """Both lists, in order; of two overlapping mentions, the one in `found` is kept.

    With `replace_inner`, a fresh mention replaces those that lie within it.
    """
    taken = map_tokens_to_mentions(found)
    result = set(found)
    for mention in fresh:
        across = {taken[i] for i in range(mention.first, mention.last) if i in taken}
        inner = all(mention.first <= old.first and old.last <= mention.last for old in across)
        if not across or (replace_inner and inner):
            result -= across
            result.add(mention)
            taken.update(dict.fromkeys(range(mention.first, mention.last), mention))
    return sorted(result, key=lambda mention: mention.first)


def map_tokens_to_mentions(found: Iterable[FoundMention]) -> dict[int, FoundMention]:
    """The mention of each token that belongs to one."""
    return {i: mention for mention in found for i in range(mention.first, mention.last)}


def is_whole_name(first: int, last: int, context: MentionContext, *, tagged: bool = True) -> bool:
    """Whether tokens are a whole run of proper nouns, apart from a title before them.

    Without `tagged`, a capital is enough, which taggers often take for a verb or noun at the start of a sentence.
    """
    proper, words = context.proper, context.words
    if not (proper[first] if tagged else words[first][0].isupper()) or context.crosses(first, last):
        return False
    follows = last < len(words) and proper[last]
    titles = read_name_words()
    leads = first > 0 and proper[first - 1] and words[first - 1] not in titles["title"] | titles["office"]
    return not follows and not leads
