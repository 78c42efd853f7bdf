"""Openings: how each article begins, who speaks in it first and last, how early, and how much others say.

Made from finished tables (quotations with resolved speakers), some articles at a time. Words are counted as in
`articles.n_words`: strings of the body between white space that contain a letter or digit. Which quotations
of two articles are the same is left to samestory/link.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from samestory.base.batches import cut_batches
from samestory.base.confidence import MIN_QUOTATION_CONFIDENCE
from samestory.base.schema import TABLES, make_table
from samestory.base.sql import add_view, connect_duckdb
from samestory.base.wording import SENTENCE_END_MARKS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OPENING_TABLES = ("openings", "voices")
OPENING_INPUT_TABLES = ("articles", "lines", "sentences", "quotations")
MAX_OPENING_BATCH_ARTICLES = 500
MAX_HEADLINE_SENTENCES = 2  # before the lead that end without a mark
MAX_LEAD_WORDS = 60  # of a first paragraph, after which its next sentence is no longer part of the lead
PASSED_ON_RULE_PATTERN = "%, passed on"  # rows of outer sources, whose words the inner one says
WORD_PATTERN = re.compile(r"(?<!\S)\S*?([^\W_])\S*")  # and its first letter or digit
OPENING_QUERIES = {
    "articles": "SELECT article_id, text FROM articles SEMI JOIN chosen USING (article_id)",
    "lines": "SELECT article_id, start, \"end\", role FROM lines SEMI JOIN chosen USING (article_id)"
             " WHERE role IN ('body', 'headline') ORDER BY start",
    "sentences": "SELECT article_id, start, \"end\", paragraph FROM sentences SEMI JOIN chosen USING (article_id)"
                 " WHERE role = 'body' ORDER BY start",
    "quotations": f"""
        SELECT article_id, quotation_id, content_spans, speaker_name, speaker_entity_id, speaker_side, anonymous
        FROM quotations SEMI JOIN chosen USING (article_id)
        WHERE confidence >= {MIN_QUOTATION_CONFIDENCE} AND rule NOT LIKE '{PASSED_ON_RULE_PATTERN}'
        ORDER BY content_spans[1].start, quotation_id"""}


@dataclass
class OpeningArticle:
    """What the opening of an article is read from: its text, and rows of other tables in text order."""

    article_id: str
    text: str
    lines: list[dict[str, Any]] = field(default_factory=list)
    sentences: list[dict[str, Any]] = field(default_factory=list)
    quotations: list[dict[str, Any]] = field(default_factory=list)


def write_openings(folder: Path) -> None:
    """Write the tables openings and voices of a folder of linked tables."""
    writers = {name: pq.ParquetWriter(folder / f"{name}.parquet", TABLES[name].arrow, compression="zstd")
               for name in OPENING_TABLES}
    try:
        for tables in tabulate_openings(folder):
            for name, table in tables.items():
                writers[name].write_table(table)
    finally:
        for writer in writers.values():
            writer.close()


def tabulate_openings(folder: Path, article_ids: Collection[str] | None = None) -> Iterator[dict[str, pa.Table]]:
    """The tables openings and voices, in parts, of the counted articles of a folder, or of some of them.

    Parameters
    ----------
    folder : holds articles, lines, sentences and quotations with their speakers
    article_ids : the articles; all that are counted if None
    """
    with connect_duckdb() as duck:
        for name in OPENING_INPUT_TABLES:
            add_view(duck, folder, name)
        found = duck.sql("SELECT article_id FROM articles WHERE counted ORDER BY article_id").fetchall()
        wanted = [article_id for (article_id,) in found if article_ids is None or article_id in article_ids]
        for batch in cut_batches(wanted, lambda _: 1, most_size=MAX_OPENING_BATCH_ARTICLES):
            described = [describe_opening(article) for article in _read_opening_articles(duck, batch)]
            yield {"openings": make_table("openings", (opening for opening, _ in described)),
                   "voices": make_table("voices", (voice for _, voices in described for voice in voices))}


def _read_opening_articles(duck: "DuckDBPyConnection", article_ids: list[str]) -> list[OpeningArticle]:
    duck.register("chosen", pa.table({"article_id": pa.array(article_ids, pa.string())}))
    rows = {name: duck.sql(query).to_arrow_table().to_pylist() for name, query in OPENING_QUERIES.items()}
    articles = {row["article_id"]: OpeningArticle(row["article_id"], row["text"]) for row in rows.pop("articles")}
    for name, found in rows.items():
        for row in found:
            getattr(articles[row["article_id"]], name).append(row)
    return [articles[article_id] for article_id in article_ids]


def describe_opening(article: OpeningArticle) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of the table openings for an article, and its rows of the table voices, the first speaker first."""
    body = [line for line in article.lines if line["role"] == "body"]
    words = np.array([found.start(1) for line in body
                      for found in WORD_PATTERN.finditer(article.text, line["start"], line["end"])], np.int64)
    quotations = [row for row in article.quotations if _is_within_lines(row, body)]
    named = [row for row in quotations if row["speaker_name"]]
    voices = _count_voices(article, named, words)
    said = _count_words_within(words, [span for row in quotations for span in row["content_spans"]])
    start, end = _find_lead(article, words)
    headline = [line for line in article.lines if line["role"] == "headline"]
    opening = {
        "article_id": article.article_id,
        "headline_start": headline[0]["start"] if headline else None,
        "headline_end": headline[-1]["end"] if headline else None,
        "lead_start": start, "lead_end": end,
        "first_speaker": named[0]["speaker_name"] if named else None,
        "first_quotation_id": named[0]["quotation_id"] if named else None,
        "last_speaker": named[-1]["speaker_name"] if named else None,
        "last_quotation_id": named[-1]["quotation_id"] if named else None,
        "words_before_first_quotation": _count_words_before(words, quotations[0]) if quotations else None,
        "n_words_said": said, "said_share": said / len(words) if len(words) else None}
    return opening, voices


def _is_within_lines(quotation: dict[str, Any], lines: list[dict[str, Any]]) -> bool:
    """Whether a quotation begins in one of the lines."""
    start = quotation["content_spans"][0]["start"]
    return any(line["start"] <= start < line["end"] for line in lines)


def _count_words_before(words: np.ndarray, quotation: dict[str, Any]) -> int:
    return int(words.searchsorted(quotation["content_spans"][0]["start"]))


def _count_words_within(words: np.ndarray, spans: list[dict[str, int]]) -> int:
    """The number of words that begin in any of the spans, each counted once."""
    inside = np.zeros(len(words), bool)
    for span in spans:
        inside[words.searchsorted(span["start"]):words.searchsorted(span["end"])] = True
    return int(inside.sum())


def _find_lead(article: OpeningArticle, words: np.ndarray) -> tuple[int | None, int | None]:
    """The span of the first sentences of the first paragraph: one at least, more while they have few words.

    A line before it that ends like no sentence is a second headline.
    """
    if not article.sentences:
        return None, None
    opening = article.sentences[:MAX_HEADLINE_SENTENCES + 1]
    number = next((i for i, sentence in enumerate(opening)
                   if article.text[sentence["start"]:sentence["end"]].rstrip().endswith(SENTENCE_END_MARKS)), 0)
    first = article.sentences[number]
    end = first["end"]
    for sentence in article.sentences[number + 1:]:
        n_words = words.searchsorted(sentence["end"]) - words.searchsorted(first["start"])
        if sentence["paragraph"] != first["paragraph"] or n_words > MAX_LEAD_WORDS:
            break
        end = sentence["end"]
    return first["start"], end


def _count_voices(article: OpeningArticle, quotations: list[dict[str, Any]],
                  words: np.ndarray) -> list[dict[str, Any]]:
    """A row for each speaker, in the order of their first words."""
    by_speaker: dict[str, list[dict[str, Any]]] = {}
    for row in quotations:
        by_speaker.setdefault(row["speaker_name"], []).append(row)
    return [{"article_id": article.article_id, "voice": number, "speaker_name": name,
             "speaker_entity_id": rows[0]["speaker_entity_id"], "speaker_side": rows[0]["speaker_side"],
             "anonymous": rows[0]["anonymous"], "quotation_id": rows[0]["quotation_id"],
             "place": _count_words_before(words, rows[0]) / len(words) if len(words) else None,
             "n_quotations": len(rows),
             "n_words": _count_words_within(words, [span for row in rows for span in row["content_spans"]])}
            for number, (name, rows) in enumerate(by_speaker.items())]
