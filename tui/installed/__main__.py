"""Run ``python -m rolescope``, which works once rolescope is installed."""

import sys

from . import main

sys.exit(main())
