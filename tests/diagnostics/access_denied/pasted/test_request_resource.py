"""The resource of the request is read as an ARN, also where a text cuts it off or has an address."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.denials.pasted import allow, diagnosed, policy, refused

NO_HEADER = {"Null": {"s3:x-amz-server-side-encryption": "true"}}
MODEL = (
    "ValidationException when calling the CreateModel operation: Could not access model data at s3://models/b.tar.gz. "
    'Please ensure that the role "arn:aws:iam::111122223333:role/sm" exists and that its trust relationship policy '
    'allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com".\n'
)


def denying(resource: str, **more: Any) -> str:
    return policy({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": resource, **more})


@pytest.mark.parametrize(
    ("cut", "on", "named"),
    [
        ("arn:aws:s3:::bucketname...", "arn:aws:s3:::bucketname/*", True),
        ("arn:aws:s3:::bucketname/in…", "arn:aws:s3:::bucketname/incoming/*", True),
        ("arn:aws:s3:::otherbucket...", "arn:aws:s3:::bucketname/*", False),
    ],
)
def test_a_resource_that_is_cut_off_is_that_of_the_deny(cut: str, on: str, named: bool) -> None:
    answer = diagnosed(f"{refused('s3:PutObject', cut, '')}\n\nbucket policy:\n{denying(on, Condition=NO_HEADER)}")
    assert (answer.verdict.cause == "resource.explicit-deny") is named


@pytest.mark.parametrize(
    ("resource", "cause"),
    [("arn:aws:s3:::other/*", "identity.resource-mismatch"), ("arn:aws:s3:::models/*", "unreadable")],
)
def test_an_address_of_an_object_is_its_arn(resource: str, cause: str) -> None:
    text = f"{MODEL}policy of sm:\n{policy(allow('s3:GetObject', resource))}"
    assert diagnosed(text).verdict.cause == cause


STREAM = "arn:aws:dynamodb:eu-west-1:111122223333:table/{}/stream/2024-01-02T03:04:05.678"
PIPE = (
    "The provided role does not have permission to perform ({}) on the provided source ARN. Verify the permissions "
    "and try again.\n"
)
POLLS = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]


@pytest.mark.parametrize(
    ("action", "source", "resource", "cause"),
    [
        (
            "dynamodb:DescribeStream",
            f"source = {STREAM.format('carts')}",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/carts",
            "identity.resource-mismatch",
        ),
        (
            "dynamodb:DescribeStream",
            f"source arn {STREAM.format('carts')}.",
            STREAM.format("orders"),
            "identity.resource-mismatch",
        ),
        (
            "kinesis:DescribeStream",
            '"Source": "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"',
            "arn:aws:kinesis:eu-west-1:111122223333:stream/views",
            "identity.resource-mismatch",
        ),
        # The policy names the source, or the text has only the source of something else.
        ("dynamodb:DescribeStream", f"source = {STREAM.format('carts')}", STREAM.format("*"), "unreadable"),
        ("dynamodb:DescribeStream", "source = arn:aws:s3:::carts", STREAM.format("orders"), "unreadable"),
    ],
)
def test_the_source_of_a_pipe_is_the_resource_of_its_poll(action: str, source: str, resource: str, cause: str) -> None:
    actions = [action, "kinesis:*"] if action.startswith("kinesis") else POLLS
    text = f"{PIPE.format(action)}{source}\npolicy of the role:\n{policy(allow(actions, resource))}"
    assert diagnosed(text).verdict.cause == cause
