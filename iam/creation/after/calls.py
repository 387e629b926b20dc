"""Call read operations in a session of a new role to test it. They change nothing and return no secrets.

Write operations are never called to test whether they are denied, because a call that is not denied takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from iam.arn import Arn
from iam.creation.after.tries import TryRequest
from iam.creation.statements.action_table import action_table
from iam.credentials.role_session import RoleSession
from iam.sources.aws import errors as aws_errors

MOST_CALLS = 4
DELAYS = (1, 2, 4, 8, 8)
"""The delays in seconds between calls while a change in IAM has not yet reached a service."""

# Actions whose operation has another name (Service Authorization Reference, S3).
_OPERATIONS = {"s3:listallmybuckets": "ListBuckets", "s3:listbucket": "ListObjectsV2"}
# Prefixes of actions for which boto3 has another name.
_CLIENTS = {
    "access-analyzer": "accessanalyzer",
    "aps": "amp",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "elasticmapreduce": "emr",
    "states": "stepfunctions",
    "tag": "resourcegroupstaggingapi",
}
# The commands as people type them.
_COMMANDS = {"ListBuckets": "aws s3 ls"}

Wait = Callable[[float, str], bool]


@dataclass(frozen=True, slots=True)
class ReadCall:
    """A read operation of boto3's client ``service`` that needs no parameter other than the resource's name."""

    request: TryRequest
    service: str
    operation: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def command(self) -> str:
        """The AWS CLI command for this operation."""
        from botocore import xform_name

        service = "s3api" if self.service == "s3" else self.service
        given = " ".join(f"--{xform_name(name, '-')} {value}" for name, value in self.parameters)
        return _COMMANDS.get(self.operation, f"aws {service} {xform_name(self.operation, '-')} {given}".rstrip())


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of a call. ``error`` is a denial in the AWS CLI's format, which can be diagnosed."""

    call: ReadCall
    good: bool
    sentence: str
    error: str = ""


def call_reads(
    session: RoleSession, connection: Any, requests: Iterable[tuple[TryRequest, bool]], wait: Wait
) -> Iterator[CallResult]:
    """Call those of the requested operations that only read, in a session of the role, and yield their results.

    Each request is paired with whether the role's policies are known to allow it. If they do, a denial may only be
    temporary. Results other than success or a denial prove nothing and are left out. May block.
    """
    made = 0
    for request, sure in requests:
        if made == MOST_CALLS:
            return
        clients: dict[str, Any] = {}
        call = _read_call(request, partial(_client, session, connection, clients))
        if call is None:
            continue
        result = _called(call, clients[call.service], iter(DELAYS if sure else ()), wait)
        if result is not None:
            made += 1
            yield result


def _client(session: RoleSession, connection: Any, clients: dict[str, Any], name: str) -> Any:
    if name not in clients:
        clients[name] = connection.client_with(name, session.access_key, session.secret_key, session.token)
    return clients[name]


def _read_call(request: TryRequest, client: Callable[[str], Any]) -> ReadCall | None:
    """Return the call for a list or describe request that needs at most the resource's name, or None."""
    from iam.sources.aws.session import FAILURES

    prefix, _, name = request.action.partition(":")
    known = action_table().action(request.action)
    harmless = known is not None and known.level in ("List", "Read") and name.startswith(("List", "Describe"))
    if not harmless or request.context:
        return None
    service = _CLIENTS.get(prefix, prefix)
    try:
        model = client(service).meta.service_model
    except FAILURES:
        return None  # boto3 has no such client
    operation = _OPERATIONS.get(request.action.lower(), name)
    if operation not in model.operation_names:
        return None
    shape = model.operation_model(operation).input_shape
    needed = shape.required_members if shape is not None else []
    if not needed:
        return ReadCall(request, service, operation)
    arn = Arn.parse(request.resource)
    if len(needed) > 1 or arn is None or shape.members[needed[0]].type_name != "string":
        return None
    value = (
        request.resource if needed[0].lower().endswith("arn") else arn.resource.rpartition("/")[2].rpartition(":")[2]
    )
    return ReadCall(request, service, operation, ((needed[0], value),))


def _called(call: ReadCall, client: Any, delays: Iterator[int], wait: Wait) -> CallResult | None:
    from botocore import xform_name

    from iam.sources.aws.session import FAILURES

    while True:
        try:
            getattr(client, xform_name(call.operation))(**dict(call.parameters))
        except FAILURES as error:
            if not aws_errors.is_denied(error):
                return None
            delay = next(delays, None)
            if delay is not None:
                if wait(
                    delay,
                    f"{call.command} is denied, which can happen right after a change; trying again in {delay} s.",
                ):
                    return None
                continue
            message = aws_errors.message_of(error)
            text = f"An error occurred ({aws_errors.code_of(error)}) when calling the {call.operation} operation: "
            return CallResult(call, False, f"Called in a session of the role: {message}", text + message)
        except (NotImplementedError, ImportError):
            return None  # the embedded AWS does not support it
        return CallResult(call, True, "Called in a session of the role: it works.")
