"""Evidence: the sentences that a number rests on, with the words marked that it counts."""

import re
from collections.abc import Sequence
from html import escape, unescape

import pandas as pd

from samestory.display import Shown, clean_text, show_sentences
from samestory.tables import Tables

FOLDED = re.compile(r'<details class="ss-rows"><summary>([^<]*)</summary>\n(.*)</details>', re.DOTALL)
SHOWN = ["article_id", "outlet", "headline", "text", "start", "marks"]


def find_sentences(tables: Tables, spans: pd.DataFrame) -> pd.DataFrame:
    """The sentences that spans stand in.

    Parameters
    ----------
    tables : a corpus's tables
    spans : article_id, start and end (code points), one row a span; the first rows matter most

    Returns
    -------
    One row is a sentence. Columns: article_id, outlet, headline, text, start (of the sentence), marks
    (a list of {start, end} into the article); in the order of the spans.
    """
    return _write_sentences(tables, _place_spans(tables, spans), [])[SHOWN]


def find_row_sentences(tables: Tables, spans: pd.DataFrame, rows: pd.DataFrame, *, by: Sequence[str],
                       per_row: int = 1) -> pd.DataFrame:
    """The first sentences behind each row of a table.

    Parameters
    ----------
    tables : a corpus's tables
    spans : what the table counts, one row a span: article_id, start, end and the columns `by`
    rows : the table
    by : columns that say which spans a row counts
    per_row : sentences a row

    Returns
    -------
    One row is a sentence, in the order of the table. Columns: row (its number in the table, from 0), n (sentences
    that the table's row rests on), and those of `find_sentences`.
    """
    by = list(by)
    numbered = rows[by].reset_index(drop=True).rename_axis("row").reset_index().drop_duplicates(by)
    wanted = spans.merge(numbered, on=by).sort_values(["row", "article_id", "start"], kind="stable")
    placed = _place_spans(tables, wanted)
    sentences = placed[["row", "article_id", "opens"]].drop_duplicates()
    sentences["n"] = sentences.groupby("row")["opens"].transform("size")
    chosen = placed.merge(sentences.groupby("row").head(per_row), on=["row", "article_id", "opens"])
    return _write_sentences(tables, chosen, ["row", "n"])[["row", "n", *SHOWN]]


def show_evidence(tables: Tables, spans: pd.DataFrame, rows: pd.DataFrame, *, by: Sequence[str], caption: str,
                  per_row: int = 1, max_rows: int = 30) -> Shown:
    """The first sentences behind each row of a table, folded away until wanted.

    Parameters
    ----------
    tables, spans, rows, by, per_row : see `find_row_sentences`
    caption : what is marked in them
    max_rows : rows of the table whose sentences are shown; how many more there are is said
    """
    shown = rows.head(max_rows).reset_index(drop=True)
    found = find_row_sentences(tables, spans, shown, by=by, per_row=per_row).drop(columns="headline")
    named = {f"{_name_row(shown.loc[row], by)}: {_say_part(group)}": group for row, group in found.groupby("row")}
    parts = [show_sentences(group, caption=name, max_rows=per_row).html for name, group in named.items()]
    parts[1:] = [html.partition("</style>")[2] for html in parts[1:]]  # one is enough
    rest = len(rows) - len(shown)
    more = f"{rest:,} more row{'s' * (rest > 1)} not shown here." if rest > 0 else "" if parts else "There are none."
    note = f'<p class="ss-note">{escape(more)}</p>' if more else ""
    html = fold_evidence(caption, "".join(parts) + note)
    return Shown(html, clean_text("\n".join([caption, *named, *([more] if more else [])])))


def fold_evidence(caption: str, html: str) -> str:
    """Sentences (HTML) folded behind their caption."""
    return f'<details class="ss-rows"><summary>{escape(clean_text(caption))}</summary>\n{html}</details>'


def unfold_evidence(html: str) -> tuple[str, str] | None:
    """Caption and sentences (HTML) that are folded; None if the HTML is something else.

    >>> unfold_evidence(fold_evidence("A & B", "<p>c</p>"))
    ('A & B', '<p>c</p>')
    """
    found = FOLDED.fullmatch(html)
    return (unescape(found[1]), found[2]) if found else None


def _name_row(row: pd.Series, by: Sequence[str]) -> str:
    return " · ".join(str(row[name])[:120] for name in by)


def _say_part(group: pd.DataFrame) -> str:
    n = int(group["n"].iloc[0])
    return "the only sentence" if n == 1 else f"{len(group)} of {n:,} sentences"


def _place_spans(tables: Tables, spans: pd.DataFrame) -> pd.DataFrame:
    """The spans that begin in a sentence, with where it opens and closes, in the order given."""
    spans = spans.reset_index(drop=True).rename_axis("order").reset_index()
    spans = spans.astype({"article_id": "str", "start": "int64", "end": "int64"})
    sentences = tables.sentences[["article_id", "start", "end"]].rename(columns={"start": "opens", "end": "closes"})
    sentences = sentences.astype({"article_id": "str", "opens": "int64"}).sort_values("opens", kind="stable")
    placed = pd.merge_asof(spans.sort_values("start", kind="stable"), sentences, left_on="start", right_on="opens",
                           by="article_id")
    placed = placed[placed["start"] < placed["closes"]]  # a missing sentence is no match
    return placed.sort_values("order", ignore_index=True).astype({"opens": "int64", "closes": "int64"})


def _write_sentences(tables: Tables, placed: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """One row a sentence and what `keys` say, with its text and the marks of all its spans."""
    placed = placed.assign(mark=[{"start": int(start), "end": int(end)}
                                 for start, end in zip(placed["start"], placed["end"], strict=True)])
    rows = placed.groupby([*keys, "article_id", "opens", "closes"], as_index=False).agg(
        order=("order", "min"), marks=("mark", list)).sort_values("order", ignore_index=True)
    articles = tables.articles.set_index("article_id")
    rows["text"] = [articles["text"][row.article_id][row.opens:row.closes] for row in rows.itertuples()]
    for name in ("outlet", "headline"):
        rows[name] = rows["article_id"].map(articles[name])
    return rows.rename(columns={"opens": "start"})
