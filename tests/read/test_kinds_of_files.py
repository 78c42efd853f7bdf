"""More kinds of files: mail, saved pages, web archives, feeds, OpenDocument, Markdown, e-books; and those refused."""

import gzip
import sys
from email.message import EmailMessage

import pytest

from samestory.read.formats.formats import FILE_ENDINGS, FORMATS
from samestory.read.formats.refusals import REFUSAL_BY_ENDING, describe_refusal
from tests.read.test_records import read
from tests.support.export_files import make_zip

STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on Thursday. The café’s owners agreed at once."
BODY = "".join(f"<p>{STORY} It was day {i} of the talks.</p>" for i in range(5))
PAGE = f"<html><head><title>Talks end</title></head><body><article><h1>Talks end</h1>{BODY}</article></body></html>"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
ODT = f'xmlns:text="{OASIS}:text:1.0" xmlns:office="{OASIS}:office:1.0"'
ODT_STORY = (f"<office:document-content {ODT}><office:text><text:tracked-changes><text:p>Gone</text:p>"
             "</text:tracked-changes><text:h>Talks<text:s text:c='9'/>end</text:h><text:p>One<text:note>"
             "<text:p>Foot</text:p></text:note> <text:span>two</text:span><text:line-break/>three</text:p>"
             "</office:text></office:document-content>")


def make_mail(*, page="", text="", files=(), **headers):
    message = EmailMessage()
    message.set_content(text) if text else message.set_content(page, subtype="html", charset="windows-1252")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def make_warc(*pages, encoding="", media="text/html; charset=utf-8", status="200 OK"):
    made = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\nx: y\r\n\r\n"
    for i, page in enumerate(pages):
        body = gzip.compress(page.encode()) if encoding == "gzip" else page.encode()
        answer = (f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Encoding: {encoding}\r\n"
                  f"Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n").encode() + body + b"\r\n0\r\n\r\n"
        made += (f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://www.cnn.com/{i}\r\n"
                 f"Content-Length: {len(answer)}\r\n\r\n").encode() + answer + b"\r\n\r\n"
    return made


def make_odt(content, kind="text"):
    manifest = f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0"></manifest:manifest>'
    return make_zip({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content,
                     "META-INF/manifest.xml": manifest})


def test_a_page_saved_by_a_browser_as_mht_keeps_its_address(folder):
    saved = make_mail(page=PAGE, Content_Location="https://www.cnn.com/a")
    records, problems = read(folder({"x/a.mht": saved, "b.mhtml": saved}))
    assert [record.article_id for record in records] == ["b", "x/a"] and problems == []
    assert records[0].metadata["url"] == "https://www.cnn.com/a" and records[0].metadata["headline"] == "Talks end"
    assert "café’s owners" in records[0].text


def test_mail_is_read_with_its_subject_and_attachments(folder):
    table = f'source,text\nCNN,"{STORY}"\n'.encode()
    mail = make_mail(text=STORY, Subject="=?utf-8?q?Caf=C3=A9_talks?=", Date="Wed, 01 May 2024 10:00:00 +0000",
                     files=[("a/../b.csv", table), ("x.png", b"x")])
    records, _ = read(folder({"m.eml": mail}))
    assert [record.article_id for record in records] == ["m", "m.eml/b:1"]
    assert records[0].text.startswith("Title: Café talks\nDate: Wed, 01 May 2024") and STORY in records[0].text
    assert records[1].metadata == {"outlet": "CNN"}


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.wacz"])
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_pages_of_a_web_archive_are_read(folder, name, encoding):
    crawl = make_warc(PAGE, PAGE.replace("Talks", "Races"), encoding=encoding)
    packed = {"a.warc": crawl, "a.warc.gz": gzip.compress(crawl[:60]) + gzip.compress(crawl[60:]),
              "a.wacz": make_zip({"archive/x.warc.gz": gzip.compress(crawl), "pages/pages.jsonl": "{}"})}
    records, problems = read(folder({name: packed[name]}))
    assert [record.metadata["headline"] for record in records] == ["Talks end", "Races end"] and problems == []
    assert [record.metadata["url"] for record in records] == ["https://www.cnn.com/0", "https://www.cnn.com/1"]


@pytest.mark.parametrize(("crawl", "reason"), [
    (make_warc(PAGE, status="404 Not Found"), "nothing to read"),
    (make_warc(PAGE, media="image/png"), "nothing to read"), (make_warc(PAGE, encoding="br"), "packed as 'br'"),
    (make_warc(PAGE)[:-200], "cut off"), (b"WARC/1.0\r\n\r\n", "Length"),
    (b"WARC/1.0\r\nContent-Length: 99999999999999999999\r\n\r\n", "Length"),
    (make_warc() + b"x", "expected the beginning")])
def test_other_answers_and_damage_are_told(folder, crawl, reason):
    records, problems = read(folder({"a.warc": crawl, "good.txt": "x"}))
    assert len(records) == 1 and reason in problems[-1]["reason"]


def test_items_of_feeds_are_read(folder):
    rss = (f'<?xml version="1.0"?><rss xmlns:content="c" xmlns:dc="d"><channel><title>CNN</title>'
           f"<language>en</language>"
           f"<item><title>Talks end</title><link>https://www.cnn.com/a</link><dc:creator>Ann Lee</dc:creator>"
           f"<pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate><category>World</category><description>Short.<"
           f"/description>"
           f"<content:encoded><![CDATA[<p>{STORY}</p><p>Second.</p>]]></content:encoded></item>"
           f"<item><title>Races end</title><description>{STORY}</description></item></channel></rss>")
    records, problems = read(folder({"a.xml": rss}))
    assert [record.article_id for record in records] == ["a:1", "a:2"]
    assert records[0].metadata == {"outlet": "CNN", "headline": "Talks end", "byline": "Ann Lee", "section": "World",
                                   "published_at": "Wed, 01 May 2024 10:00:00 GMT", "url": "https://www.cnn.com/a",
                                   "language": "en"}
    assert [row["article_id"] for row in problems if "summary" in row["reason"]] == ["a:2"]
    atom = (f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry><title>T</title><id>x</id>'
            f'<author><name>Bo</name></author><link rel="alternate" href="https://x.example/1"/><published>2024-05-01T00:00:00Z</published>'
            f'<content type="xhtml"><div><p>{STORY}</p></div></content></entry></feed>')
    (record,), _ = read(folder({"b.atom": atom}, "atom"))
    assert (record.metadata["byline"], record.metadata["url"]) == ("Bo", "https://x.example/1") and STORY in record.text


@pytest.mark.parametrize(("content", "reason"), [
    ("<ppsarticle><article/></ppsarticle>", "begins with <ppsarticle>"), ("<rss><channel/></rss>", "found none"),
    ("no markup", "expected an RSS or Atom feed"),
    ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:/etc/hostname">]><rss><item><title>&x;</title></item></rss>',
     "without text")])
def test_other_xml_is_refused_and_entities_are_not_resolved(folder, content, reason):
    records, problems = read(folder({"a.xml": content, "good.txt": "x"}))
    assert len(records) == 1 and reason in problems[-1]["reason"]


def test_an_opendocument_text_is_read_without_notes(folder):
    records, problems = read(folder({"a.odt": make_odt(ODT_STORY), "b.zip": make_odt(ODT_STORY)}))
    assert records[0].text == records[1].text == "Talks end\nOne two\nthree\n"
    assert [row["path"] for row in problems] == ["b.zip"]
    entity = f'<!DOCTYPE a [<!ENTITY x "HIDDEN">]>{ODT_STORY.replace("two", "&x;")}'
    records, problems = read(folder({"a.odt": make_odt(entity), "good.txt": "x"}, "entity"))
    assert len(records) == 1 and "declares entities" in problems[0]["reason"]


def make_ods(rows, extra=""):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    cells = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    return make_odt(f'<office:document-content {ODT} xmlns:table="{OASIS}:table:1.0"><office:body><office:spreadsheet>'
                    f'<table:table table:name="CNN">{cells}{extra}</table:table></office:spreadsheet></office:body>'
                    f"</office:document-content>", "spreadsheet")


def test_an_opendocument_sheet_is_read(folder):
    records, _ = read(folder({"a.ods": make_ods([["Title", "Text"], ["T", STORY]])}))
    assert [(record.text, record.metadata) for record in records] == [(STORY, {"outlet": "CNN", "headline": "T"})]


@pytest.mark.reader_process
def test_a_sheet_of_far_too_many_cells_is_refused(folder):
    many = ('<table:table-row table:number-rows-repeated="1048572"><table:table-cell office:value-type="string"'
            ' table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>')
    records, problems = read(folder({"a.ods": make_ods([["Title", "Text"], ["T", STORY]], many), "good.txt": "x"}))
    assert len(records) == 1 and problems[0]["path"] == "a.ods" and "CSV" in problems[0]["reason"]


def test_a_markdown_file_is_read_without_its_marks(folder):
    text = ("# Talks **end**\n\n![map](m.png)\n> “We *will* meet,” said [Ann Lee](https://x.example/_a_).\n\n"
            "snake_case_name 2 * 3 * 4\n\n[1]: https://x.example\n")
    (record,), _ = read(folder({"a.md": text}))
    assert record.metadata == {"headline": "Talks end"}
    assert record.text == "Talks end\n\n\n> “We will meet,” said Ann Lee.\n\nsnake_case_name 2 * 3 * 4\n\n\n"


def test_chapters_of_an_ebook_are_read(folder):
    book = make_zip({"mimetype": "application/epub+zip", "OEBPS/nav.xhtml": PAGE, "OEBPS/1.xhtml": PAGE,
                     "OEBPS/style.css": "p {}", "OEBPS/title_page.xhtml": PAGE})
    records, problems = read(folder({"a.epub": book}))
    assert [record.article_id for record in records] == ["a.epub/OEBPS/1"] and problems == []


def test_a_page_packed_alone_is_read(folder):
    records, problems = read(folder({"a.html.gz": gzip.compress(PAGE.encode())}))
    assert [record.metadata["headline"] for record in records] == ["Talks end"] and problems == []


def test_every_ending_is_read_or_refused_with_what_to_do():
    assert set(REFUSAL_BY_ENDING) & set(FILE_ENDINGS) == set()
    for ending in (*REFUSAL_BY_ENDING, ".unheard", ""):
        advice = describe_refusal(ending).partition("; ")[2]
        assert any(word in advice for word in ("save", "export", "unpack", "move", "write", "convert")), ending
    assert {ending for kind in FORMATS for ending in kind.endings} == set(FILE_ENDINGS)


@pytest.mark.parametrize("ending", sorted(REFUSAL_BY_ENDING))
def test_a_refused_file_is_a_row_that_says_what_to_do(folder, ending):
    records, problems = read(folder({f"a{ending}": b"\0\1", "good.txt": "x"}))
    assert len(records) == 1
    assert [(row["path"], row["reason"]) for row in problems] == [(f"a{ending}", describe_refusal(ending))]


def test_a_binary_of_another_name_is_refused_with_what_to_do(folder):
    _, problems = read(folder({"a.txt": b"\xd0\xcf\x11\xe0" + b"\0" * 99, "b.txt": "x"}))
    assert problems[0]["reason"].endswith("save it as .docx")


def make_pdf(*pages):
    """A PDF with lines of text on its pages, each drawn below the last one."""
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(pages)}/Kids["
             f"{' '.join(f'{4 + 2 * i} 0 R' for i in range(len(pages)))}]>>".encode(),
             b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    for i, lines in enumerate(pages):
        drawn = "".join(f"({line}) Tj T* " for line in lines).encode("cp1252")
        stream = b"BT /F1 10 Tf 12 TL 50 700 Td " + drawn + b"ET"
        parts += [f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
                  f"/Contents {5 + 2 * i} 0 R>>".encode(),
                  f"<</Length {len(stream)}>>stream\n".encode() + stream + b"\nendstream"]
    made, offsets = b"%PDF-1.4\n", []
    for i, part in enumerate(parts, 1):
        offsets.append(len(made))
        made += f"{i} 0 obj".encode() + part + b"endobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    n = len(parts) + 1
    return made + (f"xref\n0 {n}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size {n}>>\n"
                   f"startxref\n{len(made)}\n%%EOF").encode()


PDF_LINES = ["The Post, 1 May 2024", "Council shuts the bridge", "The council shut its bridge on Mon-",
             "day, after an engineer found many", "cracks in it.", "Walkers may use a pontoon beside it", "4"]


def test_the_text_of_a_pdf_is_read_in_paragraphs(folder):
    pages = [PDF_LINES, ["The Post, 2 May 2024", "until autumn, a spokesman said then.", "5"],
             ["The Post, 3 May 2024", "A ferry “runs” as well, by night.", "6"]]
    (record,), problems = read(folder({"a.pdf": make_pdf(*pages)}))
    assert record.text == ("Council shuts the bridge\nThe council shut its bridge on Monday, after an engineer found"
                           " many cracks in it.\nWalkers may use a pontoon beside it until autumn, a spokesman said"
                           " then. A ferry “runs” as well, by night.")
    assert ["compare" in row["reason"] for row in problems] == [True]


@pytest.mark.parametrize(("content", "reason"), [
    (make_pdf([], []), "2 pages with 0 characters, which is a scan"), (b"%PDF-1.4\nx", "damaged PDF"),
    (make_pdf(PDF_LINES)[:200], "damaged PDF"), (make_pdf(*[["x" * 30]] * 501), "at most 500 pages")])
def test_a_pdf_without_text_is_refused_with_what_to_do(folder, content, reason):
    records, problems = read(folder({"a.pdf": content, "good.txt": "x"}))
    assert len(records) == 1 and reason in problems[0]["reason"] and "save its text" in problems[0]["reason"]


def test_without_its_library_a_pdf_is_refused_with_the_extra(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    records, problems = read(folder({"a.pdf": make_pdf(PDF_LINES), "good.txt": "x"}))
    assert len(records) == 1 and "pip install 'samestory[pdf]'" in problems[0]["reason"]
