"""Rules that extend a person's mention to the whole of the name."""

from samestory.annotate.mentions.lists import read_name_words, read_nonperson_words, read_peoples
from samestory.annotate.mentions.mention_context import LEADING_ARTICLES, FoundMention, MentionContext
from samestory.annotate.mentions.name_index import map_tokens_to_mentions
from samestory.annotate.roles import PLURAL_TITLES, TITLE_HYPHENS, read_roles

MAX_PERSON_TOKENS = 6  # tokens of a person's name that is extended


def extend_persons(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Extend persons over the proper nouns beside them: `Raza Gilani` in `Yousuf Raza Gilani`, `Suk` in `Suk-yeol`.

    Two persons without a word between them are one.
    """
    at_token = map_tokens_to_mentions(found)
    extended: list[FoundMention] = []
    for mention in found:
        if extended and mention.first < extended[-1].last:
            continue
        if mention.label != "PERSON":
            extended.append(mention)
            continue
        first, last = mention.first, mention.last
        while first > 0 and _may_extend(first - 1, first, at_token, context):
            first -= 1
        while last < len(context.words) and _may_extend(last, last - 1, at_token, context):
            last += 1
        last = _skip_hyphens(first, last, context)
        is_changed = (first, last) != (mention.first, mention.last) and last - first <= MAX_PERSON_TOKENS
        extended.append(FoundMention(first, last, "PERSON", "extended") if is_changed else mention)
    return extended


def _may_extend(i: int, beside: int, at_token: dict[int, FoundMention], context: MentionContext) -> bool:
    """Whether a token may be a part of the person's name beside it."""
    word, token, mention = context.words[i], context.parse.doc[i], at_token.get(i)
    kinds = read_name_words()
    is_free = (mention is None and not token.ent_type_) or (mention is not None and mention.label == "PERSON")
    return (is_free and context.proper[i] and not context.crosses(min(i, beside), max(i, beside) + 1)
            and context.parse.paragraph_of[i] == context.parse.paragraph_of[beside]
            and not word.isupper() and word not in read_nonperson_words() and (word,) not in read_peoples()
            and not any(word in kinds[kind] for kind in ("title", "office", "rank", "portfolio"))
            and word not in PLURAL_TITLES and word.lower() not in LEADING_ARTICLES and word.lower() not in read_roles())


def _skip_hyphens(first: int, last: int, context: MentionContext) -> int:
    """The end of a mention with the parts that hyphens join to it: `Yoon Suk-yeol`, but not `Covid-related`."""
    words, parse = context.words, context.parse
    while (last + 1 < len(words) and words[last] in TITLE_HYPHENS and words[last + 1][0].isalpha()
           and (words[last + 1].istitle() or last - first > 1)
           and parse.ends[last - 1] == parse.starts[last] and parse.ends[last] == parse.starts[last + 1]):
        last += 2
    return last
