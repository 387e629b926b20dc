"""A tool's answer as JSON of limited size: the summary first, then its entries page by page."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_CHARACTERS = 12_000
"""The maximum length in characters of one page."""
MOST_LISTED = 20
"""The maximum number of reasons for uncertainty that are listed in an answer. Their total number is included."""
MOST_KEPT = 16
"""The number of latest answers to keep, so that further pages can be requested."""
_LONGEST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A tool's answer.

    ``summary`` is one or a few sentences. ``certainty`` is ``certain``, ``likely`` or ``unknown``; ``hangs_on`` lists
    what the answer depends on: unknown condition keys, and data that could not be read. ``facts`` are short;
    ``entries`` are divided into pages.
    """

    summary: str
    certainty: str
    hangs_on: Sequence[Any] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    entries: Sequence[Mapping[str, Any]] = ()


class UnknownCursor(ValueError):
    """Raised if the answer that a cursor belongs to is no longer stored, or never existed."""


class Pages:
    """Divides answers into pages, and keeps the remaining pages of the latest answers.

    ``mask`` is applied to every value.
    """

    def __init__(self, mask: Callable[[Any], Any] = lambda value: value) -> None:
        self._mask = mask
        self._kept: OrderedDict[int, Sequence[Mapping[str, Any]]] = OrderedDict()
        self._number = 0

    def first(self, answer: Answer, read: Mapping[str, Any]) -> str:
        """Return the first page of an answer. ``read`` says which account was read, and when."""
        head = {
            "summary": answer.summary,
            "certainty": answer.certainty,
            "hangs_on": list(answer.hangs_on[:MOST_LISTED]),
            "hangs_on_count": len(answer.hangs_on),
            **answer.facts,
            "read": dict(read),
            "count": len(answer.entries),
        }
        head = {name: self._mask(value) for name, value in head.items()}
        entries = answer.entries
        if len(_text(head)) > MOST_CHARACTERS // 2:
            longest = [name for name in answer.facts if len(_text(answer.facts[name])) > _LONGEST_TEXT]
            entries = (*({"name": name, "value": head.pop(name)} for name in longest), *entries)
            head["count"] = len(entries)
        if len(_text(head)) > MOST_CHARACTERS // 2:
            head = {name: _shortened(value) for name, value in head.items()}
        self._number += 1
        self._kept[self._number] = entries
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return self._page(head, self._number, 0)

    def further(self, cursor: str) -> str:
        """Return the page to which a cursor refers. Raises `UnknownCursor`."""
        number, _, start = cursor.partition(":")
        known = number.isdecimal() and start.isdecimal() and int(number) in self._kept
        if not known or not 0 < int(start) < len(self._kept[int(number)]):
            raise UnknownCursor(f"There is no page {cursor[:40]!r}: call the tool again.")
        return self._page({}, int(number), int(start))

    def _page(self, head: Mapping[str, Any], number: int, start: int) -> str:
        entries = self._kept[number]
        room = MOST_CHARACTERS - len(_text(head)) - 100
        shown: list[Mapping[str, Any]] = []
        for entry in (self._mask(each) for each in entries[start:]):
            size = len(_text(entry)) + 1
            if size > room:
                if shown:
                    break
                entry = _shortened(entry)
                size = len(_text(entry)) + 1
                if size > room:
                    entry = {"too_long": True, "text": _text(entry)[: max(room - 200, 0) // 2]}
                    size = room
            shown.append(entry)
            room -= size
        end = start + len(shown)
        cursor = f"{number}:{end}" if end < len(entries) else None
        return _text({**head, "entries": shown, "next": cursor})


def _shortened(value: Any) -> Any:
    """Return a value with long texts shortened and marked, and with only the first entries of long lists."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]}… ({len(value)} characters)"
    if isinstance(value, Mapping):
        return {key: _shortened(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        rest = len(value) - MOST_LISTED
        return [*map(_shortened, value[:MOST_LISTED]), *([f"… {rest} more"] if rest > 0 else [])]
    return value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
