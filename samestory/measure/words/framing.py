"""Words that frame: verbs and adjectives of headline, lead and the rest, in an outlet's own words.

Names are left out, and so are words between quotation marks; below the lead, also the words of statements that the
outlet reports. No threshold hides a word that occurs once: in two short articles, that is where framing is.
"""

from collections import Counter

import numpy as np
import pandas as pd

from samestory.base.fields import list_fields
from samestory.base.language import WordList, read_language_rows, read_stop_words
from samestory.tables.tables import Tables

FRAMING_POS = {"VERB": "verbs", "ADJ": "adjectives"}
FRAMING_PLACES = ("headline", "lead", "further down")
MAX_FRAMING_WORDS = 12  # words of a cell; those that other outlets do not use come first
WORDS_THAT_FRAME_NOTHING = (WordList("light_verbs"), WordList("plain_saying_verbs"))


def find_framing_words(tables: Tables) -> pd.DataFrame:
    """The verbs and adjectives of the counted articles in the outlets' own words.

    One row per word, in the order of the articles. Columns: article_id, outlet, field, start, end (code points into
    that field), where (headline, lead or further down), lemma, word (as written, in lower case), pos (verbs or
    adjectives).
    """
    articles = tables.articles[tables.articles["counted"]].set_index("article_id")
    tokens = tables.read("tokens")
    tokens = tokens[tokens["article_id"].isin(articles.index)].reset_index(drop=True)
    tokens["field"] = list_fields(tokens)
    body = tokens[tokens["role"] == "body"]
    lead = tokens["article_id"].map(body.groupby("article_id")["sentence"].min())
    where = np.select([tokens["role"] == "headline", tokens["sentence"] == lead], FRAMING_PLACES[:2], FRAMING_PLACES[2])
    lemmas, skipped = tokens["lemma"].str.lower(), read_stop_words().union(*(w.words for w in WORDS_THAT_FRAME_NOTHING))
    said = tables.quotations.explode("content_spans").dropna(subset="content_spans")
    spans = pd.DataFrame({"article_id": said["article_id"], "start": [span["start"] for span in said["content_spans"]],
                          "end": [span["end"] for span in said["content_spans"]]})
    is_own = ~tokens["in_quotation"].astype(bool) & ~mark_within(tokens, tables.mentions)
    is_own &= ~(mark_within(tokens, spans) & (where == FRAMING_PLACES[2]))
    found = tokens.assign(where=where, lemma=lemmas, outlet=tokens["article_id"].map(articles["outlet"]),
                          word=tokens["norm"],
                          pos=tokens["pos"].map(FRAMING_POS))
    found = found[is_own & found["pos"].notna() & ~lemmas.isin(skipped) & lemmas.str.isalpha()
                  & ~found["word"].isin(list_sourcing_words())]
    return found.sort_values(["article_id", "field", "start"], ignore_index=True)[
        ["article_id", "outlet", "field", "start", "end", "where", "lemma", "word", "pos"]]


def list_sourcing_words() -> set[str]:
    """The words of prepositions that give a source ("according to")."""
    return {word for row in read_language_rows("cues") if row["pos"] == "ADP" for word in row["lemma"].split()}


def mark_within(tokens: pd.DataFrame, spans: pd.DataFrame) -> pd.Series:
    """Whether each row's `start` is within a span of its article; spans may overlap.

    Parameters
    ----------
    tokens : article_id, start and, where it is not the text, field
    spans : the same, and end
    """
    marks = np.zeros(len(tokens), bool)
    groups = tokens.groupby([tokens["article_id"], list_fields(tokens)]).indices
    for key, rows in spans.groupby([spans["article_id"], list_fields(spans)]):
        places = groups.get(key, np.array([], int))
        starts = tokens["start"].to_numpy()[places]
        opens, closes = np.sort(rows["start"].to_numpy()), np.sort(rows["end"].to_numpy())
        marks[places] = np.searchsorted(opens, starts, "right") > np.searchsorted(closes, starts, "right")
    return pd.Series(marks, tokens.index)


def count_framing_words(found: pd.DataFrame) -> pd.DataFrame:
    """The framing words of each outlet by where they stand, those first that no other outlet uses.

    One row per outlet and place. Columns: outlet, where, verbs, adjectives (each in its commonest form there, with its
    number, if more than one).

    Parameters
    ----------
    found : the result of `find_framing_words`
    """
    shared = found.groupby(["pos", "lemma"])["outlet"].nunique()
    common = set(shared.index[shared > 1])
    rows = []
    for (outlet, where), group in found.groupby(["outlet", "where"]):
        words = {pos: _list_framing(group[group["pos"] == pos], common) for pos in FRAMING_POS.values()}
        rows.append({"outlet": outlet, "where": where, **words})
    table = pd.DataFrame(rows, columns=["outlet", "where", *FRAMING_POS.values()])
    order = table["where"].map(FRAMING_PLACES.index) if len(table) else table["where"]
    return table.assign(order=order).sort_values(["order", "outlet"], ignore_index=True).drop(columns="order")


def _list_framing(found: pd.DataFrame, common: set[tuple[str, str]]) -> str:
    counts = Counter(zip(found["pos"], found["lemma"], strict=True))
    forms = {key: group.mode(dropna=False).iloc[0] for key, group in found.groupby(["pos", "lemma"])["word"]}
    ranked = sorted(counts, key=lambda key: (key in common, -counts[key]))  # ties: as in the text
    said = [forms[key] if counts[key] == 1 else f"{forms[key]} {counts[key]}" for key in ranked[:MAX_FRAMING_WORDS]]
    rest = len(ranked) - len(said)
    return ", ".join([*said, *([f"and {rest:,} more"] if rest > 0 else [])])
