"""The same utterance told by two outlets: word for word, trimmed, or in other words.

Quotations are compared only where they share a rare run of words, or a speaker and several content
words, so the work grows with the number of quotations and not with its square; where the articles say
which event they tell, only within one event. Each quotation is paired with its best match in every
other outlet. Texts that do not count (repeats) are left out.
What was really said is not known here: a row says that two outlets' versions meet, no more.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from itertools import islice

import pandas as pd

from samestory.resources import read_rows
from samestory.schema import TABLES

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*", re.UNICODE)
RUN = 4  # words of a run that two versions share
COMMON = 60  # a run or word in more quotations than this says nothing, and is not looked up
LONGEST = 400  # words compared; the rest of a longer quotation is left out
SHARED = 4  # content words that a paraphrase shares with the other version
SHARE = 0.5  # of the shorter version's content words that must be shared
UNTIED = 6  # words in one run or more that versions share which neither speaker nor event ties together
TOPIC = 0.2  # of an event's quotations; a word in more of them is its topic, and ties no two together
FEW = 10  # quotations of an event from which a topic is looked for
LEEWAY = 2  # words around the same quoted ones by which two identical versions may differ
TRIMMED = 0.8  # of the shorter version's words that stand in the longer one in the same order
COLUMNS = [column.name for column in TABLES["utterances"].columns]


@dataclass(frozen=True)
class Version:
    """One outlet's version of something said: its words, and the words between marks."""

    quotation_id: str
    outlet: str
    event: str
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
    versions = _read_versions(quotations, articles)
    best: dict[tuple[str, str], tuple] = {}
    for first, second in sorted(_find_candidates(versions)):
        a, b = sorted((versions[first], versions[second]), key=lambda v: (v.outlet, v.quotation_id))
        found = _compare(a, b)
        if found is not None:
            _keep_best(best, a, b, found)
    pairs = {(a.quotation_id, b.quotation_id): relation for _, a, b, relation, _ in best.values()}
    cuts = {(a.quotation_id, b.quotation_id): cut for _, a, b, _, cut in best.values()}
    rows = [(f"{a}+{b}", a, b, relation, cuts[a, b]) for (a, b), relation in sorted(pairs.items())]
    return pd.DataFrame(rows, columns=COLUMNS)


def _read_versions(quotations: pd.DataFrame, articles: pd.DataFrame) -> list[Version]:
    """The quotations of articles that count, in order of their ids."""
    counted = articles[articles["counted"].fillna(True).astype(bool)] if "counted" in articles else articles
    events = counted["event"].fillna("") if "event" in counted else [""] * len(counted)
    places = dict(zip(counted["article_id"], zip(counted["outlet"], events, strict=True), strict=True))
    rows = (row for row in quotations.to_dict("records") if row["article_id"] in places)
    versions = [_read_version(row, *places[row["article_id"]]) for row in rows]
    return sorted(_leave_out_topics([v for v in versions if v.words]), key=lambda version: version.quotation_id)


def _leave_out_topics(versions: list[Version]) -> list[Version]:
    """The versions, their content words without those that many quotations of the event hold."""
    sizes = Counter(version.event for version in versions)
    holders = Counter((version.event, word) for version in versions for word in version.content)
    topics = {(event, word) for (event, word), n in holders.items() if sizes[event] >= FEW and n > TOPIC * sizes[event]}
    return [replace(v, content=frozenset(w for w in v.content if (v.event, w) not in topics)) for v in versions]


def _read_version(row: dict, outlet: str, event: str) -> Version:
    words = split_words(row["text"])
    speaker = next((row[name] for name in ("speaker_entity_id", "speaker_name")
                    if isinstance(row.get(name), str) and row[name]), "")
    content = frozenset(word for word in words if word not in _stop_words() and len(word) > 2)
    return Version(row["quotation_id"], outlet, event, speaker.casefold(), words, _quoted_words(row), content)


def _quoted_words(row: dict) -> tuple[str, ...]:
    """The words between marks: all of a direct quotation, the marked stretches of a mixed one."""
    if row["kind"] == "direct":
        return split_words(row["text"])
    # `text` keeps the marks that stand inside mixed content
    marked = re.findall(r"[“\"«]([^“”\"«»]+)(?:[”\"»]|$)", row["text"]) if row["kind"] == "mixed" else []
    return tuple(word for part in marked for word in split_words(part))[:LONGEST]


def split_words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case with straight apostrophes and no hyphens, at most 400.

    >>> split_words("“We don’t re-fight,” he said")
    ('we', "don't", 'refight', 'he', 'said')
    """
    return tuple(word.lower().replace("’", "'").replace("-", "") for word in WORD.findall(text)[:LONGEST])


def find_cuts(text: str, other: str) -> list[tuple[int, int]]:
    """Where a version has words that the other one has not, in the same order.

    Words are compared as `split_words` gives them, up to the 400th; a single word in both, alone among
    others, is not taken as the same.

    >>> find_cuts("I hope both sides will come", "both sides will come")
    [(0, 6)]
    """
    places = list(islice(WORD.finditer(text), LONGEST))
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
def _stop_words() -> frozenset[str]:
    """Words too common to tie two versions together."""
    rows = read_rows("stop_words")
    return frozenset(next(iter(row.values())).lower() for row in rows)


def _find_candidates(versions: list[Version]) -> set[tuple[int, int]]:
    """Pairs of different outlets that share a rare run of words, or a speaker and several words."""
    by_run, by_word = defaultdict(list), defaultdict(list)
    for number, version in enumerate(versions):
        for run in _runs(version):
            by_run[run].append(number)
        for word in sorted(version.content) if version.speaker else ():
            by_word[version.speaker, word].append(number)
    near = _count_pairs(versions, by_word.values())
    shared_run = set(_count_pairs(versions, by_run.values()))
    return shared_run | {pair for pair, n in near.items() if n >= SHARED}


def _runs(version: Version) -> set[Hashable]:
    """Its runs of four words; a shorter quotation's words with its speaker."""
    words = version.quoted if 1 < len(version.quoted) < RUN else version.words
    if len(words) < RUN:
        return {(version.speaker, words)} if len(words) > 1 and version.speaker else set()
    runs: set[Hashable] = {version.words[i:i + RUN] for i in range(len(version.words) - RUN + 1)}
    return runs


def _count_pairs(versions: list[Version], groups: Iterable[list[int]]) -> Counter:
    """How many of the groups each pair of different outlets shares; too common groups are passed over."""
    pairs: Counter = Counter()
    for group in groups:
        if len(group) > COMMON:
            continue
        for position, first in enumerate(group):
            for second in group[position + 1:]:
                if _may_meet(versions[first], versions[second]):
                    pairs[first, second] += 1
    return pairs


def _may_meet(a: Version, b: Version) -> bool:
    """Whether two versions are of different outlets and not known to be of different events."""
    return a.outlet != b.outlet and (a.event == b.event or not a.event or not b.event)


def _compare(a: Version, b: Version) -> tuple[float, str, str] | None:
    """How alike two versions are, their relation, and the words cut; None if they only touch."""
    both_quoted = len(a.quoted) > 1 and len(b.quoted) > 1
    left, right = (a.quoted, b.quoted) if both_quoted else (a.words, b.words)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    blocks = matcher.get_matching_blocks()
    same = sum(block.size for block in blocks if block.size > 1 or len(left) == len(right) == block.size)
    cut = " … ".join(_unmatched(left, [(block.a, block.size) for block in blocks])
                     + _unmatched(right, [(block.b, block.size) for block in blocks]))
    is_same_speaker = bool(a.speaker) and a.speaker == b.speaker
    if _is_tied(a, b, same, is_same_speaker=is_same_speaker):
        if left == right and abs(len(a.words) - len(b.words)) <= LEEWAY:
            return 2.0, "identical", ""
        if same >= RUN - 1 and same >= TRIMMED * min(len(left), len(right)):
            return 1 + same / max(len(left), len(right)), "trimmed", cut
    shared = len(a.content & b.content)
    share = shared / max(1, min(len(a.content), len(b.content)))
    return (share, "paraphrase", cut) if is_same_speaker and shared >= SHARED and share >= SHARE else None


def _is_tied(a: Version, b: Version, same: int, *, is_same_speaker: bool) -> bool:
    """Whether shared words can be one utterance's: many, or of one speaker or event; two or three of both.

    Two or three words between marks ("witch hunt") are said often; what stands around them must agree too.
    """
    is_same_event = bool(a.event) and a.event == b.event
    if same >= UNTIED:
        return True
    if same >= RUN:
        return is_same_speaker or (is_same_event and not (a.speaker and b.speaker))
    around = (a.content & b.content) - set(a.quoted) - set(b.quoted)
    is_whole = a.words == a.quoted and b.words == b.quoted
    return is_same_speaker and (is_whole or bool(around))


def _unmatched(words: tuple[str, ...], matched: list[tuple[int, int]]) -> list[str]:
    """The stretches of words outside the matched blocks."""
    stretches, at = [], 0
    for start, size in matched:
        if start > at:
            stretches.append(" ".join(words[at:start]))
        at = start + size
    return stretches


def _keep_best(best: dict, a: Version, b: Version, found: tuple[float, str, str]) -> None:
    """Keep a pair where it is the best match of either quotation in the other's outlet."""
    row = (found[0], a, b, found[1], found[2])
    for key in ((a.quotation_id, b.outlet), (b.quotation_id, a.outlet)):
        if key not in best or found[0] > best[key][0]:
            best[key] = row
