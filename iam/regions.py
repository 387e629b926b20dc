"""The regions of a partition."""

from __future__ import annotations

import json
from collections.abc import Mapping


def regions(partition: str) -> tuple[str, ...]:
    """Reads botocore's list, without botocore, which takes as much memory as a thousand roles."""
    from importlib.resources import files

    listed = json.loads(files("botocore").joinpath("data/partitions.json").read_bytes())
    known: Mapping[str, object] = next(
        (each["regions"] for each in listed["partitions"] if each["id"] == partition), {}
    )
    return tuple(sorted(name for name in known if not name.endswith("-global")))
