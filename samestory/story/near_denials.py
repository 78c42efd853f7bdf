"""Near denials: one outlet says that something was not done or is not so, and another that it was or is.

"The treaty did not expire" and "the treaty expired" are in sentences that are not much alike. Both have a verb of one
stem and two words about it, one of them after the verb; after "be" a name and another word ("Obama's war"). In
statements that are alike the one word after the verb is enough. What somebody asks, supposes, may do or would do is no
claim, and nobody contradicts himself here.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from samestory.base.language import WordList, cache_by_language
from samestory.story.contradictions import LIGHT_VERBS
from samestory.story.near_days import list_saying_verbs, mark_verbs
from samestory.story.statement_words import find_statement_places
from samestory.story.stems import stem_words

NEAR_DENIAL_FACTOR = 6.0  # of the similarity of two statements of which one denies what the other claims
MAX_NEGATION_DISTANCE = 7  # tokens before a verb in which it may be denied or be no claim
MAX_NO_DISTANCE = 2  # tokens between a verb and "no" after it
MAX_THING_DISTANCE, MAX_SIDE_THINGS = 8, 3  # tokens before or after a verb, and words among them that it is about
ONLY_REACH = range(-3, 7)  # tokens about a verb among which "only" limits the claim
DOUBT_REACH = range(-12, 0)  # tokens before a verb among which "whether" or "speculated" makes it no claim
MIN_SHARED_THINGS = 2  # of two claims, if the statements are less alike than
MIN_ALIKE_SIMILARITY = 0.0375
COPULAS = WordList("copula_lemmas")
NEGATORS = (WordList("verb_negators"), WordList("negating_prepositions"))
NO_DETERMINERS, DENIAL_VERBS = WordList("negative_determiners"), WordList("denying_verbs")
RESTRICTIVE_PRONOUNS, GERUND_ENDINGS = WordList("relative_pronouns"), WordList("gerund_endings")
OPEN_WORDS = tuple(WordList(name) for name in (
    "future_modals", "possibility_modals", "infinitive_markers", "second_person_pronouns"))
DOUBT_WORDS = (WordList("conditional_conjunctions"), WordList("question_conjunctions"), WordList("speculation_words"))
UNCLAIMING_VERBS, WISHING_VERBS = WordList("plain_saying_verbs"), WordList("intention_verbs")
RESTRICTIVE_WORDS, UNSHARED_THINGS = WordList("restrictive_words"), WordList("time_nouns")
THING_POS = ("noun", "propn", "adj", "num")
LINKING_POS = ("aux", "adv", "part", "pron", "sconj", "adp")  # between a negation and its verb
QUESTION_MARK = "?"


def list_claims(statements: pd.DataFrame, tokens: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The claims of statements that may be denied in another: verbs that are denied in the same event, and not.

    One row per verb. Columns: statement (position in `statements`), verb (stem), is_denied, things and objects (stems
    of words near the verb, and of those after it), names (those of objects that are names).

    Parameters
    ----------
    statements : article_id, event_id, start and end, those of an article together and in order
    tokens : article_id, start, norm, lemma and pos of the same articles, in order
    mentions : article_id, start and end; a verb in a name is none
    """
    place = find_statement_places(statements, tokens)
    lemmas, norms, pos = (tokens[name].str.lower().to_numpy(str) for name in ("lemma", "norm", "pos"))
    is_copula = np.isin(lemmas, [*COPULAS]) & (pos == "aux")
    verbs = np.flatnonzero((place >= 0) & (is_copula | mark_verbs(tokens, mentions)
                                           & ~np.isin(lemmas, [*LIGHT_VERBS, *UNCLAIMING_VERBS])))
    is_denied, is_open = _read_before(verbs, place, lemmas, norms, pos)
    is_open |= _is_limited(verbs, place, norms)
    verbs, is_denied = verbs[~is_open], is_denied[~is_open]
    stems = np.array(stem_words(lemmas[verbs].tolist()), object)
    keys = pd.MultiIndex.from_arrays([statements["event_id"].to_numpy()[place[verbs]], stems])
    kept = np.flatnonzero(keys.isin(keys[is_denied]) & keys.isin(keys[~is_denied]))
    rows = [(place[verbs[k]], stems[k], is_denied[k], *_list_things(int(verbs[k]), place, lemmas, pos)) for k in kept]
    found = pd.DataFrame(rows, columns=["statement", "verb", "is_denied", "things", "objects", "names"])
    return found.sort_values(["statement", "verb"], kind="stable", ignore_index=True)


def _read_before(verbs: np.ndarray, place: np.ndarray, lemmas: np.ndarray, norms: np.ndarray,
                 pos: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether each verb is denied, and whether it is no claim, by the small words before it and "no" after it.

    "Not paying taxes" is a denial, but "paying taxes" alone is no claim that somebody paid.
    """
    is_negator = np.isin(norms, [word for words in NEGATORS for word in words])
    is_denying = np.isin(lemmas, [*DENIAL_VERBS])
    is_open_word = np.isin(norms, [word for words in OPEN_WORDS for word in words]) | (
        np.isin(norms, [*RESTRICTIVE_PRONOUNS]) & (pos == "pron"))
    is_link = np.isin(pos, LINKING_POS) | is_negator | np.isin(lemmas, [*UNSHARED_THINGS])
    is_denied, is_open, has_auxiliary, is_reached = (np.full(len(verbs), value) for value in (False,) * 3 + (True,))
    for distance in range(1, MAX_NEGATION_DISTANCE + 1):
        at = np.maximum(verbs - distance, 0)
        is_reached &= (verbs >= distance) & (place[at] == place[verbs])
        is_denied ^= is_reached & (is_negator[at] | is_denying[at])
        is_open = np.where(is_reached & is_denying[at], False, is_open | (is_reached & is_open_word[at]))
        has_auxiliary |= is_reached & (pos[at] == "aux")
        is_reached &= is_link[at]
    for distance in range(1, MAX_NO_DISTANCE + 1):
        at = np.minimum(verbs + distance, len(place) - 1)
        is_no = np.isin(norms[at], [*NO_DETERMINERS]) | ((pos[verbs] == "aux") & is_negator[at])
        is_denied |= is_no & (place[at] == place[verbs])
    before = np.maximum(verbs - 1, 0)
    is_bare = (pos[before] == "cconj") & (norms[verbs] == lemmas[verbs])  # "hoping to meet and agree"
    is_gerund = np.logical_or.reduce([np.char.endswith(norms[verbs], ending) for ending in GERUND_ENDINGS])
    return is_denied, is_open | is_bare | (is_gerund & ~has_auxiliary & ~is_denied)


def _is_limited(verbs: np.ndarray, place: np.ndarray, norms: np.ndarray) -> np.ndarray:
    """Whether each verb is in a question, after "whether" or "speculated", or beside "only"."""
    limited = np.isin(place[verbs], place[norms == QUESTION_MARK])
    for words, reach in (((RESTRICTIVE_WORDS,), ONLY_REACH), (DOUBT_WORDS, DOUBT_REACH)):
        is_word = np.isin(norms, [word for one in words for word in one])
        for step in reach:
            at = np.clip(verbs + step, 0, len(place) - 1)
            limited |= is_word[at] & (place[at] == place[verbs])
    return limited


def _list_things(verb: int, place: np.ndarray, lemmas: np.ndarray,
                 pos: np.ndarray) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Stems of what a verb is about, of what follows it, and of the names that follow it; after "be" up to a verb."""
    after = range(verb + 1, min(verb + 1 + MAX_THING_DISTANCE, len(place)))
    if pos[verb] == "aux":
        after = range(after.start, next((at for at in after if pos[at] == "verb"), after.stop))
    before = range(verb - 1, max(verb - 1 - MAX_THING_DISTANCE, -1), -1)
    earlier, later = ([at for at in side if place[at] == place[verb] and pos[at] in THING_POS and len(lemmas[at]) > 1
                       and lemmas[at] not in UNSHARED_THINGS][:MAX_SIDE_THINGS] for side in (before, after))
    names = [at for at in later if pos[at] == "propn"]
    things, objects, named = (frozenset(stem_words(lemmas[places].tolist()))
                              for places in (earlier + later, later, names))
    return things, objects, named


def find_near_denials(claims: pd.DataFrame, outlets: np.ndarray, speakers: Sequence[str | None],
                      scores: np.ndarray) -> set[tuple[int, int]]:
    """The pairs of statements, the lower position first, of which one denies what the other claims.

    Of each statement that denies something the best pair with each outlet is taken.

    Parameters
    ----------
    claims : the result of `list_claims` for the event's statements
    outlets : number of each statement's outlet
    speakers : who says each statement; None for the narrator
    scores : how well each two statements match
    """
    best: dict[tuple[int, int], tuple[float, int]] = {}
    for _, group in claims.groupby("verb"):
        denied, said = ([*group[group["is_denied"] == value].itertuples()] for value in (True, False))
        for a, b in product(denied, said):
            is_self = bool(speakers[a.statement]) and speakers[a.statement] == speakers[b.statement]
            score = float(scores[a.statement, b.statement])
            if outlets[a.statement] != outlets[b.statement] and not is_self and _is_one_claim(a, b, score):
                key = (a.statement, outlets[b.statement])
                best[key] = max(best.get(key, (0.0, -1)), (score, b.statement))
    return {(min(a, b), max(a, b)) for (a, _), (_, b) in best.items() if b >= 0}


def _is_one_claim(a: Any, b: Any, similarity: float) -> bool:
    """Whether two claims by one verb are about the same things."""
    objects = a.objects & b.objects
    if a.verb in COPULAS:
        names = objects & a.names & b.names
        return bool(names and objects - names)
    return bool(objects) and (
        len(a.things & b.things) >= MIN_SHARED_THINGS
        or (similarity >= MIN_ALIKE_SIMILARITY and a.verb not in _list_unsure_stems()))


@cache_by_language
def _list_unsure_stems() -> frozenset[str]:
    """The stems of verbs by which much is said or wanted about one thing."""
    return frozenset(stem_words([*list_saying_verbs(), *WISHING_VERBS]))
