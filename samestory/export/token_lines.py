"""CoNLL-U: a token per line, with names and speech as layers in the last column; written by the library conllu.

The analysis is that of the table `tokens`: form, lemma and part of speech; it has no heads. A token's last column says
where it is (`TokenRange`, code points into the article's field), what follows it up to the next one (`SpaceAfter`,
`SpacesAfter`), which name it belongs to (`NE` in the scheme BILUO, `Entity`), and what is said: `Speech` has the ids of
quotations and speech acts, `Marked` that it is between quotation marks, `Cue` and `Source` whose cue or source it is.
Where a quotation begins, a comment has the rest of its row as JSON.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, TextIO

from samestory.base.fields import FIELD_OF_TEXT, name_field
from samestory.export.article_rows import ExportedArticle, ExportRow
from samestory.export.fitted_text import UNFIT_SUBSTITUTE, fit_line

if TYPE_CHECKING:
    from conllu.models import TokenList

TOKEN_LINE_TABLES = ("sentences", "tokens", "mentions", "quotations", "speech_acts")
# characters that end a line or a cell for some reader of the format
CELL_BREAK_PATTERN = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]")
SPACE_ESCAPES = {" ": r"\s", "\n": r"\n", "\t": r"\t", "\\": r"\\", "|": r"\p"}
SPOKEN_COLUMNS = ("kind", "speaker_name", "speaker_entity_id", "cue", "cue_class", "confidence")
MAX_SHOWN_GAP_CHARS = 200  # of what is between two tokens; longer gaps have lines that are not part of the story

Layers = dict[int, dict[str, str]]  # what the last column says of a token, by the token's number


def write_token_lines(articles: Iterable[ExportedArticle], file: TextIO) -> None:
    """Write articles as CoNLL-U, sentence by sentence.

    Parameters
    ----------
    articles : with the rows of `TOKEN_LINE_TABLES`
    file : an open text file
    """
    for article in articles:
        for sentence in list_token_sentences(article):
            file.write(sentence.serialize())


def list_token_sentences(article: ExportedArticle) -> Iterator["TokenList"]:
    """The sentences of an article; the first of a paragraph and of the article say so."""
    from conllu.models import Metadata, Token, TokenList
    layers = _collect_layers(article)
    begun: set[object] = set()
    tokens = {number: list(rows) for number, rows in groupby(article.tables["tokens"], lambda row: row["sentence"])}
    for place, sentence in enumerate(article.tables["sentences"]):
        rows = tokens.get(sentence["sentence"], [])
        if not rows:
            continue
        metadata = _describe_document(article) if not begun else {}
        paragraph = (sentence["field"], sentence["paragraph"])
        metadata |= {"newpar id": f"{article.article_id}/p{place}"} if paragraph not in begun else {}
        begun.add(paragraph)
        words = _list_token_words(article, rows, layers)
        comments = Metadata(metadata | _describe_sentence(article, sentence, rows, words))
        yield TokenList([Token(word) for word in words], comments)


def _describe_document(article: ExportedArticle) -> dict[str, str]:
    names = ("outlet", "headline", "byline", "published_at", "url", "sha256")
    named = {name: fit_line(article.row[name]) for name in names if article.row[name] is not None}
    replaced = article.fields[FIELD_OF_TEXT].describe()
    return {"newdoc id": fit_line(article.article_id), **named} | ({"replaced": replaced} if replaced else {})


def _describe_sentence(article: ExportedArticle, sentence: ExportRow, rows: list[ExportRow],
                       words: list[dict[str, Any]]) -> dict[str, str]:
    """The comments of a sentence; its text is its tokens with one space at most between two."""
    pairs = zip(words, [*words[1:], None], strict=True)
    text = "".join(word["form"] + ("" if not following or "SpaceAfter" in word["misc"] else " ")
                   for word, following in pairs)
    spoken = {f"{layer} {article.shorten_id(row['quotation_id'])}": _describe_speech(row)
              for layer, row in article.speech if row["sentence"] == sentence["sentence"]}
    return {"sent_id": fit_line(f"{article.article_id}/{sentence['sentence']}"), "text": text,
            "role": sentence["role"], "field": name_field(sentence["field"]),
            "range": f"{rows[0]['start']}:{rows[-1]['end']}", **spoken}


def _describe_speech(row: ExportRow) -> str:
    spans = {name: [[span["start"], span["end"]] for span in row[name]] for name in ("content_spans", "quoted_spans")}
    return json.dumps({name: row[name] for name in SPOKEN_COLUMNS} | spans, ensure_ascii=True)


def _list_token_words(article: ExportedArticle, rows: list[ExportRow], layers: Layers) -> list[dict[str, Any]]:
    text = article.fields[name_field(rows[0]["field"])].text
    words = []
    for number, row in enumerate(rows, 1):
        form = text[row["start"]:row["end"]]
        following = rows[number]["start"] if number < len(rows) else _find_gap_end(text, row["end"])
        misc = layers.get(row["token"], {}) | {"TokenRange": f"{row['start']}:{row['end']}"}
        misc |= _describe_gap(text[row["end"]:following])
        words.append({"id": number, "form": CELL_BREAK_PATTERN.sub(UNFIT_SUBSTITUTE, form),
                      "lemma": CELL_BREAK_PATTERN.sub(UNFIT_SUBSTITUTE, row["lemma"] or "_"), "upos": row["pos"] or "_",
                      "xpos": None, "feats": None, "head": None, "deprel": None, "deps": None, "misc": misc})
    return words


def _find_gap_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end].isspace():
        end += 1
    return end


def _describe_gap(gap: str) -> dict[str, str]:
    """What is between a token and the next one, as UDPipe writes it: nothing is said of a single space."""
    if not gap:
        return {"SpaceAfter": "No"}
    if gap == " " or len(gap) > MAX_SHOWN_GAP_CHARS:
        return {}
    return {"SpacesAfter": "".join(_escape_space(char) for char in gap)}


def _escape_space(char: str) -> str:
    """A character as UDPipe escapes it; a space that it has no letter for by its number, as in JSON."""
    return SPACE_ESCAPES.get(char) or (f"\\u{ord(char):04X}" if char.isspace() else char)


# Layers -----------------------------------------------------------------------------------------

def _collect_layers(article: ExportedArticle) -> Layers:
    """What is known of each token by its names and by what is said."""
    layers: Layers = {}
    fields = {field: [row for row in article.tables["tokens"] if name_field(row["field"]) == field]
              for field in article.list_spoken_fields()}
    for mention in article.tables["mentions"]:
        covered = _find_tokens(fields[name_field(mention["field"])], mention["start"], mention["end"])
        _mark_name(layers, covered, mention)
    for _, row in article.speech:
        rows, short = fields[name_field(row["field"])], article.shorten_id(row["quotation_id"])
        for name, spans in _list_layer_spans(row):
            for start, end in spans:
                for token in _find_tokens(rows, start, end):
                    marks = layers.setdefault(token["token"], {})
                    marks[name] = f"{marks[name]},{short}" if name in marks else short
    return layers


def _list_layer_spans(row: ExportRow) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    for name, column in (("Speech", "content_spans"), ("Marked", "quoted_spans")):
        yield name, [(span["start"], span["end"]) for span in row[column]]
    for name, column in (("Cue", "cue"), ("Source", "speaker")):
        if row[f"{column}_start"] is not None:
            yield name, [(row[f"{column}_start"], row[f"{column}_end"])]


def _find_tokens(rows: list[ExportRow], start: int, end: int) -> list[ExportRow]:
    """The tokens that share a character with a span."""
    first = bisect_left(rows, start + 1, key=lambda row: row["end"])
    last = bisect_left(rows, end, key=lambda row: row["start"])
    return rows[first:last]


def _mark_name(layers: Layers, covered: list[ExportRow], mention: ExportRow) -> None:
    if any("NE" in layers.get(row["token"], {}) for row in covered):
        return
    for place, row in enumerate(covered):
        letter = "U" if len(covered) == 1 else "B" if not place else "L" if place == len(covered) - 1 else "I"
        layers.setdefault(row["token"], {}).update(
            {"NE": f"{letter}-{mention['label']}", "Entity": _escape_value(mention["entity_id"])})


def _escape_value(value: str) -> str:
    """A value of the last column: no bar, and single spaces only."""
    return fit_line(value).replace("\\", r"\\").replace("|", r"\p")
