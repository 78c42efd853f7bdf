"""File locks by filelock, without the two audit hooks that it would give to Python.

Python calls an audit hook at every import, opened file and id(): a twentieth of the time of a short run. The hooks
refuse to fork a process in the moment in which one of its threads takes or releases a lock. Nothing here forks then:
the process that forks kernels has one thread and no lock.
"""

import sys
from typing import Any


def _ignore_hook(hook: Any) -> None:
    """Add no audit hook."""


_add_hook, sys.addaudithook = sys.addaudithook, _ignore_hook
try:
    from filelock import BaseFileLock, FileLock, Timeout
finally:
    sys.addaudithook = _add_hook

__all__ = ["BaseFileLock", "FileLock", "Timeout"]
