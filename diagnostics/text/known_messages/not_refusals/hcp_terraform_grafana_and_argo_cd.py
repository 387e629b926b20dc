"""Rows for HCP Terraform, Grafana and Argo CD."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

HCP_TERRAFORM_GRAFANA_AND_ARGO_CD: tuple[System, ...] = (
    # HCP Terraform documentation, "Permissions" (https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/permissions).
    made_system(
        "HCP Terraform",
        "AWS is not the cause: check the token, and what its team may do in the workspace (HCP Terraform, Team "
        "Access).",
        r"app\.terraform\.io[\s\S]{0,200}(?:unauthorized|\b40[134]\b)|permission\s+to\s+queue\s+a\s+run"
        r"|Terraform\s+Cloud[^\n]{0,120}unauthorized",
        "app.terraform.io",
        "to queue a run",
        "terraform cloud",
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform",
    ),
    # Grafana documentation, "Roles and permissions" (https://grafana.com/docs/grafana/latest/administration/roles-and-permissions/).
    made_system(
        "Grafana",
        "Check the role of the user or service account in Grafana (Viewer, Editor, Admin), also on Amazon Managed "
        "Grafana: the workspace's IAM role is only for data sources.",
        r"\baccessErrorId\b|Permissions\s+needed:\s+\w+:",
        "accesserrorid",
        "permissions needed:",
    ),
    # Argo CD documentation, "RBAC Configuration" (https://argo-cd.readthedocs.io/en/stable/operator-manual/rbac/).
    made_system(
        "Argo CD",
        "Check Argo CD's own roles (ConfigMap argocd-rbac-cm, policy.csv) and the project of the application.",
        r"PermissionDenied\s+desc\s+=\s+permission\s+denied:\s+\w+,\s+\w+",
        "permission denied:",
    ),
)
