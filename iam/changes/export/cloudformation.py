"""Export a plan as a CloudFormation template (YAML).

Policy variables need no escape: ``${…}`` has a meaning in CloudFormation only inside Fn::Sub, which is not used.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from iam.changes.export.declarable import check_declarable, policy_value
from iam.changes.plan import Call, Plan, PlanError


def to_cloudformation(plan: Plan) -> str:
    """Return the plan as a YAML template. A comment says that a named role needs the capability CAPABILITY_NAMED_IAM.

    Raises `PlanError` if the plan changes or deletes existing entities.
    """
    body = template_text(template(plan))
    return (
        "# Deploy with: aws cloudformation deploy --capabilities CAPABILITY_NAMED_IAM "
        f"--stack-name NAME --template-file FILE\n{body}"
    )


_IDENTIFIERS = {
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
}


def to_import(plan: Plan, role_id: str = "") -> str:
    """Return the template with which a stack imports entities that the plan describes and that exist already.

    The commands, with the list of resources, are in comments at the top (CloudFormation User Guide, "Import AWS
    resources into a CloudFormation stack"). ``role_id`` is the role's logical ID, if the role already has one. An
    import requires that each resource is retained when it leaves the stack, and that the template has no outputs.
    """
    body = template(plan)
    body.pop("Outputs", None)
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,254}", role_id):
        made = next(logical for logical, each in body["Resources"].items() if each["Type"] == "AWS::IAM::Role")
        body["Resources"] = _renamed(body["Resources"], made, role_id)
    body["Resources"] = {
        logical: {"Type": each["Type"], "DeletionPolicy": "Retain", "Properties": each["Properties"]}
        for logical, each in body["Resources"].items()
    }
    resources = [
        {
            "ResourceType": each["Type"],
            "LogicalResourceId": logical,
            "ResourceIdentifier": {_IDENTIFIERS[each["Type"]]: each["Properties"][_IDENTIFIERS[each["Type"]]]},
        }
        for logical, each in body["Resources"].items()
    ]
    text = template_text(body)
    return (
        "# aws cloudformation create-change-set --change-set-type IMPORT --change-set-name adopt \\\n"
        "#   --stack-name STACK --capabilities CAPABILITY_NAMED_IAM --template-body file://FILE \\\n"
        f"#   --resources-to-import {shlex.quote(json.dumps(resources))}\n"
        f"# aws cloudformation execute-change-set --stack-name STACK --change-set-name adopt\n{text}"
    )


def _renamed(value: Any, before: str, after: str) -> Any:
    """Return the resources with one logical ID replaced, including references to it."""
    if isinstance(value, dict):
        refers = {"Ref", "DependsOn"}
        return {
            (after if key == before else key): (
                after if key in refers and held == before else _renamed(held, before, after)
            )
            for key, held in value.items()
        }
    if isinstance(value, list):
        return [_renamed(each, before, after) for each in value]
    return value


def template_text(value: Any) -> str:
    """Return a template as YAML."""
    import yaml

    return str(yaml.dump(value, Dumper=_dumper(), sort_keys=False, allow_unicode=False, width=110))


def template(plan: Plan) -> dict[str, Any]:
    """Return the template as Python values. Raises `PlanError`."""
    check_declarable(plan, "CloudFormation", "change the resource in the stack's own template")
    return _Template(plan).value()


class _Template:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.resources: dict[str, dict[str, Any]] = {}
        self.roles: dict[str, str] = {}
        self.made: dict[str, str] = {}  # entities that a trust policy may name by ARN, and must therefore depend on
        self.policies: dict[str, str] = {}
        self.profiles: dict[str, str] = {}

    def value(self) -> dict[str, Any]:
        for call in self.plan.calls:
            self._add(call)
        description = "".join(char if 0x20 <= ord(char) < 0x7F else "?" for char in self.plan.sentence)[:1024]
        outputs = {
            f"{logical}Arn": {"Description": f"ARN of {logical}", "Value": {"Fn::GetAtt": [logical, "Arn"]}}
            for logical in self.roles.values()
        }
        found: dict[str, Any] = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": description,
            "Resources": self.resources,
        }
        return {**found, "Outputs": outputs} if outputs else found

    def _add(self, call: Call) -> None:
        match call.operation:
            case "CreatePolicy":
                self._policy(call)
            case "CreateOpenIDConnectProvider":
                logical = self.made[call.target] = self._logical(call.text("Url").removeprefix("https://"), "Provider")
                audiences = list(call.parameters.get("ClientIDList") or ())
                provider = {"Url": call.text("Url"), "ClientIdList": audiences}
                self.resources[logical] = {"Type": "AWS::IAM::OIDCProvider", "Properties": provider}
            case "CreateRole":
                self._role(call)
            case "PutRolePolicy":
                properties = self._of(call)
                policies = properties.setdefault("Policies", [])
                document = policy_value(call.text("PolicyDocument"))
                policies.append({"PolicyName": call.text("PolicyName"), "PolicyDocument": document})
            case "AttachRolePolicy":
                arns = self._of(call).setdefault("ManagedPolicyArns", [])
                arns.append(self._arn(call.text("PolicyArn")))
            case "CreateInstanceProfile":
                name = call.text("InstanceProfileName")
                logical = self._logical(name, "InstanceProfile")
                self.profiles[name] = logical
                properties = {"InstanceProfileName": name, "Path": call.text("Path") or "/", "Roles": []}
                self.resources[logical] = {"Type": "AWS::IAM::InstanceProfile", "Properties": properties}
            case "AddRoleToInstanceProfile":
                known = self.profiles.get(call.text("InstanceProfileName"))
                if known is None:
                    raise PlanError(
                        f"The instance profile {call.text('InstanceProfileName')} already exists: import it into the "
                        "stack first, or export the plan as CLI commands."
                    )
                role = call.text("RoleName")
                logical_role = self.roles.get(role)
                self.resources[known]["Properties"]["Roles"].append({"Ref": logical_role} if logical_role else role)

    def _policy(self, call: Call) -> None:
        name = call.text("PolicyName")
        logical = self._logical(name, "Policy")
        self.policies[call.target] = logical
        properties = {
            "ManagedPolicyName": name,
            "Path": call.text("Path") or "/",
            **({"Description": call.text("Description")} if call.text("Description") else {}),
            "PolicyDocument": policy_value(call.text("PolicyDocument")),
        }
        self.resources[logical] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}

    def _role(self, call: Call) -> None:
        name = call.text("RoleName")
        logical = self._logical(name, "Role")
        self.roles[name] = logical
        properties: dict[str, Any] = {"RoleName": name, "Path": call.text("Path") or "/"}
        if call.text("Description"):
            properties["Description"] = call.text("Description")
        properties["AssumeRolePolicyDocument"] = policy_value(call.text("AssumeRolePolicyDocument"))
        if (seconds := call.parameters.get("MaxSessionDuration")) is not None:
            properties["MaxSessionDuration"] = seconds
        if call.text("PermissionsBoundary"):
            properties["PermissionsBoundary"] = self._arn(call.text("PermissionsBoundary"))
        tags: Mapping[str, str] = call.parameters.get("Tags") or {}
        if tags:
            properties["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        waits = [other for arn, other in self.made.items() if f'"{arn}"' in call.text("AssumeRolePolicyDocument")]
        self.made[call.target] = logical
        after = {"DependsOn": waits} if waits else {}
        self.resources[logical] = {"Type": "AWS::IAM::Role", **after, "Properties": properties}

    def _of(self, call: Call) -> dict[str, Any]:
        logical = self.roles.get(call.text("RoleName"))
        if logical is None:
            raise PlanError(
                f"The role {call.text('RoleName')} is not created by this plan, so the template of its stack has "
                "to declare the change."
            )
        properties: dict[str, Any] = self.resources[logical]["Properties"]
        return properties

    def _arn(self, arn: str) -> Any:
        logical = self.policies.get(arn)
        return {"Ref": logical} if logical else arn

    def _logical(self, name: str, suffix: str) -> str:
        """Return a unique logical ID of letters and digits."""
        words = re.findall(r"[A-Za-z0-9]+", name)
        base = "".join(word[:1].upper() + word[1:] for word in words)[:200] or "My"
        logical, number = f"{base}{suffix}", 2
        while logical in self.resources:
            logical, number = f"{base}{suffix}{number}", number + 1
        return logical


def _dumper() -> Any:
    """Return a YAML dumper without aliases that quotes versions, so that they stay strings."""
    import yaml

    class Plain(yaml.SafeDumper):  # type: ignore[misc]  # PyYAML ships no types
        def ignore_aliases(self, data: Any) -> bool:
            return True

    # CloudFormation's parser treats an unquoted 2012-10-17 as a date.
    Plain.add_representer(str, _text)
    return Plain


def _text(dumper: Any, value: str) -> Any:
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ./_-]*", value) and value.lower() not in _WORDS
    style = None if plain else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "none"}
