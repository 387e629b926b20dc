"""Cache events that were looked up, on disk: one file for each account and lookup, mode 0600.

A repeated lookup starts at the time of the last one, minus CloudTrail's maximum delay. Only change events are cached.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from iam.history.records import Record, time_of
from iam.sources.atomic_file import replacing

MOST_BYTES = 64 << 20
"""The maximum total size in bytes of an account's files. If they are larger, the oldest are deleted."""

LATE = timedelta(minutes=15)
"""The longest time that CloudTrail takes to deliver an event.

The average is at most 5 minutes (CloudTrail User Guide, FAQ).
"""

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Lookup:
    """A LookupEvents request: an attribute, its value and a Region ("" for the home Region)."""

    attribute: str
    value: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class KeptEvents:
    """The cached records of a lookup. They are complete from ``since`` to ``until``."""

    since: datetime
    until: datetime
    records: tuple[Record, ...]


class EventCache:
    """The cached events of one account. Files that cannot be read, and write errors, are ignored."""

    def __init__(self, account: str, directory: Path | None = None) -> None:
        name = re.sub(r"[^0-9A-Za-z-]", "_", account)
        self._directory = (directory or _cache_directory()) / name

    def read(self, lookup: Lookup) -> KeptEvents | None:
        """Return the cached events of a lookup, or None if there are none."""
        found = _kept(self._path(lookup))
        return found[1] if found is not None and found[0] == _listed(lookup) else None

    def every(self) -> Iterator[KeptEvents]:
        """Yield the events of all cached lookups."""
        for path in sorted(self._directory.glob("*.jsonl")):
            if (found := _kept(path)) is not None:
                yield found[1]

    def write(self, lookup: Lookup, kept: KeptEvents) -> None:
        """Store the events of a lookup in the cache."""
        head = {
            "version": _VERSION,
            "lookup": _listed(lookup),
            "since": kept.since.isoformat(),
            "until": kept.until.isoformat(),
        }
        with contextlib.suppress(OSError):
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with replacing(self._path(lookup)) as file:
                for value in (head, *kept.records):
                    file.write(f"{json.dumps(value)}\n")
            self._shrink()

    def _shrink(self) -> None:
        files = sorted(self._directory.glob("*.jsonl"), key=lambda path: path.stat().st_mtime, reverse=True)
        total = 0
        for path in files:
            total += path.stat().st_size
            if total > MOST_BYTES:
                path.unlink(missing_ok=True)

    def _path(self, lookup: Lookup) -> Path:
        digest = hashlib.sha256("\n".join(_listed(lookup)).encode()).hexdigest()
        return self._directory / f"{digest[:32]}.jsonl"


def _kept(path: Path) -> tuple[object, KeptEvents] | None:
    """Return the lookup and the events in a file, or None if they cannot be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
        head = json.loads(lines[0])
        records = tuple(json.loads(line) for line in lines[1:])
    except (OSError, ValueError, IndexError, RecursionError):
        return None
    if not isinstance(head, dict) or head.get("version") != _VERSION or not all(map(_is_record, records)):
        return None
    since, until = time_of(head.get("since")), time_of(head.get("until"))
    if since is None or until is None:
        return None
    return head.get("lookup"), KeptEvents(since, until, records)


def _listed(lookup: Lookup) -> list[str]:
    return [lookup.attribute, lookup.value, lookup.region]


def _is_record(value: Any) -> bool:
    return isinstance(value, dict)


def merged(old: Iterable[Record], new: Iterable[Record]) -> tuple[Record, ...]:
    """Return the records from both, without duplicate events."""
    found: dict[str, Record] = {}
    for number, record in enumerate((*old, *new)):
        found[str(record.get("eventID") or number)] = record
    return tuple(found.values())


def _cache_directory() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("rolescope") / "events"
