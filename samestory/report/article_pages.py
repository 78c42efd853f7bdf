"""Article pages: the unaltered text of a report's articles, with quotations, names and keywords marked.

Every sentence that a page of the report shows links to its place in its article, and the article links back. In a
small corpus, each article has a page; in a larger one, those whose sentences the report shows do, the most shown
first, as far as there is room. The text is marked in `samestory.report.article_text`. A headline that only the metadata
have is shown before the text.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from samestory.base.fields import FIELD_OF_HEADLINE, FIELD_SEPARATOR
from samestory.count.positions import find_places
from samestory.count.terms import TERM_CHOICE_PARAMETERS, count_terms
from samestory.measure.words.keyness import compare_outlets, compare_pair
from samestory.measure.words.matrix import build_matrix
from samestory.report.article_text import Spans, TextMarks, choose_windows, merge_spans, write_article_html
from samestory.report.page_links import ARTICLES_FOLDER, ArticlePage, Citation
from samestory.report.templates import render_template
from samestory.show.anchors import name_article
from samestory.show.printable import clean_text
from samestory.show.quotations import SPEAKER_RESOLUTION_LABELS
from samestory.tables.tables import Tables

MAX_FULLY_PAGED_ARTICLES = 60  # corpus size up to which all articles get a page
MAX_ARTICLE_PAGES_BYTES = 6_000_000  # bytes of all pages of articles
MAX_MARKS_PER_KIND = 1_000  # marks of a kind on a page
MAX_ARTICLE_LIST_ROWS = 200  # quotations, names, keywords or sentences in a list below the text
MAX_LINKS_PER_NAME = 15  # links from a name to its mentions
MAX_CITATIONS_PER_SENTENCE = 6  # links from a sentence to the places where the report shows it
MAX_LISTED_SENTENCE_CHARS = 120  # code points of a sentence or a quotation in a list
KEYWORDS_PER_OUTLET = 3  # keywords from each comparison after the first
ARTICLE_PAGE_COLUMNS = {"lines": ["start", "end", "role"], "sentences": ["field", "start", "end"],
                        "mentions": ["field", "start", "end", "entity_id"],
                        "quotations": [], "speech_acts": []}  # columns read of each table; all if the list is empty
SPEECH_TABLE_MARKS = {"quotations": ("content", "q"), "speech_acts": ("act", "a")}  # kinds of marks, letters of ids
# formats of dates without a known time of day
DATE_PRECISION_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
WEB_ADDRESS_PATTERN = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x20]{3,2000}")
METADATA_ORIGIN_LABELS = {"file": "the file", "text": "its text", "sidecar": "metadata next to the articles",
                          "inferred": "inferred", "corrected": "a correction by hand"}
SPEECH_ACTS_HEADING = "Demands, promises, accusations"
ARTICLE_FACT_FIELDS = ("outlet", "headline", "published_at", "updated_at", "byline", "section", "url", "language",
                       "event")


def write_articles(folder: Path, tables: Tables, citations: Sequence[Citation], *, parameters: Mapping[str, Any],
                   siblings: Sequence[tuple[str, str]]) -> dict[str, ArticlePage]:
    """Write the articles whose sentences the report shows, the most cited first, as far as there is room.

    Parameters
    ----------
    folder : that of the report
    tables : a corpus's tables
    citations : the sentences that the report's pages show
    parameters : of the run, by name; keywords are marked if there is a `unit`
    siblings : (title, href) of the pages of the report

    Returns
    -------
    The pages written, by the id of the article.
    """
    cited = defaultdict(list)
    for citation in citations:
        cited[citation.article_id].append(citation)
    ids = list(tables.articles["article_id"])
    chosen = [article_id for article_id in ids if article_id in cited or len(ids) <= MAX_FULLY_PAGED_ARTICLES]
    chosen.sort(key=lambda article_id: (-len(cited[article_id]), name_article(article_id)))
    found, size = _ArticleRows(tables, chosen, parameters), 0
    (folder / ARTICLES_FOLDER).mkdir(exist_ok=True)
    pages = {}
    for article_id in chosen:
        html, page = _write_article_page(found, article_id, cited[article_id], siblings)
        size += len(html.encode("utf-8"))
        if size > MAX_ARTICLE_PAGES_BYTES:
            break
        (folder / ARTICLES_FOLDER / f"{page.name}.html").write_text(html, encoding="utf-8")
        pages[article_id] = page
    return pages


# The rows of the articles -----------------------------------------------------------------------

class _ArticleRows:
    """The articles that get a page, with their rows of each table, whose offsets are those of the page."""

    def __init__(self, tables: Tables, article_ids: list[str], parameters: Mapping[str, Any]) -> None:
        self.articles = tables.articles.set_index("article_id", drop=False).loc[article_ids].to_dict("index")
        self.rows = {name: _group_page_rows(tables.read(name, ["article_id", *columns] if columns else None),
                                            article_ids)
                     for name, columns in ARTICLE_PAGE_COLUMNS.items()}
        self.rows["keywords"] = _group_page_rows(_find_keywords(tables, article_ids, parameters), article_ids)
        self.names = tables.entities.set_index("entity_id")[["name", "label"]].to_dict("index")
        self.min_confidence = parameters.get("min_confidence", 0)
        self.text_starts: dict[str, int] = {}
        for article_id, sentences in self.rows["sentences"].items():
            if any(row["field"] == FIELD_OF_HEADLINE for row in sentences):
                self._join_headline(article_id)

    def _join_headline(self, article_id: str) -> None:
        """Put an article's headline before its text, as a line of its own."""
        article = self.articles[article_id]
        headline = article["headline"]
        by = self.text_starts[article_id] = len(headline) + len(FIELD_SEPARATOR)
        self.articles[article_id] = article | {"text": f"{headline}{FIELD_SEPARATOR}{article['text']}"}
        for rows in self.rows.values():
            rows[article_id] = [row if row.get("field") == FIELD_OF_HEADLINE else _move_spans(row, by)
                                for row in rows.get(article_id, [])]
        self.rows["lines"][article_id].insert(0, {"start": 0, "end": len(headline), "role": "headline"})

    def of(self, article_id: str, name: str) -> list[dict[str, Any]]:
        return self.rows[name].get(article_id, [])


def _move_spans(row: Mapping[str, Any], by: int) -> dict[str, Any]:
    """A row whose offsets are moved."""
    moved = {name: value + by for name, value in row.items()
             if re.fullmatch("(.*_)?(start|end)", name) and not pd.isna(value)}
    spans = {name: [{side: place + by for side, place in span.items()} for span in row[name]]
             for name in ("content_spans", "quoted_spans") if name in row}
    return {**row, **moved, **spans}


def _group_page_rows(rows: pd.DataFrame, article_ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows[rows["article_id"].isin(article_ids)].to_dict("records"):
        groups[row["article_id"]].append(row)
    return groups


def _find_keywords(tables: Tables, article_ids: list[str], parameters: Mapping[str, Any]) -> pd.DataFrame:
    """The occurrences of the top keywords of the comparisons: term, article_id, start, end; none without a `unit`."""
    choice = {name: parameters[name] for name in TERM_CHOICE_PARAMETERS if name in parameters}
    outlets, terms = list(tables.outlets) or None, []
    if "unit" in parameters:
        counts = count_terms(tables.folder, outlets=outlets, **choice)
        pairs = compare_outlets(counts, target=parameters.get("target") or None,
                                reference=parameters.get("reference") or None)
        matrix = build_matrix(counts)
        for place, pair in enumerate(pairs):
            table = compare_pair(matrix, pair, n_permutations=0, min_count=parameters["min_count"],
                                 stop_words=parameters.get("stop_words", False)).table
            more = table if place == 0 or len(pairs) == 1 else table[table["log_ratio"] > 0]
            terms += more["term"].head(KEYWORDS_PER_OUTLET if place else parameters["top_n"]).tolist()
    if not terms:
        return pd.DataFrame(columns=["term", "article_id", "field", "start", "end"])
    chosen = None if tables.counted_ids <= set(article_ids) else article_ids  # None: the words counted above
    return find_places(tables.folder, terms, outlets=outlets, article_ids=chosen, **choice)


# One article ------------------------------------------------------------------------------------

def _write_article_page(found: _ArticleRows, article_id: str, citations: list[Citation],
                        siblings: Sequence[tuple[str, str]]) -> tuple[str, ArticlePage]:
    """The page of an article as HTML, and the record needed for links to it."""
    article, text = found.articles[article_id], found.articles[article_id]["text"]
    reader = ArticlePage(name_article(article_id), text_start=found.text_starts.get(article_id, 0))
    citations = [cited._replace(start=reader.locate(cited.start, cited.field)) for cited in citations]
    windows = choose_windows(len(text), [citation.start for citation in citations])
    shown = _choose_marked_rows(found, article_id, windows)
    anchors = sorted({_find_row_start(row) for rows in shown.values() for row in rows})
    reader = replace(reader, anchors=anchors, windows=windows)
    cited = _list_cited(shown["sentences"], text, citations, reader)
    marked = TextMarks(_collect_mark_spans(shown), anchors, _list_notes(shown, cited))
    lines = [(row["start"], row["end"], row["role"]) for row in found.of(article_id, "lines")]
    entities = [row | found.names.get(row["entity_id"], {}) for row in shown["mentions"]]
    page = {
        "title": _clip_list_text(article["headline"]) or f"Untitled, {_clip_list_text(article['outlet'])}",
        "outlet": _clip_list_text(article["outlet"]), "facts": _list_facts(article), "siblings": siblings,
        "text": write_article_html(text, lines, marked, windows),
        **{name: [_describe_listed_quotation(row, found.min_confidence) for row in shown[name][:MAX_ARTICLE_LIST_ROWS]]
           for name in SPEECH_TABLE_MARKS},
        "names": _list_places(entities, ("name", "label")), "keywords": _list_places(shown["keywords"], ("term",)),
        "acts": SPEECH_ACTS_HEADING, "cited": cited[:MAX_ARTICLE_LIST_ROWS],
        "roles": sorted({role for _, _, role in lines} - {"body"}),
        "left_out": _count_left_out(found, article_id, shown, cited)}
    return render_template("article.html.j2", page | {"toc": _list_page_sections(page)}, "article.css"), reader


def _choose_marked_rows(found: _ArticleRows, article_id: str, windows: Spans) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table to mark in the shown parts of an article, quotations in order of their content."""
    shown = {name: [row for row in found.of(article_id, name)
                    if _is_in_window(_find_row_start(row), windows)][:MAX_MARKS_PER_KIND]
             for name in ("sentences", "mentions", *SPEECH_TABLE_MARKS, "keywords")}
    for name in SPEECH_TABLE_MARKS:
        shown[name].sort(key=lambda row: (_find_row_start(row), row["quotation_id"]))
    return shown


def _list_notes(shown: Mapping[str, list[dict[str, Any]]], cited: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """The links that follow cited sentences, quotations and acts: offset and HTML, in order."""
    notes = [(row["end"], f'<sup><a href="#u{row["start"]}" aria-label="Where the report shows this">↩</a></sup>')
             for row in cited[:MAX_ARTICLE_LIST_ROWS] if row["end"]]
    notes += [note for name in SPEECH_TABLE_MARKS
              for note in _number_speech_marks(shown[name][:MAX_ARTICLE_LIST_ROWS], name)]
    return sorted(notes, key=lambda note: note[0])


def _number_speech_marks(rows: list[dict[str, Any]], name: str) -> list[tuple[int, str]]:
    """The number after each quotation or act, a link to its entry in the list; acts are numbered a1, a2 ..."""
    letter = SPEECH_TABLE_MARKS[name][1]
    what, shown = ("Quotation", "") if letter == "q" else ("Act", letter)
    return [(max(span["end"] for span in row["content_spans"]),
             f'<sup><a href="#{letter}{n}" aria-label="{what} {n}">{shown}{n}</a></sup>')
            for n, row in enumerate(rows, start=1)]


def _find_row_start(row: Mapping[str, Any]) -> int:
    """The start of a sentence, a mention or a keyword; for a quotation, the start of its content."""
    return int(min(span["start"] for span in row["content_spans"]) if "content_spans" in row else row["start"])


def _is_in_window(start: int, windows: Spans) -> bool:
    return any(opens <= start < closes for opens, closes in windows)


def _collect_mark_spans(shown: Mapping[str, list[dict[str, Any]]]) -> dict[str, Spans]:
    """The spans of each kind of mark."""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind, name in (("sentence", "sentences"), ("name", "mentions"), ("keyword", "keywords")):
        spans[kind] = [(row["start"], row["end"]) for row in shown[name]]
    for content, row in ((kind, row) for name, (kind, _) in SPEECH_TABLE_MARKS.items() for row in shown[name]):
        spans[content] += [(span["start"], span["end"]) for span in row["content_spans"]]
        spans["quoted"] += [(span["start"], span["end"]) for span in row["quoted_spans"]]
        for kind in ("cue", "speaker"):
            if not pd.isna(row[f"{kind}_start"]):
                spans[kind].append((int(row[f"{kind}_start"]), int(row[f"{kind}_end"])))
    return {kind: merge_spans(found) for kind, found in spans.items()}


def _list_cited(sentences: list[dict[str, Any]], text: str, citations: list[Citation],
                reader: ArticlePage) -> list[dict[str, Any]]:
    """The sentences that pages show, in the order of the text, each with links to where they are shown."""
    opens = [row["start"] for row in sentences]
    places: dict[int, list[Citation]] = defaultdict(list)
    for citation in citations:
        row = bisect_right(opens, citation.start)
        places[opens[row - 1] if row and reader.find(citation.start) else citation.start].append(citation)
    ends = dict(zip(opens, (row["end"] for row in sentences), strict=True))
    return [{"start": start, "end": ends.get(start, 0), "anchor": reader.find(start),
             "text": _clip_list_text(text[start:ends.get(start, start + MAX_LISTED_SENTENCE_CHARS)]),
             "links": [(f"../{citation.href}", _clip_list_text(citation.label))
                       for citation in cited[:MAX_CITATIONS_PER_SENTENCE]],
             "n_more": max(len(cited) - MAX_CITATIONS_PER_SENTENCE, 0)} for start, cited in sorted(places.items())]


def _list_facts(article: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """The metadata of an article: field, value, address (if it is a web page), origin."""
    facts = []
    for name in ARTICLE_FACT_FIELDS:
        value, origin = article[name], article.get(f"{name}_from")
        if name == "updated_at" and pd.isna(value):
            continue
        if isinstance(value, pd.Timestamp) and not pd.isna(value):
            raw = article.get("published_raw") if name == "published_at" else None
            precision = str(article.get(f"{name.removesuffix('_at')}_precision"))
            form = DATE_PRECISION_FORMATS.get(precision, "%Y-%m-%d %H:%M UTC")
            value = value.strftime(form) + (f", written “{_clip_list_text(raw)}”" if isinstance(raw, str) else "")
        known = isinstance(value, str) and bool(value)
        address = value if name == "url" and known and WEB_ADDRESS_PATTERN.fullmatch(value) else ""
        facts.append((name.removesuffix("_at"), _clip_list_text(value, 500) if known else "missing", address,
                      METADATA_ORIGIN_LABELS.get(str(origin), "")))
    repeats = article["duplicate_group"]
    is_counted = "yes" if article["counted"] else "no: " + (
        f"it repeats {_clip_list_text(repeats)}" if isinstance(repeats, str)
        else "it is in another language, or no whole story")
    return [*facts, ("words", f"{article['n_words']:,}", "", ""), ("counted", is_counted, "", ""),
            ("file", _clip_list_text(article["path"], 500), "", f"SHA-256 of the text {str(article['sha256'])[:16]}")]


def _describe_listed_quotation(row: Mapping[str, Any], min_confidence: float) -> dict[str, Any]:
    """A quotation as an entry of its list."""
    entry = {name: _clip_list_text(row[name])
             for name in ("speaker_name", "speaker", "cue", "cue_class", "kind", "text", "rule")}
    facts = [SPEAKER_RESOLUTION_LABELS[row["resolution"]],
             f"rule: {entry['rule']}", f"confidence {row['confidence']:.2f}, in the speaker"
             f" {row['speaker_confidence']:.2f}"]
    facts += [f"{name} {_clip_list_text(row[key])}" for name, key in (("reported by", "via"), ("side:", "speaker_side"))
              if isinstance(row[key], str)]
    facts += ["source not named"] if row["anonymous"] else []
    facts += ["left out of the counts as unsure"] if row["confidence"] < min_confidence else []
    return entry | {"start": _find_row_start(row), "facts": "; ".join(facts)}


def _list_places(rows: Iterable[Mapping[str, Any]], by: tuple[str, ...]) -> list[dict[str, Any]]:
    """The names or terms of the rows, the most frequent first, each with its places."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in rows:
        places[tuple(_clip_list_text(row[name]) for name in by)].append(row["start"])
    ranked = sorted(places.items(), key=lambda item: (-len(item[1]), item[0]))
    return [{"name": named[0], "label": " ".join(named[1:]), "n": len(found),
             "places": sorted(found)[:MAX_LINKS_PER_NAME],
             "n_more": max(len(found) - MAX_LINKS_PER_NAME, 0)} for named, found in ranked[:MAX_ARTICLE_LIST_ROWS]]


def _count_left_out(found: _ArticleRows, article_id: str, shown: Mapping[str, Sequence[object]],
                    cited: Sequence[object]) -> dict[str, int]:
    """The number of entries missing from each list on the page."""
    names = {"names": "mentions", "keywords": "keywords"}
    left_out = {part: len(found.of(article_id, name)) - len(shown[name]) for part, name in names.items()}
    left_out |= {name: len(found.of(article_id, name)) - len(shown[name][:MAX_ARTICLE_LIST_ROWS])
                 for name in SPEECH_TABLE_MARKS}
    return left_out | {"cited": len(cited[MAX_ARTICLE_LIST_ROWS:])}


def _list_page_sections(page: Mapping[str, Any]) -> list[tuple[str, str]]:
    parts = {"text": "The text", "quotations": "Quotations", "speech_acts": SPEECH_ACTS_HEADING, "names": "Names",
             "keywords": "Keywords", "cited": "Where the report shows it"}
    return [("About the article", "about"), *((title, name) for name, title in parts.items() if page[name])]


def _clip_list_text(value: object, most: int = MAX_LISTED_SENTENCE_CHARS) -> str:
    """A text of bounded length, white space plain; empty for a missing value."""
    text = " ".join(clean_text(value[:4 * most]).split()) if isinstance(value, str) else ""
    return f"{text[:most]} …" if len(text) > most else text
