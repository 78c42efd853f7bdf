"""Numbers that are no values: parts of names, addresses, telephone numbers, numbers of lists."""

from samestory.annotate.values.calendar_dates import read_year
from samestory.annotate.values.value_context import JOINING_HYPHENS, FoundValue, ValueContext
from samestory.annotate.values.value_words import read_date_values, read_number_words, read_units
from samestory.base.language import WordList

NUMBERED_NOUNS, NUMBER_SIGNS = WordList("numbered_nouns"), frozenset("#@№§")
HYPHENATED_PREFIXES = WordList("hyphenated_prefixes")
ADDRESS_MARKS = frozenset("/@_=&?#")
PHONE_GROUP_DIGITS = (3, 4)


def skip_address(context: ValueContext, i: int) -> FoundValue | None:
    """Numbers in web addresses, handles and tags, and numbers with `No.` or `#` before them."""
    if context.touches(i) and (context.text(i - 1) in NUMBER_SIGNS or context.text(i - 1) in ADDRESS_MARKS):
        return FoundValue(i, i + 1)
    if context.touches(i + 1) and context.text(i + 1) in ("@", "_", "="):
        return FoundValue(i, i + 1)
    return None


def skip_phone(context: ValueContext, i: int) -> FoundValue | None:
    """A telephone number or another code: three groups of digits joined by hyphens (`800-273-8255`)."""
    last = i + 1
    while last < i + 8 and context.text(last) in JOINING_HYPHENS and context.touches(last) \
            and context.text(last + 1).isdigit() and context.touches(last + 1):
        last += 2
    groups = (last - i + 1) // 2
    is_local = groups == 2 and len(context.text(i)) == 3 and len(context.text(i + 2)) == 4
    return FoundValue(i, last) if groups >= 3 or is_local else None


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
    if read_year(context, i) is None and context.named[context.atoms[i].start]:
        return FoundValue(i, i + 1)
    before = context.text(i - 1)
    if context.touches(i) and before[:1].isalpha() and before not in read_units():
        return FoundValue(i, i + 1)
    if before in JOINING_HYPHENS and context.touches(i) and context.touches(i - 1) \
            and context.text(i - 2)[:1].isalpha() and context.word(i - 2) not in HYPHENATED_PREFIXES:
        return FoundValue(i, i + 1)
    if not context.text(i)[:1].isdigit():
        return None
    if _has_strange_letters(context, i) or _is_hyphenated_name(context, i):
        return FoundValue(i, i + 2)
    if before == "." and context.touches(i - 1) and context.word(i - 2) in NUMBERED_NOUNS:  # No. 10
        return FoundValue(i, i + 1)
    return FoundValue(i, i + 1) if _follows_numbered_noun(context, i) else None


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
    if read_year(context, i) or not context.text(i - 1)[:1].isupper() or "," in context.text(i):
        return False
    before, token = context.parse.doc[context.token(i - 1)], context.parse.doc[context.token(i)]
    follows = token.dep_ == "nummod" and token.head.i < token.i
    return before.pos_ == "PROPN" and follows and context.atoms[i].text.isdigit()
