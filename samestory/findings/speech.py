"""Findings about quotations: who is quoted most, which words were cut, and the share of quoted words.

A ranking that rests on inferred speakers is not reported, nor a difference that is small.
"""

from dataclasses import replace
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from samestory.base.schema import INFERRED_RESOLUTIONS
from samestory.base.wording import MAX_LISTED_ITEMS, clip_name, format_percent
from samestory.findings.finding import Finding, FindingBar, show_finding
from samestory.findings.sentences import QUOTED_MARKS, count_weighty_words
from samestory.measure.event_shares import (
    choose_first_apart,
    compare_within_events,
    drop_own_names,
    keep_shared_events,
)
from samestory.measure.speakers import (
    NO_SPEAKER_LABEL,
    count_quoted_words,
    count_speakers,
)
from samestory.measure.utterances import list_utterances
from samestory.tables.tables import Tables

SPEAKERS_TOPIC = "Whose words"
SPEAKERS_PAGE, SPEAKERS_SECTION = "03_quotations", "Who speaks"
MIN_MOST_QUOTED_STATEMENTS = 3  # of the speaker whom an outlet quotes most
MIN_LEAD_STATEMENTS = 2  # that this speaker has more than the next
MIN_CUT_WORDS = 5  # in a row, that one outlet quotes and another leaves out
REPEATED_RUN_WORDS = 4  # in a row that both have: no coincidence
CUT_WORD_MARKS = ".,;:!?“”\"'‘’()…—–-"
GAP_MARK = "…"  # in the text of a quotation
MAX_CUT_CHARS = 220  # code points shown of them
MIN_QUOTED_SHARE_DIFFERENCE = 15  # percentage points between two of few outlets


def find_speakers(tables: Tables, quotations: pd.DataFrame) -> Finding | None:
    """The speakers whom each outlet quotes most.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : the result of `choose_quotations`
    """
    quotations, where = keep_shared_events(quotations, tables)
    named = set(choose_named(quotations)["speaker_name"])
    speakers = count_speakers(quotations)
    speakers = drop_own_names(speakers[speakers["speaker_name"].isin(named)], "speaker_name")
    n_outlets = tables.articles["outlet"][tables.articles["counted"]].nunique()
    firsts = _keep_clear_leads(_keep_certain(_choose_most_quoted(speakers), quotations), speakers, n_outlets)
    parts = [_describe_most_quoted(speakers, firsts, quotations, tables),
             _describe_first_apart(choose_named(quotations), tables)]
    if not any(parts):
        return None
    rows = firsts if len(firsts) else speakers
    spans = explode_spans(quotations, "content_spans")
    evidence = show_finding(tables, spans, rows, ["speaker_name", "outlet"], "Statements of these speakers")
    bars = tuple(FindingBar(f"{clip_name(row.outlet)}: {clip_name(row.speaker_name)}", row.share)
                 for row in firsts.itertuples()) if quotations["outlet"].nunique() <= MAX_LISTED_ITEMS else ()
    return Finding(SPEAKERS_TOPIC, f"{' '.join(filter(None, parts))}{where}", SPEAKERS_PAGE, SPEAKERS_SECTION, evidence,
                   bars=bars)


def _describe_most_quoted(speakers: pd.DataFrame, firsts: pd.DataFrame, quotations: pd.DataFrame,
                          tables: Tables) -> str:
    """The speakers quoted most: in each of few outlets, or in all."""
    n_outlets = quotations["outlet"].nunique()
    if firsts.empty:
        return ""
    if n_outlets <= MAX_LISTED_ITEMS:
        listed = "; ".join(f"{clip_name(name)} in {_list_speaker_shares(part)}"
                           for name, part in _group_by_speaker(firsts))
        return f"Most quoted, by statements: {listed}."
    sums = speakers.groupby("speaker_name").agg(n=("n_quotations", "sum"), outlets=("outlet", "size"))
    most = sums.sort_values(["n", "outlets"], ascending=False, kind="stable").iloc[0]
    return (f"Most quoted: {clip_name(most.name)}, {int(most['n']):,} of {len(quotations):,} statements, by"
            f" {int(most['outlets'])} of {n_outlets} outlets."
            f"{_describe_concentration(firsts) if len(set(tables.event_ids.values())) < 2 else ''}")


def _keep_clear_leads(firsts: pd.DataFrame, speakers: pd.DataFrame, n_outlets: int) -> pd.DataFrame:
    """Those with more statements than the next by a margin, if each of few outlets has one: one alone would mislead."""
    if n_outlets > MAX_LISTED_ITEMS:
        return firsts
    seconds = {outlet: sorted([0, *counts])[-2] for outlet, counts in speakers.groupby("outlet")["n_quotations"]}
    kept = [row.n_quotations >= seconds[row.outlet] + MIN_LEAD_STATEMENTS for row in firsts.itertuples()]
    clear = firsts[pd.Series(kept, firsts.index, "bool")]
    return clear if clear["outlet"].nunique() == n_outlets else clear.iloc[:0]


def _keep_certain(firsts: pd.DataFrame, quotations: pd.DataFrame) -> pd.DataFrame:
    """Those who are quoted most by statements with a speaker that was not inferred, too."""
    certain = quotations[~quotations["resolution"].isin(INFERRED_RESOLUTIONS)]
    counts = certain.groupby(["outlet", "speaker_name"]).size()
    most = counts.groupby("outlet").max()
    kept = [counts.get((row.outlet, row.speaker_name), 0) == most.get(row.outlet, -1) for row in firsts.itertuples()]
    return firsts[pd.Series(kept, firsts.index, "bool")]


def choose_named(quotations: pd.DataFrame) -> pd.DataFrame:
    """The statements of people and bodies with a name, not of "officials" or "a recent poll"."""
    return quotations[~quotations["anonymous"].astype(bool) & quotations["speaker_entity_id"].notna()]


def _describe_first_apart(named: pd.DataFrame, tables: Tables) -> str:
    """The speaker whom an outlet quotes more than others that report the same events, if a test supports one."""
    row = choose_first_apart(compare_within_events(named, tables, by=["speaker_name"]))
    if row is None:
        return ""
    return (f"Event by event, {clip_name(row.outlet)} quotes {clip_name(row.speaker_name)} more than others do:"
            f" {row.share} statements of named speakers, elsewhere {row.share_elsewhere}.")


def _choose_most_quoted(speakers: pd.DataFrame) -> pd.DataFrame:
    """The speaker with most statements in each outlet; of several with as many, all of up to three, else none."""
    most = speakers[speakers["n_quotations"] == speakers.groupby("outlet")["n_quotations"].transform("max")]
    most = most[most["n_quotations"] >= MIN_MOST_QUOTED_STATEMENTS]
    return most[most.groupby("outlet")["speaker_name"].transform("size") <= MAX_LISTED_ITEMS]


def _list_speaker_shares(rows: list[Any]) -> str:
    return ", in ".join(f"{clip_name(row.outlet)} ({_format_speaker_share(row)})" for row in rows)


def _format_speaker_share(row: Any) -> str:
    """`9 of 11`, with its percentage and interval if the outlet has enough articles."""
    limits = getattr(row, "low_percent", np.nan), getattr(row, "high_percent", np.nan)
    return str(row.share) if np.isnan(limits[0]) else f"{row.share}, {format_percent(row.share_percent, *limits)}"


def _describe_concentration(firsts: pd.DataFrame) -> str:
    """The outlet with the largest share of statements by one speaker, among those with an interval."""
    sure = firsts.dropna(subset="low_percent") if "low_percent" in firsts else firsts.iloc[:0]
    if sure.empty:
        return ""
    top = next(sure.sort_values(["low_percent", "outlet"], ascending=[False, True]).itertuples())
    return (f" The largest share of one speaker, as far as the intervals show: {clip_name(top.speaker_name)} in"
            f" {clip_name(top.outlet)} ({_format_speaker_share(top)}).")


def _group_by_speaker(firsts: pd.DataFrame) -> list[tuple[str, list[Any]]]:
    groups = firsts.groupby("speaker_name", sort=False)
    return [(name, list(group.itertuples())) for name, group in groups]


def explode_spans(quotations: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per span of a quotation, with its start and end in place of the list."""
    rows = quotations[[name for name in quotations if name not in ("start", "end")]].explode(column).dropna(
        subset=[column]).reset_index(drop=True)
    places = pd.DataFrame(list(rows[column]), columns=["start", "end"])
    return rows.assign(start=places["start"].astype("int64"), end=places["end"].astype("int64"))


def find_quoted_shares(tables: Tables, quotations: pd.DataFrame) -> Finding | None:
    """The share of each outlet's text that is between quotation marks; of few outlets, if it differs and all have
    enough articles: of one story it shows which article has most room, or who quotes without marks."""
    words = count_quoted_words(tables, quotations).sort_values(["n_words", "outlet"], ascending=[False, True])
    sure = words.dropna(subset="low_percent") if "low_percent" in words else words.iloc[:0]
    if len(words) <= MAX_LISTED_ITEMS and (len(sure) < len(words)
                                           or np.ptp(words["direct_percent"]) < MIN_QUOTED_SHARE_DIFFERENCE):
        return None
    direct = explode_spans(quotations, "quoted_spans")
    evidence = show_finding(tables, direct, words, ["outlet"], "Words between marks: the first of each outlet")
    total, n = int(words["n_words_direct"].sum()), int(words["n_words"].sum())
    has_events = len(set(tables.event_ids.values())) > 1
    if len(words) <= MAX_LISTED_ITEMS:
        listed = "; ".join(f"{clip_name(row.outlet)} {_format_quoted_words_share(row)}" for row in words.itertuples())
        text = f"Quoted word for word, headlines left out: {listed}."
    else:
        text = (f"Quoted word for word, headlines left out: {total:,} of {n:,} words"
                f" ({format_percent(100 * total / max(n, 1))}).")
        if len(sure) > 1 and not has_events:
            least = next(sure.sort_values(["high_percent", "outlet"]).itertuples())
            most = next(sure.sort_values(["low_percent", "outlet"], ascending=[False, True]).itertuples())
            text += (f" Least, as far as the intervals show: {clip_name(least.outlet)},"
                     f" {_format_quoted_words_share(least)}; most: {clip_name(most.outlet)},"
                     f" {_format_quoted_words_share(most)}.")
    text += _describe_quoting_apart(tables, quotations) if has_events else ""
    bars = tuple(FindingBar(clip_name(row.outlet), f"{row.n_words_direct:,} of {row.n_words:,}")
                 for row in words.itertuples()) if len(words) <= MAX_LISTED_ITEMS else ()
    return Finding("In whose words", text, "03_quotations", "In whose words", evidence, bars=bars)


def _describe_quoting_apart(tables: Tables, quotations: pd.DataFrame) -> str:
    """The outlet that quotes more words than others that report the same events, if a test supports one."""
    articles = tables.articles[tables.articles["counted"]]
    direct = articles["article_id"].map(quotations.groupby("article_id")["n_words_direct"].sum()).fillna(0)
    parts = [articles.assign(kind=kind, n=n.clip(lower=0).astype("int64")) for kind, n in (
        ("quoted", direct), ("other", articles["n_words"] - direct))]
    found = compare_within_events(pd.concat(parts), tables, by=["kind"])
    row = choose_first_apart(replace(found, table=found.table[found.table["kind"] == "quoted"]))
    if row is None:
        return ""
    return (f" Event by event, {clip_name(row.outlet)} quotes more than others do: {row.share} words, elsewhere"
            f" {row.share_elsewhere}.")


def _format_quoted_words_share(row: Any) -> str:
    limits = getattr(row, "low_percent", np.nan), getattr(row, "high_percent", np.nan)
    return f"{row.n_words_direct:,} of {row.n_words:,} words ({format_percent(row.direct_percent, *limits)})"


def find_cut_quotation(tables: Tables, quotations: pd.DataFrame) -> Finding | None:
    """The same utterance in two outlets, of which one leaves out words in a row.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : the result of `choose_quotations`
    """
    pairs = list_utterances(tables, quotations[quotations["kind"] == "direct"])  # of others, some are the outlet's
    pairs = pairs[(pairs["other_name"] == "") & (pairs["speaker_name"] != NO_SPEAKER_LABEL)]
    texts = {name: _fold_words(text.split()) for name, text in tables.articles_by_id["text"].items()}
    cuts = [max(_list_cuts(pair, texts), default=(0, "", "", "")) for pair in pairs.to_dict("records")]
    if not any(cuts):
        return None
    n_words, cut, outlet, other = max(cuts)
    if n_words < MIN_CUT_WORDS:
        return None
    pair = pairs.iloc[cuts.index(max(cuts))]
    spans = explode_spans(quotations, "content_spans")
    chosen = pd.concat([spans[(spans["outlet"] == pair[f"outlet_{side}"]) & (spans["text"] == pair[f"text_{side}"])]
                        for side in "ab"])
    by = ["speaker_name", "outlet"]
    evidence = show_finding(tables, chosen, chosen[by].drop_duplicates(), by, "One utterance in two outlets")
    text = (f"Of one statement by {clip_name(pair['speaker_name'])}, {clip_name(outlet)} quotes “{cut}”, which"
            f" {clip_name(other)} does not quote.")
    return Finding("The same words, cut", text, "03_quotations", "The same utterance in two outlets", evidence)


def _list_cuts(pair: dict[str, Any], texts: dict[str, str]) -> list[tuple[int, str, str, str]]:
    """Runs of words that one quotation has and the other's article lacks: their number, the words, and both outlets.

    Only runs with a word of weight (`count_weighty_words`): others change little.

    Parameters
    ----------
    pair : a row of `list_utterances`
    texts : the words of each article, folded
    """
    words = {side: pair[f"text_{side}"].split() for side in "ab"}
    folded = {side: [_fold_words([word]) for word in words[side]] for side in "ab"}
    cuts = []
    for tag, *places in SequenceMatcher(None, folded["a"], folded["b"], autojunk=False).get_opcodes():
        for side, other, (start, end) in (("a", "b", places[:2]), ("b", "a", places[2:])):
            for run in _split_at_gaps(words[side][start:end]) if tag in ("insert", "delete") else ():
                cut = _find_longest_lacking(run, texts[pair[f"article_id_{other}"]])
                shown = " ".join(cut)[:MAX_CUT_CHARS].rstrip(",;:.")
                # with marks, the words between are somebody else's
                if not {*shown} & {*QUOTED_MARKS} and count_weighty_words(shown):
                    cuts.append((len(cut), shown, pair[f"outlet_{side}"], pair[f"outlet_{other}"]))
    return cuts


def _find_longest_lacking(words: list[str], text: str) -> list[str]:
    """The longest run of words of which a text lacks any few in a row.

    >>> _find_longest_lacking("We will go home after the vote on Monday".split(), "after the vote on monday they left")
    ['We', 'will', 'go', 'home']
    """
    is_there = [False] * len(words)
    for i in range(len(words) - REPEATED_RUN_WORDS + 1):
        if _fold_words(words[i:i + REPEATED_RUN_WORDS]) in text:
            is_there[i:i + REPEATED_RUN_WORDS] = [True] * REPEATED_RUN_WORDS
    runs = [list(run) for found, run in groupby(range(len(words)), is_there.__getitem__) if not found]
    longest = max(runs, key=len, default=[])
    return [words[i] for i in longest]


def _split_at_gaps(words: list[str]) -> list[list[str]]:
    """The runs of words between the marks of what an outlet itself put between or left out.

    >>> _split_at_gaps(["We", "won", "…", "Go", "home."])
    [['We', 'won'], ['Go', 'home.']]
    """
    return [list(run) for is_gap, run in groupby(words, GAP_MARK.__eq__) if not is_gap]


def _fold_words(words: list[str]) -> str:
    """Words in one line, without capitals and marks."""
    return " ".join(filter(None, (word.strip(CUT_WORD_MARKS).lower() for word in words)))
