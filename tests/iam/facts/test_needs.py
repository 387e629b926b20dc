"""What common tasks need: the managed policies that a row names have the actions that it gives."""

from __future__ import annotations

import re

import pytest

from iam import aws_managed_policies
from iam.facts.needs import NEEDS, need_of
from iam.facts.service_roles.asked import asked_role, needs_sentence
from iam.policy.match import names_action

BY_NAME = {arn.rpartition("/")[2]: arn for arn in aws_managed_policies.arns()}
CLAIMS = [
    (need.sentence, found["name"])
    for need in NEEDS
    for found in re.finditer(r"[:(] ?(?P<name>\w+) (?:contains (?:all of )?(?:it|them)|has them)", need.sentence)
]


@pytest.mark.parametrize(("sentence", "name"), CLAIMS)
def test_a_policy_that_contains_them_has_the_actions_before_it(sentence: str, name: str) -> None:
    policy = aws_managed_policies.find(BY_NAME[name])
    assert policy is not None
    assert policy.document is not None
    before = sentence[: sentence.index(name)]
    for action in re.findall(r"(?<![\w:])[a-z][a-z0-9-]+:[A-Z][A-Za-z0-9]+", before):
        assert any(names_action(each.action, action) for each in policy.document.statements), action


def test_most_rows_of_managed_policies_are_checked() -> None:
    assert len(CLAIMS) >= 7


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("what role does API Gateway need for CloudWatch logging?", "API Gateway logs"),
        ("Which permissions does CodeBuild need?", "CodeBuild project"),
        ("what should the S3 replication role be allowed?", "S3 replication"),
    ],
)
def test_the_role_of_a_service_is_told(text: str, title: str) -> None:
    row = asked_role(text)
    assert row is not None
    assert row.title == title
    assert needs_sentence(row).startswith(f"The role of {title} trusts {row.principal}, and")


@pytest.mark.parametrize("text", ["what role does S3 need?", "what is a role?", "which permissions does EC2 need?"])
def test_a_service_with_several_roles_or_none_is_left_open(text: str) -> None:
    assert asked_role(text) is None


def test_each_question_has_the_first_row_that_fits() -> None:
    assert need_of("nothing to see") is None
    stream = need_of("a Lambda that a DynamoDB stream triggers")
    assert stream is not None
    assert "AWSLambdaDynamoDBExecutionRole" in stream.sentence
