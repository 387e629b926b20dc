"""The row for Databricks."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

DATABRICKS: tuple[System, ...] = (
    # Databricks documentation, "Unity Catalog privileges reference"
    # (https://docs.databricks.com/data-governance/unity-catalog/access-control/privileges-reference).
    made_system(
        "Databricks",
        "Check the grants in Unity Catalog (SHOW GRANTS), not IAM.",
        r"PERMISSION_DENIED:\s+(?:User|Principal)\s+does\s+not\s+have|\bINSUFFICIENT_PERMISSIONS\b",
        "permission_denied: user",
        "permission_denied: principal",
        "insufficient_permissions",
        unless=r"(?i:clean ?rooms|ProtectedQuery|ProtectedJob)",
    ),
)
