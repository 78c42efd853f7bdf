"""The articles of a report as rows of its front page: headline, time, length, and who speaks most."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from samestory.base.fields import FIELD_OF_TEXT
from samestory.base.schema import INFERRED_RESOLUTIONS
from samestory.findings.finding import MAX_FRONT_ARTICLES
from samestory.measure.speakers import NO_SPEAKER_LABEL, choose_quotations
from samestory.show.shown import clip_cell
from samestory.tables.tables import Tables

MAX_LEAD_ARTICLES = 4  # of which the front page shows how they open, too
MAX_FRONT_TITLE_CHARS = 220  # code points, of a lead too
MIN_MAIN_VOICE_SHARE = 0.2  # of the words of an article's statements; who has fewer is no main voice
MIN_SECOND_VOICE_SHARE = 0.85  # of the words of the first voice; who has more is named with it
MIN_SAID_WORD_SHARE = 0.1  # of an article's words; where others say less, the outlet speaks itself
NO_MAIN_VOICE, UNCLEAR_VOICE, OWN_VOICE = "no main voice", "not clear", "hardly anybody else"
TIME_FORMATS = {"second": "%Y-%m-%d %H:%M", "minute": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "month": "%Y-%m",
                "year": "%Y"}  # by the precision of a time


def list_front_articles(tables: Tables) -> list[dict[str, Any]]:
    """The counted articles, by time; none if there are more than the front page can hold.

    Parameters
    ----------
    tables : a corpus's tables

    Returns
    -------
    For each article: article_id, start (of its first sentence), outlet, title (the headline or else the first
    sentence), lead (the first sentence of the body), published, n_words and voice (who has most words in statements,
    and how many of how many).
    """
    articles = tables.articles[tables.articles["counted"]]
    if len(articles) > MAX_FRONT_ARTICLES:
        return []
    voices = _name_voices(choose_quotations(tables), articles.set_index("article_id")["n_words"])
    leads = tables.read("openings").dropna(subset="lead_start").set_index("article_id")["lead_start"].astype(int)
    leads = leads if len(articles) <= MAX_LEAD_ARTICLES else leads.iloc[:0]
    ordered = articles.sort_values(["published_at", "outlet", "article_id"], na_position="last")
    return [_describe_article(row, tables.sentence_spans.get((row["article_id"], FIELD_OF_TEXT), ([], [])),
                              leads.get(row["article_id"])) | {"voice": voices.get(row["article_id"], OWN_VOICE)}
            for row in ordered.to_dict("records")]


def _describe_article(row: dict[str, Any], spans: tuple[list[int], list[int]], lead: int | None) -> dict[str, Any]:
    ends = dict(zip(*spans, strict=True))
    first = row["text"][spans[0][0]:spans[1][0]] if spans[0] else ""
    opening = row["text"][lead:ends[lead]] if lead in ends else ""
    title = row["headline"] if isinstance(row["headline"], str) and row["headline"].strip() else first
    return {"outlet": clip_cell(row["outlet"]), "title": _clip_title(title) or "untitled", "n_words": row["n_words"],
            "article_id": row["article_id"], "start": spans[0][0] if spans[0] else None,
            "published": _format_time(row), "lead": _clip_title(opening) if opening != title else ""}


def _clip_title(title: str) -> str:
    said = " ".join(title.split())
    return said if len(said) <= MAX_FRONT_TITLE_CHARS else f"{said[:MAX_FRONT_TITLE_CHARS].rpartition(' ')[0]} …"


def _format_time(row: dict[str, Any]) -> str:
    if pd.isna(row["published_at"]):
        return "not known"
    return str(row["published_at"].strftime(TIME_FORMATS.get(row["published_precision"], "%Y-%m-%d")))


def _name_voices(quotations: pd.DataFrame, sizes: "pd.Series[int]") -> dict[str, str]:
    """For each article who has most words in statements, direct and reported; two if they have nearly as many.

    Not clear if those whose name is inferred ("they wrote") decide it or might, or one is no person or body with a
    name, nor an unnamed person: what "the data" say the outlet may say itself.
    """
    spoken = quotations.assign(words=quotations["n_words_direct"] + quotations["n_words_indirect"])
    voices = {}
    for article_id, group in spoken.groupby("article_id"):
        if group["words"].sum() < MIN_SAID_WORD_SHARE * sizes.get(article_id, 0):
            continue
        voices[article_id] = _name_main_voice(group)
    return voices


def _name_main_voice(spoken: pd.DataFrame) -> str:
    is_sure = ~spoken["resolution"].isin(INFERRED_RESOLUTIONS)
    main, sure = _choose_main(spoken), _choose_main(spoken[is_sure])
    is_voice = spoken["speaker_entity_id"].notna() | spoken["anonymous"].astype(bool)
    if main.empty:
        unknown = spoken["words"][~is_sure | ~is_voice].sum()
        return UNCLEAR_VOICE if unknown >= MIN_MAIN_VOICE_SHARE * spoken["words"].sum() else NO_MAIN_VOICE
    is_agreed = len(sure) and main.index[0] in sure.index and sure.index[0] in main.index
    if not is_agreed or not set(main.index) <= set(spoken["speaker_name"][is_voice]):
        return UNCLEAR_VOICE
    written = spoken["speaker"].dropna()
    named = [f"{clip_cell(_add_determiner(name, written))}: {words:,}" for name, words in main.items()]
    return f"{'; '.join(named)} of {spoken['words'].sum():,} words"


def _choose_main(spoken: pd.DataFrame) -> "pd.Series[int]":
    """The words of who has most of them, and of who has nearly as many; of none who has few."""
    sums = spoken[spoken["speaker_name"] != NO_SPEAKER_LABEL].groupby("speaker_name")["words"].sum()
    sums = sums.sort_values(ascending=False, kind="stable")
    least = max(MIN_MAIN_VOICE_SHARE * spoken["words"].sum(), MIN_SECOND_VOICE_SHARE * sums.max())
    return sums[sums >= least].head(2)


def _add_determiner(name: str, written: Iterable[str]) -> str:
    """A name as it was first written, if that adds an article before it in lower case: an official.

    >>> _add_determiner("official", ["He", "An official"]), _add_determiner("Lee", ["the Lee"])
    ('an official', 'Lee')
    """
    with_determiner = (f"{first.lower()} {rest}" for first, _, rest in (text.partition(" ") for text in written)
                       if rest == name and name[0].islower())
    return next(with_determiner, name)
