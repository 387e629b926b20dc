"""Name why PostgreSQL refuses logical replication (walsender) to a database user."""

from __future__ import annotations

from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from iam.lazy_pattern import regex

_NO_WALSENDER = regex(
    r"must be superuser or replication role to start walsender|permission denied to start WAL sender"
    r"|must be superuser or replication role to use replication slots"
)


def not_replicating(text: str) -> ShownCause | None:
    """Return the cause if PostgreSQL refuses logical replication to a database user.

    Amazon RDS User Guide, "Performing logical replication for Amazon RDS for PostgreSQL"
    (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.FeatureSupport.LogicalReplication.html).
    """
    if _NO_WALSENDER.search(text) is None:
        return None
    return ShownCause(
        "The database user is not allowed to replicate. On RDS and Aurora, run GRANT rds_replication TO the user "
        "(elsewhere, ALTER USER … REPLICATION). No IAM policy is involved.",
        "Grant rds_replication to the database user",
        "As the master user: GRANT rds_replication TO USER; and SELECT on the tables. rds.logical_replication must "
        "be 1 in "
        "the parameter group (and the instance rebooted since).",
    )
