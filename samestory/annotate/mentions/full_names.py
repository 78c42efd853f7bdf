"""Full names: the longest name that an article gives for each mention; marks names shared by several persons."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, combinations, pairwise

from samestory.annotate.mentions.bodies import BODY_PREPOSITIONS, OFFICE_BODIES, find_acronyms
from samestory.annotate.mentions.lists import read_known_persons, read_name_words
from samestory.annotate.mentions.mention_context import (
    GENERATION_SUFFIXES,
    LOWERCASE_NAME_WORDS,
    FoundMention,
    MentionContext,
    NameWords,
)
from samestory.annotate.mentions.name_index import MAX_NAME_TOKENS
from samestory.annotate.mentions.namesakes import (
    Description,
    choose_namesake,
    describe_name,
    has_honorific,
    merge_descriptions,
)
from samestory.annotate.mentions.person_names import PersonName, explain_agreement, parse_person_name
from samestory.annotate.mentions.persons import NAME_PARTICLES, group_full_names
from samestory.clean.lines import POSSESSIVE_CLITICS


def name_mentions(found: list[FoundMention], context: MentionContext) -> tuple[list[FoundMention], list[str]]:
    """The mentions, with ambiguous ones marked, and the longest name in the article for each."""
    bearers = _index_persons(found, context)
    owned = _find_owned(found, context)
    bodies = _index_organisations([owned.get(mention, mention) for mention in found], context)
    described: dict[MentionedPerson, Description] = {}
    mentions, names = [], []
    for mention in found:
        words, full = context.words_of(mention), mention
        if mention.label == "PERSON" and (words in bearers or (words := lower_particle(words)) in bearers):
            full, is_sure = _choose_full_name(mention, bearers[words], context, described)
            mention = mention if is_sure else replace(mention, rule="ambiguous")
        elif mention.label == "ORG":
            full = bodies.get(words, mention)
            full = owned.get(mention) or bodies.get(context.words_of(full), full)
        mentions.append(mention)
        names.append(context.name_of(full))
    return mentions, names


def _is_known_as(name: str, full: str) -> bool:
    """Whether a full name is that of a well-known person, perhaps with a middle name or a nickname."""
    reason = explain_agreement(parse_person_name(name), parse_person_name(full))
    return read_known_persons().get(name) == full or reason not in (None, "suffix")


def _choose_full_name(mention: FoundMention, bearers: list["MentionedPerson"], context: MentionContext,
                      described: dict["MentionedPerson", Description]) -> tuple[FoundMention, bool]:
    """The full name that fits what is said beside a bare name, and whether it alone does.

    "Mrs. Voss" is not Peter Voss: if all bearers of the surname are men, she is a person of her own.
    """
    is_addressed = has_honorific(mention, context)
    if context.words_of(mention) in bearers[0].spellings or not (is_addressed or len(bearers) > 1):
        return bearers[0].name, True
    for person in bearers:
        if person not in described:
            described[person] = merge_descriptions(context.name_of(person.name),
                                                   [describe_name(m, context) for m in person.mentions])
    chosen, is_sure = choose_namesake(describe_name(mention, context), [described[person] for person in bearers])
    if chosen is not None:
        return bearers[chosen].name, is_sure
    return replace(mention, first=mention.first - is_addressed), True


def lower_particle(words: NameWords) -> NameWords:
    """A name with a small particle in front, as within the full name.

    >>> lower_particle(("Van", "Dorp"))
    ('van', 'Dorp')
    """
    return (words[0].lower(), *words[1:]) if len(words) > 1 and words[0].lower() in NAME_PARTICLES else words


@dataclass(frozen=True, eq=False)
class MentionedPerson:
    """A person in the article: the spellings of the full name, their mentions, and the spelling used as the name."""

    spellings: list[NameWords]
    mentions: list[FoundMention]
    name: FoundMention

    def __lt__(self, other: "MentionedPerson") -> bool:
        """Whether this person is named in full more often, or equally often but earlier."""
        return (-len(self.mentions), self.mentions[0].first) < (-len(other.mentions), other.mentions[0].first)


def _index_persons(found: list[FoundMention], context: MentionContext) -> dict[NameWords, list[MentionedPerson]]:
    """All persons with each form of a name, the main person first.

    News gives a minor figure's full name each time (`Bill Clinton`), and the main one's surname: the person named in
    full most often is the main one. Surnames take precedence over first names: if `Cruz` is somebody's surname, it does
    not denote Cruz Beckham. If there is a Tom Voss, the surname alone does not denote Tom Voss Jr. A person named in
    full only in a title-case headline (`Judge Blocks Voss`) has no other form.
    """
    alone = [m for m in found if m.last - m.first == 1]
    persons = _group_persons(group_full_names(found, context), {context.words[m.first] for m in alone}, context)
    elders = {(person.spellings[0][0], person.spellings[0][-1]) for person in persons}
    surnames: dict[NameWords, list[MentionedPerson]] = defaultdict(list)
    firsts: dict[NameWords, list[MentionedPerson]] = defaultdict(list)
    for person in sorted(p for p in persons if not all(map(context.is_shouted, p.mentions))):
        base = tuple(word for word in person.spellings[0] if word not in GENERATION_SUFFIXES)
        is_younger = len(base) < len(person.spellings[0]) and (base[:1] + base[-1:]) in elders
        for at in range(1, 1 if is_younger else min(len(base), MAX_NAME_TOKENS)):
            surnames[base[at:]].append(person)
        firsts[base[:1]].append(person)
    own = {words: [person] for person in persons for words in person.spellings}
    bearers = {**firsts, **surnames, **own}
    for words in _find_well_known(alone, bearers, context):
        del bearers[words]
    return bearers


def _find_well_known(alone: Iterable[FoundMention], bearers: Mapping[NameWords, list[MentionedPerson]],
                     context: MentionContext) -> set[NameWords]:
    """The surnames that denote a well-known person whom the article never names in full: Biden beside Jill Biden.

    The surname then precedes the full name of everybody else who has it.
    """
    known = read_known_persons()
    first: dict[NameWords, int] = {}
    for mention in alone:
        if mention.label == "PERSON" and context.parse.role_of(mention.first) == "body":
            first.setdefault(context.words_of(mention), mention.first)

    def is_well_known(words: NameWords) -> bool:
        full = known.get(words[0])
        return full is not None and all(not _is_known_as(context.name_of(person.name), full)
                                        and first[words] < person.mentions[0].first for person in bearers[words])

    return {words for words in first if words in bearers and is_well_known(words)}


def _group_persons(full: Mapping[NameWords, list[FoundMention]], alone: set[str],
                   context: MentionContext) -> list[MentionedPerson]:
    """The persons that the full names denote; the longest spelling is the name, unless it is in capitals.

    Spellings belong to one person if they agree (Joe Biden, Joe R. Biden, Joseph Biden) or one is the other with more
    words before it. In the latter case the shorter is the name if its last word is used alone, as surnames are (Ada
    Voss in Universe Ada Voss), or else it is the surname (Peña Nieto in Enrique Peña Nieto).
    """
    persons = []
    for group in _group_spellings(full, context):
        members = []
        for words in group:
            cut = next((i for i in range(1, min(len(words) - 1, MAX_NAME_TOKENS)) if words[i:] in full), 0)
            is_more = cut > 0 and words[-1] in alone
            members.append((is_more, len(words[0].rstrip(".")) == 1, -len(words), words))
        spellings = [member[-1] for member in sorted(members)]
        mentions = sorted((m for words in spellings for m in full[words]), key=lambda m: m.first)
        name = min(full[spellings[0]], key=lambda m: (context.name_of(m).isupper(), m.first))
        persons.append(MentionedPerson(spellings, mentions, name))
    return persons


def _group_spellings(full: Mapping[NameWords, list[FoundMention]], context: MentionContext) -> list[list[NameWords]]:
    """The full names by person: those that all agree; if some do not, those with the same first name and surname."""
    names = {words: parse_person_name(context.name_of(mentions[0])) for words, mentions in full.items()}
    groups: list[list[NameWords]] = []
    for words, name in names.items():
        near = [group for group in groups if any(_is_one_person(name, names[other]) for other in group)]
        groups = [group for group in groups if group not in near] + [[*chain(*near), words]]
    return [part for group in groups for part in _split_spellings(group, names)]


def _split_spellings(group: list[NameWords], names: Mapping[NameWords, PersonName]) -> list[list[NameWords]]:
    if all(_is_one_person(names[one], names[other]) for one, other in combinations(group, 2)):
        return [group]
    parts: dict[tuple[tuple[str, ...], str, str], list[NameWords]] = defaultdict(list)
    for words in group:
        given, surname, suffix = names[words]
        parts[given[:1], surname, suffix].append(words)
    return list(parts.values())


def _is_one_person(one: PersonName, other: PersonName) -> bool:
    """Whether two full names in one article denote one person; a father and a son have different suffixes."""
    return one.suffix == other.suffix and bool(explain_agreement(one, other))


def _find_owned(found: list[FoundMention], context: MentionContext) -> dict[FoundMention, FoundMention]:
    """Organisations that every country has, with the country named before them: `China's Foreign Ministry`."""
    kinds, words = read_name_words(), context.words
    owned = {}
    for owner, body in pairwise(found):
        is_common = (body.label == "ORG" and body.last - body.first > 1 and words[body.last - 1] in kinds["body"]
                     and kinds["portfolio"].issuperset(words[body.first:body.last - 1]))
        is_owner = (owner.label == "GPE" and body.first - owner.last == 1
                    and words[owner.last] in POSSESSIVE_CLITICS)
        if is_common and is_owner:
            owned[body] = replace(body, first=owner.first)
    return owned


def _list_shorter_bodies(words: NameWords, bodies: frozenset[str]) -> Iterator[NameWords]:
    """The shorter names of a body: without its country or the like, its first word (Bureau of Fish), its portfolio."""
    for cut in (1, 2):
        opens = len(words) > cut + 2 and words[cut] in bodies and words[cut + 1] in BODY_PREPOSITIONS
        is_body = len(words) > cut and (opens or words[-1] in bodies)
        if is_body and not LOWERCASE_NAME_WORDS.words.intersection(words[:cut]):
            yield words[cut:]
    if len(words) > 2 and words[0] in bodies and words[1] in BODY_PREPOSITIONS:
        yield words[:1]
    if len(words) == 2 and words[1] in OFFICE_BODIES:  # Interior, of the Interior Department
        yield words[:1]


def _index_organisations(found: list[FoundMention], context: MentionContext) -> dict[NameWords, FoundMention]:
    """An organisation's longest name, by its acronyms and by shorter names at its end.

    `State Department` is `US State Department` if only one longer name ends like this, and the words before it are not
    another organisation (`Office of the ... Committee` is not the committee). Both must end, or begin before `of`, in a
    word for an organisation: the House is not the White House. A title-case headline has no longer name (`Conservative
    Supreme Court Rules`).
    """
    kinds = read_name_words()
    at = {mention.last: mention for mention in found}
    index: dict[NameWords, FoundMention] = {}
    for _, last, acronym in find_acronyms(context):
        if last in at and acronym + 1 in at:
            index.setdefault((context.words[acronym],), at[last])
    longer: dict[NameWords, dict[NameWords, FoundMention]] = defaultdict(dict)
    for mention in found:
        if mention.label != "ORG" or context.is_shouted(mention):
            continue
        for short in _list_shorter_bodies(context.words_of(mention), kinds["body"]):
            longer[short].setdefault(context.words_of(mention), mention)
    for words, names in longer.items():
        if len(names) == 1:
            index.setdefault(words, next(iter(names.values())))
    return index
