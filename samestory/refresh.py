"""`make refresh`: run the committed notebooks anew on the seeds and store their outputs.

On a clean checkout it changes nothing; a test says so. After a change of code or notebooks it is
how the outputs that nbval compares are brought up to date.
"""

import sys

import nbformat

from samestory.reports import list_notebooks
from samestory.runner import run_notebooks


def refresh() -> int:
    """Rewrite the notebooks whose outputs changed; the exit status is 1 if one failed."""
    failed = False
    for path, run in zip(list_notebooks(), run_notebooks(list_notebooks(), {}), strict=True):
        fresh = nbformat.writes(run.notebook) + "\n"
        if run.error:
            failed = True
            print(f"{run.name}: FAILED, left as it was: {run.error}", file=sys.stderr)
        elif fresh != path.read_text(encoding="utf-8"):
            path.write_text(fresh, encoding="utf-8")
            print(f"{run.name}: changed")
        else:
            print(f"{run.name}: as before")
    return int(failed)


if __name__ == "__main__":
    sys.exit(refresh())
