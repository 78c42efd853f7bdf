"""Handmade tables of tagged sentences, for functions that read tokens, mentions and quotations.

A word is written `word/POS`; without a part of speech it is a noun, with a capital a proper noun. A sentence is one
string. `[` and `]` around words make them a mention; its label follows the closing bracket (`]GPE`). Words between `"`
marks are in a quotation; `=` before a word joins it to the preceding one (`high =- =level`).
"""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from samestory.base.schema import make_table
from samestory.link.name_queries import count_entities, count_links, link_names, open_mentions
from samestory.tables.tables import Tables


def write_tagged(folder: Path, articles: dict[tuple[str, str], list[str]], *, titles: dict[str, str] | None = None,
                 quotations: list[dict] | None = None, uncounted: tuple[str, ...] = ()) -> Tables:
    """Tables of articles given as (id, outlet): sentences; the first is the headline if it begins with `#`."""
    rows: dict[str, list[dict]] = {name: [] for name in ("articles", "sentences", "tokens", "mentions")}
    for (article_id, outlet), sentences in articles.items():
        text = _add_sentences(rows, article_id, sentences, titles or {})
        rows["articles"].append({"article_id": article_id, "outlet": outlet, "text": text,
                                 "counted": article_id not in uncounted})
    folder.mkdir(parents=True, exist_ok=True)
    tables = {name: make_table(name, found) for name, found in rows.items()}
    tables["mentions"], tables["entities"], _ = link_mentions(tables["mentions"])
    tables["quotations"] = make_table("quotations", quotations or [])
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return Tables(folder)


def link_mentions(mentions: pa.Table, aliases: Path | None = None) -> tuple[pa.Table, pa.Table, pa.Table]:
    """The mentions with their entities, in the order given, and the tables entities and links."""
    numbered = mentions.append_column("number", pa.array(range(len(mentions))))
    with open_mentions(numbered, mentions["article_id"].to_pylist()) as duck:
        link_names(duck, aliases=aliases)
        linked = duck.sql("FROM linked ORDER BY number").to_arrow_table()
        duck.register("mentions", linked)
        return linked.select(mentions.column_names).cast(mentions.schema), count_entities(duck), count_links(duck)


def _add_sentences(rows: dict[str, list[dict]], article_id: str, sentences: list[str], titles: dict[str, str]) -> str:
    """Add an article's sentences, tokens and mentions; return its text."""
    text, token = "", 0
    for number, written in enumerate(sentences):
        role, opens, begins, quoted = "headline" if written.startswith("#") else "body", len(text), None, False
        for part in written.lstrip("#").split():
            if part == "[":
                begins = (token, None)
            elif part.startswith("]"):
                start = next(row["start"] for row in rows["tokens"]
                             if row["article_id"] == article_id and row["token"] == begins[0])
                rows["mentions"].append(_write_mention(article_id, number, text, start, part[1:] or "PERSON", titles,
                                                       quoted))
            else:
                found = re.fullmatch(r"(=?)(.+?)(?:/([A-Z]+))?", part)
                word = found[2]
                text += "" if found[1] or len(text) == opens else " "
                quoted ^= word == '"'
                rows["tokens"].append({"article_id": article_id, "sentence": number, "token": token, "role": role,
                                       "start": len(text), "end": len(text) + len(word), "norm": word.lower(),
                                       "lemma": word.lower().removesuffix("s"), "pos": found[3] or _guess_pos(word),
                                       "in_quotation": quoted and word != '"'})
                text, token = text + word, token + 1
        rows["sentences"].append({"article_id": article_id, "sentence": number, "paragraph": number, "role": role,
                                  "start": opens, "end": len(text)})
        text += "\n"
    return text


def _guess_pos(word: str) -> str:
    if not re.search(r"\w", word):
        return "PUNCT"
    return {"the": "DET", "a": "DET", "of": "ADP", "to": "ADP", "and": "CCONJ", "'s": "PART"}.get(
        word, "PROPN" if word[0].isupper() else "NOUN")


def _write_mention(article_id: str, sentence: int, text: str, start: int, label: str, titles: dict[str, str],
                   quoted: bool) -> dict:
    name = text[start:]
    return {"mention_id": f"{article_id}/m{start}-{len(text)}", "article_id": article_id, "start": start,
            "end": len(text), "text": name, "label": label, "name": name, "rule": "model", "sentence": sentence,
            "in_quotation": quoted, "title": titles.get(name)}
