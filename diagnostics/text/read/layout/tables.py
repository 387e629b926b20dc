"""Read the cells of a line of a table: between ``|`` or box characters, tabs, or two spaces and more."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex

_BAR = regex(r"[|│┃]")
_GAP = regex(r"\t+|[ \t]{2,}")
_RULE = regex(r"[\s|│┃+:=─━┼├┤┌┐└┘┬┴-]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text with the positions where it begins and ends."""

    start: int
    end: int
    text: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of the line; those at the edge of a table with bars are left out if they are empty."""
        return cells_of(self.text)

    @property
    def indent(self) -> int:
        """The indentation of the line's first word."""
        return len(self.text) - len(self.text.lstrip())

    @property
    def is_rule(self) -> bool:
        """Whether the line only separates rows: ``|---|---|``."""
        return len(self.text.strip()) > 2 and _RULE.fullmatch(self.text) is not None


def cells_of(text: str) -> tuple[str, ...]:
    """Return the cells of a line of a table; a line of prose is one cell."""
    if _BAR.search(text):
        return tuple(each.strip() for each in _BAR.split(re.sub(r"^\s*[|│┃]|[|│┃]\s*$", "", text)))
    return tuple(each for each in _GAP.split(text.strip()) if each)


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text."""
    found: list[Line] = []
    at = 0
    for each in text.split("\n"):
        found.append(Line(at, at + len(each), each))
        at += len(each) + 1
    return found
