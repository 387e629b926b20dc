"""The row for Lake Formation's own permissions."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

LAKE_FORMATION: tuple[System, ...] = (
    made_system(
        "Lake Formation",
        "Check Lake Formation's own permissions on the database, table and location: IAM alone does not grant them.",
        r"Insufficient\s+Lake\s+Formation\s+permission|Required\s+\w+\s+on\s+\w[^\n]{0,200}Lake\s+Formation"
        r"|Relation\s+contains\s+no\s+accessible\s+columns",
        "lake formation",
        "no accessible columns",
    ),
)
