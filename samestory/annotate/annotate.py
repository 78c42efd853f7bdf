"""Annotation: turns one parse of an article into sentences, tokens, mentions, values and quotations.

Articles are independent of each other here, so results are the same on one core, on all cores or on a cluster.
Steps that need other articles (which names are one entity) are left to samestory/link.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from samestory.annotate.fields import join_headline, locate_columns, locate_rows
from samestory.annotate.mentions import find_mentions
from samestory.annotate.models import DEFAULT_MODEL, TOKENS_MODEL, is_function_model, is_tokens_model, load_model
from samestory.annotate.norms import list_norms
from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.parser import cut_parse_input, parse_article
from samestory.annotate.quotations import find_quotations, is_speech_act
from samestory.annotate.statements import find_statements
from samestory.annotate.values import find_values
from samestory.base.batches import cut_batches
from samestory.base.errors import Problem, SameStoryError
from samestory.base.schema import ANNOTATED_TABLES, TABLES, make_table
from samestory.clean.articles import Article
from samestory.clean.headlines import find_metadata_headline
from samestory.clean.lines import find_paragraphs
from samestory.clean.misread_text import Shadow, looks_misread, map_back, repair_text

if TYPE_CHECKING:
    from spacy.tokens import Doc

WORD_BATCH_CHARS = 500_000  # code points of articles whose words are read together
UNDATED_PRECISIONS = ("month", "year")  # of publication: too coarse for "yesterday"
GC_THRESHOLD_OBJECTS = 100_000  # objects created between two collections
LONG_ARTICLE_WARNING = "a long article, read in {n} runs: a name or speaker of one run is not looked up in another"
WORDS_ONLY_WARNING = f"read for words alone (model {TOKENS_MODEL!r}): no names, no quotations, no lemmas"


def annotate_articles(articles: Iterable[Article], *, model: str = DEFAULT_MODEL) -> dict[str, pa.Table]:
    """The tables of ANNOTATED_TABLES for some articles; an article that cannot be parsed becomes a problem.

    Parameters
    ----------
    articles : cleaned articles; those that are not counted get only lines
    model : name or path of a spaCy pipeline, or `python:module:function` for names by a user's function

    Raises
    ------
    SameStoryError
        If there is no such model, or the function does not return spans.
    """
    load_model(model)  # a missing model is an error of the call, not a problem of each article
    if is_function_model(model):
        from samestory.annotate.recognizers import load_recognizer
        load_recognizer(model)
    parts: dict[str, list[pa.Table]] = {name: [TABLES[name].arrow.empty_table()] for name in ANNOTATED_TABLES}
    with _rare_garbage_collection() if is_tokens_model(model) else nullcontext():
        for made in _annotate_in_batches(articles, model):
            for name, table in made.items():
                parts[name].append(table)
    return {name: pa.concat_tables(tables) for name, tables in parts.items()}


@contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    """Collect garbage less often: words create no cycles, and collection takes a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(GC_THRESHOLD_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _annotate_in_batches(articles: Iterable[Article], model: str) -> Iterator[dict[str, pa.Table]]:
    """The tables of one article at a time, or of many at once if only words are read and the articles look sound."""
    for is_sound, found in groupby(articles, lambda a: is_tokens_model(model) and not looks_misread(a.row["text"])):
        if is_sound:
            for batch in cut_batches(found, lambda article: len(article.row["text"]), most_size=WORD_BATCH_CHARS):
                yield from _annotate_words(batch, model)
        else:
            yield from (_annotate_article(article, model) for article in found)


def _annotate_words(articles: list[Article], model: str) -> Iterator[dict[str, pa.Table]]:
    """The tables of several articles at once, or one by one if that fails, to find the article at fault."""
    from samestory.annotate.words_only import tabulate_words
    try:
        made = tabulate_words((_make_parse_input(article) for article in articles if article.row["counted"]),
                              model=model)
    except (MemoryError, SameStoryError):
        raise
    except Exception:
        yield from (_annotate_article(article, model) for article in articles)
        return
    problems = [problem for article in articles
                for problem in _list_article_problems(article, [WORDS_ONLY_WARNING], model)]
    lines = pa.concat_tables(map(tabulate_lines, articles))
    yield made | {"lines": lines, "problems": make_table("problems", problems)}


def _annotate_article(article: Article, model: str) -> dict[str, pa.Table]:
    tables = {"lines": tabulate_lines(article)}
    problems = list(article.problems)
    if article.row["counted"]:
        try:
            shadow = repair_text(article.row["text"])
            made, reasons = _read_source(_make_parse_input(article, shadow), model)
            tables |= map_back(made, shadow, article.row["text"]) if shadow else made
            problems = _list_article_problems(article, reasons, model)
        except (MemoryError, SameStoryError):
            raise
        except Exception as error:  # one bad article costs a row, never the run
            problems.append(_write_problem(article, "error", f"{type(error).__name__}: {error}"))
    return tables | {"problems": make_table("problems", problems)}


def _list_article_problems(article: Article, reasons: list[str], model: str) -> list[Problem]:
    """The problems of an article: those already found, and warnings for these reasons."""
    if not article.row["counted"]:
        return list(article.problems)
    reasons = [*reasons, *_compare_languages(article, model)]
    return [*article.problems, *(_write_problem(article, "warning", reason) for reason in reasons)]


def _read_source(source: ParseInput, model: str) -> tuple[dict[str, pa.Table], list[str]]:
    """The tables of an article, and the reasons for warnings; a very long text is read in several runs."""
    if is_tokens_model(model):
        from samestory.annotate.words_only import tabulate_words
        return tabulate_words([source], model=model), [WORDS_ONLY_WARNING]
    runs = cut_parse_input(source)
    reasons = [LONG_ARTICLE_WARNING.format(n=len(runs))] if len(runs) > 1 else []
    made: list[dict[str, pa.Table]] = []
    sentences = tokens = 0
    for run in runs:
        parse = parse_article(run, model=model)
        made.append(_shift_numbers(tabulate_parse(parse), sentences, tokens))
        reasons += parse.problems
        sentences, tokens = sentences + len(parse.sentences), tokens + len(parse.doc)
    return {name: pa.concat_tables(tables[name] for tables in made) for name in made[0]}, list(dict.fromkeys(reasons))


def _shift_numbers(tables: dict[str, pa.Table], sentences: int, tokens: int) -> dict[str, pa.Table]:
    """The tables of a run, with sentences and tokens numbered from those of the previous runs."""
    def shift(table: pa.Table, column: str, by: int) -> pa.Table:
        if not by or column not in table.column_names:
            return table
        place = table.column_names.index(column)
        return table.set_column(place, table.field(place), pc.add(table[column], pa.scalar(by, pa.int32())))

    return {name: shift(shift(table, "sentence", sentences), "token", tokens) for name, table in tables.items()}


def _compare_languages(article: Article, model: str) -> list[str]:
    """A warning if the pipeline was made for another language; a multi-language one (`xx`) suits all."""
    made_for, language = load_model(model).lang, article.row["language"]
    return [f"the spaCy pipeline {model!r} is made for the language {made_for}, the article is in {language}"
            ] if made_for not in ("xx", language) else []


def _write_problem(article: Article, severity: str, reason: str) -> Problem:
    return {"article_id": article.article_id, "path": article.row["path"], "step": "annotate", "severity": severity,
            "reason": reason[:500]}


def tabulate_parse(parse: Parse) -> dict[str, pa.Table]:
    """The sentences, tokens, mentions, values, quotations, speech acts and statements of one parsed article."""
    mentions = find_mentions(parse)
    quotations = find_quotations(parse, mentions)
    values = find_values(parse, mentions)
    quoted = _mark_quoted_tokens(parse, quotations)
    for row in (*mentions, *values):
        row["in_quotation"] = bool(quoted[parse.tokens_within(row["start"], row["end"])[0]])
    rows = {"sentences": _list_sentences(parse), "mentions": mentions, "values": values,
            "quotations": [row for row in quotations if not is_speech_act(row)],
            "speech_acts": [row for row in quotations if is_speech_act(row)],
            "statements": find_statements(parse, quotations)}
    return {"tokens": _tabulate_tokens(parse, quoted)} | {
        name: make_table(name, locate_rows(name, found, parse.source)) for name, found in rows.items()}


def _make_parse_input(article: Article, shadow: Shadow | None = None) -> ParseInput:
    """The input of a parse: the article's text, or its repaired shadow, after a headline of the metadata."""
    row, text, paragraphs = article.row, article.row["text"], find_paragraphs(article.lines)
    if shadow:
        text, paragraphs = shadow.text, tuple(replace(paragraph, start=shadow.to_shadow(paragraph.start),
                                                      end=shadow.to_shadow(paragraph.end)) for paragraph in paragraphs)
    is_day_known = row["published_at"] and row["published_precision"] not in UNDATED_PRECISIONS
    source = ParseInput(article.article_id, text, paragraphs, row["outlet"],
                        row["published_at"].date() if is_day_known else None)
    headline = find_metadata_headline(row["headline"], row["outlet"], article.lines)
    return join_headline(source, row["headline"], *headline) if headline else source


def tabulate_lines(article: Article) -> pa.Table:
    """The table lines of one article."""
    lines = article.lines
    columns = {"article_id": [article.article_id] * len(lines), "line": [line.number for line in lines],
               "start": [line.start for line in lines], "end": [line.end for line in lines],
               "role": [line.role for line in lines], "rule": [line.rule for line in lines],
               "paragraph": [line.paragraph for line in lines]}
    return pa.table(columns, schema=TABLES["lines"].arrow)


def _list_sentences(parse: Parse) -> list[dict[str, Any]]:
    rows = []
    for number, sentence in enumerate(parse.sentences):
        start, end = parse.span(sentence.start, sentence.end)
        paragraph = parse.source.paragraphs[parse.paragraph_of[sentence.start]]
        rows.append({"article_id": parse.source.article_id, "sentence": number, "paragraph": paragraph.number,
                     "role": paragraph.role, "start": start, "end": end})
    return rows


def _mark_quoted_tokens(parse: Parse, quotations: list[dict[str, Any]]) -> np.ndarray:
    """Whether each token is between the marks of a quotation."""
    quoted = np.zeros(len(parse.doc), bool)
    for quotation in quotations:
        for span in quotation["quoted_spans"]:
            first, last = parse.tokens_within(span["start"], span["end"])
            quoted[first:last] = True
    return quoted


def _tabulate_tokens(parse: Parse, quoted: np.ndarray) -> pa.Table:
    doc, n = parse.doc, len(parse.doc)
    roles = np.array([paragraph.role for paragraph in parse.source.paragraphs] or [""])
    columns = {
        "article_id": pa.repeat(pa.scalar(parse.source.article_id), n),
        "sentence": parse.sentence_of,
        "token": np.arange(n, dtype=np.int32),
        "role": pa.array(roles[parse.paragraph_of] if n else [], pa.string()),
        **locate_columns(parse.starts, parse.ends, parse.source.text_start),
        "norm": _list_doc_norms(parse),
        "lemma": _list_token_strings(doc, "LEMMA") if n and doc.has_annotation("LEMMA")
        else _list_token_strings(doc, "LOWER"),
        "pos": _list_token_strings(doc, "POS"),
        "in_quotation": quoted,
    }
    return pa.table(columns, schema=TABLES["tokens"].arrow)


def _list_doc_norms(parse: Parse) -> pa.Array:
    values, word = np.unique(parse.doc.to_array("ORTH"), return_inverse=True)
    return list_norms([parse.doc.vocab.strings[value] for value in values.tolist()], word, parse.sentence_of)


def _list_token_strings(doc: "Doc", attribute: str) -> pa.Array:
    """An attribute of each token as a string; each distinct value is looked up once."""
    values, places = np.unique(doc.to_array(attribute), return_inverse=True)
    strings = [doc.vocab.strings[value] for value in values.tolist()]
    return pa.array(strings, pa.string()).take(pa.array(places))
