"""Steps that need all articles: lines that an outlet repeats, its spellings, and articles with nearly the same text.

A line that occurs in many articles of one outlet is not part of the story: a label in at least five articles (in 2 %
of them, but no more than fifty, for large outlets), a sentence in at least ten and a fifth of all. Background that is
repeated word for word in some articles is thus kept. Near-duplicates count as one article there.

Articles are read and cleaned once, and pass through a file on disk, so that memory holds only a signature and a few
numbers for each. Their order does not matter.
"""

import hashlib
import pickle
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from samestory.base.batches import cut_batches
from samestory.base.errors import Problem
from samestory.clean.articles import Article, count_body_words
from samestory.clean.lines import Line, is_prose, strip_lines
from samestory.clean.near_duplicates import MIN_SHINGLED_WORDS, SIGNATURE_VALUES, group_signatures, sign_texts
from samestory.clean.outlet_forms import unify_outlets

if TYPE_CHECKING:
    import pyarrow as pa

# articles and code points for which signatures are computed at a time
SIGNATURE_BATCH_ARTICLES, SIGNATURE_BATCH_CHARS = 200, 1_000_000
# articles of an outlet in which a label must occur: the minimum, the share of all, and the largest number required
MIN_REPEATED_LABEL_ARTICLES, MIN_REPEATED_LABEL_SHARE, REPEATED_LABEL_ARTICLES_CAP = 5, 0.02, 50
MIN_REPEATED_PROSE_ARTICLES, MIN_REPEATED_PROSE_SHARE = 10, 0.2  # the same for a sentence
LATE_DATE_GAP = timedelta(days=731)  # after all other articles: a date that may be a mistake
UNDATED_SORT_DATE = datetime.max.replace(tzinfo=UTC)


@dataclass
class _SurveyedArticles:
    """The facts that are kept in memory for each article, in the order of reading."""

    ids: list[str] = field(default_factory=list)
    counted: list[bool] = field(default_factory=list)
    published: list[datetime | None] = field(default_factory=list)
    outlets: Counter[str] = field(default_factory=Counter)

    def add(self, article: Article) -> None:
        row = article.row
        self.ids.append(row["article_id"])
        self.counted.append(row["counted"])
        self.published.append(row["published_at"])
        self.outlets[row["outlet"]] += 1

    def order(self) -> np.ndarray:
        """The positions of the articles: counted ones first, then by date, then by id."""
        return np.array(sorted(range(len(self.ids)), key=lambda i: (
            not self.counted[i], self.published[i] or UNDATED_SORT_DATE, self.ids[i])), np.int64)


def survey_articles(found: "Iterable[Article | Problem]") -> "Iterator[Article | Problem]":
    """Mark the lines that an outlet repeats, and count one article of each group of near-duplicates.

    Parameters
    ----------
    found : the articles and problems of `clean_articles`; problems are passed on

    Yields
    ------
    The same articles, once all have been read: `duplicate_group` is the id of the counted article in a group of
    near-duplicates (the earliest; of several, the one with the smallest id), and `counted` is false for the others.
    """
    with TemporaryDirectory(prefix="samestory-") as folder:
        spool, seen = Path(folder, "articles"), _SurveyedArticles()
        yield from _write_spool(found, spool, seen)
        often = _find_repeats(spool, seen, np.arange(len(seen.ids)))
        groups = _group_articles(spool, seen, often)
        repeated = _find_repeats(spool, seen, groups) if often else often
        sizes, late = Counter(groups.tolist()), _find_latest(seen.published)
        shown = unify_outlets(seen.outlets)
        for i, article in enumerate(_read_spool(spool)):
            _strip_repeats(article, repeated)
            article.row["outlet"] = shown.get(article.row["outlet"], article.row["outlet"])
            if sizes[int(groups[i])] > 1:
                article.row["duplicate_group"] = seen.ids[groups[i]]
                article.row["counted"] = article.row["counted"] and groups[i] == i
            published = seen.published[i]
            if late and published and published >= late:
                _warn_late_date(article)
            yield article


def _write_spool(found: "Iterable[Article | Problem]", spool: Path, seen: _SurveyedArticles) -> "Iterator[Problem]":
    """Write the articles to a file, and the keys of their lines to another; problems are passed on."""
    import pyarrow.parquet as pq
    lines: list[tuple[int, str, int, bool]] = []
    schema = _tabulate_lines(lines).schema
    with spool.open("wb") as file, pq.ParquetWriter(spool.with_suffix(".lines"), schema) as writer:
        for item in found:
            if not isinstance(item, Article):
                yield item
                continue
            pickle.dump(item, file)
            lines += [(len(seen.ids), item.row["outlet"], key, is_prose(line.content))
                      for line, key in _list_line_keys(item)]
            seen.add(item)
            if len(lines) > 100_000:
                writer.write_table(_tabulate_lines(lines))
                lines = []
        writer.write_table(_tabulate_lines(lines))


def _read_spool(spool: Path) -> Iterator[Article]:
    with spool.open("rb") as file:
        while file.peek(1):
            article: Article = pickle.load(file)  # noqa: S301 -- written by this process, in its own folder
            yield article


def _tabulate_lines(lines: list[tuple[int, str, int, bool]]) -> "pa.Table":
    import pyarrow as pa
    columns: list[tuple[Any, ...]] = list(zip(*lines, strict=True)) or [()] * 4
    types = {"article": pa.int64(), "outlet": pa.string(), "line": pa.int64(), "is_prose": pa.bool_()}
    return pa.table([pa.array(column, dtype) for column, dtype in zip(columns, types.values(), strict=True)],
                    names=list(types))


def _list_line_keys(article: Article) -> list[tuple[Line, int]]:
    """The lines of the body, each with a hash of its outlet and words."""
    outlet = article.row["outlet"].encode()
    return [(line, int.from_bytes(hashlib.blake2b(line.content.casefold().encode(), key=outlet[:64],
                                                  digest_size=8).digest(), "big", signed=True))
            for line in article.lines if line.role == "body"]


def _find_repeats(spool: Path, seen: _SurveyedArticles, groups: np.ndarray) -> set[int]:
    """The lines that occur in many of an outlet's articles; those of one group count as one article."""
    if max(seen.outlets.values(), default=0) < MIN_REPEATED_LABEL_ARTICLES:
        return set()
    import pyarrow as pa

    from samestory.base.sql import connect_duckdb, quote_sql
    with connect_duckdb() as duck:
        duck.register("grouped", pa.table({"article": np.arange(len(groups)), "part": groups}))
        duck.register("outlets", pa.table({"outlet": list(seen.outlets), "n_outlet": list(seen.outlets.values())},
                                          schema=pa.schema([("outlet", pa.string()), ("n_outlet", pa.int64())])))
        return {line for line, in duck.execute(f"""
            SELECT line FROM read_parquet({quote_sql(spool.with_suffix(".lines"))})
            JOIN grouped USING (article) JOIN outlets USING (outlet)
            GROUP BY line HAVING count(DISTINCT part) >= CASE WHEN any_value(is_prose)
                THEN greatest({MIN_REPEATED_PROSE_ARTICLES}, {MIN_REPEATED_PROSE_SHARE} * any_value(n_outlet))
                ELSE greatest({MIN_REPEATED_LABEL_ARTICLES},
                              least({REPEATED_LABEL_ARTICLES_CAP}, {MIN_REPEATED_LABEL_SHARE} * any_value(n_outlet)))
                END""").fetchall()}


def _group_articles(spool: Path, seen: _SurveyedArticles, often: set[int]) -> np.ndarray:
    """The group of each article, by the lines that its outlet does not repeat."""
    shape = (len(seen.ids), SIGNATURE_VALUES)
    signatures = (np.lib.format.open_memmap(spool.with_suffix(".npy"), "w+", np.uint32, shape)
                  if seen.ids else np.empty(shape, np.uint32))
    at, texts = 0, (_own_words(article, often) for article in _read_spool(spool))
    for batch in cut_batches(texts, len, most_size=SIGNATURE_BATCH_CHARS, most_items=SIGNATURE_BATCH_ARTICLES):
        signatures[at:at + len(batch)] = sign_texts(batch)
        at += len(batch)
    return group_signatures(signatures, seen.order())


def _own_words(article: Article, often: set[int]) -> str:
    """The body without lines that its outlet often repeats; the whole body if little is left, as in a duplicate."""
    own = article.body
    if often:
        own = "\n".join(line.content for line, key in _list_line_keys(article) if key not in often)
    if len(own.split()) < MIN_SHINGLED_WORDS:
        own = article.body
    return own if any(map(str.isalnum, own)) else article.row["sha256"]


def _strip_repeats(article: Article, repeated: set[int]) -> None:
    """Mark the lines that the article's outlet repeats."""
    if not repeated:
        return
    numbers = {line.number for line, key in _list_line_keys(article) if key in repeated}
    if numbers:
        article.lines = strip_lines(article.lines, numbers)
        article.row["n_words"] = count_body_words(article)


def _find_latest(published: list[datetime | None]) -> datetime | None:
    """The first of the few dates that are two or more years after all others; None if there are none."""
    times = sorted(filter(None, published))
    last = range(max(1, len(times) - 1 - len(times) // 20), len(times))  # one in twenty, or one
    return next((times[i] for i in last if times[i] - times[i - 1] > LATE_DATE_GAP), None) if len(times) > 2 else None


def _warn_late_date(article: Article) -> None:
    reason = (f"published_at {article.row['published_at']:%Y-%m-%d} is more than two years after nearly all"
              " other articles; is it a mistake?")
    article.problems.append({"article_id": article.article_id, "path": article.row["path"], "step": "clean",
                             "severity": "warning", "reason": reason})
