"""``python -m rolescope``, once it is installed."""

import sys

from . import main

sys.exit(main())
