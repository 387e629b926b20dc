"""Annotations for a GitHub workflow: lines on standard output that GitHub shows next to a file.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from iam.foreign_text import visible


def annotation(level: str, message: str, file: str = "", line: int | None = None, title: str = "") -> str:
    """Return one workflow command. ``level`` is ``error``, ``warning`` or ``notice``."""
    given = {"file": file, "line": str(line) if line is not None and file else "", "title": title}
    options = ",".join(f"{key}={_option(value)}" for key, value in given.items() if value)
    return f"::{level} {options}::{_data(message)}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _option(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
