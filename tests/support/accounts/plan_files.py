"""Entities of hand-made snapshots as other tools' files that create them: Terraform plans, templates, previews."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.support.accounts.questions import ID

Entity = dict[str, Any]
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def terraform_plan(
    roles: Iterable[Entity] = (), users: Iterable[Entity] = (), policies: Iterable[Entity] = (), **more: Any
) -> dict[str, Any]:
    """A plan that creates the entities, as ``terraform show -json`` prints it. ``more`` are further changes: address →
    (type, values)."""
    changes: list[dict[str, Any]] = []
    configuration: list[dict[str, Any]] = []

    def create(type: str, name: str, after: dict[str, Any], unknown: Iterable[str] = (), **references: str) -> None:
        address = f"{type}.{name}"
        change = {
            "actions": ["create"],
            "before": None,
            "after": after,
            "after_unknown": dict.fromkeys(("id", "arn", *unknown), True),
        }
        changes.append({"address": address, "mode": "managed", "type": type, "name": name, "change": change})
        expressions = {key: {"references": [f"{each}.arn", each]} for key, each in references.items()}
        configuration.append({"address": address, "type": type, "expressions": expressions})

    for policy in policies:
        text = json.dumps(policy["PolicyVersionList"][0]["Document"])
        create("aws_iam_policy", policy["PolicyName"], {"name": policy["PolicyName"], "path": "/", "policy": text})
    for word, listed, name_key, inline_key in (
        ("role", roles, "RoleName", "RolePolicyList"),
        ("user", users, "UserName", "UserPolicyList"),
    ):
        for each in listed:
            name = each[name_key]
            after = {"name": name, "path": each.get("Path", "/"), "tags": _tags(each)}
            if word == "role":
                after["assume_role_policy"] = json.dumps(each["AssumeRolePolicyDocument"])
            boundary = each.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
            create(f"aws_iam_{word}", name, {**after, "permissions_boundary": boundary})
            for inline in each[inline_key]:
                text = json.dumps(inline["PolicyDocument"])
                given = {"name": inline["PolicyName"], word: name, "policy": text}
                create(f"aws_iam_{word}_policy", f"{name}-{inline['PolicyName']}", given)
            for policy in each["AttachedManagedPolicies"]:
                made = any(policy["PolicyName"] == one["PolicyName"] for one in policies)
                given = {word: name} if made else {word: name, "policy_arn": policy["PolicyArn"]}
                references = {"policy_arn": f"aws_iam_policy.{policy['PolicyName']}"} if made else {}
                unknown = ["policy_arn"] if made else []
                create(
                    f"aws_iam_{word}_policy_attachment", f"{name}-{policy['PolicyName']}", given, unknown, **references
                )
            if each.get("GroupList"):
                create("aws_iam_user_group_membership", name, {"user": name, "groups": each["GroupList"]})
    for address, (type, values) in more.items():
        create(type, address, values)
    root = {"root_module": {"resources": configuration}}
    return {"format_version": "1.2", "terraform_version": "1.9.8", "resource_changes": changes, "configuration": root}


def _tags(each: Entity) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in each.get("Tags", [])}


def pulumi_preview(roles: Iterable[Entity]) -> dict[str, Any]:
    """A preview that creates roles with their inline policies; names of the roles are known after the change only."""
    steps = []

    def create(type: str, name: str, inputs: dict[str, Any], **dependencies: str) -> str:
        urn = f"urn:pulumi:dev::shop::{type}::{name}"
        state = {"urn": urn, "type": type, "inputs": inputs, "propertyDependencies": {}}
        state["propertyDependencies"] = {key: [each] for key, each in dependencies.items()}
        steps.append({"op": "create", "urn": urn, "newState": state})
        return urn

    for each in roles:
        trust = json.dumps(each["AssumeRolePolicyDocument"])
        urn = create("aws:iam/role:Role", each["RoleName"], {"name": each["RoleName"], "assumeRolePolicy": trust})
        for inline in each["RolePolicyList"]:
            given = {"name": inline["PolicyName"], "policy": json.dumps(inline["PolicyDocument"]), "role": _UNKNOWN}
            create("aws:iam/rolePolicy:RolePolicy", f"{each['RoleName']}-policy", given, role=urn)
    return {"steps": steps, "changeSummary": {"create": len(steps)}}


def template(roles: Iterable[Entity] = (), policies: Iterable[Entity] = ()) -> dict[str, Any]:
    """A CloudFormation template that declares the entities, their policies attached by Ref."""
    resources: dict[str, Any] = {}
    logical = {policy["Arn"]: f"Policy{number}" for number, policy in enumerate(policies)}
    for policy in policies:
        resources[logical[policy["Arn"]]] = {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "ManagedPolicyName": policy["PolicyName"],
                "PolicyDocument": policy["PolicyVersionList"][0]["Document"],
            },
        }
    for number, each in enumerate(roles):
        attached = each["AttachedManagedPolicies"]
        properties = {
            "RoleName": each["RoleName"],
            "AssumeRolePolicyDocument": each["AssumeRolePolicyDocument"],
            "Policies": each["RolePolicyList"],
            "ManagedPolicyArns": [
                {"Ref": logical[policy["PolicyArn"]]} if policy["PolicyArn"] in logical else policy["PolicyArn"]
                for policy in attached
            ],
        }
        resources[f"Role{number}"] = {"Type": "AWS::IAM::Role", "Properties": properties}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def assembly(folder: Path, **stacks: dict[str, Any]) -> Path:
    """A CDK assembly with these stacks in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    artifacts: dict[str, Any] = {}
    for name, content in stacks.items():
        for logical, each in content["Resources"].items():
            each.setdefault("Metadata", {})["aws:cdk:path"] = f"{name}/{logical}/Resource"
        (folder / f"{name}.template.json").write_text(json.dumps(content), encoding="utf-8")
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://{ID}/eu-west-1",
            "properties": {"templateFile": f"{name}.template.json"},
        }
    (folder / "manifest.json").write_text(json.dumps({"version": "36.0.0", "artifacts": artifacts}), encoding="utf-8")
    return folder
