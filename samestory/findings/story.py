"""Findings of the story: what outlets report differently, what one alone reports, and whose side speaks."""

from typing import Any

import pandas as pd

from samestory.base.schema import INFERRED_RESOLUTIONS
from samestory.base.wording import MAX_LISTED_ITEMS, clip_name, format_list, format_quantity
from samestory.findings.finding import Finding, show_finding
from samestory.findings.speech import explode_spans
from samestory.measure.event_shares import keep_shared_events
from samestory.measure.facts import choose_facts
from samestory.measure.speakers import NO_SIDE_LABEL, count_sides
from samestory.show.facts import DIFFERENCE_LABELS
from samestory.tables.tables import Tables

STORY_PAGE = "05_story"
MAX_QUOTED_SENTENCE_CHARS = 220  # code points of a sentence in a finding
MIN_LONE_SENTENCE_WORDS = 8  # a shorter sentence says too little by itself
MIN_SIDE_STATEMENTS = 3  # statements of one side in one outlet
TOLD_DIFFERENCES = ("value", "day", "negation")  # differences that a finding names


def find_difference(tables: Tables, facts: pd.DataFrame) -> Finding | None:
    """The first fact whose statements cannot all hold as said, or that differ in number, day or negation.

    Parameters
    ----------
    tables : a corpus's tables
    facts : the result of `find_facts`
    """
    several = choose_facts(facts, relations=["differs"], top_n=len(facts))
    told = several[[bool(check or {*kinds} & {*TOLD_DIFFERENCES})
                    for check, kinds in zip(several["check"], several["differs"], strict=True)]]
    if told.empty:
        return None
    ids = told.sort_values("check", ascending=False, kind="stable")["fact_id"].drop_duplicates()
    chosen = told[told["fact_id"] == ids.iloc[0]].drop_duplicates("outlet").head(MAX_LISTED_ITEMS)
    kinds = format_list([DIFFERENCE_LABELS[kind] for kind in chosen["differs"].iloc[0] if kind in TOLD_DIFFERENCES])
    more = f" {format_quantity(len(ids) - 1, 'more fact')} differ{'s' * (len(ids) == 2)} so." if len(ids) > 1 else ""
    lead = "Check this" if chosen["check"].any() else "Said differently"
    text = f"{lead}{f' ({kinds})' if kinds else ''}: {_quote_sentences(chosen)}.{more}"
    return Finding("The same fact, reported differently", text, STORY_PAGE, "Reported differently",
                   _show_statements(tables, chosen, "What each outlet reports"))


def find_lone_facts(tables: Tables, facts: pd.DataFrame) -> Finding | None:
    """The most specific statement of each outlet for which no counterpart was found in the others.

    Parameters
    ----------
    tables : a corpus's tables
    facts : the result of `find_facts`
    """
    alone = choose_facts(facts, relations=["one_outlet"], top_n=len(facts))
    alone = alone[[len(text.split()) >= MIN_LONE_SENTENCE_WORDS for text in alone["text"]]]
    n_outlets = tables.articles["outlet"][tables.articles["counted"]].nunique()
    if alone.empty or not 1 < n_outlets <= MAX_LISTED_ITEMS:
        return None
    by_narrator = alone.assign(quoted=alone["speaker"].notna()).sort_values("quoted", kind="stable")
    chosen = by_narrator.drop_duplicates("outlet").sort_values("outlet")
    text = (f"No counterpart was found in the other outlet{'s' * (n_outlets > 2)} for {_quote_sentences(chosen)}."
            f" {format_quantity(alone['fact_id'].nunique(), 'statement')} are in one outlet only, as far as was found.")
    return Finding("Reported by one outlet only", text, STORY_PAGE, "Reported by one outlet only",
                   _show_statements(tables, chosen, "Statements without a counterpart"))


def _quote_sentences(rows: pd.DataFrame) -> str:
    """Each outlet with its sentence: `“...” (CNN); “...” (CGTN)`."""
    return "; ".join(f"“{_clip_sentence(row.text)}” ({clip_name(row.outlet)})" for row in rows.itertuples())


def _clip_sentence(text: str) -> str:
    said = " ".join(text.split()).strip("“”\"")
    if len(said) <= MAX_QUOTED_SENTENCE_CHARS:
        return said
    return said[:MAX_QUOTED_SENTENCE_CHARS].rpartition(" ")[0] + " …"


def _show_statements(tables: Tables, rows: pd.DataFrame, caption: str) -> Any:
    places = pd.DataFrame(list(rows["statement"]), index=rows.index)
    spans = rows.assign(start=places["start"], end=places["end"])[["article_id", "outlet", "start", "end"]]
    return show_finding(tables, spans, rows[["outlet"]].drop_duplicates(), ["outlet"], caption)


def find_side_shares(tables: Tables, quotations: pd.DataFrame) -> Finding | None:
    """The sides that have most statements in each outlet; for few outlets that all quote some side.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : the result of `choose_quotations`
    """
    quotations, where = keep_shared_events(quotations, tables)
    sides = count_sides(quotations)
    sides = sides[sides["speaker_side"] != NO_SIDE_LABEL].sort_values(
        ["n_quotations", "speaker_side"], ascending=[False, True], kind="stable")
    outlets = sorted(sides["outlet"].unique())
    if not 1 < len(outlets) <= MAX_LISTED_ITEMS or sides["n_quotations"].iloc[0] < MIN_SIDE_STATEMENTS:
        return None
    listed = "; ".join(f"{clip_name(outlet)}: " + format_list(
        f"{clip_name(row.speaker_side)} {row.share}" for row in sides[sides["outlet"] == outlet].itertuples())
        for outlet in outlets)
    inferred = int((quotations["speaker_side"].notna() & quotations["resolution"].isin(INFERRED_RESOLUTIONS)).sum())
    note = f" In {inferred:,} the speaker is inferred from a pronoun, a role or the words before." if inferred else ""
    spans = explode_spans(quotations.dropna(subset="speaker_side"), "content_spans")
    evidence = show_finding(tables, spans, sides, ["speaker_side", "outlet"], "Statements of each side")
    text = f"Statements by side, {listed}.{where}{note}"
    return Finding("Whose voice", text, "03_quotations", "On whose side", evidence)
