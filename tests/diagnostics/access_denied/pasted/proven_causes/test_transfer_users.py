"""Variables of Transfer Family have a value in a session policy, and none in a role's own policy."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = "sftp> ls\nCouldn't read directory: Permission denied\n\n"
POLICY = '{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::${transfer:HomeBucket}"}'


@pytest.mark.parametrize("heading", ["role sftp-users, inline policy:", "The policy of the role sftp: role policy:"])
def test_the_variables_in_a_roles_policy_are_the_cause(heading: str) -> None:
    answer = diagnosed(f"{REFUSED}{heading}\n{POLICY}")
    assert answer.verdict.cause == "identity.resource-mismatch"
    assert "which only a user's session policy can contain" in answer.verdict.summary


@pytest.mark.parametrize("heading", ["session policy of the user:", "aws transfer update-user --policy file://p.json:"])
def test_the_variables_in_a_session_policy_are_right(heading: str) -> None:
    assert "can contain" not in diagnosed(f"{REFUSED}{heading}\n{POLICY}").verdict.summary
