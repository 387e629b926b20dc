"""Make external text safe to display, and define the signs that are shown in addition to colors.

Role names, tags, documents and messages come from others. This module makes their control characters visible, so that
none of them reaches the terminal as a command. Nothing in this module parses markup.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

# C0 and C1 controls, characters that change the direction of text or have no width, line separators, surrogates.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_OUTSIDE_ASCII = re.compile("[^\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class Marks:
    """Signs that carry a meaning without color."""

    passed: str = "✓"
    failed: str = "✗"
    unknown: str = "?"
    none: str = "–"
    cursor: str = "▸"
    marked: str = "●"
    up: str = "▲"
    down: str = "▼"
    bar: str = "│"
    lit: str = "▌"
    rule: str = "─"
    ellipsis: str = "…"
    dot: str = "·"
    arrow: str = "→"
    critical: str = "◆"
    high: str = "▲"
    medium: str = "•"
    low: str = "○"
    ascii: bool = False


ASCII_MARKS = Marks(
    passed="+",
    failed="x",
    none="-",
    cursor=">",
    marked="*",
    up="^",
    down="v",
    bar="|",
    lit="|",
    rule="-",
    ellipsis="~",
    dot="-",
    arrow="->",
    critical="#",
    high="^",
    medium="o",
    low=".",
    ascii=True,
)


def speaks_utf8(environment: Mapping[str, str]) -> bool:
    """Return whether the environment's locale indicates a terminal that displays UTF-8.

    Python itself sets LC_CTYPE to C.UTF-8 if LANG is C (PEP 538); that says nothing about the terminal.
    """
    everything, characters, language = (environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    if not everything and language in ("C", "POSIX") and characters in ("C.UTF-8", "C.utf8", "UTF-8"):
        characters = ""
    chosen = everything or characters or language
    return not chosen or "utf8" in chosen.lower().replace("-", "")


@cache
def marks() -> Marks:
    """Return the signs for this process's terminal."""
    return Marks() if speaks_utf8(os.environ) else ASCII_MARKS


def _shown(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20 and not marks().ascii:
        return chr(0x2400 + code)  # the control pictures: one cell each
    if code < 0x20:
        return "^" + chr(code + 0x40)
    return f"<U+{code:04X}>"


def visible(text: str) -> str:
    """Return ``text`` on one line with every control, direction and zero-width character made visible."""
    if text.isascii() and text.isprintable():
        return text
    shown = _UNSEEN.sub(_shown, text)
    if marks().ascii:
        shown = _OUTSIDE_ASCII.sub(lambda match: f"<U+{ord(match.group()):04X}>", shown)
    return shown


def ago(when: datetime, now: datetime) -> str:
    """Return the time from ``when`` to ``now`` in one unit: ``5 min``, ``3 h``, ``2 y``.

    It is ``0 s`` if ``when`` is in the future because clocks differ.
    """
    from iam.ages import short_age  # the first frame needs nothing from iam

    return short_age(now - when)
