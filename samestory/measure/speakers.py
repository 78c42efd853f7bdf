"""Counts of quotations: who speaks, how much, and how they are introduced.

A share is given as "7 of 12": 7 of the outlet's 12 quotations. If `judge_support` allows it, it has a confidence
interval; `describe_intervals` explains the interval, or why there is none. Only counted articles are included, and
only quotations with enough confidence. If one source passes on another (Reuters reported that officials said), the
statement is attributed to the inner one and counted once.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from samestory.base.confidence import MIN_QUOTATION_CONFIDENCE
from samestory.base.schema import INFERRED_RESOLUTIONS
from samestory.base.wording import MAX_LISTED_ITEMS
from samestory.link.link import cut_title
from samestory.measure.doubles import find_doubles
from samestory.measure.intervals import describe_intervals, measure_shares
from samestory.tables.tables import Tables

NO_SPEAKER_LABEL = "(no speaker found)"
NO_SIDE_LABEL = "(side not known)"
OUTER_SOURCE_RULE_SUFFIX = ", passed on"  # end of the rule of an outer source's row
MAX_WORDS_PER_CELL = 5  # words or names that one cell lists


def choose_quotations(tables: Tables, *, min_confidence: float = MIN_QUOTATION_CONFIDENCE) -> pd.DataFrame:
    """The quotations of counted articles with their outlet, and a name for every speaker.

    Parameters
    ----------
    tables : a corpus's tables
    min_confidence : quotations with less confidence are left out; 0 to 1

    Returns
    -------
    The columns of the table `quotations`, and outlet; `speaker_name` lacks its leading title, which is in
    `speaker_title`.
    """
    return choose_statements(tables.quotations, tables.articles, min_confidence=min_confidence)


def choose_statements(statements: pd.DataFrame, articles: pd.DataFrame, *,
                      min_confidence: float = MIN_QUOTATION_CONFIDENCE) -> pd.DataFrame:
    """`choose_quotations` for any rows with the columns of the table `quotations`."""
    found = statements[statements["confidence"] >= min_confidence]
    found = found[~found["rule"].str.endswith(OUTER_SOURCE_RULE_SUFFIX)]
    title = found.get("speaker_title", pd.Series(pd.NA, index=found.index, dtype="str"))
    name = pd.Series([cut_title(*pair) for pair in zip(found["speaker_name"], title, strict=True)],
                     index=found.index, dtype="str").fillna(NO_SPEAKER_LABEL)
    name, outlets = _fold_unnamed(name, found["anonymous"]), articles.set_index("article_id")["outlet"]
    return found.assign(outlet=found["article_id"].map(outlets), speaker_title=title,
                        speaker_name=name).reset_index(drop=True)


def _fold_unnamed(names: pd.Series, anonymous: pd.Series) -> pd.Series:
    """Names; unnamed "Officials" at the start of a sentence become the "officials" of other sentences."""
    small = names.str[:1].str.lower() + names.str[1:]
    return names.where(~(anonymous.astype(bool) & small.isin(set(names))), small)


def count_speakers(quotations: pd.DataFrame) -> pd.DataFrame:
    """The voice ledger: who speaks in each outlet, and how much.

    One row per speaker and outlet. Columns: outlet, speaker_name, speaker_title (if any has one),
    speaker_side (if any has one), n_quotations, share ("7 of 12"), share_percent with
    low_percent and high_percent (if any outlet has enough articles), n_words_direct, n_words_indirect,
    n_articles, n_inferred (quotations whose speaker is no name next to its verb, but a pronoun, a role or the words
    before), n_words_inferred (of these) and n_via (that another source reports, if any is); the most quoted first.
    """
    by = ["outlet", "speaker_name"]
    sums = quotations.groupby(by, as_index=False).agg(
        n_words_direct=("n_words_direct", "sum"), n_words_indirect=("n_words_indirect", "sum"),
        n_articles=("article_id", "nunique"))
    sums["n_inferred"] = _count_inferred(quotations, by, sums)
    n_words = quotations["n_words_direct"] + quotations["n_words_indirect"]
    is_inferred = quotations["resolution"].isin(INFERRED_RESOLUTIONS)
    sums["n_words_inferred"] = _sum_by(quotations.assign(n=n_words.where(is_inferred, 0)), by, sums)
    if "via" in quotations and quotations["via"].notna().any():
        sums["n_via"] = _sum_by(quotations.assign(n=quotations["via"].notna().astype(int)), by, sums)
    table = _count_shares(quotations, by).merge(sums, on=by)
    for place, name in enumerate(("speaker_title", "speaker_side"), start=2):
        if quotations[name].notna().any():
            table = table.merge(_find_most_used(quotations, by, name), on=by, how="left")
            table[name] = table[name].fillna(NO_SIDE_LABEL if name == "speaker_side" else "")
            table.insert(min(place, table.columns.get_loc("n_quotations")), name, table.pop(name))
    order = ["n_quotations", "n_words_direct", *by]
    return table.sort_values(order, ascending=[False, False, True, True], ignore_index=True)


def _sum_by(quotations: pd.DataFrame, by: list[str], rows: pd.DataFrame) -> list[int]:
    """The sum of `n` over the quotations of each row."""
    sums = quotations.groupby(by)["n"].sum()
    return [int(sums[key]) for key in rows[by].itertuples(index=False, name=None)]


def _count_inferred(quotations: pd.DataFrame, by: list[str], rows: pd.DataFrame) -> list[int]:
    """How many quotations of each row have an inferred speaker."""
    inferred = quotations[quotations["resolution"].isin(INFERRED_RESOLUTIONS)].groupby(by).size()
    return [int(inferred.get(key, 0)) for key in rows[by].itertuples(index=False, name=None)]


def count_sides(quotations: pd.DataFrame) -> pd.DataFrame:
    """How much each outlet quotes each side: of the user's roster, or of the outlets' own descriptions.

    One row per side and outlet. Columns: outlet, speaker_side, n_quotations, share, the percent columns
    of `count_speakers`, n_words_direct, n_words_indirect, n_speakers. No rows if no side is known.
    """
    sided = quotations if quotations["speaker_side"].notna().any() else quotations.iloc[:0]
    sided = sided.assign(speaker_side=sided["speaker_side"].fillna(NO_SIDE_LABEL))
    by = ["outlet", "speaker_side"]
    sums = sided.groupby(by, as_index=False).agg(
        n_words_direct=("n_words_direct", "sum"), n_words_indirect=("n_words_indirect", "sum"),
        n_speakers=("speaker_name", "nunique"))
    return _count_shares(sided, by).merge(sums, on=by)


def describe_sides(quotations: pd.DataFrame) -> str:
    """The intervals of `count_sides` in the words of `describe_intervals`, or why the table has no rows.

    Parameters
    ----------
    quotations : the result of `choose_quotations`
    """
    if quotations["speaker_side"].notna().any():
        return describe_intervals(quotations)
    return "No article says for which country, body or party a source speaks, and no name in a roster.csv speaks."


def compare_speakers(quotations: pd.DataFrame, *, least_outlets: int = 1) -> pd.DataFrame:
    """Which outlets quote whom; unnamed sources are left out, as two outlets' "officials" may be different people.

    Parameters
    ----------
    quotations : the result of `choose_quotations`
    least_outlets : speakers quoted by fewer outlets are left out

    Returns
    -------
    One row per speaker. Columns: speaker_name, n_quotations, n_outlets, outlets (those that quote the speaker, with
    numbers, the largest first), only_in (the outlet if there is only one, else empty), may_be (speakers of other
    outlets who may be the same; only_in is empty then).
    """
    counts = _count_named_speakers(quotations)
    counts = counts[counts.groupby("speaker_name")["outlet"].transform("size") >= least_outlets]
    counts["shown"] = [f"{outlet} {n:,}" for outlet, n in zip(counts["outlet"], counts["n"], strict=True)]
    counts = counts.sort_values(["speaker_name", "n", "outlet"], ascending=[True, False, True])
    table = counts.groupby("speaker_name", as_index=False).agg(
        n_quotations=("n", "sum"), n_outlets=("outlet", "size"), outlets=("shown", ", ".join),
        only_in=("outlet", "first"), may_be=("may_be", "first"))
    table["only_in"] = table["only_in"].where((table["n_outlets"] == 1) & (table["may_be"] == ""), "")
    return table.sort_values(["n_quotations", "speaker_name"], ascending=[False, True], ignore_index=True)


def list_only_in(quotations: pd.DataFrame) -> pd.DataFrame:
    """The speakers that only one outlet quotes, by outlet.

    One row per outlet. Columns: outlet, n_speakers (with a name), only_here ("7 of 9" of them), quoted_only_here
    (who, with the number of quotations, the most quoted first) and, if there are any, may_be_only_here (those who may
    be the same as another outlet's speaker).
    """
    counts = _count_named_speakers(quotations)
    counts["alone"] = counts.groupby("speaker_name")["outlet"].transform("size") == 1
    rows = []
    for outlet, group in counts.groupby("outlet"):
        sure, unsure = (group[group["alone"] & (has == (group["may_be"] != ""))] for has in (False, True))
        rows.append((outlet, len(group), f"{len(sure):,} of {len(group):,}",
                     _list_counts(sure["speaker_name"], sure["n"]), _list_counts(unsure["speaker_name"], unsure["n"])))
    columns = ["outlet", "n_speakers", "only_here", "quoted_only_here", "may_be_only_here"]
    table = pd.DataFrame(rows, columns=columns)
    return table if (table["may_be_only_here"] != "").any() else table.drop(columns="may_be_only_here")


def _count_named_speakers(quotations: pd.DataFrame) -> pd.DataFrame:
    """Quotations of each named speaker in each outlet: speaker_name, outlet, n, may_be (see `compare_speakers`)."""
    named = quotations[(quotations["speaker_name"] != NO_SPEAKER_LABEL) & ~quotations["anonymous"].astype(bool)]
    entities = named.get("speaker_entity_id", pd.Series(pd.NA, named.index, "str")).astype("str")
    is_body = entities.str.startswith("ORG:").fillna(False).astype(bool)
    doubles = find_doubles(pd.DataFrame({
        "entity_id": named["speaker_name"], "name": named["speaker_name"], "outlet": named["outlet"],
        "label": np.where(is_body, "ORG", "PERSON")}))
    counts = named.groupby(["speaker_name", "outlet"], as_index=False).size().rename(columns={"size": "n"})
    may_be = ["; ".join(doubles.get(name, ())) for name in counts["speaker_name"]]
    return counts.assign(may_be=pd.Series(may_be, counts.index, "str"))


def count_kinds(quotations: pd.DataFrame) -> pd.DataFrame:
    """Direct, mixed and indirect quotations by outlet.

    One row per kind and outlet. Columns: outlet, kind, n_quotations, share and the percent columns of
    `count_speakers`.
    """
    return _count_shares(quotations, ["outlet", "kind"])


def count_cues(quotations: pd.DataFrame) -> pd.DataFrame:
    """How quotations are introduced.

    One row per class of cues and outlet. Columns: outlet, cue_class, n_quotations, share (of the outlet's
    quotations with a cue) and the percent columns of `count_speakers`, cues (the words, the most used first). The
    most frequent class comes first, but neutral last; within each, outlets are in alphabetical order.
    """
    introduced, by = quotations.dropna(subset="cue_class"), ["outlet", "cue_class"]
    cues = introduced.groupby(by)["cue_lemma"].agg(list_most_used).rename("cues").reset_index()
    table = _count_shares(introduced, by).merge(cues, on=by)
    size = table.groupby("cue_class")["n_quotations"].transform("sum").where(table["cue_class"] != "neutral", 0)
    return table.iloc[np.lexsort((table["outlet"], table["cue_class"], -size))].reset_index(drop=True)


def count_quoted_words(tables: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    """How much of each outlet's text is quoted.

    One row per outlet. Columns: outlet, n_articles, n_words (body), n_quotations, n_words_direct,
    n_words_indirect, direct_percent (of n_words) with low_percent and high_percent (if any outlet has enough
    articles), indirect_percent.
    """
    articles = tables.articles[tables.articles["counted"]]
    table = articles.groupby("outlet", as_index=False).agg(
        n_articles=("article_id", "size"), n_words=("n_words", "sum"))
    sums = quotations.groupby("outlet").agg(n_quotations=("quotation_id", "size"),
                                            n_words_direct=("n_words_direct", "sum"),
                                            n_words_indirect=("n_words_indirect", "sum"))
    table = table.join(sums, on="outlet")
    table[sums.columns] = table[sums.columns].fillna(0).astype("int64")
    for kind in ("direct", "indirect"):
        table[f"{kind}_percent"] = (100 * table[f"n_words_{kind}"] / table["n_words"].clip(lower=1)).round(1)
    shares = measure_shares(_count_marked_words(articles, quotations), articles.rename(columns={"n_words": "n"}))
    if shares["low"].notna().any():
        limits = _format_share_percent(shares).set_index("outlet")
        for name in ("low_percent", "high_percent"):
            table.insert(table.columns.get_loc("indirect_percent"), name, table["outlet"].map(limits[name]))
    return table


def tell_quoted_words(words: pd.DataFrame) -> str:
    """How much of each outlet's text somebody else says, as a sentence; for many outlets, the least and the most.

    Parameters
    ----------
    words : the result of `count_quoted_words`
    """
    said = words["n_words_direct"] + words["n_words_indirect"]
    rows = words.assign(said=said, percent=100 * said / words["n_words"].clip(lower=1))
    rows = rows.sort_values(["percent", "outlet"], ascending=[False, True])
    shown = rows if len(rows) <= MAX_LISTED_ITEMS else rows.iloc[[0, -1]]
    told = [f"{row.percent:.0f} % in {row.outlet} ({row.said:,} of {row.n_words:,}, {row.n_words_direct:,} of them"
            " between quotation marks)" for row in shown.itertuples()]
    joint = " and " if len(rows) <= MAX_LISTED_ITEMS else " at the most, and at the least "
    return f"Of all words, somebody other than the outlet says {joint.join(told)}." if told else "There is no article."


def _count_marked_words(articles: pd.DataFrame, quotations: pd.DataFrame) -> pd.DataFrame:
    """The words between quotation marks in each article, 0 if there are none: article_id, outlet, n."""
    direct = quotations.groupby("article_id")["n_words_direct"].sum()
    n = articles["article_id"].map(direct).fillna(0).astype("int64")
    return articles[["article_id", "outlet"]].assign(n=n)


def count_unresolved(tables: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    """How many quotations of each outlet have no named source, and how many were left out for low confidence.

    One row per outlet. Columns: outlet, n_quotations, unnamed ("12 of 40" from sources without a name) with the
    percent columns of `count_speakers`, unnamed_sources (as written, the most used first), no_speaker (no source
    found, as "2 of 40"), n_left_out (with less confidence than `quotations`; not in n_quotations).
    """
    is_unnamed = quotations["anonymous"].astype(bool)
    shares = measure_shares(quotations.assign(n=is_unnamed.astype("int64")), quotations.assign(n=1))
    table = _format_speaker_shares(shares, "unnamed").drop(columns="n_unnamed")
    table.insert(1, "n_quotations", shares["total"])
    sources = quotations[is_unnamed].groupby("outlet")["speaker_name"].agg(list_most_used)
    table["unnamed_sources"] = [sources.get(outlet, "") for outlet in table["outlet"]]
    missing = _count_outlet_rows(table["outlet"], quotations[quotations["speaker_name"] == NO_SPEAKER_LABEL])
    table["no_speaker"] = [f"{n:,} of {total:,}" for n, total in zip(missing, shares["total"], strict=True)]
    table["n_left_out"] = _count_outlet_rows(table["outlet"], list_left_out(tables, quotations))
    return table


def _count_outlet_rows(outlets: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """How many of the rows each outlet has."""
    return outlets.map(rows.groupby("outlet").size()).fillna(0).astype("int64")


def list_left_out(tables: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    """Quotations left out for low confidence, such as sentences that may continue a speech without being marked.

    One row per quotation; columns as in `list_quotations`. The outlets take turns.
    """
    every = choose_quotations(tables, min_confidence=0)
    return _take_turns(list_quotations(every[~every["quotation_id"].isin(quotations["quotation_id"])]))


def list_quotations(quotations: pd.DataFrame, *, speakers: list[str] | None = None) -> pd.DataFrame:
    """Quotations to read, in the order of the articles.

    One row per quotation. Columns: outlet, speaker_name, speaker (as written), resolution, confidence,
    speaker_confidence, cue, kind, text, article_id, start (of its content).
    """
    chosen = quotations if speakers is None else quotations[quotations["speaker_name"].isin(speakers)]
    columns = ["outlet", "speaker_name", "speaker", "resolution", "confidence", "speaker_confidence", "cue", "kind",
               "text", "article_id", "start"]
    starts = [min(span["start"] for span in spans) for spans in chosen["content_spans"]]
    placed = chosen.assign(start=pd.Series(starts, chosen.index, "int64"))
    return placed.sort_values(["outlet", "article_id", "sentence", "quotation_id"])[columns].reset_index(drop=True)


def list_unresolved(quotations: pd.DataFrame) -> pd.DataFrame:
    """Quotations whose speaker has no name: none found, unnamed, or an unresolved pronoun.

    One row per quotation; columns as in `list_quotations`. The outlets take turns.
    """
    is_open = (quotations["resolution"] == "none") | quotations["anonymous"].astype(bool)
    return _take_turns(list_quotations(quotations[is_open]))


def _take_turns(rows: pd.DataFrame) -> pd.DataFrame:
    """The first row of each outlet, then the second of each, so that a short table shows all outlets."""
    turn = rows.groupby("outlet").cumcount()
    return rows.loc[turn.sort_values(kind="stable").index].reset_index(drop=True)


def _count_shares(quotations: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Quotations by outlet and other columns, with their share of the outlet's: `by`, n_quotations, share ..."""
    ones = quotations.assign(n=1)
    shares = measure_shares(ones, ones, by=by)
    return _format_speaker_shares(shares, "share", by=by).rename(columns={"n_share": "n_quotations"})


def _format_speaker_shares(shares: pd.DataFrame, name: str, *, by: Iterable[str] = ("outlet",)) -> pd.DataFrame:
    """Shares as "7 of 12", and in percent with the limits if any outlet has them."""
    shown = [f"{n:,} of {total:,}" for n, total in zip(shares["n"], shares["total"], strict=True)]
    table = shares[[*by]].assign(**{f"n_{name}": shares["n"], name: pd.Series(shown, dtype="str")})
    return table.join(_format_share_percent(shares).drop(columns="outlet")) if shares["low"].notna().any() else table


def _format_share_percent(shares: pd.DataFrame) -> pd.DataFrame:
    columns = {"share_percent": "share", "low_percent": "low", "high_percent": "high"}
    return shares[["outlet"]].assign(**{name: (100 * shares[of]).round(1) for name, of in columns.items()})


def list_most_used(words: pd.Series) -> str:
    """Words or names with their numbers, the most frequent first, and how many more there are.

    >>> list_most_used(pd.Series(["say", "add", "say"]))
    'say 2, add 1'
    """
    counts = words.value_counts()
    return _list_counts(counts.index, counts)


def _list_counts(names: Iterable[str], counts: Iterable[int]) -> str:
    ordered = sorted(zip(names, counts, strict=True), key=lambda pair: (-pair[1], pair[0]))
    more = [f"and {len(ordered) - MAX_WORDS_PER_CELL:,} more"] if len(ordered) > MAX_WORDS_PER_CELL else []
    return ", ".join([*(f"{name} {n:,}" for name, n in ordered[:MAX_WORDS_PER_CELL]), *more])


def _find_most_used(quotations: pd.DataFrame, by: list[str], name: str) -> pd.DataFrame:
    """The most frequent value of a column in each group; of ties, the first in alphabetical order."""
    counts = quotations.dropna(subset=name).groupby([*by, name], as_index=False).size()
    ranked = counts.sort_values([*by, "size", name], ascending=[*[True] * len(by), False, True])
    return ranked.drop_duplicates(by)[[*by, name]]
