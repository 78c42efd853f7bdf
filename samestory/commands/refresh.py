"""`make refresh`: update the committed files that are generated from the code.

The notebooks are run again on the seeds and their outputs stored, for nbval to compare; the data
dictionary is written from schema.py. A test checks that nothing changes on a clean checkout.
"""

import sys
from pathlib import Path

import nbformat

from samestory.base.resources import resource
from samestory.base.schema import write_dictionary
from samestory.report.report import list_extra_notebooks, list_notebooks
from samestory.run.fork_server import warm_process
from samestory.run.notebooks import run_notebooks
from samestory.tables.tables import load_tables

DICTIONARY_HEADING = "## The tables\n"  # the heading in data/README.md above the dictionary


def refresh() -> int:
    """Rewrite the notebooks whose outputs changed; the exit status is 1 if one failed."""
    failed = False
    with warm_process() as warm:
        load_tables()  # once, so that no notebook waits for another and says so
        runs = run_notebooks(list_committed(), {}, warm=warm)
    for path, run in zip(list_committed(), runs, strict=True):
        fresh = nbformat.writes(run.notebook) + "\n"
        if run.error:
            failed = True
            print(f"{run.name}: FAILED, left unchanged: {run.error}", file=sys.stderr)
        elif fresh != path.read_text(encoding="utf-8"):
            path.write_text(fresh, encoding="utf-8")
            print(f"{run.name}: changed")
        else:
            print(f"{run.name}: as before")
    refresh_dictionary()
    return int(failed)


def list_committed() -> list[Path]:
    """The notebooks whose outputs are stored: those of reports, and explore.ipynb."""
    return [*list_notebooks(), *list_extra_notebooks(), resource("notebooks/explore.ipynb")]


def refresh_dictionary() -> None:
    """Write the data dictionary into data/README.md, after its heading."""
    path = resource("data/README.md")
    before, heading, _ = path.read_text(encoding="utf-8").partition(DICTIONARY_HEADING)
    path.write_text(before + heading + write_dictionary(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(refresh())
