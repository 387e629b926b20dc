"""A reader that asks every question once: for many diagnoses of one account in a row.

What it answers is as old as the first time it was asked, so it is for a run of seconds or minutes, and never for
verifying a change.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

from iam.sources.reader import AccountReader

_FRESH = frozenset({"accounts", "recent_events", "ask_trail", "close", "clock"})


class _CachedReader:
    def __init__(self, reader: AccountReader) -> None:
        self._reader = reader
        self._known: dict[tuple[Any, ...], Any] = {}
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._reader, name)
        if name in _FRESH or name.startswith("_") or not callable(found):
            return found
        return self._once(name, found)

    def _once(self, name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*arguments: Any, **named: Any) -> Any:
            key = (name, arguments, tuple(sorted(named.items())))
            with self._lock:
                if key in self._known:
                    return self._known[key]
            value = ask(*arguments, **named)
            with self._lock:
                return self._known.setdefault(key, value)

        return answer


def cached(reader: AccountReader) -> AccountReader:
    """The same reader, with every answer kept, those that say "not readable" too."""
    # Every method is handed on by its name; the type checker cannot see that.
    return cast(AccountReader, _CachedReader(reader))
