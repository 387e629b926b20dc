"""Rows for ElastiCache: access strings of users."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

ACCESS_STRINGS: tuple[System, ...] = (
    # ElastiCache User Guide, "Authenticating with IAM" and "Role-Based Access Control (RBAC)": access strings
    # (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html).
    made_system(
        "the access string of the cache's user",
        "Use a user whose access string allows the command and the key, or change the access string of this user "
        "(ElastiCache: aws elasticache describe-users, modify-user --access-string; MemoryDB: aws memorydb "
        "describe-users, update-user --access-string; Redis: ACL GETUSER). IAM decides who may connect, but not "
        "which commands and keys they may use.",
        r"\bNOPERM\b[^\n]{0,200}",
        "noperm",
        subject=r"\bNOPERM\b:?\s+([^\n\"]{5,120})",
        verdict="The user's access string, not IAM, is why the cache refused the command: “{name}”.",
        title="Correct the user's access string",
    ),
)
