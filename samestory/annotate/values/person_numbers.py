"""Ages, results and shares: `23-year-old`, `aged 5`, `Ann Lee, 54,`, `52-48`, `one in eight`, `two-thirds`."""

from dataclasses import replace

from samestory.annotate.roles import DEFINITE_ARTICLES, read_roles
from samestory.annotate.values.amounts import find_amount, read_unit
from samestory.annotate.values.approximations import add_approximation
from samestory.annotate.values.calendar_dates import read_year
from samestory.annotate.values.numerals import NUMERAL_ARTICLES, Numeral, read_digits, read_numeral
from samestory.annotate.values.value_context import JOINING_HYPHENS, RANGE_MARKS, FoundValue, ValueContext
from samestory.annotate.values.value_words import read_date_values, read_number_words
from samestory.base.language import WordList

AGE_WORDS, AGE_LEADS = WordList("age_words"), WordList("age_leads")
SCORE_WORDS = WordList("score_words")
OPENING_AGE_PREPOSITIONS = WordList("opening_age_prepositions")  # At 77, she ran again.
AGE_LIMITS, AGED_PERSONS = WordList("age_limits"), WordList("aged_persons")
APPENDED_AGE_LEADS = WordList("appended_age_leads")
AGE_VERBS, AGE_FOLLOWERS = WordList("age_verbs"), WordList("age_followers")
PERSON_PRONOUNS = WordList("singular_person_pronouns")
RATIO_PREPOSITIONS, RATIO_CONNECTIVES = WordList("ratio_prepositions"), WordList("ratio_connectives")
DECADE_SUFFIX_WORDS = WordList("decade_suffixes")
HALF_LEADS = WordList("half_leads")
NOUN_LIKE_POS = ("NOUN", "ADJ", "PROPN")
PLURAL_NAME_TAG = "NNPS"
RATIO_WHOLES = (10, 100, 1000)
MAX_AGE_YEARS = 125
MAX_SUBJECT_DISTANCE_ATOMS = 3  # between a person and the verb before an age
MAX_SCORE_DISTANCE_ATOMS = 8  # between a result and the word that says that it is one
MAX_SCORE, MAX_PLAIN_SCORE = 700, 200  # the second: without a word such as "vote"


def find_age(context: ValueContext, i: int) -> FoundValue | None:
    """`23-year-old`, `23 years old`, `23 years of age`, `aged 23`, `Ann Lee, 54,`, `in his 60s`."""
    found = find_amount(context, i)
    if found is None or found.value is None:
        return _find_age_decade(context, i)
    if found.kind == "duration":
        if context.word(i - 1) in AGE_LEADS:  # aged 84 years
            return replace(found, kind="age")
        at = found.last + (context.word(found.last) in JOINING_HYPHENS)
        for length in (2, 1):
            if context.phrase(at, at + length) in AGE_WORDS:
                return replace(found, last=at + length, kind="age")
        return None
    if found.kind != "number" or found.value > MAX_AGE_YEARS:
        return None
    opens = not context.text(i - 2) and context.word(i - 1) in OPENING_AGE_PREPOSITIONS
    is_led = context.word(i - 1) in AGE_LEADS or context.phrase(i - 2, i) in AGE_LEADS
    is_age = is_led or (opens and context.text(found.last) == ",") \
        or _is_appended(context, found) or _is_predicate(context, found) or _is_age_limit(context, found)
    return replace(found, kind="age", unit="year") if is_age else _find_age_decade(context, i)


def _is_appended(context: ValueContext, found: FoundValue) -> bool:
    """Whether a number stands between commas after a person's name: `Ann Lee, 54, a baker`, `Ann Lee, now 54, left`."""
    i = found.first
    comma = i - 1 - (context.word(i - 1) in APPENDED_AGE_LEADS)
    is_between = context.text(comma) == "," and context.text(found.last) in (",", ".", ")", "")
    if not (is_between and context.text(i).isdigit()):
        return False
    mention = context.named[context.atoms[comma].start - 1]
    is_person = bool(mention) and context.mentions[mention - 1]["label"] == "PERSON"
    return (is_person or context.word(comma - 1) in read_roles()) and len(context.text(i)) < 4


def _is_age_limit(context: ValueContext, found: FoundValue) -> bool:
    """Whether `under` or `over` before a number sets an age for people: `children under 12`."""
    if context.word(found.first - 1) not in AGE_LIMITS or not context.text(found.first - 2):
        return False
    is_people = context.parse.doc[context.token(found.first - 2)].tag_ == PLURAL_NAME_TAG  # Democrats under 30
    limit = is_people or context.word(found.first - 2) in AGED_PERSONS
    counts = context.text(found.last) and context.parse.doc[context.token(found.last)].pos_ in NOUN_LIKE_POS
    return limit and not counts


def _is_predicate(context: ValueContext, found: FoundValue) -> bool:
    """Whether a number is all that is said of a person: `He was 85.`, `she turned 21 in May`."""
    following = context.word(found.last)
    if following and following not in ".,;)" and following not in AGE_FOLLOWERS:
        return False
    verb = add_approximation(context, found).first - 1
    if context.word(verb) not in AGE_VERBS:
        return False
    if context.text(verb - 1) == "," and not following.isalpha():  # Mara Okonjo, a baker, was 66.
        return True
    for at in range(verb - 1, verb - 1 - MAX_SUBJECT_DISTANCE_ATOMS, -1):
        mention = context.named[context.atoms[at].start] if at >= 0 else 0
        is_person = bool(mention) and context.mentions[mention - 1]["label"] == "PERSON"
        if is_person or context.word(at) in PERSON_PRONOUNS:
            return True
    return False


def _find_age_decade(context: ValueContext, i: int) -> FoundValue | None:
    """`in his 60s`: from 60 to 69."""
    text = context.text(i)
    if not (len(text) == 2 and text.isdigit() and text[1] == "0" and context.touches(i + 1)
            and context.word(i + 1) in DECADE_SUFFIX_WORDS):
        return None
    if context.word(i - 1) in DEFINITE_ARTICLES:  # the 90s
        return FoundValue(i, i + 2, "date", date=f"19{text[0]}X")
    return FoundValue(i, i + 2, "age", float(text), float(text) + 9, unit="year")


def find_score(context: ValueContext, i: int) -> FoundValue | None:
    """The result of a vote or a game, near a word such as `vote`, `ruled`, `win`: `52-48`, `52 to 48`."""
    link, at = context.text(i + 1), i + 2
    if link in JOINING_HYPHENS and context.text(i + 3) in JOINING_HYPHENS and context.touches(i + 3):  # 230-to-198
        link, at = context.text(i + 2), i + 4
    low, high = read_digits(context.text(i)), read_digits(context.text(at))
    if low is None or high is None or not (low.is_integer() and high.is_integer()) or max(low, high) > MAX_SCORE:
        return None
    if link not in RANGE_MARKS and link not in WordList("range_prepositions"):
        return None
    around = context.words[max(0, i - MAX_SCORE_DISTANCE_ATOMS):i + 3 + MAX_SCORE_DISTANCE_ATOMS]
    is_descending = link in RANGE_MARKS and low > high and max(low, high) <= MAX_PLAIN_SCORE and context.touches(i + 2)
    is_odds = is_descending or (high == 1 and low > 1 and link in WordList("range_prepositions"))  # 4 to 1
    if not (is_odds or any(word in SCORE_WORDS for word in around)) or read_unit(context, at + 1):
        return None
    return FoundValue(i, at + 1, "score", low, high)


def find_share(context: ValueContext, i: int) -> FoundValue | None:
    """Shares of a whole, in percent: `two-thirds`, `half of`, `one in eight`, `9 out of 10`."""
    fractions = read_number_words("fraction")
    word = context.word(i)
    if word in fractions:
        return _make_fraction(context, i, i + 1, fractions[word]) if _is_lone_fraction(context, i) else None
    if word in NUMERAL_ARTICLES and context.word(i + 1) in fractions:
        if context.word(i + 3) in NUMERAL_ARTICLES and context.word(i + 4) in read_number_words("magnitude"):
            return FoundValue(i, i + 5, "number",  # a quarter of a million
                              fractions[context.word(i + 1)] * read_number_words("magnitude")[context.word(i + 4)])
        is_share = context.word(i + 2) in WordList("genitive_prepositions")
        return _make_fraction(context, i, i + 2, fractions[context.word(i + 1)]) if is_share else None
    numeral = read_numeral(context, i)
    if numeral is None or numeral.approximation:
        return None
    at = numeral.last + (context.word(numeral.last) in JOINING_HYPHENS)
    if context.word(at) in fractions and numeral.value < 10 and not numeral.scaled:
        return _make_fraction(context, i, at + 1, numeral.value * fractions[context.word(at)])
    return _read_ratio(context, i, numeral)


def _is_lone_fraction(context: ValueContext, i: int) -> bool:
    if context.word(i - 1) in HALF_LEADS or context.word(i - 1) in read_number_words("ordinal") \
            or read_year(context, i + 2):  # the quarter of 2021
        return False
    return context.word(i) in WordList("whole_fractions") and context.word(i + 1) in WordList("genitive_prepositions")


def _make_fraction(context: ValueContext, first: int, last: int, share: float) -> FoundValue:
    return FoundValue(first, last, "percentage", round(share * 100, 2), unit="percent")


def _read_ratio(context: ValueContext, i: int, numeral: Numeral) -> FoundValue | None:
    """`one in eight`, `nine out of ten`."""
    hyphens = int(context.word(numeral.last) in JOINING_HYPHENS)  # one-in-five
    is_out_of = context.word(numeral.last) in RATIO_CONNECTIVES
    at = numeral.last + is_out_of + hyphens
    if context.word(at) not in RATIO_PREPOSITIONS or numeral.scaled:
        return None
    if context.word(at) in WordList("genitive_prepositions") and not is_out_of:
        return None
    first = at + 1 + hyphens
    whole = read_numeral(context, first)
    if whole is None or whole.approximation or whole.value <= numeral.value or read_unit(context, whole.last) \
            or context.word(whole.last) in read_date_values("month"):
        return None
    is_ratio = is_out_of or hyphens or numeral.value == 1 or whole.value in RATIO_WHOLES  # not "two in three attacks"
    if not is_ratio or read_year(context, first):
        return None
    return _make_fraction(context, i, whole.last, numeral.value / whole.value)
