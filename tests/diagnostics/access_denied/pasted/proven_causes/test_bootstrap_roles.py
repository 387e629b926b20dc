"""A bootstrap role that the CDK could not assume is what the policy of the text is compared with."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, policy

ROLES = "arn:aws:iam::111122223333:role/cdk-hnb659fds"
ROLE = f"{ROLES}-deploy-role-111122223333-ap-south-1"
WARNING = (
    f"current credentials could not be used to assume '{ROLE}', but are for the right account. Proceeding anyway.\n"
)
DENIED = (
    "AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/ci/run is not authorized to perform: {} on "
    "resource: {} because no identity-based policy allows the {} action\n"
)
READ = ("ssm:GetParameter", "arn:aws:ssm:ap-south-1:111122223333:parameter/cdk-bootstrap/hnb659fds/version")
STACKS = ("cloudformation:DescribeStacks", "arn:aws:cloudformation:ap-south-1:111122223333:stack/web/*")


@pytest.mark.parametrize("then", [READ, STACKS])
@pytest.mark.parametrize(
    ("statement", "said", "title"),
    [
        (
            policy(allow("sts:AssumeRole", f"{ROLES}-*-111122223333-eu-west-1")),
            "the name contains eu-west-1, but the requested name contains ap-south-1",
            f"Add {ROLES}-*-111122223333-ap-south-1 to the Resource of statement 1",
        ),
        (
            policy(allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/web-*")),
            "names arn:aws:iam::111122223333:role/web-*",
            f"Allow sts:AssumeRole on {ROLE}",
        ),
    ],
)
def test_the_role_that_was_not_assumed_decides(then: tuple[str, str], statement: str, said: str, title: str) -> None:
    answer = diagnosed(WARNING + DENIED.format(then[0], then[1], then[0]) + statement)
    assert answer.verdict.summary.startswith(f"The first failure decides: ci could not assume {ROLE}")
    assert said in answer.verdict.summary
    assert answer.fixes[0].title == title


@pytest.mark.parametrize(
    "text",
    [
        DENIED.format(READ[0], READ[1], READ[0]) + policy(allow("sts:AssumeRole", f"{ROLES}-*-eu-west-1")),
        WARNING + DENIED.format(READ[0], READ[1], READ[0]) + policy(allow("sts:AssumeRole", f"{ROLES}-*")),
        WARNING + DENIED.format(READ[0], READ[1], READ[0]),
    ],
)
def test_without_the_warning_or_a_policy_that_lacks_the_role_it_does_not(text: str) -> None:
    assert "The first failure decides" not in diagnosed(text).verdict.summary
