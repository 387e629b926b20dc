"""The row for the own sign-in of Redis and Valkey, also on ElastiCache."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

REDIS: tuple[System, ...] = (
    # Amazon ElastiCache User Guide, "Authentication and Authorization"
    # (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html).
    made_system(
        "the cache's own sign-in",
        "Set user name and password in the client's connection, over TLS; with IAM authentication the password is a "
        "token. With Redis ACLs the user must be in the cache's user group.",
        r"\bNOAUTH\s+Authentication",
        "noauth authentication",
        verdict="The cache requires a sign-in, but the client sent none: configure the client to send AUTH with a user "
        "and its password or IAM token. No IAM policy is checked before that.",
        title="Let the client sign in to the cache",
    ),
)
