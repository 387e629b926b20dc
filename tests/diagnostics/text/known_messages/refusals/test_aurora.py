"""Messages of Aurora about the roles of the cluster: what the text decides."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (
            '{"RoleArn": "arn:aws:iam::612340987765:role/aurora-feeds", "Status": "ACTIVE"}',
            "is associated with the cluster",
        ),
        ("AssociatedRoles: []", "has no role for S3"),
    ],
)
def test_a_role_that_is_associated_already_is_only_to_be_named(shown: str, says: str) -> None:
    text = f"S3 API returned error: Missing Credentials: Cannot instantiate S3 Client\n{shown}"
    assert says in diagnosed(text).verdict.summary
