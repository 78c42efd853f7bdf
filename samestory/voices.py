"""Who speaks, how much, and introduced how: the quotations, counted.

A share is given as "7 of 12": how many of the outlet's quotations. Only counted articles are here,
and only quotations whose rule is sure enough. Where one source passes on another (Reuters reported
that officials said), the statement is the inner one's and counted once.
"""

import pandas as pd

from samestory.tables import Tables

NO_SPEAKER = "(no speaker found)"
PASSED_ON = ", passed on"  # how the rule of an outer source's row ends
SURE_ENOUGH = 0.35  # leaves out sentences that may continue a speech, with nothing to say so


def choose_quotations(tables: Tables, *, min_confidence: float = SURE_ENOUGH) -> pd.DataFrame:
    """The quotations of counted articles with their outlet, and a name for every speaker.

    Parameters
    ----------
    tables : a corpus's tables
    min_confidence : quotations that their rule is less sure of are left out; 0 to 1

    Returns
    -------
    The columns of table `quotations`, and outlet.
    """
    found = tables.quotations[tables.quotations["confidence"] >= min_confidence]
    found = found[~found["rule"].str.endswith(PASSED_ON)]
    outlets = tables.articles.set_index("article_id")["outlet"]
    return found.assign(outlet=found["article_id"].map(outlets),
                        speaker_name=found["speaker_name"].fillna(NO_SPEAKER)).reset_index(drop=True)


def count_speakers(quotations: pd.DataFrame) -> pd.DataFrame:
    """Who speaks in each outlet, and how much.

    One row is a speaker in an outlet. Columns: outlet, speaker_name, speaker_side (if the corpus has a
    roster), n_quotations, share ("7 of 12"), n_words_direct, n_words_indirect, n_articles; the most quoted first.
    """
    table = quotations.groupby(["outlet", "speaker_name"], as_index=False).agg(
        speaker_side=("speaker_side", "first"), n_quotations=("quotation_id", "size"),
        n_words_direct=("n_words_direct", "sum"), n_words_indirect=("n_words_indirect", "sum"),
        n_articles=("article_id", "nunique"))
    if table["speaker_side"].isna().all():  # no roster
        table = table.drop(columns="speaker_side")
    totals = table.groupby("outlet")["n_quotations"].transform("sum")
    shares = [f"{n} of {total}" for n, total in zip(table["n_quotations"], totals, strict=True)]
    table.insert(table.columns.get_loc("n_quotations") + 1, "share", shares)
    order = ["outlet", "n_quotations", "n_words_direct", "speaker_name"]
    return table.sort_values(order, ascending=[True, False, False, True]).reset_index(drop=True)


def compare_speakers(quotations: pd.DataFrame) -> pd.DataFrame:
    """Which outlets quote whom.

    One row is a speaker. Columns: speaker_name, n_quotations, outlets (who quotes them, with
    numbers), only_in (the outlet, if it is one alone, else empty).
    """
    named = quotations[quotations["speaker_name"] != NO_SPEAKER]
    counts = named.groupby(["speaker_name", "outlet"], as_index=False).size()
    counts["told"] = counts["outlet"] + " " + counts["size"].astype(str)
    table = counts.groupby("speaker_name", as_index=False).agg(
        n_quotations=("size", "sum"), outlets=("told", ", ".join), n_outlets=("outlet", "size"),
        only_in=("outlet", "first"))
    table["only_in"] = table["only_in"].where(table["n_outlets"] == 1, "")
    table = table.drop(columns="n_outlets")
    return table.sort_values(["n_quotations", "speaker_name"], ascending=[False, True]).reset_index(drop=True)


def count_kinds(quotations: pd.DataFrame) -> pd.DataFrame:
    """Direct, mixed and indirect quotations by outlet. Columns: outlet, kind, n_quotations."""
    return _count(quotations, ["outlet", "kind"])


def count_cues(quotations: pd.DataFrame) -> pd.DataFrame:
    """How quotations are introduced.

    One row is a class of cues in an outlet. Columns: outlet, cue_class, n_quotations, cues (the words,
    the most used first).
    """
    told = quotations.dropna(subset="cue_class")
    cues = told.groupby(["outlet", "cue_class"])["cue_lemma"].agg(_list_most_used).rename("cues")
    return _count(told, ["outlet", "cue_class"]).merge(cues.reset_index(), on=["outlet", "cue_class"])


def count_quoted_words(tables: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    """How much of each outlet's text is quoted.

    One row is an outlet. Columns: outlet, n_articles, n_words (body), n_quotations, n_words_direct,
    n_words_indirect, direct_percent and indirect_percent (of n_words).
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
    return table


def list_quotations(quotations: pd.DataFrame, *, speakers: list[str] | None = None) -> pd.DataFrame:
    """Quotations to read, in the order of the articles.

    One row is a quotation. Columns: outlet, speaker_name, resolution, cue, kind, text.
    """
    chosen = quotations if speakers is None else quotations[quotations["speaker_name"].isin(speakers)]
    columns = ["outlet", "speaker_name", "resolution", "cue", "kind", "text"]
    return chosen.sort_values(["outlet", "article_id", "sentence", "quotation_id"])[columns].reset_index(drop=True)


def list_unresolved(quotations: pd.DataFrame) -> pd.DataFrame:
    """Quotations whose speaker has no name: none found, unnamed, or a pronoun that stays open.

    One row is a quotation; columns as in `list_quotations`.
    """
    is_open = (quotations["resolution"] == "none") | quotations["anonymous"]
    return list_quotations(quotations[is_open])


def list_utterances(tables: Tables, quotations: pd.DataFrame) -> pd.DataFrame:
    """What two outlets quote of one utterance, side by side.

    One row is a pair of quotations. Columns: speaker_name, relation, outlet_a, text_a, outlet_b, text_b; the
    longest first.
    """
    shown = quotations.set_index("quotation_id")[["speaker_name", "outlet", "text"]]
    pairs = tables.read("utterances").join(shown, on="quotation_a", how="inner")
    pairs = pairs.join(shown[["outlet", "text"]], on="quotation_b", how="inner", lsuffix="_a", rsuffix="_b")
    pairs = pairs.sort_values(["text_a", "utterance_id"], key=_by_length, kind="stable")
    columns = ["speaker_name", "relation", "outlet_a", "text_a", "outlet_b", "text_b"]
    return pairs[columns].reset_index(drop=True)


def _by_length(column: pd.Series) -> pd.Series:
    return -column.str.len() if column.name == "text_a" else column


def _count(quotations: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return quotations.groupby(by, as_index=False).size().rename(columns={"size": "n_quotations"})


def _list_most_used(words: pd.Series) -> str:
    counts = words.value_counts()
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{word} {n}" for word, n in ordered[:8])
