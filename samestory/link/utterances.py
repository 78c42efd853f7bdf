"""Utterances: pairs quotations of one utterance in two outlets, verbatim, trimmed or paraphrased.

The words actually spoken are unknown: a row means only that the versions of two outlets match.

Quotations are compared only if they share a rare n-gram, or a speaker and several content words, so that time
grows with the number of quotations and not with its square; if the articles name their event, only within
one event. Each quotation is paired with its best match in every other outlet. Articles that are not counted
(duplicates) are left out. DuckDB holds the quotations, in bounded memory; Python splits them into words and
compares them, some thousands at a time.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from samestory.base.language import read_stop_words
from samestory.base.schema import TABLE_ROW_ORDER
from samestory.base.sql import connect_duckdb
from samestory.link.candidate_pairs import MIN_SHARED_CONTENT_WORDS, SHARED_RUN_WORDS, add_versions, find_candidates

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

UTTERANCE_WORD_PATTERN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*", re.UNICODE)
MAX_COMPARED_WORDS = 400  # words compared; the rest of a longer quotation is ignored
MIN_PARAPHRASE_SHARE = 0.5  # share of the shorter version's content words that both must have
MIN_UNTIED_SHARED_WORDS = 6  # shared words (of one or more n-grams) if neither speaker nor event is the same
MAX_IDENTICAL_EXTRA_WORDS = 2  # words by which identical versions may differ around the same quoted words
MIN_TRIMMED_SHARE = 0.8  # share of the shorter version's words that the longer one has in the same order

VERSION_FIELDS = {name: pa.string() for name in ("speaker", "words", "quoted", "content")}
VERSION_MATCH_FIELDS = {"score": pa.float64(), "relation": pa.string(), "words_cut": pa.string()}
UTTERANCE_INPUT_COLUMNS = {  # the columns of each table by which utterances are matched
    "quotations": {name: pa.string() for name in (
        "quotation_id", "article_id", "text", "kind", "speaker_entity_id", "speaker_name")},
    "articles": {"article_id": pa.string(), "outlet": pa.string(), "event": pa.string(), "counted": pa.bool_()}}
OUTLET_EVENT_QUERY = """
    SELECT article_id, dense_rank() OVER (ORDER BY outlet) AS outlet,
        if(coalesce(event, '') = '', 0, dense_rank() OVER (ORDER BY event)) AS event
    FROM articles WHERE coalesce(counted, true)"""
VERSION_WORDS_QUERY = f"""
    SELECT quotation_id, outlet, event, unnest(read) FROM (
        SELECT quotation_id, outlet, event, read_version(coalesce(text, ''), kind,
            coalesce(nullif(speaker_entity_id, ''), nullif(speaker_name, ''), '')) AS read
        FROM quotations JOIN ({OUTLET_EVENT_QUERY}) USING (article_id))"""
VERSION_MATCH_QUERY = """
    SELECT a, b, unnest(read) FROM (
        SELECT a, b, compare_versions(one.event, one.speaker, one.words, one.quoted, one.content,
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
    """One outlet's version of an utterance: its words, and the words between quotation marks."""

    event: int  # its number; 0 if the article names none
    speaker: str
    words: tuple[str, ...]
    quoted: tuple[str, ...]
    content: frozenset[str]


def match_utterances(quotations: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Pair the quotations of different outlets that report one utterance.

    One row per pair of quotations; `quotation_a` is from the outlet that comes first in the alphabet.

    Parameters
    ----------
    quotations : table `quotations`; speakers are compared by `speaker_entity_id`, else `speaker_name`
    articles : table `articles`, for outlets, events and which articles are counted

    Returns
    -------
    pandas.DataFrame
        Table `utterances`: utterance_id, quotation_a, quotation_b, relation (`identical`,
        `trimmed`, `paraphrase`) and words_cut (words that only one of them has).
    """
    with connect_duckdb() as duck:
        for (name, columns), frame in zip(UTTERANCE_INPUT_COLUMNS.items(), (quotations, articles), strict=True):
            duck.register(name, _make_arrow(frame, columns))
        return find_utterances(duck).to_arrow_table().to_pandas()


def _make_arrow(frame: pd.DataFrame, columns: dict[str, pa.DataType]) -> pa.Table:
    """Some columns of a frame; missing ones are empty."""
    frame = frame.reindex(columns=list(columns)).astype(object)
    return pa.Table.from_pandas(frame, schema=pa.schema(columns), preserve_index=False)


def find_utterances(duck: "DuckDBPyConnection") -> "DuckDBPyRelation":
    """The same as `match_utterances`, for tables of any size, as rows of `utterances` in order.

    Parameters
    ----------
    duck : a connection of `connect_duckdb` with the views or tables `quotations` and `articles`; rows
        are read from its temporary table `utterance_pairs`, which a second call replaces
    """
    duck.execute("CREATE TEMP TABLE found (a INTEGER, b INTEGER, score DOUBLE, relation VARCHAR, words_cut VARCHAR)")
    with _register_functions(duck):
        add_versions(duck, VERSION_WORDS_QUERY)
        for _ in find_candidates(duck):
            duck.execute(f"INSERT INTO found {VERSION_MATCH_QUERY}")
    duck.execute(f"CREATE OR REPLACE TEMP TABLE utterance_pairs AS {BEST_MATCH_QUERY}")
    duck.execute("DROP TABLE found; DROP TABLE versions")
    return duck.sql(f"SELECT * FROM utterance_pairs ORDER BY {TABLE_ROW_ORDER['utterances']}")


@contextmanager
def _register_functions(duck: "DuckDBPyConnection") -> Iterator[None]:
    """Let SQL call `read_version` and `compare_versions`, which take and return Arrow columns.

    They are declared to have side effects, or else DuckDB would call them once per field. DuckDB wraps a Ctrl-C
    during a call in its own error, which is unwrapped here.
    """
    from duckdb import InvalidInputException
    stop_words = read_stop_words()  # read now, as DuckDB calls functions in threads without a language

    def read_version(texts: pa.ChunkedArray, kinds: pa.ChunkedArray, speakers: pa.ChunkedArray) -> pa.Array:
        rows = zip(texts.to_pylist(), kinds.to_pylist(), speakers.to_pylist(), strict=True)
        return pa.array([_read_version(*row, stop_words) for row in rows], type=pa.struct(VERSION_FIELDS))

    _create_function(duck, "read_version", read_version, VERSION_FIELDS)
    _create_function(duck, "compare_versions", _compare_version_columns, VERSION_MATCH_FIELDS)
    try:
        yield
    except InvalidInputException as error:
        if "KeyboardInterrupt" in str(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        duck.remove_function("read_version")
        duck.remove_function("compare_versions")


def _create_function(duck: "DuckDBPyConnection", name: str, function: Callable[..., Any],
                     fields: dict[str, pa.DataType]) -> None:
    """Let SQL call a function of Arrow columns that returns one column of structs with these fields."""
    from duckdb.func import ARROW, SPECIAL
    types = {pa.string(): "VARCHAR", pa.float64(): "DOUBLE"}
    declared = ", ".join(f"{field} {types[dtype]}" for field, dtype in fields.items())
    duck.create_function(name, function, None, f"STRUCT({declared})", type=ARROW, null_handling=SPECIAL,
                         side_effects=True)


def _read_version(text: str, kind: str, speaker: str, stop_words: frozenset[str]) -> dict[str, str]:
    """Speaker, words, words between quotation marks and content words of a quotation."""
    words = split_words(text)
    content = {word for word in set(words) - stop_words if len(word) > 2}
    parts = words, _quoted_words(text, words, kind), sorted(content)
    return {"speaker": speaker.casefold()} | {
        name: " ".join(part) for name, part in zip(("words", "quoted", "content"), parts, strict=True)}


def _compare_version_columns(*columns: pa.ChunkedArray) -> pa.Array:
    """Score, relation and words cut for pairs of versions; the columns are those of one version, then of the other."""
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    found = (_compare_versions(_make_version(*row[:5]), _make_version(*row[5:])) for row in rows)
    return pa.array([pair and dict(zip(VERSION_MATCH_FIELDS, pair, strict=True)) for pair in found],
                    type=pa.struct(VERSION_MATCH_FIELDS))


def _make_version(event: int, speaker: str, words: str, quoted: str, content: str) -> UtteranceVersion:
    return UtteranceVersion(event, speaker, tuple(words.split()), tuple(quoted.split()), frozenset(content.split()))


def _quoted_words(text: str, words: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """The words between quotation marks: all of a direct quotation, the marked parts of a mixed one."""
    if kind == "direct":
        return words
    # `text` keeps the marks inside mixed content
    marked = re.findall(r"[“\"«]([^“”\"«»]+)(?:[”\"»]|$)", text) if kind == "mixed" else []
    return tuple(word for part in marked for word in split_words(part))[:MAX_COMPARED_WORDS]


def split_words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, with straight apostrophes and without hyphens, at most 400.

    >>> split_words("“We don’t re-fight,” he said")
    ('we', "don't", 'refight', 'he', 'said')
    """
    words = " ".join(UTTERANCE_WORD_PATTERN.findall(text)[:MAX_COMPARED_WORDS])
    return tuple(words.lower().replace("’", "'").replace("-", "").split())


def find_cuts(text: str, other: str) -> list[tuple[int, int]]:
    """The spans of a version whose words the other version lacks, in order.

    Words are compared as `split_words` returns them, up to the 400th; a single shared word among words that
    differ does not count as shared.

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


def _compare_versions(a: UtteranceVersion, b: UtteranceVersion) -> tuple[float, str, str] | None:
    """The similarity of two versions, their relation, and the words cut; None if they share too little."""
    both_quoted = len(a.quoted) > 1 and len(b.quoted) > 1
    left, right = (a.quoted, b.quoted) if both_quoted else (a.words, b.words)
    is_same_speaker = bool(a.speaker) and a.speaker == b.speaker
    shared = len(a.content & b.content)
    share = shared / max(1, min(len(a.content), len(b.content)))
    is_paraphrase = is_same_speaker and shared >= MIN_SHARED_CONTENT_WORDS and share >= MIN_PARAPHRASE_SHARE
    most = _bound_shared_words(left, right)  # matching blocks of words is slow, and needless for most pairs
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
    """An upper bound on the number of words that both have in the same order."""
    shared = set(left) & set(right)
    return min(sum(word in shared for word in words) for words in (left, right))


def _is_trimmed_match(same: int, left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether `same` words in the same order suffice to call one version a trimmed form of the other."""
    return same >= SHARED_RUN_WORDS - 1 and same >= MIN_TRIMMED_SHARE * min(len(left), len(right))


def _is_same_utterance(a: UtteranceVersion, b: UtteranceVersion, same: int, *, is_same_speaker: bool) -> bool:
    """Whether `same` shared words suffice for one utterance; fewer do if the speaker or the event is the same.

    Two or three quoted words ("witch hunt") are often shared by chance, so their context must match too.
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
    """The runs of words outside the matched blocks."""
    stretches, at = [], 0
    for start, size in matched:
        if start > at:
            stretches.append(" ".join(words[at:start]))
        at = start + size
    return stretches


