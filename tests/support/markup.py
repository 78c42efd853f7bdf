"""Elements of a page, for tests that assert its structure instead of its characters."""

from html.parser import HTMLParser
from typing import NamedTuple


class Element(NamedTuple):
    """An element: its attributes, and all text in it with single blanks."""

    attributes: dict[str, str | None]
    text: str


class _ElementReader(HTMLParser):
    def __init__(self, tag: str) -> None:
        super().__init__()
        self.tag, self.elements, self.pieces = tag, [], None

    def handle_starttag(self, tag, attrs):
        if tag == self.tag:
            self.pieces, self.attributes = [], dict(attrs)

    def handle_data(self, data):
        if self.pieces is not None:
            self.pieces.append(data)

    def handle_endtag(self, tag):
        if tag == self.tag and self.pieces is not None:
            self.elements.append(Element(self.attributes, " ".join("".join(self.pieces).split())))
            self.pieces = None


def read_elements(html: str, tag: str, **wanted: str) -> list[Element]:
    """The elements of a tag, in order, that have the wanted attributes; of nested ones the inner ones.

    >>> read_elements('<p class="a">x <b>y</b></p><p>z</p>', "p")
    [Element(attributes={'class': 'a'}, text='x y'), Element(attributes={}, text='z')]
    >>> read_elements('<a href="x">y</a><a>z</a>', "a", href="x")
    [Element(attributes={'href': 'x'}, text='y')]
    """
    reader = _ElementReader(tag)
    reader.feed(html)
    return [element for element in reader.elements if wanted.items() <= element.attributes.items()]
