"""Named-entity mentions of one article: the model's mentions, corrected by an ordered table of small rules.

Each rule takes the mentions found so far and returns changed ones; `find_mentions` takes the rules as an argument, so
that each can be evaluated separately. The rules are in `edges`, `titles`, `bodies`, `persons`, `places` and
`agreement`; `full_names` gives each mention its longest name. Pronouns and common nouns are not included, and
decisions that need other articles are left to samestory/link.
"""

from collections.abc import Mapping
from typing import Any

from samestory.annotate.mentions.agreement import (
    add_known_names,
    add_repeated_names,
    drop_common_words,
    label_known_names,
    vote_labels,
)
from samestory.annotate.mentions.bodies import add_acronyms, add_outlet, join_organisations, label_by_head_word
from samestory.annotate.mentions.edges import (
    cut_captions,
    cut_lowercase_words,
    cut_scores,
    drop_handles,
    split_organisations,
    split_owners,
    trim_edges,
)
from samestory.annotate.mentions.full_names import name_mentions
from samestory.annotate.mentions.mention_context import FoundMention, MentionContext, MentionRule, read_model_mentions
from samestory.annotate.mentions.persons import label_full_names, label_surnames, label_titled_persons
from samestory.annotate.mentions.places import label_products, label_teams, mark_metonyms
from samestory.annotate.mentions.titles import cut_titles, split_holders
from samestory.annotate.parse import Parse
from samestory.annotate.roles import find_title

__all__ = ["MENTION_RULES", "find_mentions"]

MENTION_RULES: dict[str, MentionRule] = {
    "edges": trim_edges,
    "owners": split_owners,
    "owned bodies": split_organisations,
    "small words": cut_lowercase_words,
    "handles": drop_handles,
    "digits": label_products,
    "captions": cut_captions,
    "scores": cut_scores,
    "holders": split_holders,
    "titles": cut_titles,
    "common words": drop_common_words,
    "outlet": add_outlet,
    "acronyms": add_acronyms,
    "bodies": join_organisations,
    "heads": label_by_head_word,
    "known": label_known_names,
    "passed over": add_known_names,
    "vote": vote_labels,
    "titled persons": label_titled_persons,
    "full names": label_full_names,
    "persons": label_surnames,
    "names": add_repeated_names,
    "teams": label_teams,
    "metonyms": mark_metonyms,
}


def find_mentions(parse: Parse, *, rules: Mapping[str, MentionRule] = MENTION_RULES) -> list[dict[str, Any]]:
    """The named-entity mentions of one article, one row per mention, in text order.

    Parameters
    ----------
    parse : the article's parse
    rules : the rules applied to the model's mentions, in order

    Returns
    -------
    Rows of the table `mentions` without entity_id and in_quotation. `rule` is `model` or the last rule that changed the
    mention; `ambiguous` marks a bare name shared by several persons in the article, which is assigned to the person
    named in full most often.
    """
    context = MentionContext(parse)
    found = read_model_mentions(context)
    for rule in rules.values():
        found = rule(found, context)
    names = name_mentions(found, context)
    return [_make_mention_row(mention, name, context) for mention, name in zip(*names, strict=True)]


def _make_mention_row(mention: FoundMention, name: str, context: MentionContext) -> dict[str, Any]:
    start, end = context.parse.span(mention.first, mention.last)
    article_id = context.parse.source.article_id
    return {"mention_id": f"{article_id}/m{start}-{end}", "article_id": article_id, "start": start,
            "end": end, "text": context.parse.text[start:end], "label": mention.label, "name": name,
            "rule": mention.rule, "sentence": int(context.parse.sentence_of[mention.first]),
            "title": find_title(context.parse, mention.first) if mention.label == "PERSON" else None}
