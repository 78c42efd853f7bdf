"""`make memory`: check, annotate and run read hostile folders, and the memory of all their processes is measured.

It is the proportional set size, added over the command and every process it started, some twenty times a second; at
most 2,000 MB is asked. Names of folders as arguments measure these alone.
"""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

MAX_PEAK_MB, PAUSE_SECONDS, PATIENCE_SECONDS = 2_000, 0.05, 1_800
STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on Thursday. The talks with Japan ended late.\n"
NAMES = ("Ann Lee", "Bob Stone", "Carla Ruiz", "Dan Okafor", "Eve Martin", "Farid Haddad")
WORD_START = b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>"
WORD_PARAGRAPH = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"


def write_rows(root: Path) -> None:
    """Articles of one letter."""
    _write(root / "a.csv", "id,text\n", (f"{i},a\n" for i in range(300_000)))


def write_columns(root: Path) -> None:
    """A table of 300,000 columns."""
    (root / "a.csv").write_text(",".join(f"c{i}" for i in range(300_000)) + "\n" + ",".join("x" * 300_000) + "\n")


def write_bomb(root: Path) -> None:
    """A packed text of 8 GB, and packed files in packed files."""
    with zipfile.ZipFile(root / "flat.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        with packed.open("a.txt", "w", force_zip64=True) as member:
            for _ in range(8_000):
                member.write(b"a " * 500_000)
    nested = _pack({f"{i}.txt": b"a " * 5_000_000 for i in range(10)})
    for _ in range(5):
        nested = _pack({f"{i}.zip": nested for i in range(10)})
    (root / "nested.zip").write_bytes(nested)


def write_paragraphs(root: Path) -> None:
    """A Word file of 1.5 million paragraphs, and one with as many in one cell of a table."""
    body = WORD_PARAGRAPH * 1_500_000
    table = b"<w:tbl><w:tr><w:tc>" + body + b"</w:tc></w:tr></w:tbl>"
    for name, inside in (("a.docx", body), ("b.docx", table)):
        (root / name).write_bytes(_pack({"word/document.xml": WORD_START + inside + b"</w:body></w:document>"}))


def write_pages(root: Path) -> None:
    """Pages: 500,000 deep, of 60 MB, and of as many tags as may be."""
    (root / "deep.html").write_text("<div>" * 500_000 + STORY)
    (root / "large.html").write_text("<html><body>" + f"<p>{STORY}</p>" * 550_000)
    (root / "tags.html").write_text("<html><body>" + "<p>a</p>" * 1_900_000)


def write_text(root: Path) -> None:
    """A text of 30 MB."""
    _write(root / "a.txt", "", (STORY for _ in range(300_000)))


def write_line(root: Path) -> None:
    """One line of 20 MB, and one as long as an article may be."""
    (root / "a.txt").write_text("word " * 4_000_000)
    (root / "b.txt").write_text("word " * 1_190_000)


def write_marks(root: Path) -> None:
    """Two million quotation marks, curly and straight."""
    (root / "a.txt").write_text("“x” " * 1_000_000)
    (root / "b.txt").write_text('"x" ' * 1_000_000)


def write_empty(root: Path) -> None:
    """Empty files beside one article."""
    for i in range(30_000):
        (root / f"{i}.txt").touch()
    (root / "story.txt").write_text(STORY)


def write_deep(root: Path) -> None:
    """An article 1,000 folders deep."""
    home = os.open(root, os.O_RDONLY)
    for _ in range(1_000):
        os.mkdir("d", dir_fd=home)
        home, above = os.open("d", os.O_RDONLY, dir_fd=home), home
        os.close(above)
    with os.fdopen(os.open("a.txt", os.O_CREAT | os.O_WRONLY, dir_fd=home), "w") as file:
        file.write(STORY)
    os.close(home)
    (root / "story.txt").write_text(STORY)


def write_outlets(root: Path) -> None:
    """Every article of an outlet of its own, with names and words of its own."""
    def write_story(i: int) -> str:
        return "".join(STORY.replace("Ann Lee", f"Ann {_spell(7 * i + j)}").replace("talks", _spell(i * j).lower())
                       + " ".join(_spell(31 * i + j * k).lower() for k in range(20)) + ".\n" for j in range(8))
    _write(root / "a.jsonl", "", (json.dumps({"id": str(i), "outlet": f"Daily {_spell(i)}", "text": write_story(i)})
                                  + "\n" for i in range(3_000)))


def write_longest(root: Path) -> None:
    """Articles as long as they may be, full of names and quotations, among enough small ones for two workers."""
    long = "".join(STORY.replace("Ann Lee", f"{NAMES[i % 6]} {_spell(i % 5_000)}") for i in range(55_000))
    for i in range(3):
        (root / f"long {i}.txt").write_text(long)
    for i in range(101):
        (root / f"{i}.txt").write_text(STORY * 2 + f"It was day {i}.")


KINDS: dict[str, Callable[[Path], None]] = {
    "rows": write_rows, "columns": write_columns, "bomb": write_bomb, "paragraphs": write_paragraphs,
    "pages": write_pages, "text": write_text, "line": write_line, "marks": write_marks, "empty": write_empty,
    "deep": write_deep, "outlets": write_outlets, "longest": write_longest}


def _spell(i: int) -> str:
    """A word for a number."""
    return "".join("bcdfghklmn"[int(digit)] + "aeiou"[i % 5] for digit in str(i)).capitalize()


def _write(path: Path, start: str, lines: object) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(start)
        file.writelines(lines)


def _pack(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return made.getvalue()


def measure_command(arguments: list[str], cache: Path) -> str:
    """Run a command; its peak memory, CPU time, status and last words."""
    began = os.times()
    with (cache / "words").open("w") as words:
        process = subprocess.Popen([sys.executable, "-P", "-m", "samestory", *arguments], stdout=words, stderr=words,
                                   env=os.environ | {"SAMESTORY_CACHE": str(cache)})
        peak, known, deadline = 0, {}, time.monotonic() + PATIENCE_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            peak = max(peak, sum(map(read_memory_kb, list_processes(cache, known))))
            time.sleep(PAUSE_SECONDS)
    if process.poll() is None:
        process.kill()
    process.wait()
    spent = os.times()
    said = (cache / "words").read_text(errors="replace")
    seconds = spent.children_user + spent.children_system - began.children_user - began.children_system
    notes = " MORE THAN ASKED" * (peak > MAX_PEAK_MB * 1_000) + " TRACEBACK" * ("Traceback" in said)
    return f"{peak / 1_000:6,.0f} MB {seconds:6.0f} CPU s, status {process.returncode}{notes}: {said.strip()[-300:]!r}"


def list_processes(cache: Path, known: dict[str, bool]) -> list[str]:
    """The processes that have this cache in their environment; `known` keeps the answers."""
    mark, pids = f"SAMESTORY_CACHE={cache}\0".encode(), [path.name for path in Path("/proc").glob("[0-9]*")]
    for pid in pids:
        if pid not in known:
            with suppress(OSError):
                known[pid] = mark in Path("/proc", pid, "environ").read_bytes() + b"\0"
    return [pid for pid in pids if known.get(pid)]


def read_memory_kb(pid: str) -> int:
    """The proportional set size of a process; 0 if it has ended."""
    with suppress(OSError):
        for line in Path("/proc", pid, "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def main() -> None:
    """Measure hostile folders, and print a line for each command."""
    for name in sys.argv[1:] or KINDS:
        with TemporaryDirectory(prefix="memory-") as folder:
            root, cache = Path(folder, "corpus"), Path(folder, "cache")
            root.mkdir()
            cache.mkdir()
            KINDS[name](root)
            for command, *places in (("check",), ("annotate", "--out", f"{folder}/out"),
                                     ("run", "--reports", f"{folder}/reports")):
                print(f"{name:<11} {command:<9} {measure_command([command, str(root), *places], cache)}", flush=True)
            subprocess.run(["rm", "-r", str(root)], check=True)  # it may be deeper than Python removes


if __name__ == "__main__":
    main()
