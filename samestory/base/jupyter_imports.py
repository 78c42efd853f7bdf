"""Keeps one slow import out of every process that uses Jupyter; imported for that effect alone.

Jupyter checks notebooks with jsonschema, which imports `rfc3987_syntax` if it can. That package builds
its parsers as it is imported, 2 to 3 seconds of CPU in each process, for an address format that no
notebook schema mentions, and jsonschema does without it where it is missing. So it is made to look
missing. This has to come before any Jupyter import: first in the runner, and in pytest as the plugin
`-p samestory.base.jupyter_imports`, because nbval is loaded before any conftest.py.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)
