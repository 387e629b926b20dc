"""The versions of the JSON documents that commands print. Every document begins with ``"schema": "NAME/VERSION"``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

VERSIONS: Mapping[str, int] = {
    "diagnose": 2,
    "recent": 1,
    "who-can": 1,
    "review": 1,
    "use": 1,
    "sessions": 1,
    "right-size": 1,
    "lint": 1,
    "check": 1,
    "diff": 1,
    "diff-accounts": 1,
    "what-if": 1,
    "role": 1,
    "create": 1,
    "change": 1,
    "snapshot": 1,
    "snapshot-accounts": 1,
    "info": 1,
    "test": 1,
    "plan-review": 1,
    "history": 1,
    "history-blame": 1,
}
"""A document's version is increased when a field changes its meaning, but not when a field is added.

The changelog lists each increase under "Changes that may fail your pipeline".
"""


def versioned(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with its name and version as the first field."""
    return {"schema": f"{name}/{VERSIONS[name]}", **document}
