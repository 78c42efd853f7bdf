"""The finding about sources: people whom one outlet quotes and no other even names.

That nobody else names them is read from the texts, so it holds even where a quotation of theirs was not found. A person
counts only by words between marks beside a name, not by "he said".
"""

import re
from difflib import get_close_matches

import pandas as pd

from samestory.base.schema import INFERRED_RESOLUTIONS
from samestory.base.wording import MAX_LISTED_ITEMS, clip_name, format_list
from samestory.findings.finding import Finding, show_finding
from samestory.findings.speech import choose_named, explode_spans
from samestory.link.sides import list_countries
from samestory.tables.tables import Tables

SOURCES_TOPIC = "Quoted by one outlet only"
SOURCES_PAGE, SOURCES_SECTION = "03_quotations", "Quoted by one outlet only, and by several"
PERSON_ID_PREFIX = "PERSON:"
MIN_QUOTED_WORDS = 3  # between quotation marks
MAX_LISTED_PEOPLE = 6  # of an outlet
MIN_SIDE_LETTERS = 8  # of the name of a side, in a title that says it: "Democrat"
MIN_LAST_NAME_SIMILARITY = 0.85  # of two spellings of one name


def find_lone_sources(tables: Tables, quotations: pd.DataFrame) -> Finding | None:
    """The people whom each of a few outlets alone quotes and names, of articles on one event.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : the result of `choose_quotations`
    """
    outlets = sorted(tables.articles["outlet"][tables.articles["counted"]].unique())
    if not 1 < len(outlets) <= MAX_LISTED_ITEMS or len(set(tables.event_ids.values())) > 1:
        return None
    people = choose_named(quotations)
    people = people[people["speaker_entity_id"].str.startswith(PERSON_ID_PREFIX)]
    people = people[~_mark_named_elsewhere(people, tables)]
    lone = _choose_certain(people)
    if lone.empty:
        return None
    more = set(people["outlet"][~people["speaker_name"].isin(lone["speaker_name"])])  # whom they report, perhaps
    parts = [f"only {clip_name(outlet)} quotes {_format_people(group)}{', among others' * (outlet in more)}"
             for outlet, group in lone.groupby("outlet")]
    others = "The other outlet does" if len(outlets) == 2 else "The other outlets do"
    whom = "them" if lone["speaker_name"].nunique() > 1 else "this person"
    listed = "; ".join(parts)
    text = f"{listed[:1].upper()}{listed[1:].removesuffix('.')}. {others} not name {whom}."
    by = ["speaker_name", "outlet"]
    evidence = show_finding(tables, explode_spans(lone, "content_spans"), lone[by].drop_duplicates(), by,
                            "Words of these people")
    return Finding(SOURCES_TOPIC, text, SOURCES_PAGE, SOURCES_SECTION, evidence, lead=text)  # with their words


def _choose_certain(people: pd.DataFrame) -> pd.DataFrame:
    """Words between marks of people who are named beside them; of each outlet those with most words of each side first.
    """
    has_words = people["n_words_direct"] >= MIN_QUOTED_WORDS
    is_full = people["speaker_name"].str.contains(" ", regex=False) & ~people["speaker_name"].str.isupper()
    certain = people[has_words & is_full & ~people["resolution"].isin(INFERRED_RESOLUTIONS)]
    words = certain.groupby(["outlet", "speaker_name"])["n_words_direct"].transform("sum")
    ordered = certain.assign(n=words).sort_values(["outlet", "n", "speaker_name"], ascending=[True, False, True],
                                                  kind="stable")
    people = ordered.drop_duplicates(["outlet", "speaker_name"])
    sides = people["speaker_side"].fillna(people["speaker_name"])
    turns = people.assign(turn=people.groupby(["outlet", sides]).cumcount())[["outlet", "speaker_name", "turn"]]
    return ordered.merge(turns, on=["outlet", "speaker_name"]).sort_values(["outlet", "turn"], kind="stable")


def _mark_named_elsewhere(named: pd.DataFrame, tables: Tables) -> "pd.Series[bool]":
    """Whether the last name of each row's speaker, or one spelled much like it, is in an article of another outlet."""
    articles = tables.articles[tables.articles["counted"]]
    texts = articles["headline"].fillna("") + "\n" + articles["text"]
    words = {outlet: _list_cased_words("\n".join(group)) for outlet, group in texts.groupby(articles["outlet"])}
    marks = [any(_has_spelling(_find_last_name(row.speaker_name), *found) for outlet, found in words.items()
                 if outlet != row.outlet) for row in named.itertuples()]
    return pd.Series(marks, named.index, dtype=bool)


def _list_cased_words(text: str) -> tuple[set[str], set[str]]:
    """The words of a text in lower case, and those among them that are never written so: names, but not `About`."""
    written = set(re.findall(r"\w+", text))
    return {word.lower() for word in written}, {word.lower() for word in written if word.lower() not in written}


def _has_spelling(name: str, words: set[str], capitalized: set[str]) -> bool:
    """Whether a name is among words, or a capitalized one differs in a letter or two: `merkley`, `merkeley`."""
    alike = [word for word in capitalized if word[:1] == name[:1]]
    return name in words or bool(get_close_matches(name, alike, n=1, cutoff=MIN_LAST_NAME_SIMILARITY))


def _find_last_name(name: str) -> str:
    """The last word of a name, in lower case; of a double name its last part, too.

    >>> _find_last_name("Ileana Ros-Lehtinen")
    'lehtinen'
    """
    words: list[str] = re.findall(r"\w+", name.lower())
    return words[-1] if words else name.lower()


def _format_people(rows: pd.DataFrame) -> str:
    """The people with the titles that an article gives them first, and whom they belong to."""
    found = rows.groupby("speaker_name")[["speaker_title", "speaker_side"]].first().fillna("")
    named = [_format_person(name, *found.loc[name]) for name in rows["speaker_name"].drop_duplicates()]
    return format_list(map(clip_name, named), most=MAX_LISTED_PEOPLE)


def _format_person(name: str, title: str, side: str) -> str:
    """A person with a title, and with a party or body, if the title does not say it; not with a country.

    >>> _format_person("Ann Lee", "Sen.", "Democratic Party"), _format_person("Al Oh", "Democrat", "Democratic Party")
    ('Sen. Ann Lee (Democratic Party)', 'Democrat Al Oh')
    """
    is_said = not side or side in list_countries() or side.split()[0].lower()[:MIN_SIDE_LETTERS] in title.lower()
    return f"{title} {name}".strip() + (f" ({side})" if not is_said else "")
