"""What the wheel installs as the package ``rolescope``. It makes the other packages importable for this process only.

The packages ``tui``, ``screens``, ``diagnostics`` and ``iam`` have names that other distributions may use too. The
wheel contains them inside this package's folder, where other imports do not find them; `main` puts that folder first on
``sys.path``. An editable installation has only this package, and finds the others in the checkout.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command ``rolescope`` (`tui.cli.main`) and return its exit status."""
    sys.path.insert(0, __path__[0])
    from tui import cli

    return cli.main()
