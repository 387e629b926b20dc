"""Read texts of any length, including endless ones, in parts (windows): memory use is limited to one window."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from diagnostics.diagnose import read_text
from diagnostics.failure import Failure, OtherFailure, Trouble
from diagnostics.text.read.clean.windows import LONGEST_WINDOW, windows
from diagnostics.text.read.failure_identity import identity
from diagnostics.text.read.failures_in_events import failures_of_json
from diagnostics.text.read.layout.record_rules import signals_in
from diagnostics.text.tokens.secrets import without_secrets
from iam.lazy_pattern import regex

# A CloudTrail log file, or the output of `aws cloudtrail lookup-events`: one list, on one line or on a million.
_LIST = regex(
    r"\ufeff?\s{0,99}(?:\{(?:\s{0,99}\"\w{1,60}\"\s{0,9}:\s{0,9}(?:\"[^\"]{0,200}\"|[\w.-]{1,30})\s{0,9},)*"
    r"\s{0,99}\"\w{1,60}\"\s{0,9}:\s{0,9})?\[\s{0,99}(?=\{)"
)
_BETWEEN = regex(r"[\s,]*")
_LONGEST_ELEMENT = 4_000_000


def read_stream(pieces: Iterable[str]) -> Iterator[Failure]:
    """Yield the failures in a text that arrives in pieces, as they are found.

    A failure found in several windows is yielded each time. An empty piece means that no more text is available for
    now: the text that has arrived is then processed.
    """
    coming = iter(pieces)
    head, piece = "", ""
    for piece in coming:
        head += piece
        if not piece or len(head) >= LONGEST_WINDOW:
            break
    if start := _LIST.match(head):
        yield from _list_read(head[start.end() :], coming)
    else:
        yield from _windows_read(chain([head], [] if piece else [""], coming))


def _windows_read(pieces: Iterable[str]) -> Iterator[Failure]:
    for window in windows(pieces):
        for failure in read_text(window) if signals_in(window) else ():
            if not (isinstance(failure, OtherFailure) and failure.trouble is Trouble.UNRECOGNIZED):
                yield failure


def _list_read(held: str, coming: Iterator[str]) -> Iterator[Failure]:
    """Yield the failures in a list's elements, and in what follows the list."""
    decoder = json.JSONDecoder()
    at = 0
    for piece in chain([""], coming):
        held, at = held[at:] + piece, 0
        while held.startswith("{", at := _BETWEEN.match(held, at).end()):  # type: ignore[union-attr]  # it matches ""
            try:
                value, at = decoder.raw_decode(held, at)
            except (ValueError, RecursionError):
                break
            for failure in failures_of_json(value):
                yield replace(failure, text=without_secrets(failure.text))
        if held[at : at + 1] not in ("", "{") or len(held) - at > _LONGEST_ELEMENT:
            break
    yield from _windows_read(chain([held[at:]], coming))


MOST_DIFFERENT = 10_000
"""The maximum number of different failures that are kept; any others are only counted."""


@dataclass
class Tally:
    """The different failures in a stream, in the order of their first appearance, and how often each appeared.

    ``beyond`` is the number of failures that were not kept, because too many different ones were kept before.
    """

    beyond: int = 0
    _kept: dict[Failure, Failure] = field(default_factory=dict)

    def add(self, failure: Failure) -> bool:
        """Count the failure, and return whether it is a new one."""
        key = identity(failure)
        if known := self._kept.get(key):
            self._kept[key] = replace(known, code=known.code or failure.code, count=known.count + failure.count)
            return False
        if len(self._kept) >= MOST_DIFFERENT:
            self.beyond += failure.count
            return False
        self._kept[key] = failure
        return True

    @property
    def failures(self) -> tuple[Failure, ...]:
        return tuple(self._kept.values())

    @property
    def count(self) -> int:
        return sum(failure.count for failure in self._kept.values()) + self.beyond
