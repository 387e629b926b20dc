"""Plans of every kind, for errors to happen in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from iam.account import InlinePolicy
from iam.changes.builders.policies import attach, delete_policy, new_version, put_inline, together
from iam.changes.builders.roles import delete_role, edit_role
from iam.changes.plan import Plan
from iam.creation.plan import create_role
from iam.creation.spec import NewPolicy, RoleSpec
from iam.policy.document import Document
from tests.support.accounts.documents import READ
from tests.support.faults.troubles import Setting, tampered

SSM = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"


def wanted(setting: Setting, **changes: Any) -> RoleSpec:
    """One of everything: CreatePolicy, CreateRole, PutRolePolicy, three AttachRolePolicy, CreateInstanceProfile,
    AddRoleToInstanceProfile."""
    return replace(setting.spec, new_policies=(NewPolicy("thumbnails", READ),), **changes)


def creation(setting: Setting, **changes: Any) -> Plan:
    return create_role(wanted(setting, **changes), setting.account)


def spec_of(plan: Plan) -> RoleSpec:
    """What a plan to create a role would have come from."""
    calls = {
        name: [call for call in plan.calls if call.operation == name] for name in {c.operation for c in plan.calls}
    }
    made, [role] = calls.get("CreatePolicy", []), calls["CreateRole"]
    profiles = calls.get("AddRoleToInstanceProfile", [])
    return RoleSpec(
        name=role.text("RoleName"),
        trust=Document(role.text("AssumeRolePolicyDocument")),
        path=role.text("Path"),
        description=role.text("Description"),
        tags=role.parameters["Tags"],
        max_session_seconds=role.parameters["MaxSessionDuration"],
        boundary_arn=role.text("PermissionsBoundary"),
        inline=tuple(
            InlinePolicy(call.text("PolicyName"), Document(call.text("PolicyDocument")))
            for call in calls.get("PutRolePolicy", [])
        ),
        attached=tuple(
            call.text("PolicyArn")
            for call in calls.get("AttachRolePolicy", [])
            if call.text("PolicyArn") not in {each.target for each in made}
        ),
        new_policies=tuple(
            NewPolicy(call.text("PolicyName"), Document(call.text("PolicyDocument")), call.text("Path"))
            for call in made
        ),
        instance_profile=profiles[0].text("InstanceProfileName") if profiles else None,
    )


def deletion(setting: Setting) -> Plan:
    """Out of the profile, two DetachRolePolicy, DeleteRole, DeleteInstanceProfile."""
    return delete_role(setting.role("web-frontend-ec2"), setting.account)


def edition(setting: Setting) -> Plan:
    """PutRolePolicy, UpdateRole, TagRole."""
    role = setting.role("metrics-collector")
    plans = [put_inline(role, "first", READ.text, setting.account)]
    tags = {**(role.tags or {}), "new": "tag"}
    plans.append(edit_role(role, setting.account, description="edited", tags=tags))
    return together("two things", plans)


def version(setting: Setting) -> Plan:
    """PutRolePolicy, then CreatePolicyVersion and SetDefaultPolicyVersion."""
    role = setting.role("metrics-collector")
    plans = [put_inline(role, "first", READ.text, setting.account)]
    plans.append(new_version(setting.policy("lake-etl"), READ.text, setting.account))
    return together("two things", plans)


def policy_deletion(setting: Setting) -> Plan:
    """DetachRolePolicy, DeletePolicy."""
    return delete_policy(setting.policy("report-export"), setting.account)


def service_role(setting: Setting) -> Plan:
    """PutRolePolicy, then AttachRolePolicy on a role that has become a service's."""
    role = setting.role("metrics-collector")
    plans = [put_inline(role, "first", READ.text, setting.account), attach(role, SSM, setting.account)]
    return tampered(together("two things", plans), "AttachRolePolicy", RoleName="AWSServiceRoleForECS")
