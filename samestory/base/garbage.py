"""Garbage in cycles, which Python looks for so often that it is a tenth of the time of a short run."""

import gc

GARBAGE_THRESHOLD_OBJECTS = 100_000  # objects created between two collections; Python's own number is 700


def collect_garbage_rarely() -> None:
    """Let this process, and those forked from it, look for garbage less often: imports and tables leave very little."""
    gc.set_threshold(GARBAGE_THRESHOLD_OBJECTS)
