"""Named-entity mentions of one article: the model's mentions, corrected by an ordered table of small rules.

Each rule takes the mentions found so far and returns changed ones; `rules` has their table, and `find_mentions` can
leave out any of them. `full_names` gives each mention its longest name. Pronouns and common nouns are not included,
and decisions that need other articles are left to samestory/link.
"""

from collections.abc import Collection
from typing import Any

from samestory.annotate.mentions.affiliations import add_affiliations
from samestory.annotate.mentions.full_names import name_mentions
from samestory.annotate.mentions.mention_context import FoundMention, MentionContext, read_model_mentions
from samestory.annotate.mentions.rules import MENTION_RULES
from samestory.annotate.parse import Parse
from samestory.annotate.roles import find_title

__all__ = ["MENTION_RULES", "find_mentions"]


def find_mentions(parse: Parse, *, rules: Collection[str] = MENTION_RULES) -> list[dict[str, Any]]:
    """The named-entity mentions of one article, one row per mention, in text order.

    Parameters
    ----------
    parse : the article's parse
    rules : the names of the rules applied to the model's mentions, in the order of the table

    Returns
    -------
    Rows of the table `mentions` without entity_id and in_quotation. `rule` is `model` or the last rule that changed the
    mention; `ambiguous` marks a bare name shared by several persons in the article, which is assigned to the person
    named in full most often; `affiliation` is that of a person.
    """
    context = MentionContext(parse)
    found = read_model_mentions(context)
    for name, rule in MENTION_RULES.items():
        if name in rules:
            found = rule.apply(found, context)
    names = name_mentions(found, context)
    rows = [_make_mention_row(mention, name, context) for mention, name in zip(*names, strict=True)]
    add_affiliations(rows, parse)
    return rows


def _make_mention_row(mention: FoundMention, name: str, context: MentionContext) -> dict[str, Any]:
    start, end = context.parse.span(mention.first, mention.last)
    return {"mention_id": context.parse.write_span_id("m", start, end),
            "article_id": context.parse.source.article_id, "start": start, "end": end,
            "text": context.parse.text[start:end], "label": mention.label, "name": name,
            "rule": mention.rule, "sentence": int(context.parse.sentence_of[mention.first]),
            "title": find_title(context.parse, mention.first) if mention.label == "PERSON" else None}
