"""Outlet forms: spellings of one outlet in a corpus that become one name, and names that look alike and do not.

Spellings differ in capitals, blanks, marks, a first `The`, or in how much of a place is given. Which one is shown does
not depend on the order of the articles: the most frequent one, of several that of data/outlets.csv.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from samestory.clean.outlet_names import BRACKET_END_PATTERN, read_outlet_words, squash_name
from samestory.clean.outlets import UNKNOWN_OUTLET, is_outlet

FormKey = tuple[str, tuple[str, ...]]  # the letters of a name, and those of each part in its last brackets


def unify_outlets(n_articles: Mapping[str, int]) -> dict[str, str]:
    """The name to show for each outlet that another spelling is shown for.

    Parameters
    ----------
    n_articles : the number of articles of each outlet

    >>> unify_outlets({"The Kelby Echo": 3, "Kelby Ec ho": 1, "Kelby Echo (Ohio)": 1})
    {'Kelby Ec ho': 'The Kelby Echo'}
    """
    groups: dict[FormKey, list[str]] = defaultdict(list)
    for name in n_articles:
        groups[_split_name(name)].append(name)
    longer: dict[FormKey, list[FormKey]] = defaultdict(list)
    for base, places in groups:
        for n in range(1, len(places)):
            longer[base, places[:n]].append((base, places))
    for key in sorted(longer.keys() & groups.keys(), key=lambda key: (len(key[1]), key)):
        if len(longer[key]) == 1:
            groups[longer[key][0]] += groups.pop(key)
    shown: dict[str, str] = {}
    for names in groups.values():
        best = min(names, key=lambda name: (-n_articles[name], not is_outlet(name), name.isupper(), name))
        shown |= {name: best for name in names if name != best}
    return shown


def find_lookalikes(names: Iterable[str]) -> list[list[str]]:
    """Groups of outlets whose names differ only in a place, an edition or the like, and which are kept apart.

    >>> find_lookalikes(["The Guardian", "CNN", "The Guardian (Charlottetown)"])
    [['The Guardian', 'The Guardian (Charlottetown)']]
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names) - {UNKNOWN_OUTLET}):
        groups[_reduce_name(name)].append(name)
    return [group for key, group in sorted(groups.items()) if key and len(group) > 1]


def _split_name(name: str) -> FormKey:
    found = BRACKET_END_PATTERN.fullmatch(name)
    base, places = (found[1], found[2].split(",")) if found else (name, [])
    return squash_name(base) or name, tuple(map(squash_name, places))


def _reduce_name(name: str) -> str:
    """The letters of a name without places, sections and words of a house."""
    base = name.casefold().partition("(")[0].partition(" - ")[0].removeprefix("the ").removesuffix(".com").strip()
    words = base.replace("-", " ").split()
    while len(words) > 1 and words[-1] in read_outlet_words("house"):
        words.pop()
    return squash_name(" ".join(words).removeprefix("the"))
