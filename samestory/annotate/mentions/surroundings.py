"""Rules that find a name's type in the words around it, where neither its own words nor a known name give it."""

from dataclasses import replace

from samestory.annotate.mentions.lists import read_city_names, read_nonperson_words
from samestory.annotate.mentions.mention_context import PLACE_LABELS, FoundMention, MentionContext
from samestory.annotate.mentions.persons import list_surnames
from samestory.annotate.roles import DEFINITE_ARTICLES
from samestory.base.language import WordList

LOCATIVE_PREPOSITIONS = WordList("locative_prepositions")
MAX_PLACE_NAME_TOKENS = 3  # tokens of an unknown name that "in" makes a place


def label_acronyms(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Label persons in capitals as organisations, `CUE`, unless the headline is all in capitals."""
    return [replace(m, label="ORG", rule="capitals")
            if m.label == "PERSON" and context.is_acronym(m) and not context.is_shouted(m) else m for m in found]


def label_cities(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Label organisations and peoples that are called like a city (data/cities.csv) as places."""
    cities, surnames = read_city_names(), list_surnames(found, context)

    def is_city(mention: FoundMention) -> bool:
        words = context.words_of(mention)
        return (mention.label not in PLACE_LABELS | {"PERSON"} and " ".join(words) in cities
                and words[-1] not in surnames and not context.is_acronym(mention))

    return [replace(m, label="GPE", rule="city") if is_city(m) else m for m in found]


def label_located(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Label unknown organisations after `in` as places: `in Guéckédou`, but not `in Zingo shares`."""
    def is_located(mention: FoundMention) -> bool:
        words = context.words_of(mention)
        return (mention.label == "ORG" and mention.first > 0 and len(words) <= MAX_PLACE_NAME_TOKENS
                and context.words[mention.first - 1].lower() in LOCATIVE_PREPOSITIONS
                and not context.is_modifier(mention) and not context.is_acronym(mention)
                and read_nonperson_words().isdisjoint(words))

    return [replace(m, label="GPE", rule="located") if is_located(m) else m for m in found]


def drop_articled(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Drop persons after `the`, which are things, unless a noun follows: `the Zingo`, but not `the Voss family`.

    Families are kept: `the Okonjos`.
    """
    surnames = list_surnames(found, context)

    def is_thing(mention: FoundMention) -> bool:
        is_articled = mention.first > 0 and context.words[mention.first - 1].lower() in DEFINITE_ARTICLES
        is_family = context.words[mention.last - 1].removesuffix("s") in surnames
        return mention.label == "PERSON" and is_articled and not is_family and not context.is_modifier(mention)

    return [m for m in found if not is_thing(m)]
