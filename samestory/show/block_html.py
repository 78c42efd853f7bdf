"""Blocks as HTML: tables, sentences, facts and texts, escaped, for JupyterLab and for the pages of a report.

A block is what an output shows, as plain data (`samestory.show.shown`); all HTML of a report's tables and sentences is
written here, once. `BlockLinks` says where rows and places lead: nowhere in JupyterLab, which has no pages of
articles; a report has its own (`samestory.report.page_links`). Names written from right to left are isolated, so that
the numbers next to them keep their place.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from samestory.base.fields import FIELD_OF_TEXT

Block = dict[str, Any]  # `kind` says which: table, sentences, evidence, facts, pairs or text

MAX_UNFOLDED_CELL_CHARS = 240  # visible code points of a cell; the rest is folded
MAX_UNBROKEN_WORD_CHARS = 24  # code points; longer words are broken so as not to widen the table
MAX_PHONE_TABLE_LETTERS = 46  # letters of a row that fit on a phone
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
RIGHT_TO_LEFT_PATTERN = re.compile(f"[{_RIGHT_TO_LEFT}](?:[^A-Za-z0-9<>&;]{{0,40}}[{_RIGHT_TO_LEFT}])*")

# `table` before the class outweighs JupyterLab's own rule, which aligns every cell to the right.
_NOTEBOOK_STYLES = {
    "table": "table.ss-table.ss-table :is(th,td){text-align:left;vertical-align:top;max-width:26em;white-space:normal}"
             "table.ss-table.ss-table .ss-n{text-align:right;font-variant-numeric:tabular-nums}"
             ".ss-table td.ss-n,.ss-table .ss-t{white-space:nowrap}.ss-table .ss-w{min-width:16em}"
             ".ss-table .ss-l{overflow-wrap:anywhere;min-width:10em}"
             ".ss-table caption{text-align:left;font-weight:600}",
    "facts": "table.ss-table.ss-facts :is(th,td){vertical-align:top;text-align:left;white-space:normal;min-width:14em}"
             "table.ss-table.ss-facts th[scope=row]{min-width:7em;font-weight:400}.ss-facts p{margin:.2em 0}"
             "table.ss-facts caption{text-align:left;font-weight:600}",
    "pairs": ".ss-pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.6rem 1.8rem}"}


class LinkTarget(NamedTuple):
    """Where a row or a sentence leads, and the id by which others lead to it; either may be empty."""

    href: str = ""
    anchor: str = ""


class BlockLinks:
    """The links of blocks: none, as in a notebook."""

    def count_visible(self, kind: str) -> int | None:
        """How many rows of a block are visible before a reader unfolds the others; None for all."""
        return None

    def find_place(self, article_id: str, start: int | None, field: str = FIELD_OF_TEXT) -> LinkTarget:
        """The article, at an offset in a field if given."""
        return LinkTarget()

    def find_row(self, keys: str) -> LinkTarget:
        """The sentences of the row with these digests (`samestory.show.anchors.digest_row`)."""
        return LinkTarget()

    def name_article(self, article_id: str) -> str:
        """What an article is called in a table."""
        return article_id

    def find_csv(self, block: Block) -> str:
        """The file with the rows of a table."""
        return ""

    def number_table(self) -> str:
        """The id of the next table's caption; empty where a page may hold two of the same."""
        return ""


def write_notebook_block(block: Block) -> str:
    """The HTML of a block for JupyterLab, with the style that it needs there."""
    style = _NOTEBOOK_STYLES.get(block["kind"], "")
    html = write_block(block, BlockLinks())
    return f"<style>{style}</style>{html}" if style else html


def write_block(block: Block, links: BlockLinks) -> str:
    """The HTML of a block.

    >>> write_block({"kind": "text", "text": "5 < 7"}, BlockLinks())
    '<p class="ss-say">5 &lt; 7</p>'
    """
    return _BLOCK_WRITERS[block["kind"]](block, links)


def is_empty_block(block: Block) -> bool:
    """Whether a block has nothing to show."""
    contents = ("rows", "items", "parts", "pairs", "text")
    return block["kind"] == "nothing" or not any(block.get(name) for name in contents)


def escape_text(text: str) -> str:
    """A text, escaped, with names written from right to left isolated.

    >>> escape_text("a < b"), escape_text("علي 5")
    ('a &lt; b', '<bdi>علي</bdi> 5')
    """
    return RIGHT_TO_LEFT_PATTERN.sub(lambda found: f"<bdi>{found[0]}</bdi>", escape(text))


def write_link(html: str, target: LinkTarget) -> str:
    """HTML as a link, if it leads somewhere."""
    return f'<a href="{escape(target.href)}">{html}</a>' if target.href else html


def _write_id(anchor: str) -> str:
    return f' id="{escape(anchor)}"' if anchor else ""


def _write_text(block: Block, links: BlockLinks) -> str:
    return f'<p class="ss-say">{escape_text(block["text"])}</p>'


def _write_note(note: str) -> str:
    return f'\n<p class="ss-note">{escape_text(note)}</p>' if note else ""


# Tables -----------------------------------------------------------------------------------------

def _write_table(block: Block, links: BlockLinks) -> str:
    rows, heads = block["rows"], zip(block["heads"], block["head_classes"], block["meanings"], strict=True)
    head = "".join(f'<th scope="col"{_write_class(kind)}>{_explain_head(name, meaning)}</th>'
                   for name, kind, meaning in heads)
    body = "\n".join(_write_row(block, number, links) for number in range(len(rows)))
    body = body or f'<tr><td colspan="{max(len(block["heads"]), 1)}">none</td></tr>'
    columns = [[name, *cells] for name, *cells in zip(block["heads"], *rows, strict=True)]
    inner = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    return _scroll_table(block, inner, "ss-table", columns, links)


def _explain_head(name: str, meaning: str) -> str:
    """The head of a column, with its meaning on hover."""
    return f'<abbr title="{escape(meaning)}">{escape_text(name)}</abbr>' if meaning else escape_text(name)


def _scroll_table(block: Block, inner: str, kind: str, columns: Sequence[Sequence[str]], links: BlockLinks) -> str:
    """A table that scrolls sideways where it must, and says so on a phone, with the switch for all its rows."""
    anchor, n_rows = links.number_table(), len(block["rows"])
    label = f'aria-labelledby="{anchor}"' if anchor else f'aria-label="{escape(block["caption"])}"'
    needed = sum(2 + max((len(word) for text in column for word in text.split()), default=0) for column in columns)
    wide = " ss-wide" if needed > MAX_PHONE_TABLE_LETTERS else ""
    behind = " ss-behind" if block.get("behind") else ""  # a figure, which has the caption already
    html = (f'<div class="ss-scroll{wide}{behind}" role="region" tabindex="0" {label}>\n<table class="{kind}">'
            f'<caption{_write_id(anchor)}>{escape_text(block["caption"])}</caption>\n{inner}</table></div>')
    note = f'\n<p class="ss-note">{escape_text(block["note"])}</p>' if block["note"] else ""
    return _fold_rest(html, n_rows, "rows", block, links) + note


def _fold_rest(html: str, n: int, unit: str, block: Block, links: BlockLinks) -> str:
    """The HTML of many rows, with a switch that shows those after the first, and the link to their CSV."""
    most = links.count_visible(block["kind"])
    folds = most is not None and n > most
    switch = f'<label><input type="checkbox"> all {n:,} {unit}</label> ' if folds else ""
    below = switch + _write_csv_link(block, links.find_csv(block))
    fold = f" ss-fold{most}" if folds else ""
    return f'<div class="ss-rest{fold}">{html}<p class="ss-below">{below}</p></div>' if below else html


def _write_csv_link(block: Block, href: str) -> str:
    """The link to a table's CSV; its label names the table, for readers who go through a page's links."""
    return f'<a href="{escape(href)}" aria-label="CSV: {escape(block["caption"])}">CSV</a>' if href else ""


def _write_row(block: Block, number: int, links: BlockLinks) -> str:
    """A row; its first cell heads it unless it is a number."""
    place_column, places = block.get("places") or (None, [])
    key_column, keys = block.get("keys") or (None, [])
    cells = []
    for column, (value, kind) in enumerate(zip(block["rows"][number], block["classes"], strict=True)):
        target = LinkTarget()
        if column == place_column and places[number]:
            target = links.find_place(*places[number])
            value = links.name_article(places[number][0]) if block["heads"][column] == "article" else value
        if column == key_column:
            target = links.find_row(keys[number])
        cells.append(_write_cell(value, kind, heads=column == 0 and kind != "ss-n", target=target))
    return f"<tr>{''.join(cells)}</tr>"


def _write_class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _write_cell(value: str, kind: str, *, heads: bool, target: LinkTarget) -> str:
    tag, scope = ("th", ' scope="row"') if heads else ("td", "")
    absent = "missing" if value == "missing" else "empty" if heads and not value.strip() else ""
    content = f'<span class="ss-missing">{absent}</span>' if absent else _fold_cell_text(value, target)
    return f"<{tag}{_write_id(target.anchor)}{scope}{_write_class(kind or _find_cell_class(value))}>{content}</{tag}>"


def _find_cell_class(text: str) -> str:
    """The class of a text cell: `ss-l` if a word must break, `ss-w` for long text, `ss-t` for a short phrase."""
    if max(map(len, text.split()), default=0) > MAX_UNBROKEN_WORD_CHARS:
        return "ss-l"
    if len(text) > 70:
        return "ss-w"
    return "ss-t" if " " in text and len(text) <= 16 else ""


def _fold_cell_text(text: str, target: LinkTarget) -> str:
    """The text as a link, if it leads somewhere; the rest of a long text unfolds without a script."""
    if len(text) <= MAX_UNFOLDED_CELL_CHARS:
        return write_link(escape_text(text), target)
    half = MAX_UNFOLDED_CELL_CHARS // 2
    link = f'{write_link("in the text", target)} ' if target.href else ""
    return f"{link}<details><summary>{escape_text(text[:half])} …</summary>{escape_text(text[half:])}</details>"


# Sentences --------------------------------------------------------------------------------------

def write_pieces(pieces: Sequence[Sequence[str]]) -> str:
    """A text with its marked parts in their tags."""
    return "".join(f"<{tag}>{escape_text(text)}</{tag}>" if tag else escape_text(text) for text, tag in pieces)


def _find_item_place(item: Block, links: BlockLinks) -> LinkTarget:
    return links.find_place(*item["place"]) if item["place"] else LinkTarget()


def _write_source(item: Block, links: BlockLinks) -> str:
    target = _find_item_place(item, links)
    return f'<p class="ss-source"{_write_id(target.anchor)}>{write_link(escape_text(item["source"]), target)}</p>'


def write_items(items: Sequence[Block], links: BlockLinks) -> str:
    """Sentences as a list, each with its source, which leads to its place."""
    said = "\n".join(f'<li><blockquote dir="auto">{write_pieces(item["pieces"])}</blockquote>\n'
                     f"{_write_source(item, links)}</li>" for item in items)
    return f"<ul>\n{said or '<li>none</li>'}\n</ul>"


def _write_section(caption: str, inner: str, note: str = "") -> str:
    return f'<section class="ss-evidence"><p class="ss-caption">{escape_text(caption)}</p>\n{inner}{note}</section>'


def _write_sentence_list(block: Block, links: BlockLinks) -> str:
    items = _fold_rest(write_items(block["items"], links), len(block["items"]), "sentences", block, links)
    return _write_section(block["caption"], items, _write_note(block["note"]))


def _write_evidence(block: Block, links: BlockLinks) -> str:
    """The sentences of each row under its name, folded, as in a notebook."""
    parts = "".join(_write_section(part["name"], write_items(part["items"], links)) for part in block["parts"])
    return (f'<details class="ss-rows"><summary>{escape_text(block["caption"])}</summary>\n{parts}'
            f'{_write_note(block["note"])}</details>')


def _write_pairs(block: Block, links: BlockLinks) -> str:
    """Versions of one utterance side by side."""
    pairs = "\n".join(f'<li><div class="ss-pair">{"".join(_write_version(item, links) for item in pair["versions"])}'
                      f'</div><p class="ss-source">{escape_text(pair["source"])}</p></li>' for pair in block["pairs"])
    items = _fold_rest(f"<ul>\n{pairs or '<li>none</li>'}\n</ul>", len(block["pairs"]), "pairs", block, links)
    return _write_section(block["caption"], items, _write_note(block["note"]))


def _write_version(item: Block, links: BlockLinks) -> str:
    target = _find_item_place(item, links)
    outlet = f"<b{_write_id(target.anchor)}>{write_link(escape_text(item['source']) + ':', target)}</b>"
    return f'<blockquote dir="auto">{outlet} {write_pieces(item["pieces"])}</blockquote>'


def _write_facts(block: Block, links: BlockLinks) -> str:
    """Facts as a table: a row for each, a column for each outlet, the sentences in the cells."""
    names = "".join(f'<th scope="col">{escape_text(outlet)}</th>' for outlet in block["outlets"])
    rows = "\n".join(_write_fact_row(row, links) for row in block["rows"])
    inner = (f'<thead><tr><th scope="col">what differs</th>{names}</tr></thead>\n<tbody>\n'
             f"{rows or _NO_FACT_ROW}\n</tbody>")
    columns = [["differs".ljust(MAX_PHONE_TABLE_LETTERS, "-")]]  # sentences side by side never fit on a phone
    return _scroll_table(block, inner, "ss-table ss-facts", columns, links)


def _write_fact_row(row: Block, links: BlockLinks) -> str:
    cells = "".join(f"<td>{_write_fact_cell(cell, links)}</td>" for cell in row["cells"])
    return f'<tr><th scope="row">{escape_text(row["head"]) or "–"}</th>{cells}</tr>'


def _write_fact_cell(items: Sequence[Block], links: BlockLinks) -> str:
    return "".join(f'<p dir="auto">{write_pieces(item["pieces"])}</p>{_write_source(item, links)}'
                   for item in items) or "–"


_NO_FACT_ROW = '<tr><td colspan="2">none</td></tr>'
_BLOCK_WRITERS: Mapping[str, Callable[[Block, BlockLinks], str]] = {
    "text": _write_text, "nothing": _write_text,
    "table": _write_table, "sentences": _write_sentence_list, "evidence": _write_evidence,
    "pairs": _write_pairs, "facts": _write_facts}
