"""Pages: an executed notebook as HTML, and the front page of a report.

Both come from template/: no scripts, no requests, everything escaped, accessible, in light, dark and print.
Notebooks are run in `samestory.report.report`; `samestory.report.evidence_pages` moves sentences to separate pages.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import samestory.base.jupyter_imports  # noqa: F401 -- before any Jupyter import
from samestory.show.printable import clean_text

if TYPE_CHECKING:
    import jinja2
    from nbconvert.exporters import HTMLExporter
    from nbformat import NotebookNode

TEMPLATE_FOLDER = Path(__file__).parent / "template"
STRING_TOKEN_CLASSES = ("s1", "s2", "sa", "sb")  # classes of strings in highlighted code
MAX_STYLED_COLUMNS = 16  # table columns that have a class in the style sheet
MAX_PARAMETER_CHARS = 500  # code points shown of a parameter or a provenance value
OUTPUT_TYPE_ORDER = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
LOCAL_ADDRESS_PATTERN = re.compile(r"(?!//)(?![A-Za-z][A-Za-z0-9+.-]*:)[^\x00-\x20\\]+")

_INDEX_SECTIONS = {"findings": "Main findings", "pages": "Pages", "limits": "What this does not show",
                   "citations": "How to cite", "method": "Method, to paste",
                   "problems": "Odd things met while reading", "tables": "The tables", "parameters": "Parameters",
                   "provenance": "Provenance"}


class FrontPage(TypedDict, total=False):
    """The content of the front page; a part not given is left out, and all values are plain text."""

    corpus: str
    question: str
    summary: dict[str, str]  # articles, outlets, dates ..., as text
    articles: list[dict[str, Any]]  # outlet, title, place (its attribute, see `list_front_articles`), published ...
    findings: list[dict[str, str]]  # text, href of the sentences; topic, anchor, page, more (its href), uncorrected
    pages: list[dict[str, str]]  # title, question, href, status ("done" is not shown)
    siblings: list[tuple[str, str]]  # title and href of the pages in the bar; those of `pages` if not given
    failed: list[dict[str, str]]  # title, error, href
    tables: list[dict[str, Any]]  # name, href, row (the meaning of a row), n_rows
    parameters: list[dict[str, Any]]  # name, value, meaning
    problems: list[dict[str, Any]]  # severity, step, reason, n
    limits: list[str]
    citations: list[str]
    method: list[str]  # paragraphs to paste into a paper
    provenance: dict[str, Any]


def write_index(data: FrontPage) -> str:
    """The front page of a report as HTML.

    Raises
    ------
    KeyError
        If `corpus` or `question` is missing.
    """
    pages = data.get("pages", [])
    shown = {**data, "corpus": data["corpus"], "question": data["question"],
             "style": _read_style("style.css", "front.css"),
             "siblings": data.get("siblings", [(page["title"], page["href"]) for page in pages]),
             "toc": [(name, key) for key, name in _INDEX_SECTIONS.items() if data.get(key)],
             "parameters": [{**row, "value": _shorten_parameter(row["value"])} for row in data.get("parameters", [])],
             "provenance": data.get("provenance", {})}
    return render_template("front.html.j2", shown)


def render_template(name: str, data: Mapping[str, Any], *sheets: str) -> str:
    """A template of this room, filled with plain text, which it escapes.

    Parameters
    ----------
    name : of the template
    data : its content; `provenance`, if given, maps names to values
    sheets : style sheets in addition to the one for all pages
    """
    shown = {"style": _read_style("style.css", *sheets), **data,
             "provenance": _list_provenance(data.get("provenance", {}))}
    return _prune_style(clean_text(_load_template(name).render(shown)))


def convert_notebook(notebook: "NotebookNode | str | Path", *, title: str,
                     siblings: list[tuple[str, str]], provenance: Mapping[str, Any]) -> str:
    """An executed notebook as one self-contained HTML page.

    Parameters
    ----------
    notebook : the notebook, or its path
    title : the page's title, which is also its name among the siblings
    siblings : (title, href) of all pages of the report, including this one
    provenance : names and values of the page's inputs: digests, model, versions
    """
    from nbconvert.exporters import TemplateExporter

    notebook = _load_notebook(notebook)
    notebook.cells = [cell for cell in notebook.cells if "papermill-error-cell-tag" not in _read_cell_tags(cell)]
    failures = list(_number_steps(notebook))
    toc = _render_markdown(notebook)
    page = {"title": title, "siblings": siblings, "style": _read_style(), "failures": failures, "toc": toc,
            "has_heading": any("<h1" in cell.get("html", "") for cell in notebook.cells),
            "parameters": _read_parameters(notebook), "provenance": _list_provenance(provenance)}
    # Without HTMLExporter's last step, which parses the page again to mark images without a description: the
    # template lets none through, and the step takes most of the time.
    html, _ = TemplateExporter.from_notebook_node(_make_exporter(), notebook, {"page": page})
    return _prune_style(_name_tables(clean_text(str(html))))


def _load_notebook(notebook: "NotebookNode | str | Path") -> "NotebookNode":
    import nbformat

    if isinstance(notebook, str | Path):
        read: NotebookNode = nbformat.read(notebook, as_version=4)
        return read
    return deepcopy(notebook)


def _make_exporter() -> "HTMLExporter":
    """nbconvert's exporter with the template of this room, everything escaped."""
    from nbconvert.exporters import HTMLExporter
    from nbconvert.filters import Highlight2HTML

    exporter = HTMLExporter(template_name=TEMPLATE_FOLDER.name, extra_template_basedirs=[str(TEMPLATE_FOLDER.parent)])
    highlight = Highlight2HTML("ipython3", parent=exporter, extra_formatter_options={"nowrap": True})

    def highlight_code(source: str, **given: Any) -> str:
        return _simplify_highlighting(highlight(source, **given))

    exporter.register_filter("highlight_code", highlight_code)
    exporter.register_filter("filter_data_type", _pick_type)
    exporter.environment.autoescape = True
    exporter.environment.filters |= {"local": _keep_local_address, "bare_svg": _strip_svg_prolog, "slim": slim_html}
    return exporter


@cache
def _load_template(name: str) -> "jinja2.Template":
    import jinja2

    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATE_FOLDER), autoescape=True)
    environment.filters["local"] = _keep_local_address
    return environment.get_template(name)


@cache
def _read_style(*names: str) -> Any:
    """The style sheets without superfluous blanks; trusted, so marked as HTML."""
    from markupsafe import Markup

    text = "".join((TEMPLATE_FOLDER / name).read_text(encoding="utf-8") for name in names or ("style.css",))
    return Markup(re.sub(r"\n\s+", "\n", re.sub(r"([:,]) | ?([{};]) ?", r"\1\2", text)))


def _name_tables(html: str) -> str:
    """A page whose scrolling tables and links to their CSV are labelled by the tables' captions."""
    n = 0

    def name(found: re.Match[str]) -> str:
        nonlocal n
        if found[1]:
            n += 1
            return f'<div class="ss-scroll" role="region" tabindex="0" aria-labelledby="t{n}">{found[1]} id="t{n}">'
        return f'{found[2]} aria-describedby="t{n}">'

    return re.sub(r'<div class="ss-scroll" role="region" tabindex="0" aria-label="[^"]*">(\s*<table [^<>]*><caption)>'
                  r'|(<p class="ss-csv"><a href="[^"]*") aria-label="[^"]*">', name, html)


def _prune_style(html: str) -> str:
    """A page without style rules for classes that it does not use."""
    before, opening, rest = html.partition("<style>")
    style, closing, body = rest.partition("</style>")
    used = {name for classes in re.findall(r'class=("[^"]*"|[\w-]+)', body) for name in classes.strip('"').split()}

    def keep(rule: re.Match[str]) -> str:
        classes = set(re.findall(r"\.([a-z][\w-]*)", rule[1]))
        return rule[0] if not classes or classes & used else ""

    return "".join([before, opening, re.sub(r"([^{}]*)\{[^{}]*\}", keep, style), closing, body])


def _keep_local_address(href: str) -> str:
    """The address if it is within the report, else `#`.

    >>> _keep_local_address("tables/a.csv"), _keep_local_address("javascript:alert(1)")
    ('tables/a.csv', '#')
    """
    return href if LOCAL_ADDRESS_PATTERN.fullmatch(href) else "#"


def _pick_type(data: Mapping[str, Any]) -> list[str]:
    """The best of an output's types that a page without scripts can show, if there is one."""
    return [form for form in OUTPUT_TYPE_ORDER if form in data][:1]


def _strip_svg_prolog(svg: str) -> str:
    """The drawing without the prolog of an SVG file."""
    return svg[max(svg.find("<svg"), 0):]


def slim_html(html: str) -> str:
    """An output without the table style meant for JupyterLab, and without end tags that are optional in HTML.

    >>> slim_html("<style>table.ss-table td{margin:0}</style><table><tr><td>a</td></tr></table>")
    '<table><tr><td>a</table>'
    """
    html = re.sub(r"<style>(table)?\.ss-[^<]*</style>|</t[dhr]>", "", html)
    return re.sub(r'<table class="ss-table.*?</table>', _number_columns, html, flags=re.DOTALL)


def _number_columns(found: re.Match[str]) -> str:
    """A table that marks columns of numbers once, not in each cell, which saves a sixth of its bytes."""
    heads = re.findall(r'<th scope="col"(?: class="([^"]*)")?>', found[0])
    if len(heads) > MAX_STYLED_COLUMNS:
        return found[0]
    columns = "".join(f" n{place}" for place, kind in enumerate(heads, start=1) if kind == "ss-n")
    table = found[0].replace('class="ss-table', f'class="ss-table{columns}', 1).replace(' class="ss-n"', "")
    return re.sub(r'(<t[dh][^<>]*?) class="(ss-\w)"', r"\1 class=\2", table).replace(' scope="row"', " scope=row")


def _simplify_highlighting(code: str) -> str:
    """The highlighted code without spans that have no colour in the style sheet, and strings as <i>: half its bytes."""
    def write(found: re.Match[str]) -> str:
        if found[1] in STRING_TOKEN_CLASSES:
            return f"<i>{found[2]}</i>"
        return found[0] if found[1] in _read_coloured_classes() else found[2]

    return re.sub(r'<span class="(\w+)">([^<]*)</span>', write, code)


@cache
def _read_coloured_classes() -> frozenset[str]:
    """The token classes that have a colour in the style sheet."""
    rules = re.findall(r"\.code pre ([^{]*)\{", _read_style())
    return frozenset(name for rule in rules for name in re.findall(r"\.(\w+)", rule))


def _list_provenance(provenance: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values, one line each; a nested mapping is written as `name value, ...`."""
    rows = []
    for name, value in provenance.items():
        if isinstance(value, Mapping):
            value = ", ".join(f"{key} {item}" for key, item in value.items())
        elif isinstance(value, list | tuple):
            value = ", ".join(map(str, value))
        rows.append((name, _shorten_parameter(value)))
    return rows


def _shorten_parameter(value: object) -> str:
    text = str(value)
    cut = len(text) - MAX_PARAMETER_CHARS
    return text if cut <= 0 else f"{text[:MAX_PARAMETER_CHARS]} … {cut:,} more characters"


# Cells of a notebook ----------------------------------------------------------------------------


def _read_cell_tags(cell: "NotebookNode") -> list[str]:
    return list(cell.get("metadata", {}).get("tags", []))


def _number_steps(notebook: "NotebookNode") -> Iterator[dict[str, Any]]:
    """Give each code cell its number and each error an anchor; yields the errors."""
    for step, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        cell["step"] = step
        for output in cell.outputs:
            if output.output_type == "error":
                output["anchor"] = f"error-{step}"
                yield {"step": step, "anchor": output["anchor"], "name": output.ename,
                       "message": _shorten_parameter(output.evalue)}


def _render_markdown(notebook: "NotebookNode") -> list[tuple[str, str]]:
    """Turn each text cell into HTML and give each heading an anchor; return the headings of level 2."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    taken: dict[str, int] = {"main": 1, "failed": 1, "on-this-page": 1}
    toc: list[tuple[str, str]] = []

    def anchor_heading(found: re.Match[str]) -> str:
        level, inner = found[1], found[2]
        name = unescape(re.sub(r"<[^>]*>", "", inner))
        anchor = make_anchor(name, taken)
        if level == "2":
            toc.append((name, anchor))
        return f'<h{level} id="{anchor}">{inner}</h{level}>'

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
            html = MarkdownWithMath(renderer=renderer).render(cell.source)
            cell["html"] = re.sub(r"<h([1-6])>(.*?)</h\1>", anchor_heading, html)
    return toc


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


def _read_parameters(notebook: "NotebookNode") -> list[dict[str, str]]:
    """Name, value and meaning of each parameter in this run; the cell that shows them is marked."""
    rows: dict[str, dict[str, str]] = {}
    shown = None
    for cell in notebook.cells:
        if cell.cell_type == "code" and {"parameters", "injected-parameters"} & set(_read_cell_tags(cell)):
            shown = cell
            for name, value, meaning in _read_assignments(cell.source):
                meaning = meaning or rows.get(name, {}).get("meaning", "")
                rows[name] = {"name": name, "value": _shorten_parameter(value), "meaning": meaning}
    if shown is not None:
        shown["parameters"] = True
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
            value = ast.get_source_segment(source, statement.value) or ""
            yield target.id, value, comments.get(statement.end_lineno or 0, "")
