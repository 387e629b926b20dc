"""The operations of AWS's APIs, of which CloudTrail's events have the names: out of boto3's own descriptions."""

from __future__ import annotations

from functools import cache, lru_cache

from iam.services import iam_prefix


@lru_cache(maxsize=512)
def operations_of(prefix: str) -> frozenset[str]:
    """The operations of the APIs whose actions have the prefix (``elasticloadbalancing``: of both of its APIs); none
    where boto3 has no such API. Reads files: some milliseconds an API."""
    from botocore.exceptions import DataNotFoundError
    from botocore.loaders import Loader

    loader, found = Loader(), set[str]()
    for name in _apis().get(prefix, ()):
        try:
            found.update(loader.load_service_model(name, "service-2")["operations"])
        except (DataNotFoundError, KeyError):
            continue
    return frozenset(found)


@cache
def _apis() -> dict[str, tuple[str, ...]]:
    from botocore.loaders import Loader

    found: dict[str, tuple[str, ...]] = {}
    for name in Loader().list_available_services("service-2"):
        prefix = iam_prefix(name)
        if prefix is not None:
            found[prefix] = (*found.get(prefix, ()), name)
    return found
