"""Escape text that others wrote, for a line of plain text, a sentence or Markdown.

Names, tags, documents and messages come from others. Control characters and marks that change the direction of writing
are shown as escapes, so that they cannot affect a terminal. (`screens.text` displays them on the screen.)
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any


def visible(text: str) -> str:
    """Return ``text`` on one line, with control and direction characters as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if character in "\n\t" else f"\\u{ord(character):04x}" if _unseen(character) else character
        for character in text
    )


def shortened(text: str, longest: int = 60) -> str:
    """Return ``text`` for use in a sentence: escaped like `visible`, and truncated to ``longest`` characters."""
    return visible(text if len(text) <= longest else f"{text[:longest]}…")


def csv_cell(text: str) -> str:
    """Return ``text`` as a cell of a CSV file.

    A spreadsheet treats text that begins with one of the characters below as a formula (OWASP, "CSV Injection").
    """
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def markdown_text(text: str) -> str:
    """Return ``text`` on one line of Markdown, with every markup character escaped."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", visible(text))


def markdown_code(text: str, *, in_table: bool = False) -> str:
    """Return ``text`` as inline code in Markdown. In a table a vertical bar would end the cell, even in code."""
    inside = visible(text).replace("|", "\\|") if in_table else visible(text)
    fence = "`" * (_longest_fence(inside) + 1)
    return f"{fence} {inside} {fence}" if "`" in inside else f"`{inside}`"


def markdown_block(text: str, language: str = "") -> list[str]:
    """Return the lines of a code block whose fence is longer than any fence in the text."""
    fence = "`" * max(3, _longest_fence(text) + 1)
    return [f"{fence}{language}", *(visible(line) for line in text.splitlines()), fence]


def json_text(value: Any, *, indent: int | None = 2) -> str:
    """Return ``value`` as JSON that cannot affect a terminal: the characters that `visible` escapes are escaped.

    Other letters outside ASCII are not escaped.
    """
    return harmless_json(json.dumps(value, indent=indent, ensure_ascii=False))


def json_pieces(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the text of `json_text` for an object, in pieces.

    An iterator among its values becomes an array; only one entry of it is in memory at a time.
    """
    before = "{"
    for key, value in document.items():
        yield f"{before}\n  {json_text(key)}: "
        before = ","
        if isinstance(value, Iterator):
            opening = "["
            for each in value:
                yield f"{opening}\n    {_indented(each, 4)}"
                opening = ","
            yield "[]" if opening == "[" else "\n  ]"
        else:
            yield _indented(value, 2)
    yield "\n}" if document else "{}"


def _indented(value: Any, columns: int) -> str:
    return json_text(value).replace("\n", f"\n{' ' * columns}")


def json_line(value: Any) -> str:
    """Return ``value`` as one line of JSON lines."""
    return f"{json_text(value, indent=None)}\n"


def harmless_json(text: str) -> str:
    """Return the same JSON, with the invisible characters in its strings as JSON escapes."""
    return text if text.isascii() and "\x7f" not in text else _OUTSIDE_ASCII.sub(_escaped, text)


_OUTSIDE_ASCII = re.compile(r"[^\x00-\x7e]")


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1] if _unseen(match[0]) else match[0]


def _longest_fence(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
