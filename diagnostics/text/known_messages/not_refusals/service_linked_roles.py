"""Rows for service-linked roles of any service."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

SERVICE_LINKED_ROLE_USES: tuple[System, ...] = (
    # IAM User Guide, "Deleting a service-linked role": it is deleted only after the resources that use it
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html).
    made_system(
        "what still uses the service-linked role",
        "Delete the resources under RoleUsageList in their Regions (or turn the service's feature off there), then "
        f"delete the role again. {NONE_MISSING}",
        r"\"?RoleUsageList\"?\s*:\s*\[\s*\{",
        "roleusagelist",
        verdict="The service-linked role is still in use, so it was not deleted: first delete the resources under "
        "RoleUsageList. No permission is missing.",
        title="Delete what uses the role first",
    ),
)
