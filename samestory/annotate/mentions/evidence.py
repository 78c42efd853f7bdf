"""Evidence of a name's type: clues in the name itself, around it and in the rest of its article.

A clue is a text such as `before=mr.`. The weights of clues and words are in data/en/name_types.npz (see type_model).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from samestory.annotate.mentions.lists import read_known_labels, read_name_words, read_peoples
from samestory.annotate.mentions.mention_context import FoundMention, MentionContext, NameWords
from samestory.base.language import cache_by_language

if TYPE_CHECKING:
    from spacy.tokens import Doc

UNNAMED_LABEL = "NONE"  # the label of a candidate that nothing has found yet
NO_WORD = "<>"  # in place of a word before the first and after the last
RELATIVE_TAGS = frozenset({"WDT", "WP", "WP$", "WRB"})
MAX_SHAPED_WORDS, MAX_POS_TOKENS, MAX_SIZED_TOKENS, MAX_COUNTED_WORDS, MAX_COUNTED_MENTIONS = 4, 3, 3, 5, 4
MAX_ECHOES = 8  # other mentions of the same name whose surroundings count


@dataclass(frozen=True)
class NameEvidence:
    """What is known of one candidate."""

    clues: tuple[str, ...]
    name: NameWords  # its words in lower case
    around: NameWords  # the words before and after it, the one it depends on, the second ones before and after


class TokenColumns:
    """What evidence needs of each token, read once per article."""

    def __init__(self, doc: "Doc", words: list[str]) -> None:
        self.lower = [word.lower() for word in words]
        self.pos = [token.pos_ for token in doc]
        self.tag = [token.tag_ for token in doc]
        self.dep = [token.dep_ for token in doc]
        self.lemma = [token.lemma_.lower() for token in doc]
        self.head = [token.head.i for token in doc]
        self.found = {i: span.label_ for span in doc.ents for i in range(span.start, span.end)}
        self.spans = {(span.start, span.end) for span in doc.ents}

    @cached_property
    def descriptions(self) -> dict[int, list[str]]:
        """Clues from what describes each token: its apposition, the relative pronoun after it."""
        described = defaultdict(list)
        for i, (dep, head) in enumerate(zip(self.dep, self.head, strict=True)):
            if dep == "appos" and head < i:
                described[head].append(f"apposition={self.lower[i]}")
            elif self.tag[i] in RELATIVE_TAGS and self.dep[head] == "relcl":
                described[self.head[head]].append(f"relative={self.lower[i]}")
        return described

    def word_at(self, i: int) -> str:
        """The word at a place in lower case; NO_WORD outside of the text."""
        return self.lower[i] if 0 <= i < len(self.lower) else NO_WORD

    def pos_at(self, i: int) -> str:
        """The part of speech at a place; NO_WORD outside of the text."""
        return self.pos[i] if 0 <= i < len(self.pos) else NO_WORD

    def find_root(self, mention: FoundMention) -> int:
        """The token of a mention on which the others depend."""
        inside = range(mention.first, mention.last)
        return next((i for i in inside if self.head[i] not in inside or self.head[i] == i), mention.last - 1)

    def read_model_label(self, mention: FoundMention) -> str:
        """The pipeline's label for all tokens of a mention, `mixed` if they differ."""
        labels = {self.found.get(i, "-") for i in range(mention.first, mention.last)}
        return labels.pop() if len(labels) == 1 else "mixed"


def collect_evidence(candidates: list[FoundMention], context: MentionContext) -> list[NameEvidence]:
    """The evidence of each candidate of an article."""
    columns = TokenColumns(context.parse.doc, context.words)
    local = [tuple(_list_neighbour_clues(candidate, columns, context)) for candidate in candidates]
    others = _ArticleNames(candidates, local, columns, context)
    evidence = []
    for candidate, near in zip(candidates, local, strict=True):
        words, root = context.words_of(candidate), columns.find_root(candidate)
        clues = {*near, *_list_form_clues(words), *_list_word_list_clues(words), *others.list_clues(candidate),
                 *_list_label_clues(candidate, columns), *_list_grammar_clues(root, columns),
                 *_list_tag_clues(candidate, columns), *_list_place_clues(candidate, context)}
        around = (candidate.first - 1, candidate.last, columns.head[root], candidate.first - 2, candidate.last + 1)
        evidence.append(NameEvidence(tuple(sorted(clues)), tuple(word.lower() for word in words),
                                     tuple(map(columns.word_at, around))))
    return evidence


def _list_form_clues(words: NameWords) -> Iterator[str]:
    """Clues in the words themselves: which they are, how they end, how they are written."""
    lower = [word.lower() for word in words]
    yield f"words={min(len(words), MAX_COUNTED_WORDS)}"
    yield f"first={lower[0]}"
    yield f"last={lower[-1]}"
    yield f"whole={' '.join(lower)}"
    yield from (f"word={word}" for word in lower)
    yield f"shapes={' '.join(map(describe_shape, words[:MAX_SHAPED_WORDS]))}"
    yield f"last shape={describe_shape(words[-1])}"
    yield from (f"ending={lower[-1][-n:]}" for n in (2, 3, 4))
    yield f"beginning={lower[-1][:3]}"
    yield f"first ending={lower[0][-3:]}"
    yield f"capitals={all(word.isupper() for word in words)}"


def describe_shape(word: str) -> str:
    """How a word is written: X for a capital, x for a small letter, d for a digit; at most two of a kind in a row.

    >>> describe_shape("McDonald's"), describe_shape("G20"), describe_shape("WHO")
    ("XxXxx'x", 'Xdd', 'XX')
    """
    shape = ""
    for letter in word:
        kind = "X" if letter.isupper() else "x" if letter.islower() else "d" if letter.isdigit() else letter
        if shape[-2:] != kind * 2:
            shape += kind
    return shape


def _list_word_list_clues(words: NameWords) -> Iterator[str]:
    """Clues from the word lists of the project."""
    known = read_known_labels()
    yield f"first kind={_kind_of(words[0])}"
    yield f"last kind={_kind_of(words[-1])}"
    yield f"known={known.get(' '.join(words), '-')}"
    yield f"known first={known.get(words[0], '-')}"
    yield f"known last={known.get(words[-1], '-')}"
    yield f"people={words in read_peoples()}"


def _kind_of(word: str) -> str:
    """The last kind of a word in data/en/name_words.csv."""
    return _read_kinds().get(word, "-")


@cache_by_language
def _read_kinds() -> dict[str, str]:
    return {word: kind for kind, words in sorted(read_name_words().items()) for word in words}


def _list_label_clues(candidate: FoundMention, columns: TokenColumns) -> Iterator[str]:
    """Clues in what the pipeline has found; not in the labels of the rules, which change more often."""
    model = columns.read_model_label(candidate)
    yield f"model={model}"
    yield f"size and model={min(candidate.last - candidate.first, MAX_SIZED_TOKENS)} {model}"
    yield f"same span={(candidate.first, candidate.last) in columns.spans}"


def _list_neighbour_clues(candidate: FoundMention, columns: TokenColumns, context: MentionContext) -> Iterator[str]:
    """Clues in the words directly before and after a candidate, and in its governing word."""
    first, last, words = candidate.first, candidate.last, context.words
    before, after = columns.word_at(first - 1), columns.word_at(last)
    root = columns.find_root(candidate)
    yield f"before={before}"
    yield f"after={after}"
    yield f"between={before} {after}"
    yield f"second before={columns.word_at(first - 2)}"
    yield f"second after={columns.word_at(last + 1)}"
    yield f"kind before={_kind_of(words[first - 1]) if first else '-'}"
    yield f"governed={columns.dep[root]} {columns.lemma[columns.head[root]]}"
    yield from columns.descriptions.get(root, ())


def _list_tag_clues(candidate: FoundMention, columns: TokenColumns) -> Iterator[str]:
    """Clues in the parts of speech of a candidate and its neighbours."""
    first, last = candidate.first, candidate.last
    yield f"pos={' '.join(columns.pos[first:min(last, first + MAX_POS_TOKENS)])}"
    yield f"tag={columns.tag[last - 1]}"
    yield f"pos before={columns.pos_at(first - 1)}"
    yield f"pos after={columns.pos_at(last)}"
    yield f"second pos after={columns.pos_at(last + 1)}"


def _list_grammar_clues(root: int, columns: TokenColumns) -> Iterator[str]:
    """Clues in the grammar of a candidate's sentence."""
    dep, head = columns.dep[root], columns.head[root]
    yield f"role={dep}"
    yield f"head={columns.lemma[head]}"
    yield f"head pos={columns.pos[head]}"
    if dep == "pobj":
        yield f"place={columns.lemma[columns.head[head]]} {columns.lower[head]}"
    if dep in ("poss", "compound", "appos", "nmod"):
        yield f"part of={dep} {columns.lower[head]}"


def _list_place_clues(candidate: FoundMention, context: MentionContext) -> Iterator[str]:
    """Clues in where a candidate is, and in the capitals around it."""
    first, last, words = candidate.first, candidate.last, context.words
    sentence = context.parse.sentence_of
    yield f"in={context.parse.role_of(first)}"
    yield f"opens={first == 0 or sentence[first] != sentence[first - 1]}"
    yield f"shouted={context.is_shouted(candidate)}"
    yield f"capital before={first > 0 and words[first - 1][0].isupper()}"
    yield f"capital after={last < len(words) and words[last][0].isupper()}"
    yield f"common={last - first == 1 and words[first].lower() in context.common_nouns}"


class _ArticleNames:
    """All candidates of an article, for clues from the others: the same name elsewhere, longer and shorter names."""

    def __init__(self, candidates: list[FoundMention], local: list[tuple[str, ...]], columns: TokenColumns,
                 context: MentionContext) -> None:
        self.columns, self.context = columns, context
        self.near = dict(zip(candidates, local, strict=True))
        self.same: dict[NameWords, list[FoundMention]] = defaultdict(list)
        for candidate in candidates:
            self.same[context.words_of(candidate)].append(candidate)
        self.ending, self.opening = self._index_longer(-1), self._index_longer(0)
        self.counted: dict[NameWords, list[str]] = {}  # clues by name, as a name may be mentioned thousands of times

    def _index_longer(self, place: int) -> dict[str, set[str]]:
        """The labels of longer names by their first or last word."""
        labels = defaultdict(set)
        for words, mentions in self.same.items():
            if len(words) > 1:
                labels[words[place]].add(mentions[0].label)
        return labels

    def list_clues(self, candidate: FoundMention) -> Iterator[str]:
        """Clues from the other candidates."""
        words = self.context.words_of(candidate)
        same = self.same[words]
        yield f"mentions={min(len(same), MAX_COUNTED_MENTIONS)}"
        yield f"first mention={same[0] is candidate}"
        if words not in self.counted:
            self.counted[words] = list(self._count_model_labels(same))
        yield from self.counted[words]
        if len(words) == 1:
            yield from self._list_longer(words[0])
        else:
            yield f"last alone={self._label_alone(words[-1])}"
            yield f"first alone={self._label_alone(words[0])}"
        for other in same[:MAX_ECHOES]:
            if other is not candidate:
                yield from (f"elsewhere {clue}" for clue in self.near[other])

    def _count_model_labels(self, same: list[FoundMention]) -> Iterator[str]:
        """The pipeline's labels for a name, `often` if for half of its mentions."""
        labels = [self.columns.read_model_label(mention) for mention in same]
        yield from (f"model elsewhere={label}{' often' * (2 * labels.count(label) >= len(labels))}"
                    for label in set(labels))

    def _list_longer(self, word: str) -> Iterator[str]:
        """The labels of the names that begin or end with a word."""
        yield f"ends a name={word in self.ending}"
        yield f"opens a name={word in self.opening}"
        yield from (f"ends={label}" for label in self.ending.get(word, ()))
        yield from (f"opens={label}" for label in self.opening.get(word, ()))

    def _label_alone(self, word: str) -> str:
        """The label that a word alone has in the article."""
        return self.same[word,][0].label if (word,) in self.same else "-"
