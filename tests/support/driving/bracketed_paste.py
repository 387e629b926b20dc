"""A text as a terminal pastes it, and the key that explains it."""

from __future__ import annotations

EXPLAIN = "\x12"  # ctrl+r


def paste(text: str) -> str:
    """The text as a terminal sends it in bracketed paste mode."""
    return f"\x1b[200~{text}\x1b[201~"
