"""What is there, as the lines with which Pulumi takes it over: ``pulumi import TYPE NAME ID``."""

from __future__ import annotations

import shlex

from iam.arn import name_of
from iam.changes.export.terraform import import_id
from iam.changes.plan import Plan

# By the call that makes such a thing: Pulumi's type (AWS Classic provider, module iam).
_TYPES = {
    "CreatePolicy": "aws:iam/policy:Policy",
    "CreateRole": "aws:iam/role:Role",
    "PutRolePolicy": "aws:iam/rolePolicy:RolePolicy",
    "AttachRolePolicy": "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "CreateInstanceProfile": "aws:iam/instanceProfile:InstanceProfile",
}


def to_pulumi_import(plan: Plan, role_name: str = "") -> str:
    """A line for each thing that the plan would make; Pulumi writes the code of what it imports itself.

    ``role_name`` is what the program calls the role, where it does.
    """
    lines = []
    for call in plan.calls:
        kind = _TYPES.get(call.operation)
        if kind is None:
            continue
        parts = [call.text("RoleName"), call.text("PolicyName"), name_of(call.text("PolicyArn"))]
        name = call.text("InstanceProfileName") or "-".join(part for part in parts if part)
        if call.operation == "CreateRole" and role_name:
            name = role_name
        lines.append(f"pulumi import {kind} {shlex.quote(name)} {shlex.quote(import_id(call))}")
    return "\n".join(lines) + "\n"
