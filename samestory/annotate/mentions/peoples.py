"""The rule on peoples and faiths, which models take for organisations and places."""

from dataclasses import replace

from samestory.annotate.mentions.lists import read_known_labels, read_peoples
from samestory.annotate.mentions.mention_context import FoundMention, MentionContext
from samestory.annotate.mentions.persons import list_surnames
from samestory.base.language import WordList

PEOPLE_WORDS, DEMONYM_ENDINGS = WordList("people_words"), WordList("demonym_endings")
MIN_PLACE_CHARS = 3  # characters of a place that a word is derived from


def label_peoples(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Label names of peoples and faiths, and what the article derives from a place: `Kiruvian` if it has `Kiruvia`."""
    places = {context.words[m.first] for m in found if m.label == "GPE" and m.last - m.first == 1}
    known, surnames = read_known_labels(), list_surnames(found, context)

    def is_people(mention: FoundMention) -> bool:
        words = context.words_of(mention)
        if mention.label == "NORP" or words in read_peoples():
            return mention.label != "NORP" and words[-1] not in surnames
        if len(words) > 1 or words[0] in known or words[0] in surnames:
            return False
        return words[0] in PEOPLE_WORDS or any(_strip_demonym(words[0], ending) & places for ending in DEMONYM_ENDINGS)

    return [replace(m, label="NORP", rule="people") if is_people(m) else m for m in found]


def _strip_demonym(word: str, ending: str) -> set[str]:
    """The places that a word with the ending of a demonym may be derived from."""
    if not word.endswith(ending) or len(word) - len(ending) < MIN_PLACE_CHARS:
        return set()
    stem = word.removesuffix(ending)
    return {stem, stem + "a", stem + "ia", stem + "e", stem + "o"}
