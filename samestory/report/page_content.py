"""The content of a page, read from an executed notebook: sections with prose, and steps with code and outputs.

Outputs stay data (the blocks of `samestory.show.block_html`) until the page is written. Here it is decided what a
reader of the report gets: a section in which nothing was found becomes a few words at the end of the page, a table or
figure that another page has is not shown again, and what the notebook was made from is left to the method page.
"""

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import samestory.base.jupyter_imports  # noqa: F401 -- before any Jupyter import
from samestory.show.block_html import Block, is_empty_block
from samestory.show.shown import BLOCK_MIME_TYPE

if TYPE_CHECKING:
    from markupsafe import Markup
    from nbformat import NotebookNode

MAX_PARAMETER_CHARS = 500  # code points shown of a parameter or a provenance value
MADE_FROM_HEADING = "What this was made from"  # a section of every notebook that the method page has once
IMAGE_TYPES = ("image/png", "image/jpeg")
PARAMETER_TAGS = {"parameters", "injected-parameters"}
# kinds that a report shows once
DATA_BLOCK_KINDS = ("text", "nothing", "table", "facts", "sentences", "pairs", "evidence", "figure")
CODE_TOKEN_TAGS = {"Comment": "q", "Keyword": "b", "Literal.String": "i", "Operator.Word": "b"}  # others are plain


@dataclass
class PageOutput:
    """An output, with its number on the page; beside the blocks of `show`: figure, image, plain, message, error."""

    number: int
    block: Block

    @property
    def kind(self) -> str:
        """The kind of the block."""
        return str(self.block["kind"])


@dataclass
class PageStep:
    """A code cell: its number, its highlighted source, and its outputs."""

    number: int
    code: "Markup"
    outputs: list[PageOutput]


@dataclass
class PageSection:
    """The prose of a text cell as HTML, with its heading, and the steps below it."""

    prose: "Markup"
    heading: str
    anchor: str
    level: int
    steps: list[PageStep] = field(default_factory=list)

    @property
    def outputs(self) -> list[PageOutput]:
        """All outputs of the section."""
        return [output for step in self.steps for output in step.outputs]


@dataclass
class PageContent:
    """A page: its address and title, its sections, its parameters.

    `not_found` are the headings under which there is nothing; `remarks` say why a chart is not drawn.
    """

    href: str
    title: str
    sections: list[PageSection]
    parameters: list[dict[str, str]] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def outputs(self) -> list[PageOutput]:
        """All outputs of the page."""
        return [output for section in self.sections for output in section.outputs]


def read_notebook_page(notebook: "NotebookNode", *, title: str, href: str) -> PageContent:
    """The content of an executed notebook.

    Parameters
    ----------
    notebook : an executed notebook; it is not changed
    title, href : of the page
    """
    from markupsafe import Markup
    page, n_steps, numbers = PageContent(href, title, []), 0, iter(range(1, 1_000_000))
    render = _make_prose_renderer()
    for cell in notebook.cells:
        tags = set(cell.get("metadata", {}).get("tags", []))
        if cell.cell_type == "markdown" and "papermill-error-cell-tag" not in tags:
            page.sections.append(PageSection(*render(cell.source)))
        elif cell.cell_type == "code":
            n_steps += 1
            if not page.sections:
                page.sections.append(PageSection(Markup(), "", "", 0))
            outputs = [PageOutput(next(numbers), block) for block in map(_read_output, cell.outputs) if block]
            page.sections[-1].steps.append(PageStep(n_steps, highlight_code(cell.source), outputs))
    page.parameters = read_page_parameters(notebook)
    return page


def _read_output(output: "NotebookNode") -> Block | None:
    """An output as a block; HTML that did not come from a block is not shown, but its plain text is."""
    if output.output_type == "error":
        return {"kind": "error", "name": output.ename, "message": shorten_value(output.evalue),
                "trace": "\n".join(output.traceback)}
    if output.output_type == "stream":
        return {"kind": "message" if output.name == "stderr" else "plain", "text": output.text}
    data, described = output.get("data", {}), output.get("metadata", {})
    if BLOCK_MIME_TYPE in data:
        block: Block = json.loads(data[BLOCK_MIME_TYPE])
        return block
    if svg := data.get("image/svg+xml"):
        return {"kind": "figure", "svg": svg[max(svg.find("<svg"), 0):], "title": "", "caption": "", "alt": "",
                **described.get("image/svg+xml", {})}
    if form := next((form for form in IMAGE_TYPES if form in data), ""):
        return {"kind": "image", "form": form, "content": data[form], "alt": described.get(form, {}).get("alt", "")}
    return {"kind": "plain", "text": data["text/plain"]} if data.get("text/plain") else None


def choose_content(page: PageContent, seen: set[str]) -> None:
    """Keep what a reader needs: nothing empty, nothing that a page before has, nothing for the method page.

    Parameters
    ----------
    page : is changed
    seen : what the pages before it show, to which this page's tables and figures are added
    """
    page.sections = [section for section in page.sections if section.heading != MADE_FROM_HEADING]
    for section in page.sections:
        had = section.outputs
        for step in section.steps:
            step.outputs = [output for output in step.outputs if _is_new(output.block, seen)]
            for output in step.outputs:
                _arrange_columns(output.block)
        if had and not section.outputs and section.level > 1:
            remarks = [output.block["text"] for output in had if output.kind == "nothing"]
            page.remarks += [remark for remark in remarks if remark]
            if not remarks and all(_has_nothing(output.block) for output in had):
                page.not_found.append(section.heading)
            section.heading = MADE_FROM_HEADING
    page.sections = [section for section in page.sections if section.heading != MADE_FROM_HEADING]


def _has_nothing(block: Block) -> bool:
    return block["kind"] in DATA_BLOCK_KINDS and block["kind"] != "figure" and is_empty_block(block)


def _arrange_columns(block: Block) -> None:
    """Put the columns of a table in the order of a page, without headlines where it names articles by these anyway."""
    if block["kind"] != "table":
        return
    heads = block["heads"]
    is_twice = {"article", "headline"} <= set(heads)
    order = [place for place, head in enumerate(heads) if not (is_twice and head == "headline")]
    order.sort(key=lambda place: place in block["last"])
    for cells in (heads, block["head_classes"], block["classes"], block["meanings"], *block["rows"]):
        cells[:] = [cells[place] for place in order]
    for name in ("places", "keys"):
        if name in block:
            block[name] = (order.index(block[name][0]), block[name][1])


def _is_new(block: Block, seen: set[str]) -> bool:
    """Whether a block has something that no page had before."""
    if block["kind"] not in DATA_BLOCK_KINDS:
        return True
    content = [block.get(name) for name in ("text", "rows", "items", "parts", "pairs", "svg")]
    digest = json.dumps([block["kind"], *content], sort_keys=True)
    is_new = digest not in seen and not _has_nothing(block)
    seen.add(digest)
    return is_new


# Prose and code ---------------------------------------------------------------------------------

def _make_prose_renderer() -> Any:
    """A function that turns the source of a text cell into HTML, first heading, its anchor and its level."""
    from markupsafe import Markup
    from mistune import HTMLRenderer, Markdown
    taken: dict[str, int] = {"main": 1, "failed": 1, "on-this-page": 1, "code": 1}
    found: list[tuple[str, str, int]] = []

    class ProseRenderer(HTMLRenderer):
        """HTML, everything escaped, with an anchor for each heading."""

        def heading(self, text: str, level: int, **attributes: Any) -> str:
            name = str(Markup(text).striptags())
            found.append((name, make_anchor(name, taken), level))
            return f'<h{level} id="{found[-1][1]}">{text}</h{level}>\n'

    markdown = Markdown(renderer=ProseRenderer(escape=True))

    def render(source: str) -> tuple[Markup, str, str, int]:
        found.clear()
        html = Markup(markdown(source))
        return (html, *(found[0] if found else ("", "", 0)))

    return render


def make_anchor(name: str, taken: dict[str, int], *, most: int = 60) -> str:
    """An anchor made of the name's words, with a number if it is taken; it is added to `taken`.

    >>> taken = {}
    >>> [make_anchor(name, taken) for name in ("By name", "By name", "By name 2", "?")]
    ['by-name', 'by-name-2', 'by-name-2-2', 'part']
    """
    words = anchor = "-".join(re.findall(r"\w+", name.lower()))[:most].strip("-") or "part"
    while anchor in taken:
        taken[words] += 1
        anchor = f"{words}-{taken[words]}"
    taken[anchor] = 1
    return anchor


def highlight_code(source: str) -> "Markup":
    """Python as HTML: comments, keywords and strings in tags of their own."""
    from markupsafe import Markup, escape
    pieces = []
    for kind, text in _read_lexer().get_tokens(source):
        tag = _find_code_tag(kind)
        pieces.append(Markup(f"<{tag}>{escape(text)}</{tag}>") if tag else escape(text))
    return Markup().join(pieces)


@cache
def _find_code_tag(kind: object) -> str:
    return next((tag for name, tag in CODE_TOKEN_TAGS.items() if f"{kind}.".startswith(f"Token.{name}.")), "")


@cache
def _read_lexer() -> Any:
    from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]  # no stubs needed for one call
    return PythonLexer()


# Parameters -------------------------------------------------------------------------------------

def shorten_value(value: object) -> str:
    """A value as text of bounded length."""
    text = str(value)
    cut = len(text) - MAX_PARAMETER_CHARS
    return text if cut <= 0 else f"{text[:MAX_PARAMETER_CHARS]} … {cut:,} more characters"


def read_page_parameters(notebook: "NotebookNode") -> list[dict[str, str]]:
    """Name, value and meaning of each parameter of a run, in the order in which a notebook declares them."""
    rows: dict[str, dict[str, str]] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and PARAMETER_TAGS & set(cell.get("metadata", {}).get("tags", [])):
            for name, value, meaning in _read_assignments(cell.source):
                meaning = meaning or rows.get(name, {}).get("meaning", "")
                rows[name] = {"name": name, "value": shorten_value(value), "meaning": meaning}
    return list(rows.values())


def _read_assignments(source: str) -> Iterator[tuple[str, str, str]]:
    """Name, value as written, and comment of each assignment; nothing if the source is not Python."""
    try:
        statements = ast.parse(source).body
        comments = {token.start[0]: token.string.lstrip("# ")
                    for token in tokenize.generate_tokens(io.StringIO(source).readline)
                    if token.type == tokenize.COMMENT}
    except (SyntaxError, tokenize.TokenError):
        return
    for statement in statements:
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        if isinstance(target, ast.Name) and statement.value is not None:
            yield target.id, _write_value(source, statement.value), comments.get(statement.end_lineno or 0, "")


def _write_value(source: str, value: ast.expr) -> str:
    """A value as it was given: papermill writes `zwölf` with escapes."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return json.dumps(value.value, ensure_ascii=False)
    return ast.get_source_segment(source, value) or ""


def join_parameters(pages: Iterable[PageContent]) -> list[dict[str, str]]:
    """The parameters of several pages, each once."""
    return list({row["name"]: row for page in pages for row in page.parameters}.values())
