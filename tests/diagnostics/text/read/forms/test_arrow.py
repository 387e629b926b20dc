"""Arrow names the bucket and the key of the call that S3 refused."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.failure import Denial

ERROR = "OSError: When {}: AWS Error ACCESS_DENIED during {} operation: No response body."


@pytest.mark.parametrize(
    ("what", "operation", "action", "resource"),
    [
        ("reading information for key 'a/b.json' in bucket 'lake'", "HeadObject", "s3:GetObject", "lake/a/b.json"),
        ("testing for existence of bucket 'lake'", "HeadBucket", "s3:ListBucket", "lake"),
        ("listing objects under key 'a' in bucket 'lake'", "ListObjectsV2", "s3:ListBucket", "lake"),
        (
            "initiating multiple part upload for key 'a/b' in bucket 'lake'",
            "CreateMultipartUpload",
            "s3:PutObject",
            "lake/a/b",
        ),
        ("resolving something", "HeadObject", "s3:GetObject", None),
    ],
)
def test_the_resource_is_read(what: str, operation: str, action: str, resource: str | None) -> None:
    (denial,) = read_text(ERROR.format(what, operation))
    assert isinstance(denial, Denial)
    assert denial.action == action
    assert denial.resource == (f"arn:aws:s3:::{resource}" if resource else None)
