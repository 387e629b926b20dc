"""The outlines of every action that AWS lists, kept in the user's cache: to gather them from the hundreds of files of
the Service Authorization Reference takes longer than most questions that need them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from iam.frozen import frozen


@frozen
class Outlines:
    """Of all actions, sorted by their lower-case form, the name (a line each) and the access level; and by their
    positions in that order the first and the end of each service's, those that work on no resource, and those that
    work on resources in whose ARN a service stands."""

    names: str
    levels: list[str]
    services: dict[str, list[int]]
    without_resource: list[int]
    by_arn_service: dict[str, list[int]]


def kept_outlines(version: str, make: Callable[[], Outlines]) -> Outlines:
    """Those of a version of the reference: kept ones, or as ``make`` gives them, kept from then on where the cache
    (``rolescope/actions.json`` in XDG_CACHE_HOME) can be written. What is kept of another version is replaced."""
    from platformdirs import user_cache_path

    path = user_cache_path("rolescope") / "actions.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(path.read_bytes())
        if kept["version"] == version:
            return Outlines(**kept["actions"])
    from dataclasses import asdict

    made = make()
    with suppress(OSError):
        _keep(path, json.dumps({"version": version, "actions": asdict(made)}))
    return made


def _keep(path: Path, text: str) -> None:
    from iam.sources.atomic_file import replacing

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replacing(path) as file:
        file.write(text)
