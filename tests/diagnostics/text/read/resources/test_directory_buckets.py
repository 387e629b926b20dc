"""Object operations on directory buckets are denied as s3express:CreateSession, others are left as they are."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial

BUCKET = "scratch--euw1-az1--x-s3"


def denied(text: str) -> list[tuple[str | None, str | None]]:
    return [(each.action, each.resource) for each in read_text(text) if isinstance(each, Denial)]


@pytest.mark.parametrize(
    "text",
    [
        f"mount-s3 {BUCKET} /data\nError: Failed to create S3 client\nCaused by: initial ListObjectsV2 failed for "
        f"bucket {BUCKET} in region eu-west-1\nForbidden: Access Denied",
        f"aws s3api get-object --bucket {BUCKET} --key a out\nAn error occurred (AccessDenied) when calling the "
        "GetObject operation: Access Denied",
        f"s3.put_object(Bucket='{BUCKET}')\nAn error occurred (AccessDenied) when calling the PutObject operation: "
        "Access Denied",
    ],
)
def test_an_object_operation_is_checked_as_a_session(text: str) -> None:
    assert [action for action, _ in denied(text)] == ["s3express:CreateSession"]
    looks = [look.cause for failure in read_text(text) for look in collect_offline(failure).first_look]
    assert any("is a directory bucket" in cause for cause in looks)


@pytest.mark.parametrize(("partition", "region"), [("aws", "eu-west-1"), ("aws-cn", "cn-north-1")])
def test_the_buckets_arn_is_made_of_what_the_text_has(partition: str, region: str) -> None:
    text = (
        f"$ aws sts get-caller-identity --query Arn\narn:{partition}:sts::444455556666:assumed-role/app/i-0\n"
        f"$ aws s3api get-object --region {region} --bucket {BUCKET} --key a out\n"
        "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"
    )
    arn = f"arn:{partition}:s3express:{region}:444455556666:bucket/{BUCKET}"
    assert denied(text) == [("s3express:CreateSession", arn)]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("aws s3api get-object --bucket scratch --key a out\nAn error occurred (AccessDenied) when calling the "
         "GetObject operation: Access Denied", "s3:GetObject"),
        (f"aws s3api copy-object --bucket {BUCKET}\nAn error occurred (AccessDenied) when calling the CopyObject "
         "operation: Access Denied", "s3:PutObject"),
        (f"User: arn:aws:iam::444455556666:user/a is not authorized to perform: s3:GetObject on resource: "
         f"\"arn:aws:s3:::plain/k\" because no identity-based policy allows the s3:GetObject action\n({BUCKET} works)",
         "s3:GetObject"),
    ],
)  # fmt: skip
def test_other_calls_keep_their_action(text: str, action: str) -> None:
    assert [found for found, _ in denied(text)] == [action]
