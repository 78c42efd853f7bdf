"""Markdown (.md): one article per file, its text without the marks of headings, emphasis, links and pictures."""

import re
from collections.abc import Iterator
from typing import IO

from samestory.read.formats.formats import Found, FoundArticle
from samestory.read.formats.text import read as read_text

MARKDOWN_HEADING_PATTERN = re.compile(r"^ {0,3}#{1,6}[ \t]+([^\n]+)", re.MULTILINE)
HEADING_RULE_PATTERN = re.compile(r"^(?=[^\n]*\w)([^\n]+)\n {0,3}(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
MARKDOWN_MARK_PATTERNS = (  # in this order
    (re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)"), ""),  # pictures
    (re.compile(r"\[([^\[\]\n]{1,500})\]\([^()\n]{0,2000}\)"), r"\1"),
    (re.compile(r"\[([^\[\]\n]{1,500})\]\[[^\[\]\n]{0,100}\]"), r"\1"),
    (re.compile(r"^ {0,3}\[[^\[\]\n]{1,500}\]: \S[^\n]*$", re.MULTILINE), ""),  # addresses of links
    (re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,2000})(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]{1,2000})(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"))


def read(file: IO[bytes]) -> Iterator[Found]:
    """The article in a .md file; its first heading is its headline."""
    for found in read_text(file):
        if isinstance(found, FoundArticle):
            heading = MARKDOWN_HEADING_PATTERN.search(found.text) or HEADING_RULE_PATTERN.search(found.text)
            metadata = {"headline": strip_markdown(heading[1]).strip(" \t#")} if heading else {}
            yield FoundArticle(strip_markdown(found.text), metadata, warnings=found.warnings)
        else:
            yield found


def strip_markdown(text: str) -> str:
    """Text without the marks of Markdown.

    >>> strip_markdown("# Talks *end*\\nThey [met](https://x.example) in **May**.")
    'Talks end\\nThey met in May.'
    """
    text = MARKDOWN_HEADING_PATTERN.sub(lambda heading: heading[1].rstrip(" \t#"), text)
    text = HEADING_RULE_PATTERN.sub(r"\1", text)
    for pattern, replacement in MARKDOWN_MARK_PATTERNS:
        text = pattern.sub(replacement, text)
    return text
