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
