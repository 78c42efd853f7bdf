"""`make damage`: single bits of a cache are flipped, one after another, and the tables are read again each time.

Printed: how many flips were healed (the file is as it was, or was made again), harmless (the bit is still flipped, the
tables are right), or wrong (a table differs, or an exception). It takes about a second per flip.
"""

import argparse
import json
import os
import random
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from samestory.cache.folder import cache_folder
from samestory.read.corpus import CORRECTIONS_FILE
from samestory.tables.tables import Tables, load_tables

STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on day {}. The talks with Japan ended late."
CORRECTIONS = "target_id,operation,field,old,new,who,why\na0,change,outlet,CNN,BBC,Ann,\n"


def main() -> None:
    """Flip bits, and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="damage-") as folder:
        os.environ["SAMESTORY_CACHE"] = str(Path(folder) / "cache")
        outcomes = count_outcomes(write_corpus(Path(folder) / "corpus"), options.flips, options.seed)
    for (outcome, kind), n in sorted(outcomes.items()):
        print(f"{outcome:<10} {kind:<12} {n:>6,}")


def write_corpus(root: Path) -> Path:
    """Two articles, one of them corrected."""
    root.mkdir()
    lines = [json.dumps({"id": f"a{i}", "outlet": "CNN", "text": STORY.format(i)}) for i in range(2)]
    (root / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (root / CORRECTIONS_FILE).write_text(CORRECTIONS, encoding="utf-8")
    return root


def count_outcomes(root: Path, n: int, seed: int) -> Counter[tuple[str, str]]:
    """What became of each flip, by the kind of stored folder that it was in."""
    chance, outcomes = random.Random(seed), Counter[tuple[str, str]]()
    first = read_stored(load_small_tables(root))
    for _ in range(n):
        path, damaged = flip_bit(chance)
        try:
            outcome = "wrong" if read_stored(load_small_tables(root)) != first else \
                "harmless" if path.exists() and path.read_bytes() == damaged else "healed"
        except Exception as error:
            outcome = f"{type(error).__name__}"
        outcomes[outcome, path.relative_to(cache_folder()).parts[0]] += 1
    return outcomes


def load_small_tables(root: Path) -> Tables:
    """A sample of one article, so that every kind of stored folder is used."""
    return load_tables(root, most_articles=1)


def read_stored(tables: Tables) -> dict[str, bytes]:
    """The bytes of every file of a folder of tables."""
    return {path.relative_to(tables.folder).as_posix(): path.read_bytes()
            for path in tables.folder.rglob("*") if path.is_file()}


def list_stored(pattern: str) -> list[Path]:
    """The files of the cache that hold results."""
    return sorted(path for path in cache_folder().glob(pattern) if path.is_file() and path.suffix != ".lock")


def drop_tables() -> None:
    """Leave only the parts, so that tables are joined from them again."""
    for path in list_stored("tables/*/*"):
        path.unlink()


def flip_bit(chance: random.Random) -> tuple[Path, bytes]:
    """Flip one bit of one stored file; if it is of a part, the tables are removed first."""
    path = chance.choice(list_stored("*/*/*") + list_stored("*/*/*/*"))
    if "annotated" in path.parts:
        drop_tables()
    damaged = bytearray(path.read_bytes())
    bit = chance.randrange(8 * len(damaged))
    damaged[bit // 8] ^= 1 << bit % 8
    path.write_bytes(damaged)
    return path, bytes(damaged)


if __name__ == "__main__":
    main()
