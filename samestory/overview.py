"""What a corpus holds: its articles, what their metadata lacks, and which lines are no story."""

import pandas as pd

from samestory.tables import Tables

METADATA = ("headline", "byline", "section", "published_at", "updated_at", "url")
STORY = ("body", "headline")


def list_articles(tables: Tables) -> pd.DataFrame:
    """The articles, those of one outlet together.

    One row is an article. Columns: outlet, article_id, headline, published_at (UTC),
    n_words, counted.
    """
    articles = tables.articles.sort_values(["outlet", "published_at", "article_id"], na_position="last")
    columns = ["outlet", "article_id", "headline", "published_at", "n_words", "counted"]
    return articles[columns].reset_index(drop=True)


def count_articles(tables: Tables) -> pd.DataFrame:
    """What there is of each outlet.

    One row is an outlet. Columns: outlet, n_articles, n_counted, n_words (of counted articles),
    first and last published_at (UTC).
    """
    articles = tables.articles
    counted = articles.assign(n_words=articles["n_words"].where(articles["counted"], 0))
    return counted.groupby("outlet", as_index=False).agg(
        n_articles=("article_id", "size"), n_counted=("counted", "sum"), n_words=("n_words", "sum"),
        first=("published_at", "min"), last=("published_at", "max"))


def count_missing(tables: Tables) -> pd.DataFrame:
    """Which metadata the articles have, and which they lack.

    One row is a field in an outlet. Columns: field, outlet, n_articles, n_missing, origins (where the
    values came from).
    """
    rows = []
    for field in ("outlet", *METADATA):
        for outlet, origins in tables.articles.groupby("outlet")[f"{field}_from"]:
            present = sorted(set(origins) - {"missing"})
            rows.append({"field": field, "outlet": outlet, "n_articles": len(origins),
                         "n_missing": int((origins == "missing").sum()), "origins": ", ".join(present)})
    return pd.DataFrame(rows)


def count_roles(tables: Tables) -> pd.DataFrame:
    """What the lines of the articles are.

    One row is a role in an outlet. Columns: outlet, role, n_lines.
    """
    lines = _with_outlet(tables.lines, tables)
    return lines.groupby(["outlet", "role"], as_index=False).size().rename(columns={"size": "n_lines"})


def list_stripped(tables: Tables) -> pd.DataFrame:
    """The lines that are no part of the story, with what they were taken for.

    One row is a line. Columns: outlet, article_id, line, role, rule, text.
    """
    lines = _with_outlet(tables.lines[~tables.lines["role"].isin(STORY)], tables)
    texts = tables.articles.set_index("article_id")["text"]
    lines["text"] = [texts[row.article_id][row.start:row.end].strip() for row in lines.itertuples()]
    columns = ["outlet", "article_id", "line", "role", "rule", "text"]
    return lines.sort_values(["outlet", "article_id", "line"])[columns].reset_index(drop=True)


def list_repeats(tables: Tables) -> pd.DataFrame:
    """Articles of one text; only the first of each group is counted.

    One row is an article. Columns: duplicate_group, outlet, article_id, published_at, counted.
    """
    repeats = tables.articles.dropna(subset="duplicate_group")
    columns = ["duplicate_group", "outlet", "article_id", "published_at", "counted"]
    return repeats.sort_values(["duplicate_group", "counted", "article_id"],
                               ascending=[True, False, True])[columns].reset_index(drop=True)


def _with_outlet(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    return rows.assign(outlet=rows["article_id"].map(tables.articles.set_index("article_id")["outlet"]))

