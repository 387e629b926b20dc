"""A database user that is not allowed to replicate is granted rds_replication."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


@pytest.mark.parametrize(
    ("said", "replicates"),
    [
        ("ERROR: must be superuser or replication role to start walsender", True),
        ("FATAL: permission denied to start WAL sender", True),
        ("ERROR: permission denied for table orders", False),
    ],
)
def test_a_user_that_may_not_replicate_is_granted_the_role_of_rds(said: str, replicates: bool) -> None:
    text = f"Caused by: org.postgresql.util.PSQLException: {said}\nhost orders.c1.eu-west-1.rds.amazonaws.com"
    assert ("rds_replication" in collect_offline(read_text(text)[0]).verdict.summary) is replicates
