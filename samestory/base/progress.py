"""Progress of long work, shown only if a person watches: in a terminal, or in a notebook that is open in JupyterLab.

A notebook that papermill, nbval or a report runs shows none, so that its outputs depend on its input only. The two
are distinguished by the request to run a cell, which says whether the front end could ask a person for input.
"""

import sys
from typing import Any


class NotebookLine:
    """A file for tqdm that shows the last line written to it, in one place below the cell."""

    def __init__(self) -> None:
        from IPython.display import display
        self._handle = display({"text/plain": ""}, raw=True, display_id=True)

    def write(self, text: str) -> None:
        """Replace the line that is shown."""
        if line := text.strip():
            self._handle.update({"text/plain": line}, raw=True)

    def flush(self) -> None:
        """Do nothing: lines are shown at once."""


def choose_progress_options() -> dict[str, Any]:
    """Options for tqdm: where to show progress, or none if nobody watches."""
    if sys.stderr is not None and sys.stderr.isatty():
        return {"leave": False}
    if is_watched_notebook():
        return {"file": NotebookLine(), "mininterval": 0.5}
    return {"disable": True}


def is_watched_notebook() -> bool:
    """Whether this is a kernel, and the cell was run in a front end with a person in front of it."""
    ipython = sys.modules.get("IPython")  # a kernel has imported it
    shell = ipython.get_ipython() if ipython else None
    kernel = getattr(shell, "kernel", None)
    return bool(kernel and kernel.get_parent().get("content", {}).get("allow_stdin"))
