"""Finds statements without marks: blocks after a colon that ends its paragraph, and embedded posts."""

import re
from collections.abc import Iterator
from itertools import pairwise

from samestory.annotate.quotations.introductions import find_introduced
from samestory.annotate.quotations.quotation_parse import Claim, QuotationParse, StartEnd
from samestory.annotate.quotations.speaker_spans import find_speaker

MAX_CUE_TO_COLON_TOKENS = 6  # tokens between a cue and the colon that ends its paragraph
BLOCK_PREFIX_PATTERN = re.compile(r"\s*>[>\s]*|[ \u00a0]{2,}|\t+")  # what makes a line part of a block
POST_SIGNATURE_REGEX = r"[-–—]{1,2}[ \u00a0]?(?P<name>\w[\w .’'-]{0,48}\w)\s*\(@\w{1,20}\)"
SIGNATURE_LINE_PATTERN = re.compile(rf"[ \u00a0\t]*\n\s*{POST_SIGNATURE_REGEX}")
SIGNATURE_TAIL_PATTERN = re.compile(rf"\s{POST_SIGNATURE_REGEX}[^\n]{{0,40}}\Z")
POST_LINKS_PATTERN = re.compile(r"(?:\s*(?:pic\.twitter\.com/\S+|https?://\S+))+\s*\Z")


def find_block_claims(parsed: QuotationParse) -> list[Claim]:
    """Claims for paragraphs without marks, introduced by a cue and a colon that end the previous paragraph."""
    found = []
    for i in range(len(parsed.tokens) - 1):
        if parsed.tokens[i].text != ":" or parsed.paragraph(i) == parsed.paragraph(i + 1):
            continue
        if parsed.region_at[i + 1] >= 0 or parsed.parse.role_of(i + 1) != "body":
            continue
        spans = _block_spans(parsed, parsed.paragraph(i + 1)) if parsed.applies("indented blocks") else []
        near = (v for v in range(i - 1, max(-1, i - MAX_CUE_TO_COLON_TOKENS), -1) if v in parsed.cues)
        verb = next((v for v in near if "quote" in parsed.cues[v].frames), None)
        speaker = find_speaker(parsed, verb) if verb is not None else None
        if speaker is None and spans:
            speaker = find_introduced(parsed, parsed.sentence(i)[0], i)
        if speaker is not None and parsed.applies("block quotations"):
            spans = spans or _list_block_lines(parsed, parsed.paragraph(i + 1))
            found.append(Claim(tuple(spans), verb, speaker, "block", 0.7))
    return found


def _list_block_lines(parsed: QuotationParse, position: int) -> list[StartEnd]:
    """The paragraph at a position and those on the lines right below it, if an empty line sets them off."""
    paragraphs = parsed.parse.source.paragraphs[position - 1:]
    spans = [(paragraphs[1].start, paragraphs[1].end)]
    is_set_off = _count_lines(parsed, paragraphs[0].end, paragraphs[1].start) > 1
    if is_set_off and parsed.applies("lines of a block"):
        for before, paragraph in pairwise(paragraphs[1:]):
            if paragraph.role != "body" or _count_lines(parsed, before.end, paragraph.start) > 1:
                break
            spans.append((paragraph.start, paragraph.end))
    return spans


def _count_lines(parsed: QuotationParse, start: int, end: int) -> int:
    """The number of line ends between two places."""
    return len(f"{parsed.text[start:end]}|".splitlines()) - 1


def _block_spans(parsed: QuotationParse, position: int) -> list[StartEnd]:
    """The paragraphs from a position on that are set off by the same indentation or `>`, without it."""
    spans: list[StartEnd] = []
    first = None
    for paragraph in parsed.parse.source.paragraphs[position:]:
        prefix = BLOCK_PREFIX_PATTERN.match(parsed.text, paragraph.start, paragraph.end)
        if prefix is None or paragraph.role != "body" or (">" in prefix[0]) != (">" in (first or prefix[0])):
            break
        first = first or prefix[0]
        spans.append((prefix.end(), paragraph.end))
    return [span for span in spans if span[0] < span[1]]


def find_posts(parsed: QuotationParse) -> list[Claim]:
    """Claims for embedded posts: their last paragraph ends in, or is followed by, "— NAME (@handle)"."""
    return [Claim((span,), None, None, "post", 0.85, signature=name) for span, name in _read_posts(parsed)]


def _read_posts(parsed: QuotationParse) -> Iterator[tuple[StartEnd, StartEnd]]:
    text = parsed.text
    for paragraph in parsed.parse.source.paragraphs:
        if paragraph.role != "body":
            continue
        words = text[paragraph.start:paragraph.end]
        tail, below = SIGNATURE_TAIL_PATTERN.search(words), SIGNATURE_LINE_PATTERN.match(text, paragraph.end)
        end = paragraph.start + tail.start() if tail else paragraph.end
        links = POST_LINKS_PATTERN.search(text[paragraph.start:end])
        end = paragraph.start + links.start() if links else end
        if below and end > paragraph.start:
            yield (paragraph.start, end), below.span("name")
        elif tail and end > paragraph.start:
            yield (paragraph.start, end), (paragraph.start + tail.start("name"), paragraph.start + tail.end("name"))
