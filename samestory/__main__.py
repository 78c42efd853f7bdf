"""`python -m samestory` is `samestory`: it, too, imports nothing from the working folder, once Python let it start."""

import sys

if not sys.flags.safe_path and sys.path[0] != __file__[:-len("/samestory/__main__.py")]:
    del sys.path[0]  # the working folder, which may be one of articles

from samestory.commands.cli import main

sys.exit(main())
