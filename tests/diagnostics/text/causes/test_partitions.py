"""A caller, a resource and a policy of different partitions are compared."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

GOV = "arn:aws-us-gov:sts::111122223333:assumed-role/app/i-1"
CHINA = "arn:aws-cn:iam::111122223333:user/li"


@pytest.mark.parametrize(
    ("action", "resource", "caller", "written"),
    [
        ("s3:ListBucket", "arn:aws:s3:::archive", GOV, "arn:aws-us-gov:s3:::archive"),
        (
            "sns:Publish",
            "arn:aws:sns:cn-north-1:111122223333:ops",
            CHINA,
            "arn:aws-cn:sns:cn-north-1:111122223333:ops",
        ),
    ],
)
def test_the_resource_of_another_partition_is_corrected(action: str, resource: str, caller: str, written: str) -> None:
    answer = diagnosed(no_identity(action, resource, caller))
    assert answer.verdict.summary.startswith("The caller is in the partition")
    assert f"write {written} in the call" in answer.verdict.summary


def test_a_policy_of_another_partition_than_the_calls_region_is_named() -> None:
    text = (
        "aws s3 cp a s3://logs/ --region cn-northwest-1\nAn error occurred (AccessDenied) when calling the PutObject "
        f"operation: Access Denied\n{policy(allow(['s3:PutObject'], 'arn:aws:s3:::logs/*'))}"
    )
    answer = diagnosed(text)
    assert any("write them with arn:aws-cn:" in each.cause for each in answer.first_look)


@pytest.mark.parametrize(
    "text",
    [
        no_identity("s3:ListBucket", "arn:aws-us-gov:s3:::archive", GOV),
        no_identity("s3:ListBucket", "arn:aws:s3:::archive"),
        "copy from eu-west-1 to cn-north-1\nAn error occurred (AccessDenied) when calling the PutObject operation: "
        f"Access Denied\n{policy(allow(['s3:PutObject'], 'arn:aws:s3:::logs/*'))}",
    ],
)
def test_one_partition_or_an_unknown_one_is_no_difference(text: str) -> None:
    answer = diagnosed(text)
    said = [answer.verdict.summary, *(each.cause for each in answer.first_look)]
    assert not any("in the partition" in each for each in said)
