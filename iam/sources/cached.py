"""A reader that reads everything only once, for one diagnosis or for several in a row about the same account.

Its results are as old as the first read, so it is meant for a run of seconds or minutes, and never for verifying a
change.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from iam.sources.reader.reading import Reading

if TYPE_CHECKING:
    from iam.event import Event
    from iam.sources.reader.account_reader import AccountReader

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

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        """Return the events. CloudTrail takes either a resource or an event name, and is slow.

        All events of a resource are therefore read once, and then filtered by name.
        """
        ask = self._once("events", self._reader.events)
        if resource_name is None or event_name is None:
            answer: Reading[tuple[Event, ...]] = ask(resource_name=resource_name, event_name=event_name)
            return answer
        found = self.events(resource_name=resource_name)
        if found.value is None:
            return found
        return replace(found, value=tuple(event for event in found.value if event.name == event_name))

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
    """Return a reader that reads the same account and caches every result, even "not readable"."""
    if isinstance(reader, _CachedReader):
        return reader
    # Every method is forwarded by name, which the type checker cannot see.
    return cast("AccountReader", _CachedReader(reader))
