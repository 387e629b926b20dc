"""Try to assume a role: create a session of 15 minutes, and return only its caller identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from iam.credentials.assume_request import AssumeRequest
from iam.credentials.role_session import RoleSession, assume
from iam.sources.aws import errors as aws_errors
from iam.sources.reader.account_reader import AccountReader

TRY_SECONDS = 900
"""The shortest session duration that STS allows."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of the attempt. ``good`` is None if AWS did not respond.

    ``error`` is a denial as the AWS CLI prints it, to be diagnosed.
    """

    good: bool | None
    sentence: str
    error: str = ""
    session: RoleSession | None = None


def attempt(reader: AccountReader, hops: Sequence[tuple[str, AssumeRequest]], *, keep: bool = False) -> Attempt:
    """Assume the role (an ARN) of each hop with the session from the previous hop. May block.

    The first role is assumed with the account's credentials. ``keep``: return the last session, with the requested
    duration. Otherwise all sessions have the minimum duration and are discarded.
    """
    connection: Any = getattr(reader, "aws", None)
    if connection is None:
        return Attempt(None, "This account is a file, so its roles cannot be assumed.")
    from iam.sources.aws.session import FAILURES

    client, session = connection.client("sts"), None
    for number, (role_arn, asked) in enumerate(hops, start=1):
        short = asked if keep and number == len(hops) else replace(asked, seconds=TRY_SECONDS)
        at = f" at {role_arn.rpartition('/')[2]}, {number} of {len(hops)}" if len(hops) > 1 else ""
        try:
            session = assume(client, role_arn, short)
        except FAILURES as error:
            if not aws_errors.is_denied(error):
                return Attempt(None, aws_errors.why("sts:AssumeRole", error, connection.profile))
            message = aws_errors.message_of(error)
            text = f"An error occurred ({aws_errors.code_of(error)}) when calling the AssumeRole operation: {message}"
            return Attempt(False, f"Tried, and AWS denied it{at}{asked.words}: {message}", text)
        client = connection.client_with("sts", session.access_key, session.secret_key, session.token)
    assert session is not None
    sentence = f"Tried, and it works{asked.words}: the session was {session.arn}."
    return Attempt(True, sentence, session=session if keep else None)
