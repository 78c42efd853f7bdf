"""Rules for consistency within an article: each spelling gets one label, and is found wherever it occurs."""

from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache

from samestory.annotate.mentions.lists import read_known_labels
from samestory.annotate.mentions.mention_context import PLACE_LABELS, FoundMention, MentionContext, NameWords
from samestory.annotate.mentions.name_index import NameIndex, is_whole_name, merge_mentions
from samestory.annotate.mentions.persons import list_surnames
from samestory.base.language import WordList

UNNAMED_WORDS = WordList("unnamed_words")  # diseases, degrees and the like, which models take for names
REPEATED_NAME_LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP"})  # whose names are searched for


def drop_common_words(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Drop one-word mentions of what has no name, `COVID-19`, and persons and places that are words here: `Iodine`."""
    nouns = context.common_nouns
    surnames = list_surnames(found, context)

    def is_word(mention: FoundMention) -> bool:
        words = context.words_of(mention)
        if "".join(words) in UNNAMED_WORDS:
            return True
        is_unsure = mention.label in PLACE_LABELS | {"PERSON"} and len(words) == 1
        return is_unsure and words[0].lower() in nouns and words[0] not in surnames

    return [m for m in found if not is_word(m)]


def label_known_names(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Take the labels of known organisations and places from data/aliases.csv: a country that acts is a place, too.

    The model's kind of place is kept, and events and peoples are no organisations.
    """
    known = read_known_labels()

    def label_of(mention: FoundMention) -> str:
        label = known.get(" ".join(context.words_of(mention)), mention.label)
        keeps = PLACE_LABELS if label in PLACE_LABELS else ("NORP", "EVENT", "LAW")
        return mention.label if mention.label in keeps else label

    return [m if (label := label_of(m)) == m.label else replace(m, label=label, rule="known") for m in found]


def add_known_names(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Find the names of data/aliases.csv that the model missed."""
    spans = [(i, j) for i, j in _index_known_names().search(context.words) if is_whole_name(i, j, context)]
    known = read_known_labels()
    return merge_mentions(found, [FoundMention(i, j, known[" ".join(context.words[i:j])], "known") for i, j in spans])


@cache
def _index_known_names() -> NameIndex:
    return NameIndex(tuple(name.split()) for name in read_known_labels())


def vote_labels(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Give each spelling one label in the article: the most frequent, or the earliest of equally frequent ones."""
    votes: dict[NameWords, Counter[str]] = defaultdict(Counter)
    for mention in found:
        votes[context.words_of(mention)][mention.label] += 1
    winners = {words: _choose_voted_label(words, counter) for words, counter in votes.items()}
    return [mention if mention.label == (label := winners[context.words_of(mention)])
            else replace(mention, label=label, rule="vote") for mention in found]


def _choose_voted_label(words: NameWords, votes: Counter[str]) -> str:
    """The known label if it is among the votes, else the most frequent one.

    Models label unknown persons as organisations far more often than the reverse, so one vote for a person suffices.
    Between equally frequent labels, an organisation wins over a place.
    """
    known = read_known_labels().get(" ".join(words))
    if known is not None and known in votes:
        return known
    label = max(votes, key=lambda label: (votes[label], label == "ORG"))
    return "PERSON" if label == "ORG" and votes["PERSON"] else label


def add_repeated_names(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Find every other occurrence of a name that the model found once, also where it found a part of it.

    In a headline, words whose capitals mark no name may be beside a person's: `Okonjo Harbour Action`.
    """
    labels: dict[NameWords, str] = {}
    whole = {(mention.first, mention.last) for mention in found}
    for mention in found:
        if mention.label in REPEATED_NAME_LABELS:
            labels.setdefault(context.words_of(mention), mention.label)
    fresh = [FoundMention(i, j, labels[tuple(context.words[i:j])], "repeated")
             for i, j in NameIndex(labels).search(context.words)
             if (i, j) not in whole and (is_whole_name(i, j, context) or (
                 context.parse.role_of(i) == "headline" and _is_headline_name(i, j, labels, context)))]
    persons = [mention for mention in fresh if mention.label == "PERSON"]
    others = [mention for mention in fresh if mention.label != "PERSON"]
    return merge_mentions(merge_mentions(found, persons), others, replace_inner=True)  # `Sheriff Voss` is not spread


def _is_headline_name(first: int, last: int, labels: dict[NameWords, str], context: MentionContext) -> bool:
    """Whether a name of the article stands alone in its headline, whatever the tagger takes it for there."""
    words = context.words
    if not words[first][0].isupper() or context.crosses(first, last) or labels[tuple(words[first:last])] != "PERSON":
        return False
    beside = [words[i] for i in (first - 1, last) if 0 <= i < len(words)
              and context.parse.sentence_of[i] == context.parse.sentence_of[first]]
    return not any(word[0].isupper() and word.lower() not in context.small_words for word in beside)
