"""Optional parts of the program, and the commands that install them. Imports very little."""

from __future__ import annotations

import shlex
import sys
from importlib.util import find_spec
from pathlib import Path


def adding(extra: str) -> str:
    """Return the command that installs an extra in this environment.

    Environments made by pipx and uv have no pip.
    """
    wanted = shlex.quote(f"rolescope[{extra}]")
    if (Path(sys.prefix) / "pipx_metadata.json").exists():
        return f"pipx runpip rolescope install {wanted}"
    python = shlex.quote(sys.executable)
    if find_spec("pip") is None:
        return f"uv pip install --python {python} {wanted}"
    return f"{python} -m pip install {wanted}"
