"""`python -m samestory` is `samestory`."""

import sys

from samestory.commands.cli import main

sys.exit(main())
