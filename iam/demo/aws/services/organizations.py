"""AWS Organizations as a delegated administrator sees it; moto does not answer calls from member accounts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iam.demo.account.facts import MANAGEMENT, ORGANIZATION, ago
from iam.demo.account.load import DEMO
from iam.demo.account.organization import DemoOrganizationPolicy, DemoTarget
from iam.demo.aws.server import Handler
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World

_TARGETS = DEMO.organization_targets


def _describe_organization(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {
        "Organization": {
            "Id": ORGANIZATION,
            "Arn": f"arn:aws:organizations::{MANAGEMENT}:organization/{ORGANIZATION}",
            "FeatureSet": "ALL",
            "MasterAccountArn": f"arn:aws:organizations::{MANAGEMENT}:account/{ORGANIZATION}/{MANAGEMENT}",
            "MasterAccountId": MANAGEMENT,
            "MasterAccountEmail": "aws-root@harbor.example",
        }
    }


def _list_roots(world: World, call: DemoCall) -> Mapping[str, Any]:
    root = _TARGETS[0]
    kinds = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
    types = [{"Type": kind, "Status": "ENABLED"} for kind in kinds]
    return {"Roots": [{"Id": root.id, "Arn": root.arn, "Name": root.name, "PolicyTypes": types}]}


def _list_parents(world: World, call: DemoCall) -> Mapping[str, Any]:
    level = _level(call.get("ChildId"), "ChildNotFoundException")
    parent = _parent(level)
    return {"Parents": [{"Id": parent.id, "Type": parent.kind}] if parent else []}


def _list_children(world: World, call: DemoCall) -> Mapping[str, Any]:
    level = _parent_named(call)
    return {"Children": [{"Id": one.id, "Type": one.kind} for one in _under(level, call.get("ChildType"))]}


def _describe_unit(world: World, call: DemoCall) -> Mapping[str, Any]:
    level = _level(call.get("OrganizationalUnitId"), "OrganizationalUnitNotFoundException")
    return {"OrganizationalUnit": {"Id": level.id, "Arn": level.arn, "Name": level.name}}


def _account(level: DemoTarget) -> Mapping[str, Any]:
    return {
        "Id": level.id,
        "Arn": level.arn,
        "Email": f"aws-{level.name.removeprefix('harbor-')}@harbor.example",
        "Name": level.name,
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": ago(days=905),
    }


def _describe_account(world: World, call: DemoCall) -> Mapping[str, Any]:
    level = next((one for one in _TARGETS if one.kind == "ACCOUNT" and one.id == call.get("AccountId")), None)
    if level is None:
        raise AwsError("AccountNotFoundException", "You specified an account that doesn't exist.")
    return {"Account": _account(level)}


def _list_accounts(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {"Accounts": [_account(one) for one in _TARGETS if one.kind == "ACCOUNT"]}


def _list_accounts_under(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {"Accounts": [_account(one) for one in _under(_parent_named(call), "ACCOUNT")]}


def _list_units_under(world: World, call: DemoCall) -> Mapping[str, Any]:
    units = _under(_parent_named(call), "ORGANIZATIONAL_UNIT")
    return {"OrganizationalUnits": [{"Id": one.id, "Arn": one.arn, "Name": one.name} for one in units]}


def _list_policies_for_target(world: World, call: DemoCall) -> Mapping[str, Any]:
    level = _level(call.get("TargetId"), "TargetNotFoundException")
    return {"Policies": [_summary(policy) for policy in DEMO.organization_policies_at(level.id, call.get("Filter"))]}


def _list_policies(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {
        "Policies": [_summary(policy) for policy in DEMO.organization_policies if policy.kind == call.get("Filter")]
    }


def _describe_policy(world: World, call: DemoCall) -> Mapping[str, Any]:
    policy = _policy(call)
    return {"Policy": {"PolicySummary": _summary(policy), "Content": json.dumps(policy.document, indent=2)}}


def _list_targets(world: World, call: DemoCall) -> Mapping[str, Any]:
    policy = _policy(call)
    return {
        "Targets": [
            {"TargetId": level.id, "Arn": level.arn, "Name": level.name, "Type": level.kind}
            for level in _TARGETS
            if level.id in policy.targets
        ]
    }


def _parent(level: DemoTarget) -> DemoTarget | None:
    return next((one for one in _TARGETS if one.id == level.parent), None)


def _under(parent: DemoTarget, kind: str) -> list[DemoTarget]:
    return [one for one in _TARGETS if one.parent == parent.id and one.kind == kind]


def _parent_named(call: DemoCall) -> DemoTarget:
    return _level(call.get("ParentId"), "ParentNotFoundException")


def _level(target: str, missing: str) -> DemoTarget:
    level = next((one for one in _TARGETS if one.id == target), None)
    if level is None:
        raise AwsError(missing, "You specified a target that doesn't exist.")
    return level


def _policy(call: DemoCall) -> DemoOrganizationPolicy:
    policy = next((one for one in DEMO.organization_policies if one.id == call.get("PolicyId")), None)
    if policy is None:
        raise AwsError("PolicyNotFoundException", "You specified a policy that doesn't exist.")
    return policy


def _summary(policy: DemoOrganizationPolicy) -> Mapping[str, Any]:
    return {
        "Id": policy.id,
        "Arn": policy.arn,
        "Name": policy.name,
        "Description": policy.description,
        "Type": policy.kind,
        "AwsManaged": policy.aws_managed,
    }


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("organizations", "DescribeAccount"): _describe_account,
    ("organizations", "DescribeOrganization"): _describe_organization,
    ("organizations", "DescribeOrganizationalUnit"): _describe_unit,
    ("organizations", "DescribePolicy"): _describe_policy,
    ("organizations", "ListAccounts"): _list_accounts,
    ("organizations", "ListAccountsForParent"): _list_accounts_under,
    ("organizations", "ListChildren"): _list_children,
    ("organizations", "ListOrganizationalUnitsForParent"): _list_units_under,
    ("organizations", "ListParents"): _list_parents,
    ("organizations", "ListPolicies"): _list_policies,
    ("organizations", "ListPoliciesForTarget"): _list_policies_for_target,
    ("organizations", "ListRoots"): _list_roots,
    ("organizations", "ListTargetsForPolicy"): _list_targets,
}
