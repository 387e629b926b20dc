"""The row for Argo CD."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

ARGO_CD: tuple[System, ...] = (
    # Argo CD documentation, "RBAC Configuration" (https://argo-cd.readthedocs.io/en/stable/operator-manual/rbac/).
    made_system(
        "Argo CD",
        "Check Argo CD's own roles (ConfigMap argocd-rbac-cm, policy.csv) and the project of the application.",
        r"PermissionDenied\s+desc\s+=\s+permission\s+denied:\s+\w+,\s+\w+",
        "permission denied:",
    ),
)
