"""A process that makes the tables of a corpus while the one that waits for them imports what it needs afterwards.

`python -m samestory.tables.annotator CORPUS MODEL LANGUAGE` only fills the cache. If it fails, it says nothing: the
process that waits then makes the tables itself with `load_tables`, and so meets the reason and reports it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from samestory.base.garbage import collect_garbage_rarely
from samestory.cache.folder import open_run_folder
from samestory.cache.seals import is_whole
from samestory.read.corpus import Corpus
from samestory.tables.provenance import find_tables_folder


@contextmanager
def annotating(corpus: Corpus, given: str, *, model: str, language: str) -> Iterator["subprocess.Popen[bytes] | None"]:
    """A process that makes the tables of a corpus, and ends with the context; None if they are in the cache already.

    Parameters
    ----------
    corpus : the corpus
    given : the folder, file, glob or URL that it was found by
    model, language : as for `load_tables`
    """
    if is_whole(find_tables_folder(corpus, model=model, language=language)):
        yield None
        return
    command = [sys.executable, "-P", "-m", "samestory.tables.annotator", given, model, language]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}  # where the module of a user's function is
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE,
                          start_new_session=True) as process:  # Ctrl-C is for its owner
        try:
            yield process
        finally:
            process.kill()  # what it leaves half-written is swept later


def make_tables(corpus: str, model: str, language: str) -> int:
    """Make the tables of a corpus; the exit status is 0 if they are there."""
    collect_garbage_rarely()
    from samestory.tables.tables import load_tables
    Thread(target=_end_with_owner, daemon=True).start()
    try:
        with open_run_folder():
            load_tables(corpus, model=model, language=language, most_articles=None)
    except Exception:
        return 1
    return 0


def _end_with_owner() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    os._exit(make_tables(*sys.argv[1:]))
