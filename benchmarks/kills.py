"""`make kills`: annotate, run, a worker and the scheduler are killed (kill -9) at fifty random moments.

After each, the command is run again from what is left; then the tables, or every file of the report, must have the same
bytes as without a kill, and nothing may be left: no unfinished folder, no temporary file, no process. What a run with
faults has made is kept in the folder of `--keep`, to be looked at.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on day {}. The talks with Japan ended late."
FAILURE_PATTERN = re.compile(r'<section class="failed".*?</section>', re.DOTALL)  # of a front page
N_ARTICLES, PATIENCE_SECONDS, END_SECONDS, VICTIM_PAUSE_SECONDS = 12, 600, 60, 0.05
TARGETS = ("annotate", "run", "worker", "scheduler")
CODE = ("import sys; from samestory.tables import engine; engine.MAX_PART_ARTICLES = 1;"
        " from samestory.commands.cli import main; sys.exit(main(sys.argv[1:]))")


def main() -> None:
    """Kill, run again, compare; print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", choices=TARGETS, action="append", help="repeatable; default: all")
    parser.add_argument("--keep", type=Path, help="a folder for what runs with faults have made")
    options = parser.parse_args()
    chance, outcomes = random.Random(options.seed), Counter[str]()
    with TemporaryDirectory(prefix="kills-") as folder:
        root = Path(folder) / "corpus"
        root.mkdir()
        for i in range(N_ARTICLES):
            (root / f"{i}.txt").write_text(STORY.format(i), encoding="utf-8")
        targets = options.target or TARGETS
        whole = {target: Attempt(root, Path(folder) / f"whole {target}", target) for target in targets}
        seconds = {target: whole[target].run_to_end() for target in targets}
        for i in range(options.kills):
            target = targets[i % len(targets)]
            attempt = Attempt(root, Path(folder) / str(i), target)
            moment = chance.uniform(0, seconds[target])
            was_killed = attempt.kill_after(moment)
            try:
                attempt.run_to_end()
                faults = attempt.list_faults(whole[target])
            except CommandFailed as error:
                faults = [str(error)]
            if faults and options.keep:
                shutil.copytree(attempt.folder, options.keep / f"{target} {i}", dirs_exist_ok=True)
            early = "" if was_killed else " (it had ended)"
            outcomes[f"{target}: {', '.join(faults) or 'as before'}{early}"] += 1
            print(f"{target} at {moment:.1f} of {seconds[target]:.1f} s: {faults or 'as before'}", flush=True)
    for outcome, n in sorted(outcomes.items()):
        print(f"{outcome:<60} {n}")


class CommandFailed(Exception):
    """A command that was not killed has ended with an error; the message says how."""


class Attempt:
    """A command with a cache, temporary files and results of its own."""

    def __init__(self, root: Path, folder: Path, target: str) -> None:
        self.root, self.folder, self.target = root, folder, target
        self.out = folder / "out"
        for name in ("cache", "tmp"):
            (folder / name).mkdir(parents=True)
        self.environment = os.environ | {"SAMESTORY_CACHE": str(folder / "cache"), "TMPDIR": str(folder / "tmp"),
                                         "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    def start(self) -> "subprocess.Popen[str]":
        """Start the command; annotation in parts of one article."""
        arguments = ["annotate", str(self.root), "--out", str(self.out)]
        if self.target == "run":
            arguments = ["run", str(self.root), "--reports", str(self.out), "--only", "01_corpus"]
        elif self.target != "annotate":
            arguments += ["--workers", "2"]
        return subprocess.Popen([sys.executable, "-P", "-c", CODE, *arguments], env=self.environment, text=True,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def run_to_end(self) -> float:
        """Run the command; the seconds it took."""
        began = time.perf_counter()
        process = self.start()
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        if process.returncode:
            pages = [path.read_text(encoding="utf-8") for path in self.out.rglob("index.html")]
            reasons = [" ".join(found.split()) for page in pages for found in FAILURE_PATTERN.findall(page)]
            raise CommandFailed(f"ended with {process.returncode}: {errors[-2_000:].strip()} {' '.join(reasons)}")
        return time.perf_counter() - began

    def kill_after(self, seconds: float) -> bool:
        """Start the command, and kill it, its scheduler or a worker, once there is one; whether it was there."""
        process = self.start()
        time.sleep(seconds)
        while not (pids := self.list_victims(process.pid)) and process.poll() is None:
            time.sleep(VICTIM_PAUSE_SECONDS)
        is_running = process.poll() is None and bool(pids)
        for pid in pids[:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        if "Traceback" in errors:
            print(errors[-1_500:], flush=True)
        return is_running

    def list_victims(self, command: int) -> list[int]:
        """The processes of which one is to be killed; workers are forks of a server that has no other name."""
        if self.target in ("annotate", "run"):
            return [command]
        return self.list_pids("forkserver")[:-1] if self.target == "worker" else self.list_pids("serve_local_workers")

    def list_pids(self, word: str = "") -> list[int]:
        """The processes of this attempt whose command line has a word; they have its cache in their environment."""
        found, mark = [], f"SAMESTORY_CACHE={self.folder / 'cache'}\0".encode()
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdecimal() and mark in (entry / "environ").read_bytes() + b"\0" \
                        and word.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return sorted(found, reverse=True)

    def list_faults(self, whole: "Attempt") -> list[str]:
        """How the result differs from that of a whole run, and what is left."""
        deadline = time.monotonic() + END_SECONDS
        while self.list_pids() and time.monotonic() < deadline:
            time.sleep(0.2)
        left = {"processes": self.list_pids(), "temporary files": list((self.folder / "tmp").iterdir()),
                "unfinished folders": list(self.folder.rglob("*unfinished-*"))}
        faults = [f"{len(paths)} {name} left: {paths[:2]}" for name, paths in left.items() if paths]
        return faults + ["other bytes"] * (self.read_result() != whole.read_result())

    def read_result(self) -> dict[str, bytes]:
        """The bytes of the result; run.json and what names it hold the time."""
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in self.out.rglob("*")
                if path.is_file() and path.name != "run.json"}


if __name__ == "__main__":
    main()
