"""The templates of a report's pages: filled with plain text, which they escape, and with the style sheets they need."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samestory.report.page_content import shorten_value
from samestory.show.printable import clean_text

if TYPE_CHECKING:
    import jinja2

TEMPLATE_FOLDER = Path(__file__).parent / "template"
LOCAL_ADDRESS_PATTERN = re.compile(r"(?!//)(?![A-Za-z][A-Za-z0-9+.-]*:)[^\x00-\x20\\]+")


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
    return clean_text(_load_template(name).render(shown))


def load_templates() -> None:
    """Compile all templates, which takes a while, before they are needed."""
    for path in TEMPLATE_FOLDER.glob("*.html.j2"):
        _load_template(path.name)


@cache
def _load_template(name: str) -> "jinja2.Template":
    return _make_environment().get_template(name)


@cache
def _make_environment() -> "jinja2.Environment":
    import jinja2

    from samestory.show.block_html import escape_text
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATE_FOLDER), autoescape=True)
    environment.filters |= {"local": _keep_local_address, "terminal": _drop_terminal_colours,
                            "bdi": lambda text: _trust(escape_text(str(text)))}
    return environment


def _trust(html: str) -> Any:
    from markupsafe import Markup
    return Markup(html)


@cache
def _read_style(*names: str) -> Any:
    """The style sheets without superfluous blanks; trusted, so marked as HTML."""
    text = "".join((TEMPLATE_FOLDER / name).read_text(encoding="utf-8") for name in names)
    return _trust(re.sub(r"\n\s+", "\n", re.sub(r"([:,]) | ?([{};]) ?", r"\1\2", text)))


def _keep_local_address(href: str) -> str:
    """The address if it is within the report, else `#`.

    >>> _keep_local_address("tables/a.csv"), _keep_local_address("javascript:alert(1)")
    ('tables/a.csv', '#')
    """
    return href if LOCAL_ADDRESS_PATTERN.fullmatch(href) else "#"


def _drop_terminal_colours(text: str) -> str:
    """What a program printed, without the codes for a terminal's colours."""
    from samestory.run.notebooks import TERMINAL_ESCAPE_PATTERN
    return TERMINAL_ESCAPE_PATTERN.sub("", text)


def _list_provenance(provenance: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values, one line each; a nested mapping is written as `name value, ...`."""
    rows = []
    for name, value in provenance.items():
        if isinstance(value, Mapping):
            value = ", ".join(f"{key} {item}" for key, item in value.items())
        elif isinstance(value, list | tuple):
            value = ", ".join(map(str, value))
        rows.append((name, shorten_value(value)))
    return rows
