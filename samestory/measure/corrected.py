"""Manual corrections: how much was checked and changed, and the counts before correction.

The rows are those of the table `corrections`; `overlay` applies them. An outlet's numbers before
and after are shown next to each other, so that nobody mistakes a corrected count for the output of a rule.
"""

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd
from pandas.api.types import is_float_dtype, is_integer_dtype

from samestory.base.schema import CORRECTED_ID_COLUMNS, CORRECTED_TABLES
from samestory.base.wording import format_quantity
from samestory.tables.tables import Tables

TARGET_PLURALS = {what: table.replace("_", " ") for what, table in CORRECTED_TABLES.items()}
PAIR_OUTCOME_WORDS = {"candidate": "undecided"}
PAIR_STATUS_SENTENCES = {"sure": "Of those that were surely the same", "candidate": "Of those that might be"}
CHANGED_STATUSES = ("changed", "merged")
ROW_COUNT_COLUMNS = ("n_quotations", "n_acts", "n_mentions")
SUMMED_WORD_COLUMNS = ("n_words_direct", "n_words_indirect")
LISTED_CORRECTION_COLUMNS = ["line", "status", "reason", "operation", "target_id", "field", "old", "new", "who", "why"]
NO_CORRECTIONS_SENTENCE = "Nothing was corrected by hand: the corpus has no corrections.csv, or no row in it."


def count_corrections(tables: Tables) -> pd.DataFrame:
    """How much was checked by hand, and how much of it changed.

    One row per kind of thing that corrections.csv can correct. Columns: what, n (as found, in counted articles),
    n_checked (those with a row that fits), n_changed (merged ones too; of pairs, those that became one fact or are none
    any more), n_removed, n_added, n_unfit (rows of the file that do not fit). No rows without corrections.

    Parameters
    ----------
    tables : a corpus's tables
    """
    corrections = tables.read("corrections")
    rows = [_count_kind(tables, what, corrections[corrections["what"] == what]) for what in TARGET_PLURALS
            if (corrections["what"] == what).any()]
    columns = ["what", "n", "n_checked", "n_changed", "n_removed", "n_added", "n_unfit"]
    return pd.DataFrame(rows, columns=columns)


def _count_kind(tables: Tables, what: str, corrections: pd.DataFrame) -> dict[str, object]:
    found = _list_ids(tables.raw, what)
    fitting = corrections[corrections["status"] != "unfit"]
    there, status = fitting[fitting["target_id"].isin(found)], fitting["status"]
    return {"what": TARGET_PLURALS[what], "n": len(found), "n_checked": there["target_id"].nunique(),
            "n_changed": _count_changed_pairs(tables) if what == "pair" else
            there["target_id"][there["status"].isin(CHANGED_STATUSES)].nunique(),
            "n_removed": there["target_id"][there["status"] == "removed"].nunique(),
            "n_added": fitting["target_id"][status == "added"].nunique(),
            "n_unfit": len(corrections) - len(fitting)}


def _list_ids(tables: Tables, what: str) -> pd.Series:
    if what == "line":
        lines = tables.read("lines", ["article_id", "line"])
        return lines["article_id"] + "/l" + lines["line"].astype("str")
    return tables.read(CORRECTED_TABLES[what])[CORRECTED_ID_COLUMNS[what]]


def tell_corrections(tables: Tables) -> str:
    """How much was checked and changed by hand, as a sentence.

    Parameters
    ----------
    tables : a corpus's tables
    """
    counts = count_corrections(tables)
    if counts.empty:
        return NO_CORRECTIONS_SENTENCE
    counts["decided"] = ["" if what != TARGET_PLURALS["pair"] else _list_decisions(_find_decided_pairs(tables))
                         for what in counts["what"]]
    checked = [_describe_kind_counts(row) for row in counts.to_dict("records") if row["n_checked"] or row["n_added"]]
    unfit = int(counts["n_unfit"].sum())
    done = f"By hand: {'; '.join(checked)}." if checked else "Nothing was corrected by hand."
    return done + (f" {unfit:,} row{'s' * (unfit != 1)} of corrections.csv {'do' if unfit != 1 else 'does'} not fit"
                   " and changed nothing." if unfit else "")


def tell_pair_decisions(tables: Tables) -> str:
    """How many pairs of statements were checked by hand, and what came of it, as sentences.

    Parameters
    ----------
    tables : a corpus's tables
    """
    n, decided = len(tables.raw.read("pairs")), _find_decided_pairs(tables)
    if decided.empty:
        return "No pair was checked by hand." if n else ""
    parts = [f"{sentence}: {_list_decisions(decided[decided['before'] == status])}." for status, sentence in
             PAIR_STATUS_SENTENCES.items() if (decided["before"] == status).any()]
    return " ".join([f"Checked by hand: {len(decided):,} of {format_quantity(n, 'pair')}.", *parts])


def _find_decided_pairs(tables: Tables) -> pd.DataFrame:
    """The pairs that a person decided: one row per pair, its status before and after."""
    corrections = tables.read("corrections")
    ids = corrections[(corrections["what"] == "pair") & (corrections["status"] != "unfit")]["target_id"]
    before, after = (frame.read("pairs").set_index("pair_id")["status"] for frame in (tables.raw, tables))
    return pd.DataFrame({"before": before, "after": after}).loc[lambda frame: frame.index.isin(ids)].dropna()


def _count_changed_pairs(tables: Tables) -> int:
    """The pairs of which a person said otherwise than the program; to confirm a sure one changes nothing."""
    decided = _find_decided_pairs(tables)
    return int(((decided["before"] == "sure") != (decided["after"] == "confirmed")).sum())


def _list_decisions(decided: pd.DataFrame) -> str:
    """`2 confirmed, 1 refused, 1 undecided`."""
    counts = decided["after"].map(lambda status: PAIR_OUTCOME_WORDS.get(status, status)).value_counts()
    return ", ".join(f"{counts[word]:,} {word}" for word in sorted(counts.index))


def summarize_corrections(tables: Tables) -> str:
    """How much was checked and changed by hand, in a few words; empty without corrections.

    Parameters
    ----------
    tables : a corpus's tables
    """
    counts = count_corrections(tables)
    sums = counts.drop(columns="what").sum()
    other = sums["n_changed"] + sums["n_removed"] + sums["n_added"]
    unfit = f"; rows that do not fit: {sums['n_unfit']:,}" if sums["n_unfit"] else ""
    return "" if counts.empty else f"{sums['n_checked']:,} checked, {other:,} changed, removed or added{unfit}"


def _describe_kind_counts(row: dict[str, Any]) -> str:
    """`12 of 29 quotations checked, 2 changed`."""
    if row["decided"]:
        return f"{row['n_checked']:,} of {row['n']:,} {row['what']} checked: {row['decided']}"
    done = [f"{row[f'n_{name}']:,} {name}" for name in ("changed", "removed", "added") if row[f"n_{name}"]]
    return ", ".join([f"{row['n_checked']:,} of {row['n']:,} {row['what']} checked", *(done or ["none changed"])])


def list_corrections(tables: Tables) -> pd.DataFrame:
    """The rows of corrections.csv with their status; those that do not fit come first.

    One row per row of the file. Columns: line, status, reason, operation, target_id, field, old, new, who, why.

    Parameters
    ----------
    tables : a corpus's tables
    """
    corrections = tables.read("corrections")
    ordered = corrections.assign(is_fit=corrections["status"] != "unfit").sort_values(["is_fit", "line"])
    return ordered[LISTED_CORRECTION_COLUMNS].reset_index(drop=True)


def compare_corrected(tables: Tables) -> pd.DataFrame:
    """Each outlet's numbers with and without corrections.

    One row per kind of thing and outlet. Columns: outlet, what (counted articles, words of their bodies,
    quotations, mentions, and entities that they name), n, n_uncorrected (without corrections). No rows without
    corrections, or if the uncorrected tables do not exist.

    Parameters
    ----------
    tables : a corpus's tables
    """
    columns = ["outlet", "what", "n", "n_uncorrected"]
    if tables.raw.folder == tables.folder:
        return pd.DataFrame(columns=columns)
    counts = pd.concat([_count_outlets(tables).rename("n"), _count_outlets(tables.raw).rename("n_uncorrected")], axis=1)
    return counts.fillna(0).astype("int64").sort_index().rename_axis(["outlet", "what"]).reset_index()[columns]


def add_uncorrected(table: pd.DataFrame, found: pd.DataFrame, *, by: list[str]) -> pd.DataFrame:
    """A table of counts, with the uncorrected counts next to those that corrections changed.

    Parameters
    ----------
    table : one row per thing, with counts (n_quotations, n_acts or n_mentions; n_words_direct, n_words_indirect)
    found : the rows to count without corrections, from `tables.raw`
    by : columns of both that identify a thing

    Returns
    -------
    The table unchanged if no count changed; otherwise with a column `<count>_uncorrected` after each count
    that did, and at the end a row, with counts of 0, for each thing that corrections removed.

    >>> table = pd.DataFrame({"name": ["China"], "n_mentions": [3]})
    >>> add_uncorrected(table, pd.DataFrame({"name": ["China", "China", "PRC"]}), by=["name"])
        name  n_mentions  n_mentions_uncorrected
    0  China           3                       2
    1    PRC           0                       1
    """
    groups = found.groupby(by)
    before = pd.DataFrame({name: groups.size() for name in ROW_COUNT_COLUMNS if name in table}
                          | {name: groups[name].sum() for name in SUMMED_WORD_COLUMNS if name in table})
    joined = pd.concat([table, _list_removed_rows(table, before, by)], ignore_index=True)
    before = before.reindex(joined.set_index(by).index, fill_value=0)
    for name in before:
        if (before[name].to_numpy() != joined[name].to_numpy()).any():
            joined.insert(joined.columns.get_loc(name) + 1, f"{name}_uncorrected", before[name].to_numpy())
    return joined if len(joined.columns) > len(table.columns) else table


def _list_removed_rows(table: pd.DataFrame, before: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Rows of the table for things that exist only without corrections: numbers 0, texts empty, shares missing."""
    blanks = {name: 0 if is_integer_dtype(kind) else math.nan if is_float_dtype(kind) else ""
              for name, kind in table.dtypes.items()}
    gone = before.index.difference(table.set_index(by).index).to_frame(index=False)
    return gone.assign(**{name: blank for name, blank in blanks.items() if name not in by})[table.columns]


def _count_outlets(tables: Tables) -> pd.Series:
    """Numbers by outlet and kind."""
    counted = tables.articles[tables.articles["counted"]]
    outlets = counted.set_index("article_id")["outlet"]
    named = tables.mentions.assign(outlet=tables.mentions["article_id"].map(outlets))
    parts = {"articles": counted.groupby("outlet").size(), "words": counted.groupby("outlet")["n_words"].sum(),
             "quotations": _count_ids_by_outlet(tables.quotations["article_id"], outlets),
             "mentions": named.groupby("outlet").size(), "entities": named.groupby("outlet")["entity_id"].nunique()}
    return pd.concat(parts).swaplevel()


def _count_ids_by_outlet(article_ids: Iterable[str], outlets: pd.Series) -> pd.Series:
    return pd.Series(article_ids).map(outlets).value_counts()
