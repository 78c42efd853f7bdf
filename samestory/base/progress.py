"""Progress of long tasks, shown only if a person is watching: in a terminal, or in a notebook open in JupyterLab.

A notebook run by papermill, nbval or a report shows none, so that its outputs depend only on its input. The request
to run a cell distinguishes the two: it says whether the front end can ask a person for input.
"""

import sys
from typing import Any


class NotebookLine:
    """A file for tqdm that shows the last line written to it, in a fixed place below the cell."""

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
    """Options for tqdm: where to show progress, or nowhere if nobody is watching."""
    if sys.stderr is not None and sys.stderr.isatty():
        return {"leave": False}
    if is_watched_notebook():
        return {"file": NotebookLine(), "mininterval": 0.5}
    return {"disable": True}


def write_notice(message: str) -> None:
    """Write a line to standard error, unless it would become an output of a notebook that nobody is watching."""
    if sys.stderr is not None and (_find_kernel() is None or is_watched_notebook()):
        sys.stderr.write(f"{message}\n")


def is_watched_notebook() -> bool:
    """Whether this is a Jupyter kernel, and a person ran the cell in a front end."""
    kernel = _find_kernel()
    return bool(kernel and kernel.get_parent().get("content", {}).get("allow_stdin"))


def _find_kernel() -> Any:
    """The Jupyter kernel that this process is, or None."""
    find_shell = getattr(sys.modules.get("IPython"), "get_ipython", None)  # a kernel has imported it, to the end
    return getattr(find_shell(), "kernel", None) if find_shell else None
