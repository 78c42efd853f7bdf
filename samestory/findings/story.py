"""Findings of the story: what outlets report differently, what one alone reports, and whose side speaks."""

import re
from typing import Any

import numpy as np
import pandas as pd

from samestory.base.fields import select_text_rows
from samestory.base.schema import INFERRED_RESOLUTIONS
from samestory.base.wording import MAX_LISTED_ITEMS, clip_name, format_list
from samestory.findings.finding import Finding, FindingBar, show_finding
from samestory.findings.sentences import QUOTED_MARKS, count_weighty_words, keep_prose
from samestory.findings.speech import choose_named, explode_spans
from samestory.link.sides import list_countries, list_parties
from samestory.measure.event_shares import keep_shared_events
from samestory.measure.facts import choose_facts
from samestory.measure.speakers import count_sides
from samestory.show.facts import DIFFERENCE_LABELS
from samestory.story.facts import SAME_STATUSES
from samestory.tables.tables import Tables

STORY_PAGE = "05_story"
MAX_COMPARED_SENTENCE_CHARS = 300  # of one that differs from another: a longer one says much else
MIN_SIDE_STATEMENTS = 2  # of the side that an outlet quotes most
MAX_SIDE_BARS = 8
MIN_SIDED_SHARE = 0.75  # of an outlet's statements, whose side is known
SINGLE_MARKS = "‘’'"  # of QUOTED_MARKS
TOLD_DIFFERENCES = ("value", "day", "negation", "quotation")  # differences that a finding names
CONFIRMED_DIFFERENCES = (*TOLD_DIFFERENCES, "actor")  # if a person confirmed the pair
MIN_CHECK_SCORE = 0.6  # of the pair of a contradiction
MIN_MATTER_SCORE = 0.55  # of a pair, chosen by eye: pairs with less are more often of different matters
MAX_MATTERS = 2  # on which two outlets are shown side by side; of more outlets, one
MIN_SAME_WORDS_SHARE = 0.75  # of the words of a sentence that is no other wording
WEIGHTY_WORD_SCORE = 0.1  # added to the score of a pair for each
MIN_NEW_WORDS = 8  # of a statement that is shown as one outlet's own
SPECIFIC_WORDS = 10  # that a name or number which the others lack is worth
WEIGHTY_WORD_FACTOR, MAX_WEIGHTY_WORDS = 8, 3  # new words that each is worth, and how many are
MIN_LONE_WEIGHT = 18  # new words, or what is worth as many, of a statement that is shown as one outlet's own
MIN_APART_PERCENT = 6  # of the article, between two statements of an outlet that are shown


def find_contradiction(tables: Tables, facts: pd.DataFrame) -> Finding | None:
    """The likeliest pair of statements that cannot both hold as said, for the reader to check.

    Parameters
    ----------
    tables : a corpus's tables
    facts : the result of `find_facts`
    """
    pairs = tables.read("pairs")
    pairs = pairs[pairs["check"].astype(bool) & pairs["status"].isin(SAME_STATUSES)]
    pairs = pairs.assign(score=pairs["score"].mask(pairs["status"] == "confirmed", 1.0))
    for pair in pairs.sort_values(["score", "pair_id"], ascending=[False, True]).itertuples():
        chosen = _find_pair(facts, pair)
        is_confirmed = pair.status == "confirmed"
        kinds = [kind for kind in pair.differs if kind in (CONFIRMED_DIFFERENCES if is_confirmed else TOLD_DIFFERENCES)]
        if pair.score < MIN_CHECK_SCORE or len(chosen) < 2 or not kinds:
            continue
        labels = format_list([DIFFERENCE_LABELS[kind] for kind in kinds])
        text = f"Check this ({labels}): {_quote_sentences(chosen)}."
        fact = "one fact, as a person confirmed," if is_confirmed else "what looks like one fact"
        lead = f"Check this: {fact} is reported {'differently:' if 'negation' in kinds else 'with'} {labels}."
        return Finding("The same fact, reported differently", text, STORY_PAGE, "Reported differently",
                       _show_statements(tables, chosen, "What each outlet reports"), lead=lead)
    return None


def _find_pair(facts: pd.DataFrame, pair: Any) -> pd.DataFrame:
    """The rows of the statements of a pair whose sentences are short enough to be compared."""
    rows = facts[facts["statement_id"].isin([pair.statement_a, pair.statement_b])]
    rows = rows[rows["text"].map(len) <= MAX_COMPARED_SENTENCE_CHARS]
    return rows.drop_duplicates("statement_id").sort_values("outlet")


def find_same_matter(tables: Tables, facts: pd.DataFrame) -> Finding | None:
    """What two outlets say on one matter or two of an event, side by side, for the reader to compare.

    Of pairs that surely say the same, at least in part, those with most words of opposition and consequence, and none
    without; not two sentences of the same words, nor those with which both articles open, which are shown above.

    Parameters
    ----------
    tables : a corpus's tables
    facts : the result of `find_facts`
    """
    chosen = _choose_matters(tables, facts)
    if chosen.empty or len(set(tables.event_ids.values())) > 1:
        return None
    outlets = " and ".join(map(clip_name, sorted(chosen["outlet"].unique())))
    others = " (others may, too)" if tables.articles["outlet"][tables.articles["counted"]].nunique() > 2 else ""
    return Finding("On the same matter", f"{_quote_sentences(chosen)}.", STORY_PAGE, "Reported by several",
                   _show_statements(tables, chosen, "What each outlet says", by_matter=True),
                   lead=f"What {outlets} say on the same matter{others}, each in its own words.")


def _choose_matters(tables: Tables, facts: pd.DataFrame) -> pd.DataFrame:
    """The rows of the statements of up to MAX_MATTERS pairs of the same two articles, pair by pair."""
    prose = keep_prose(tables, facts[facts["relation"] != "one_outlet"]).drop_duplicates("statement_id")
    prose = prose.set_index("statement_id", drop=False)
    pairs = tables.read("pairs")
    pairs = pairs[pairs["status"].isin(SAME_STATUSES) & ~pairs["check"].astype(bool)
                  & pairs["statement_a"].isin(prose.index) & pairs["statement_b"].isin(prose.index)]
    pairs = pairs[(pairs["score"] >= MIN_MATTER_SCORE) | (pairs["status"] == "confirmed")]
    weighty = prose["text"].map(count_weighty_words).clip(upper=MAX_WEIGHTY_WORDS).to_dict()
    n_weighty = pd.Series([weighty[a] + weighty[b] for a, b in zip(pairs["statement_a"], pairs["statement_b"],
                                                                  strict=True)], pairs.index, "int64")
    pairs = pairs.assign(weight=pairs["score"] + WEIGHTY_WORD_SCORE * n_weighty)[n_weighty > 0]
    ordered = pairs.sort_values(["weight", "pair_id"], ascending=[False, True])
    chosen: list[pd.DataFrame] = []
    for pair in ordered.itertuples():
        rows = prose.loc[[pair.statement_a, pair.statement_b]].sort_values("outlet")
        is_new = not chosen or (list(rows["article_id"]) == list(chosen[0]["article_id"])
                                and rows["fact_id"].iloc[0] != chosen[0]["fact_id"].iloc[0])
        if is_new and rows["place_percent"].max() > 0 and not _are_same_words(*rows["text"]):
            chosen.append(rows)
    most = MAX_MATTERS if tables.articles["outlet"][tables.articles["counted"]].nunique() == 2 else 1
    return pd.concat(chosen[:most]) if chosen else prose.iloc[:0]


def _are_same_words(a: str, b: str) -> bool:
    """Whether nearly all words of the shorter sentence are in the other."""
    words = [set(re.findall(r"\w+", text.lower())) for text in (a, b)]
    return len(words[0] & words[1]) >= MIN_SAME_WORDS_SHARE * min(map(len, words))


def find_lone_facts(tables: Tables, facts: pd.DataFrame) -> Finding | None:
    """The statements of each outlet that say most that no other does.

    None if the articles have no statement in common: they report different things. docs/story.md has how well the
    order chooses what matters.

    Parameters
    ----------
    tables : a corpus's tables
    facts : the result of `find_facts`
    """
    alone = choose_facts(facts, relations=["one_outlet"], top_n=len(facts))
    n_outlets = tables.articles["outlet"][tables.articles["counted"]].nunique()
    if not 1 < n_outlets <= MAX_LISTED_ITEMS or (facts["relation"] == "one_outlet").all():
        return None
    is_about_itself = np.array([row.outlet.lower() in row.text.lower() for row in alone.itertuples()], dtype=bool)
    chosen = keep_prose(tables, alone[(alone["new_words"] >= MIN_NEW_WORDS) & ~is_about_itself])
    weighed = _weigh_own_statements(tables, chosen)
    weighed = weighed[weighed["weight"] >= MIN_LONE_WEIGHT]
    chosen = _choose_apart(weighed.sort_values("weight", ascending=False, kind="stable"))
    if chosen.empty:
        return None
    chosen = alone.merge(chosen[["article_id", "start"]].reset_index(drop=True).reset_index(names="place"))
    chosen = chosen.sort_values("place", kind="stable")  # all statements of these sentences that have no counterpart
    missing = f"No counterpart was found in the other outlet{'s' * (n_outlets > 2)} for"
    return Finding("In one outlet only", f"{missing} {_quote_sentences(chosen.drop_duplicates('place'))}.", STORY_PAGE,
                   "Reported by one outlet only", _show_statements(tables, chosen, "Statements without a counterpart"),
                   lead=f"{missing} these, among others:")


def _choose_apart(ordered: pd.DataFrame) -> pd.DataFrame:
    """The first statement of each outlet, and the next with a weighty word, of somebody else and not near the first."""
    firsts = ordered.drop_duplicates("outlet").set_index("outlet")
    rest = ordered[(ordered["n_weighty"] > 0) & ~ordered["statement_id"].isin(firsts["statement_id"])]
    first_places = rest["outlet"].map(firsts["place_percent"]).astype("float64")
    apart = (rest["place_percent"] - first_places).abs() >= MIN_APART_PERCENT
    is_same = rest["speaker"].notna() & (rest["speaker"] == rest["outlet"].map(firsts["speaker"]))
    seconds = rest[apart & ~is_same].drop_duplicates("outlet")
    return pd.concat([firsts.reset_index()[ordered.columns], seconds]).sort_values("outlet", kind="stable")


def _weigh_own_statements(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Statements with how much each has to say: words, names and numbers of its own, and words of weight.

    Columns added: n_weighty (`count_weighty_words`) and weight.
    """
    new = (rows["new_words"] + SPECIFIC_WORDS * _mark_specific(tables, rows)) * rows["novelty"]
    weighty = rows["text"].map(count_weighty_words).astype("int64")
    return rows.assign(n_weighty=weighty, weight=new + WEIGHTY_WORD_FACTOR * weighty.clip(upper=MAX_WEIGHTY_WORDS))


def _mark_specific(tables: Tables, rows: pd.DataFrame) -> np.ndarray:
    """Whether each statement has a name or number that no other outlet has; of a reported one, in what is said."""
    names, values = (select_text_rows(tables.read(name)) for name in ("mentions", "values"))
    values = values.dropna(subset="value")
    things = pd.concat([names.assign(thing=names["entity_id"]), values.assign(thing=values["value"])])
    things["outlet"] = things["article_id"].map(tables.articles_by_id["outlet"])
    things = things[things.groupby("thing")["outlet"].transform("nunique") == 1]
    own, said = things.groupby("article_id")["start"].agg(list), explode_spans(tables.quotations, "content_spans")
    said = said.groupby("article_id")[["start", "end"]].agg(list)

    def is_within(row: Any, start: int) -> bool:
        is_said = row.article_id in said.index and any(
            first <= start < last for first, last in zip(*said.loc[row.article_id], strict=True))
        return row.statement["start"] <= start < row.statement["end"] and (is_said or pd.isna(row.speaker))

    return np.array([any(is_within(row, start) for start in own.get(row.article_id, [])) for row in rows.itertuples()],
                    dtype=bool)


def _quote_sentences(rows: pd.DataFrame) -> str:
    """Each outlet with its sentence: `“...” (CNN); “...” (CGTN)`."""
    return "; ".join(f"“{_clip_sentence(row.text)}” ({clip_name(row.outlet)})" for row in rows.itertuples())


def _clip_sentence(text: str) -> str:
    """A sentence in one line, clipped, for quotation marks around it: those within it become single ones.

    >>> _clip_sentence('“We won.”'), _clip_sentence('He said "we" and “they”.')
    ('We won.', "He said 'we' and ‘they’.")
    """
    said = " ".join(text.split())
    if not {*said[1:-1]} & {*QUOTED_MARKS}:
        said = said.strip(QUOTED_MARKS)
    said = said.translate(str.maketrans(QUOTED_MARKS, SINGLE_MARKS))
    if len(said) <= MAX_COMPARED_SENTENCE_CHARS:
        return said
    return said[:MAX_COMPARED_SENTENCE_CHARS].rpartition(" ")[0] + " …"


def _show_statements(tables: Tables, rows: pd.DataFrame, caption: str, *, by_matter: bool = False) -> Any:
    places = pd.DataFrame(list(rows["statement"]), index=rows.index)
    named = set(choose_named(tables.quotations)["speaker_name"])  # not "the report"
    spans = rows.assign(start=places["start"], end=places["end"],
                        speaker_name=rows["speaker"].where(rows["speaker"].isin(named), ""))
    by = [*(["label"] if by_matter else []), "speaker_name", "outlet"]
    return show_finding(tables, spans[["article_id", "start", "end", *by]], spans[by].drop_duplicates(), by, caption)


def find_side_shares(tables: Tables, quotations: pd.DataFrame) -> Finding | None:
    """The sides that have most statements in each outlet; for few outlets that all quote some side.

    A body or a place is no side; a ranking that rests on inferred speakers is none.

    Parameters
    ----------
    tables : a corpus's tables
    quotations : the result of `choose_quotations`
    """
    quotations, where = keep_shared_events(quotations, tables)
    sides = _choose_sides(quotations)
    outlets = sorted(quotations["outlet"].unique())
    if not 1 < len(outlets) <= MAX_LISTED_ITEMS or not _are_sides_known(sides, quotations):
        return None
    named = quotations[~quotations["resolution"].isin(INFERRED_RESOLUTIONS)]
    if not _list_firsts(sides) <= _list_firsts(_choose_sides(named)):
        return None
    listed = "; ".join(f"{clip_name(outlet)}: " + format_list(
        f"{clip_name(row.speaker_side)} {row.share}" for row in sides[sides["outlet"] == outlet].itertuples())
        for outlet in outlets)
    spans = explode_spans(quotations.dropna(subset="speaker_side"), "content_spans")
    evidence = show_finding(tables, spans, sides, ["speaker_side", "outlet"], "Statements of each side")
    bars = tuple(FindingBar(f"{clip_name(row.outlet)}: {clip_name(row.speaker_side)}", row.share)
                 for row in sides.sort_values("outlet", kind="stable").head(MAX_SIDE_BARS).itertuples())
    return Finding("On whose side", f"Statements by side, {listed}.{where}", "03_quotations", "On whose side", evidence,
                   bars=bars)


def _choose_sides(quotations: pd.DataFrame) -> pd.DataFrame:
    """The sides of the roster, parties, and countries if two or more speak; the most quoted first."""
    sides = count_sides(quotations)
    sides = sides.sort_values(["n_quotations", "speaker_side"], ascending=[False, True], kind="stable")
    described = quotations["side_from"] == "description"
    countries = set(quotations["speaker_side"][described]) & list_countries()
    known = {*quotations["speaker_side"][~described].dropna(), *list_parties(),
             *(countries if len(countries) > 1 else ())}
    return sides[sides["speaker_side"].isin(known)]


def _are_sides_known(sides: pd.DataFrame, quotations: pd.DataFrame) -> bool:
    """Whether each outlet quotes one side more than once, and the sides of enough of its statements are known."""
    by_outlet = sides.groupby("outlet")["n_quotations"].agg(["max", "sum"])
    sizes = quotations.groupby("outlet").size()
    known = by_outlet.reindex(sizes.index, fill_value=0)
    return bool(((known["max"] >= MIN_SIDE_STATEMENTS) & (known["sum"] >= MIN_SIDED_SHARE * sizes)).all())


def _list_firsts(sides: pd.DataFrame) -> set[tuple[str, str]]:
    """The outlets with the side that each quotes most."""
    firsts = sides.drop_duplicates("outlet")
    return set(zip(firsts["outlet"], firsts["speaker_side"], strict=True))
