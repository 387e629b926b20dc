"""The credentials of a role session. They stay in memory: this module never writes them anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from iam.credentials.assume_request import AssumeRequest


@dataclass(frozen=True, slots=True)
class RoleSession:
    """A role session. ``arn`` is the session's ARN and ``expires`` its end. ``repr()`` does not include the secrets."""

    role_arn: str
    arn: str
    expires: datetime
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str = field(repr=False)


def assume(client: Any, role_arn: str, asked: AssumeRequest) -> RoleSession:
    """Call AssumeRole with an STS client, and return the session. Raises botocore's errors. May block."""
    answer = client.assume_role(RoleArn=role_arn, **asked.parameters)
    given = answer["Credentials"]
    return RoleSession(
        role_arn,
        answer["AssumedRoleUser"]["Arn"],
        given["Expiration"],
        given["AccessKeyId"],
        given["SecretAccessKey"],
        given["SessionToken"],
    )
