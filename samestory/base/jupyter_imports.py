"""Keeps slow imports out of every process that uses Jupyter; imported for this side effect only.

Jupyter validates notebooks with jsonschema, which imports packages for formats of strings if they are installed. One of
them, `rfc3987_syntax`, builds its parsers on import, which takes 2 to 3 seconds of CPU in each process; two others take
50 ms. No notebook schema mentions their formats, and jsonschema works without them. So they are made to look missing.
This must happen before any Jupyter import: first in the runner, and in pytest as the plugin
`-p samestory.base.jupyter_imports`, because nbval is loaded before any conftest.py.
"""

import sys

for _name in ("rfc3987_syntax", "rfc3986_validator", "isoduration"):
    if _name not in sys.modules:
        sys.modules[_name] = None  # type: ignore[assignment]  # how Python marks a module as missing
