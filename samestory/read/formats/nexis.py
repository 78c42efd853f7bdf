"""Nexis Uni and Lexis Advance: articles in Word or RTF files, after a cover, each up to "End of Document".

An article consists of headline, outlet, date and edition, copyright, lines such as "Section: ...", the line
"Body", its paragraphs, and lines such as "Load-Date: ...". Based on the formats that LexisNexisTools (R) and
R.TeMiS describe.
"""

import re
from collections.abc import Iterable, Iterator

from samestory.read.formats.bundle_records import cut_records, find_date, join_text, make_record
from samestory.read.formats.formats import Found, FoundArticle, FoundProblem

NEXIS_END_LINE = "End of Document"
NEXIS_FIELD_PATTERN = re.compile(r"(Section|Length|Byline|Dateline|Highlight|Load-Date|Language|Publication-Type):"
                                 r"[\s\u00a0]*(.*)", re.DOTALL)
NEXIS_HEADINGS = ("Copyright ", "Section:", "Length:", "Byline:", "Dateline:", "Highlight:")
NEXIS_END_HEADINGS = ("Graphic", "Classification", "Notes", "Correction", "Correction-Date")
NEXIS_COVER_PATTERN = re.compile(r"^(?:Job Number:|Documents \([0-9,]+\))", re.MULTILINE)
NEXIS_NOTE_PATTERN = re.compile(r"\(.*\)|.{0,30}\b(?:Appended|Added|Attached)", re.IGNORECASE)
MAX_TITLE_LINES = 4  # headline, outlet, blog and note; more are a cover
NEXIS_URL_PATTERN = re.compile(r"https?://\S+")


def suits(head: str) -> bool:
    """Whether the first lines of a file are a cover or an article of this format."""
    return bool(NEXIS_COVER_PATTERN.search(head)) or bool(
        re.search(r"^Body[ \t]*$", head, re.MULTILINE) and re.search(r"^Length:[ \t\u00a0]", head, re.MULTILINE))


def read(lines: Iterable[str]) -> Iterator[Found]:
    """The articles of a file; each is named by its number."""
    for number, record in enumerate(cut_records(lines, lambda line: line == NEXIS_END_LINE), 1):
        lines_of = [line.strip() for line in record if line.strip()]
        if number == 1 and "Body" not in lines_of and _is_cover(lines_of):
            yield FoundProblem("error", "expected articles, found only the cover of a Nexis delivery")
        elif lines_of:
            yield _read_nexis_article(lines_of, number)


def _is_cover(lines: list[str]) -> bool:
    return not any(line.startswith("Load-Date:") for line in lines)


def _read_nexis_article(lines: list[str], number: int) -> FoundArticle:
    has_body = "Body" in lines
    first_field = next((i for i, line in enumerate(lines) if _opens_fields(line)), 0)
    body_at = lines.index("Body") if has_body else first_field
    dated = next((i for i in range(first_field - 1, -1, -1) if find_date(lines[i])), None)
    end = next((i for i in range(body_at + 1, len(lines)) if _closes_body(lines[i])), len(lines))
    fields = {match[1]: match[2] for line in (*lines[first_field:body_at], *lines[end:])
              if (match := NEXIS_FIELD_PATTERN.match(line))}
    text, url = _split_final_url(lines[body_at + has_body:end])
    headline, outlet = _read_title(lines[:first_field if dated is None else dated])
    metadata = {"published_at": find_date(lines[dated]) if dated is not None else fields.get("Load-Date"),
                "outlet": outlet, "headline": headline, "byline": fields.get("Byline"),
                "section": fields.get("Section"), "language": fields.get("Language"), "url": url}
    return make_record(number, join_text(text), metadata, warnings=_describe_missing_parts(number, has_body, dated))


def _read_title(head: list[str]) -> tuple[str | None, str | None]:
    """The headline and the outlet in the lines above an article's date; below the outlet may stand a blog or a note.

    Above the first article stands the cover, so that the last lines count there.
    """
    if len(head) > MAX_TITLE_LINES:
        own = [line for line in head if not NEXIS_NOTE_PATTERN.fullmatch(line)]
        return (own[-2], own[-1]) if len(own) > 1 else (None, None)
    return (head[0], head[1]) if len(head) > 1 else (None, head[0] if head else None)


def _opens_fields(line: str) -> bool:
    return line == "Body" or line.startswith(NEXIS_HEADINGS)


def _closes_body(line: str) -> bool:
    return line in NEXIS_END_HEADINGS or line.startswith(("Load-Date:", "Publication-Type:"))


def _split_final_url(text: list[str]) -> tuple[list[str], str | None]:
    """The body without the URL that Nexis writes below it, and that URL."""
    if text and NEXIS_URL_PATTERN.fullmatch(text[-1]):
        return text[:-1], text[-1]
    return text, None


def _describe_missing_parts(number: int, has_body: bool, dated: int | None) -> Iterator[str]:
    if not has_body:
        yield f"article {number} has no line \"Body\"; its text is what follows the headings"
    if dated is None:
        yield f"article {number} has no date above its text; its headline and outlet are taken by their places"
