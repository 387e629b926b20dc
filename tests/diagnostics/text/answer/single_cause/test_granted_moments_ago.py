"""An action that a policy in the text has is not asked for again."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, policy

READ = ["s3:GetObject", "s3:ListBucket"]
UNLOADED = "Permission denied on S3 path: s3://lake/orders\n"
MODEL = (
    "ValidationException: Could not access model data at s3://models/a.tar.gz. Please ensure that the role exists.\n"
)


@pytest.mark.parametrize(
    ("refused", "actions", "held"),
    [
        (UNLOADED, READ, True),
        (UNLOADED, ["s3:GetObject"], False),
        (MODEL, ["s3:Get*", "s3:List*", "kms:Decrypt"], True),
        (MODEL, ["sagemaker:*"], False),
    ],
)
def test_an_action_that_a_policy_has_is_not_to_be_added(refused: str, actions: list[str], held: bool) -> None:
    answer = diagnosed(f"{refused}the role's policy:\n{policy(allow(actions, '*'))}")
    assert ("so do not add it" in answer.verdict.summary) is held


@pytest.mark.parametrize("other", ["bucket policy", "permissions boundary", "SCP"])
def test_another_kind_of_policy_does_not_show_that_the_identity_has_it(other: str) -> None:
    answer = diagnosed(f"{UNLOADED}the {other}:\n{policy(allow(READ, '*'))}")
    assert "so do not add it" not in answer.verdict.summary


STREAM = (
    "Cannot access stream arn:aws:kinesis:eu-west-1:444455556666:stream/clicks. Please ensure the role can perform the "
    "GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.\n"
    "AWSLambdaKinesisExecutionRole is attached to the role.\n"
)


@pytest.mark.parametrize(
    ("around", "across"),
    [
        ("The function is in account 111122223333.", True),
        ("role arn:aws:iam::111122223333:role/reader", True),
        ("role arn:aws:iam::444455556666:role/reader", False),
        ("", False),
    ],
)
def test_a_resource_of_another_account_must_allow_the_role_itself(around: str, across: bool) -> None:
    summary = diagnosed(STREAM + around).verdict.summary
    assert ("The resource's own policy must also allow the role" in summary) is across
