"""A text to save in several formats."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Export:
    """A text in several formats. ``name`` is a file name without ending.

    ``texts`` maps endings (``md``, ``json``, ``sh``) to contents.
    """

    title: str
    name: str
    texts: dict[str, str]


def file_name(text: str) -> str:
    """Return external text as a safe file name."""
    return re.sub(r"[^A-Za-z0-9._+=@-]+", "-", text).strip(".-")[:100] or "role"
