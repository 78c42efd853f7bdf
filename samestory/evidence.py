"""Evidence: the sentences that a number rests on, with the words marked that it counts."""

import pandas as pd

from samestory.tables import Tables


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
    wanted = spans[["article_id", "start", "end"]].reset_index(drop=True)
    wanted["order"] = wanted.index
    sentences = tables.sentences.rename(columns={"start": "opens", "end": "closes"})
    found = sentences.merge(wanted, on="article_id")
    found = found[(found["start"] >= found["opens"]) & (found["start"] < found["closes"])]
    found["mark"] = [{"start": int(a), "end": int(b)} for a, b in zip(found["start"], found["end"], strict=True)]
    by = ["article_id", "opens", "closes"]
    rows = found.groupby(by, as_index=False).agg(order=("order", "min"), marks=("mark", list))
    rows = rows.sort_values("order", ignore_index=True)
    articles = tables.articles.set_index("article_id")
    rows["text"] = [articles["text"][row.article_id][row.opens:row.closes] for row in rows.itertuples()]
    for name in ("outlet", "headline"):
        rows[name] = rows["article_id"].map(articles[name])
    rows = rows.rename(columns={"opens": "start"})
    return rows[["article_id", "outlet", "headline", "text", "start", "marks"]]
