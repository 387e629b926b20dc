"""The table of keys in the manual's guide: ``python -m tests.support.papers.manual.keys`` writes it anew."""

from __future__ import annotations

import re
from pathlib import Path

from screens.key_table import EVERYWHERE, MEANINGS, KeyMeaning

GUIDE = Path(__file__).parents[4] / "docs" / "manual" / "guide.md"
HEAD = "| key | does | key | does |\n| --- | --- | --- | --- |\n"


def table() -> str:
    """Two keys a line: first those of every screen, then those of single screens."""
    return "\n".join(("Everywhere:", "", _lines(EVERYWHERE), "On the screens that have it:", "", _lines(MEANINGS)))


def _lines(keys: tuple[KeyMeaning, ...]) -> str:
    half = (len(keys) + 1) // 2
    right = [_cells(each) for each in keys[half:]]
    rows = zip(map(_cells, keys[:half]), [*right, *[" | "] * (half - len(right))], strict=True)
    return HEAD + "".join(f"| {left} | {other} |\n" for left, other in rows)


def _cells(each: KeyMeaning) -> str:
    return f"`{each.key}` | {each.means}"


def with_table(text: str) -> str:
    """The guide's text with the table in place of the one that it has."""
    begin, end = "Everywhere:\n", "\n**A denial.**"
    return re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: table() + end, text, count=1, flags=re.DOTALL)


if __name__ == "__main__":
    GUIDE.write_text(with_table(GUIDE.read_text("utf-8")), encoding="utf-8")
