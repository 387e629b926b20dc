"""A text to save in several formats, and foreign text in Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from screens.text import visible


@dataclass(frozen=True, slots=True)
class Export:
    """``name`` is a file name without ending; ``texts`` maps endings (``md``, ``json``, ``sh``) to contents."""

    title: str
    name: str
    texts: dict[str, str]


def file_name(text: str) -> str:
    """Foreign text as a harmless file name."""
    return re.sub(r"[^A-Za-z0-9._+=@-]+", "-", text).strip(".-")[:100] or "role"


def fenced(text: str) -> str:
    """A code block whose fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}json\n{text}\n{fence}\n"


def inline_code(text: str) -> str:
    """Foreign text in Markdown, so that none of it is Markdown."""
    text = visible(text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"
