"""A session that GetSessionToken created without an MFA code, which cannot call IAM.

STS API reference, "GetSessionToken": no IAM operation without MFA information in the request
(https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
"""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import fault
from iam.claims import Ground
from iam.lazy_pattern import regex

_CREATED = regex(
    r"\bget-session-token\b(?!(?:[^\n]|\\\n)*(?:--serial-number|--token-code))"
    r"|\bget_session_token\((?![^)]*(?:SerialNumber|TokenCode))[^)]*\)"
)
"""A call of GetSessionToken without an MFA code."""
SESSION_WITHOUT_MFA = fault(
    r"InvalidClientTokenId|security token included in the request is invalid",
    "The session cannot call IAM at all, because GetSessionToken created it without an MFA code; other services "
    "accept the session. Nothing shows that the access key is wrong, and no permission is missing.",
    "Get a session with an MFA code, or call IAM with the user's own access key",
    "aws sts get-session-token --serial-number MFA-ARN --token-code CODE\n# or, without the session: unset "
    "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN, and name the profile with the user's own key",
    "The text calls GetSessionToken without --serial-number and --token-code. Creating a new access key changes "
    "nothing.",
    check=None,
    ground=Ground.LIKENESS,
    needs="session_without_mfa",
)
"""The row for a call to IAM with such a session."""


def created_without_mfa(text: str) -> bool:
    """Return whether the text calls GetSessionToken without an MFA code."""
    return _CREATED.search(text) is not None
