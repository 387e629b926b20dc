"""A session of AssumeRoot may do only its task."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

ASSUMED = (
    "$ aws sts assume-root --target-principal 111122223333 --task-policy-arn arn=arn:aws:iam::aws:policy/root-task/{}\n"
)
REFUSED = "An error occurred (AccessDenied) when calling the {} operation: Access Denied\n"


@pytest.mark.parametrize(
    ("before", "operation", "limited"),
    [
        (ASSUMED.format("S3UnlockBucketPolicy"), "ListObjectsV2", True),
        (ASSUMED.format("IAMAuditRootUserCredentials"), "DeleteBucket", True),
        (ASSUMED.format("S3UnlockBucketPolicy"), "AssumeRoot", False),
        ("", "ListObjectsV2", False),
    ],
)
def test_a_later_call_is_not_part_of_the_task(before: str, operation: str, limited: bool) -> None:
    summary = collect_offline(read_text(before + REFUSED.format(operation))[0]).verdict.summary
    assert ("comes from AssumeRoot" in summary) is limited
