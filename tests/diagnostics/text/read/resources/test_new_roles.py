"""A service that cannot assume a role which the same run created moments before."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

LAMBDA = "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda."


@pytest.mark.parametrize(
    "text",
    [
        f"$ zappa deploy staging\n{LAMBDA}",
        f"It is the first apply of the new module with terraform.\n{LAMBDA}",
        f"sls deploy, for the first time in this account:\n{LAMBDA}",
        f"aws_iam_role.fn: Creation complete after 1s [id=fn]\n{LAMBDA}",
    ],
)
def test_a_first_run_is_to_be_run_again(text: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.summary.startswith("Run it again first")
    assert "a few seconds to reach every service" in answer.first_look[0].cause


@pytest.mark.parametrize(
    "text",
    [
        LAMBDA,
        f"$ zappa update staging\n{LAMBDA}",
        f"$ zappa deploy staging\nfails every time\n{LAMBDA}",
        f"terraform apply worked on the first run, since Monday this:\n{LAMBDA}",
        f"the first time that I see this\n{LAMBDA}",
    ],
)
def test_another_run_or_one_that_always_fails_is_not_called_new(text: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.summary.startswith("First read the role's trust policy")
    assert not any("moments before" in look.cause for look in answer.first_look)
