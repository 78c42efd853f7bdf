"""Numbers that are no values: parts of names, addresses, telephone numbers, numbers of lists."""

from samestory.annotate.values.amounts import read_unit
from samestory.annotate.values.calendar_dates import PLAUSIBLE_NEWS_YEARS, read_year
from samestory.annotate.values.value_context import JOINING_HYPHENS, FoundValue, ValueContext
from samestory.annotate.values.value_words import read_date_values, read_number_words, read_units
from samestory.base.language import WordList

NUMBERED_NOUNS, SECTION_SIGNS = WordList("numbered_nouns"), frozenset("№§")
DIALLING_WORDS = WordList("dialling_words")
PLURAL_ENDING, LIST_LINKS = "s", WordList("list_links")
MIN_ACRONYM_CHARS = 2
HYPHENATED_PREFIXES = WordList("hyphenated_prefixes")
ADDRESS_MARKS = frozenset("/@_=&?#×+")
PHONE_GROUP_DIGITS = (3, 4)


def skip_address(context: ValueContext, i: int) -> FoundValue | None:
    """Numbers in web addresses, handles and tags, and numbers with `No.` or `#` before them."""
    if context.text(i - 1) in SECTION_SIGNS or (context.touches(i) and context.text(i - 1) in ADDRESS_MARKS):
        return FoundValue(i, i + 1)
    if _is_digital_ratio(context, i):
        return FoundValue(i, i + 3)
    if context.text(i - 1) == "[" and context.text(i + 1) == "]" and context.text(i).isdigit():  # a note
        return FoundValue(i, i + 1)
    if context.touches(i + 1) and context.text(i + 1) in ("@", "_", "=", "×"):
        return FoundValue(i, i + 1)
    return None


def _is_digital_ratio(context: ValueContext, i: int) -> bool:
    """Whether single digits and a colon are a ratio, `1:1`."""
    parts = context.texts[i:i + 3]
    return len(parts) == 3 and parts[1] == ":" and all(part.isdigit() and len(part) == 1 for part in parts[::2]) \
        and context.touches(i + 1) and context.touches(i + 2)


def skip_phone(context: ValueContext, i: int) -> FoundValue | None:
    """A telephone number or another code: three groups of digits joined by hyphens (`800-273-8255`)."""
    last = i + 1
    while last < i + 8 and context.text(last) in JOINING_HYPHENS and context.touches(last) \
            and context.text(last + 1).isdigit() and context.touches(last + 1):
        last += 2
    groups = (last - i + 1) // 2
    is_local = groups == 2 and len(context.text(i)) == 3 and len(context.text(i + 2)) == 4
    return FoundValue(i, last) if groups >= 3 or is_local or _is_dialled(context, i) else None


def _is_dialled(context: ValueContext, i: int) -> bool:
    """Whether a short number is one to call: `by calling 101`."""
    is_short = context.text(i).isdigit() and len(context.text(i)) == 3
    return is_short and context.word(i - 1) in DIALLING_WORDS and not context.text(i + 1).isalpha()


def skip_list_number(context: ValueContext, i: int) -> FoundValue | None:
    """The number of an item of a list, at the beginning of a line: `1. `, `2) `, `(3)`."""
    text, start = context.parse.text, context.atoms[i].start
    if not context.text(i).isdigit() or len(context.text(i)) > 2 or context.text(i + 1) not in (".", ")"):
        return None
    before = text[max(0, start - 4):start].rsplit("\n", 1)
    is_first = not before[-1].strip(" (\t") and (len(before) > 1 or start < 4)
    return FoundValue(i, i + 2) if is_first else None


def skip_name_number(context: ValueContext, i: int) -> FoundValue | None:
    """A number that is part of a name: `Article 50`, `Boeing 737`, `G20`, `F-16`, `7-Eleven`, `3D`."""
    word = context.word(i)
    if not (word[:1].isdigit() or any(word in read_number_words(kind) for kind in ("cardinal", "multitude"))):
        return None
    if read_year(context, i) is None and context.named[context.atoms[i].start]:
        return _skip_joined_digits(context, i)
    if _is_within_title(context, i):
        return FoundValue(i, i + 1)
    before = context.text(i - 1)
    if context.touches(i) and before[:1].isalpha() and before not in read_units():
        return _skip_joined_digits(context, i)
    if before in JOINING_HYPHENS and context.touches(i) and context.touches(i - 1) \
            and context.text(i - 2)[:1].isalpha() and context.word(i - 2) not in HYPHENATED_PREFIXES:
        return FoundValue(i, i + 1)
    if not context.text(i)[:1].isdigit():
        is_named = context.word(i) in read_number_words("cardinal") and context.word(i - 1) in NUMBERED_NOUNS
        return FoundValue(i, i + 1) if is_named else None
    if _has_strange_letters(context, i) or _is_hyphenated_name(context, i):
        return FoundValue(i, i + 2)
    is_letter = context.text(i - 2).isupper() and len(context.text(i - 2)) == 1
    if before == "." and context.touches(i - 1) and (is_letter or context.word(i - 2) in NUMBERED_NOUNS):
        return FoundValue(i, i + 1)  # No. 10, H.R. 5230
    return _skip_joined_digits(context, i) if _follows_numbered_noun(context, i) else None


def _skip_joined_digits(context: ValueContext, i: int) -> FoundValue:
    """A number of a name, with the numbers that hyphens or a list join to it: `Boeing 737-800`."""
    last = i + 1
    while context.text(last) in JOINING_HYPHENS and context.touches(last) and context.touches(last + 1) \
            and context.text(last + 1)[:1].isdigit():
        last += 2
    if context.word(i - 1).endswith(PLURAL_ENDING):  # Channels 116, 454 and 795
        while context.word(last) in LIST_LINKS and context.text(last + 1).isdigit():
            last += 2
    return FoundValue(i, last)


def _is_within_title(context: ValueContext, i: int) -> bool:
    """Whether capitals in running text make a number part of a name: `Marine One`, `the Lost 52 Project`."""
    before, after = context.text(i - 1), context.text(i + 1)
    if context.parse.role_of(context.token(i)) != "body" or not before:
        return False
    if context.text(i)[:1].isalpha():
        return context.text(i).istitle() and (before.istitle() or (before[:1].isalpha() and after.istitle()))
    is_dated = before.lower() in read_date_values("month") or before.lower() in read_date_values("weekday")
    is_first = not context.text(i - 2)
    return before.istitle() and after.istitle() and not (is_dated or is_first or read_year(context, i))


def _is_acronym_number(context: ValueContext, i: int) -> bool:
    """Whether a number belongs to an acronym before it and counts nothing: `HR 6819`."""
    acronym = context.text(i - 1)
    if not (acronym.isalpha() and acronym.isupper() and len(acronym) >= MIN_ACRONYM_CHARS) or read_unit(context, i + 1):
        return False
    following = context.parse.doc[context.token(i + 1)] if context.text(i + 1) else None
    counts = following is not None and (following.tag_ in ("NNS", "NNPS") or following.dep_ == "amod") \
        and context.text(i + 1).isalpha()
    return context.text(i).isdigit() and not counts


def _is_version(context: ValueContext, i: int) -> bool:
    """Whether a decimal number is the version of what is named before it: `Minetest 0.4`."""
    is_named = context.parse.doc[context.token(i - 1)].pos_ == "PROPN" and bool(context.text(i - 2))
    return is_named and "." in context.text(i) and read_unit(context, i + 1) is None and not (
        context.text(i + 1).isalpha() and context.parse.doc[context.token(i + 1)].pos_ in ("NOUN", "ADJ"))


def _has_strange_letters(context: ValueContext, i: int) -> bool:
    """Whether letters that are no unit are glued to digits: `3D`, `4chan`."""
    word = context.word(i + 1)
    known = word in read_units() or context.text(i + 1) in read_units() or word in read_number_words("letter magnitude")
    known = known or word in read_date_values("half") or word in WordList("ordinal_suffixes") \
        or word in WordList("decade_suffixes") or word in read_number_words("magnitude")
    return context.touches(i + 1) and word[:1].isalpha() and not known


def _is_hyphenated_name(context: ValueContext, i: int) -> bool:
    """`7-Eleven`: a hyphen and a capital."""
    following = context.text(i + 2)
    return context.text(i + 1) in JOINING_HYPHENS and context.touches(i + 1) and context.touches(i + 2) \
        and following[:1].isupper() and following[1:2].islower()


def _follows_numbered_noun(context: ValueContext, i: int) -> bool:
    """Whether a noun before the number takes a number as its name (`Article`, `page`), or a name does (`Boeing`)."""
    if context.word(i - 1) in NUMBERED_NOUNS and not context.touches(i):
        return True
    year = read_year(context, i)
    if year and year not in PLAUSIBLE_NEWS_YEARS and context.text(i + 1).istitle():  # the 1619 Project
        return True
    if year in PLAUSIBLE_NEWS_YEARS or not context.text(i - 1)[:1].isupper() or "," in context.text(i):
        return False
    if _is_acronym_number(context, i) or _is_version(context, i):
        return True
    before, token = context.parse.doc[context.token(i - 1)], context.parse.doc[context.token(i)]
    follows = token.dep_ == "nummod" and token.head.i < token.i
    return before.pos_ == "PROPN" and follows and context.atoms[i].text.isdigit()
