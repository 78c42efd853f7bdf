"""The people and bodies in one article: their mentions, their roles, and evidence of their gender.

Gender is inferred from the article's own words (Mr, spokeswoman, "Lee said her ..."); where there are none, from the
given name, if nearly all who bear it are of one. It only helps to resolve pronouns and is in no table.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from samestory.annotate.genders import (
    HE_TITLES,
    SHE_TITLES,
    given_name_pronoun,
    implied_pronoun,
    person_suffix_pattern,
    read_genders,
)
from samestory.annotate.mentions.lists import read_name_words
from samestory.annotate.quotations.predicate_roles import find_predicate_role
from samestory.annotate.quotations.quotation_parse import QuotationParse
from samestory.annotate.role_phrases import find_role_after, find_role_before
from samestory.base.language import WordList, cache_by_language, read_language_rows

if TYPE_CHECKING:
    from spacy.tokens import Token

PERSON_LABELS = ("PERSON",)
SHE_PRONOUNS, HE_PRONOUNS = WordList("she_pronouns"), WordList("he_pronouns")
RIVAL_PARTIES = (WordList("rival_party_a"), WordList("rival_party_b"))
SPOUSE_WORDS = WordList("spouse_words")
DEPUTY_WORDS = WordList("deputy_words")  # a vice president is not "the president"
FORMER_WORDS = WordList("former_words")
MAX_EARLIER_MENTIONS = 60  # mentions to look back on


@dataclass
class NamedPerson:
    """A person in the article: the roles given next to the name, their positions, and evidence of gender."""

    name: str
    roles: dict[str, list[tuple[int, bool]]] = field(default_factory=lambda: defaultdict(list))
    # for each role word, the tokens of the names next to it, and whether it comes before them
    words: set[str] = field(default_factory=set)  # all words next to the name, including possessors and places
    appositions: set[str] = field(default_factory=set)  # roles of appositions after the name ("Ada Voss, a porter,")
    votes: Counter[str] = field(default_factory=Counter)
    usual_pronoun: str | None = None  # that of the given name

    def may_be(self, pronoun: str) -> bool:
        """Whether neither the article nor, where it says nothing, the given name contradicts "he" or "she"."""
        if not self.votes.total():
            return self.usual_pronoun in (None, pronoun)
        return self.votes[pronoun] >= self.votes["she" if pronoun == "he" else "he"]

    def is_told(self, pronoun: str) -> bool:
        """Whether the article or the given name says that the person is "he" or "she"."""
        return bool(self.votes[pronoun]) or (not self.votes.total() and self.usual_pronoun == pronoun)

    def is_opposed(self, party: str) -> bool:
        """Whether the article assigns the person to the other party: "Ted Cruz (R-Texas)" is not "the Democrat"."""
        others = [words.words for words in RIVAL_PARTIES if party not in words]
        return len(others) < len(RIVAL_PARTIES) and not all(self.words.isdisjoint(words) for words in others)


@cache_by_language
def read_domain_words() -> frozenset[str]:
    """The words that tell offices apart ("energy", "foreign", "prime"), from data/en/name_words.csv."""
    names = read_name_words()
    return frozenset(role_word(word.lower()) for word in names["portfolio"] | names["rank"]) - DEPUTY_WORDS.words


@cache_by_language
def read_long_forms() -> dict[str, str]:
    """The long forms of abbreviations with a full stop ("sen." for senator), from data/en/abbreviations.csv."""
    return {f"{row['abbreviation']}.": row["long_form"] for row in read_language_rows("abbreviations")}


def role_word(word: str) -> str:
    """A role noun without its gender: spokesman, spokeswoman and spokesperson become one.

    >>> role_word("Spokeswoman")
    'spokes'
    """
    return person_suffix_pattern().sub("", word.lower())


class SpeakerCandidates:
    """The people and bodies named in one article, by token and by name."""

    def __init__(self, parsed: QuotationParse, mentions: list[dict[str, Any]], *, reported: np.ndarray) -> None:
        self.parsed = parsed
        self.reported = reported  # whether each token is part of reported speech
        self.at: dict[int, dict[str, Any]] = {}
        for mention in sorted(mentions, key=lambda m: (m["end"] - m["start"], m["start"])):
            first, last = parsed.parse.tokens_within(mention["start"], mention["end"])
            self.at.update(dict.fromkeys(range(first, last), mention))
        self.people: dict[str, NamedPerson] = {}
        self.first_named: dict[str, int] = {}
        self.named_at: list[tuple[int, str]] = []  # token and name of each mention of a person, in order
        self.bodies_at: list[tuple[int, str]] = []  # the same for organisations
        for mention in sorted(mentions, key=lambda m: m["start"]):
            if mention["label"] in PERSON_LABELS:
                self._add(mention)
            elif mention["label"] == "ORG":
                at = parsed.parse.tokens_within(mention["start"], mention["end"])[0]
                self.bodies_at.append((at, mention["name"]))

        self._read_pronouns()

    def _read_pronouns(self) -> None:
        """Collect "he" or "she" from the outlet's own sentences that name one person before the pronoun."""
        named: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for i, name in self.named_at:
            named[int(self.parsed.parse.sentence_of[i])].append((i, name))
        genders = read_genders(SHE_PRONOUNS, HE_PRONOUNS)
        for sentence, found in named.items():
            at, name = found[0]
            other = next((i for i, named in found if named != name), None)
            if self.reported[at] or (other is not None and not self.parsed.applies("pronouns before other names")):
                continue
            last = self.parsed.bounds[sentence][1] if other is None else other
            pronouns = (genders.get(token.lower_) for token in self.parsed.tokens[at:last]
                        if not self.reported[token.i] or _is_said_of_speaker(token))
            pronoun = next(filter(None, pronouns), None)
            earlier = {genders.get(token.lower_) for token in self.parsed.tokens[self.parsed.bounds[sentence][0]:at]}
            if pronoun in earlier and self.parsed.applies("pronouns named already"):
                continue  # "He backs Ann Lee, and HE says"
            if pronoun is not None and self.parsed.applies("genders by pronouns"):
                self.people[name].votes[pronoun] += 1

    def _add(self, mention: dict[str, Any]) -> None:
        first, last = self.parsed.parse.tokens_within(mention["start"], mention["end"])
        if last == first:
            return
        person = self.people.setdefault(mention["name"], NamedPerson(mention["name"]))
        if self.parsed.applies("genders by given names"):
            person.usual_pronoun = given_name_pronoun(person.name)
        self.named_at.append((last - 1, person.name))
        self.first_named.setdefault(person.name, first)
        before = find_role_before(self.parsed.parse, first, last)[::-1]
        after = find_role_after(self.parsed.parse, last)
        for token in [*before, *after]:
            person.words.update((role_word(token.text), role_word(token.lemma_)))
            gender = implied_pronoun(token.lower_)
            if gender and (token.i < first or (token.lower_ not in SHE_TITLES and token.lower_ not in HE_TITLES)):
                person.votes[gender] += self.parsed.applies("genders by titles")
        for token in _words_until_tag(before, "POS"):
            person.roles[role_word(token.lemma_)].append((first, True))
            if (long_form := read_long_forms().get(token.lower_)) and self.parsed.applies("short titles"):
                person.roles[role_word(long_form)].append((first, True))
        described = _words_until_tag(after, "IN")
        if described and described[0].pos_ == "DET":
            person.appositions.add(role_word(described[-1].lemma_))
        for token in described:
            person.roles[role_word(token.lemma_)].append((first, False))
        if self.parsed.applies("role by a verb") and not self.reported[first]:
            for token in find_predicate_role(self.parsed.tokens[last - 1]):
                person.words.add(role_word(token.lemma_))
                person.roles[role_word(token.lemma_)].append((first, False))

    @cached_property
    def surnames(self) -> dict[str, list[str]]:
        """The people, by the last word of their name in lower case."""
        found = defaultdict(list)
        for name in self.people:
            found[name.split()[-1].lower()].append(name)
        return found

    @cached_property
    def in_role(self) -> dict[str, list[NamedPerson]]:
        """The people, by each word of their roles."""
        found = defaultdict(list)
        for person in self.people.values():
            for role in person.roles:
                found[role].append(person)
        return found

    def tokens_of(self, mention: dict[str, Any]) -> tuple[int, int]:
        """The first and last (exclusive) token of a mention."""
        return self.parsed.parse.tokens_within(mention["start"], mention["end"])

    def named_before(self, token: int) -> list[tuple[int, str]]:
        """The latest mentions of people before a token, last first."""
        last = bisect_right(self.named_at, (token, ""))
        return self.named_at[max(0, last - MAX_EARLIER_MENTIONS):last][::-1]

    def names_body(self, name: str) -> bool:
        """Whether a name is that of an organisation."""
        return name in self._times_named

    def is_named_again(self, body: dict[str, Any]) -> bool:
        """Whether the article names a body more than once."""
        return self._times_named[body["name"]] > 1

    @cached_property
    def _times_named(self) -> Counter[str]:
        return Counter(name for _, name in self.bodies_at)

    def find_longer_body(self, short: str) -> str | None:
        """The body whose name ends in several given words: of several ones, that named more often than all others.

        Words named again by themselves are a body of their own: the Supreme Court beside the Florida Supreme Court.
        """
        if self._times_named[short] > 1:
            return None
        longer = [name for name in self._times_named if " " in short and name.endswith(f" {short}")]
        main = max(longer, key=lambda name: self._times_named[name], default=None)
        is_main = main is not None and 2 * self._times_named[main] > sum(self._times_named[name] for name in longer)
        return main if is_main else None

    def find_body(self, head: "Token", words: set[str]) -> str | None:
        """The body meant by "the agency" or "the fire service": the last one before it with these words in its name.

        If there is none, it is the only body named in the same or the previous sentence.
        """
        last = bisect_right(self.bodies_at, (head.i, ""))
        before = self.bodies_at[max(0, last - MAX_EARLIER_MENTIONS):last][::-1]
        wanted = words | {head.lemma_.lower()}
        shared = next((name for _, name in before if wanted <= set(name.lower().split())), None)
        if words:
            return shared
        sentences = self.parsed.parse.sentence_of
        near = {name for i, name in before if sentences[head.i] - sentences[i] <= 1 and not self.reported[i]}
        return shared or (near.pop() if len(near) == 1 else None)

    def is_apposition(self, noun: "Token") -> bool:
        """Whether a noun stands in apposition to somebody's name, so that it denotes people here."""
        role = role_word(noun.lemma_)
        return any(role in person.appositions for person in self.in_role.get(role, ()))

    def find_spouse(self, head: "Token") -> str | None:
        """The person meant by "the first lady": the only wife in the article of whom the title can be said."""
        pronoun = implied_pronoun(head.lower_) or ("he" if head.lower_.endswith("man") else "she")
        spouses = (person for word in SPOUSE_WORDS for person in self.in_role.get(word, ()))
        found = {person.name for person in spouses if person.may_be(pronoun)}
        return found.pop() if len(found) == 1 else None

    def find_role(self, head: "Token", words: set[str], *, proper: set[str], definite: bool) -> str | None:
        """The person to whom the article gives this role: the best match; of equal ones, the nearest.

        An indefinite role ("a spokesman for the State Department") needs a second shared word, and a role with a name
        in it ("Ohio's governor") needs that name near the person's.
        """
        role, scored = role_word(head.lemma_), []
        is_domain_told = self.parsed.applies("role of another office")
        for person in self.in_role.get(role, ())[:MAX_EARLIER_MENTIONS]:
            at, is_title = _nearest_place(person.roles[role], head.i)
            shared = len(words & person.words)
            is_other = (is_domain_told and _has_other_domain(words, person.words)) or (
                not words.issuperset(DEPUTY_WORDS.words & person.words) or (proper and not proper & person.words))
            is_former = at > head.i and bool(FORMER_WORDS.words & person.words - words)
            if is_other or is_former or (not definite and not shared):
                continue
            scored.append((-shared, not is_title, at > head.i, abs(at - head.i), person.name))
        return min(scored)[-1] if scored else None


def _is_said_of_speaker(pronoun: "Token") -> bool:
    """Whether a pronoun opens what somebody says, and so mostly means the speaker: "Lee said HE would come"."""
    return pronoun.dep_ == "nsubj" and pronoun.head.dep_ == "ccomp" and pronoun.i <= pronoun.head.head.i + 2


def _has_other_domain(words: set[str], others: set[str]) -> bool:
    """Whether two roles are of different offices: "the energy secretary" is not "Defense Secretary Lee"."""
    domains = read_domain_words()
    return bool(words & domains and others & domains) and not words & others & domains


def _nearest_place(places: list[tuple[int, bool]], token: int) -> tuple[int, bool]:
    """The last of the places before a token, or else the first one after it."""
    position = bisect_right(places, (token, True))
    return places[max(0, position - 1)]


def _words_until_tag(words: list["Token"], tag: str) -> list["Token"]:
    """The words before the first one with this tag: the role itself, without its possessor or place."""
    return words[:next((i for i, token in enumerate(words) if token.tag_ == tag), len(words))]
