"""The call that deletes an entity, as the plan of deleting it with all that hangs on it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from diagnostics.already_exists.advice.deletion_plan import plan_of
from diagnostics.already_exists.kinds import Kind, bare_name
from diagnostics.plans import role_deletion
from iam.account import Account
from iam.changes.plan import Call, Plan
from iam.sources.reader import AccountReader

DELETIONS: Mapping[str, tuple[Kind, str]] = MappingProxyType(
    {
        "DeleteRole": (Kind.ROLE, "RoleName"),
        "DeleteUser": (Kind.USER, "UserName"),
        "DeleteGroup": (Kind.GROUP, "GroupName"),
        "DeletePolicy": (Kind.POLICY, "PolicyArn"),
        "DeleteInstanceProfile": (Kind.INSTANCE_PROFILE, "InstanceProfileName"),
        "DeleteVirtualMFADevice": (Kind.MFA_DEVICE, "SerialNumber"),
        "DeleteServerCertificate": (Kind.SERVER_CERTIFICATE, "ServerCertificateName"),
    }
)
"""Which call deletes which kind, and its parameter that tells what."""


def deletion_plan(call: Call, account: Account, reader: AccountReader) -> Plan:
    """With what hangs on the entity now, read whole. Raises `PlanError` where that cannot be seen. May block."""
    kind, parameter = DELETIONS[call.operation]
    name = call.text(parameter)
    if kind is Kind.ROLE:
        return role_deletion.deletion_plan(name, account, reader)
    return plan_of(kind, name if kind is Kind.MFA_DEVICE else bare_name(kind, name), account, reader)
