"""The row for HCP Terraform."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

HCP_TERRAFORM: tuple[System, ...] = (
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
)
