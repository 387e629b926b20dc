"""Escape untrusted text so that it can be shown in plain text, in a sentence or in Markdown.

Names, tags, documents and messages are written by other people. Control characters and characters that change the
writing direction are shown as escapes, so that they cannot affect a terminal. (`screens.text` displays them on the
screen.)
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any


def visible(text: str) -> str:
    """Return ``text`` on one line, with control characters and writing-direction characters shown as escapes."""
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
    """Return ``text`` as a CSV cell that a spreadsheet does not treat as a formula.

    Spreadsheets treat text that begins with certain characters as a formula (OWASP, "CSV Injection").
    """
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def markdown_text(text: str) -> str:
    """Return ``text`` on one line of Markdown, with every markup character escaped."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", visible(text))


def markdown_code(text: str, *, in_table: bool = False) -> str:
    """Return ``text`` as inline code in Markdown.

    With ``in_table``, vertical bars are escaped: they would end the cell.
    """
    inside = visible(text).replace("|", "\\|") if in_table else visible(text)
    fence = "`" * (_longest_fence(inside) + 1)
    return f"{fence} {inside} {fence}" if "`" in inside else f"`{inside}`"


def markdown_block(text: str, language: str = "") -> list[str]:
    """Return the lines of a code block whose fence is longer than any fence in the text."""
    fence = "`" * max(3, _longest_fence(text) + 1)
    return [f"{fence}{language}", *(visible(line) for line in text.splitlines()), fence]


def json_text(value: Any, *, indent: int | None = 2) -> str:
    """Return ``value`` as JSON that is safe to print on a terminal: the characters that `visible` escapes are escaped.

    Other non-ASCII characters are not escaped.
    """
    return harmless_json(json.dumps(value, indent=indent, ensure_ascii=False))


def json_pieces(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the text that `json_text` returns for an object, in pieces.

    A value that is an iterator becomes an array; only one item at a time is in memory.
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
    """Return ``value`` as JSON on one line, with a line break at the end."""
    return f"{json_text(value, indent=None)}\n"


def harmless_json(text: str) -> str:
    """Return JSON text with the invisible characters in its strings replaced by JSON escapes."""
    return text if text.isascii() and "\x7f" not in text else _OUTSIDE_ASCII.sub(_escaped, text)


_OUTSIDE_ASCII = re.compile(r"[^\x00-\x7e]")


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1] if _unseen(match[0]) else match[0]


def _longest_fence(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
