"""``python -m rolescope``, where it is installed."""

import sys

from . import main

sys.exit(main())
