"""The replication of a database is not that of a bucket."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


@pytest.mark.parametrize(
    ("text", "of_a_bucket"),
    [
        ("subtask 0 [reptask/replicationtask.c:2883] [1020401] write failed, status = 4 (FAILED)", False),
        ("DMS replication instance status: FAILED", False),
        ("x-amz-replication-status: FAILED", True),
        ("ReplicationStatus: FAILED for s3://lake/a", True),
    ],
)
def test_only_a_bucket_needs_the_replication_role(text: str, of_a_bucket: bool) -> None:
    causes = " ".join(look.cause for look in collect_offline(read_text(text)[0]).first_look)
    assert ("replication role lacks" in causes) is of_a_bucket
