"""What outlets call the act: verbs and nouns of headline and lead in the outlet's own words.

Of a lead the first few are taken, as it begins with what matters most; words between quotation marks are left out. A
headline that is not in the text is read by the words of the event's articles. A noun that only describes the next one
("crime bill"), a verb in a compound ("Democratic-led"), a verb that describes a noun ("a suit filed by a union") and
"according to" are no acts. What the narrator calls the act further down is left out: it was right in one word of five.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from samestory.base.fields import FIELD_OF_HEADLINE, FIELD_OF_TEXT, select_text_rows
from samestory.base.language import WordList, read_language_rows
from samestory.measure.words.framing import list_sourcing_words
from samestory.tables.tables import Tables

ACT_WORD_COLUMNS = ["article_id", "outlet", "where", "word", "lemma", "pos", "field", "start", "end"]
ACT_POS = {"VERB": "verb", "NOUN": "noun"}
MAX_LEAD_ACT_WORDS = 3
UNSAYING_VERBS = (WordList("light_verbs"), WordList("plain_saying_verbs"))  # they say little of the act
ACT_NOUNS = WordList("act_nouns")
TITLE_WORD_PATTERN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
NEXT_WORD_PATTERN = re.compile(r" ([^\W\d_]+)")
HYPHEN_MARK = "-"
PASSIVE_PREPOSITIONS = WordList("passive_prepositions")
HEADLINE_QUOTE_PATTERN = re.compile(r"“[^”]*”|(?<!\w)‘[^’]*’(?!\w)|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")


def list_act_words(tables: Tables, article_ids: Iterable[str] | None = None) -> pd.DataFrame:
    """The words by which the articles of one event call the act.

    One row per word. Columns: article_id, outlet, where (headline or lead), word (as written), lemma, pos (verb or
    noun), field, start and end (offsets into the text, or into a headline that only the metadata have).

    Parameters
    ----------
    tables : a corpus's tables
    article_ids : the event's articles; all of the corpus unless given
    """
    articles = tables.articles[tables.articles["counted"]].set_index("article_id")
    articles = articles if article_ids is None else articles.loc[sorted(article_ids)]
    tokens = _read_act_tokens(tables, articles.index)
    rows = [*_list_title_words(articles["headline"], tokens), *_list_text_words(articles["text"], tokens)]
    frame = pd.DataFrame(rows, columns=[name for name in ACT_WORD_COLUMNS if name != "outlet"])
    frame["outlet"] = frame["article_id"].map(articles["outlet"])
    return frame.sort_values(["article_id", "where", "start"], ignore_index=True)[ACT_WORD_COLUMNS]


def _read_act_tokens(tables: Tables, article_ids: Iterable[str]) -> pd.DataFrame:
    """The tokens of some articles, with their lemmas in lower case, and whether each is a word for an act."""
    tokens = select_text_rows(tables.read("tokens"))
    tokens = tokens[tokens["article_id"].isin(set(article_ids))]
    lemmas, norms = tokens["lemma"].str.lower(), tokens["norm"].str.lower()
    nouns = {row["noun"] for row in read_language_rows("label_nouns") if row["kind"] == "event"} | ACT_NOUNS.words
    is_noun = tokens["pos"] == "NOUN"
    after_noun, before_noun = (is_noun.shift(step, fill_value=False) for step in (1, -1))
    is_reduced = after_noun & norms.shift(-1).isin(PASSIVE_PREPOSITIONS.words) & (tokens["role"] == "body")
    is_verb = (tokens["pos"] == "VERB") & ~is_reduced & (norms.shift(1) != HYPHEN_MARK) & ~lemmas.isin(
        set().union(*UNSAYING_VERBS)) & ~norms.isin(list_sourcing_words())
    return tokens.assign(lemma=lemmas, is_act=is_verb | (is_noun & lemmas.isin(nouns) & ~before_noun))


def _list_text_words(texts: "pd.Series[str]", tokens: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The act words of headlines that are in the text, and the first ones of leads."""
    body = tokens[tokens["role"] == "body"]
    first = body.groupby("article_id")["sentence"].min()
    own = tokens[tokens["is_act"] & ~tokens["in_quotation"]]
    in_lead = (own["role"] == "body") & (own["sentence"] == own["article_id"].map(first))
    lead = own[in_lead].groupby("article_id").head(MAX_LEAD_ACT_WORDS)
    for where, words in (("headline", own[own["role"] == "headline"]), ("lead", lead)):
        for token in words.itertuples():
            word = texts[token.article_id][token.start:token.end]
            yield token.article_id, where, word, token.lemma, ACT_POS[token.pos], FIELD_OF_TEXT, token.start, token.end


def _list_title_words(headlines: "pd.Series[str]", tokens: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The act words of headlines that are not in the text, without those between quotation marks."""
    in_text = set(tokens["article_id"][tokens["role"] == "headline"])
    known, nouns = _read_word_forms(tokens), _list_noun_forms(tokens)
    for article_id, headline in headlines.items():
        if not isinstance(headline, str) or article_id in in_text:
            continue
        quoted = [match.span() for match in HEADLINE_QUOTE_PATTERN.finditer(headline)]
        for match in TITLE_WORD_PATTERN.finditer(headline):
            found, following = known.get(match[0].lower()), NEXT_WORD_PATTERN.match(headline, match.end())
            is_describing = found and found[1] == "noun" and following and following[1].lower() in nouns
            if found and not is_describing and not any(start <= match.start() < end for start, end in quoted):
                yield article_id, "headline", match[0], *found, FIELD_OF_HEADLINE, match.start(), match.end()


def _read_word_forms(tokens: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """The lemma and part of speech of each form, or lemma, that is most often an act word."""
    counts: dict[str, Counter[tuple[str, str, bool]]] = {}
    for form, lemma, pos, is_act in zip(tokens["norm"].str.lower(), tokens["lemma"], tokens["pos"], tokens["is_act"],
                                        strict=True):
        for known in {form, lemma}:
            counts.setdefault(known, Counter())[lemma, pos, is_act] += 1
    best = {form: count.most_common(1)[0][0] for form, count in counts.items()}
    return {form: (lemma, ACT_POS[pos]) for form, (lemma, pos, is_act) in best.items() if is_act}


def _list_noun_forms(tokens: pd.DataFrame) -> set[str]:
    """The forms that are most often nouns."""
    counts = tokens.groupby([tokens["norm"].str.lower(), "pos"]).size().sort_values(kind="stable").reset_index()
    return set(counts.drop_duplicates("norm", keep="last").query("pos == 'NOUN'")["norm"])


def join_act_words(acts: pd.DataFrame) -> pd.DataFrame:
    """The act words of each outlet, in the order of its articles, each once.

    One row per outlet and place. Columns: outlet, where (headline or lead), verbs, nouns.

    Parameters
    ----------
    acts : the result of `list_act_words`
    """
    rows = []
    for (outlet, where), group in acts.groupby(["outlet", "where"]):
        words = {pos: ", ".join(dict.fromkeys(group["word"][group["pos"] == pos])) for pos in ACT_POS.values()}
        rows.append((outlet, where, words["verb"], words["noun"]))
    return pd.DataFrame(rows, columns=["outlet", "where", "verbs", "nouns"])
