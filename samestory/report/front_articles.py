"""The articles of a report as rows of its front page: headline, time, length, and who speaks most."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from samestory.base.fields import FIELD_OF_TEXT
from samestory.findings.finding import MAX_FRONT_ARTICLES
from samestory.measure.speakers import NO_SPEAKER_LABEL, choose_quotations
from samestory.show.shown import clip_cell
from samestory.tables.tables import Tables

MAX_FRONT_TITLE_CHARS = 160  # code points
MIN_MAIN_VOICE_SHARE = 0.2  # of the words of an article's statements; who has fewer is no main voice
MIN_SAID_WORD_SHARE = 0.1  # of an article's words; where others say less, the outlet speaks itself
UNNAMED_VOICE, NO_MAIN_VOICE, OWN_VOICE = "unnamed people", "no main voice", "hardly anybody else"
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
    sentence), published, n_words and voice (who has most words in statements, and how many of how many).
    """
    articles = tables.articles[tables.articles["counted"]]
    if len(articles) > MAX_FRONT_ARTICLES:
        return []
    voices = _name_voices(choose_quotations(tables), articles.set_index("article_id")["n_words"])
    ordered = articles.sort_values(["published_at", "outlet", "article_id"], na_position="last")
    return [_describe_article(row, tables.sentence_spans.get((row["article_id"], FIELD_OF_TEXT), ([], [])), voices)
            for row in ordered.to_dict("records")]


def _describe_article(row: dict[str, Any], spans: tuple[list[int], list[int]],
                      voices: dict[str, str]) -> dict[str, Any]:
    first = row["text"][spans[0][0]:spans[1][0]] if spans[0] else ""
    title = row["headline"] if isinstance(row["headline"], str) and row["headline"].strip() else first
    return {"outlet": clip_cell(row["outlet"]), "title": _clip_title(title) or "untitled", "n_words": row["n_words"],
            "article_id": row["article_id"], "start": spans[0][0] if spans[0] else None,
            "published": _format_time(row), "voice": voices.get(row["article_id"], OWN_VOICE)}


def _clip_title(title: str) -> str:
    said = " ".join(title.split())
    return said if len(said) <= MAX_FRONT_TITLE_CHARS else f"{said[:MAX_FRONT_TITLE_CHARS].rpartition(' ')[0]} …"


def _format_time(row: dict[str, Any]) -> str:
    if pd.isna(row["published_at"]):
        return "not known"
    return str(row["published_at"].strftime(TIME_FORMATS.get(row["published_precision"], "%Y-%m-%d")))


def _name_voices(quotations: pd.DataFrame, sizes: "pd.Series[int]") -> dict[str, str]:
    """For each article who has most words in statements, direct and reported; all unnamed people count as one."""
    spoken = quotations.assign(
        voice=quotations["speaker_name"].mask(quotations["anonymous"].astype(bool), UNNAMED_VOICE),
        words=quotations["n_words_direct"] + quotations["n_words_indirect"])
    voices = {}
    for article_id, group in spoken.groupby("article_id"):
        if group["words"].sum() < MIN_SAID_WORD_SHARE * sizes.get(article_id, 0):
            continue
        sums = group[group["voice"] != NO_SPEAKER_LABEL].groupby("voice")["words"].sum()
        most, total = sums.max() if len(sums) else 0, group["words"].sum()
        if most and most >= MIN_MAIN_VOICE_SHARE * total:
            voice = _add_determiner(sums.idxmax(), group["speaker"].dropna())
            voices[article_id] = f"{clip_cell(voice)}: {most:,} of {total:,} words"
        else:
            voices[article_id] = NO_MAIN_VOICE
    return voices


def _add_determiner(name: str, written: Iterable[str]) -> str:
    """A name as it was first written, if that adds an article before it in lower case: the report.

    >>> _add_determiner("report", ["He", "The report"]), _add_determiner("Lee", ["the Lee"])
    ('the report', 'Lee')
    """
    with_determiner = (f"{first.lower()} {rest}" for first, _, rest in (text.partition(" ") for text in written)
                       if rest == name and name[0].islower())
    return next(with_determiner, name)
