"""`make fuzz`: the readers get half a million damaged files, and none may raise an exception or take two seconds.

A mutant is made from a small file of each format by a few changes at random places: bits, bytes, stretches cut out,
repeated or moved, and words that formats give a meaning. Of a packed file, the bytes are changed or those of a file in
it. A mutant has a number, from which it is made again: `--only docx --first 1234 --mutants 1`; without `--only`,
another `--first` gives others. Each format is read in its own process, with the memory limit of the reader process.
"""

import argparse
import io
import json
import os
import random
import resource
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import dateparser

from samestory.read.files import read_opened
from samestory.read.formats.formats import Record
from samestory.read.reader_process import MAX_READER_MEMORY_BYTES, READER_ENVIRONMENT

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures"
STORY = "“We will meet again,” said Minister Ann Lee on Thursday. The café’s owners agreed.\n"
TOKENS = [b"", b"\0", b"\xff", b'"', b"'", b"\\", b"{", b"}", b"[", b"]", b"<", b">", b"</", b"&", b"&#", b";", b",",
          b"\t", b"\r", b"\n", b"\n\n", b"\x1a", b"\xef\xbb\xbf", b"\xff\xfe", b"\\u", b"\\'", b"\\bin9", b"\\par",
          b"\\uc99999", b"null", b"1e999", b"9" * 40, b"9" * 5_000, b"-", b"NaN", b"true", b"<!DOCTYPE a [",
          b"<![CDATA[", b"<!--", b"<p>", b"<table>", b"<script>", b"HD ", b"Document ", b"End of Document", b"Body",
          b"Load-Date:", b"PAR1", b"PK\x03\x04", b"\x1f\x8b", "\u2028".encode(), "\u202e".encode(),
          "\U0001f600".encode(), b"\xed\xa0\x80", b"text", b"A1048576", b"XFD1", b"WARC/1.0\r\n", b"--=",
          b"=?utf-8?b?", b"Content-Length: 9\r\n",
          b"Content-Type: multipart/mixed; boundary=x\r\n", b"<item>", b"</item>", b"**", b"[", b"](",
          b" 0 R", b"/Filter/FlateDecode", b"endstream"]
MAX_MUTANT_BYTES, SLOW_SECONDS = 200_000, 2.0


def make_seeds() -> dict[str, bytes]:
    """A small file of every format, by its name."""
    from tests.read.test_bundles import NEXIS
    from tests.read.test_kinds_of_files import (
        ODT_STORY,
        PAGE,
        PDF_LINES,
        make_mail,
        make_ods,
        make_odt,
        make_pdf,
        make_warc,
    )
    from tests.support.export_files import make_docx, make_xlsx, make_zip
    fixtures = {path.name: path.read_bytes() for path in (*FIXTURES.iterdir(), *FIXTURES.glob("pages/*"))
                if path.suffix in (".html", ".txt", ".rtf")}
    record = {"id": "a1", "outlet": "CNN", "headline": "Talks", "date": "2021-03-18T10:00:00Z", "n": 12, "text": STORY}
    lines = "".join(json.dumps(record | {"id": f"a{i}"}) + "\n" for i in range(5))
    table = "id,outlet,date,text\n" + "".join(f'a{i},CNN,2021-03-18,"{STORY}"\n' for i in range(5))
    return fixtures | {
        "text.txt": STORY.encode() * 5, "latin.txt": STORY.encode("cp1252") * 5, "wide.txt": STORY.encode("utf-16") * 3,
        "lines.jsonl": lines.encode(), "list.json": f"[{','.join(lines.splitlines())}]".encode(),
        "inner.json": f'{{"articles": [{",".join(lines.splitlines())}]}}'.encode(), "table.csv": table.encode(),
        "table.tsv": table.replace(",", "\t").encode(), "old.csv": table.encode("cp1252").replace(b"\n", b"\r"),
        "nexis.docx": make_docx(NEXIS), "story.docx": make_docx([STORY] * 3),
        "sheet.xlsx": make_xlsx([["id", "text", "date"], *([i, STORY, 44_000 + i] for i in range(5))]),
        "table.parquet": _make_parquet(),
        "story.rtf": rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\'93Hi\'94, caf\u233?\par}" * 3,
        "all.zip": make_zip({"1.txt": STORY, "2.csv": table, "3.html": fixtures["cafe.html"]}),
        "story.pdf": make_pdf(PDF_LINES, PDF_LINES), "page.mht": make_mail(page=PAGE, Content_Location="https://cnn.example/a"),
        "mail.eml": make_mail(text=STORY, Subject="=?utf-8?q?Caf=C3=A9?=", files=[("a.csv", table.encode())]),
        "crawl.warc": make_warc(PAGE, PAGE, encoding="gzip"), "text.odt": make_odt(ODT_STORY),
        "sheet.ods": make_ods([["id", "text"], ["1", STORY]]), "story.md": f"# Talks *end*\n\n{STORY}".encode(),
        "feed.rss": f"<rss><channel><title>CNN</title><item><title>T</title><description>{STORY}</description></item>"
                    "</channel></rss>".encode(),
        "book.epub": make_zip({"mimetype": "application/epub+zip", "1.xhtml": PAGE}),
        "all.tar": _make_tar(table), "all.tgz": _pack(_make_tar(table)), "text.txt.gz": _pack(STORY.encode())}


def _make_parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq
    made = io.BytesIO()
    dates = pa.array([1_600_000_000_000_000 + i for i in range(5)], pa.timestamp("us"))
    pq.write_table(pa.table({"text": [STORY] * 5, "date": dates, "n": [1, 2, None, 4, 5]}), made)
    return made.getvalue()


def _make_tar(table: str) -> bytes:
    import tarfile
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, text in (("1.txt", STORY), ("2.csv", table)):
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return made.getvalue()


def _pack(data: bytes) -> bytes:
    import gzip
    return gzip.compress(data, mtime=0)


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The bytes after one to eight changes; half of the time those of one file in a packed file."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        return _mutate_member(data, chance)
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        chance.choice(CHANGES)(made, chance)
    return bytes(made[:MAX_MUTANT_BYTES])


def _mutate_member(data: bytes, chance: random.Random) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        names = old.namelist()
        chosen = chance.choice(names)
        for name in names:
            new.writestr(name, mutate(old.read(name), chance) if name == chosen else old.read(name))
    return made.getvalue()


def _flip(made: bytearray, chance: random.Random) -> None:
    if made:
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)


def _set_byte(made: bytearray, chance: random.Random) -> None:
    if made:
        made[chance.randrange(len(made))] = chance.choice([0, 1, 9, 10, 13, 32, 34, 127, 128, 255])


def _cut(made: bytearray, chance: random.Random) -> None:
    start, end = _choose_span(made, chance)
    del made[start:end]


def _repeat(made: bytearray, chance: random.Random) -> None:
    start, end = _choose_span(made, chance)
    made[start:start] = made[start:end] * chance.choice([1, 1, 2, 30])


def _move(made: bytearray, chance: random.Random) -> None:
    start, end = _choose_span(made, chance)
    taken = made[start:end]
    del made[start:end]
    at = chance.randrange(len(made) + 1)
    made[at:at] = taken


def _insert(made: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(made) + 1)
    made[at:at] = chance.choice(TOKENS) * chance.choice([1, 1, 1, 2, 50])


def _end(made: bytearray, chance: random.Random) -> None:
    del made[chance.randrange(len(made) + 1):]


def _choose_span(made: bytearray, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(made) + 1)
    return start, min(len(made), start + int(chance.expovariate(1 / 40)))


CHANGES: list[Callable[[bytearray, random.Random], None]] = [_flip, _flip, _set_byte, _cut, _repeat, _move, _insert,
                                                              _insert, _end]


def read_mutants(name: str, data: bytes, first: int, n: int) -> dict[str, object]:
    """Read `n` mutants of a file; how many gave what, and the slowest."""
    resource.setrlimit(resource.RLIMIT_DATA, (MAX_READER_MEMORY_BYTES, MAX_READER_MEMORY_BYTES))
    outcomes, slowest, failed = Counter[str](), (0.0, 0), []
    for other, whole in make_seeds().items():  # imports what any reader needs: damage may make a file of another kind
        list(read_opened(io.BytesIO(whole), other))
    dateparser.parse("no date")  # as trafilatura does on the first page without one: patterns of 200 languages, once
    for number in range(first, first + n):
        if n > 1:
            print(number, flush=True)
        mutant = mutate(data, random.Random(f"{name} {number}"))
        began = time.process_time()
        try:
            found = list(read_opened(io.BytesIO(mutant), name))
            is_read = any(isinstance(item, Record) for item in found)
            outcomes["read" if is_read else "reported" if found else "silent"] += 1
        except MemoryError:
            outcomes["too large"] += 1
        except Exception as error:
            outcomes["exception"] += 1
            failed.append(f"{number}: {error!r}")
        slowest = max(slowest, (time.process_time() - began, number))
    return {"outcomes": outcomes, "slowest": slowest, "failed": failed}


def run_format(name: str, seeds: Path, first: int, n: int) -> tuple[Counter[str], float, list[str]]:
    """Read mutants in a process of its own, which is started again after a mutant that ends it."""
    outcomes, slowest, notes, end = Counter[str](), 0.0, [], first + n
    while first < end:
        command = [sys.executable, "-m", "benchmarks.fuzz", "--seeds", str(seeds), "--only", name,
                   "--first", str(first), "--mutants", str(end - first)]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | READER_ENVIRONMENT, check=False)
        *numbers, last = done.stdout.splitlines() or ["0"]
        if done.returncode == 0:
            result = json.loads(last)
            outcomes.update(result["outcomes"])
            slowest = max(slowest, result["slowest"][0])
            notes += [f"{name} {line}" for line in result["failed"]]
            if result["slowest"][0] > SLOW_SECONDS:
                notes.append(f"{name} {result['slowest'][1]}: {result['slowest'][0]:.1f} s")
            break
        outcomes.update({"process ended": 1, "before it": len(numbers)})
        notes.append(f"{name} {last}: the process ended with {done.returncode} {done.stderr.splitlines()[-1:]}")
        first = int(last) + 1
    return outcomes, slowest, notes


def main() -> None:
    """Read mutants of every format, or of one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=500_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seeds", type=Path)
    options = parser.parse_args()
    if options.only:
        data = (options.seeds / options.only).read_bytes() if options.seeds else make_seeds()[options.only]
        print(json.dumps(read_mutants(options.only, data, options.first, options.mutants)))
        return
    with TemporaryDirectory(prefix="fuzz-") as folder:
        run_formats(Path(folder), options.mutants, options.first)


def run_formats(folder: Path, n: int, first: int = 0) -> None:
    """Read mutants of every format, from number `first`, thrice as many of quick ones; print what became of them."""
    seeds = make_seeds()
    for name, data in seeds.items():
        (folder / name).write_bytes(data)
    total, slowest, all_notes = Counter[str](), 0.0, []
    slow = {name: name.endswith((".html", ".docx", ".zip", ".parquet", ".xlsx")) for name in seeds}
    share = n / sum(1 if is_slow else 3 for is_slow in slow.values())
    for name in sorted(seeds):
        outcomes, seconds, notes = run_format(name, folder, first, round(share * (1 if slow[name] else 3)))
        print(f"{name:<24} {seconds:5.2f} s at most  {dict(outcomes)}", flush=True)
        total, slowest, all_notes = total + outcomes, max(slowest, seconds), all_notes + notes
    print(f"{sum(total.values()):,} mutants: {total['exception']} exceptions, slowest {slowest:.2f} s; {dict(total)}")
    print("\n".join(all_notes))


if __name__ == "__main__":
    main()
