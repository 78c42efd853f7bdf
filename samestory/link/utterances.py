"""The same utterance told by two outlets: word for word, trimmed, or in other words.

Quotations are compared only where they share a rare run of words, or a speaker and several content
words, so the work grows with the number of quotations and not with its square; where the articles say
which event they tell, only within one event. Each quotation is paired with its best match in every
other outlet. Texts that do not count (repeats) are left out. DuckDB holds the quotations, in bounded
memory; Python reads their words and compares them, some thousand at a time.
What was really said is not known here: a row says that two outlets' versions meet, no more.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from samestory.base.language import read_language_rows
from samestory.base.sql import connect_duckdb
from samestory.link.candidate_pairs import MIN_SHARED_CONTENT_WORDS, SHARED_RUN_WORDS, add_versions, find_candidates

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

UTTERANCE_WORD_PATTERN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*", re.UNICODE)
MAX_COMPARED_WORDS = 400  # words compared; the rest of a longer quotation is left out
MIN_PARAPHRASE_SHARE = 0.5  # of the shorter version's content words that must be shared
# words in one run or more that versions share which neither speaker nor event ties together
MIN_UNTIED_SHARED_WORDS = 6
MAX_IDENTICAL_EXTRA_WORDS = 2  # words around the same quoted ones by which two identical versions may differ
MIN_TRIMMED_SHARE = 0.8  # of the shorter version's words that stand in the longer one in the same order

VERSION_FIELDS = {name: pa.string() for name in ("speaker", "words", "quoted", "content")}
VERSION_MATCH_FIELDS = {"score": pa.float64(), "relation": pa.string(), "words_cut": pa.string()}
UTTERANCE_INPUT_COLUMNS = {"quotations": {name: pa.string() for name in (
            "quotation_id", "article_id", "text", "kind", "speaker_entity_id", "speaker_name")},
        "articles": {"article_id": pa.string(), "outlet": pa.string(), "event": pa.string(), "counted": pa.bool_()}}
OUTLET_EVENT_QUERY = """
    SELECT article_id, dense_rank() OVER (ORDER BY outlet) AS outlet,
        if(coalesce(event, '') = '', 0, dense_rank() OVER (ORDER BY event)) AS event
    FROM articles WHERE coalesce(counted, true)"""
VERSION_WORDS_QUERY = f"""
    SELECT quotation_id, outlet, event, unnest(read) FROM (
        SELECT quotation_id, outlet, event, _read_version_columns(coalesce(text, ''), kind,
            coalesce(nullif(speaker_entity_id, ''), nullif(speaker_name, ''), '')) AS read
        FROM quotations JOIN ({OUTLET_EVENT_QUERY}) USING (article_id))"""
VERSION_MATCH_QUERY = """
    SELECT a, b, unnest(read) FROM (
        SELECT a, b, _compare_version_columns(one.event, one.speaker, one.words, one.quoted, one.content,
            other.event, other.speaker, other.words, other.quoted, other.content) AS read
        FROM candidates JOIN versions AS one ON a = one.number JOIN versions AS other ON b = other.number)"""
BEST_MATCH_QUERY = """
    WITH pair AS (
        SELECT found.*, one.quotation_id AS quotation_a, other.quotation_id AS quotation_b,
            one.outlet AS outlet_a, other.outlet AS outlet_b, least(quotation_a, quotation_b) AS first,
            greatest(quotation_a, quotation_b) AS second
        FROM found JOIN versions AS one ON a = one.number JOIN versions AS other ON b = other.number
        WHERE relation IS NOT NULL)
    SELECT quotation_a || '+' || quotation_b AS utterance_id, quotation_a, quotation_b, relation, words_cut
    FROM pair
    QUALIFY row_number() OVER (PARTITION BY a, outlet_b ORDER BY score DESC, first, second) = 1
        OR row_number() OVER (PARTITION BY b, outlet_a ORDER BY score DESC, first, second) = 1"""


@dataclass(frozen=True)
class UtteranceVersion:
    """One outlet's version of something said: its words, and the words between marks."""

    event: int  # its number; 0 where the article names none
    speaker: str
    words: tuple[str, ...]
    quoted: tuple[str, ...]
    content: frozenset[str]


def match_utterances(quotations: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Pair the quotations of different outlets that tell one utterance.

    One row is a pair of quotations; `quotation_a` is of the outlet first in the alphabet.

    Parameters
    ----------
    quotations : table `quotations`; speakers are compared by `speaker_entity_id`, else `speaker_name`
    articles : table `articles`, for the outlets and for which articles count

    Returns
    -------
    pandas.DataFrame
        Table `utterances`: utterance_id, quotation_a, quotation_b, relation (`identical`,
        `trimmed`, `paraphrase`) and words_cut (words that one has and the other has not).
    """
    with connect_duckdb() as duck:
        for (name, columns), frame in zip(UTTERANCE_INPUT_COLUMNS.items(), (quotations, articles), strict=True):
            duck.register(name, _make_arrow(frame, columns))
        return find_utterances(duck).to_arrow_table().to_pandas()


def _make_arrow(frame: pd.DataFrame, columns: dict[str, pa.DataType]) -> pa.Table:
    """Some columns of a frame; one that it has not is empty."""
    frame = frame.reindex(columns=list(columns)).astype(object)
    return pa.Table.from_pandas(frame, schema=pa.schema(columns), preserve_index=False)


def find_utterances(duck: "DuckDBPyConnection") -> "DuckDBPyRelation":
    """The same as `match_utterances`, of tables of any size, as rows of `utterances` in order.

    Parameters
    ----------
    duck : a connection of `samestory.base.sql.connect` with the views or tables `quotations` and `articles`; rows
        are read from its temporary table `utterance_pairs`, which a second call replaces
    """
    duck.execute("CREATE TEMP TABLE found (a INTEGER, b INTEGER, score DOUBLE, relation VARCHAR, words_cut VARCHAR)")
    with _register_functions(duck,
                             {_read_version_columns: VERSION_FIELDS, _compare_version_columns: VERSION_MATCH_FIELDS}):
        add_versions(duck, VERSION_WORDS_QUERY)
        for _ in find_candidates(duck):
            duck.execute(f"INSERT INTO found {VERSION_MATCH_QUERY}")
    duck.execute(f"CREATE OR REPLACE TEMP TABLE utterance_pairs AS {BEST_MATCH_QUERY}")
    duck.execute("DROP TABLE found; DROP TABLE versions")
    return duck.sql("SELECT * FROM utterance_pairs ORDER BY quotation_a, quotation_b")


@contextmanager
def _register_functions(duck: "DuckDBPyConnection",
                        functions: dict[Callable[..., pa.Array], dict[str, pa.DataType]]) -> Iterator[None]:
    """Let SQL call functions of Arrow columns, by their names; each gives one column of the named fields.

    DuckDB is told of side effects, else it would call a function once for every field. It wraps the Ctrl-C
    that meets a function, which is unwrapped here.
    """
    from duckdb import InvalidInputException
    types = {pa.string(): "VARCHAR", pa.float64(): "DOUBLE"}
    for function, fields in functions.items():
        made = ", ".join(f"{name} {types[kind]}" for name, kind in fields.items())
        duck.create_function(function.__name__, function, None, f"STRUCT({made})", type="arrow",
                             null_handling="special", side_effects=True)
    try:
        yield
    except InvalidInputException as error:
        if "KeyboardInterrupt" in str(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        for function in functions:
            duck.remove_function(function.__name__)


def _read_version_columns(texts: pa.ChunkedArray, kinds: pa.ChunkedArray, speakers: pa.ChunkedArray) -> pa.Array:
    """Speaker, words, words between marks and content words of quotations."""
    rows = zip(texts.to_pylist(), kinds.to_pylist(), speakers.to_pylist(), strict=True)
    return pa.array([_read_version(*row) for row in rows], type=pa.struct(VERSION_FIELDS))


def _read_version(text: str, kind: str, speaker: str) -> dict[str, str]:
    words = split_words(text)
    content = {word for word in set(words) - _read_utterance_stop_words() if len(word) > 2}
    parts = words, _quoted_words(text, words, kind), sorted(content)
    return {"speaker": speaker.casefold()} | {
        name: " ".join(part) for name, part in zip(("words", "quoted", "content"), parts, strict=True)}


def _compare_version_columns(*columns: pa.ChunkedArray) -> pa.Array:
    """Score, relation and words cut of pairs of versions; their fields follow one another."""
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    found = (_compare_versions(_make_version(*row[:5]), _make_version(*row[5:])) for row in rows)
    return pa.array([pair and dict(zip(VERSION_MATCH_FIELDS, pair, strict=True)) for pair in found],
                    type=pa.struct(VERSION_MATCH_FIELDS))


def _make_version(event: int, speaker: str, words: str, quoted: str, content: str) -> UtteranceVersion:
    return UtteranceVersion(event, speaker, tuple(words.split()), tuple(quoted.split()), frozenset(content.split()))


def _quoted_words(text: str, words: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """The words between marks: all of a direct quotation, the marked stretches of a mixed one."""
    if kind == "direct":
        return words
    # `text` keeps the marks that stand inside mixed content
    marked = re.findall(r"[“\"«]([^“”\"«»]+)(?:[”\"»]|$)", text) if kind == "mixed" else []
    return tuple(word for part in marked for word in split_words(part))[:MAX_COMPARED_WORDS]


def split_words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case with straight apostrophes and no hyphens, at most 400.

    >>> split_words("“We don’t re-fight,” he said")
    ('we', "don't", 'refight', 'he', 'said')
    """
    return tuple(" ".join(UTTERANCE_WORD_PATTERN.findall(text)[:MAX_COMPARED_WORDS]).lower().replace("’",
                                                                                                     "'").replace("-",
                                                                                                                  "").split())


def find_cuts(text: str, other: str) -> list[tuple[int, int]]:
    """Where a version has words that the other one has not, in the same order.

    Words are compared as `split_words` gives them, up to the 400th; a single word in both, alone among
    others, is not taken as the same.

    >>> find_cuts("I hope both sides will come", "both sides will come")
    [(0, 6)]
    """
    places = list(islice(UTTERANCE_WORD_PATTERN.finditer(text), MAX_COMPARED_WORDS))
    words = split_words(text)
    blocks = SequenceMatcher(None, words, split_words(other), autojunk=False).get_matching_blocks()
    same = [(block.a, block.size) for block in blocks if block.size > 1 or block.size == len(words)]
    cuts, at = [], 0
    for start, size in [*same, (len(words), 0)]:
        if start > at:
            cuts.append((places[at].start(), places[start - 1].end()))
        at = start + size
    return cuts


@cache
def _read_utterance_stop_words() -> frozenset[str]:
    """Words too common to tie two versions together."""
    rows = read_language_rows("stop_words")
    return frozenset(next(iter(row.values())).lower() for row in rows)


def _compare_versions(a: UtteranceVersion, b: UtteranceVersion) -> tuple[float, str, str] | None:
    """How alike two versions are, their relation, and the words cut; None if they only touch."""
    both_quoted = len(a.quoted) > 1 and len(b.quoted) > 1
    left, right = (a.quoted, b.quoted) if both_quoted else (a.words, b.words)
    is_same_speaker = bool(a.speaker) and a.speaker == b.speaker
    shared = len(a.content & b.content)
    share = shared / max(1, min(len(a.content), len(b.content)))
    is_paraphrase = is_same_speaker and shared >= MIN_SHARED_CONTENT_WORDS and share >= MIN_PARAPHRASE_SHARE
    most = _bound_shared_words(left, right)  # matching blocks of words is slow, and of most pairs needless
    if not is_paraphrase and not (_is_same_utterance(a, b, most, is_same_speaker=is_same_speaker)
                                  and (left == right or _is_trimmed_match(most, left, right))):
        return None
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks if block.size > 1 or len(left) == len(right) == block.size)
    cut = " … ".join(_list_unmatched_words(left, [(block.a, block.size) for block in blocks])
                     + _list_unmatched_words(right, [(block.b, block.size) for block in blocks]))
    if _is_same_utterance(a, b, same, is_same_speaker=is_same_speaker):
        if left == right and abs(len(a.words) - len(b.words)) <= MAX_IDENTICAL_EXTRA_WORDS:
            return 2.0, "identical", ""
        if _is_trimmed_match(same, left, right):
            return 1 + same / max(len(left), len(right)), "trimmed", cut
    return (share, "paraphrase", cut) if is_paraphrase else None


def _bound_shared_words(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    """How many words can at most stand in both in the same order."""
    shared = set(left) & set(right)
    return min(sum(word in shared for word in words) for words in (left, right))


def _is_trimmed_match(same: int, left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether so many words in the same order make one version a trimmed one of the other."""
    return same >= SHARED_RUN_WORDS - 1 and same >= MIN_TRIMMED_SHARE * min(len(left), len(right))


def _is_same_utterance(a: UtteranceVersion, b: UtteranceVersion, same: int, *, is_same_speaker: bool) -> bool:
    """Whether shared words can be one utterance's: many, or of one speaker or event; two or three of both.

    Two or three words between marks ("witch hunt") are said often; what stands around them must agree too.
    """
    is_same_event = a.event > 0 and a.event == b.event
    if same >= MIN_UNTIED_SHARED_WORDS:
        return True
    if same >= SHARED_RUN_WORDS:
        return is_same_speaker or (is_same_event and not (a.speaker and b.speaker))
    around = (a.content & b.content) - set(a.quoted) - set(b.quoted)
    is_whole = a.words == a.quoted and b.words == b.quoted
    return is_same_speaker and (is_whole or bool(around))


def _list_unmatched_words(words: tuple[str, ...], matched: list[tuple[int, int]]) -> list[str]:
    """The stretches of words outside the matched blocks."""
    stretches, at = [], 0
    for start, size in matched:
        if start > at:
            stretches.append(" ".join(words[at:start]))
        at = start + size
    return stretches


