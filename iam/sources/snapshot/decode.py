"""JSON of which little is held at a time: the items of its long lists are taken over one by one.

The JSON of 10,000 roles, decoded as a whole, takes 60 MB. They are not given back when it is done with, as what is
made of it lies in between.
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
    """The value of a JSON text. In a list under a key of ``take``, each item is replaced by the result of calling that
    key's function with the item's index and value. Raises JSONDecodeError like the standard library (whose messages
    differ between Python versions), and anything that the functions raise.
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
    """A text, and how far it was read."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def next(self) -> str:
        """Go to the next character that is no space: which it is, "" at the end."""
        found = _space(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        """Read the value that begins here."""
        value, self.at = _value(self.text, self.at)
        return value

    def parts(self, closing: str) -> Iterator[None]:
        """Go to the start of each part of the object or list that begins here, and behind its end at last. Each part is
        read before the next is asked for.
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
