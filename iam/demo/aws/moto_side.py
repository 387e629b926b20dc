"""Get moto's response to a request, with moto's own failures converted to AWS's errors."""

from __future__ import annotations

import functools
from collections import deque
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import EndpointConnectionError
from moto.core import responses
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.model_instances import model_data
from moto.core.utils import method_names_from_class

from iam.demo.account.facts import ACCOUNT
from iam.demo.aws import wire
from iam.demo.aws.wire import AwsError
from iam.demo.aws.world import World

# IAM User Guide, "Unique identifiers".
_ID_PREFIXES = {"CreateUser": "AIDA", "CreateGroup": "AGPA", "CreateInstanceProfile": "AIPA"}

# moto searches all methods of a service's class for each request.
responses.method_names_from_class = functools.cache(method_names_from_class)  # type: ignore[attr-defined]

# For its dashboard, which the demo does not have, moto lists every object that it creates, even deleted ones.
for _model in (*model_data["iam"].values(), *model_data["sts"].values()):
    _model.instances_tracked = deque(maxlen=0)  # type: ignore[attr-defined]

# moto's own stubber stays disabled, so that other sessions of the process are not affected.
_moto = BotocoreStubber()
_moto.enabled = True


def by_moto(world: World, operation: str, request: AWSPreparedRequest) -> AWSResponse:
    """Return moto's response.

    The world must be active. Raises `AwsError` if moto does not support the call, or fails.
    """
    request.headers["x-moto-account-id"] = world.account
    world.id_prefix = _ID_PREFIXES.get(operation, "AIDA")
    try:
        answer = _moto.process_request(request)
    except (NotImplementedError, ImportError) as error:
        raise _not_here(operation) from error
    except Exception as fault:
        # A failure of moto itself: to the application it is a failure of AWS, and is reported as such.
        text = f"The demo account could not answer {operation} ({type(fault).__name__}: {fault})."
        raise AwsError("InternalFailure", text, 400) from fault
    if answer is None:
        raise EndpointConnectionError(endpoint_url=request.url)
    status, headers, body = answer
    if status == 404 and body == "Not yet implemented":
        raise _not_here(operation)
    return wire.raw(request.url, status, headers, body)


def _not_here(operation: str) -> AwsError:
    """Return AWS's error for an operation that a service does not have."""
    return AwsError("InvalidAction", f"The demo account does not answer {operation}.", 400)


class Seeding:
    """Answers the requests of a session that builds the world: only with moto, without checking the caller."""

    def __init__(self, world: World, account: str = ACCOUNT) -> None:
        self._world = world
        self._account = account

    def __call__(self, event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        with self._world.in_place(), self._world.answering(self._account):
            return by_moto(self._world, event_name.rpartition(".")[2], request)
