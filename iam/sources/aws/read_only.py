"""Block every call that could change an account, just before the request is sent."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.exceptions import BotoCoreError

_READS = (
    "Get", "List", "Describe", "Lookup", "Simulate", "Decode", "Generate", "Validate", "Check", "BatchGet", "Search",
)  # fmt: skip
_ASSUMES = ("AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML", "CreateToken", "CreateOAuth2Token")
"""Operations that botocore itself calls to get a profile's credentials. They create sessions but change nothing."""
_CHANGES = ("GenerateDataKey", "GenerateMac", "GenerateRandom")


class WriteRefused(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """Raised if a read-only run was about to make a call that may change something."""

    fmt = "{service}:{operation} was not called: this run only reads."


def is_read(operation: str) -> bool:
    """Whether an operation only reads, or gets the caller's own credentials."""
    reads = operation.startswith(_READS) and not operation.startswith(_CHANGES)
    return reads or operation in _ASSUMES


def refuse_writes(session: boto3.Session) -> None:
    """Make clients that the session creates from now on raise `WriteRefused` for calls that may change something."""
    session.events.register_first("before-call", _refuse)


def _refuse(model: Any, **_: Any) -> None:
    if not is_read(str(model.name)):
        raise WriteRefused(service=str(model.service_model.service_name), operation=str(model.name))
