"""A REFI-QDA project (.qdpx): the articles as sources, coded by speaker, kind of speech and name, written by lxml.

QualCoder, MAXQDA, NVivo, ATLAS.ti and others read it. Positions are code points of the source's text, as the standard
has them (REFI-QDA 1.5); NVivo counts an emoji as two. Names of codes are unique in the whole project, as QualCoder
wants them, and say what they mean when codes come back: `speaker: Ada Voss`, `speech: direct`, `PERSON:Ada Voss`.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree
from lxml.builder import ElementMaker

from samestory import __version__
from samestory.base.fields import FIELD_OF_HEADLINE, name_field
from samestory.base.schema import QUOTATION_KINDS
from samestory.export.article_rows import SPEECH_LAYERS, ExportedArticle, ExportRow, iterate_articles
from samestory.export.fitted_text import fit_line
from samestory.tables.tables import Tables

QDA_TABLES = ("mentions", "quotations", "speech_acts")
QDA_NAMESPACE = "urn:QDA-XML:project:1.0"
QDA_PROJECT_FILE, QDA_SOURCES_FOLDER = "project.qde", "sources"
SPEAKER_CODE_PREFIX, SPEECH_CODE_PREFIX, SPEECH_ACT_CODE = "speaker: ", "speech: ", "speech: act"
SPEECH_CODES = (*(f"{SPEECH_CODE_PREFIX}{kind}" for kind in QUOTATION_KINDS), SPEECH_ACT_CODE)
CODE_GROUP_COLOURS = {"speakers": "#1B6CA8", "speech": "#7A4FA3", "names": "#2E7D4F"}
QDA_VARIABLES = {"outlet": "Text", "published_at": "DateTime", "event_id": "Text"}  # of a source, by column of articles
MAX_SELECTION_NAME_CHARS = 80
MAKE_QDA = ElementMaker(namespace=QDA_NAMESPACE, nsmap={None: QDA_NAMESPACE})

CodeSpan = tuple[int, int, tuple[str, ...], str]  # start and end of a selection, its codes, and its description


def write_qda_project(tables: Tables, path: Path, *, name: str) -> None:
    """Write the counted articles as a project.

    Parameters
    ----------
    tables : the tables of a corpus
    path : the file
    name : the name of the project
    """
    made = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    user = make_qda_guid("user", "samestory")
    with ZipFile(path, "w", ZIP_DEFLATED) as archive, TemporaryFile() as project:
        with etree.xmlfile(project, encoding="utf-8") as xml:
            xml.write_declaration()
            attributes = {"name": fit_line(name), "origin": f"samestory {__version__}", "creatingUserGUID": user,
                          "creationDateTime": made}
            with xml.element(f"{{{QDA_NAMESPACE}}}Project", attributes, nsmap={None: QDA_NAMESPACE}):
                xml.write(MAKE_QDA.Users(MAKE_QDA.User(guid=user, name="samestory")))
                xml.write(_make_codebook(tables))
                xml.write(MAKE_QDA.Variables(*(MAKE_QDA.Variable(
                    guid=make_qda_guid("variable", variable), name=variable, typeOfVariable=kind)
                    for variable, kind in QDA_VARIABLES.items())))
                with xml.element(f"{{{QDA_NAMESPACE}}}Sources"):
                    for article in iterate_articles(tables, QDA_TABLES):
                        for field in article.list_spoken_fields():
                            xml.write(_write_qda_source(archive, article, field, user, made))
        project.seek(0)
        with archive.open(QDA_PROJECT_FILE, "w", force_zip64=True) as file:
            shutil.copyfileobj(project, file)


def make_qda_guid(kind: str, name: str) -> str:
    """The id of a thing, the same in every export."""
    return str(uuid5(NAMESPACE_URL, f"samestory/{kind}/{name}"))


def name_qda_source(article_id: str, field: str) -> str:
    """The name of a source, which programs use as that of a file."""
    safe = fit_line(article_id).replace("/", "_").replace("\\", "_").replace(":", "_")
    return f"{safe} (headline)" if field == FIELD_OF_HEADLINE else safe


# Codes ------------------------------------------------------------------------------------------

def _make_codebook(tables: Tables) -> etree._Element:
    """The codes in three groups; names are grouped by their type."""
    speakers = {name for table in SPEECH_LAYERS for name in _list_distinct(tables, table, "speaker_name")}
    speaker_codes = sorted({name_speaker_code(name) for name in speakers})
    name_codes = sorted({fit_line(entity_id) for entity_id in _list_distinct(tables, "mentions", "entity_id")})
    labels: dict[str, list[str]] = {}
    for code in name_codes:
        labels.setdefault(code.partition(":")[0], []).append(code)
    colours = CODE_GROUP_COLOURS
    return MAKE_QDA.CodeBook(MAKE_QDA.Codes(
        _make_group("speakers", _make_codes(speaker_codes, colours["speakers"])),
        _make_group("speech", _make_codes(SPEECH_CODES, colours["speech"])),
        _make_group("names", [_make_group(label, _make_codes(codes, colours["names"]))
                              for label, codes in labels.items()])))


def _list_distinct(tables: Tables, name: str, column: str) -> set[str]:
    """The values of a column in the rows of counted articles."""
    rows = tables.read_all(name, ["article_id", column])
    return set(rows[column][rows["article_id"].isin(tables.counted_ids)].dropna())


def name_speaker_code(speaker_name: str) -> str:
    """The code of a speaker."""
    return f"{SPEAKER_CODE_PREFIX}{fit_line(speaker_name)}"


def _make_group(name: str, codes: list[etree._Element]) -> etree._Element:
    return MAKE_QDA.Code(*codes, guid=make_qda_guid("group", name), name=name, isCodable="false")


def _make_codes(names: Any, colour: str) -> list[etree._Element]:
    return [MAKE_QDA.Code(guid=make_qda_guid("code", name), name=name, isCodable="true", color=colour)
            for name in names]


# Sources ----------------------------------------------------------------------------------------

def _write_qda_source(archive: ZipFile, article: ExportedArticle, field: str, user: str, made: str) -> etree._Element:
    """Write the text of a field into the archive; returns the element about it."""
    text, guid = article.fields[field].text, make_qda_guid("source", f"{article.article_id}/{field}")
    archive.writestr(f"{QDA_SOURCES_FOLDER}/{guid}.txt", text.encode())
    source = MAKE_QDA.TextSource(
        guid=guid, name=name_qda_source(article.article_id, field), plainTextPath=f"internal://{guid}.txt",
        creatingUser=user, creationDateTime=made)
    replaced = article.fields[field].describe()
    source.append(MAKE_QDA.Description(fit_line(f"article_id: {article.article_id}")
                                       + (f"; replaced in it: {replaced}" if replaced else "")))
    for start, end, codes, described in list_code_spans(article, field):
        selection = MAKE_QDA.PlainTextSelection(
            MAKE_QDA.Description(described),
            guid=make_qda_guid("selection", f"{guid}/{start}-{end}/{described}"), startPosition=str(start),
            endPosition=str(end), name=fit_line(text[start:min(end, start + MAX_SELECTION_NAME_CHARS)]),
            creatingUser=user, creationDateTime=made)
        for code in codes:
            selection.append(MAKE_QDA.Coding(
                MAKE_QDA.CodeRef(targetGUID=make_qda_guid("code", code)), creatingUser=user, creationDateTime=made,
                guid=make_qda_guid("coding", f"{guid}/{start}-{end}/{described}/{code}")))
        source.append(selection)
    source.extend(_list_variable_values(article.row))
    return source


def _list_variable_values(row: ExportRow) -> Iterator[etree._Element]:
    for variable, kind in QDA_VARIABLES.items():
        if (value := row[variable]) is not None:
            written = f"{value:%Y-%m-%dT%H:%M:%SZ}" if kind == "DateTime" else fit_line(value)
            yield MAKE_QDA.VariableValue(MAKE_QDA.VariableRef(targetGUID=make_qda_guid("variable", variable)),
                                         MAKE_QDA(f"{kind}Value", written))


def list_code_spans(article: ExportedArticle, field: str) -> list[CodeSpan]:
    """The selections of a field, by place: start, end, the names of their codes, and the id of the row they are of."""
    acts = {row["quotation_id"] for row in article.tables["speech_acts"]}
    return sorted((start, end, _list_row_codes(row, acts),
                   article.shorten_id(row.get("quotation_id") or row["mention_id"]))
                  for row, spans in list_row_spans(article, field) for start, end in spans)


def list_row_spans(article: ExportedArticle, field: str) -> list[tuple[ExportRow, list[tuple[int, int]]]]:
    """The rows of a field that are coded, what is said first and then names, each with its spans."""
    rows = [(row, [(span["start"], span["end"]) for span in row["content_spans"]]) for _, row in article.speech]
    rows += [(row, [(row["start"], row["end"])]) for row in article.tables["mentions"]]
    return [(row, spans) for row, spans in rows if name_field(row["field"]) == field]


def _list_row_codes(row: ExportRow, acts: set[str]) -> tuple[str, ...]:
    if "mention_id" in row:
        return (fit_line(row["entity_id"]),)
    kind = SPEECH_ACT_CODE if row["quotation_id"] in acts else f"{SPEECH_CODE_PREFIX}{row['kind']}"
    return (kind, name_speaker_code(row["speaker_name"])) if row["speaker_name"] else (kind,)
