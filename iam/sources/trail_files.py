"""Read the files of a trail, JSON or gzip, from folders at any depth."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from iam.sources.trail_json import BrokenFile, Record, records

UNREADABLE = (BrokenFile, OSError, EOFError, zlib.error)
"""The exceptions that may be raised when a trail's file is read."""

_ENDINGS = (".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".gz")
_NO_RECORDS = ("CloudTrail-Digest", "CloudTrail-Insight")
_GZIP = b"\x1f\x8b"


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the trail's files among ``paths``. Folders are searched in alphabetical order."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(each for each in folders if each not in _NO_RECORDS)
            yield from (Path(folder, name) for name in sorted(names) if name.lower().endswith(_ENDINGS))


def records_of(path: Path) -> Iterator[Record]:
    """Yield the records in a file. Only one is in memory at a time. Raises one of `UNREADABLE`."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise BrokenFile("it is not a file")  # reading a pipe would block
    with path.open("rb") as raw:
        begins = raw.read(2)
        raw.seek(0)
        binary = gzip.GzipFile(fileobj=raw) if begins == _GZIP else raw
        yield from records(io.TextIOWrapper(binary, encoding="utf-8-sig"))


def why_unreadable(error: Exception) -> str:
    """Return a clause that says why a file could not be read, or not to its end."""
    if isinstance(error, BrokenFile):
        return str(error)
    if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)):
        return "its compressed data is cut off or broken"
    return (getattr(error, "strerror", None) or str(error)).lower().rstrip(".")
