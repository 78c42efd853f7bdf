"""Handmade token tables: words and marks separated by spaces; each sentence ends with a full stop.

Text between double quotation marks is in a quotation; a line that begins with `#` is the
headline. A word with a capital is a proper noun, 's is a possessive, the lemma is the word.
"""

import re
from pathlib import Path

import pyarrow.parquet as pq

from samestory.base.schema import make_table


def make_tokens(article_id: str, text: str, **changes: str) -> list[dict]:
    """The rows of the table `tokens`; `changes` sets other parts of speech (`ca="AUX"`)."""
    rows, sentence, quoted, role = [], 0, False, "body"
    for number, found in enumerate(re.finditer(r"\S+|\n", text)):
        word = found.group()
        if word in "#\n":
            sentence, role = sentence + 1, "headline" if word == "#" else "body"
            continue
        quoted ^= word == '"'
        rows.append({"article_id": article_id, "sentence": sentence, "token": number, "role": role,
                     "start": found.start(), "end": found.end(), "norm": word.lower().replace("\u2019", "'"),
                     "lemma": word, "pos": changes.get(word) or _guess_pos(word),
                     "in_quotation": quoted and word != '"'})
        sentence += word == "."
    return rows


def _guess_pos(word: str) -> str:
    if not re.search(r"\w", word):
        return "PUNCT"
    return "PART" if word in ("'s", "\u2019s") else "PROPN" if word[0].isupper() else "NOUN"


def make_tables(articles: dict[str, tuple[str, str]], *, uncounted: tuple[str, ...] = (),
                **changes: str) -> dict:
    """The tables `articles` and `tokens` of articles given as id: (outlet, text)."""
    rows = [{"article_id": name, "outlet": outlet, "text": text, "counted": name not in uncounted}
            for name, (outlet, text) in articles.items()]
    tokens = [row for name, (_, text) in articles.items() for row in make_tokens(name, text, **changes)]
    return {"articles": make_table("articles", rows), "tokens": make_table("tokens", tokens)}


def write_tables(folder: Path, tables: dict) -> Path:
    """Write the tables as Parquet files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return folder
