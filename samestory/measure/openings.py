"""How articles open, as rows of a page: headline, lead, and whose words come first and last."""

import pandas as pd

from samestory.tables.tables import Tables

OPENING_COLUMNS = ["article_id", "start", "outlet", "headline", "lead", "first_speaker", "last_speaker",
                   "words_before_first_quotation", "said_percent"]


def list_openings(tables: Tables, *, top_n: int = 15) -> pd.DataFrame:
    """Headline and lead of each article, and who speaks in it first and last.

    Parameters
    ----------
    tables : a corpus's tables
    top_n : articles listed, the first by outlet and time

    Returns
    -------
    One row per article. Columns: article_id, start (of the lead; code points), outlet, headline, lead, first_speaker,
    last_speaker (empty if nobody speaks), words_before_first_quotation, said_percent (of the words of the body, those
    that somebody else says).
    """
    articles = tables.articles_by_id
    rows = tables.read("openings").merge(articles[["outlet", "published_at"]], left_on="article_id", right_index=True)
    rows = rows.sort_values(["outlet", "published_at", "article_id"]).head(top_n).reset_index(drop=True)
    rows["headline"] = [_read_headline(articles.loc[row.article_id], row) for row in rows.itertuples()]
    rows["lead"] = [_cut_text(articles["text"][row.article_id], row.lead_start, row.lead_end)
                    for row in rows.itertuples()]
    for name in ("first_speaker", "last_speaker"):
        rows[name] = rows[name].fillna("")
    rows["said_percent"] = (100 * rows["said_share"]).round(0)
    return rows.rename(columns={"lead_start": "start"})[OPENING_COLUMNS]


def _read_headline(article: pd.Series, row: object) -> str:
    """The headline of the text, or else of the metadata."""
    written = _cut_text(article["text"], getattr(row, "headline_start", None), getattr(row, "headline_end", None))
    return written or (article["headline"] if isinstance(article["headline"], str) else "")


def _cut_text(text: str, start: object, end: object) -> str:
    return "" if pd.isna(start) else " ".join(text[int(start):int(end)].split())  # type: ignore[call-overload]
