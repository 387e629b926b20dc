"""Export existing entities as the commands that import them into Pulumi: ``pulumi import TYPE NAME ID``."""

from __future__ import annotations

import shlex

from iam.arn import name_of
from iam.changes.export.terraform import import_id
from iam.changes.plan import Plan

# Pulumi's type for what each call creates (AWS Classic provider, module iam).
_TYPES = {
    "CreatePolicy": "aws:iam/policy:Policy",
    "CreateRole": "aws:iam/role:Role",
    "PutRolePolicy": "aws:iam/rolePolicy:RolePolicy",
    "AttachRolePolicy": "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "CreateInstanceProfile": "aws:iam/instanceProfile:InstanceProfile",
}


def to_pulumi_import(plan: Plan, role_name: str = "") -> str:
    """Return a command for each entity that the plan would create. Pulumi itself generates the code.

    ``role_name`` is the name of the role in the Pulumi program, if it has one.
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
