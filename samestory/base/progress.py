"""Progress of long work, shown only where a person watches: in a terminal, or in a notebook that is open in JupyterLab.

A notebook that papermill, nbval or a report runs shows none, so that its outputs depend on its input only. What tells
them apart is in the message that asks for a cell to be run: whether the front end could ask a person something.
"""

import sys
from typing import Any


class NotebookLine:
    """A file for tqdm that shows the last line written to it, in its place below the cell."""

    def __init__(self) -> None:
        from IPython.display import display
        self._handle = display({"text/plain": ""}, raw=True, display_id=True)

    def write(self, text: str) -> None:
        """Show a line in the place of the one before."""
        if line := text.strip():
            self._handle.update({"text/plain": line}, raw=True)

    def flush(self) -> None:
        """Nothing waits to be written."""


def choose_progress_options() -> dict[str, Any]:
    """Options for tqdm: where to show progress, or that nobody watches."""
    if sys.stderr is not None and sys.stderr.isatty():
        return {"leave": False}
    if is_watched_notebook():
        return {"file": NotebookLine(), "mininterval": 0.5}
    return {"disable": True}


def is_watched_notebook() -> bool:
    """Whether this is a kernel, and the cell was run by a front end that a person sits at."""
    ipython = sys.modules.get("IPython")  # a kernel has imported it
    shell = ipython.get_ipython() if ipython else None
    kernel = getattr(shell, "kernel", None)
    return bool(kernel and kernel.get_parent().get("content", {}).get("allow_stdin"))
