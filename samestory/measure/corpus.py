"""The articles of a corpus: their metadata, the lines that are not part of the story, and repeated texts."""

from datetime import timedelta

import numpy as np
import pandas as pd

from samestory.base.language import read_language_rows
from samestory.base.schema import ANALYSED_LINE_ROLES
from samestory.base.wording import format_quantity
from samestory.clean.lines import count_line_words
from samestory.clean.outlet_forms import find_lookalikes
from samestory.link.article_groups import EVENT_WINDOW_DAYS, MIN_EVENT_SIMILARITY
from samestory.tables.tables import Tables

CHECKED_METADATA_FIELDS = ("headline", "byline", "section", "published_at", "updated_at", "url")
CODED_LINE_RULES = {  # rules in code instead of data, and the lines that they find
    "time": "a line that is a date or time", "known_outlet": "a line that is the name of an outlet",
    "near_headline": "a line next to the headline, before the story", "no_words": "a line of marks without a word",
    "field_label": "a line with the label of a field, such as Title: or Source:",
    "after_teaser": "a title after a heading such as Read more", "repeated": "a line of many articles of the outlet",
    "capitals": "a heading or link in capitals between the paragraphs",
}
MAX_TOLD_OUTLETS = 8  # outlets named in a sentence
MAX_EVENT_SPAN = timedelta(days=14)  # between first and last article of a corpus that counts as one event
DATE_PRECISION_SPANS = {"second": timedelta(seconds=1), "minute": timedelta(minutes=1), "day": timedelta(days=1),
                        "month": timedelta(days=31), "year": timedelta(days=366)}
# how much earlier than the UTC day a day may begin somewhere on earth, and how much later it may end
MAX_TIMEZONE_EAST, MAX_TIMEZONE_WEST = timedelta(hours=14), timedelta(hours=12)


def list_articles(tables: Tables) -> pd.DataFrame:
    """The articles, grouped by outlet.

    One row per article. Columns: outlet, article_id, headline, published_at (UTC),
    n_words, counted.
    """
    articles = tables.articles.sort_values(["outlet", "published_at", "article_id"], na_position="last")
    columns = ["outlet", "article_id", "headline", "published_at", "n_words", "counted"]
    return articles[columns].reset_index(drop=True)


def count_articles(tables: Tables) -> pd.DataFrame:
    """The number of articles and words of each outlet.

    One row per outlet. Columns: outlet, n_articles, n_counted, n_words (of counted articles),
    first and last published_at (UTC).
    """
    articles = tables.articles
    counted = articles.assign(n_words=articles["n_words"].where(articles["counted"], 0))
    return counted.groupby("outlet", as_index=False).agg(
        n_articles=("article_id", "size"), n_counted=("counted", "sum"), n_words=("n_words", "sum"),
        first=("published_at", "min"), last=("published_at", "max"))


def list_outlet_forms(tables: Tables) -> pd.DataFrame:
    """The outlets whose articles name them in other ways, capitals apart, and those that look alike and are not joined.

    One row per outlet and form. Columns: outlet, written (as the articles' sources write it; missing where
    nothing was joined), n_articles, looks_like (other outlets, which are kept apart).
    """
    articles = tables.articles
    forms = articles.groupby(["outlet", "outlet_written"], as_index=False).agg(n_articles=("article_id", "size"))
    forms = forms.rename(columns={"outlet_written": "written"})
    forms = forms[forms["written"].str.casefold() != forms["outlet"].str.casefold()]
    n_articles = articles["outlet"].value_counts()
    alike = {name: "; ".join(other for other in group if other != name) for group in find_lookalikes(n_articles.index)
             for name in group}
    rest = pd.DataFrame([{"outlet": name, "n_articles": n_articles[name]} for name in alike
                         if name not in set(forms["outlet"])], columns=["outlet", "written", "n_articles"])
    listed = pd.concat([forms, rest]) if len(rest) and len(forms) else rest if len(rest) else forms
    listed = listed.assign(looks_like=listed["outlet"].map(alike))
    return listed.sort_values(["outlet", "n_articles", "written"], ascending=[True, False, True], ignore_index=True)


def tell_corpus(tables: Tables) -> str:
    """How many articles there are, of which outlets, and what is odd about them, as a sentence."""
    articles = tables.articles
    counted = articles[articles["counted"]]
    outlets = sorted(counted["outlet"].unique())
    named = f" ({', '.join(outlets)})" if len(outlets) <= MAX_TOLD_OUTLETS else ""
    undated, left = int(counted["published_at"].isna().sum()), len(articles) - len(counted)
    odd = [f"{undated:,} without a date" if undated else "",
           f"{format_quantity(left, 'article')} not counted: a repeat or in another language" if left else ""]
    more = "; ".join(filter(None, odd))
    return (f"{format_quantity(len(counted), 'article')} of {format_quantity(len(outlets), 'outlet')}{named},"
            f" {counted['n_words'].sum():,} words{f'; {more}' if more else ''}.")


def count_missing(tables: Tables) -> pd.DataFrame:
    """Which metadata the articles have, and which they lack.

    One row per field and outlet. Columns: field, outlet, n_articles, n_missing, origins (sources of the values).
    """
    rows = []
    for field in ("outlet", *CHECKED_METADATA_FIELDS):
        for outlet, origins in tables.articles.groupby("outlet")[f"{field}_from"]:
            present = sorted(set(origins) - {"missing"})
            rows.append({"field": field, "outlet": outlet, "n_articles": len(origins),
                         "n_missing": int((origins == "missing").sum()), "origins": ", ".join(present)})
    return pd.DataFrame(rows)


def list_events(tables: Tables, *, least: int = 1) -> pd.DataFrame:
    """The events that the counted articles report, those that most outlets report first; none if fewer than `least`.

    One row per event. Columns: event, n_articles, outlets, first_at and last_at (UTC), event_from (file, sidecar,
    corrected or found), joined_by (what the articles of a found event share), event_id.
    """
    events = tables.events
    ranked = events.assign(n_outlets=events["outlets"].str.len(), outlets=events["outlets"].str.join(", "),
                           joined_by=events["joined_by"].str.join(", "))
    ranked = ranked.sort_values(["n_outlets", "n_articles", "first_at", "event_id"],
                                ascending=[False, False, True, True], ignore_index=True)
    ranked = ranked.head(len(ranked) if len(ranked) >= least else 0)
    return ranked[["event", "n_articles", "outlets", "first_at", "last_at", "event_from", "joined_by", "event_id"]]


def doubt_single_event(tables: Tables) -> str:
    """Why the articles of one event may report different ones, as a sentence: no outlets have a fact in common."""
    counted = tables.articles[tables.articles["counted"]]
    if len(tables.events) != 1 or counted["outlet"].nunique() < 2 or (
            tables.read("facts")["relation"] != "one_outlet").any():
        return ""
    days = counted["published_at"].dropna()
    gap = (days.max() - days.min()).days if len(days) else 0
    apart = f", and they were published {format_quantity(gap, 'day')} apart" if gap > EVENT_WINDOW_DAYS else ""
    return f"No fact was found that is in two outlets{apart}: the articles may report different events."


def tell_found_events(tables: Tables) -> str:
    """How many events were found rather than given, and how, as a sentence; empty if all were given."""
    n = int((tables.events["event_from"] == "found").sum())
    if not n:
        return ""
    return (f"{n:,} of {len(tables.events):,} events were found, by average linkage of the tf-idf cosines of names and"
            f" words ({MIN_EVENT_SIMILARITY} or more) among articles at most {EVENT_WINDOW_DAYS} days apart.")


def list_order(tables: Tables) -> pd.DataFrame:
    """The order in which the counted articles on one event were published, as far as their dates show.

    A date is an interval: a minute, or a whole day somewhere on earth. Two articles whose intervals overlap
    cannot be ordered, so a place may be a range (`1 to 3`). The only event of a corpus whose articles name none counts
    if all dates lie within 14 days; events with only one dated article are left out.

    One row per article. Columns: place (text), outlet, article_id, published_at (UTC),
    published_precision, headline, event.
    """
    articles = tables.articles
    dated = articles[articles["counted"] & articles["published_at"].notna()]
    if dated["event_id"].nunique() > 1:
        names = dict(zip(tables.events["event_id"], tables.events["event"], strict=True))
        dated = dated.assign(event=dated["event_id"].map(names))
    elif dated["event"].isna().all() and not dated.empty \
            and dated["published_at"].max() - dated["published_at"].min() <= MAX_EVENT_SPAN:
        dated = dated.assign(event="all articles")
    dated = dated[dated["event"].map(dated["event"].value_counts()) > 1]
    ordered = [_find_possible_places(group) for _, group in dated.groupby("event")]
    columns = ["place", "outlet", "article_id", "published_at", "published_precision", "headline", "event"]
    return pd.concat(ordered or [dated.assign(place=pd.Series(dtype=str))], ignore_index=True)[columns]


def _find_possible_places(articles: pd.DataFrame) -> pd.DataFrame:
    """The possible places of articles: after all that are certainly earlier, before all that are certainly later."""
    coarse = (~articles["published_precision"].isin(["second", "minute"])).astype(int)
    begins = articles["published_at"] - coarse * MAX_TIMEZONE_EAST
    precision = articles["published_precision"].map(DATE_PRECISION_SPANS)
    ends = articles["published_at"] + precision + coarse * MAX_TIMEZONE_WEST
    first = np.searchsorted(np.sort(ends.to_numpy()), begins.to_numpy(), side="right") + 1
    last = np.searchsorted(np.sort(begins.to_numpy()), ends.to_numpy(), side="left")
    places = [str(a) if a == b else f"{a} to {b}" for a, b in zip(first, last, strict=True)]
    placed = articles.assign(place=places, first=first, last=last)
    return placed.sort_values(["first", "last", "published_at", "article_id"])


def count_roles(tables: Tables) -> pd.DataFrame:
    """The number of lines in each role.

    One row per role and outlet. Columns: outlet, role, n_lines.
    """
    lines = _add_outlet_column(tables.lines, tables)
    return lines.groupby(["outlet", "role"], as_index=False).size().rename(columns={"size": "n_lines"})


def count_stripped(tables: Tables) -> pd.DataFrame:
    """The reasons why lines are not part of the story, the most frequent first.

    One row per rule. Columns: rule, role, reason, n_lines, n_words, n_articles, n_outlets.
    """
    stripped = list_stripped(tables)
    stripped["n_words"] = stripped["text"].map(count_line_words).astype(int)
    counted = stripped.groupby(["rule", "role"], as_index=False).agg(
        n_lines=("line", "size"), n_words=("n_words", "sum"), n_articles=("article_id", "nunique"),
        n_outlets=("outlet", "nunique"))
    reasons = CODED_LINE_RULES | {row["rule"]: row["comment"] for row in read_language_rows("line_rules")}
    counted.insert(2, "reason", counted["rule"].map(reasons))
    return counted.sort_values(["n_lines", "rule"], ascending=[False, True], ignore_index=True)


def list_stripped(tables: Tables) -> pd.DataFrame:
    """The lines that are not part of the story, with their roles.

    One row per line. Columns: outlet, article_id, line, role, rule, text.
    """
    lines = _add_outlet_column(tables.lines[~tables.lines["role"].isin(ANALYSED_LINE_ROLES)], tables)
    texts = tables.articles.set_index("article_id")["text"]
    lines["text"] = [texts[row.article_id][row.start:row.end].strip() for row in lines.itertuples()]
    columns = ["outlet", "article_id", "line", "role", "rule", "text"]
    return lines.sort_values(["outlet", "article_id", "line"])[columns].reset_index(drop=True)


def list_repeats(tables: Tables) -> pd.DataFrame:
    """Duplicates and near-duplicates; only the first article of each group is counted.

    One row per article; a group has the id of its counted article. Columns: duplicate_group, outlet,
    article_id, published_at, published_precision, wire (agency that it names), n_words, counted.
    """
    repeats = tables.articles.dropna(subset="duplicate_group")
    columns = ["duplicate_group", "outlet", "article_id", "published_at", "published_precision", "wire", "n_words",
               "counted"]
    return repeats.sort_values(["duplicate_group", "counted", "article_id"],
                               ascending=[True, False, True])[columns].reset_index(drop=True)


def count_wire(tables: Tables) -> pd.DataFrame:
    """How many articles of each outlet name a news agency as their source, and how many repeat another article.

    One row per outlet. Columns: outlet, n_articles, n_wire (that name an agency), agencies,
    n_repeats (not counted because another article has their text), n_shared (whose text another outlet has too).
    """
    articles = tables.articles
    groups = articles.groupby("duplicate_group")["outlet"].nunique()
    marked = articles.assign(is_wire=articles["wire"].notna(), is_shared=articles["duplicate_group"].map(groups) > 1,
                             is_repeat=articles["duplicate_group"].notna()
                             & (articles["duplicate_group"] != articles["article_id"]))
    return marked.groupby("outlet", as_index=False).agg(
        n_articles=("article_id", "size"), n_wire=("is_wire", "sum"),
        agencies=("wire", lambda names: ", ".join(sorted(set(names.dropna())))),
        n_repeats=("is_repeat", "sum"), n_shared=("is_shared", "sum"))


def count_problems(tables: Tables) -> pd.DataFrame:
    """Problems by kind; those that differ only in the value found share a row.

    One row per kind. Columns: severity, step, kind, n_articles, example (article or file).
    """
    problems = tables.problems
    where = problems["article_id"].fillna(problems["path"])
    kinds = problems.assign(kind=problems["reason"].str.replace(r"'[^']*'|\b\d[\d,.:-]*|; found.*", "…", regex=True),
                            where=where)
    counted = kinds.groupby(["severity", "step", "kind"], as_index=False).agg(
        n_articles=("where", "nunique"), example=("where", "min"))
    rank = counted["severity"].map({"error": 0, "warning": 1, "note": 2})
    return counted.assign(rank=rank).sort_values(["rank", "n_articles", "kind"], ascending=[True, False, True],
                                                 ignore_index=True).drop(columns="rank")


def _add_outlet_column(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    return rows.assign(outlet=rows["article_id"].map(tables.articles.set_index("article_id")["outlet"]))
