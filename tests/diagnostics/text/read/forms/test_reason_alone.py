"""AWS's reason without the sentence before it, which a program or a person left out."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial


@pytest.mark.parametrize(
    ("text", "action", "reason"),
    [
        ("no resource-based policy allows the ecr:BatchGetImage", "ecr:BatchGetImage", "implicit:resource"),
        (
            "pull fails: no identity-based policy allows the ecr:BatchGetImage action",
            "ecr:BatchGetImage",
            "implicit:identity",
        ),
        (
            "api error UnauthorizedOperation: You are not authorized to perform this operation...\n"
            "no identity-based policy allows the ec2:DescribeSecurityGroups action",
            "ec2:DescribeSecurityGroups",
            "implicit:identity",
        ),
        ("… no permissions boundary allows the iam:CreateUser action", "iam:CreateUser", "implicit:boundary"),
        ("says no service control policy allows the s3:CreateBucket action", "s3:CreateBucket", "implicit:scp"),
        ("no VPC endpoint policy allows the sqs:SendMessage action", "sqs:SendMessage", "implicit:vpce"),
    ],
)
def test_the_action_and_the_kind_of_policy_are_read(text: str, action: str, reason: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, Denial)
    assert (failure.action, failure.stated_reason) == (action, reason)


@pytest.mark.parametrize(
    "text", ["no policy allows the team to deploy on Fridays", "no identity-based policy allows the user to sign in"]
)
def test_without_an_action_it_is_no_reason_of_aws(text: str) -> None:
    assert all(getattr(each, "stated_reason", None) is None for each in read_text(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "S3 uploads: The authorization header is malformed; the region 'auto' is wrong; expecting 'us-west-2'",
            "set the client's Region to us-west-2",
        ),
        (
            "optional region, with a role and source_profile: The provided token is malformed or otherwise invalid",
            "opt-in Regions",
        ),
        ("Get-EC2Image : Request has expired.\nAt line:1 char:1", "temporary credentials have expired"),
    ],
)
def test_a_message_of_aws_is_recognized_without_its_code(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary


def test_an_action_that_was_cut_off_is_named_whole_by_the_reason() -> None:
    (failure,) = read_text(
        "User: arn:aws:sts::111122223333:assumed-role/ci/x is not authorized to perform: "
        "bedrock:InvokeModelWithRes… because no identity-based policy allows the "
        "bedrock:InvokeModelWithResponseStream action"
    )
    assert isinstance(failure, Denial)
    assert (failure.action, failure.missing_action) == ("bedrock:InvokeModelWithResponseStream", None)
