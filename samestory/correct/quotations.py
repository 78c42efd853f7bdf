"""Corrections of quotations and speech acts, and of the pairs of quotations that are one utterance.

A speaker named by hand gets the entity of that name, with its title and its side in the roster, as in linking.
An added quotation is direct, mixed or indirect according to its quotation marks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from samestory.annotate.quotation_marks import find_regions
from samestory.annotate.quotations.quotation_parse import blank_quotation_marks, count_spaced_words
from samestory.correct.allowed import FIELD_READERS, Misfit, TableRow, Target, fit_rows
from samestory.correct.corrections import Correction
from samestory.correct.names import Move, Names, Places
from samestory.correct.state import HAND_ADDED_RULE, Span, State, filter_rows_by_values, find_targets
from samestory.link.link import SHOWN_SPEAKER_LABELS, SPEAKER_ENTITY_LABELS, SPEECH_TABLES, cut_title
from samestory.link.name_queries import choose_titles, open_mentions
from samestory.link.utterances import UTTERANCE_INPUT_COLUMNS, match_utterances


@dataclass
class Speakers:
    """The speakers of a corpus: names and titles of entities, and the columns that show each speaker."""

    names: dict[str, tuple[str, str]] = field(default_factory=dict)  # name and label, by entity
    titles: dict[str, str] = field(default_factory=dict)
    shown: dict[str, TableRow] = field(default_factory=dict)  # by the name with or without its title
    entities: dict[str, str] = field(default_factory=dict)  # entity by name
    roster: Mapping[str, str] = field(default_factory=dict)
    described_sides: dict[str, str] = field(default_factory=dict)  # by the name with or without its title

    def show(self, entity_id: str, bare: str | None) -> TableRow:
        """The columns of a row whose speaker is an entity; `bare` is the name as written."""
        name, label = self.names[entity_id]
        name, title = name if label in SHOWN_SPEAKER_LABELS else bare or name, self.titles.get(entity_id)
        return {"speaker_entity_id": entity_id, "speaker_title": title,
                "speaker_name": f"{title} {name}" if title else name} | self.find_side(name, title)

    def find_side(self, bare: str | None, title: str | None) -> TableRow:
        """The columns speaker_side and side_from: from the roster, or else from what articles say of the name."""
        names = [name for name in (bare, f"{title} {bare}" if title else bare) if name]
        for origin, sides in (("roster", self.roster), ("description", self.described_sides)):
            for name in names:
                if name in sides:
                    return {"speaker_side": sides[name], "side_from": origin}
        return {"speaker_side": None, "side_from": None}

    def resolve(self, text: str) -> TableRow:
        """The speaker's columns for a name given by hand; they are empty if it is empty."""
        name = " ".join(text.split())
        empty = {"speaker_name": name or None, "speaker_title": None, "speaker_entity_id": None}
        if not name:
            return empty | {"speaker_side": None, "side_from": None, "resolution": "none", "speaker_confidence": 1.0,
                            "anonymous": False}
        if name in self.shown:
            return self.shown[name] | {"resolution": "corrected", "speaker_confidence": 1.0}
        found = self.show(self.entities[name], name) if name in self.entities else empty | self.find_side(name, None)
        known = {"anonymous": False} if name in self.entities else {}
        return found | {"resolution": "corrected", "speaker_confidence": 1.0} | known


def correct_quotations(state: State, names: Names) -> None:
    """Apply the corrections of quotations and speech acts, after the consequences of corrected names and lines."""
    rows = state.open_rows("quotation")
    if not (rows or names.touched or names.moves):
        return
    speakers = _find_speakers(state)
    derived = _update_renamed_speakers(state, names, speakers)
    _collect_shown_speakers(state, derived, speakers)
    _apply_quotation_rows(state, rows, derived, speakers)


def _find_speakers(state: State) -> Speakers:
    with open_mentions(state.table("mentions"), state.counted_ids()) as duck:
        titles = choose_titles(duck)
    entities = state.table("entities").select(["entity_id", "name", "label"]).to_pylist()
    speakers = Speakers({row["entity_id"]: (row["name"], row["label"]) for row in entities},
                        titles, roster=state.roster)
    for label in SPEAKER_ENTITY_LABELS:
        for row in entities:
            if row["label"] == label:
                speakers.entities.setdefault(row["name"], row["entity_id"])
    speakers.described_sides.update(_list_described_sides(state))
    return speakers


def _list_described_sides(state: State) -> dict[str, str]:
    """The first side that the articles give each name, with and without its title."""
    sides: dict[str, str] = {}
    columns = ["speaker_name", "speaker_title", "speaker_side"]
    for name in SPEECH_TABLES:
        rows = filter_rows_by_values(state.table(name), "side_from", {"description"}).select(columns)
        for full, title, side in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            for key in (full, cut_title(full, title)):
                sides.setdefault(key, side)
    return sides


# Consequences of corrected names ----------------------------------------------------------------

def _update_renamed_speakers(state: State, names: Names, speakers: Speakers) -> dict[str, TableRow]:
    """The rows whose speaker's name or entity changes through corrections of entities and mentions, by id."""
    derived: dict[str, TableRow] = {}
    if not (names.touched or names.moves):
        return derived
    moves: dict[str, list[Move]] = {}
    for move in names.moves:
        moves.setdefault(move.article_id, []).append(move)
    for name in SPEECH_TABLES:
        table = state.table(name)
        near = filter_rows_by_values(table, "article_id", moves).to_pylist()
        for row in (*filter_rows_by_values(table, "speaker_entity_id", names.touched).to_pylist(), *near):
            changed = row | _update_speaker_columns(row, names, moves.get(row["article_id"], ()), speakers)
            if changed != row:
                derived[row["quotation_id"]] = changed
    return derived


def _update_speaker_columns(row: TableRow, names: Names, moves: Iterable[Move], speakers: Speakers) -> TableRow:
    """The speaker's columns, if they changed."""
    before: str | None = row["speaker_entity_id"]
    bare = cut_title(row["speaker_name"], row["speaker_title"])
    after = names.follow(before)
    for move in moves:
        is_there = row["speaker_start"] is not None and row["speaker_start"] <= move.start < row["speaker_end"]
        if move.before is not None and is_there and names.follow(move.before) == after:
            after = move.after
        elif move.before is None and before is None and (is_there or move.name == bare):
            after = move.after
    if after is not None and after not in speakers.names:  # it no longer has mentions
        after = None
    if after == before and before not in names.touched:
        return {}
    if after is None:
        return {"speaker_entity_id": None} if before else {}
    return speakers.show(after, bare)


def _collect_shown_speakers(state: State, derived: Mapping[str, TableRow], speakers: Speakers) -> None:
    """Collect the columns that show each speaker of the corpus, by name with and without title."""
    columns = ["speaker_name", "speaker_title", "speaker_entity_id", "speaker_side", "side_from", "anonymous"]
    for name in SPEECH_TABLES:
        rows = state.table(name).select(["quotation_id", *columns]).to_pylist()
        for row in rows:
            row = derived.get(row["quotation_id"], row)
            about = {column: row[column] for column in columns}
            if row["speaker_name"]:
                for key in (row["speaker_name"], cut_title(row["speaker_name"], row["speaker_title"])):
                    speakers.shown.setdefault(key, about)


# Quotations and speech acts ---------------------------------------------------------------------

def _apply_quotation_rows(state: State, rows: list[Correction], derived: dict[str, TableRow],
                          speakers: Speakers) -> None:
    ids = {row.target_id for row in rows} | set(derived)
    found = {name: filter_rows_by_values(state.table(name), "quotation_id", ids).to_pylist() for name in SPEECH_TABLES}
    home = {row["quotation_id"]: name for name, of_table in found.items() for row in of_table}
    targets = find_targets("quotation", rows, chain.from_iterable(found.values()), "quotation_id")
    for quotation_id, row in derived.items():
        targets[quotation_id].derived, targets[quotation_id].now = row, dict(row)
    maker = _QuotationMaker(state, rows, speakers)

    def read_speaker(text: str, target: Target) -> TableRow:
        columns = {"anonymous": ("anonymous",), "speaker_side": ("speaker_side", "side_from")}
        kept = {column for name, of_field in columns.items() if name in target.set_by for column in of_field}
        return {name: value for name, value in speakers.resolve(text).items() if name not in kept}

    readers = FIELD_READERS["quotation"] | {"speaker_name": read_speaker, "kind": maker.read_kind}
    fit_rows(rows, targets, state.outcomes, readers=readers, make=maker.make)
    _store_quotation_rows(state, targets, home)


def _store_quotation_rows(state: State, targets: dict[str, Target], home: dict[str, str]) -> None:
    for name in SPEECH_TABLES:
        mine = {key: target for key, target in targets.items() if home.get(key, "quotations") == name}
        changed = {key: target for key, target in mine.items() if target.now != target.found}
        if changed:
            state.replace(name, "quotation_id", changed, (t.now for t in changed.values() if t.now))
        state.recut |= {row["article_id"] for target in changed.values() for row in (target.now, target.found) if row
                        and (target.now is None or target.found is None
                             or target.now["quoted_spans"] != target.found["quoted_spans"])}


class _QuotationMaker:
    """Makes the quotations that a person adds, and finds which of their words are between quotation marks."""

    def __init__(self, state: State, rows: list[Correction], speakers: Speakers) -> None:
        self.speakers = speakers
        self.places = Places(state, [row.target_id for row in rows if row.operation == "add" or row.field == "kind"])
        paragraphs: dict[str, dict[int, Span]] = {}
        for line in state.read("lines", set(self.places.articles)).to_pylist() if self.places.articles else ():
            if line["paragraph"] is not None:
                spans = paragraphs.setdefault(line["article_id"], {})
                spans[line["paragraph"]] = (spans.get(line["paragraph"], (line["start"],))[0], line["end"])
        self.regions = {key: [(region.inner_start, region.inner_end) for region in
                              find_regions(self.places.articles[key]["text"], sorted(spans.values()))]
                        for key, spans in paragraphs.items()}

    def make(self, row: Correction) -> TableRow:
        """The row of a quotation; errors as for `Places.find`."""
        place = self.places.find(row, "q")
        span = {"start": place.pop("start"), "end": place.pop("end")}
        made = place | {"quotation_id": row.target_id, "content_spans": [span], "anonymous": False,
                        "rule": HAND_ADDED_RULE, "confidence": 1.0, "cue": None, "cue_start": None, "cue_end": None,
                        "cue_lemma": None, "cue_class": None, "speaker": None, "speaker_start": None,
                        "speaker_end": None, "via": None}
        made |= self.speakers.resolve(row.new)
        return made | self._cut(made, self._find_marked(made))

    def read_kind(self, text: str, target: Target) -> TableRow:
        """The columns that change if a quotation is of another kind.

        Raises
        ------
        Misfit
            If there is no such kind, or the article's quotation marks do not allow it.
        """
        kind = FIELD_READERS["quotation"]["kind"](text, target)["kind"]
        row = target.row
        spans = {"direct": row["content_spans"], "indirect": []}.get(kind)
        values = self._cut(row, self._find_marked(row) if spans is None else spans)
        if values["kind"] != kind:
            raise Misfit(f"by its quotation marks it is {values['kind']}; {kind} needs words between the marks and"
                         " words outside them")
        return values

    def _find_marked(self, row: TableRow) -> list[dict[str, int]]:
        """The parts of the content between quotation marks."""
        return [{"start": max(start, span["start"]), "end": min(end, span["end"])} for span in row["content_spans"]
                for start, end in self.regions.get(row["article_id"], ())
                if max(start, span["start"]) < min(end, span["end"])]

    def _cut(self, row: TableRow, quoted: list[dict[str, int]]) -> TableRow:
        """The columns that depend on which words are between quotation marks."""
        text = self.places.articles[row["article_id"]]["text"]
        direct = sum(count_spaced_words(text[span["start"]:span["end"]]) for span in quoted)
        words = sum(count_spaced_words(blank_quotation_marks(text[span["start"]:span["end"]]))
                    for span in row["content_spans"])
        kind = "indirect" if not direct else "direct" if direct >= words else "mixed"
        return {"kind": kind, "quoted_spans": quoted if direct else [], "n_words_direct": direct,
                "n_words_indirect": max(0, words - direct)}


# Utterances -------------------------------------------------------------------------------------

def correct_utterances(state: State) -> None:
    """Match utterances again if quotations or articles changed, and apply the corrections of utterances."""
    inputs = {name: list(columns) for name, columns in UTTERANCE_INPUT_COLUMNS.items()}
    if any(name in state.tables and not state.table(name).select(columns).equals(state.found[name].select(columns))
           for name, columns in inputs.items()):
        quotations, articles = (state.table(name).select(columns).to_pandas() for name, columns in inputs.items())
        state.set_frame("utterances", match_utterances(quotations, articles))
    rows = state.open_rows("utterance")
    found = filter_rows_by_values(state.table("utterances"), "utterance_id",
                                  {row.target_id for row in rows}).to_pylist()
    targets = find_targets("utterance", rows, found, "utterance_id")
    fit_rows(rows, targets, state.outcomes, readers=FIELD_READERS["utterance"])
    changed = {key: target for key, target in targets.items() if target.now != target.found}
    if changed:
        state.replace("utterances", "utterance_id", changed, (t.now for t in changed.values() if t.now))
