"""A second opinion on names: a small trained model changes the type of a name, drops or adds it, where it is sure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from samestory.annotate.mentions.edges import TERMS_OF_OFFICE
from samestory.annotate.mentions.evidence import UNNAMED_LABEL, collect_evidence
from samestory.annotate.mentions.lists import read_name_words
from samestory.annotate.mentions.mention_context import PLACE_LABELS, FoundMention, MentionContext, NameWords
from samestory.annotate.mentions.name_index import map_tokens_to_mentions
from samestory.annotate.mentions.type_model import SCORED_TYPES, read_type_model
from samestory.annotate.recognizers import USER_NAMES_KEY
from samestory.annotate.roles import PLURAL_TITLES

# log odds from which the model changes one of the three main types to another, drops a name, adds one
MIN_RETYPE_LOG_ODDS, MIN_DROP_LOG_ODDS, MIN_ADD_LOG_ODDS = 0.2, 0.6, 0.6
# rules that show a person by a title, an age or another form of the name, and the log odds that this is worth
PERSON_SHOWING_RULES, PERSON_SHOWN_LOG_ODDS = frozenset({"told", "full name", "surname"}), 6
PERSON_SCORE, ORG_SCORE, PLACE_SCORE, NORP_SCORE, OTHER_SCORE = range(len(SCORED_TYPES))
NAMED_SCORES = (PERSON_SCORE, ORG_SCORE, PLACE_SCORE)
SCORE_OF_LABEL = {"PERSON": PERSON_SCORE, "ORG": ORG_SCORE, **dict.fromkeys(PLACE_LABELS, PLACE_SCORE),
                  "NORP": NORP_SCORE}


def weigh_types(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """Change types, drop and add names where the trained model is sure; all mentions of a name together.

    Only with grammar, which the model has learned from, and not if a user's own function has found the names.
    """
    model, doc = read_type_model(), context.parse.doc
    if model is None or not doc.has_annotation("DEP") or USER_NAMES_KEY in doc.user_data:
        return found
    candidates = list_candidates(found, context)
    if not candidates:
        return found
    scores = _average_by_name(model.score(collect_evidence(candidates, context)), candidates, context)
    weighed = (_weigh(candidate, row, context) for candidate, row in zip(candidates, scores, strict=True))
    return [mention for mention in weighed if mention]


def list_candidates(found: list[FoundMention], context: MentionContext) -> list[FoundMention]:
    """The mentions, and the runs of proper nouns that nothing has found, in order."""
    return sorted([*found, *_find_unnamed(found, context)], key=lambda mention: mention.first)


def _find_unnamed(found: list[FoundMention], context: MentionContext) -> Iterator[FoundMention]:
    """The runs of proper nouns outside of mentions."""
    taken, words = map_tokens_to_mentions(found), context.words
    is_free = [proper and i not in taken and words[i] not in PLURAL_TITLES
               and not (words[i] in TERMS_OF_OFFICE and i - 1 in taken) for i, proper in enumerate(context.proper)]
    last = 0
    for first, word in enumerate(words):
        if first < last or not is_free[first] or not word[0].isalpha():
            continue
        last = first + 1
        while last < len(words) and is_free[last] and not context.crosses(first, last + 1):
            last += 1
        yield FoundMention(first, last, UNNAMED_LABEL, "second opinion")


def _average_by_name(scores: np.ndarray, candidates: list[FoundMention], context: MentionContext) -> np.ndarray:
    """The scores, averaged over all candidates with the same words."""
    places: dict[NameWords, list[int]] = defaultdict(list)
    for i, candidate in enumerate(candidates):
        places[context.words_of(candidate)].append(i)
    averaged = np.empty_like(scores)
    for same in places.values():
        averaged[same] = scores[same].sum(axis=0) / len(same)
    return averaged


def _weigh(candidate: FoundMention, scores: np.ndarray, context: MentionContext) -> FoundMention | None:
    """A candidate with the type that the model is sure of, or as it is; None if it is no name."""
    old = SCORE_OF_LABEL.get(candidate.label, OTHER_SCORE)
    if old == PERSON_SCORE and candidate.rule in PERSON_SHOWING_RULES:
        scores = scores + PERSON_SHOWN_LOG_ODDS * (np.arange(len(scores)) == PERSON_SCORE)
    best = _choose_type(old, scores)
    if best == old:
        return None if candidate.label == UNNAMED_LABEL else candidate
    return None if best == OTHER_SCORE else replace(candidate, label=_choose_label(best, candidate, context),
                                                    rule="second opinion")


def _choose_type(old: int, scores: np.ndarray) -> int:
    """The best type if the model is sure enough to change the old one; one of the main types is dropped last."""
    best = int(scores.argmax())
    if old not in NAMED_SCORES:
        return best if best in NAMED_SCORES and scores[best] - scores[old] >= MIN_ADD_LOG_ODDS else old
    if best not in NAMED_SCORES and scores[best] - scores[old] >= MIN_DROP_LOG_ODDS:
        return best
    best = max(NAMED_SCORES, key=lambda place: scores[place])
    return best if scores[best] - scores[old] >= MIN_RETYPE_LOG_ODDS else old


def _choose_label(score: int, candidate: FoundMention, context: MentionContext) -> str:
    """The label of a type; a place is a facility if its last word is one."""
    if score != PLACE_SCORE:
        return SCORED_TYPES[score]
    return "FAC" if context.words[candidate.last - 1] in read_name_words()["facility"] else "GPE"
