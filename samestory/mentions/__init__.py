"""Named-entity mentions of one article: the model's, put right by an ordered table of small rules.

Each rule takes the mentions found so far and returns them changed; `find_mentions` can be told
which rules to use, so each is measured by itself. Rules stand by kind in `edges`, `titles`, `bodies`,
`persons`, `places` and `spreading`; `naming` gives each mention its longest name. Left out: pronouns and
common nouns, and every decision that needs other articles (entities.py).
"""

from collections.abc import Mapping

from samestory.mentions.bodies import add_acronyms, add_outlet, join_bodies, know_heads
from samestory.mentions.edges import (
    cut_captions,
    cut_scores,
    cut_small_words,
    drop_handles,
    split_bodies,
    split_owners,
    trim_edges,
)
from samestory.mentions.naming import name_mentions
from samestory.mentions.persons import complete_persons, know_persons, spread_persons
from samestory.mentions.places import know_teams, know_things, mark_metonyms
from samestory.mentions.reading import Found, Reading, Rule, read_model
from samestory.mentions.spreading import add_known, drop_common_words, know_names, spread_names, vote_labels
from samestory.mentions.titles import cut_titles, split_holders
from samestory.parse import Parse
from samestory.roles import find_title

__all__ = ["RULES", "find_mentions"]

RULES: dict[str, Rule] = {
    "edges": trim_edges,
    "owners": split_owners,
    "owned bodies": split_bodies,
    "small words": cut_small_words,
    "handles": drop_handles,
    "digits": know_things,
    "captions": cut_captions,
    "scores": cut_scores,
    "holders": split_holders,
    "titles": cut_titles,
    "common words": drop_common_words,
    "outlet": add_outlet,
    "acronyms": add_acronyms,
    "bodies": join_bodies,
    "heads": know_heads,
    "known": know_names,
    "passed over": add_known,
    "vote": vote_labels,
    "told persons": know_persons,
    "full names": complete_persons,
    "persons": spread_persons,
    "names": spread_names,
    "teams": know_teams,
    "metonyms": mark_metonyms,
}


def find_mentions(parse: Parse, *, rules: Mapping[str, Rule] = RULES) -> list[dict]:
    """The named-entity mentions of one article, one row a mention, in text order.

    Parameters
    ----------
    parse : the article's parse
    rules : what is done to the model's mentions, in order

    Returns
    -------
    Rows of the table `mentions` without entity_id and in_quotation. `rule` is `model` or the last
    rule that changed the mention; `ambiguous` marks a bare name that more than one person of the
    article bears: it went to the one who is named in full most often.
    """
    reading = Reading(parse)
    found = read_model(reading)
    for rule in rules.values():
        found = rule(found, reading)
    names = name_mentions(found, reading)
    return [_write_row(mention, name, reading) for mention, name in zip(*names, strict=True)]


def _write_row(mention: Found, name: str, reading: Reading) -> dict:
    start, end = reading.parse.span(mention.first, mention.last)
    article_id = reading.parse.source.article_id
    return {"mention_id": f"{article_id}/m{start}-{end}", "article_id": article_id, "start": start,
            "end": end, "text": reading.parse.text[start:end], "label": mention.label, "name": name,
            "rule": mention.rule, "sentence": int(reading.parse.sentence_of[mention.first]),
            "title": find_title(reading.parse, mention.first) if mention.label == "PERSON" else None}
