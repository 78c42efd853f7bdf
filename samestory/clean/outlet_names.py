"""Outlet names: the outlet that a name means beneath its edition, place, house or domain.

"The Guardian(London) - Final Edition" is The Guardian. A part of a name is taken off only where that makes no other
outlet of it: an edition always, a place where the known outlet is of its country, words of a house (Network, Wire)
where a known name of several words is left. So The Guardian (Charlottetown) and The Nation (Nigeria) stay as they are.
The words are in data/outlet_words.csv, the places in data/places.csv and data/cities.csv.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, Protocol

from samestory.base.resources import read_data_rows

MAX_NAME_PARTS = 4  # editions, places and the like at the end of one name
MAX_OUTLET_CHARS = 200  # code points; a longer name is no name
BRACKET_END_PATTERN = re.compile(r"(.*[^\s(\[])\s*[(\[]([^()\[\]]*)[)\]]")
PLACES_END_PATTERN = re.compile(r"(.*\S) ?\(([^(),]+), ?([^()]+)\)")  # The Gazette (Montreal, Quebec)
DASH_END_PATTERN = re.compile(r"(.*[^\s–—|;:-])(?:\s+[-–—]{1,2}\s+|\s*(?:--|[–—|;])\s*|:\s+)([^–—|;:]+)")
COMPANY_END_PATTERN = re.compile(r"(.*), (?:Inc|Ltd|LLC|Corp)\b\.?( .+)")  # before the name of a programme
PAGE_END_PATTERN = re.compile(r"(.*[a-z])(?:[A-Z]{1,2}\d{1,3}|\.com)")  # of a column that ran into it: HaaretzA27
TOP_DOMAIN_REGEX = r"\.(?:com?|org|net|([a-z]{2})|(?:com?|org|net)\.([a-z]{2}))"
DOMAIN_NAME_PATTERN = re.compile(rf"(?:www\.)?([a-z0-9-]{{3,40}}){TOP_DOMAIN_REGEX}", re.IGNORECASE)
INVERTED_ARTICLE_PATTERN = re.compile(r"([^,()]+), The\b", re.IGNORECASE)  # as catalogues write it
GENERIC_ZONES = ("tv", "io", "fm", "co", "me")  # used without regard to the country
SMALL_NAME_WORDS = ("of", "on", "in", "the", "and", "for", "at", "de")
MAX_ACRONYM_CHARS = 3  # a longer word in capitals is a word


class KnownOutlets(Protocol):
    """What is known of outlets by their exact names and domains."""

    def find(self, name: str) -> str | None:
        """The outlet with that name or domain."""

    def find_squashed(self, letters: str) -> str | None:
        """The outlet with a name of several words that has these letters."""

    def country(self, outlet: str) -> str | None:
        """The two-letter code of its country."""


class NamePart(NamedTuple):
    """A name without its last part, that part, and how it is set off: bracket, dash, word, opening, page."""

    rest: str
    part: str
    form: str


def name_beneath(name: str, known: KnownOutlets) -> str:
    """The known outlet that a name means, or the name without what makes no other outlet of it."""
    name = tidy_outlet_name(name)
    return _find_beneath(name, known, MAX_NAME_PARTS) or _shorten_name(name)


def tidy_outlet_name(name: str) -> str:
    """A name with single blanks and its article first, without marks at its end.

    >>> tidy_outlet_name(" Guardian.com. "), tidy_outlet_name("Sun, The (London) : ;")
    ('Guardian.com', 'The Sun (London)')
    """
    tidy = " ".join(name[:MAX_OUTLET_CHARS].split())
    tidy = INVERTED_ARTICLE_PATTERN.sub(r"The \1", tidy, count=1).rstrip(",;: ")
    bare = tidy.rstrip(".")
    return bare if DOMAIN_NAME_PATTERN.fullmatch(bare) else tidy


def _find_beneath(name: str, known: KnownOutlets, depth: int) -> str | None:
    if (found := known.find(name)) or not depth:
        return found
    if domain := DOMAIN_NAME_PATTERN.fullmatch(name):
        found = known.find_squashed(squash_name(domain[1]))
        zone = (domain[2] or domain[3] or "").upper().replace("UK", "GB")
        return found if found and (not zone or zone.lower() in GENERIC_ZONES or zone == known.country(found)) else None
    if place := PLACES_END_PATTERN.fullmatch(name):
        found, others = known.find(f"{place[1]} ({place[2]})"), map(find_place_countries, place[3].split(","))
        if found and all(known.country(found) in countries for countries in others):
            return found
    for cut in _list_parts(name):
        found = _find_beneath(cut.rest, known, depth - 1)
        if found and _makes_no_other(cut, found, known):
            return found
    return None


def _shorten_name(name: str) -> str:
    """An unknown name without its editions and initials; one that is all capitals is written as usual."""
    while cut := next((cut for cut in _list_parts(name) if cut.form in ("bracket", "dash") and _is_of_same(cut)), None):
        name = tidy_outlet_name(cut.rest)
    base, bracket, rest = name.partition(" (")
    words = base.split()
    if not base.isupper() or len(words) < 2 or not any(len(word) > MAX_ACRONYM_CHARS for word in words):
        return name
    return " ".join(_write_word(word, i) for i, word in enumerate(words)) + bracket + rest


def _write_word(word: str, i: int) -> str:
    """A word in capitals as it is usually written in a name."""
    if i and word.lower() in SMALL_NAME_WORDS:
        return word.lower()
    return word if len(word) <= MAX_ACRONYM_CHARS and word.lower() not in SMALL_NAME_WORDS else word.title()


def _list_parts(name: str) -> Iterator[NamePart]:
    """The ways to take the last part off a name, or words before it."""
    for pattern, form in ((BRACKET_END_PATTERN, "bracket"), (DASH_END_PATTERN, "dash"), (PAGE_END_PATTERN, "page"),
                          (COMPANY_END_PATTERN, "page")):
        if found := pattern.fullmatch(name):
            yield NamePart(found[1].strip(), found[2].strip() if form != "page" else "", form)
    words = name.split(" ")
    for n in range(min(4, len(words) - 1), 0, -1):
        last = " ".join(words[-n:])
        if last.casefold().strip(",") in read_outlet_words("house") or find_place_countries(last):
            yield NamePart(" ".join(words[:-n]).rstrip(","), last, "word")
        if " ".join(words[:n]).casefold() in read_outlet_words("opening"):
            yield NamePart(" ".join(words[n:]), "", "opening")


def _makes_no_other(cut: NamePart, found: str, known: KnownOutlets) -> bool:
    """Whether an outlet with the part taken off is the same as without it."""
    if cut.form in ("page", "opening") or (cut.form != "word" and (_is_of_same(cut) or known.find(cut.part) == found)):
        return True
    if cut.form == "word" and cut.part.casefold().strip(",") in read_outlet_words("house"):
        name = cut.rest.casefold().removeprefix("the ")
        return " " in name or (cut.rest.isupper() and len(name) > 1)
    if cut.form != "word" and cut.part.casefold() in read_outlet_words("section"):
        return True
    places = [countries for part in cut.part.split(",") if (countries := find_place_countries(part))]
    return bool(places) and all(known.country(found) in countries for countries in places)


def _is_of_same(cut: NamePart) -> bool:
    """Whether a part in brackets or behind a dash is an edition, a former name, or the initials of the name."""
    part = cut.part.casefold()
    letters = "".join(word[0] for word in re.split(r"[\s-]+", cut.rest.removeprefix("The ")) if word)
    return not part or part.endswith(" edition") or squash_name(part) in _squash_editions() \
        or part.startswith(tuple(f"{word} " for word in read_outlet_words("former"))) \
        or (len(part) > 1 and cut.part in (letters.upper(), "".join(filter(str.isupper, letters))))


def squash_name(name: str) -> str:
    """The letters and digits of a name, without a first `the`.

    >>> squash_name("The Hamilton Sp ectator"), squash_name("The-Sun")
    ('hamiltonspectator', 'thesun')
    """
    return "".join(filter(str.isalnum, name.casefold().removeprefix("the ")))


@cache
def find_place_countries(place: str) -> frozenset[str]:
    """The countries in which a place may be, as two-letter codes.

    >>> find_place_countries("London"), sorted(find_place_countries("Georgia"))
    (frozenset({'GB'}), ['GE', 'US'])
    """
    return _read_places().get(place.casefold().strip(), frozenset())


@cache
def _read_places() -> dict[str, frozenset[str]]:
    places: dict[str, frozenset[str]] = {}
    listed = [(row["place"], row["country"]) for row in read_data_rows("places")]
    for name, country in (*listed, *((row["name"], row["country"]) for row in read_data_rows("cities"))):
        places[name.casefold()] = places.get(name.casefold(), frozenset()) | {country}
    return places


@cache
def read_outlet_words(kind: str) -> frozenset[str]:
    """The words of one kind in data/outlet_words.csv."""
    return frozenset(row["words"] for row in read_data_rows("outlet_words") if row["kind"] == kind)


@cache
def _squash_editions() -> frozenset[str]:
    return frozenset(map(squash_name, read_outlet_words("edition")))
