"""Rules that correct where mentions begin and end, and drop mentions that are not names."""

from dataclasses import replace

from samestory.annotate.mentions.bodies import BODY_PREPOSITIONS
from samestory.annotate.mentions.lists import (
    read_given_names,
    read_known_labels,
    read_known_persons,
    read_name_words,
    read_peoples,
)
from samestory.annotate.mentions.mention_context import (
    GENERATION_SUFFIXES,
    LEADING_ARTICLES,
    FoundMention,
    MentionContext,
    NameWords,
)
from samestory.annotate.mentions.name_index import map_tokens_to_mentions
from samestory.annotate.mentions.persons import GIVEN_NAME_TOKENS, NAME_PARTICLES
from samestory.annotate.roles import NAME_CONJUNCTIONS, TITLE_HYPHENS
from samestory.base.language import WordList
from samestory.clean.lines import POSSESSIVE_CLITICS

DEMONSTRATIVES, TERMS_OF_OFFICE = WordList("demonstratives"), WordList("terms_of_office")
HEADLINE_LEADS, HEADLINE_VERBS = WordList("headline_leads"), WordList("headline_verbs")
ENUMERATING_BODIES = WordList("enumerating_bodies")  # offices that are named after several fields: Bureau, Committee
MAX_FIELD_WORDS = 3
ACTING_LABELS = ("PERSON", "ORG", "NORP")  # works may begin with a demonstrative
MENTION_EDGE_MARKS = frozenset("\"'“”‘’`.,:;!?()[]{}<>*_-–—/|#•·…") | {"''", "``", "--", "..."}


def trim_edges(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Cut articles, demonstratives (`This Supreme Court`), possessive 's and stray punctuation off the edges."""
    kept = []
    for mention in found:
        first, last = mention.first, mention.last
        while first < last and (_is_edge_mark(context.words[first])
                                or context.words[first].lower() in LEADING_ARTICLES
                                or (mention.label in ACTING_LABELS and context.words[first].lower() in DEMONSTRATIVES)):
            first += 1
        while first < last and _is_edge_mark(context.words[last - 1]):
            last -= 1
        if first < last:
            kept.append(replace(mention, first=first, last=last))
    return kept


def _is_edge_mark(word: str) -> bool:
    """Whether a token is punctuation or a possessive 's."""
    return word in MENTION_EDGE_MARKS or word in POSSESSIVE_CLITICS


def split_owners(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Split a possessor that is named elsewhere from the rest of the name: `Green Party's Jill Stein`.

    `People's Army` is not split. The rest after a person is dropped: `Okonjo's Budget` is not a person.
    """
    labels = {context.words_of(mention): mention.label for mention in found}
    split = []
    for mention in found:
        words = context.words_of(mention)
        at = next((i for i, word in enumerate(words[:-1]) if word in POSSESSIVE_CLITICS), 0)
        owner = labels.get(words[:at]) or read_known_labels().get(" ".join(words[:at])) or (
            labels.get(words[at - 1:at]) if mention.label == "PERSON" else None) or _label_owner(words[:at])
        if not owner:
            split.append(mention)
            continue
        split.append(FoundMention(mention.first, mention.first + at, owner, "owner"))
        if mention.label != "PERSON" or len(words) - at > 2:
            split.append(FoundMention(mention.first + at + 1, mention.last, mention.label, "owner"))
    return split


def _label_owner(words: NameWords) -> str | None:
    """PERSON for a full name that begins with a given name: `Tariq Noor's Party`."""
    return "PERSON" if len(words) in GIVEN_NAME_TOKENS and words[0] in read_given_names() else None


def cut_headline_verbs(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Cut the verb of a headline off a name, wherever it is: `Delay Transit Inquiry` after `to`."""
    cut = {context.words_of(m) for m in found if m.first > 0 and m.last - m.first > 1
           and context.words[m.first - 1].lower() in HEADLINE_LEADS
           and context.words[m.first].lower() in HEADLINE_VERBS}
    return [replace(m, first=m.first + 1) if context.words_of(m) in cut else m for m in found]


def split_organisations(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Split a person from the known organisation at the end of the name: `Obama White House`.

    A term of office is no part of the name, with a capital or without: `Obama Administration`.
    """
    known = read_known_labels()
    persons = {context.words_of(m) for m in found if m.label == "PERSON"}
    persons |= {words[-1:] for words in persons} | {tuple(name.split()) for name in read_known_persons()}
    split = []
    for mention in found:
        words = context.words_of(mention)
        if words[-1] in TERMS_OF_OFFICE and words[:-1] in persons:
            split.append(FoundMention(mention.first, mention.last - 1, "PERSON", "owner"))
            continue
        at = next((i for i in range(1, len(words) - 1) if known.get(" ".join(words[i:])) == "ORG"), 0)
        if mention.label != "PERSON" or not at:
            split.append(mention)
            continue
        split += [FoundMention(mention.first, mention.first + at, "PERSON", "owner"),
                  FoundMention(mention.first + at, mention.last, "ORG", "owner")]
    return split


def cut_lowercase_words(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Cut lower-case words off both ends (`state Department`), and drop mentions without a capital.

    Particles at the start of names are kept: `al`, `bin`, `de`, `van`. The rest of an organisation may be the name of
    a group of people: `Republican` in `Republican party`.
    """
    peoples = read_peoples() | {context.words_of(m) for m in found if m.label == "NORP"}
    kept = []
    for mention in found:
        first, last = mention.first, mention.last
        while first < last and context.words[first] not in NAME_PARTICLES and (
                _is_lowercase(context.words[first]) or _is_edge_mark(context.words[first])):
            first += 1
        while first < last and (_is_edge_mark(context.words[last - 1]) or (
                _is_lowercase(context.words[last - 1]) and not _is_hyphenated(last - 1, context))):
            last -= 1
        if any(letter.isupper() for word in context.words[first:last] for letter in word):
            cut = replace(mention, first=first, last=last)
            is_people = cut != mention and context.words_of(cut) in peoples
            kept.append(replace(cut, label="NORP") if is_people else cut)
    return kept


def _is_hyphenated(i: int, context: MentionContext) -> bool:
    """Whether a hyphen without blanks joins a token to the one before: `Suk-yeol`, but not `Voss - for one`."""
    parse = context.parse
    return (i > 1 and context.words[i - 1] in TITLE_HYPHENS
            and parse.ends[i - 2] == parse.starts[i - 1] and parse.ends[i - 1] == parse.starts[i])


def _is_lowercase(word: str) -> bool:
    return word.islower() and word[0].isalpha()


def drop_handles(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Drop mentions that are not names: `@handle`, `#tag`, a lone `Jr.`."""
    return [m for m in found if context.words[m.first][0] not in "@#"
            and not all(word in GENERATION_SUFFIXES for word in context.words_of(m))]


def cut_captions(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Cut the label of an image credit off a name: `Washington Image:`."""
    credits, words = read_name_words()["credit"], context.words
    kept = []
    for mention in found:
        before_colon = mention.last < len(words) and words[mention.last] == ":"
        is_label = before_colon and words[mention.last - 1] in credits
        last = mention.last - is_label
        if last > mention.first:
            kept.append(replace(mention, last=last))
    return kept


def cut_scores(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Cut a number off a person or a known place: `Sweden 1`."""
    known = read_known_labels()

    def cut(mention: FoundMention) -> FoundMention:
        words = context.words_of(mention)
        if len(words) < 2 or not words[-1].isdigit():
            return mention
        label = "PERSON" if mention.label == "PERSON" else known.get(" ".join(words[:-1]))
        return FoundMention(mention.first, mention.last - 1, label, "score") if label else mention

    return [cut(mention) for mention in found]


def join_enumerations(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Join the fields of an office that commas and "and" divide: `Bureau of Harbours, Ferries and Bridges`."""
    words, at = context.words, map_tokens_to_mentions(found)
    joined: list[FoundMention] = []
    for mention in found:
        if joined and mention.first < joined[-1].last:
            continue
        inner = range(mention.first, mention.last - 2)
        is_office = mention.label == "ORG" and any(
            words[i] in ENUMERATING_BODIES and words[i + 1] in BODY_PREPOSITIONS for i in inner)
        last = _find_enumeration_end(mention, at, context) if is_office else None
        joined.append(FoundMention(mention.first, last, "ORG", "enumeration") if last else mention)
    return joined


def _find_enumeration_end(mention: FoundMention, at: dict[int, FoundMention], context: MentionContext) -> int | None:
    """The end of a list that goes on behind a mention and ends in "and" and a last field; None if there is none."""
    words, last = context.words, mention.last
    has_comma = "," in context.words_of(mention)
    while last + 1 < len(words) and not context.crosses(mention.first, last + 2):
        is_final = words[last].lower() in NAME_CONJUNCTIONS or words[last:last + 2] == [",", "and"]
        if not is_final and words[last] != ",":
            return None
        has_comma = has_comma or words[last] == ","
        first = last = last + 1 + (words[last] == "," and is_final)
        while last < len(words) and words[last][0].isupper() and _is_field(last, at, context):
            last += 1
        if not 0 < last - first <= MAX_FIELD_WORDS:
            return None
        if is_final:
            return last if has_comma else None
    return None


def _is_field(i: int, at: dict[int, FoundMention], context: MentionContext) -> bool:
    """Whether a word may be of a field, such as Ferries: no part of another body, a place or a person."""
    other = at.get(i)
    if other is None:
        return True
    words = context.words_of(other)
    return other.label == "ORG" and " ".join(words) not in read_known_labels() and (
        read_name_words()["body"].isdisjoint(words))


def split_pairs(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Split a mention of two persons who have a mention of their own or are known: `Okonjo-Voss`, `Okonjo, Voss`."""
    bearers = {context.words[m.last - 1] for m in found if m.label == "PERSON" and not _joins_two(m, context)}
    bearers |= read_known_persons().keys()
    split = []
    for mention in found:
        is_pair = mention.label == "PERSON" and _joins_two(mention, context)
        if is_pair and bearers.issuperset(context.words_of(mention)[::2]):
            split += [FoundMention(i, i + 1, "PERSON", "pair") for i in (mention.first, mention.last - 1)]
        else:
            split.append(mention)
    return split


def _joins_two(mention: FoundMention, context: MentionContext) -> bool:
    """Whether a mention is two words with a hyphen, a comma or "and" between them."""
    words = context.words_of(mention)
    return len(words) == 3 and (words[1] in TITLE_HYPHENS or words[1] in NAME_CONJUNCTIONS or words[1] == ",")
