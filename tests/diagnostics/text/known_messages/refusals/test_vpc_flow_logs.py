"""Messages of flow logs about their bucket: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


def summary(text: str) -> str:
    (failure, *_) = read_text(text)
    return collect_offline(failure).verdict.summary


FLOW_LOG = "Flow log fl-0aa1 to our bucket: Access error - The log destination is not accessible.\n"


DELIVERY = (
    '{{"Effect": "Allow", "Principal": {{"Service": "delivery.logs.amazonaws.com"}}, "Action": ["s3:PutObject", '
    '"s3:GetBucketAcl"], "Resource": "*"{}}}\n'
)


WITH_ACL = ', "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}'


@pytest.mark.parametrize(
    ("around", "begins"),
    [
        (f"ACLs are disabled.\n{DELIVERY.format(WITH_ACL)}", "most likely the delivery sends no such header"),
        (f"{DELIVERY.format(WITH_ACL)}ObjectOwnership: BucketOwnerEnforced", "Take the condition out"),
        (DELIVERY.format(WITH_ACL), "a condition, the Resource or a Deny excludes this flow log"),
        (DELIVERY.format(""), "a condition, the Resource or a Deny excludes this flow log"),
        (DELIVERY.format("").replace('"s3:GetBucketAcl"', '"s3:GetObject"'), "does not let delivery.logs.amazonaws"),
    ],
)
def test_what_the_bucket_policy_in_the_text_has_is_not_asked_for_again(around: str, begins: str) -> None:
    assert begins in summary(f"{FLOW_LOG}{around}")
