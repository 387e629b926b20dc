"""Managed policies that a program passes when it assumes a role are the session policy that the denial names."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.causes.denials.passed_policies import passed_policies
from tests.support.texts.answers import causes_in

OWN = "arn:aws:iam::444455556666:policy/own"
READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
REFUSED = (
    "An error occurred (AccessDenied) when calling the PutItem operation: User: arn:aws:sts::444455556666:assumed-role/"
    "batch/nightly is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:444455556666:"
    "table/orders because no session policy allows the dynamodb:PutItem action\n"
)


@pytest.mark.parametrize(
    ("written", "arns"),
    (
        (f'assume_role {{\n  policy_arns = ["{READ}"]\n}}', [READ]),
        (f'sts.assume_role(RoleArn=r, PolicyArns=[{{"arn": "{READ}"}}, {{"arn": "{OWN}"}}])', [READ, OWN]),
        (f"aws sts assume-role --role-arn r --policy-arns arn={READ} arn={OWN}\nmore", [READ, OWN]),
        (f'new AssumeRoleCommand({{RoleArn: r, PolicyArns: [\n  {{ arn: "{READ}" }}\n]}})', [READ]),
        (f"  managed-session-policies: |\n    {READ}\n    {OWN}\n  aws-region: eu-west-1", [READ, OWN]),
        (f"with: {{role-to-assume: r, managed-session-policies: '{READ}'}}", [READ]),
        (f"  managed-session-policies:\n  role-to-assume: r\n# the role has {READ}", []),
        (f'module "user" {{\n  policy_arns = ["{READ}"]\n}}', []),
        (f'resource "aws_iam_role" "r" {{\n  assume_role_policy = x\n  managed_policy_arns = ["{READ}"]\n}}', []),
    ),
)
def test_only_the_policies_of_a_session_are_read(written: str, arns: list[str]) -> None:
    assert passed_policies(written) == arns


@pytest.mark.parametrize(
    ("arn", "said"),
    (
        (READ, "AmazonS3ReadOnlyAccess was passed as session policy (policy_arns): the session is limited to what "
         "that policy allows, and that does not allow dynamodb:PutItem."),
        ("arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess", "limited to what that policy allows. Add the ARN"),
        (OWN, "own was passed as session policy (policy_arns): the session is limited to what that policy "
         "allows. Add dynamodb:PutItem to own, and make a new session."),
    ),
)  # fmt: skip
def test_its_content_is_compared_with_the_action(arn: str, said: str) -> None:
    assert said in causes_in(f'{REFUSED}assume_role {{\n  policy_arns = ["{arn}"]\n}}')


def test_the_input_of_an_action_is_named() -> None:
    said = causes_in(f"{REFUSED}- uses: aws-actions/configure-aws-credentials@v4\n  managed-session-policies: {READ}")
    assert "AmazonS3ReadOnlyAccess was passed as session policy (managed-session-policies)" in said


def test_the_verdict_names_the_policy_that_was_passed() -> None:
    denial = (
        "User: arn:aws:sts::111122223333:assumed-role/site/gha is not authorized to perform: s3:DeleteObject on "
        "resource: arn:aws:s3:::site/a because no session policy allows the s3:DeleteObject action"
    )
    passed = "managed-session-policies: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    summary = collect_offline(read_text(f"{denial}\n{passed}")[0]).verdict.summary
    assert summary.startswith("AmazonS3ReadOnlyAccess was passed as session policy (managed-session-policies)")
    assert "no session policy allows" in collect_offline(read_text(f"{denial}\nrole site: s3:*")[0]).verdict.summary
