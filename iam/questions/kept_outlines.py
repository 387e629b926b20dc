"""Cache a compact description of all actions that AWS lists, in the user's cache directory.

Collecting it from the hundreds of files of the Service Authorization Reference takes longer than most questions that
need it.
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
"""A set of positions as text: the lowest position, a plus sign, and the bits from there on in hexadecimal."""
_FORM = 3
"""The version of the file's format. A file in another format is replaced."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """The actions that AWS lists, in a compact form.

    ``names`` contains one string for each service: its action names, separated by spaces and sorted by their lower-case
    form. The other fields contain positions in that order: the actions of each access level, the start and end of each
    service, the actions without resource types, and the actions on resources by the service in the ARN. A few long
    strings load faster than thousands of short ones.
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
    """Return the outlines for a version of the reference: from the cache, or created by calling ``make``.

    The result is cached (``rolescope/action-sets.json`` in XDG_CACHE_HOME) if the file can be written. Cached outlines
    of another version are replaced.
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
    # the same folder as platformdirs returns, whose import takes longer than everything done here
    if platform == "linux":
        return Path(os.environ.get("XDG_CACHE_HOME", "").strip() or Path.home() / ".cache", "rolescope")
    from platformdirs import user_cache_path

    return user_cache_path("rolescope")


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replacing(path) as file:
        file.write(text)
