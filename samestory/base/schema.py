"""The tables: what one row is, and each column's name, type, meaning and unit.

This is the one place where columns are declared; the data dictionary in data/README.md is made
from here. A table without rows has the same columns as a full one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

SPAN_LIST = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))
STRING_LIST = pa.list_(pa.string())
UTC_TIME = pa.timestamp("us", tz="UTC")
STRING, BOOL, INT, FLOAT = pa.string(), pa.bool_(), pa.int32(), pa.float64()

LINE_ROLES = ("body", "headline", "kicker", "dateline", "byline", "outlet", "teaser", "copyright",
              "credit", "other")
QUOTATION_KINDS = ("direct", "mixed", "indirect")
SPEAKER_RESOLUTIONS = ("name", "surname", "role", "pronoun", "floating", "forward", "collective", "none",
                       "corrected")
CUE_CLASSES = ("neutral", "factive", "accusing", "demanding", "promising", "denying", "hedged",
               "performative")
METADATA_ORIGINS = ("file", "text", "sidecar", "inferred", "missing", "corrected")
CORRECTION_STATUSES = ("changed", "removed", "added", "merged", "checked", "superseded", "repeated", "unfit")


@dataclass(frozen=True)
class Column:
    """A column: its name, Arrow type, meaning, and unit where it has one."""

    name: str
    dtype: pa.DataType
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its name, what one row is, and its columns."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The table's Arrow schema."""
        return pa.schema([(column.name, column.dtype) for column in self.columns])


def _table(name: str, row: str, *columns: tuple) -> Table:
    return Table(name, row, tuple(Column(*column) for column in columns))


CODE_POINTS = "code points into articles.text"
ARTICLE_ID_COLUMN = ("article_id", STRING,
                     "the article: the record's own id, or its path below the corpus without the ending")
START_COLUMN = ("start", INT, "where it begins", CODE_POINTS)
END_COLUMN = ("end", INT, "where it ends, exclusive", CODE_POINTS)


def _origin(field: str) -> tuple:
    return (f"{field}_from", STRING, f"where {field} came from: {', '.join(METADATA_ORIGINS)}")


QUOTATION_COLUMNS = (
    ("quotation_id", STRING, "article_id + `/q` + span"), ARTICLE_ID_COLUMN,
    ("kind", STRING, f"{', '.join(QUOTATION_KINDS)}: all, some or none of the content between marks"),
    ("content_spans", SPAN_LIST, "what was said; more than one where the cue stands between", CODE_POINTS),
    ("quoted_spans", SPAN_LIST, "what of it stands between quotation marks", CODE_POINTS),
    ("text", STRING, "the content as written, parts joined by ` … `"),
    ("cue", STRING, "the word that introduces it, as written"),
    ("cue_start", INT, "where the cue begins; missing without cue", CODE_POINTS),
    ("cue_end", INT, "where the cue ends, exclusive", CODE_POINTS),
    ("cue_lemma", STRING, "the cue's dictionary form (data/en/cues.csv)"),
    ("cue_class", STRING, f"how the outlet introduces it: {', '.join(CUE_CLASSES)}"),
    ("speaker", STRING, "the source as written there"),
    ("speaker_start", INT, "where the source is written", CODE_POINTS),
    ("speaker_end", INT, "its end, exclusive", CODE_POINTS),
    ("speaker_name", STRING, "the source's one name, resolved; a person's with the title at its head"),
    ("speaker_title", STRING, "the title that `speaker_name` begins with, if any"),
    ("speaker_entity_id", STRING, "the entity that speaks, if it is one"),
    ("resolution", STRING, f"how the name was found: {', '.join(SPEAKER_RESOLUTIONS)}"),
    ("via", STRING, "the outer source that reports this one (Reuters reported that officials said ...)"),
    ("anonymous", BOOL, "whether the source is not named (`officials`, `a person familiar with`)"),
    ("rule", STRING, "the rule that found it"),
    ("confidence", FLOAT, "how sure that rule is; 1 where a person checked it", "0 to 1, set by hand for each rule"),
    ("n_words_direct", INT, "words between marks"), ("n_words_indirect", INT, "words of the content outside marks"),
    ("speaker_side", STRING, "the source's side, from the corpus folder's roster only"),
    ("sentence", INT, "the sentence its content begins in"),
)

TABLES = {table.name: table for table in (
    _table(
        "articles", "an article",
        ARTICLE_ID_COLUMN,
        ("path", STRING, "the file it was read from, below the corpus"),
        ("sha256", STRING, "digest of `text` in UTF-8"),
        ("outlet", STRING, "who published it; `unknown` where nothing says so"), _origin("outlet"),
        ("headline", STRING, "its headline, if there is one"), _origin("headline"),
        ("byline", STRING, "who wrote it, as written"), _origin("byline"),
        ("section", STRING, "the section or kicker, as written"), _origin("section"),
        ("published_at", UTC_TIME, "when it was published", "UTC"), _origin("published_at"),
        ("published_raw", STRING, "the same as written in the source"),
        ("published_precision", STRING, "what of it is known: up to the second, minute, day, month or year"),
        ("updated_at", UTC_TIME, "when it was last changed", "UTC"), _origin("updated_at"),
        ("updated_precision", STRING, "what of that is known"),
        ("language", STRING, "ISO 639-1 code"), _origin("language"),
        ("url", STRING, "its address, if the record gives one"), _origin("url"),
        ("event", STRING, "the event it tells, if the record gives one"), _origin("event"),
        ("text", STRING, "the decoded text, never changed: all offsets point here"),
        ("n_words", INT, "words of the body: runs between white space holding a letter or digit"),
        ("wire", STRING, "the news agency that its first line, byline or credit names, if any"),
        ("duplicate_group", STRING, "where several articles are one text, or nearly so: the id of the one counted"),
        ("counted", BOOL, "false for a repeat or near-duplicate of another article, and for text in another language"),
    ),
    _table(
        "lines", "a line of an article that is not blank",
        ARTICLE_ID_COLUMN, ("line", INT, "its number in the file, from 1"), START_COLUMN, END_COLUMN,
        ("role", STRING, f"what it is: {', '.join(LINE_ROLES)}"),
        ("rule", STRING, "the rule that said so (data/en/line_rules.csv, or a step of clean.py)"),
        ("paragraph", INT, "the paragraph it belongs to, from 0; only body and headline lines have one"),
    ),
    _table(
        "sentences", "a sentence of the body or the headline",
        ARTICLE_ID_COLUMN, ("sentence", INT, "its number in the article, from 0"),
        ("paragraph", INT, "the paragraph it stands in, from 0"),
        ("role", STRING, "body or headline"), START_COLUMN, END_COLUMN,
    ),
    _table(
        "tokens", "a token of the body or the headline",
        ARTICLE_ID_COLUMN, ("sentence", INT, "the sentence it stands in"),
        ("token", INT, "its number in the article, from 0"),
        ("role", STRING, "body or headline"), START_COLUMN, END_COLUMN,
        ("norm", STRING, "lower case, quote marks and hyphens straightened, nothing merged"),
        ("lemma", STRING, "its dictionary form"), ("pos", STRING, "universal part of speech"),
        ("in_quotation", BOOL, "whether it stands between quotation marks of a quotation"),
    ),
    _table(
        "mentions", "a named-entity mention",
        ("mention_id", STRING, "article_id + `/m` + span"), ARTICLE_ID_COLUMN, START_COLUMN, END_COLUMN,
        ("text", STRING, "as written"),
        ("label", STRING, "its type: PERSON, ORG, GPE, LOC, FAC, NORP ..."),
        ("name", STRING, "the longest name the article gives it"),
        ("title", STRING, "a person's title or role as written right before the name, if any"),
        ("entity_id", STRING, "the entity it belongs to"),
        ("rule", STRING, "what found it: the model, or a rule of samestory/mentions"),
        ("sentence", INT, "the sentence it stands in"),
        ("in_quotation", BOOL, "whether it stands between quotation marks of a quotation"),
    ),
    _table(
        "entities", "an entity, across articles",
        ("entity_id", STRING, "label + `:` + name"), ("name", STRING, "the name it is shown by"),
        ("label", STRING, "its type"), ("aliases", STRING_LIST, "the forms it was written in, most frequent first"),
        ("n_mentions", INT, "mentions"), ("n_articles", INT, "articles that name it"),
    ),
    _table(
        "links", "two entities named together",
        ("entity_a", STRING, "an entity; the smaller id of the two"), ("entity_b", STRING, "the other one"),
        ("relation", STRING, "how: `sentence` (named in one sentence)"),
        ("n_sentences", INT, "sentences that name both"), ("n_articles", INT, "articles that have such a sentence"),
    ),
    _table("quotations", "a claim: a clause that somebody said, or words of theirs between marks", *QUOTATION_COLUMNS),
    _table("speech_acts", "a demand, promise, thanks or the like, told as an act without a clause or words of "
           "the speaker's (`urged Congress to act`, `vowed to rebuild`)", *QUOTATION_COLUMNS),
    _table(
        "utterances", "one utterance told by two outlets",
        ("utterance_id", STRING, "the two quotation ids"),
        ("quotation_a", STRING, "a quotation; of the outlet first in the alphabet"),
        ("quotation_b", STRING, "the other outlet's quotation"),
        ("relation", STRING, "identical, trimmed or paraphrase"),
        ("words_cut", STRING, "words one of them has and the other has not"),
    ),
    _table(
        "counts", "a term in an article",
        ARTICLE_ID_COLUMN, ("outlet", STRING, "the article's outlet"),
        ("unit", STRING, "what a term is: word, lemma, 2-gram ..."),
        ("term", STRING, "the term, after folding by data/en/variants.csv"),
        ("in_quotation", BOOL, "whether it stands between quotation marks of a quotation"),
        ("n", INT, "occurrences"),
    ),
    _table(
        "corrections", "a row of the corpus folder's corrections.csv",
        ("line", INT, "the line of the file where it begins"),
        ("what", STRING, "what it is about: article, line, quotation, speech act, mention, entity or utterance"),
        ("target_id", STRING, "the id of what it is about"), ("operation", STRING, "change, remove, add or merge"),
        ("field", STRING, "what of it is changed"), ("old", STRING, "what stood there"),
        ("new", STRING, "what should stand there"), ("who", STRING, "who says so"), ("why", STRING, "why"),
        ("status", STRING, f"what became of it: {', '.join(CORRECTION_STATUSES)}"),
        ("reason", STRING, "why it does not fit, or what else was met"),
    ),
    _table(
        "problems", "something odd that was met",
        ("article_id", STRING, "the article, where there is one"),
        ("path", STRING, "the file, below the corpus"),
        ("step", STRING, "read, clean, annotate, link, correct or count"),
        ("severity", STRING, "error (not analysed), warning (analysed with care) or note"),
        ("reason", STRING, "what was expected and what was found"),
    ),
)}


ANNOTATED_TABLES = ("lines", "sentences", "tokens", "mentions", "quotations", "speech_acts", "problems")  # by article
TABLE_ROW_ORDER = {  # of a table's rows
    "articles": "article_id", "lines": "article_id, line", "sentences": "article_id, sentence",
    "tokens": "article_id, token", "mentions": "article_id, start, mention_id",
    "quotations": "article_id, sentence, quotation_id", "speech_acts": "article_id, sentence, quotation_id",
    "counts": "article_id, term, in_quotation", "problems": "article_id, path, step, reason, severity",
}


def make_table(name: str, rows: Iterable[dict]) -> pa.Table:
    """The table `name` made of `rows`; a column that a row lacks is missing there.

    Raises
    ------
    KeyError
        If a row has a column that the table does not declare.
    """
    schema = TABLES[name].arrow
    rows = list(rows)
    known = set(schema.names)
    if stray := {key for row in rows for key in row} - known:
        raise KeyError(f"table {name} has no column {', '.join(sorted(stray))}: declare it in schema.py")
    return pa.Table.from_pylist(rows, schema=schema)


def write_dictionary() -> str:
    """The data dictionary as Markdown, one section a table."""
    sections = []
    for table in TABLES.values():
        rows = [f"| `{c.name}` | {c.dtype} | {c.meaning} | {c.unit} |" for c in table.columns]
        head = ["", f"### {table.name}", "", f"One row is {table.row}.", "",
                "| column | type | meaning | unit |", "|---|---|---|---|"]
        sections += head + rows
    return "\n".join(sections) + "\n"
