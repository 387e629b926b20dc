"""Rows for AWS CodeConnections."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

CODECONNECTIONS: tuple[System, ...] = (
    # Amazon EventBridge User Guide, "Connections for HTTP endpoint targets"
    # (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html).
    made_system(
        "the connection's credentials at the other service",
        "Correct the connection's credentials (aws events update-connection): an OAuth client, its token endpoint and "
        "scope, or the API key. The other service refused them; IAM did not.",
        r"(?:[Cc]onnection\s?[Ss]tate|\bconnection\b)[^\n]{1,80}?DEAUTHORIZED\b",
        "deauthorized",
        verdict="EventBridge's connection is deauthorized: the other service refused the connection's credentials, or "
        "they were removed. No IAM permission is missing.",
        title="Correct the connection's credentials",
    ),
)  # fmt: skip
