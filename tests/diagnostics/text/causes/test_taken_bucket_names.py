"""HeadBucket refuses a caller that may do everything in S3: the name most likely belongs to another account."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import table_causes

HEAD = "operation error S3: HeadBucket, https response error StatusCode: 403, api error Forbidden: Forbidden"


@pytest.mark.parametrize(
    ("beside", "taken"),
    [
        ("controller role: AmazonS3FullAccess, no boundary", True),
        ("permissions of the pod = s3:*", True),
        ("the deployer has AdministratorAccess", True),
        ("controller role: AmazonS3ReadOnlyAccess", False),
        ("the role is not known, AmazonS3FullAccess was suggested", False),
    ],
)
def test_full_access_makes_a_foreign_name_the_first_cause(beside: str, taken: bool) -> None:
    found = table_causes(f"{HEAD}\n{beside}")
    assert ("belongs to another account" in next(iter(found), "")) is taken
