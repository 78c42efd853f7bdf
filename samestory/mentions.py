"""Named-entity mentions of one article: the model's, put right by an ordered table of small rules.

Each rule takes the mentions found so far and returns them changed; `find_mentions` can be told
which rules to use, so each is measured by itself. Left out: pronouns and common nouns, and every
decision that needs other articles (entities.py).
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise

from samestory.parse import Parse
from samestory.resources import read_rows
from samestory.roles import find_title

LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW", "WORK_OF_ART", "PRODUCT"})
PLACES = frozenset({"GPE", "LOC", "FAC"})
SPREAD = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC"})  # labels whose names are looked for again
LONGEST = 12  # tokens of a name that is looked for again
ARTICLES = frozenset({"the", "a", "an"})
PLACING = frozenset(["in", "at", "from", "to", "near", "across", "around", "outside", "inside", ","])
SPORT_WORDS = 4  # distinct words of sport, and ...
SPORT_SHARE = 0.01  # ... their share of all words, from which a text reports a match
GENERATIONS = frozenset({"Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"})
SMALL_WORDS = frozenset({"of", "the", "and", "for", "on", "in", "&", "-", "de", "la"})
PARTICLES = frozenset("al ash bin ben da das de del della der di dos du el ibn la le ter van von zu".split())
EDGES = frozenset("\"'“”‘’`.,:;!?()[]{}<>*_-–—/|#•·…") | {"''", "``", "--", "...", "'s", "’s"}


@dataclass(frozen=True)
class Found:
    """A mention in the making: tokens `first` to `last` (exclusive), its label, the rule that set it."""

    first: int
    last: int
    label: str
    rule: str = "model"


class Reading:
    """A parse as the rules see it: the words, and which of them are proper nouns."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.words = [token.text for token in parse.doc]

    @cached_property
    def proper(self) -> list[bool]:
        """Which words are proper nouns that open with a capital."""
        proper = self.parse.doc.vocab.strings["PROPN"]
        tags = self.parse.doc.to_array("POS") if self.words else []
        return [tag == proper and word[0].isupper() for tag, word in zip(tags, self.words, strict=True)]

    @cached_property
    def common_nouns(self) -> set[str]:
        """The words written in small letters as nouns."""
        noun = self.parse.doc.vocab.strings["NOUN"]
        tags = self.parse.doc.to_array("POS") if self.words else []
        return {word for tag, word in zip(tags, self.words, strict=True) if tag == noun and word.islower()}

    def words_of(self, found: Found) -> tuple[str, ...]:
        """The words of a mention."""
        return tuple(self.words[found.first:found.last])

    def name_of(self, found: Found) -> str:
        """A mention as written, on one line, composed (NFC), without invisible characters."""
        start, end = self.parse.span(found.first, found.last)
        text = unicodedata.normalize("NFC", " ".join(self.parse.text[start:end].split()))
        return text if text.isprintable() else "".join(filter(str.isprintable, text)) or text

    def crosses(self, first: int, last: int) -> bool:
        """Whether the tokens from `first` to `last` (exclusive) stand in more than one sentence."""
        return self.parse.sentence_of[first] != self.parse.sentence_of[last - 1]


Words = tuple[str, ...]
Rule = Callable[[list[Found], Reading], list[Found]]


def read_model(reading: Reading) -> list[Found]:
    """The model's mentions that are names: numbers, dates and amounts are left out."""
    return [Found(span.start, span.end, span.label_) for span in reading.parse.doc.ents
            if span.label_ in LABELS]


def trim_edges(found: list[Found], reading: Reading) -> list[Found]:
    """Cut articles, possessive 's and stray punctuation off the edges."""
    kept = []
    for mention in found:
        first, last = mention.first, mention.last
        while first < last and (reading.words[first] in EDGES or reading.words[first].lower() in ARTICLES):
            first += 1
        while first < last and reading.words[last - 1] in EDGES:
            last -= 1
        if first < last:
            kept.append(replace(mention, first=first, last=last))
    return kept


def cut_small_words(found: list[Found], reading: Reading) -> list[Found]:
    """Cut words in small letters off both ends (`state Department`), and drop what has no capital.

    What belongs to names stays: `al`, `bin`, `de`, `van` before them.
    """
    kept = []
    for mention in found:
        first, last = mention.first, mention.last
        while first < last and reading.words[first] not in PARTICLES and (
                _is_small(reading.words[first]) or reading.words[first] in EDGES):
            first += 1
        while first < last and _is_small(reading.words[last - 1]) and reading.words[last - 2] not in "-–":
            last -= 1
        if any(letter.isupper() for word in reading.words[first:last] for letter in word):
            kept.append(replace(mention, first=first, last=last))
    return kept


def _is_small(word: str) -> bool:
    return word.islower() and word[0].isalpha()


def split_owners(found: list[Found], reading: Reading) -> list[Found]:
    """Split an owner that is named elsewhere from what it owns: `Green Party's Jill Stein`.

    `People's Army` stays whole. Of a person's thing nothing is kept: `Okonjo's Budget` is no person.
    """
    labels = {reading.words_of(mention): mention.label for mention in found}
    split = []
    for mention in found:
        words = reading.words_of(mention)
        at = next((i for i, word in enumerate(words[:-1]) if word in ("'s", "’s")), 0)
        owner = labels.get(words[:at]) or _known_names().get(" ".join(words[:at])) or (
            labels.get(words[at - 1:at]) if mention.label == "PERSON" else None)
        if not owner:
            split.append(mention)
            continue
        split.append(Found(mention.first, mention.first + at, owner, "owner"))
        if mention.label != "PERSON" or len(words) - at > 2:
            split.append(Found(mention.first + at + 1, mention.last, mention.label, "owner"))
    return split


def drop_handles(found: list[Found], reading: Reading) -> list[Found]:
    """Drop what is no name: `@handle`, `#tag`, a lone `Jr.`."""
    return [m for m in found if reading.words[m.first][0] not in "@#"
            and not GENERATIONS.issuperset(reading.words_of(m))]


def know_things(found: list[Found], reading: Reading) -> list[Found]:
    """Make a person or place of one word with a digit in it a product: `IE6` is no town."""
    return [replace(m, label="PRODUCT", rule="digit")
            if m.last - m.first == 1 and m.label in PLACES | {"PERSON"}
            and any(letter.isdigit() for letter in reading.words[m.first]) else m for m in found]


def drop_common_words(found: list[Found], reading: Reading) -> list[Found]:
    """Drop a person or place of one word that the article writes as a common noun too: `Iodine`."""
    nouns = reading.common_nouns
    surnames = _surnames(found, reading)
    return [m for m in found if m.label not in PLACES | {"PERSON"} or m.last - m.first > 1
            or reading.words[m.first].lower() not in nouns or reading.words[m.first] in surnames]


def _surnames(found: Iterable[Found], reading: Reading) -> set[str]:
    """The last words of persons' longer names."""
    return {reading.words[m.last - 1] for m in found if m.label == "PERSON" and m.last - m.first > 1}


def know_heads(found: list[Found], reading: Reading) -> list[Found]:
    """Take the type from a word that tells it: a Ministry is a body, a Station a facility, an Act a law."""
    kinds, typed = _name_words(), PLACES | {"PERSON", "ORG", "NORP"}

    def label_of(mention: Found) -> str:
        words = reading.words_of(mention)
        if len(words) < 2 or mention.label not in typed or " ".join(words) in _known_names():
            return mention.label
        if words[-1] in kinds["law"] or not {"v.", "vs."}.isdisjoint(words):
            return "LAW"
        if words[-1] in kinds["facility"] and mention.label in ("ORG", "PERSON"):
            return "FAC"
        if mention.label != "ORG" and (words[-1] in kinds["body"] or (words[0] in kinds["body"]
                                                                        and words[1] in ("of", "for"))):
            return "ORG"
        return mention.label

    return [m if (label := label_of(m)) == m.label else replace(m, label=label, rule="head") for m in found]


def know_names(found: list[Found], reading: Reading) -> list[Found]:
    """Take the type of well-known bodies, and of places called persons, from data/aliases.csv."""
    known = _known_names()

    def label_of(mention: Found) -> str:
        label = known.get(" ".join(reading.words_of(mention)), mention.label)
        if label == "ORG" and mention.label in PLACES | {"PERSON", "PRODUCT", "WORK_OF_ART"}:
            return label
        return label if mention.label == "PERSON" else mention.label

    return [m if (label := label_of(m)) == m.label else replace(m, label=label, rule="known") for m in found]


def add_known(found: list[Found], reading: Reading) -> list[Found]:
    """Find the names of data/aliases.csv that the model passed over."""
    spans = [(i, j) for i, j in _index_known().search(reading.words) if _stands_alone(i, j, reading)]
    known = _known_names()
    return _merge(found, [Found(i, j, known[" ".join(reading.words[i:j])], "known") for i, j in spans])


@cache
def _index_known() -> "NameIndex":
    return NameIndex(tuple(name.split()) for name in _known_names())


def cut_scores(found: list[Found], reading: Reading) -> list[Found]:
    """Cut a number off a place that is known: `Sweden 1`."""
    known = _known_names()
    return [Found(m.first, m.last - 1, label, "score")
            if m.last - m.first > 1 and reading.words[m.last - 1].isdigit()
            and (label := known.get(" ".join(reading.words[m.first:m.last - 1]))) else m for m in found]


@cache
def _known_names() -> Mapping[str, str]:
    """The label of each body and place in data/aliases.csv; peoples and persons are left out."""
    return {row["surface"]: row["label"] for row in read_rows("aliases")
            if row["use"] not in ("demonym", "person")}


def cut_captions(found: list[Found], reading: Reading) -> list[Found]:
    """Cut the label of a picture credit off a name: `Washington Image:`."""
    credits, words = _name_words()["credit"], reading.words
    kept = []
    for mention in found:
        before_colon = mention.last < len(words) and words[mention.last] == ":"
        is_label = before_colon and words[mention.last - 1] in credits
        last = mention.last - is_label
        if last > mention.first:
            kept.append(replace(mention, last=last))
    return kept


@cache
def _name_words() -> Mapping[str, frozenset[str]]:
    """The words of data/name_words.csv by their kind."""
    kinds = defaultdict(set)
    for row in read_rows("name_words"):
        kinds[row["kind"]].add(row["word"])
    return {kind: frozenset(words) for kind, words in kinds.items()}


def _mark_titles(words: list[str]) -> list[bool]:
    """Which tokens belong to a title: `Secretary of State`, `National Security Advisor`, `Mr.`."""
    kinds = _name_words()
    heads = kinds["title"] | kinds["office"]
    before = heads | kinds["rank"] | kinds["portfolio"]
    marked = [word in heads and words[i - 1:i] not in (["of"], ["for"]) for i, word in enumerate(words)]
    for i in [i for i, is_head in enumerate(marked) if is_head]:
        left, right = i - 1, i + 1
        while left >= 0 and not marked[left] and words[left] in before:
            marked[left] = True
            left -= 1
        while words[right:right + 1] in (["of"], ["for"], ["and"]) and words[right + 1:right + 2] \
                and words[right + 1] in kinds["portfolio"]:
            marked[right:right + 2] = [True, True]
            right += 2
    return marked


def cut_titles(found: list[Found], reading: Reading) -> list[Found]:
    """Cut titles off persons, and drop what is nothing but a title or ends in one.

    `Councilor` is no person, `State` of `Secretary of State` no organisation. A title word that is
    somebody's surname in this article (Julie Bishop) stays.
    """
    marked = _mark_titles(reading.words)
    heads = _name_words()["title"] | _name_words()["office"]
    surnames = _surnames(found, reading)
    kept = []
    for mention in found:
        first, last = mention.first, mention.last
        if mention.label == "NORP" or (last - first == 1 and reading.words[first] in surnames):
            kept.append(mention)
            continue
        while mention.label == "PERSON" and first < last and marked[first]:
            first += 1
        if all(marked[first:last]):
            continue
        ends_in_title = mention.label != "PERSON" and reading.words[last - 1] in heads
        while ends_in_title and marked[last - 1] and last - 1 > first:
            last -= 1
        kept.append(mention if (first, last) == (mention.first, mention.last)
                    else _shorten(mention, first, last, found, reading))
    return kept


def _shorten(mention: Found, first: int, last: int, found: list[Found], reading: Reading) -> Found:
    """A part of a mention; what is a place by itself does not stay a body: `U.S.` of `U.S. Advisor`."""
    words = reading.words[first:last]
    is_place = mention.label == "ORG" and _known_names().get(" ".join(words)) == "GPE"
    return Found(first, last, "GPE" if is_place else mention.label, "title")


def add_outlet(found: list[Found], reading: Reading) -> list[Found]:
    """Find the article's own outlet, which models often miss, as an organisation.

    Of `The Daily Planet (Online News)` the article and what stands in brackets do not count.
    """
    words = re.findall(r"[^\s-]+|-", reading.parse.source.outlet.partition(" (")[0])
    name = tuple(words[1:] if words and words[0].lower() in ARTICLES else words)
    if name in ((), ("unknown",)):
        return found
    fresh = [Found(first, last, "ORG", "outlet") for first, last in NameIndex([name]).search(reading.words)]
    return _merge(found, fresh, replace_inner=True)


class NameIndex:
    """Names that are looked for in a text: the names, and for each first word how long they can be."""

    def __init__(self, names: Iterable[Words]) -> None:
        self.names = {name for name in names if 0 < len(name) <= LONGEST}
        sizes: dict[str, set[int]] = defaultdict(set)
        for name in self.names:
            sizes[name[0]].add(len(name))
        self.sizes = {word: sorted(found, reverse=True) for word, found in sizes.items()}

    def search(self, words: list[str]) -> Iterator[tuple[int, int]]:
        """Where the names stand in the words, the longest first, none inside another."""
        until = 0
        for i, word in enumerate(words):
            if i < until or word not in self.sizes:
                continue
            sizes = (n for n in self.sizes[word] if i + n <= len(words))
            size = next((n for n in sizes if tuple(words[i:i + n]) in self.names), 0)
            if size:
                until = i + size
                yield i, until


def _merge(found: list[Found], fresh: Iterable[Found], *, replace_inner: bool = False) -> list[Found]:
    """Both lists in order; of two that overlap the older stays, unless it lies within the fresh one."""
    taken = _lay_out(found)
    result = set(found)
    for mention in fresh:
        across = {taken[i] for i in range(mention.first, mention.last) if i in taken}
        inner = all(mention.first <= old.first and old.last <= mention.last for old in across)
        if not across or (replace_inner and inner):
            result -= across
            result.add(mention)
            taken.update(dict.fromkeys(range(mention.first, mention.last), mention))
    return sorted(result, key=lambda mention: mention.first)


def add_acronyms(found: list[Found], reading: Reading) -> list[Found]:
    """Find long forms that their acronym follows, `World Health Organisation (WHO)`, and split the two."""
    at_token = _lay_out(found)
    fresh, across = [], set()
    for first, last, at in find_acronyms(reading):
        touched = [at_token[i] for i in range(first, at + 1) if i in at_token]
        across.update(touched)
        label = next((m.label for m in touched if m.label != "PERSON"), "ORG")
        fresh += [Found(first, last, label, "acronym"), Found(at, at + 1, label, "acronym")]
    return _merge([mention for mention in found if mention not in across], fresh)


def _lay_out(found: Iterable[Found]) -> dict[int, Found]:
    """The mention that each token belongs to."""
    return {i: mention for mention in found for i in range(mention.first, mention.last)}


def find_acronyms(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """First and last (exclusive) token of a long form and the token of its acronym."""
    words = reading.words
    for at in range(2, len(words) - 1):
        in_brackets = words[at - 1] == "(" and words[at + 1] == ")"
        if not in_brackets or not re.fullmatch(r"[A-Z][A-Za-z]?[A-Z]{1,8}", words[at]):
            continue
        first = _match_initials(words, at - 2, words[at].upper())
        if first is not None and not reading.crosses(first, at + 1):
            yield first, at - 1, at


def _match_initials(words: list[str], last: int, acronym: str) -> int | None:
    """The token where the words that end at `last` begin to spell the acronym by their initials."""
    left, i = len(acronym), last
    while i >= 0 and left and last - i <= 2 * len(acronym):
        word = words[i]
        if word[0].isupper() and word[0] == acronym[left - 1]:
            left -= 1
        elif word.lower() not in SMALL_WORDS:
            return None
        elif word[0].upper() == acronym[left - 1]:
            left -= 1
        i -= 1
    return i + 1 if not left and words[i + 1][0].isupper() else None


def join_bodies(found: list[Found], reading: Reading) -> list[Found]:
    """Join two organisations that `of` or `of the` holds together into the one they name.

    The first must hold a word for a body: `Office of the Harbour Board`.
    """
    bodies = _name_words()["body"]
    joined: list[Found] = []
    for mention in found:
        between = tuple(reading.words[joined[-1].last:mention.first]) if joined else ()
        is_body = joined and joined[-1].label == mention.label == "ORG" and bodies.intersection(
            reading.words_of(joined[-1]))
        if is_body and between in (("of",), ("of", "the")):
            mention = Found(joined.pop().first, mention.last, "ORG", "body")
        joined.append(mention)
    return joined


def vote_labels(found: list[Found], reading: Reading) -> list[Found]:
    """Give one spelling one label in the article: the most frequent, the earliest of equals."""
    votes: dict[Words, Counter] = defaultdict(Counter)
    for mention in found:
        votes[reading.words_of(mention)][mention.label] += 1
    winners = {words: _elect(words, counter) for words, counter in votes.items()}
    return [mention if mention.label == (label := winners[reading.words_of(mention)])
            else replace(mention, label=label, rule="vote") for mention in found]


def _elect(words: Words, votes: Counter) -> str:
    """The known label if it is among them, else the most frequent one.

    Models take unknown persons for bodies far more often than bodies for persons: what was a person
    once is one. Among equals a body goes before a place.
    """
    known = _known_names().get(" ".join(words))
    if known in votes:
        return known
    label = max(votes, key=lambda label: (votes[label], label == "ORG"))
    return "PERSON" if label == "ORG" and votes["PERSON"] else label


def complete_persons(found: list[Found], reading: Reading) -> list[Found]:
    """Make a place or thing of two or three words a person if its first or last word is one alone.

    `Cui` makes `Cui Tiankai` no place. Bodies are left alone: Walter Energy is named after Walter.
    """
    singles = [m for m in found if m.last - m.first == 1]
    bare = {reading.words[m.first] for m in singles if m.label == "PERSON"}
    kinds = _name_words()
    known = {reading.words[m.first] for m in singles if m.label != "PERSON"}
    known |= _known_names().keys() | kinds["body"] | kinds["facility"] | kinds["law"]

    def is_person(mention: Found) -> bool:
        words = reading.words_of(mention)
        if mention.label in ("PERSON", "ORG", "NORP") or not 2 <= len(words) <= 3:
            return False
        if known.intersection(words):
            return False
        return all(word[0].isupper() for word in words) and (words[0] in bare or words[-1] in bare)

    return [replace(m, label="PERSON", rule="full name") if is_person(m) else m for m in found]


def spread_persons(found: list[Found], reading: Reading) -> list[Found]:
    """Let bare names follow full names: after `Antony Blinken`, `Blinken` is a person everywhere.

    A surname that is a known place too (Esteban Santiago) stays one where a preposition places it; a
    known body is never a person.
    """
    known, surnames = _known_names(), _surnames(found, reading)

    def is_surname(mention: Found) -> bool:
        word = reading.words[mention.first]
        if mention.last - mention.first > 1 or word not in surnames or known.get(word) == "ORG":
            return False
        return word not in known or not _is_placed(mention, reading)

    named = [replace(m, label="PERSON", rule="surname") if m.label != "PERSON" and is_surname(m) else m
             for m in found]
    bare = {word for full in _full_names(found, reading) for word in _bare_forms(full)} - known.keys()
    bare -= {reading.words[m.first] for m in named if m.label != "PERSON"}
    fresh = [Found(i, i + 1, "PERSON", "surname") for i, word in enumerate(reading.words)
             if word in bare and _stands_alone(i, i + 1, reading)]
    return _merge(named, fresh)


def spread_names(found: list[Found], reading: Reading) -> list[Found]:
    """Find a name that the model saw once wherever else it stands in the article."""
    labels: dict[Words, str] = {}
    for mention in found:
        if mention.label in SPREAD:
            labels.setdefault(reading.words_of(mention), mention.label)
    fresh = [Found(i, j, labels[tuple(reading.words[i:j])], "repeated")
             for i, j in NameIndex(labels).search(reading.words) if _stands_alone(i, j, reading)]
    return _merge(found, fresh)


def _stands_alone(first: int, last: int, reading: Reading) -> bool:
    """Whether tokens are proper nouns and no part of a longer run of them, but for a title before."""
    proper, words = reading.proper, reading.words
    if not proper[first] or reading.crosses(first, last):
        return False
    follows = last < len(words) and proper[last]
    titles = _name_words()
    leads = first > 0 and proper[first - 1] and words[first - 1] not in titles["title"] | titles["office"]
    return not follows and not leads


def _full_names(found: Iterable[Found], reading: Reading) -> dict[Words, list[Found]]:
    """The persons' names of two and more words, each with its mentions in order."""
    full = defaultdict(list)
    for mention in found:
        if mention.label == "PERSON" and mention.last - mention.first > 1:
            full[reading.words_of(mention)].append(mention)
    return full


def _bare_forms(full: Words) -> set[str]:
    """The words by which a person goes alone: the surname, and the name that comes first.

    The first word is the family name in East Asia and the given name elsewhere; both are used alone.
    """
    words = [word for word in full if word not in GENERATIONS]
    return {word for word in (words[-1], words[0]) if len(word) > 1 and word[0].isupper()} if words else set()


def know_teams(found: list[Found], reading: Reading) -> list[Found]:
    """In a report on a match, make a country or city a body, its team, unless a preposition places it."""
    words = _name_words()["sport"]
    said = [word for word in reading.words if word in words]
    if len(set(said)) < SPORT_WORDS or len(said) < SPORT_SHARE * len(reading.words):
        return found
    return [replace(m, label="ORG", rule="team") if m.label == "GPE" and not _is_placed(m, reading)
            else m for m in found]


def _is_placed(mention: Found, reading: Reading) -> bool:
    """Whether a preposition of place stands before a mention, or it ends an address (`Rostov, Russia`)."""
    before = reading.words[max(0, mention.first - 2):mention.first]
    near = [word.lower() for word in before if word.lower() not in ARTICLES]
    return bool(near) and near[-1] in PLACING


def mark_metonyms(found: list[Found], reading: Reading) -> list[Found]:
    """Mark a capital that acts or is negotiated with: there it stands for its government."""
    capitals = frozenset(row["surface"] for row in read_rows("aliases") if row["use"] == "capital")
    return [replace(m, rule="metonym") if m.label == "GPE" and " ".join(reading.words_of(m)) in capitals
            and _acts(m, reading) else m for m in found]


def _acts(mention: Found, reading: Reading) -> bool:
    """Whether a place is an agent: a subject, the `by` of a passive, an owner, one side of `between`."""
    root = reading.parse.doc[mention.first:mention.last].root
    while root.dep_ == "conj" and root.head.i < root.i:
        root = root.head
    if root.dep_ == "nsubj" or (root.dep_ == "poss" and root.head.text[0].islower()):
        return True
    return root.dep_ == "pobj" and root.head.text.lower() in ("by", "between", "with", "against")


RULES: dict[str, Rule] = {
    "edges": trim_edges,
    "owners": split_owners,
    "small words": cut_small_words,
    "handles": drop_handles,
    "digits": know_things,
    "captions": cut_captions,
    "scores": cut_scores,
    "titles": cut_titles,
    "common words": drop_common_words,
    "outlet": add_outlet,
    "acronyms": add_acronyms,
    "bodies": join_bodies,
    "heads": know_heads,
    "known": know_names,
    "passed over": add_known,
    "vote": vote_labels,
    "full names": complete_persons,
    "persons": spread_persons,
    "names": spread_names,
    "teams": know_teams,
    "metonyms": mark_metonyms,
}


def find_mentions(parse: Parse, *, rules: Mapping[str, Rule] = RULES) -> list[dict]:
    """The named-entity mentions of one article, one row a mention, in text order.

    Parameters
    ----------
    parse : the article's parse
    rules : what is done to the model's mentions, in order

    Returns
    -------
    Rows of the table `mentions` without entity_id and in_quotation. `rule` is `model` or the last
    rule that changed the mention; `ambiguous` marks a bare name that more than one person of the
    article bears: it went to the one who is named in full most often.
    """
    reading = Reading(parse)
    found = read_model(reading)
    for rule in rules.values():
        found = rule(found, reading)
    names = _name_mentions(found, reading)
    return [_write_row(mention, name, reading) for mention, name in zip(*names, strict=True)]


def _write_row(mention: Found, name: str, reading: Reading) -> dict:
    start, end = reading.parse.span(mention.first, mention.last)
    article_id = reading.parse.source.article_id
    return {"mention_id": f"{article_id}/m{start}-{end}", "article_id": article_id, "start": start,
            "end": end, "text": reading.parse.text[start:end], "label": mention.label, "name": name,
            "rule": mention.rule, "sentence": int(reading.parse.sentence_of[mention.first]),
            "title": find_title(reading.parse, mention.first) if mention.label == "PERSON" else None}


def _name_mentions(found: list[Found], reading: Reading) -> tuple[list[Found], list[str]]:
    """The mentions, ambiguous ones marked, and for each the longest name that the article gives it."""
    bearers = _index_persons(found, reading)
    owned = _find_owned(found, reading)
    bodies = _index_bodies([owned.get(mention, mention) for mention in found], reading)
    mentions, names = [], []
    for mention in found:
        words, full = reading.words_of(mention), mention
        if mention.label == "PERSON" and words in bearers:
            full = bearers[words][0].name
            mention = replace(mention, rule="ambiguous") if len(bearers[words]) > 1 else mention
        elif mention.label == "ORG":
            full = owned.get(mention) or bodies.get(words, mention)
        mentions.append(mention)
        names.append(reading.name_of(full))
    return mentions, names


@dataclass(frozen=True, eq=False)
class Person:
    """A person of the article: the spellings of the full name, their mentions, the one that is the name."""

    spellings: list[Words]
    mentions: list[Found]
    name: Found

    def __lt__(self, other: "Person") -> bool:
        """Whether this one is named in full more often, or earlier if as often."""
        return (-len(self.mentions), self.mentions[0].first) < (-len(other.mentions), other.mentions[0].first)


def _index_persons(found: list[Found], reading: Reading) -> dict[Words, list[Person]]:
    """For each form of a person's name everyone who bears it, the main one first.

    News names a side figure in full (`Bill Clinton`) and the main one by the surname: who is named in
    full most often is the main one. A surname counts before a first name: where `Cruz` is somebody's
    surname, it is not Cruz Beckham. Beside Tom Voss, Tom Voss Jr. is not called by the surname alone.
    """
    persons = _group_persons(_full_names(found, reading))
    elders = {(person.spellings[0][0], person.spellings[0][-1]) for person in persons}
    surnames: dict[Words, list[Person]] = defaultdict(list)
    firsts: dict[Words, list[Person]] = defaultdict(list)
    for person in sorted(persons):
        base = tuple(word for word in person.spellings[0] if word not in GENERATIONS)
        is_younger = len(base) < len(person.spellings[0]) and (base[:1] + base[-1:]) in elders
        for at in range(1, 1 if is_younger else min(len(base), LONGEST)):
            surnames[base[at:]].append(person)
        firsts[base[:1]].append(person)
    own = {words: [person] for person in persons for words in person.spellings}
    return {**firsts, **surnames, **own}


def _group_persons(full: Mapping[Words, list[Found]]) -> list[Person]:
    """The persons of the full names; the longest spelling is the name.

    Spellings are one person's where first and last word agree (Joe Biden, Joe R. Biden), or where one
    has more words before the whole other (Universe Ada Voss): then the other is the name.
    """
    groups: dict[tuple[str, str], list[tuple[bool, int, Words]]] = defaultdict(list)
    for words in full:
        cut = next((i for i in range(1, min(len(words) - 1, LONGEST)) if words[i:] in full), 0)
        groups[words[cut], words[-1]].append((cut > 0, -len(words), words))
    persons = []
    for members in groups.values():
        spellings = [words for _, _, words in sorted(members)]
        mentions = sorted((m for words in spellings for m in full[words]), key=lambda m: m.first)
        persons.append(Person(spellings, mentions, full[spellings[0]][0]))
    return persons


def _find_owned(found: list[Found], reading: Reading) -> dict[Found, Found]:
    """Bodies that every country has, with the country that owns them: `China's Foreign Ministry`."""
    kinds, words = _name_words(), reading.words
    owned = {}
    for owner, body in pairwise(found):
        is_common = body.label == "ORG" and words[body.last - 1] in kinds["body"] and kinds[
            "portfolio"].issuperset(words[body.first:body.last - 1]) and body.last - body.first > 1
        is_owner = owner.label == "GPE" and words[owner.last:body.first] in (["'s"], ["’s"])
        if is_common and is_owner:
            owned[body] = replace(body, first=owner.first)
    return owned


def _index_bodies(found: list[Found], reading: Reading) -> dict[Words, Found]:
    """For acronyms and short ends of an organisation's name, the longest name it is given.

    `State Department` follows `US State Department` if only one longer name ends so, and what it has
    more is no body of its own (`Office of the ... Committee` is not the committee). Both must end in a
    word for a body: the House is not the White House.
    """
    kinds = _name_words()
    at = {mention.last: mention for mention in found}
    index = {}
    for _, last, acronym in find_acronyms(reading):
        if last in at and acronym + 1 in at:
            index.setdefault((reading.words[acronym],), at[last])
    longer: dict[Words, dict[Words, Found]] = defaultdict(dict)
    for mention in found:
        words = reading.words_of(mention)
        for cut in range(1, min(len(words), LONGEST) if mention.label == "ORG" else 0):
            if cut <= 2 and words[-1] in kinds["body"] and not SMALL_WORDS.intersection(words[:cut]):
                longer[words[cut:]].setdefault(words, mention)
    for words, names in longer.items():
        if len(names) == 1:
            index.setdefault(words, next(iter(names.values())))
    return index
