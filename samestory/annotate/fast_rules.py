"""Replaces spaCy's attribute ruler and lemmatizer with look-ups: the same results in a tenth of the time.

The attribute ruler tries about 180 patterns on every token, and nearly all of them depend only on one token's form,
tag and dependency. spaCy's own Matcher is run on each such triple once, and the outcome is cached; so are lemmas,
which depend on form, part of speech and morphology. A ruler or lemmatizer that depends on more (operators, context,
entities) is not replaced.
"""

from typing import TYPE_CHECKING, Any, TypedDict, cast

import numpy as np
from spacy.attrs import DEP, LEMMA, MORPH, ORTH, POS, TAG  # type: ignore[import-not-found]  # compiled, without stubs
from spacy.lang.en.lemmatizer import EnglishLemmatizer
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc

if TYPE_CHECKING:
    from spacy.vocab import Vocab

RULER_FACTORY, LEMMATIZER_FACTORY = "samestory_attribute_ruler", "samestory_lemmatizer"
# The attributes that a pattern may use: those that depend on the form, and the two that models set before the ruler.
FORM_ATTRIBUTES = frozenset({"ORTH", "TEXT", "LOWER", "LENGTH", "SHAPE", "PREFIX", "SUFFIX", "LIKE_NUM", "LIKE_URL",
                             "LIKE_EMAIL"})
PATTERN_ATTRIBUTES = FORM_ATTRIBUTES | {"TAG", "DEP"}
SETTABLE_ATTRIBUTES = (POS, MORPH, LEMMA, TAG, DEP)  # the attributes that a ruler may set
MAX_CACHED_LOOKUPS = 200_000  # triples, about 40 MB; the cache is emptied when it is full

LookupKey = tuple[int, ...]
AttributeValues = dict[int, int]  # attribute to value
RulerOutcome = tuple[tuple[int, ...], tuple[str, ...]]  # the rules that match a token, and the parts of longer patterns
TokenSpec = dict[str, Any]  # a token of a pattern


class RulerRule(TypedDict):
    """A rule of an attribute ruler: its patterns, and which of their tokens gets the attributes."""

    patterns: list[list[TokenSpec]]
    attrs: dict[str, Any]
    index: int


def speed_up_pipeline(nlp: Language) -> Language:
    """The pipeline with look-ups in place of its attribute rulers and lemmatizers, where possible."""
    for name, component in list(nlp.pipeline):
        factory = nlp.get_pipe_meta(name).factory
        if factory == "attribute_ruler" and isinstance(component, AttributeRuler) and is_plain_ruler(component):
            cast(RulerLookup, nlp.replace_pipe(name, RULER_FACTORY)).read(component)
        elif factory == "lemmatizer" and isinstance(component, Lemmatizer) and is_plain_lemmatizer(component):
            cast(LemmaLookup, nlp.replace_pipe(name, LEMMATIZER_FACTORY)).read(component)
    return nlp


def _list_rules(ruler: AttributeRuler) -> list[RulerRule]:
    return cast(list[RulerRule], ruler.patterns)


def is_plain_ruler(ruler: AttributeRuler) -> bool:
    """Whether all patterns use forms, tags and dependencies token by token, and set attributes that are cached."""
    asked = {key.upper() for rule in _list_rules(ruler) for pattern in rule["patterns"]
             for spec in pattern for key in spec}
    is_readable = all(key in PATTERN_ATTRIBUTES or (key.startswith("IS_") and key != "IS_SENT_START") for key in asked)
    return is_readable and all(set(values) <= set(SETTABLE_ATTRIBUTES) for values in ruler.attrs)


def is_plain_lemmatizer(lemmatizer: Lemmatizer) -> bool:
    """Whether it is one of spaCy's own that depends only on form, part of speech and morphology."""
    return type(lemmatizer) in (Lemmatizer, EnglishLemmatizer) and lemmatizer.mode in ("rule", "lookup")


class RulerLookup:
    """An attribute ruler that caches its outcome for each form, tag and dependency."""

    def __init__(self, vocab: "Vocab") -> None:
        self.vocab, self.matcher = vocab, Matcher(vocab)
        self.values: list[AttributeValues] = []
        self.chains: dict[str, list[tuple[int, int, list[str]]]] = {}  # patterns of several tokens, by the first
        self.kept: dict[LookupKey, int] = {}  # the number of the outcome
        self.outcomes: dict[RulerOutcome, int] = {}  # far fewer than triples
        self.parts: list[tuple[str, ...]] = []  # of each outcome
        self.is_set = self.is_part = np.zeros(0, bool)
        self.table = np.zeros(0, np.uint64)

    def read(self, ruler: AttributeRuler) -> None:
        """Take over the patterns of a ruler."""
        self.values = ruler.attrs
        for number, rule in enumerate(_list_rules(ruler)):
            for place, pattern in enumerate(rule["patterns"]):
                self._add_pattern(number, place, pattern, rule["index"])

    def _add_pattern(self, number: int, place: int, pattern: list[TokenSpec], index: int) -> None:
        """Add a pattern; each token of a longer one becomes a separate pattern, named by rule, place and position."""
        if len(pattern) == 1:
            self.matcher.add(f"{number}", [pattern])
            return
        names = [f"{number}/{place}/{position}" for position in range(len(pattern))]
        for name, spec in zip(names, pattern, strict=True):
            self.matcher.add(name, [[spec]])
        target = index if index >= 0 else len(pattern) + index
        self.chains.setdefault(names[0], []).append((number, target, names))

    def __call__(self, doc: Doc) -> Doc:
        """Set the attributes of each token by the patterns."""
        if not len(doc):
            return doc
        keys = list(zip(*doc.to_array([ORTH, TAG, DEP]).T.tolist(), strict=True))
        self._learn(set(keys) - self.kept.keys())
        found = np.array([self.kept[key] for key in keys])
        for target, outcome in self._find_chains(found).items():
            found[target] = outcome
        _set_attributes(doc, SETTABLE_ATTRIBUTES,
                        np.where(self.is_set[found], self.table[found], doc.to_array(list(SETTABLE_ATTRIBUTES))))
        if len(self.kept) > MAX_CACHED_LOOKUPS:
            self.kept.clear()
        return doc

    def _learn(self, keys: set[LookupKey]) -> None:
        """Run the matcher on new triples, in one Doc that holds each of them once."""
        ordered = sorted(keys)
        if not ordered:
            return
        doc = Doc(self.vocab, words=[self.vocab.strings[orth] for orth, _, _ in ordered])
        _set_attributes(doc, (TAG, DEP), np.array([key[1:] for key in ordered], np.uint64))
        rules: list[set[int]] = [set() for _ in ordered]
        parts: list[set[str]] = [set() for _ in ordered]
        for match, token, _ in self.matcher(doc, allow_missing=True):
            name = self.vocab.strings[match]
            if "/" in name:
                parts[token].add(name)
            else:
                rules[token].add(int(name))
        for key, rule, part in zip(ordered, rules, parts, strict=True):
            self.kept[key] = self._number((tuple(sorted(rule)), tuple(sorted(part))))

    def _number(self, outcome: RulerOutcome) -> int:
        """The number of an outcome; a new one adds a row of the values it sets, later rules taking precedence."""
        if outcome not in self.outcomes:
            rules, parts = outcome
            merged = {attribute: value for rule in rules for attribute, value in self.values[rule].items()}
            fresh = np.array([[merged.get(attribute, 0) for attribute in SETTABLE_ATTRIBUTES]], np.uint64)
            is_set = np.array([[attribute in merged for attribute in SETTABLE_ATTRIBUTES]])
            self.table = np.concatenate([self.table.reshape(-1, len(SETTABLE_ATTRIBUTES)), fresh])
            self.is_set = np.concatenate([self.is_set.reshape(-1, len(SETTABLE_ATTRIBUTES)), is_set])
            self.is_part = np.append(self.is_part, bool(parts))
            self.parts.append(parts)
            self.outcomes[outcome] = len(self.outcomes)
        return self.outcomes[outcome]

    def _find_chains(self, found: np.ndarray) -> dict[int, int]:
        """The outcomes of tokens set by patterns of several tokens, combined with their own rules."""
        outcomes = list(self.outcomes)
        parts = {int(i): self.parts[found[i]] for i in np.flatnonzero(self.is_part[found])}
        rules: dict[int, set[int]] = {}
        for i, names in parts.items():
            for number, target, chain in (chain for name in names for chain in self.chains.get(name, ())):
                if all(name in parts.get(i + k, ()) for k, name in enumerate(chain)):
                    rules.setdefault(i + target, set(outcomes[found[i + target]][0])).add(number)
        return {target: self._number((tuple(sorted(all_rules)), outcomes[found[target]][1]))
                for target, all_rules in rules.items()}


class LemmaLookup:
    """A lemmatizer that caches the lemma for each form, part of speech and morphology."""

    def __init__(self, vocab: "Vocab") -> None:
        self.vocab = vocab
        self.lemmatizer: Lemmatizer | None = None
        self.kept: dict[LookupKey, int] = {}

    def read(self, lemmatizer: Lemmatizer) -> None:
        """Take over a lemmatizer; its lists of known words become sets, since every word is looked up in them."""
        self.lemmatizer = lemmatizer
        index = lemmatizer.lookups.get_table("lemma_index", {})
        for pos in list(index):
            index[pos] = frozenset(index[pos])

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemma of each token that has none."""
        assert self.lemmatizer is not None  # `read` comes first
        array = doc.to_array([ORTH, POS, MORPH, LEMMA])
        lemmas = array[:, 3].tolist()
        for i, key in enumerate(zip(*array[:, :3].T.tolist(), strict=True)):
            if self.lemmatizer.overwrite or not lemmas[i]:
                lemma = self.kept.get(key)
                if lemma is None:
                    lemma = self.kept[key] = self.vocab.strings.add(self.lemmatizer.lemmatize(doc[i])[0])
                lemmas[i] = lemma
        if len(doc):
            _set_attributes(doc, (LEMMA,), np.array(lemmas, np.uint64))
        if len(self.kept) > MAX_CACHED_LOOKUPS:
            self.kept.clear()
        return doc


def _set_attributes(doc: Doc, attributes: tuple[int, ...], values: np.ndarray) -> None:
    doc.from_array(list(attributes), values)  # type: ignore[arg-type]  # spaCy's stubs ask for an array type of thinc


@Language.factory(RULER_FACTORY)
def _make_ruler(nlp: Language, name: str) -> RulerLookup:
    return RulerLookup(nlp.vocab)


@Language.factory(LEMMATIZER_FACTORY)
def _make_lemmatizer(nlp: Language, name: str) -> LemmaLookup:
    return LemmaLookup(nlp.vocab)
