"""Parse JSON with little memory, by converting the items of its long lists one by one.

The JSON of 10,000 roles, decoded at once, takes 60 MB. That memory is not returned to the system afterwards, because
the converted objects lie between the decoded ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from json import JSONDecodeError, JSONDecoder
from typing import Any

_space = re.compile(r"[ \t\n\r]*").match
_value = JSONDecoder().raw_decode


def decode(text: str, take: Mapping[str, Callable[[int, Any], Any]]) -> Any:
    """Return the value of a JSON text, with the items in certain lists converted.

    ``take`` contains, by the key of a list, the function to convert its items: it is called with the item's index and
    value. Raises JSONDecodeError like the standard library (whose messages differ between Python versions), and
    anything that the functions raise.
    """
    try:
        return _decode(text, take)
    except JSONDecodeError:
        json.loads(text)
        raise


def _decode(text: str, take: Mapping[str, Callable[[int, Any], Any]]) -> Any:
    reader = _Reader(text)
    if reader.next() != "{":
        value = reader.value()
    else:
        value = {}
        for _ in reader.parts("}"):
            if reader.next() != '"':
                raise JSONDecodeError("Expecting property name enclosed in double quotes", text, reader.at)
            key = reader.value()
            if reader.next() != ":":
                raise JSONDecodeError("Expecting ':' delimiter", text, reader.at)
            reader.at += 1
            if reader.next() == "[" and key in take:
                value[key] = [take[key](number, reader.value()) for number, _ in enumerate(reader.parts("]"))]
            else:
                value[key] = reader.value()
    if reader.next():
        raise JSONDecodeError("Extra data", text, reader.at)
    return value


class _Reader:
    """A text with the current position in it."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def next(self) -> str:
        """Skip white space. Return the next character, or "" at the end."""
        found = _space(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        """Parse the value that begins at the current position."""
        value, self.at = _value(self.text, self.at)
        return value

    def parts(self, closing: str) -> Iterator[None]:
        """Move to the start of each part of an object or list in turn, and past its end after the last part.

        The caller must parse each part before it requests the next one.
        """
        self.at += 1
        if self.next() != closing:
            yield
            while self.next() == ",":
                self.at += 1
                self.next()
                yield
            if self.next() != closing:
                raise JSONDecodeError("Expecting ',' delimiter", self.text, self.at)
        self.at += 1
