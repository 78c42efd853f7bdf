"""Outlets: one name for each, from data/outlets.csv and the corpus folder's own outlets.csv, which takes precedence.

An outlet is recognized by its names and domains, including subdomains, also beneath an edition, a place or a house
(`outlet_names`). An outlet on neither list keeps its given name; nothing is guessed from the similarity of names.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import urlsplit

from samestory.base.errors import SameStoryError
from samestory.base.resources import read_data_rows
from samestory.clean.outlet_names import name_beneath, squash_name
from samestory.read.sidecar_rows import describe_header, read_sidecar_rows

UNKNOWN_OUTLET = "unknown"
OUTLET_COLUMNS = ("outlet", "names", "domains", "country", "kind")
HOST_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?){1,9}")
MAX_URL_CHARS = 2_000  # code points
MAX_RESOLVED_NAMES = 10_000  # kept in memory
SAME_SITE_PREFIXES = ("www.", "m.", "amp.", "mobile.")


@dataclass(frozen=True)
class Outlets:
    """The display names of the known outlets, by name and by domain, and which of them are news agencies."""

    names: dict[str, str]
    domains: dict[str, str]
    countries: dict[str, str]
    agencies: frozenset[str] = frozenset()
    resolved: dict[str, str] = field(default_factory=dict, compare=False)  # names that were looked up

    def name(self, name: str) -> str:
        """The display name of an outlet, from one of its names or domains; any other name is unchanged."""
        if name not in self.resolved:
            if len(self.resolved) >= MAX_RESOLVED_NAMES:
                self.resolved.clear()
            self.resolved[name] = name_beneath(name, self)
        return self.resolved[name]

    def find(self, name: str) -> str | None:
        """The outlet with that name, also after `the`, or domain; None if there is none."""
        folded = _fold_outlet_name(name)
        bare = folded.removeprefix("the ")
        found = self.names.get(folded) or (self.names.get(bare) if len(re.split(r"[\s-]", bare)) > 1 else None)
        return found or self.name_host(find_host(name))

    def find_squashed(self, letters: str) -> str | None:
        """The outlet with a name of several words that has these letters, as in a domain."""
        return self._squashed.get(letters)

    @cached_property
    def _squashed(self) -> dict[str, str]:
        return {squash_name(name): outlet for name, outlet in self.names.items() if " " in name.removeprefix("the ")}

    def is_known(self, name: str) -> bool:
        """Whether a known outlet has that name."""
        return _fold_outlet_name(name) in self.names

    def is_listed(self, outlet: str) -> bool:
        """Whether this is the display name of a known outlet."""
        return self.names.get(_fold_outlet_name(outlet)) == outlet

    def name_host(self, host: str) -> str | None:
        """The outlet that owns a host or one of its parent domains; None if there is none."""
        labels = host.split(".")
        parents = (".".join(labels[i:]) for i in range(len(labels) - 1))
        outlet = next((self.domains[parent] for parent in parents if parent in self.domains), "")
        return self.names.get(_fold_outlet_name(outlet))

    def country(self, outlet: str) -> str | None:
        """The two-letter country code of an outlet, if the list gives one."""
        return self.countries.get(outlet) or None


def find_host(url: str) -> str:
    """The host of a web address or bare domain, without `www.`; empty if it is neither.

    >>> find_host("https://www.cnn.com/2021/03/17/x.html"), find_host("edition.cnn.com"), find_host("The Sun")
    ('cnn.com', 'edition.cnn.com', '')
    """
    url = url.strip()[:MAX_URL_CHARS].lower()
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:  # brackets that are not an IP address
        return ""
    host = host.rstrip(".")
    if not HOST_PATTERN.fullmatch(host) or host.replace(".", "").isdigit():
        return ""
    return next((host.removeprefix(part) for part in SAME_SITE_PREFIXES if host.startswith(part)
                 and "." in host.removeprefix(part)), host)


@cache
def known_outlets() -> Outlets:
    """The outlets of data/outlets.csv."""
    return _index_outlets(read_data_rows("outlets"), Outlets({}, {}, {}))


def read_outlets(path: Path | None) -> Outlets:
    """The outlets of data/outlets.csv and of a corpus folder's outlets.csv, if any, which takes precedence.

    Raises
    ------
    SameStoryError
        If the file has no column `outlet`, or an unknown column.
    """
    if path is None:
        return known_outlets()
    header, rows, _ = read_sidecar_rows(path, OUTLET_COLUMNS)
    if "outlet" not in header or set(header) - set(OUTLET_COLUMNS):
        raise SameStoryError(f"{path.name}: expected the column outlet, and any of {', '.join(OUTLET_COLUMNS[1:])};"
                             f" found {describe_header(header)}")
    return _index_outlets((row for _, row in rows), known_outlets())


def _index_outlets(rows: Iterable[dict[str, str]], before: Outlets) -> Outlets:
    names, domains, countries = dict(before.names), dict(before.domains), dict(before.countries)
    agencies = set(before.agencies)
    for row in rows:
        if not (outlet := row["outlet"]):
            continue
        for name in filter(None, (outlet, *row.get("names", "").split("|"))):
            names[_fold_outlet_name(name)] = outlet
        for domain in filter(None, row.get("domains", "").split("|")):
            domains[find_host(domain) or domain.strip().lower()] = outlet
        if row.get("country"):
            countries[outlet] = row["country"].upper()
        if row.get("kind") == "agency":
            agencies.add(outlet)
    return Outlets(names, domains, countries, frozenset(agencies))


def name_outlet(name: str) -> str:
    """The display name of an outlet of data/outlets.csv; a name that is not on the list is unchanged.

    >>> name_outlet("CNN (Online News)"), name_outlet("www.nytimes.com"), name_outlet("The Daily Planet")
    ('CNN', 'New York Times', 'The Daily Planet')
    """
    return known_outlets().name(name)


def is_outlet(name: str) -> bool:
    """Whether data/outlets.csv has an outlet of that name.

    >>> is_outlet("cgtn"), is_outlet("China")
    (True, False)
    """
    return known_outlets().is_known(name)


def _fold_outlet_name(name: str) -> str:
    return " ".join(name.casefold().split())
