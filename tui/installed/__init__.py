"""What the wheel installs as ``rolescope``: the one name beside which the rooms are found by this process alone.

The rooms (``tui``, ``screens``, ``diagnostics``, ``iam``) have names that other packages may have too. The wheel has
them inside this package's folder, out of the way of other imports; `main` puts that folder first on ``sys.path``.
An editable installation has only this package, and finds the rooms in the checkout.
"""

from __future__ import annotations

import sys


def main() -> int:
    """The command ``rolescope``: `tui.cli.main`, and its exit status."""
    sys.path.insert(0, __path__[0])
    from tui import cli

    return cli.main()
