"""The content of the front page and of the page on method, from a report's tables and parameters."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from samestory.base.schema import PROBLEM_SEVERITIES, TABLES
from samestory.base.wording import clip_name, format_list, format_quantity
from samestory.findings.corpus import format_day_range
from samestory.link.events import name_event
from samestory.measure.corpus import doubt_single_event
from samestory.measure.corrected import summarize_corrections
from samestory.report.front_articles import list_front_articles
from samestory.report.method import cite_report, cite_software, describe_method, list_limits, list_more_limits
from samestory.report.page_content import PageContent, join_parameters
from samestory.report.page_links import ARTICLES_FOLDER, ArticlePage
from samestory.report.pages import FrontPage, MethodPage
from samestory.report.subject import ReportSubject
from samestory.show.csv_text import write_csv
from samestory.tables.tables import Tables

EVENT_CODE_PATTERN = re.compile(r"\S*\d\S*")  # of a given event: a code, which says nothing to a reader
REPORT_QUESTION = "How does each outlet report this story?"
EVENTS_QUESTION = "How does each outlet report these events?"
EXPORTED_TABLES = ("articles", "events", "lines", "mentions", "values", "entities", "links", "quotations",
                   "speech_acts", "statements", "utterances", "pairs", "facts", "openings", "voices", "corrections",
                   "problems")
MAX_INDEX_PROBLEMS = 20  # kinds of problems listed
MAX_EXPORTED_ROWS = 100_000  # rows of a table's CSV; the page on method says which tables have more


def collect_front(subject: ReportSubject, pages: Mapping[str, ArticlePage],
                  errors: Mapping[str, str]) -> FrontPage:
    """The content of the front page, apart from findings.

    Parameters
    ----------
    subject : what the report is about
    pages : the pages of articles, by the article's id
    errors : of pages, by name
    """
    tables = subject.tables
    is_chosen = bool(subject.parameters.get("event"))
    events = name_single_event(tables) or (format_list(tables.events["event"], joint="; ") if is_chosen else "")
    return {"corpus": subject.corpus, "question": _ask_question(tables),
            "summary": ({"Event": events} if events else {}) | _summarize_corpus(tables), "siblings": subject.siblings,
            "doubt": doubt_single_event(tables),
            "articles": [_link_article(row, pages) for row in list_front_articles(tables)],
            "pages": [{"title": title, "href": href, "question": question,
                       "status": "failed" if Path(href).stem in errors else "done"}
                      for href, title, question in subject.pages],
            "limits": list_limits(tables)}


def name_single_event(tables: Tables) -> str:
    """The name of a single event, as it was given or as headlines share it; empty if it is that of one article.

    Instead of a code that was given, such as STORY_14, the words that headlines share, if there are any.
    """
    if len(tables.events) != 1:
        return ""
    event = tables.events.iloc[0]
    name, headlines = str(event["event"]), tables.articles["headline"].dropna().str.split().str.join(" ")
    if event["event_from"] == "found":
        return "" if any(title.startswith(name) for title in {*tables.articles["article_id"], *headlines}) else name
    if not EVENT_CODE_PATTERN.fullmatch(name):
        return name
    shared = name_event(headlines)
    return "" if any(title.startswith(shared) for title in headlines) else shared


def _link_article(row: dict[str, Any], pages: Mapping[str, ArticlePage]) -> dict[str, Any]:
    page = pages.get(row["article_id"])
    where = page.find(row["start"]) if page and row["start"] is not None else ""
    return row | {"href": f"{ARTICLES_FOLDER}/{page.name}.html{where}" if page else ""}


def collect_method(subject: ReportSubject, pages: Sequence[PageContent]) -> MethodPage:
    """The content of the page on method, apart from the tables to download."""
    tables, provenance = subject.tables, subject.provenance
    names = [Path(href).stem for href, *_ in subject.pages]
    return {"corpus": subject.corpus, "siblings": subject.siblings, "problems": _count_index_problems(tables),
            "citations": [cite_report(tables, subject.corpus, _ask_question(tables), provenance), cite_software()],
            "method": describe_method(tables, names, subject.parameters, provenance),
            "limits": list_more_limits(tables), "words": _list_words(pages),
            "parameters": [row | ({"value": subject.corpus} if row["name"] == "corpus" else {})
                           for row in join_parameters(pages)],
            "provenance": provenance}


def _list_words(pages: Sequence[PageContent]) -> list[tuple[str, str]]:
    """The heads of the pages' columns that need a word of explanation, in alphabetical order."""
    blocks = [output.block for page in pages for output in page.outputs if output.kind == "table"]
    return sorted({(head, meaning) for block in blocks
                   for head, meaning in zip(block["heads"], block["meanings"], strict=True) if meaning})


def _ask_question(tables: Tables) -> str:
    return REPORT_QUESTION if len(tables.events) < 2 else EVENTS_QUESTION


def _summarize_corpus(tables: Tables) -> dict[str, str]:
    articles = tables.articles
    counted = articles[articles["counted"]]
    days = counted["published_at"].dropna()
    outlets = sorted(counted["outlet"].unique())
    known = f" (known for {len(days):,})" if 0 < len(days) < len(counted) else ""
    n_events, n_wire = len(tables.events), int(counted["wire"].notna().sum())
    n_shared = int((tables.events["outlets"].str.len() > 1).sum())
    events = f"{n_events:,}, {n_shared:,} of them reported by two outlets or more"
    return {"Articles": f"{len(counted):,}" + (f" of {len(articles):,} read" if len(counted) < len(articles) else ""),
            "Outlets": f"{len(outlets)}: {format_list(map(clip_name, outlets))}",
            "Published": f"{format_day_range(days)}{known}",
            "Words": f"{counted['n_words'].sum():,}",
            **({"Corrected by hand": corrected} if (corrected := summarize_corrections(tables)) else {}),
            **({"Events": events} if n_events > 1 else {}),
            **({"Name an agency": format_quantity(n_wire, "article")} if n_wire else {})}


def _count_index_problems(tables: Tables) -> list[dict[str, Any]]:
    counts = tables.problems.groupby(["severity", "step", "reason"], as_index=False).size()
    ranked = counts.assign(rank=counts["severity"].map(PROBLEM_SEVERITIES.index))
    ranked = ranked.rename(columns={"size": "n"}).sort_values(["rank", "n", "reason"], ascending=[True, False, True])
    first = ranked.head(MAX_INDEX_PROBLEMS)[["severity", "step", "reason", "n"]].to_dict("records")
    rest = int(ranked["n"].iloc[MAX_INDEX_PROBLEMS:].sum())
    more = {"severity": "note", "step": "", "reason": "more, in tables/problems.csv", "n": rest}
    return [*first, more] if rest else first


def export_tables(tables: Tables, folder: Path) -> list[dict[str, Any]]:
    """Write the tables as CSV, and list them for the page on method."""
    folder.mkdir(exist_ok=True)
    exported = []
    for name in EXPORTED_TABLES:
        frame = tables.read(name)
        write_csv(frame.drop(columns="text") if name == "articles" else frame, folder / f"{name}.csv",
                  most_rows=MAX_EXPORTED_ROWS)
        cut = f"{MAX_EXPORTED_ROWS:,}" if len(frame) > MAX_EXPORTED_ROWS else ""
        row = re.sub("`([^`]*)`", r"“\1”", TABLES[name].row)
        exported.append({"name": name, "href": f"tables/{name}.csv", "row": row, "n_rows": len(frame), "cut": cut})
    return exported
