"""The outlines of every action that AWS lists, kept in the user's cache: to gather them from the hundreds of files of
the Service Authorization Reference takes longer than most questions that need them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from sys import platform

from iam.sources.atomic_file import replacing

PackedSet = str
"""Positions: the lowest, and behind a plus the bits from there on in hexadecimal."""
_FORM = 3
"""Of the file: what is kept in another is replaced."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """The names of all actions, sorted by their lower-case form, for each service a text with blanks between; and by
    their positions in that order those of each access level, the first and the end of each service's, those that work
    on no resource, and those that work on resources in whose ARN a service stands. Few texts, as thousands take longer
    to read.
    """

    names: list[str]
    levels: dict[str, PackedSet]
    services: dict[str, list[int]]
    without_resource: PackedSet
    by_arn_service: dict[str, PackedSet]


def packed(actions: int) -> PackedSet:
    first = (actions & -actions).bit_length() - 1 if actions else 0
    return f"{first}+{actions >> first:x}"


def unpacked(its: PackedSet) -> int:
    first, _, bits = its.partition("+")
    return int(bits, 16) << int(first)


def kept_outlines(version: str, make: Callable[[], Outlines]) -> Outlines:
    """Those of a version of the reference: kept ones, or as ``make`` gives them, kept from then on where the cache
    (``rolescope/action-sets.json`` in XDG_CACHE_HOME) can be written. What is kept of another version is replaced.
    """
    path = _folder() / "action-sets.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(path.read_bytes())
        if (kept["form"], kept["version"]) == (_FORM, version):
            return Outlines(**kept["outlines"])

    made = make()
    with suppress(OSError):
        _keep(path, json.dumps({"form": _FORM, "version": version, "outlines": asdict(made)}))
    return made


def _folder() -> Path:
    if platform == "linux":  # as platformdirs has it, whose import takes longer than all that is done here
        return Path(os.environ.get("XDG_CACHE_HOME", "").strip() or Path.home() / ".cache", "rolescope")
    from platformdirs import user_cache_path

    return user_cache_path("rolescope")


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replacing(path) as file:
        file.write(text)
