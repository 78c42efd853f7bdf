"""Keeps one slow import out of every process that uses Jupyter; imported for this side effect only.

Jupyter validates notebooks with jsonschema, which imports `rfc3987_syntax` if it is installed. That package
builds its parsers on import, which takes 2 to 3 seconds of CPU in each process, for a URI format that no
notebook schema mentions; jsonschema works without it. So it is made to look missing. This must happen before
any Jupyter import: first in the runner, and in pytest as the plugin `-p samestory.base.jupyter_imports`,
because nbval is loaded before any conftest.py.
"""

import sys

if "rfc3987_syntax" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # how Python marks a module as missing
