"""The waiters of the AWS SDKs, and the actions that they repeat until a resource has a state."""

from __future__ import annotations

from functools import lru_cache

from iam.api_operations import action_for
from iam.service_reference import services

_PREFIXES = {
    "stepfunctions": "states",
    "elbv2": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "emr": "elasticmapreduce",
}
"""IAM's prefixes of services that botocore names otherwise."""


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
        prefix = _PREFIXES.get(service, service)
        if waits is not None and prefix in services() and (action := action_for(waits["operation"], prefix)):
            found.setdefault(action)
    return tuple(found)
