"""List the operations of AWS's APIs, which give CloudTrail's events their names. Uses boto3's own API models."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache, lru_cache
from pathlib import Path

from iam.services import iam_prefix


@lru_cache(maxsize=512)
def operations_of(prefix: str) -> frozenset[str]:
    """Return the operations of all APIs whose actions have this prefix; empty if boto3 has no such API.

    ``elasticloadbalancing`` returns those of both of its APIs. Reads files, which takes some milliseconds for each API,
    and four seconds for all of them.
    """
    found: set[str] = set()
    for path in _apis().get(prefix, ()):
        # Not through boto3's loader, which would keep all of it in memory.
        found.update(json.loads(gzip.decompress(path.read_bytes()))["operations"])
    return frozenset(found)


@cache
def _apis() -> dict[str, tuple[Path, ...]]:
    import botocore

    found: dict[str, tuple[Path, ...]] = {}
    for folder in sorted((Path(botocore.__file__).parent / "data").iterdir()):
        versions = sorted(folder.glob("*/service-2.json.gz"))
        prefix = (iam_prefix(folder.name) or _signing_name(versions[-1])) if versions else None
        if prefix is not None:
            found[prefix] = (*found.get(prefix, ()), versions[-1])
    return found


_SIGNING_NAME = re.compile(r'"(?:signingName|endpointPrefix)":"([\w-]+)"')


def _signing_name(path: Path) -> str | None:
    """Return the name with which an API signs its calls (``lex`` for ``lexv2-models``).

    It is mostly the prefix of the API's actions.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        names = dict.fromkeys(_SIGNING_NAME.findall(file.read(4096)))
    return next((prefix for name in reversed(names) if (prefix := iam_prefix(name)) is not None), None)
