"""The tables: the meaning of a row, and each column's name, type, meaning and unit.

Columns are declared only here; the data dictionary in data/README.md is generated from this module.
A table without rows has the same columns as a full one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

SPAN_LIST = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))
STRING_LIST = pa.list_(pa.string())
UTC_TIME = pa.timestamp("us", tz="UTC")
STRING, BOOL, INT, FLOAT = pa.string(), pa.bool_(), pa.int32(), pa.float64()

LINE_ROLES = ("body", "headline", "kicker", "dateline", "byline", "outlet", "teaser", "copyright",
              "credit", "other")
ANALYSED_LINE_ROLES = ("body", "headline")  # lines that are part of the story; nothing else is annotated
QUOTATION_KINDS = ("direct", "mixed", "indirect")
UTTERANCE_RELATIONS = ("identical", "trimmed", "paraphrase")
SPEAKER_RESOLUTIONS = ("name", "surname", "role", "pronoun", "floating", "forward", "collective", "none",
                       "corrected")
INFERRED_RESOLUTIONS = ("role", "pronoun", "floating", "forward")  # the words beside the cue are no name
CUE_CLASSES = ("neutral", "factive", "accusing", "demanding", "promising", "denying", "hedged",
               "performative")
METADATA_ORIGINS = ("file", "text", "sidecar", "inferred", "missing", "corrected")
PROBLEM_SEVERITIES = ("error", "warning", "note")  # the most serious first
# kinds of correction targets: their tables and id columns (a line has no id)
CORRECTED_TABLES = {"article": "articles", "line": "lines", "quotation": "quotations", "speech act": "speech_acts",
                    "mention": "mentions", "value": "values", "entity": "entities", "utterance": "utterances",
                    "pair": "pairs"}
CORRECTED_ID_COLUMNS = {"article": "article_id", "quotation": "quotation_id", "speech act": "quotation_id",
                        "mention": "mention_id", "value": "value_id", "entity": "entity_id",
                        "utterance": "utterance_id", "pair": "pair_id"}
VALUE_KINDS = ("number", "money", "percentage", "measure", "duration", "date", "time", "age", "score", "ordinal")
# Of twelve stories read by eye, "one says it is not so", "planned" and "another source" were right in 4 of 14 places,
# "other words" (another verb of two statements) in 0 of the last 3 and 0 of 6 marks: the table `facts` has all, pages
# have these, and others where the two cannot both hold. What the act is called has a table of its own.
SHOWN_DIFFERENCE_KINDS = ("value", "day", "actor", "quotation")
APPROXIMATIONS = ("about", "nearly", "more than", "less than", "at least", "at most", "several")
CORRECTION_STATUSES = ("changed", "removed", "added", "merged", "checked", "superseded", "repeated", "unfit")


@dataclass(frozen=True)
class Column:
    """A column: its name, Arrow type, meaning, and unit, if any."""

    name: str
    dtype: pa.DataType
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its name, the meaning of a row, and its columns."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The table's Arrow schema."""
        return pa.schema([(column.name, column.dtype) for column in self.columns])


def _table(name: str, row: str, *columns: tuple[Any, ...]) -> Table:
    return Table(name, row, tuple(Column(*column) for column in columns))


CODE_POINTS = "code points into articles.text"
ARTICLE_ID_COLUMN = ("article_id", STRING,
                     "the article: the record's own id, or its path within the corpus without the file ending")
START_COLUMN = ("start", INT, "offset where it begins", CODE_POINTS)
END_COLUMN = ("end", INT, "offset where it ends, exclusive", CODE_POINTS)
FIELD_COLUMN = ("field", STRING, "the field that its offsets count in: text, or headline for a headline that only the"
                " metadata have (`articles.headline`)")
IN_QUOTATION_COLUMN = ("in_quotation", BOOL, "whether it lies between the quotation marks of a quotation")


def _origin(field: str) -> tuple[Any, ...]:
    return (f"{field}_from", STRING, f"where {field} came from: {', '.join(METADATA_ORIGINS)}")


QUOTATION_COLUMNS = (
    ("quotation_id", STRING, "article_id + `/q` + span"), ARTICLE_ID_COLUMN, FIELD_COLUMN,
    ("kind", STRING, f"{', '.join(QUOTATION_KINDS)}: all, some or none of the content is between quotation marks"),
    ("content_spans", SPAN_LIST, "spans of the reported content; several if the cue interrupts it", CODE_POINTS),
    ("quoted_spans", SPAN_LIST, "spans of the content between quotation marks", CODE_POINTS),
    ("text", STRING, "the content as written, its spans joined by ` … `"),
    ("cue", STRING, "the word that introduces it, as written"),
    ("cue_start", INT, "offset where the cue begins; missing without a cue", CODE_POINTS),
    ("cue_end", INT, "offset where the cue ends, exclusive", CODE_POINTS),
    ("cue_lemma", STRING, "the cue's lemma (data/en/cues.csv)"),
    ("cue_class", STRING, f"how the outlet introduces it: {', '.join(CUE_CLASSES)}"),
    ("speaker", STRING, "the source, as written"),
    ("speaker_start", INT, "offset where the source begins", CODE_POINTS),
    ("speaker_end", INT, "offset where the source ends, exclusive", CODE_POINTS),
    ("speaker_name", STRING, "the source's resolved name, the same in every quotation of that source; a person's name"
     " begins with the title"),
    ("speaker_title", STRING, "the title that `speaker_name` begins with, if any"),
    ("speaker_entity_id", STRING, "the source's entity, if it is linked to one"),
    ("resolution", STRING, f"how the name was found: {', '.join(SPEAKER_RESOLUTIONS)}"),
    ("via", STRING, "the outer source, which reports this one (Reuters reported that officials said ...)"),
    ("anonymous", BOOL, "whether the source is unnamed (`officials`, `a person familiar with`)"),
    ("rule", STRING, "the rule that found it"),
    ("confidence", FLOAT, "how sure it is that this was said: of rows at 0.9 nine in ten are right; 1 if a person"
     " checked the quotation", "0 to 1"),
    ("speaker_confidence", FLOAT, "how sure the speaker is, if it was said; 1 if a person checked the quotation or gave"
     " the speaker", "0 to 1"),
    ("n_words_direct", INT, "words of the content between quotation marks"),
    ("n_words_indirect", INT, "words of the content outside quotation marks"),
    ("speaker_side", STRING, "the source's side: the one in the corpus folder's roster, or the country, body or party"
     " that the articles put the source under"),
    ("side_from", STRING, "where speaker_side came from: roster, description or corrected"),
    ("sentence", INT, "number of the sentence in which the content begins"),
)

TABLES = {table.name: table for table in (
    _table(
        "articles", "an article",
        ARTICLE_ID_COLUMN,
        ("path", STRING, "the file it was read from, relative to the corpus"),
        ("sha256", STRING, "SHA-256 digest of `text` in UTF-8"),
        ("outlet", STRING, "who published it; `unknown` if nothing says so"), _origin("outlet"),
        ("outlet_written", STRING, "the outlet as its source writes it, with edition, place or domain"),
        ("headline", STRING, "its headline, if it has one"), _origin("headline"),
        ("byline", STRING, "who wrote it, as written"), _origin("byline"),
        ("section", STRING, "the section or kicker, as written"), _origin("section"),
        ("published_at", UTC_TIME, "when it was published", "UTC"), _origin("published_at"),
        ("published_raw", STRING, "the time of publication as written in the source"),
        ("published_precision", STRING, "precision of `published_at`: second, minute, day, month or year"),
        ("updated_at", UTC_TIME, "when it was last changed", "UTC"), _origin("updated_at"),
        ("updated_precision", STRING, "precision of `updated_at`"),
        ("language", STRING, "ISO 639-1 code"), _origin("language"),
        ("url", STRING, "its address, if the record gives one"), _origin("url"),
        ("event", STRING, "the event it reports, if the record or a sidecar names one"), _origin("event"),
        ("event_id", STRING, "the event it reports: the named one, else a found one; missing for an article that is not"
                             " counted and names none"),
        ("text", STRING, "the decoded text, never changed; all offsets point into it"),
        ("n_words", INT, "words of the body: strings between white space that contain a letter or digit"),
        ("wire", STRING, "the news agency named in its first line, byline or credit, if any"),
        ("duplicate_group", STRING, "the id of the article that is counted for a group of duplicates or"
         " near-duplicates; missing outside such groups"),
        ("counted", BOOL, "false for a duplicate or near-duplicate of another article, for text in another"
         " language, and for what is no whole story: cut off by a service, a pay wall, a notice on cookies"),
    ),
    _table(
        "lines", "a line of an article that is not blank",
        ARTICLE_ID_COLUMN, ("line", INT, "its number in the file, from 1"), START_COLUMN, END_COLUMN,
        ("role", STRING, f"its role: {', '.join(LINE_ROLES)}"),
        ("rule", STRING, "the rule that assigned the role (data/en/line_rules.csv, or a step of samestory/clean)"),
        ("paragraph", INT, "number of its paragraph, from 0; only body and headline lines have one"),
    ),
    _table(
        "sentences", "a sentence of the body or the headline",
        ARTICLE_ID_COLUMN, ("sentence", INT, "its number in the article, from 0"),
        ("paragraph", INT, "number of its paragraph, from 0; missing in a headline of the metadata"),
        ("role", STRING, "body or headline"), FIELD_COLUMN, START_COLUMN, END_COLUMN,
    ),
    _table(
        "tokens", "a token of the body or the headline",
        ARTICLE_ID_COLUMN, ("sentence", INT, "number of its sentence"),
        ("token", INT, "its number in the article, from 0"),
        ("role", STRING, "body or headline"), FIELD_COLUMN, START_COLUMN, END_COLUMN,
        ("norm", STRING, "the token in lower case and NFKC, with straight quotation marks and hyphens; an acronym"
                         " that is spelled like a word (ICE) keeps its capitals"),
        ("lemma", STRING, "its lemma"), ("pos", STRING, "universal part of speech"), IN_QUOTATION_COLUMN,
    ),
    _table(
        "mentions", "a mention of a named entity",
        ("mention_id", STRING, "article_id + `/m` + span; `/mh` + span in a headline of the metadata"),
        ARTICLE_ID_COLUMN, FIELD_COLUMN, START_COLUMN, END_COLUMN,
        ("text", STRING, "as written"),
        ("label", STRING, "its type: PERSON, ORG, GPE, LOC, FAC, NORP ..."),
        ("name", STRING, "the longest name the article gives it"),
        ("title", STRING, "a person's title or role, as written directly before the name, if any"),
        ("affiliation", STRING, "the country, body or party that the words next to a person's name put the person"
                                " under, by its longest name in the article"),
        ("entity_id", STRING, "the entity it is linked to"),
        ("rule", STRING, "what found it: the model, or a rule of samestory/annotate/mentions"),
        ("sentence", INT, "number of its sentence"), IN_QUOTATION_COLUMN,
    ),
    _table(
        "values", "a number, amount, date or duration",
        ("value_id", STRING, "article_id + `/v` + span; `/vh` + span in a headline of the metadata"),
        ARTICLE_ID_COLUMN, FIELD_COLUMN, START_COLUMN, END_COLUMN,
        ("text", STRING, "as written, with the words that say how exact it is"),
        ("kind", STRING, f"its kind: {', '.join(VALUE_KINDS)}"),
        ("value", FLOAT, "the number, in `unit`; the lower end of a range, the first number of a score; missing for"
         " dates and times"),
        ("value_to", FLOAT, "the upper end of a range, the second number of a score"),
        ("unit", STRING, "the unit (data/en/units.csv): a currency (ISO 4217), `percent`, `kilometre`, `year` ...;"
         " missing for plain numbers"),
        ("date", STRING, "the date in ISO 8601, as precise as it is written, resolved by the day of publication;"
         " digits that stay open are X"),
        ("counted", STRING, "the noun that is counted, as its lemma"),
        ("approximation", STRING, f"how exact it is, if a word says so: {', '.join(APPROXIMATIONS)}"
         " (`dozens`: several times 12)"),
        ("rule", STRING, "the rule of samestory/annotate/values that found it"),
        ("sentence", INT, "number of its sentence"), IN_QUOTATION_COLUMN,
    ),
    _table(
        "entities", "an entity, across articles",
        ("entity_id", STRING, "label + `:` + name"), ("name", STRING, "the name under which it is shown"),
        ("label", STRING, "its type"), ("aliases", STRING_LIST, "the forms it is written in, most frequent first"),
        ("n_mentions", INT, "mentions"), ("n_articles", INT, "articles that name it"),
    ),
    _table(
        "links", "two entities named together",
        ("entity_a", STRING, "the entity whose id sorts first"), ("entity_b", STRING, "the other entity"),
        ("relation", STRING, "how they are linked: `sentence` (named in one sentence)"),
        ("n_sentences", INT, "sentences that name both"), ("n_articles", INT, "articles with such a sentence"),
    ),
    _table("quotations", "a claim attributed to a source: a reported clause, or the source's words between quotation"
           " marks", *QUOTATION_COLUMNS),
    _table("speech_acts", "a demand, promise, thanks or the like, reported as an act with neither a clause nor the"
           " speaker's words (`urged Congress to act`, `vowed to rebuild`)", *QUOTATION_COLUMNS),
    _table(
        "statements", "a claim of an article: a clause where clauses can be kept apart, else a sentence",
        ("statement_id", STRING, "article_id + `/s` + span; `/sh` + span in a headline of the metadata"),
        ARTICLE_ID_COLUMN, ("sentence", INT, "number of its sentence"), ("role", STRING, "body or headline"),
        FIELD_COLUMN, START_COLUMN, END_COLUMN,
        ("quotation_id", STRING, "the quotation or speech act that it is a part of; missing if the narrator claims it"),
        ("speaker", STRING, "who claims it, as `speaker_name` of the quotation; missing for the narrator"),
        ("predicate", STRING, "lemma of the verb of the claim, with its particle"),
        ("predicate_start", INT, "offset where the verb begins", CODE_POINTS),
        ("predicate_end", INT, "offset where the verb ends, exclusive", CODE_POINTS),
        ("actor", STRING, "the subject as written, in a passive clause the agent; without what follows its noun"),
        ("actor_start", INT, "offset where the actor begins", CODE_POINTS),
        ("actor_end", INT, "offset where the actor ends, exclusive", CODE_POINTS),
        ("object", STRING, "the object as written, in a passive clause the subject"),
        ("object_start", INT, "offset where the object begins", CODE_POINTS),
        ("object_end", INT, "offset where the object ends, exclusive", CODE_POINTS),
        ("negated", BOOL, "whether it claims that something is not so"),
        ("modal", STRING, "the word that makes it a possibility, a plan or a report (may, will, reportedly), if any"),
    ),
    _table(
        "utterances", "an utterance quoted by two outlets",
        ("utterance_id", STRING, "the two quotation ids"),
        ("quotation_a", STRING, "the quotation of the outlet that comes first in the alphabet"),
        ("quotation_b", STRING, "the other outlet's quotation"),
        ("relation", STRING, " or ".join(", ".join(UTTERANCE_RELATIONS).rsplit(", ", 1))),
        ("words_cut", STRING, "words in one quotation that are missing in the other"),
    ),
    _table(
        "pairs", "two statements of different outlets that say the same, or may do so",
        ("pair_id", STRING, "the two statement ids"), ("event_id", STRING, "the event that both articles report"),
        ("statement_a", STRING, "the statement of the outlet that comes first in the alphabet"),
        ("statement_b", STRING, "the other outlet's statement"),
        ("score", FLOAT, "how much of both the other says too; lower where either has a better match", "0 to 1"),
        ("status", STRING, "sure (both say the same), candidate (a person decides or could not), confirmed or refused"),
        ("shared", STRING_LIST, "words by which they match, the weightiest first: `gun`, or `gun / firearm`"),
        ("differs", STRING_LIST, "what they say differently: value, day, negation, modality, speaker, label, actor,"
         " quotation"),
        ("check", BOOL, "whether both cannot hold as said: shown as \"check this\""),
        ("who", STRING, "who confirmed or refused it"),
    ),
    _table(
        "facts", "a fact of an event: statements that say the same, or one that a single outlet has",
        ("fact_id", STRING, "the first statement's id + `/f`"), ("event_id", STRING, "the event"),
        ("relation", STRING, "shared (by two outlets or more), differs (shared, and said differently) or one_outlet"),
        ("statement_ids", STRING_LIST, "its statements"), ("outlets", STRING_LIST, "the outlets that have it"),
        ("not_in", STRING_LIST, "the event's outlets in which no counterpart was found"),
        ("differs", STRING_LIST, "what its pairs say differently, as in pairs"),
        ("check", BOOL, "whether one of its pairs is to be checked"),
        ("novelty", FLOAT, "of a fact of one outlet: the share of its words, by weight, that no other outlet has",
         "0 to 1"),
    ),
    _table(
        "events", "an event that articles report",
        ("event_id", STRING, "`event-`, a readable part, and a digest of the given name or of the first article's id"),
        ("event", STRING, "its name: the given one, or the words that its headlines share"),
        ("n_articles", INT, "articles that report it and are counted"),
        ("outlets", STRING_LIST, "their outlets"),
        ("first_at", UTC_TIME, "when the first of them was published", "UTC"),
        ("last_at", UTC_TIME, "when the last of them was published", "UTC"),
        ("event_from", STRING, "where it came from: file, sidecar, corrected, or found (by the words they share)"),
        ("joined_by", STRING_LIST, "names and words that most of its articles share, if it was found"),
    ),
    _table(
        "openings", "how a counted article begins, and when others speak",
        ARTICLE_ID_COLUMN,
        ("headline_start", INT, "offset where its headline begins; missing if the text has none", CODE_POINTS),
        ("headline_end", INT, "offset where its headline ends, exclusive", CODE_POINTS),
        ("lead_start", INT, "offset where its lead begins: the first sentence of the body, with the next ones of its"
         " paragraph up to 60 words", CODE_POINTS),
        ("lead_end", INT, "offset where its lead ends, exclusive", CODE_POINTS),
        ("first_speaker", STRING, "the first speaker, as `speaker_name`; missing if nobody with a name or role speaks"),
        ("first_quotation_id", STRING, "the first speaker's first quotation"),
        ("last_speaker", STRING, "the last speaker, as `speaker_name`"),
        ("last_quotation_id", STRING, "the last speaker's last quotation"),
        ("words_before_first_quotation", INT, "words of the body before the first reported or quoted words"),
        ("n_words_said", INT, "words of the body that somebody else says, between quotation marks or not"),
        ("said_share", FLOAT, "their share of the body's words", "0 to 1"),
    ),
    _table(
        "voices", "a speaker in an article",
        ARTICLE_ID_COLUMN, ("voice", INT, "its number in the article, from 0, by its first words"),
        ("speaker_name", STRING, "the speaker, as in `quotations`"),
        ("speaker_entity_id", STRING, "the speaker's entity, if linked to one"),
        ("speaker_side", STRING, "the speaker's side, if known"),
        ("anonymous", BOOL, "whether the speaker is unnamed"),
        ("quotation_id", STRING, "the speaker's first quotation"),
        ("place", FLOAT, "share of the body's words before the speaker's first words: 0 at the beginning", "0 to 1"),
        ("n_quotations", INT, "the speaker's quotations in the body"),
        ("n_words", INT, "words of the body that the speaker says, between quotation marks or not"),
    ),
    _table(
        "counts", "a term in an article",
        ARTICLE_ID_COLUMN, ("outlet", STRING, "the article's outlet"),
        ("unit", STRING, "the unit of the term: word, lemma, 2-gram ..."),
        ("term", STRING, "the term, after folding by data/en/variants.csv"), IN_QUOTATION_COLUMN,
        ("n", INT, "occurrences"),
    ),
    _table(
        "corrections", "a row of the corpus folder's corrections.csv",
        ("line", INT, "the line of the file where it begins"),
        ("what", STRING, "kind of thing it corrects: "
         + " or ".join(", ".join(CORRECTED_TABLES).rsplit(", ", 1))),
        ("target_id", STRING, "the id of what it corrects"), ("operation", STRING, "change, remove, add or merge"),
        ("field", STRING, "the field that is changed"), ("old", STRING, "the old value"),
        ("new", STRING, "the new value"), ("who", STRING, "who made the correction"),
        ("why", STRING, "the reason given for it"),
        ("status", STRING, f"the outcome: {', '.join(CORRECTION_STATUSES)}"),
        ("reason", STRING, "why it could not be applied, or what else was found"),
    ),
    _table(
        "problems", "something odd in the data",
        ("article_id", STRING, "the article, if it concerns one"),
        ("path", STRING, "the file, relative to the corpus"),
        ("step", STRING, "the step that found it: read, clean, annotate, link, correct or count"),
        ("severity", STRING, "error (not analysed), warning (analysed with care) or note"),
        ("reason", STRING, "what was expected and what was found"),
    ),
)}


RAW_TABLES_FOLDER = "raw"  # in the folder of corrected tables: the tables before corrections
ANNOTATED_TABLES = ("lines", "sentences", "tokens", "mentions", "values", "quotations", "speech_acts", "statements",
                    "problems")  # by article
TABLE_ROW_ORDER = {  # columns that a table's rows are sorted by
    "articles": "article_id", "lines": "article_id, line", "sentences": "article_id, sentence",
    "tokens": "article_id, token", "mentions": "article_id, field, start, mention_id",
    "values": "article_id, field, start, value_id",
    "quotations": "article_id, sentence, quotation_id", "speech_acts": "article_id, sentence, quotation_id",
    "statements": "article_id, field, start, statement_id",
    "counts": "article_id, term, in_quotation", "problems": "article_id, path, step, reason, severity",
    "utterances": "quotation_a, quotation_b", "pairs": "event_id, statement_a, statement_b",
    "facts": "event_id, fact_id", "events": "event_id", "openings": "article_id", "voices": "article_id, voice",
}


def make_table(name: str, rows: Iterable[dict[str, Any]]) -> pa.Table:
    """The table `name` with the given rows; columns that a row lacks are null in it.

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
    """The data dictionary as Markdown, one section per table."""
    sections = []
    for table in TABLES.values():
        points = "code points into the field" if "field" in table.arrow.names else CODE_POINTS
        rows = [f"| `{c.name}` | {c.dtype} | {c.meaning} | {points if c.unit == CODE_POINTS else c.unit} |"
                for c in table.columns]
        head = ["", f"### {table.name}", "", f"One row is {table.row}.", "",
                "| column | type | meaning | unit |", "|---|---|---|---|"]
        sections += head + rows
    return "\n".join(sections) + "\n"
