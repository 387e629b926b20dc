"""The waiters of the AWS SDKs, and the actions that they repeat until a resource has a certain state."""

from __future__ import annotations

from functools import lru_cache

from iam.api_operations import action_for
from iam.services import iam_prefix


@lru_cache(maxsize=8)
def repeated_actions(waiter: str) -> tuple[str, ...]:
    """Return the actions that waiters of this name (``TableExists``) repeat, in botocore's order of services.

    The definitions are those of botocore, which the other SDKs use, too
    (https://docs.aws.amazon.com/boto3/latest/guide/clients.html#waiters).
    """
    from botocore.loaders import Loader  # only for texts with a waiter's failure

    loader = Loader()
    found: dict[str, None] = {}
    for service in loader.list_available_services("waiters-2"):
        waits = loader.load_service_model(service, "waiters-2").get("waiters", {}).get(waiter)
        prefix = iam_prefix(service) or ""
        if waits is not None and prefix and (action := action_for(waits["operation"], prefix)):
            found.setdefault(action)
    return tuple(found)
