"""Near days: two outlets give one act different days, and neither gives it the other's.

"The plan passed by the Senate on Tuesday" and "on Wednesday, the Senate passed the bill" are in sentences that are not
much alike. The act is the verb nearest to the day. Much is said on several days, so what one person says on near days
is the same only in statements that are much alike.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd

from samestory.base.language import WordList, cache_by_language, read_language_rows
from samestory.story.contradictions import LIGHT_VERBS
from samestory.story.statement_words import find_statement_places

NEAR_DAY_FACTOR = 20.0  # of the similarity of two statements with near days of one act, whatever else they say
DAY_PATTERN = r"\d{4}-(?:\d\d-\d\d|W\d\d)"  # a day or a week
MAX_DAYS_BETWEEN = 3  # of two days of one act
MAX_SECONDS_BETWEEN_ARTICLES = 24 * 3600
MAX_NOUN_DISTANCE = 8  # tokens between a verb and a noun of the same act
MAX_KEPT_DAYS = 4_096  # pairs of days that were compared
HYPHEN = "-"
UNSHARED_NOUNS = (WordList("general_counted_nouns"), WordList("time_nouns"))
POLL_NOUNS = WordList("uncompared_counted_nouns")


def list_dated_acts(statements: pd.DataFrame, tokens: pd.DataFrame, mentions: pd.DataFrame,
                    values: pd.DataFrame) -> pd.DataFrame:
    """The days and weeks in statements, each with the verb nearest before it, else the first after it.

    One row per date. Columns: statement (position in `statements`), verb (lemma), nouns (lemmas near the verb), day
    (ISO 8601).

    Parameters
    ----------
    statements : article_id, start and end, those of an article together and in order
    tokens : article_id, start, lemma and pos of the same articles, in order
    mentions : article_id, start and end; a verb in a name is none
    values : article_id, start, kind and date
    """
    dates = values[(values["kind"] == "date") & values["date"].str.fullmatch(DAY_PATTERN).fillna(False)]
    dates = dates.assign(statement=find_statement_places(statements, dates))
    lemmas = tokens["lemma"].str.lower().to_numpy()
    placed = tokens.assign(statement=find_statement_places(statements, tokens), place=np.arange(len(tokens)))
    verbs = placed[mark_verbs(tokens, mentions) & placed["statement"].isin(dates["statement"])]
    dates, verbs = (rows[rows["statement"] >= 0].sort_values(["statement", "start"]) for rows in (dates, verbs))
    found = dates.assign(place=_find_nearest(dates, verbs))
    found = found[found["place"] >= 0]
    of, is_noun = placed["statement"].to_numpy(), tokens["pos"].isin(["NOUN", "PROPN"]).to_numpy()
    nouns = [frozenset(lemmas[at][is_noun[at] & (of[at] == statement)]) for at, statement in
             zip(map(_list_near_places, found["place"]), found["statement"], strict=True)]
    found = found.assign(verb=lemmas[found["place"]], day=found["date"], nouns=nouns)
    return found[["statement", "verb", "nouns", "day"]].sort_values(["statement", "verb", "day"], ignore_index=True)


def _find_nearest(dates: pd.DataFrame, verbs: pd.DataFrame) -> np.ndarray:
    """The place of the last verb before each date in its statement, else of the first after it; -1 if there is none."""
    ours, theirs = (rows["statement"].to_numpy(np.int64) << 32 | rows["start"].to_numpy(np.int64)
                    for rows in (dates, verbs))
    places, of = np.append(verbs["place"].to_numpy(np.int64), -1), np.append(verbs["statement"].to_numpy(np.int64), -1)
    after = np.searchsorted(theirs, ours)
    statement = dates["statement"].to_numpy(np.int64)
    nearest: np.ndarray = np.where(of[after - 1] == statement, places[after - 1],
                                   np.where(of[after] == statement, places[after], -1))
    return nearest


def mark_verbs(tokens: pd.DataFrame, mentions: pd.DataFrame) -> np.ndarray:
    """Whether each token is a verb, but in no name and no compound ("Republican-controlled")."""
    names = mentions[["article_id", "start", "end"]].sort_values(["article_id", "start"], ignore_index=True)
    after_hyphen = np.append(False, (tokens["lemma"] == HYPHEN).to_numpy()[:-1])
    in_name = find_statement_places(names, tokens) >= 0
    marked: np.ndarray = (tokens["pos"] == "VERB").to_numpy() & ~after_hyphen & ~in_name
    return marked


def _list_near_places(place: int) -> slice:
    """The places of the tokens near a verb."""
    return slice(max(0, place - MAX_NOUN_DISTANCE), place + MAX_NOUN_DISTANCE + 1)


def find_near_days(acts: pd.DataFrame, outlets: np.ndarray, published_s: np.ndarray) -> set[tuple[int, int]]:
    """The pairs of statements, the lower position first, that give one act near days.

    Parameters
    ----------
    acts : the result of `list_dated_acts` for the event's statements
    outlets : number of each statement's outlet
    published_s : when each statement's article was published, in seconds; articles of other days may report other acts
    """
    acts = acts[~acts["verb"].isin(LIGHT_VERBS.words | list_saying_verbs())]
    days = {key: set(group["day"]) for key, group in acts.groupby([outlets[acts["statement"]], "verb"])}
    return {(min(a.statement, b.statement), max(a.statement, b.statement))
            for verb, group in acts.groupby("verb") for a, b in combinations(group.itertuples(), 2)
            if outlets[a.statement] != outlets[b.statement] and _are_near_days(a.day, b.day)
            and _share_thing(a.nouns, b.nouns) and _are_of_one_day(published_s[a.statement], published_s[b.statement])
            and b.day not in days[outlets[a.statement], verb] and a.day not in days[outlets[b.statement], verb]}


def find_said_days(acts: pd.DataFrame, outlets: np.ndarray, published_s: np.ndarray, speakers: Sequence[str | None],
                   people: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    """The pairs of statements, the lower position first, in which one person says something on near days.

    Whether it is the same is told by the score of the pair.

    Parameters
    ----------
    acts, outlets, published_s : as for `find_near_days`
    speakers : who says each statement; None for the narrator
    people : last names of the people in each statement, its speaker among them
    """
    days = {outlet: set(group["day"]) for outlet, group in acts.groupby(outlets[acts["statement"]])}
    is_said = acts["verb"].isin(list_saying_verbs()) | acts["statement"].map(lambda place: bool(speakers[place]))
    return {(min(a.statement, b.statement), max(a.statement, b.statement))
            for a, b in combinations(acts[is_said].itertuples(), 2)
            if outlets[a.statement] != outlets[b.statement] and people[a.statement] & people[b.statement]
            and _are_near_days(a.day, b.day) and _are_of_one_day(published_s[a.statement], published_s[b.statement])
            and b.day not in days[outlets[a.statement]] and a.day not in days[outlets[b.statement]]}


def _are_of_one_day(a: float, b: float) -> bool:
    """Whether two articles were published within a day; not if either day is unknown."""
    return abs(a - b) <= MAX_SECONDS_BETWEEN_ARTICLES


@lru_cache(maxsize=MAX_KEPT_DAYS)
def _are_near_days(a: str, b: str) -> bool:
    """Whether two days or two weeks are near, and not the same.

    >>> _are_near_days("2018-09-18", "2018-09-19"), _are_near_days("2018-W38", "2018-W40")
    (True, False)
    """
    if a == b or len(a) != len(b):
        return False
    if "W" in a:
        return a[:4] == b[:4] and abs(int(a[-2:]) - int(b[-2:])) <= 1
    return bool(abs(np.datetime64(a) - np.datetime64(b)) <= np.timedelta64(MAX_DAYS_BETWEEN, "D"))


def _share_thing(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether two acts share a noun or name, and none of polls, of which each has days of its own."""
    shared = (ours & theirs).difference(*(nouns.words for nouns in UNSHARED_NOUNS))
    return bool(shared) and not shared & POLL_NOUNS.words


@cache_by_language
def list_saying_verbs() -> frozenset[str]:
    """The verbs that say that something is so."""
    return frozenset(row["lemma"] for row in read_language_rows("cues")
                     if row["pos"] == "VERB" and "that" in row["frames"].split())
