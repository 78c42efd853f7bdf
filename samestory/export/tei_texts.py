"""TEI P5: each article as a text with what is said, by whom, and its names, written by lxml.

The text nodes of a body are the article's text, character for character, white space between paragraphs included. What
overlaps, or goes on after another's words, is cut into parts that name each other (`next`, `prev`). A quotation is a
`said`: `who` is its source, `direct` whether all of it is between quotation marks, `rend` its kind; whether it was
spoken is unknown (`aloud`). In a mixed one, what is between quotation marks is a `q`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from samestory import __version__
from samestory.base.fields import FIELD_OF_HEADLINE, FIELD_OF_TEXT, name_field
from samestory.export.article_rows import ExportedArticle, ExportRow, name_numbered_file
from samestory.export.fitted_text import fit_line

TEI_TABLES = ("lines", "mentions", "quotations", "speech_acts")
TEI_NAMESPACE, XML_ID = "http://www.tei-c.org/ns/1.0", "{http://www.w3.org/XML/1998/namespace}id"
MAKE_TEI = ElementMaker(namespace=TEI_NAMESPACE, nsmap={None: TEI_NAMESPACE})
NAME_ELEMENTS = {"PERSON": "persName", "ORG": "orgName", "GPE": "placeName", "LOC": "placeName", "FAC": "placeName"}
GROUP_SPEAKER_LABELS = ("ORG:", "GPE:", "NORP:")  # how the entity of a speaker begins that is no person
HEAD_LINE_ROLES = ("headline", "kicker")  # lines that are a `head`, if nothing else comes before them
XML_WHITE_SPACE = " \t\n"
# which of two marks of the same place is the outer one
SAID_RANK, ACT_RANK, PART_RANK, QUOTED_RANK, NAME_RANK = range(5)


@dataclass(frozen=True, order=True)
class Mark:
    """A span that becomes an element, or several; `chain` is the id that its parts share, if they are linked."""

    start: int
    negative_end: int
    rank: int
    chain: str
    tag: str = field(compare=False)
    attributes: tuple[tuple[str, str], ...] = field(compare=False)

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        return -self.negative_end

    def cut(self, start: int, end: int) -> "Mark":
        """A part of it."""
        return Mark(start, -end, self.rank, self.chain, self.tag, self.attributes)


Chains = dict[str, list[etree._Element]]  # the elements that are parts of one thing, by its id


def write_tei_texts(articles: Iterable[ExportedArticle], folder: Path) -> None:
    """Write a TEI file for each article into a folder.

    Parameters
    ----------
    articles : with the rows of `TEI_TABLES`
    folder : an existing folder
    """
    for article in articles:
        path = folder / name_numbered_file(article.number, "xml")
        path.parent.mkdir(exist_ok=True)
        written = etree.tostring(make_tei_text(article), encoding="utf-8", xml_declaration=True)
        path.write_bytes(written + b"\n")


def make_tei_text(article: ExportedArticle) -> etree._Element:
    """An article as the element `TEI`."""
    speakers = {name: f"s{number}" for number, name in enumerate(dict.fromkeys(
        row["speaker_name"] for _, row in article.speech if row["speaker_name"]), 1)}
    chains: Chains = {}
    marks = _list_tei_marks(article, speakers)
    text = MAKE_TEI.text()
    if FIELD_OF_HEADLINE in article.list_spoken_fields():
        text.append(MAKE_TEI.front(head := MAKE_TEI.head()))
        headline = article.fields[FIELD_OF_HEADLINE].text
        _fill_block(head, headline, 0, len(headline), marks[FIELD_OF_HEADLINE], chains)
    text.append(_make_body(article, marks[FIELD_OF_TEXT], chains))
    for name, parts in chains.items():
        _link_parts(name, parts)
    return MAKE_TEI.TEI(_make_header(article, speakers), text)


# Header -----------------------------------------------------------------------------------------

def _make_header(article: ExportedArticle, speakers: dict[str, str]) -> etree._Element:
    row, make = article.row, MAKE_TEI
    title = fit_line(row["headline"] or article.article_id)
    published = [make.date(when=f"{row['published_at']:%Y-%m-%dT%H:%M:%SZ}")] if row["published_at"] else []
    byline = [make.author(fit_line(row["byline"]))] if row["byline"] else []
    link = [make.ref(fit_line(row["url"]))] if row["url"] else []
    described = make.fileDesc(
        make.titleStmt(make.title(title), *byline),
        make.publicationStmt(make.publisher(f"samestory {__version__}"), make.idno(fit_line(article.article_id)),
                             make.idno(row["sha256"], type="sha256")),
        make.sourceDesc(make.bibl(make.title(title), *byline, make.publisher(fit_line(row["outlet"])), *published,
                                  *link)))
    replaced = " ".join(f"{name}: {listed}" for name, fitted in article.fields.items() if (listed := fitted.describe()))
    encoding = make.encodingDesc(make.editorialDecl(make.normalization(make.p(
        f"Characters replaced one for one, as place:code point of the original: {replaced or 'none'}"))))
    header = make.teiHeader(described, encoding)
    if speakers:
        header.append(make.profileDesc(make.particDesc(*_list_participants(article, speakers))))
    return header


def _list_participants(article: ExportedArticle, speakers: dict[str, str]) -> Iterator[etree._Element]:
    """The persons, and the bodies, that the article quotes."""
    entities = {row["speaker_name"]: row["speaker_entity_id"] or "" for _, row in article.speech}
    sides = {row["speaker_name"]: row["speaker_side"] for _, row in article.speech}
    made: dict[str, list[etree._Element]] = {"person": [], "org": []}
    for name, number in speakers.items():
        tag = "org" if entities[name].startswith(GROUP_SPEAKER_LABELS) else "person"
        key = {"key": fit_line(entities[name])} if entities[name] else {}
        named = MAKE_TEI(NAME_ELEMENTS["ORG" if tag == "org" else "PERSON"], fit_line(name), key)
        side = [MAKE_TEI.note(fit_line(sides[name]), type="side")] if sides[name] else []
        made[tag].append(MAKE_TEI(tag, named, *side, {XML_ID: number}))
    for group, tag in (("listPerson", "person"), ("listOrg", "org")):
        if made[tag]:
            yield MAKE_TEI(group, *made[tag])


# Marks ------------------------------------------------------------------------------------------

def _list_tei_marks(article: ExportedArticle, speakers: dict[str, str]) -> dict[str, list[Mark]]:
    """The marks of each field."""
    marks: dict[str, list[Mark]] = {FIELD_OF_TEXT: [], FIELD_OF_HEADLINE: []}
    for layer, row in article.speech:
        marks[name_field(row["field"])] += _mark_speech(article, layer, row, speakers)
    for row in article.tables["mentions"]:
        tag = NAME_ELEMENTS.get(row["label"], "name")
        attributes = {"key": fit_line(row["entity_id"])} | ({"type": row["label"]} if tag == "name" else {})
        marks[name_field(row["field"])].append(Mark(
            row["start"], -row["end"], NAME_RANK, article.shorten_id(row["mention_id"]), tag, (*attributes.items(),)))
    return marks


def _mark_speech(article: ExportedArticle, layer: str, row: ExportRow, speakers: dict[str, str]) -> Iterator[Mark]:
    short, who = article.shorten_id(row["quotation_id"]), speakers.get(row["speaker_name"])
    if layer == "quotation":
        said = {"direct": str(row["kind"] == "direct").lower(), "aloud": "unknown", "rend": row["kind"],
                "cert": f"{row['confidence']:g}"} | ({"who": f"#{who}"} if who else {})
        tag, rank = "said", SAID_RANK
    else:
        said, tag, rank = {"type": "speechAct"} | ({"corresp": f"#{who}"} if who else {}), "seg", ACT_RANK
    for span in row["content_spans"]:
        yield Mark(span["start"], -span["end"], rank, short, tag, (*said.items(),))
    for span in row["quoted_spans"] if row["kind"] == "mixed" else ():
        yield Mark(span["start"], -span["end"], QUOTED_RANK, "", "q", ())
    for column, part, kind in (("cue", "seg", "cue"), ("speaker", "rs", "source")):
        if row[f"{column}_start"] is not None:
            yield Mark(row[f"{column}_start"], -row[f"{column}_end"], PART_RANK, "", part,
                       (("type", kind), ("corresp", f"#{short}")))


def _link_parts(name: str, parts: list[etree._Element]) -> None:
    """Give the parts of one thing their ids, and each the next one's and the previous one's."""
    names = [name, *(f"{name}.{number}" for number in range(2, len(parts) + 1))]
    for place, part in enumerate(parts):
        part.set(XML_ID, names[place])
        if place:
            part.set("prev", f"#{names[place - 1]}")
        if place + 1 < len(parts):
            part.set("next", f"#{names[place + 1]}")


# Body -------------------------------------------------------------------------------------------

def _make_body(article: ExportedArticle, marks: list[Mark], chains: Chains) -> etree._Element:
    body, text, place = MAKE_TEI.body(), article.fields[FIELD_OF_TEXT].text, 0
    for tag, role, start, end in [*_list_line_blocks(article), ("", "", len(text), len(text))]:
        _append_gap(body, text[place:start])
        if tag:
            block = etree.SubElement(body, f"{{{TEI_NAMESPACE}}}{tag}", {"type": role} if tag != "p" else {})
            _fill_block(block, text, start, end, marks, chains)
        place = end
    if not len(body):
        body.append(MAKE_TEI.p())
    return body


def _append_gap(body: etree._Element, gap: str) -> None:
    """Append what is between two blocks: white space as it is, anything else as a block of its own."""
    if not gap.strip(XML_WHITE_SPACE):
        _append_text(body, gap)
    else:
        etree.SubElement(body, f"{{{TEI_NAMESPACE}}}ab", {"type": "space"}).text = gap


def _list_line_blocks(article: ExportedArticle) -> Iterator[tuple[str, str, int, int]]:
    """Element, role and span of each block: the lines of a paragraph are one, any other line is one of its own."""
    begun, held = False, None
    for line in article.tables["lines"]:
        role, paragraph = line["role"], line["paragraph"]
        if held and role == "body" == held[1] and paragraph is not None and paragraph == held[4]:
            held = (*held[:3], line["end"], paragraph)
            continue
        if held:
            yield held[:4]
        is_head = role in HEAD_LINE_ROLES and not begun
        begun = begun or not is_head
        held = ("head" if is_head else "p" if role == "body" else "ab", role, line["start"], line["end"], paragraph)
    if held:
        yield held[:4]


def _fill_block(block: etree._Element, text: str, start: int, end: int, marks: list[Mark], chains: Chains) -> None:
    """Fill a block with its text and the marks in it; a mark that leaves another one is cut where that one ends."""
    waiting = [mark.cut(max(mark.start, start), min(mark.end, end)) for mark in marks
               if mark.start < end and start < mark.end]
    heapify(waiting)
    open_elements, place = [(block, end)], start
    while waiting:
        mark = heappop(waiting)
        while open_elements[-1][1] <= mark.start:
            element, closes = open_elements.pop()
            _append_text(element, text[place:closes])
            place = closes
        outer, closes = open_elements[-1]
        _append_text(outer, text[place:mark.start])
        place = mark.start
        if mark.end > closes:
            heappush(waiting, mark.cut(closes, mark.end))
        element = etree.SubElement(outer, f"{{{TEI_NAMESPACE}}}{mark.tag}", dict(mark.attributes))
        if mark.chain:
            chains.setdefault(mark.chain, []).append(element)
        open_elements.append((element, min(mark.end, closes)))
    for element, closes in reversed(open_elements):
        _append_text(element, text[place:closes])
        place = closes


def _append_text(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
