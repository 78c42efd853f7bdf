"""Tokens by look-up: spaCy tokenizes each distinct chunk, a string without white space, only once.

spaCy's tokenizer also works chunk by chunk and caches the result, but for at most 10,000 chunks, and tokenizing chunks
again is most of its work. Only its emoticons (`: )`) may contain white space; here they do not. Dashes without spaces
separate words here, also beside quotation marks; a sum such as 3m is one token, not three metres. spaCy's time grows
with the square of a chunk's length (a line of 8,000 brackets: 10 seconds), so a chunk of more than 200 code points is
first cut into pieces of fixed length. None of 530,000 chunks in 781 articles has 100 code points; a very long URL may
be cut.
"""

import re
from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from samestory.base.errors import SameStoryError

if TYPE_CHECKING:
    from spacy.language import Language

# tokens and letters of distinct chunks, 100 MB; the cache is emptied when it is full
MAX_CACHED_CHUNK_TOKENS, MAX_CACHED_CHUNK_CHARS = 500_000, 20_000_000
MAX_CHUNK_CHARS = 200  # code points of a chunk that the tokenizer sees
# A dash that is no hyphen; a number with letters, which spaCy takes for a unit (£3m) or joins to a full stop (5G.)
ONE_TOKEN_PATTERN = re.compile(r"([—―]+|(?<=[$£€¥])\d[\d.,]*(?:[kmMB]|[bt]n)(?!\w)|^\d+[A-Z](?=\.$))")
IS_WHITE_SPACE = np.array([chr(point).isspace() for point in range(0x3002)])  # beyond these none is white space


class Tokens(NamedTuple):
    """Tokens of some paragraphs, in order.

    `words[word[i]]` is the word of the i-th token, and `place[i]` the position of its paragraph in the list; `starts`
    and `ends` count code points from the start of that paragraph.
    """

    words: list[str]
    word: np.ndarray
    place: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


class ChunkTable:
    """The chunks so far; the tokens of chunk number i are those from `first[i]` to `first[i + 1]`, exclusive."""

    def __init__(self, nlp: "Language") -> None:
        self.nlp = nlp
        self._forget()

    def _forget(self) -> None:
        self.n_letters = 0
        self.chunks: dict[str, int] = {}
        self.numbers: dict[str, int] = {}  # of the words
        self.words: list[str] = []
        self.first, self.word = array("q", [0]), array("q")
        self.offset, self.length = array("q"), array("q")  # of each token in its chunk, in code points

    def cut(self, paragraphs: list[str]) -> Tokens:
        """The tokens of some paragraphs; white space is not a token.

        Raises
        ------
        SameStoryError
            If the pipeline's tokenizer omits or changes characters.
        """
        if len(self.word) > MAX_CACHED_CHUNK_TOKENS or self.n_letters > MAX_CACHED_CHUNK_CHARS:
            self._forget()
        joined = "\n".join(paragraphs)
        found = joined.split()
        self._learn([chunk for chunk in dict.fromkeys(found) if chunk not in self.chunks])
        chunk = np.array([self.chunks[chunk] for chunk in found], np.int64)
        first, word, offset, length = map(_view_column, (self.first, self.word, self.offset, self.length))
        sizes = first[chunk + 1] - first[chunk]
        token = np.repeat(first[chunk] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        starts = np.repeat(_find_chunks(joined), sizes) + offset[token]
        begins = np.cumsum([0, *(len(paragraph) + 1 for paragraph in paragraphs)])
        place = np.searchsorted(begins, starts, side="right") - 1
        starts -= begins[place]
        different, word = np.unique(word[token], return_inverse=True)
        return Tokens([self.words[i] for i in different.tolist()], word, place, starts, starts + length[token])

    def _learn(self, chunks: list[str]) -> None:
        """Tokenize the pieces of new chunks as the lines of one text."""
        pieces = [cut_chunk(chunk) for chunk in chunks]
        lines = "\n".join(piece for of_chunk in pieces for piece, is_token in of_chunk if not is_token)
        words = [token.text for token in self.nlp.tokenizer(lines)] if lines else []
        if "".join(words) != lines:
            raise SameStoryError("expected a spaCy pipeline whose tokenizer only cuts the text; found one"
                                 f" ({self.nlp.meta['name']}) whose tokenizer changes it")
        following = (word for word in words if word != "\n")
        for chunk, of_chunk in zip(chunks, pieces, strict=True):
            self.chunks[chunk] = len(self.first) - 1
            self.n_letters += len(chunk)
            end = size = 0
            for piece, is_token in of_chunk:
                end += len(piece)
                while size < end:
                    size += self._add(piece if is_token else next(following), size)
            self.first.append(len(self.word))

    def _add(self, word: str, offset: int) -> int:
        """Store a token of a chunk; returns its length."""
        if word not in self.numbers:
            self.numbers[word] = len(self.words)
            self.words.append(word)
        self.word.append(self.numbers[word])
        self.offset.append(offset)
        self.length.append(len(word))
        return len(word)


def cut_chunk(chunk: str) -> list[tuple[str, bool]]:
    """A chunk in pieces, none of them very long, each with whether it is one token as it is.

    Dashes between words are, as are sums such as 3m, and 5G and the like.

    >>> [piece for piece, _ in cut_chunk("said—“no”—and")], cut_chunk("£3m,"), cut_chunk("well-known")
    (['said', '—', '“no”', '—', 'and'], [('£', False), ('3m', True), (',', False)], [('well-known', False)])
    """
    pieces = ONE_TOKEN_PATTERN.split(chunk)  # every second one is a match
    return [(piece[i:i + MAX_CHUNK_CHARS], bool(number % 2)) for number, piece in enumerate(pieces)
            for i in range(0, len(piece), MAX_CHUNK_CHARS)]


def _view_column(column: "array[int]") -> np.ndarray:
    """A growing column as a NumPy array, without a copy."""
    return np.frombuffer(column, np.int64)


def _find_chunks(text: str) -> np.ndarray:
    """The offsets at which strings without white space begin."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    is_word = ~IS_WHITE_SPACE[np.minimum(points, len(IS_WHITE_SPACE) - 1)]
    return np.flatnonzero(is_word & ~np.append(False, is_word[:-1]))
