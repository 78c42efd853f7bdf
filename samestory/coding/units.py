"""Units: everything in a corpus that a coder could be asked about, each in its stratum.

A unit is a statement, a name or a pair that was found, or a sentence in which something may have been missed. All
sentences are units, also those in which something was found: two in three of the statements missed on Wikinews are in
such a sentence. Articles and findings are those before corrections.csv.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
import pandas as pd

from samestory.annotate.quotations.cues import read_cues
from samestory.base.confidence import MIN_QUOTATION_CONFIDENCE
from samestory.base.fields import list_fields, select_text_rows, write_span_id
from samestory.measure.speakers import NO_SPEAKER_LABEL, choose_quotations
from samestory.tables.tables import Tables

UNIT_COLUMNS = ["task", "target_id", "article_id", "outlet", "field", "start", "end", "stratum", "interest",
                "found_answer", "found_speaker", "found_in_marks"]
CONFIDENCE_BANDS = ((0.85, "0.85 and more"), (0.0, "less than 0.85"))
CODED_PLACE_LABELS = ("GPE", "LOC", "FAC")
ASKED_NAME_CODES = ("PERSON", "ORG", "PLACE")  # the kinds of name whose missing ones are asked for
# How many rows sentences of each kind get, relative to their number: about the standard deviation of what is missed
# (39, 13, 4 and 2 % of the sentences of PolNeAR's development part), by which variance is least (Neyman).
SENTENCE_INTERESTS = {"left out": 4.0, "verb of saying or marks": 2.5, "statement found": 1.6, "neither": 1.0}
NAMED_SENTENCE_INTERESTS = {"name found": 2.0, "no name found": 1.0}


def list_units(tables: Tables) -> pd.DataFrame:
    """Everything that a coder could be asked about.

    Parameters
    ----------
    tables : a corpus's tables

    Returns
    -------
    One row per unit. Columns: task (one of `CODING_TASKS`), target_id (of the quotation, mention or pair; of a sentence
    article_id + `/t` + span), article_id, outlet, field, start, end, stratum, interest (how many rows its stratum
    gets, relative to its size), found_answer, found_speaker and found_in_marks (what the program found, as codes).
    """
    raw = tables.raw
    quotations = select_text_rows(choose_quotations(raw, min_confidence=MIN_QUOTATION_CONFIDENCE))
    parts = [_list_statement_units(quotations), _list_missed_statement_units(raw, quotations), _list_pair_units(raw),
             _list_name_units(raw), _list_missed_name_units(raw)]
    outlets = raw.articles.set_index("article_id")["outlet"]
    units = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return units.assign(outlet=units["article_id"].map(outlets)).reindex(columns=UNIT_COLUMNS).assign(
        stratum=_complete_strata(units, outlets))


def digest_units(units: pd.DataFrame) -> str:
    """A digest of what the program found, by which a sheet of other tables is recognised."""
    columns = ["task", "target_id", "found_answer", "found_speaker", "found_in_marks"]
    rows = sorted(units[columns].fillna("").itertuples(index=False, name=None))
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def code_name_label(label: str) -> str:
    """The code of a name's label: PERSON, ORG, PLACE or OTHER.

    >>> code_name_label("FAC"), code_name_label("NORP")
    ('PLACE', 'OTHER')
    """
    return "PLACE" if label in CODED_PLACE_LABELS else label if label in ASKED_NAME_CODES else "OTHER"


def _complete_strata(units: pd.DataFrame, outlets: pd.Series) -> pd.Series:
    """Strata with the outlet: first where errors depend on what is found, last where on the kind of sentence."""
    outlet = units["article_id"].map(outlets).astype("str")
    by_outlet = units["task"].isin(("statement", "name"))
    return (outlet + " | " + units["stratum"]).where(by_outlet, units["stratum"] + " | " + outlet)


def _list_statement_units(quotations: pd.DataFrame) -> pd.DataFrame:
    spans = [(int(spans[0]["start"]), int(spans[-1]["end"])) for spans in quotations["content_spans"]]
    band = quotations["confidence"].map(_name_band)
    return pd.DataFrame({
        "task": "statement", "target_id": quotations["quotation_id"], "article_id": quotations["article_id"],
        "field": "text", "start": [start for start, _ in spans], "end": [end for _, end in spans],
        "stratum": quotations["kind"] + " | " + band, "interest": 1.0, "found_answer": "right",
        "found_speaker": quotations["speaker_name"].where(quotations["speaker_name"] != NO_SPEAKER_LABEL, ""),
        "found_in_marks": quotations["kind"]}, index=quotations.index)


def _name_band(confidence: float) -> str:
    return next(name for lowest, name in CONFIDENCE_BANDS if confidence >= lowest)


def _list_sentence_units(task: str, sentences: pd.DataFrame, kinds: Iterable[str],
                         interests: dict[str, float]) -> pd.DataFrame:
    strata = pd.Series(list(kinds), index=sentences.index, dtype="str")
    fields = list_fields(sentences)
    ids = [write_span_id(*row) for row in zip(sentences["article_id"], ["t"] * len(sentences), fields,
                                              sentences["start"], sentences["end"], strict=True)]
    return pd.DataFrame({
        "task": task, "target_id": ids, "article_id": sentences["article_id"], "field": fields,
        "start": sentences["start"].astype("int64"), "end": sentences["end"].astype("int64"), "stratum": strata,
        "interest": strata.map(interests).astype("float64"), "found_answer": "0"})


def _list_missed_statement_units(raw: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    sentences = select_text_rows(raw.sentences[raw.sentences["role"] == "body"])
    keys = list(zip(sentences["article_id"], sentences["sentence"], strict=True))
    left_out = raw.quotations[~raw.quotations["quotation_id"].isin(quotations["quotation_id"])]
    acts = {*_list_sentence_keys(left_out), *_list_sentence_keys(raw.speech_acts)}
    cued, found = _find_cued_sentences(raw), _find_stated_sentences(raw, quotations)
    kinds = ["left out" if key in acts else "statement found" if key in found
             else "verb of saying or marks" if key in cued else "neither" for key in keys]
    return _list_sentence_units("missed_statement", sentences, kinds, SENTENCE_INTERESTS)


def _list_sentence_keys(rows: pd.DataFrame) -> Iterable[tuple[str, int]]:
    return zip(rows["article_id"], rows["sentence"], strict=True)


def _find_cued_sentences(raw: Tables) -> set[tuple[str, int]]:
    """The sentences that have a verb or noun of saying, or a quotation mark."""
    import pyarrow.compute as pc
    lemmas = sorted({lemma for lemma, _ in read_cues()})
    wanted = pc.field("lemma").isin(lemmas) | (pc.field("norm") == '"')
    tokens = pd.read_parquet(raw.path("tokens"), columns=["article_id", "sentence", "lemma", "pos", "norm"],
                             filters=wanted)
    is_cue = [pair in read_cues() for pair in zip(tokens["lemma"], tokens["pos"], strict=True)]
    return set(_list_sentence_keys(tokens[np.array(is_cue, bool) | (tokens["norm"] == '"').to_numpy(bool)]))


def _find_stated_sentences(raw: Tables, quotations: pd.DataFrame) -> set[tuple[str, int]]:
    """The sentences that have a part of a found statement."""
    numbers = {key: group["sentence"].tolist() for key, group in
               select_text_rows(raw.sentences).sort_values("start", kind="stable").groupby("article_id")}
    found = set()
    for article_id, spans in zip(quotations["article_id"], quotations["content_spans"], strict=True):
        starts, ends = raw.sentence_spans[article_id, "text"]
        for span in spans:
            first, last = np.searchsorted(ends, span["start"], "right"), np.searchsorted(starts, span["end"], "left")
            found |= {(article_id, number) for number in numbers[article_id][first:last]}
    return found


def _list_name_units(raw: Tables) -> pd.DataFrame:
    mentions = raw.mentions
    codes = mentions["label"].map(code_name_label).astype("str")
    return pd.DataFrame({
        "task": "name", "target_id": mentions["mention_id"], "article_id": mentions["article_id"],
        "field": list_fields(mentions), "start": mentions["start"].astype("int64"),
        "end": mentions["end"].astype("int64"), "stratum": codes, "interest": 1.0, "found_answer": codes})


def _list_missed_name_units(raw: Tables) -> pd.DataFrame:
    sentences = raw.sentences
    named = set(_list_sentence_keys(raw.mentions))
    kinds = ["name found" if key in named else "no name found" for key in _list_sentence_keys(sentences)]
    return _list_sentence_units("missed_name", sentences, kinds, NAMED_SENTENCE_INTERESTS)


def _list_pair_units(raw: Tables) -> pd.DataFrame:
    pairs, statements = raw.read("pairs"), raw.read("statements").set_index("statement_id")
    pairs = pairs[pairs["statement_a"].isin(statements.index) & pairs["statement_b"].isin(statements.index)]
    first = statements.loc[pairs["statement_a"]]
    answers = [("differs" if check else "same") if status == "sure" else "" for status, check in
               zip(pairs["status"], pairs["check"], strict=True)]
    return pd.DataFrame({
        "task": "pair", "target_id": pairs["pair_id"].to_list(), "article_id": first["article_id"].to_list(),
        "field": list_fields(first).to_list(), "start": first["start"].astype("int64").to_list(),
        "end": first["end"].astype("int64").to_list(), "stratum": pairs["status"].to_list(), "interest": 1.0,
        "found_answer": answers})
