"""Events: which articles tell the same happening, as they say themselves or as their words show.

An article's event is the one that its record, metadata file or events.csv names; two spellings of a name are one
event. Articles without a name are grouped by the names and rare words they share, within a window of days
(`article_groups`). A found event is named after the words that its headlines share. Nothing is found for articles
that are not counted: a duplicate follows the article that is counted for it.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from samestory.base.language import read_stop_words
from samestory.base.schema import TABLES
from samestory.base.wording import format_list, format_quantity
from samestory.link.article_groups import DAYS_OF_YEAR, EVENT_WINDOW_DAYS, group_articles

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_ARTICLE_TERMS = 150  # most telling terms of an article by which it is compared
MAX_TERM_ARTICLES = 1_000  # articles with a term; a more frequent one is no evidence that two tell one event
WEIGHED_ARTICLES = 10_000  # articles whose terms are counted at a time
LEAST_CORPUS_ARTICLES = 2_000  # a smaller corpus counts as this large, or its own topic would seem common to all texts
MAX_JOINING_TERMS = 6  # shown for a found event
MAX_EVENT_NAME_CHARS, MAX_EVENT_SLUG_CHARS = 120, 40  # characters of a made name, and of the readable part of an id
EVENT_ORIGINS = ("corrected", "sidecar", "file")  # of several articles of an event, the first here counts
MAX_EVENT_NOTES = 20  # names with two spellings, and odd dates, that get their own row in `problems`
EVENT_ID_PATTERN = re.compile(r"event-[\w-]*[0-9a-f]{8}")
MIN_EVENT_NAME_WORDS = 3  # that headlines share, for an event's name; fewer say too little: "Trump vetoes"
EVENT_NAME_JOINT = " · "
HEADLINE_BREAK_PATTERN = re.compile(r"[^\w\s]\s|\s[^\w\s]")  # a mark between two phrases
HEADLINE_WORD_PATTERN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
CONTENT_TAGS = ("NOUN", "PROPN", "VERB", "ADJ", "NUM", "")  # no tag: words alone were read
EVENT_COLUMNS = ["article_id", "outlet", "headline", "published_at", "event", "event_from", "counted",
                 "duplicate_group"]

# A term of an article, as a digest: a name or a content word.
SAID_TERMS_QUERY = f"""
    SELECT article_id, hash('n' || lower(name)) AS term, name AS written FROM mentions
    UNION ALL
    SELECT article_id, hash('w' || lower(lemma)), lower(lemma) FROM tokens
    WHERE coalesce(pos, '') IN {CONTENT_TAGS} AND strlen(lemma) > 1 AND regexp_matches(lemma, '[\\pL\\pN]')"""
# Articles are counted and ranked some at a time, so that memory is bounded.
COUNTED_TERMS_QUERY = f"""
INSERT INTO counted_terms
SELECT number, term, count(*)::INTEGER FROM ({SAID_TERMS_QUERY}) JOIN open_articles USING (article_id)
WHERE article_id BETWEEN $first AND $last AND lower(written) NOT IN (SELECT word FROM stop_words)
GROUP BY number, term"""
WEIGHTED_TERMS_QUERY = f"""
INSERT INTO event_terms
WITH weighted AS (
    SELECT number, term, n_articles,
        (1 + ln(n)) * ln((greatest($size, {LEAST_CORPUS_ARTICLES}) + 1) / (n_articles + 0.5)) AS weight
    FROM counted_terms JOIN spread USING (term) WHERE number BETWEEN $first AND $last
    QUALIFY row_number() OVER (PARTITION BY number ORDER BY weight DESC, term) <= {MAX_ARTICLE_TERMS})
SELECT number, term, weight / greatest(sqrt(sum(weight * weight) OVER (PARTITION BY number)), 1e-9), n_articles
FROM weighted"""
# Vectors of length 1, without the terms that no other article, or very many, have.
ARTICLE_VECTORS_QUERY = f"""
SELECT number, term, weight FROM event_terms WHERE n_articles BETWEEN 2 AND {MAX_TERM_ARTICLES} ORDER BY number, term"""
JOINING_TERMS_QUERY = f"""
WITH joining AS (
    SELECT event_id, term, row_number() OVER (PARTITION BY event_id ORDER BY round(sum(weight), 4) DESC, term)
        AS place
    FROM event_terms JOIN found_events USING (number) GROUP BY event_id, size, term
    HAVING count(*) > 1 AND 2 * count(*) >= size QUALIFY place <= {2 * MAX_JOINING_TERMS}),
spelled AS (SELECT term, min(written) AS written FROM ({SAID_TERMS_QUERY}) SEMI JOIN joining USING (term) GROUP BY term)
SELECT event_id, list(written ORDER BY place) FROM joining JOIN spelled USING (term) GROUP BY event_id"""


@dataclass(frozen=True)
class EventChoice:
    """The event of each article by its id, the names of events, what joins found ones, and oddities."""

    ids: "pd.Series[str]"
    names: dict[str, str]
    joined_by: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def link_events(duck: "DuckDBPyConnection", folder: Path) -> EventChoice:
    """Choose the event of every article of a folder, and write the table `events`.

    Parameters
    ----------
    duck : has the views articles, mentions and tokens
    folder : where the table is written; the column `event_id` of articles is left to the caller
    """
    articles = duck.sql(f"SELECT {', '.join(EVENT_COLUMNS)} FROM articles ORDER BY article_id").to_arrow_table()
    frame = articles.to_pandas()
    choice = choose_events(duck, frame)
    table = tabulate_events(frame.assign(event_id=choice.ids.to_numpy()), choice.names, choice.joined_by)
    pq.write_table(table, folder / "events.parquet", compression="zstd")
    return choice


def choose_events(duck: "DuckDBPyConnection", articles: pd.DataFrame) -> EventChoice:
    """The event of each article: the named one, else a found one, else that of the article it duplicates."""
    ids, names, notes = read_given_events(articles)
    is_open = (ids.isna() & articles["counted"].astype(bool)).to_numpy()
    joined_by: dict[str, list[str]] = {}
    if is_open.any():
        unnamed = articles[is_open].reset_index(drop=True)
        found = _find_events(duck, unnamed)
        ids[is_open] = found["event_id"].to_numpy()
        names |= _name_found_events(unnamed.assign(event_id=found["event_id"]))
        joined_by = {event_id: _drop_repeated_terms(terms)
                     for event_id, terms in duck.sql(JOINING_TERMS_QUERY).fetchall()}
        duck.execute("DROP TABLE event_terms; DROP TABLE counted_terms; DROP TABLE spread")
        notes += _note_dates(unnamed.assign(event_id=found["event_id"]))
    return EventChoice(follow_duplicates(articles, ids), names, joined_by, notes)


def read_given_events(articles: pd.DataFrame) -> tuple["pd.Series[str]", dict[str, str], list[str]]:
    """The ids of the events that articles name, the names by id, and a note for each name with several spellings.

    The spelling that most articles use is the name.
    """
    given = articles["event"].where(articles["event"].fillna("").str.strip() != "")
    spellings: dict[str, Counter[str]] = {}
    for name, n in given.dropna().value_counts().items():
        spellings.setdefault(make_given_id(str(name)), Counter())[" ".join(str(name).split())] += int(n)
    names = {event_id: min(found, key=lambda name: (-found[name], name)) for event_id, found in spellings.items()}
    twice = [found for _, found in sorted(spellings.items()) if len(found) > 1]
    notes = [f"read as one event: {format_list(repr(name[:80]) for name in sorted(found))}"
             for found in twice[:MAX_EVENT_NOTES]]
    ids = given.map(lambda name: make_given_id(name), na_action="ignore").astype(object)
    return ids, names, notes


def make_given_id(name: str) -> str:
    """The id of an event with a given name; case, spaces, and kinds of quotation marks and dashes do not matter.

    >>> make_given_id("Hillary’s  Server") == make_given_id("hillary's server")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    folded = re.sub("[‘’‛′`]", "'", re.sub("[“”„‟″]", '"', re.sub("[‐-―−]", "-", folded)))
    return _make_event_id(" ".join(folded.split()).strip(" .,:;!?\"'-") or name, readable=folded)


def make_found_id(article_id: str) -> str:
    """The id of a found event, by its first article: it stays when later articles join.

    >>> make_found_id("cnn/1")
    'event-cnn-1-f25c006b'
    """
    return _make_event_id(f"\0{article_id}", readable=article_id)


def find_event_id(named: str, article_id: str, known: Mapping[str, str]) -> str:
    """The id of the event that a person means: a known id, the id of a known name, else that of a new event.

    Parameters
    ----------
    named : an event's id or name; the article is an event of its own if it is empty
    article_id : the article
    known : the names of events by their ids

    >>> find_event_id("Talks", "cnn/1", {"event-cnn-1-f25c006b": "talks"})
    'event-cnn-1-f25c006b'
    """
    if not named:
        return make_found_id(article_id)
    given = make_given_id(named)
    same = [event_id for event_id, name in sorted(known.items()) if make_given_id(name) == given]
    return named if named in known else given if given in known or not same else same[0]


def _make_event_id(key: str, *, readable: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", readable.lower())[:MAX_EVENT_SLUG_CHARS].strip("-")
    return f"event-{slug}{'-' if slug else ''}{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _find_events(duck: "DuckDBPyConnection", unnamed: pd.DataFrame) -> pd.DataFrame:
    """Columns number, event_id and size (its articles), a row per article; registered as `found_events`."""
    n = len(unnamed)
    duck.register("open_articles", pa.table({"article_id": pa.array(unnamed["article_id"], pa.string()),
                                             "number": np.arange(n)}))
    duck.register("stop_words", pa.table({"word": pa.array(sorted(read_stop_words()), pa.string())}))
    _weigh_terms(duck, unnamed["article_id"].tolist())
    terms = duck.sql(ARTICLE_VECTORS_QUERY).fetchnumpy()
    groups = group_articles(terms["number"], terms["term"], terms["weight"], _number_days(unnamed["published_at"]))
    found = pd.DataFrame({"number": np.arange(n), "group": groups})
    order = unnamed.assign(group=groups).sort_values(["published_at", "article_id"], kind="stable")
    first = order.drop_duplicates("group").set_index("group")["article_id"].map(make_found_id)
    found["event_id"], found["size"] = found["group"].map(first), np.bincount(groups)[groups]
    duck.register("found_events", pa.Table.from_pandas(found[["number", "event_id", "size"]], preserve_index=False))
    return found


def _weigh_terms(duck: "DuckDBPyConnection", article_ids: list[str]) -> None:
    """Make the table `event_terms`: the most telling terms of each article, with their weights."""
    duck.execute("CREATE TEMP TABLE counted_terms (number INTEGER, term UBIGINT, n INTEGER)")
    duck.execute("CREATE TEMP TABLE event_terms (number INTEGER, term UBIGINT, weight FLOAT, n_articles INTEGER)")
    parts = [(begin, min(begin + WEIGHED_ARTICLES, len(article_ids)) - 1)
             for begin in range(0, len(article_ids), WEIGHED_ARTICLES)]
    for first, last in parts:
        duck.execute(COUNTED_TERMS_QUERY, {"first": article_ids[first], "last": article_ids[last]})
    duck.execute("CREATE TEMP TABLE spread AS SELECT term, count(*)::INTEGER AS n_articles FROM counted_terms"
                 " GROUP BY term")
    for first, last in parts:
        duck.execute(WEIGHTED_TERMS_QUERY, {"first": first, "last": last, "size": len(article_ids)})


def _number_days(published: "pd.Series[pd.Timestamp]") -> np.ndarray:
    """Days since 1970; NaN where there is no date."""
    seconds = published.to_numpy("datetime64[s]")
    return np.where(np.isnat(seconds), np.nan, seconds.astype(float) / 86_400)


def follow_duplicates(articles: pd.DataFrame, ids: "pd.Series[str]") -> "pd.Series[str]":
    """The ids by article, those of duplicates without an event taken from the article that is counted for them."""
    by_article = ids.set_axis(articles["article_id"])
    return by_article.fillna(articles.set_index("article_id")["duplicate_group"].map(by_article.dropna()))


def _drop_repeated_terms(terms: list[str]) -> list[str]:
    """The first terms, without words that are part of a name among them."""
    names = [term for term in terms if term != term.lower()]
    within = {word for name in names for word in name.lower().split()}
    return [term for term in terms if term in names or term not in within][:MAX_JOINING_TERMS]


def _name_found_events(articles: pd.DataFrame) -> dict[str, str]:
    """A name for each event_id, from the headlines; an article's id if there is none."""
    named = articles.groupby("event_id", sort=False)
    firsts = named["article_id"].first()
    return {event_id: name_event(headlines.dropna()) or str(firsts[event_id]) for event_id, headlines
            in named["headline"]}


def name_event(headlines: Iterable[str]) -> str:
    """What most headlines share: the phrases of the headline with most such words; one headline if they share little.

    >>> name_event(["Talks in Alaska end in anger", "Anger as the talks in Alaska close"])
    'Talks in Alaska · anger'
    >>> name_event(["Senate passes bill on guns, sending it to House", "House waits for days as Senate passes a bill"])
    'House · Senate passes a bill'
    """
    lines = sorted({" ".join(line.split()) for line in headlines if line.strip()})
    words = [_list_headline_words(line) for line in lines]
    counts = Counter(word for found in words for word in found)
    shared = {word for word, n in counts.items() if n > 1 and 2 * n >= len(lines)}
    if not lines:
        return ""
    best = max(range(len(lines)), key=lambda i: (len(shared & words[i].keys()), -len(lines[i]), -i))
    is_named = len(shared & words[best].keys()) >= MIN_EVENT_NAME_WORDS
    return (_join_phrases(lines[best], shared) if is_named else lines[best])[:MAX_EVENT_NAME_CHARS]


def _join_phrases(line: str, shared: Collection[str]) -> str:
    """The shared words of a headline, those with only spaces and stop words between them as one phrase."""
    phrases: list[tuple[int, int]] = []
    is_joined = False
    for found in HEADLINE_WORD_PATTERN.finditer(line):
        word, before = found[0].casefold(), line[phrases[-1][1]:found.start()] if phrases else ""
        is_joined = is_joined and not HEADLINE_BREAK_PATTERN.search(before)
        if word in shared:
            start = phrases.pop()[0] if is_joined else found.start()
            phrases.append((start, found.end()))
            is_joined = True
        elif word not in read_stop_words():
            is_joined = False
    return EVENT_NAME_JOINT.join(line[start:end] for start, end in phrases)


def _list_headline_words(line: str) -> dict[str, str]:
    """The words of a headline that are no stop words, as they are written, by their form in lower case."""
    return {word.casefold(): word for word in HEADLINE_WORD_PATTERN.findall(line)
            if word.casefold() not in read_stop_words()}


def _note_dates(articles: pd.DataFrame) -> list[str]:
    """Notes on found events: articles without a date, and dates a year away from those of the others."""
    several = articles[articles.groupby("event_id")["article_id"].transform("size") > 1]
    undated = int(articles["published_at"].isna().sum())
    notes = []
    if undated and articles["event_id"].nunique() > 1:
        notes = [f"{format_quantity(undated, 'article')} without published_at: compared with all others to find events,"
                 f" not only with those within {EVENT_WINDOW_DAYS} days"]
    middle = several.groupby("event_id")["published_at"].transform("median")
    odd = several[(several["published_at"] - middle).abs() > pd.Timedelta(days=DAYS_OF_YEAR / 2)]
    notes += [f"{row.article_id[:80]!r} is dated {row.published_at:%Y-%m-%d}, a year from others of the event found"
              " for it; is it a mistake?" for row in odd.head(MAX_EVENT_NOTES).itertuples()]
    return notes


def tabulate_events(articles: pd.DataFrame, names: Mapping[str, str],
                    joined_by: Mapping[str, list[str]] | None = None) -> pa.Table:
    """The table `events` of articles that have an event_id.

    Parameters
    ----------
    articles : columns event_id, event_from, outlet, published_at and counted
    names : the name of each event
    joined_by : the names and words by which found events were found
    """
    counted = articles[articles["counted"].astype(bool)].dropna(subset="event_id")
    rank = counted["event_from"].map({origin: i for i, origin in enumerate(EVENT_ORIGINS)}).fillna(len(EVENT_ORIGINS))
    if counted.empty:
        return TABLES["events"].arrow.empty_table()
    groups = counted.assign(rank=rank).groupby("event_id", sort=True)
    found = groups.agg(n_articles=("rank", "size"), outlets=("outlet", lambda outlets: sorted(set(outlets))),
                       first_at=("published_at", "min"), last_at=("published_at", "max"), origin=("rank", "min"))
    found = found.reset_index()
    found["event"] = found["event_id"].map(names)
    found["event_from"] = found["origin"].map(dict(enumerate((*EVENT_ORIGINS, "found")))).astype(object)
    found["joined_by"] = [list((joined_by or {}).get(event_id, [])) for event_id in found["event_id"]]
    schema = TABLES["events"].arrow
    return pa.Table.from_pandas(found[schema.names], schema=schema, preserve_index=False)


def count_events(articles: pa.Table, known: pa.Table) -> pa.Table:
    """The table `events`, counted again for other articles, or for articles whose events were corrected.

    Parameters
    ----------
    articles : table `articles`; its column event_id may have events that are not known
    known : table `events`, for names and what joins found ones
    """
    frame = articles.select([*EVENT_COLUMNS, "event_id"]).to_pandas()
    rows = known.select(["event_id", "event", "joined_by"]).to_pylist()
    given = frame.dropna(subset=["event", "event_id"])
    names = dict(zip(given["event_id"], given["event"], strict=True)) | {row["event_id"]: row["event"] for row in rows}
    return tabulate_events(frame, names, {row["event_id"]: row["joined_by"] for row in rows})
