"""The mention rules in order, each with an example that reads differently without it.

In an example, `[GPE:Okonjo]` is what the model found, and words before a bar are a headline. Any rule can be left out:
`find_mentions(parse, rules=...)`; `make rules` measures what each one gains and loses. First the extent of the model's
mentions is corrected, then names that it missed are added, then types are told: by known names and the name's own
words, by the words around a name, and by the other mentions of the same name in the article; last, what a headline in
title case adds is dropped.
"""

from typing import NamedTuple

from samestory.annotate.mentions.agreement import (
    add_known_names,
    add_repeated_names,
    drop_common_words,
    label_known_names,
    vote_labels,
)
from samestory.annotate.mentions.bodies import add_acronyms, add_outlet, label_by_head_word
from samestory.annotate.mentions.capitals import read_capitals
from samestory.annotate.mentions.edges import (
    cut_captions,
    cut_headline_verbs,
    cut_lowercase_words,
    cut_scores,
    drop_handles,
    join_enumerations,
    split_organisations,
    split_owners,
    split_pairs,
    trim_edges,
)
from samestory.annotate.mentions.headline_names import keep_confirmed_names
from samestory.annotate.mentions.mention_context import MentionRule
from samestory.annotate.mentions.peoples import label_peoples
from samestory.annotate.mentions.persons import (
    label_compound_names,
    label_full_names,
    label_given_names,
    label_surnames,
    label_titled_persons,
)
from samestory.annotate.mentions.places import label_products, mark_metonyms
from samestory.annotate.mentions.second_opinion import weigh_types
from samestory.annotate.mentions.surroundings import drop_articled, label_acronyms, label_cities, label_located
from samestory.annotate.mentions.titles import cut_occupations, cut_titles, split_holders
from samestory.annotate.mentions.whole_names import extend_persons


class NamedMentionRule(NamedTuple):
    """A rule, and a text that it changes."""

    apply: MentionRule
    example: str


MENTION_RULES: dict[str, NamedMentionRule] = {name: NamedMentionRule(rule, example) for name, rule, example in (
    # extent
    ("edges", trim_edges, "[ORG:The Harbour Board] met ."),
    ("owners", split_owners, "[ORG:Green Harbour 's Uwe Voss] spoke to [ORG:Green Harbour] ."),
    ("owned bodies", split_organisations, "The [PERSON:Okonjo White House] met ."),
    ("small words", cut_lowercase_words, "The [ORG:state Department of Harbours] met ."),
    ("enumerations", join_enumerations, "The [ORG:Bureau of Harbours] , Ferries and Bridges met ."),
    ("headline verbs", cut_headline_verbs, "They voted to [ORG:Delay Transit Inquiry] ."),
    ("stress", read_capitals, "They found it [ORG:DEAD] and cold ."),
    ("handles", drop_handles, "See [ORG:@POTUS] now ."),
    ("digits", label_products, "Run [GPE:IE6] now ."),
    ("captions", cut_captions, "It rained in [GPE:Oxbridge Image] : a tourist ."),
    ("scores", cut_scores, "It was [ORG:Sweden 1] ."),
    ("holders", split_holders, "[ORG:Harbor Services Chair Mara Okonjo] spoke ."),
    ("titles", cut_titles, "[PERSON:Prime Minister Mara Okonjo] spoke ."),
    ("occupations", cut_occupations, "[PERSON:Surgeon Elsa Okonjo] spoke ."),
    ("whole persons", extend_persons, "Yusuf [PERSON:Raza Gilani] spoke ."),
    ("pairs", split_pairs, "[PERSON:Mara Okonjo] met Uwe [PERSON:Voss] . The [PERSON:Okonjo - Voss] plan grew ."),
    ("common words", drop_common_words, "[PERSON:Iodine] helps . He took iodine daily ."),
    # missed names
    ("outlet", add_outlet, "She told Daily Planet that it rained ."),
    ("acronyms", add_acronyms, "The [ORG:World Harbour Organisation ( WHO] ) met ."),
    # types: known names, words in the name
    ("heads", label_by_head_word, "At [PERSON:Zingo Bridge] it rained ."),
    ("known", label_known_names, "She left [PERSON:Twitter] today ."),
    ("peoples", label_peoples, "[ORG:Hausa] leaders met ."),
    ("passed over", add_known_names, "She left Twitter today ."),
    # types: words around the name
    ("given names", label_given_names, "[ORG:Irina Zingova] spoke ."),
    ("capitals", label_acronyms, "She works for [PERSON:ZNG] ."),
    ("cities", label_cities, "[ORG:Mombasa] grew ."),
    ("located", label_located, "It rained in [ORG:Zingo] ."),
    ("articled", drop_articled, "They saw the [PERSON:Zingo] ."),
    # types: one for each name
    ("vote", vote_labels, "[GPE:Zingo] won . [GPE:Zingo] lost . [ORG:Zingo] drew ."),
    ("titled persons", label_titled_persons, "Mr. [GPE:Santiago] spoke ."),
    ("full names", label_full_names, "[GPE:Lin Baofeng] spoke . [PERSON:Lin] left ."),
    ("persons", label_surnames, "[PERSON:Mara Okonjo] spoke . [GPE:Okonjo] left ."),
    ("compound names", label_compound_names, "[PERSON:Pieter van Dorp] spoke . [ORG:Van Dorp] left ."),
    ("names", add_repeated_names, "[GPE:North Harbour] grew . From North Harbour they came ."),
    ("metonyms", mark_metonyms, "Talks between [GPE:Beijing] and others began ."),
    ("second opinion", weigh_types, "[ORG:Zingo Okonjo] said that he was tired ."),
    ("headline names", keep_confirmed_names, "[ORG:Irina Zingova Wins] Again | [PERSON:Irina Zingova] spoke ."),
)}
