"""Findings about quotations: the speakers quoted most, the share of quoted words, and shared speakers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from samestory.base.wording import MAX_LISTED_ITEMS, clip_name, format_list, format_percent, format_quantity
from samestory.findings.finding import Finding, show_finding
from samestory.link.utterances import split_words
from samestory.measure.event_shares import (
    choose_first_apart,
    compare_within_events,
    drop_own_names,
    keep_shared_events,
)
from samestory.measure.speakers import NO_SPEAKER_LABEL, compare_speakers, count_quoted_words, count_speakers
from samestory.measure.utterances import list_utterances, tell_utterances
from samestory.tables.tables import Tables

SHARED_SPEECH_TOPIC = "Quoted by one, quoted by more"  # topic of a finding that has two forms


def find_speakers(tables: Tables, quotations: pd.DataFrame) -> Finding:
    """The speakers whom the outlets quote most, and their share of all statements."""
    topic, page, section = "Who is quoted most", "03_quotations", "Who speaks"
    quotations, where = keep_shared_events(quotations, tables)
    is_named = (quotations["speaker_name"] != NO_SPEAKER_LABEL) & ~quotations["anonymous"].astype(bool)
    named = set(quotations["speaker_name"][is_named])
    speakers = count_speakers(quotations)
    speakers = drop_own_names(speakers[speakers["speaker_name"].isin(named)], "speaker_name")
    if speakers.empty:
        return Finding(topic, "No statement of a named speaker was found.", page, section)
    n_outlets = quotations["outlet"].nunique()
    firsts = _choose_most_quoted(speakers)
    if firsts.empty:
        return Finding(topic, "No speaker is quoted more often than others.", page, section)
    if n_outlets <= MAX_LISTED_ITEMS:
        listed = "; ".join(f"{clip_name(name)} in {_list_speaker_shares(part)}"
                           for name, part in _group_by_speaker(firsts))
        rows, text = firsts, f"Most quoted, by statements: {listed}."
    else:
        sums = speakers.groupby("speaker_name").agg(n=("n_quotations", "sum"), outlets=("outlet", "size"))
        most = sums.sort_values(["n", "outlets"], ascending=False, kind="stable").iloc[0]
        rows = speakers[speakers["speaker_name"] == most.name]
        text = (f"Most quoted: {clip_name(most.name)}, {int(most['n']):,} of {len(quotations):,} statements, by"
                f" {int(most['outlets'])} of {n_outlets} outlets."
                f"{_describe_concentration(firsts) if not where else ''}")
    text += where + _describe_first_apart(quotations[is_named], tables)
    text += "" if "low_percent" in speakers else " Too few articles for an interval."
    spans = explode_spans(quotations, "content_spans")
    caption = "Statements of the speaker" + "s who are quoted most" * (n_outlets <= MAX_LISTED_ITEMS)
    evidence = show_finding(tables, spans, rows, ["speaker_name", "outlet"], caption)
    return Finding(topic, text, page, section, evidence)


def _describe_first_apart(named: pd.DataFrame, tables: Tables) -> str:
    """The speaker whom an outlet quotes more than others that report the same events, if a test supports one."""
    row = choose_first_apart(compare_within_events(named, tables, by=["speaker_name"]))
    if row is None:
        return ""
    return (f" Event by event, {clip_name(row.outlet)} quotes {clip_name(row.speaker_name)} more than others do:"
            f" {row.share} statements of named speakers, elsewhere {row.share_elsewhere}.")


def _choose_most_quoted(speakers: pd.DataFrame) -> pd.DataFrame:
    """The speaker with most statements in each outlet; of several with as many, all of up to three, else none."""
    most = speakers[speakers["n_quotations"] == speakers.groupby("outlet")["n_quotations"].transform("max")]
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


def find_quoted_shares(tables: Tables, quotations: pd.DataFrame) -> Finding:
    """The share of each outlet's text that is between quotation marks."""
    words = count_quoted_words(tables, quotations).sort_values(["n_words", "outlet"], ascending=[False, True])
    direct = explode_spans(quotations, "quoted_spans")
    evidence = show_finding(tables, direct, words, ["outlet"], "Words between marks: the first of each outlet")
    total, n = int(words["n_words_direct"].sum()), int(words["n_words"].sum())
    has_events = len(set(tables.event_ids.values())) > 1
    sure = words.dropna(subset="low_percent") if "low_percent" in words else words.iloc[:0]
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
    text += "" if len(sure) else " Too few articles for an interval."
    return Finding("In whose words", text, "03_quotations", "In whose words", evidence)


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


def find_shared_speech(tables: Tables, quotations: pd.DataFrame) -> Finding | None:
    """The number of speakers in one outlet only, and how similarly outlets report the words of the others."""
    quotations, where = keep_shared_events(quotations, tables)
    speakers = compare_speakers(quotations)
    if speakers.empty or quotations["outlet"].nunique() < 2:
        return None
    shared, n_alone = speakers[speakers["n_outlets"] > 1], int((speakers["only_in"] != "").sum())
    n_unsure = len(speakers) - len(shared) - n_alone
    text = f"{n_alone:,} of {format_quantity(len(speakers), 'named speaker')} are quoted by one outlet only."
    text += (f" {n_unsure:,} more may be: another outlet quotes somebody who may be the same." if n_unsure else "")
    text += where
    utterances = list_utterances(tables, quotations)
    spans = explode_spans(quotations, "content_spans")
    if utterances.empty:
        listed = format_list(f"{clip_name(row.speaker_name)} ({clip_name(row.outlets)})" for row in shared.itertuples())
        rows = (shared if len(shared) else speakers)[["speaker_name"]]
        evidence = show_finding(tables, spans, rows, ["speaker_name"], "Statements: the first of each speaker")
        return Finding(SHARED_SPEECH_TOPIC, f"{text} Quoted by more than one: {listed or 'nobody'}.", "03_quotations",
                       "Quoted by one outlet only, and by several", evidence)
    pair = _pick_pair(utterances)
    chosen = pd.concat([spans[(spans["outlet"] == pair[f"outlet_{side}"]) & (spans["text"] == pair[f"text_{side}"])]
                        for side in "ab"])
    by = ["speaker_name", "outlet"]
    evidence = show_finding(tables, chosen, chosen[by].drop_duplicates(), by, "One utterance in two outlets")
    return Finding(SHARED_SPEECH_TOPIC, f"{text} {tell_utterances(utterances)} {_describe_shared_utterance(pair)}",
                   "03_quotations", "The same utterance in two outlets", evidence)


def _pick_pair(utterances: pd.DataFrame) -> pd.Series:
    """The first pair whose outlets name the same speaker; if there is none, the first pair."""
    is_one = (utterances["other_name"] == "") & (utterances["speaker_name"] != NO_SPEAKER_LABEL)
    return utterances[is_one].iloc[0] if is_one.any() else utterances.iloc[0]


def _describe_shared_utterance(pair: pd.Series) -> str:
    words = {side: len(split_words(pair[f"text_{side}"])) for side in "ab"}
    more, less = ("a", "b") if words["a"] >= words["b"] else ("b", "a")
    how = {"trimmed": "has {} words and {} keeps {}", "identical": "has {} words and {} the same {}"}.get(
        pair["relation"], "reports it in {} words and {} in {} others")
    numbers = how.format(words[more], clip_name(pair[f"outlet_{less}"]), words[less])
    return f"Of one by {clip_name(pair['speaker_name'])}, {clip_name(pair[f'outlet_{more}'])} {numbers}."
