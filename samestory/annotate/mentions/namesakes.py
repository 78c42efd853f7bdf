"""Namesakes: which of the persons of one surname a bare name denotes.

Told by a form of address ("Mrs. Lind"), a title ("Senator Lind"), an age ("the younger Lind") or an apposition ("Lind,
the lawyer"), each compared with what the article says beside the full names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from samestory.annotate.genders import HE_TITLES, SHE_TITLES, given_name_pronoun, implied_pronoun, read_genders
from samestory.annotate.mentions.mention_context import FoundMention, MentionContext
from samestory.annotate.roles import NAME_CONJUNCTIONS, find_title_start, is_honorific, join_cut_titles, read_roles
from samestory.base.language import WordList, read_stop_words

YOUNGER_WORDS, ELDER_WORDS = WordList("younger_words"), WordList("elder_words")
CHILD_WORDS, PARENT_WORDS = WordList("child_words"), WordList("parent_words")
HIS_PRONOUNS, HER_PRONOUNS = WordList("his_pronouns"), WordList("her_pronouns")
MAX_APPOSITION_TOKENS = 10  # tokens after a name that may say who it is
AGE_RANGE = range(5, 111)  # years


@dataclass(frozen=True)
class Description:
    """What stands beside a name: titles and roles, the pronoun they imply, the age, and which generation it is."""

    words: frozenset[str]
    pronoun: str | None
    generation: int  # 1 for a parent or "the elder", -1 for a child or "the younger", 0 if nothing says so
    age: int | None

    @cached_property
    def roles(self) -> frozenset[str]:
        """The titles and roles, without forms of address."""
        return frozenset(word for word in self.words - read_stop_words() if word[0].isalpha()
                         and not is_honorific(word.capitalize()))


def describe_name(mention: FoundMention, context: MentionContext) -> Description:
    """What the words right before and after a name say about its bearer."""
    words = [word.lower() for word in (*_title_before(mention, context), *_apposition_after(mention, context))]
    pronouns = [pronoun for word in words if (pronoun := implied_pronoun(word)) is not None]
    ages = [int(word) for word in words if word.isdecimal() and int(word) in AGE_RANGE]
    return Description(frozenset(words), pronouns[0] if pronouns else _pronoun_after(mention, context),
                       _find_generation(words), ages[0] if ages else None)


def _title_before(mention: FoundMention, context: MentionContext) -> list[str]:
    """The title before a name, "the younger", or the role to which the name is in apposition ("his wife, Ada Voss")."""
    first, words = mention.first, context.words
    start = find_title_start(context.parse, first, titles_only=False)
    start = first if start is None else start
    while start > max(0, first - MAX_APPOSITION_TOKENS) and _is_plain_noun(start - 1, context):
        start -= 1
    if start > 1 and words[start - 1] == "," and words[start - 2].lower() in read_roles():
        start -= 2
    if start > 0 and words[start - 1].lower() in (*YOUNGER_WORDS, *ELDER_WORDS):
        start -= 1
    return join_cut_titles(words[start:first])


def _is_plain_noun(token: int, context: MentionContext) -> bool:
    word = context.words[token]
    return context.parse.doc[token].pos_ == "NOUN" and word.isalpha() and word not in read_stop_words()


def _apposition_after(mention: FoundMention, context: MentionContext) -> list[str]:
    """The words between a comma after a name and the next mark, or "the younger" right after it."""
    after = context.words[mention.last:mention.last + MAX_APPOSITION_TOKENS]
    if after[:1] not in ([","], ["("]):
        marks = (*YOUNGER_WORDS, *ELDER_WORDS)
        return [word for word in after[:2] if word.lower() in marks] if after[1:2] and after[1].lower() in marks else []
    ends = next((i for i, word in enumerate(after) if i and not word[0].isalnum()), 1)
    return after[1:ends]


def _pronoun_after(mention: FoundMention, context: MentionContext) -> str | None:
    """The pronoun of "Ada Voss and her brother"."""
    after = context.words[mention.last:mention.last + 2]
    if len(after) < 2 or after[0] not in NAME_CONJUNCTIONS:
        return None
    return read_genders(HER_PRONOUNS, HIS_PRONOUNS).get(after[1])


def _find_generation(words: Iterable[str]) -> int:
    found = set(words)
    is_elder = not found.isdisjoint((*ELDER_WORDS, *PARENT_WORDS))
    return is_elder - (not found.isdisjoint((*YOUNGER_WORDS, *CHILD_WORDS)))


def merge_descriptions(name: str, found: list[Description]) -> Description:
    """What an article says of a person beside all full names; without a pronoun, that of the given name."""
    told = next((d.pronoun for d in found if d.pronoun), None)
    return Description(frozenset().union(*(d.words for d in found)), told or given_name_pronoun(name),
                       next((d.generation for d in found if d.generation), 0),
                       next((d.age for d in found if d.age), None))


def choose_namesake(told: Description, known: list[Description]) -> tuple[int | None, bool]:
    """The number of the description that fits a bare name, and whether it alone does; None if all contradict it."""
    known = _compare_generations(known)
    fitting = [i for i, person in enumerate(known) if not (told.pronoun and person.pronoun)
               or told.pronoun == person.pronoun]
    if not fitting:
        return None, True
    scores = {i: _score(told, known[i]) for i in fitting}
    best = [i for i in fitting if scores[i] == max(scores.values())]
    return best[0], len(best) == 1


def _compare_generations(known: list[Description]) -> list[Description]:
    """Give each of two persons a generation if one has it, or by their ages."""
    if len(known) != 2:
        return known
    first, second = known
    generation = first.generation or -second.generation
    if not generation and first.age and second.age:
        generation = (first.age > second.age) - (first.age < second.age)
    return [Description(d.words, d.pronoun, d.generation or sign * generation, d.age)
            for sign, d in ((1, first), (-1, second))]


def _score(told: Description, person: Description) -> int:
    shared = sum(any(_is_same_role(word, other) for other in person.roles) for word in told.roles)
    is_same_age = told.generation != 0 and told.generation == person.generation
    return 2 * shared + 2 * is_same_age + (told.pronoun is not None and told.pronoun == person.pronoun)


def _is_same_role(word: str, other: str) -> bool:
    """Whether two words are one role, perhaps shortened.

    >>> _is_same_role("sen.", "senator"), _is_same_role("senator", "doctor")
    (True, False)
    """
    short, full = sorted((word, other), key=len)
    return word == other or (short.endswith(".") and _is_shortened(short[:-1], full))


def _is_shortened(short: str, full: str) -> bool:
    """Whether the letters of a short form stand in this order in a word that begins with the same."""
    letters = iter(full)
    return full[:1] == short[:1] and all(letter in letters for letter in short)


def has_honorific(mention: FoundMention, context: MentionContext) -> bool:
    """Whether "Mr.", "Mrs." or the like is right before a name."""
    return mention.first > 0 and context.words[mention.first - 1].lower() in (*SHE_TITLES, *HE_TITLES) \
        and is_honorific(context.words[mention.first - 1])
