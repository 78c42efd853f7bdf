"""Names in a headline whose words all have capitals: there the model takes verbs and common nouns for names.

So such a name is kept as far as the text has it, or as it is a known one; of 131 other ones in 474 headlines of news,
one in seven was a name. Headlines with capitals for names alone are read like the text.
"""

from dataclasses import replace

from samestory.annotate.mentions.lists import read_known_labels
from samestory.annotate.mentions.mention_context import FoundMention, MentionContext, NameWords

MAX_CONFIRMED_TOKENS = 12  # tokens of the longest name that is looked for within another


def keep_confirmed_names(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Cut the names of a headline in title case to those that the text has: `Mara Okonjo Wins` to `Mara Okonjo`."""
    known = _list_text_names(found, context)
    if not known or not context.shouts:
        return found
    return [part for mention in found
            for part in (_find_confirmed(mention, known, context) if context.is_shouted(mention) else [mention])]


def _list_text_names(found: list[FoundMention], context: MentionContext) -> dict[NameWords, str]:
    """The label of each name of the text; of a person's also the first and the last word."""
    known: dict[NameWords, str] = {}
    for mention in found:
        if context.parse.role_of(mention.first) == "body":
            words = _fold_case(context.words_of(mention))
            known[words] = mention.label
            if mention.label == "PERSON":
                known |= {part: "PERSON" for part in (words[:1], words[-1:]) if part not in known}
    return known


def _find_confirmed(mention: FoundMention, known: dict[NameWords, str], context: MentionContext) -> list[FoundMention]:
    """The parts of a mention that are names of the text or known ones, the longest first; or nothing."""
    parts, first = [], mention.first
    while first < mention.last:
        for last in range(min(mention.last, first + MAX_CONFIRMED_TOKENS), first, -1):
            words = context.words[first:last]
            label = known.get(_fold_case(words)) or read_known_labels().get(" ".join(words))
            if label:
                is_whole = (first, last) == (mention.first, mention.last)
                parts.append(mention if is_whole else replace(mention, first=first, last=last, label=label,
                                                              rule="headline"))
                first = last - 1
                break
        first += 1
    return parts


def _fold_case(words: list[str] | NameWords) -> NameWords:
    return tuple(word.casefold() for word in words)
