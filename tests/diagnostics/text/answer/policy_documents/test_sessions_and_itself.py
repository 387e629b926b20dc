"""Trust policies that name a pattern of sessions, or the role that is only being created."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

SESSIONS = "MalformedPolicyDocument: Invalid principal{}: arn:aws:sts::111122223333:assumed-role/{}"
OWN = "A role's trust policy cannot name the role itself while the role is being created"
PATTERN = "A principal cannot match sessions with a wildcard"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SESSIONS.format("", "Batch/*"), PATTERN),
        (SESSIONS.format(" in policy", "Lightsail/i-*"), PATTERN),
        (f"apply fails: {SESSIONS.format('', 'ci/run-?')}", PATTERN),
        (SESSIONS.format("", "Batch/job-1"), ""),
        ("MalformedPolicyDocument: Invalid principal in policy: arn:aws:iam::111122223333:role/ci", ""),
        ("The trust policy has the role's own ARN, and the role does not exist yet.\nMalformedPolicyDocument: "
         "Invalid principal", OWN),
        ("First apply of a self-assuming role: MalformedPolicyDocument: Invalid principal in policy: "
         '"AWS":"arn:aws:iam::111122223333:role/catalog"', OWN),
        ("A new role that names itself.\nMalformedPolicyDocumentException: Invalid principal", OWN),
        ("The role names itself since last year.\nMalformedPolicyDocument: Invalid principal", ""),
        ("The new role trusts a partner.\nMalformedPolicyDocument: Invalid principal", ""),
    ],
)  # fmt: skip
def test_sessions_and_the_role_itself_are_no_principals(text: str, said: str) -> None:
    answer = answer_to(text)
    assert [each for each in (OWN, PATTERN) if each in answer] == ([said] if said else [])
