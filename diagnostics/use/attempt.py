"""One try of a way in: a session of 15 minutes, of which only who one is comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from iam.credentials.assume_request import AssumeRequest
from iam.credentials.role_session import RoleSession, assume
from iam.sources.aws import errors as aws_errors
from iam.sources.reader import AccountReader

TRY_SECONDS = 900
"""The shortest session that STS makes."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """``good`` is None where AWS did not answer. ``error`` is a refusal as the AWS CLI prints it, for a diagnosis."""

    good: bool | None
    sentence: str
    error: str = ""
    session: RoleSession | None = None


def attempt(reader: AccountReader, role_arn: str, asked: AssumeRequest, *, keep: bool = False) -> Attempt:
    """Assume the role as whoever reads the account. ``keep``: the session comes back, as long as was asked for; else
    it is as short as can be, and thrown away. May block."""
    connection: Any = getattr(reader, "aws", None)
    if connection is None:
        return Attempt(None, "This account is a file: nobody is there to assume roles.")
    from iam.sources.aws.session import FAILURES

    if not keep:
        asked = replace(asked, seconds=TRY_SECONDS)
    try:
        session = assume(connection.client("sts"), role_arn, asked)
    except FAILURES as error:
        if not aws_errors.is_denied(error):
            return Attempt(None, aws_errors.why("sts:AssumeRole", error, connection.profile))
        message = aws_errors.message_of(error)
        text = f"An error occurred ({aws_errors.code_of(error)}) when calling the AssumeRole operation: {message}"
        return Attempt(False, f"Tried, and AWS denied it{asked.words}: {message}", text)
    sentence = f"Tried, and it works{asked.words}: you were {session.arn}."
    return Attempt(True, sentence, session=session if keep else None)
