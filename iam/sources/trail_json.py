"""Read CloudTrail's records from a JSON file one by one, however large the file is.

A trail's own files have the form ``{"Records": […]}``. A bare list, one record per line, and the output of ``aws
cloudtrail lookup-events`` are supported too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

CHUNK = 1 << 20
LONGEST_RECORD = 32 << 20
"""The length in characters of the longest record.

The maximum size of a CloudTrail record is 256 KB; longer data is not a record.
"""

_LIST = re.compile(r"\ufeff?\s*(?:\{\s*\"(?:Records|Events)\"\s*:\s*)?\[")
_BETWEEN = re.compile(r"[\s,\ufeff]*")

Record = dict[str, Any]


class BrokenFile(ValueError):
    """Raised if a file cannot be read further.

    ``str()`` gives the reason in a few words; ``cut_off``: the file is truncated.
    """

    def __init__(self, why: str, *, cut_off: bool = False) -> None:
        super().__init__(why)
        self.cut_off = cut_off


def records(stream: TextIO) -> Iterator[Record]:
    """Yield the records in a file. If the file is broken, raises `BrokenFile` after the records before the error."""
    reader = _Values(stream)
    for value in reader.values():
        yield from _records_in(value)


def _records_in(value: Any) -> Iterator[Record]:
    if not isinstance(value, dict):
        return
    if "eventName" in value and "eventSource" in value:
        yield value
        return
    detail = value.get("CloudTrailEvent")
    if isinstance(detail, str):
        try:
            detail = json.loads(detail)
        except (ValueError, RecursionError):
            return
    if isinstance(detail, dict):
        yield from _records_in(detail)
    for name in ("Records", "Events"):
        listed = value.get(name)
        for each in listed if isinstance(listed, list) else ():
            yield from _records_in(each)


class _Values:
    """The values of a list, or of a sequence of values. Only the one being read is kept in memory."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._decoder = json.JSONDecoder()
        self._text, self._at, self._ended = "", 0, False

    def values(self) -> Iterator[Any]:
        self._more(CHUNK)
        opening = _LIST.match(self._text)
        if opening is not None:
            self._at = opening.end()
        while self._skip() is not None:
            if opening is not None and self._text[self._at] == "]":
                return
            yield self._value()
        if opening is not None:
            raise BrokenFile("it is cut off", cut_off=True)

    def _skip(self) -> str | None:
        """Skip blanks and commas. Return the next character, or None at the end."""
        while True:
            match = _BETWEEN.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(CHUNK):
                return None

    def _value(self) -> Any:
        size = CHUNK
        if self._text[self._at] not in "{[":
            raise BrokenFile("it is not JSON")
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                near_end = error.pos >= len(self._text) - 16 or error.msg.startswith("Unterminated string")
                if not near_end:
                    raise BrokenFile("it is not JSON") from None
                if len(self._text) - self._at > LONGEST_RECORD:
                    raise BrokenFile("a record in it has no end") from None
                if not self._more(size):
                    raise BrokenFile("it is cut off", cut_off=True) from None
                size *= 2
            except (ValueError, RecursionError):
                raise BrokenFile("it is not readable JSON") from None
            else:
                self._at = end
                return value

    def _more(self, size: int) -> bool:
        """Read more of the file and drop the text that was used. Returns False at the end of the file."""
        try:
            found = "" if self._ended else self._stream.read(size)
        except EOFError:
            raise BrokenFile("its compressed data ends too early", cut_off=True) from None
        except UnicodeDecodeError:
            raise BrokenFile("it is not text") from None
        self._ended = not found
        self._text, self._at = self._text[self._at :] + found, 0
        return bool(found)
