"""Rules on titles: cuts titles off persons' names, and separates organisations from the holders of their offices."""

from samestory.annotate.mentions.lists import read_known_labels, read_name_words, read_nonperson_words
from samestory.annotate.mentions.mention_context import FoundMention, MentionContext
from samestory.annotate.mentions.persons import list_surnames
from samestory.annotate.roles import NAME_CONJUNCTIONS, PLURAL_TITLES, TITLE_PREPOSITIONS, read_roles
from samestory.base.language import WordList

REGNAL_TITLES = WordList("regnal_titles")  # they belong to the name, or are names, too: Queen, Dean
FULL_NAME_WORDS = range(2, 4)  # words of a person's name after a title


def split_holders(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Separate an organisation from the holder of an office in it: `House Financial Services Chair Maxine Waters`."""
    marked = _mark_titles(context.words)
    holders = ((mention, _find_holder(mention, marked, context)) for mention in found)
    return [part for mention, holder in holders
            for part in (_split_holder(mention, holder, marked) if holder else [mention])]


def _find_holder(mention: FoundMention, marked: list[bool], context: MentionContext) -> int | None:
    """The token at which a full name begins after a title in an organisation's mention; None if there is none."""
    if mention.label != "ORG":
        return None
    last = mention.last
    first = next((i + 1 for i in reversed(range(mention.first, last)) if marked[i]), last)
    words = context.words[first:last]
    is_name = len(words) in FULL_NAME_WORDS and all(word[0].isupper() for word in words)
    return first if is_name and read_nonperson_words().isdisjoint(words) else None


def _split_holder(mention: FoundMention, holder: int, marked: list[bool]) -> list[FoundMention]:
    """The organisation, if there is one before the title, and the person."""
    title = holder - 1
    while title > mention.first and marked[title - 1]:
        title -= 1
    body = [FoundMention(mention.first, title, mention.label, "holder")] if title > mention.first else []
    return [*body, FoundMention(holder, mention.last, "PERSON", "holder")]


def cut_titles(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Cut titles off persons, and drop mentions that are only a title.

    `Councilor` is not a person, and `State` in `Secretary of State` is not an organisation. A title word that is
    somebody's surname in this article (Julie Bishop) is kept.
    """
    marked = _mark_titles(context.words)
    heads = read_name_words()["title"] | read_name_words()["office"]
    surnames = list_surnames(found, context)
    kept = []
    for mention in found:
        first, last = mention.first, mention.last
        if mention.label == "NORP" or (last - first == 1 and context.words[first] in surnames):
            kept.append(mention)
            continue
        while mention.label == "PERSON" and first < last and (marked[first] or context.words[first] in PLURAL_TITLES):
            first += 1
        if all(marked[first:last]):
            continue
        ends_in_title = mention.label != "PERSON" and context.words[last - 1] in heads
        while ends_in_title and marked[last - 1] and last - 1 > first:
            last -= 1
        kept.append(mention if (first, last) == (mention.first, mention.last)
                    else _shorten_mention(mention, first, last, context))
    return kept


def cut_occupations(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Cut an occupation off a person, `Surgeon Elsa Zingova`, and what comes before it, `Zingo spokesman Uwe Voss`.

    What comes before it is an organisation.
    """
    return [part for mention in found for part in _cut_occupation(mention, context)]


def _cut_occupation(mention: FoundMention, context: MentionContext) -> list[FoundMention]:
    """The person without an occupation, after the organisation before it, if there is one."""
    words, roles = context.words_of(mention), read_roles(titles_only=True)
    at = next((i for i in reversed(range(len(words) - 1)) if words[i].lower() in roles
               and words[i] not in REGNAL_TITLES and ((i == 0 and len(words) > 2) or words[i].islower())), None)
    if at is None or not (mention.label == "PERSON" or (at == 0 and _is_acting_person(mention, context))):
        return [mention]
    person = FoundMention(mention.first + at + 1, mention.last, "PERSON", "title")
    is_body = at > 0 and all(word[0].isupper() for word in words[:at])
    return [FoundMention(mention.first, mention.first + at, "ORG", "title"), person] if is_body else [person]


def _is_acting_person(mention: FoundMention, context: MentionContext) -> bool:
    """Whether a body is a person who acts, with an occupation and two names: `Striker Uwe Voss scored`."""
    words = context.words_of(mention)[1:]
    is_name = len(words) in FULL_NAME_WORDS and all(word.istitle() for word in words)
    return (mention.label == "ORG" and is_name and context.acts_after(mention)
            and read_nonperson_words().isdisjoint(words))


def _mark_titles(words: list[str]) -> list[bool]:
    """Which tokens belong to a title: `Secretary of State`, `National Security Advisor`, `Mr.`."""
    kinds = read_name_words()
    heads = kinds["title"] | kinds["office"]
    before = heads | kinds["rank"] | kinds["portfolio"]
    marked = [word in heads and (i == 0 or words[i - 1] not in TITLE_PREPOSITIONS) for i, word in enumerate(words)]
    for i in [i for i, is_head in enumerate(marked) if is_head]:
        left, right = i - 1, i + 1
        while left >= 0 and not marked[left] and words[left] in before:
            marked[left] = True
            left -= 1
        while right + 1 < len(words) and (words[right] in TITLE_PREPOSITIONS or words[right] in NAME_CONJUNCTIONS) \
                and words[right + 1] in kinds["portfolio"]:
            marked[right:right + 2] = [True, True]
            right += 2
    return marked


def _shorten_mention(mention: FoundMention, first: int, last: int, context: MentionContext) -> FoundMention:
    """A part of a mention; a place by itself is no longer an organisation: `U.S.` in `U.S. Advisor`."""
    words = context.words[first:last]
    is_place = mention.label == "ORG" and read_known_labels().get(" ".join(words)) == "GPE"
    return FoundMention(first, last, "GPE" if is_place else mention.label, "title")
