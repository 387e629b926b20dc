"""Read the roles in a CloudFormation template, with the policies and instance profiles that other resources add.

CloudFormation Template Reference: AWS::IAM::Role, ::RolePolicy, ::Policy, ::ManagedPolicy, ::InstanceProfile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from iam.account import Account
from iam.creation.spec_file import SpecError
from iam.facts.global_services import url_suffix

_ROLE, _POLICY, _PROFILE = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::IAM::InstanceProfile"
INLINE = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy")
_MARK = re.compile(r"\$\{(!?)([^}]*)\}")
_DEEPEST = 60


def is_template(value: Any) -> bool:
    return isinstance(value, dict) and any(kind.startswith("AWS::IAM::") for _, kind, _ in resources(value))


def template_of(text: str) -> Any:
    """Parse a YAML template, expanding the short form of functions. None if the text is not a template."""
    if "Resources:" not in text:
        return None
    import yaml

    class Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML ships no types
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):  # with aliases, a small text could expand without limit
                raise yaml.YAMLError("an alias")
            return super().compose_node(parent, index)

    def function(loader: Any, suffix: str, node: Any) -> Any:
        match node.id:
            case "scalar":
                value = loader.construct_scalar(node)
            case "sequence":
                value = loader.construct_sequence(node, deep=True)
            case _:
                value = loader.construct_mapping(node, deep=True)
        if suffix == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}

    Loader.add_multi_constructor("!", function)
    # Policy versions look like dates, but are strings here.
    Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: str(node.value))
    try:
        return yaml.load(text, Loader)
    except (yaml.YAMLError, RecursionError, ValueError, TypeError):
        return None


def resources(template: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the logical ID, the type and the properties of each resource."""
    listed = template.get("Resources")
    for logical, each in listed.items() if isinstance(listed, dict) else ():
        if isinstance(each, dict) and isinstance(each.get("Type"), str):
            properties = each.get("Properties")
            yield str(logical), each["Type"], properties if isinstance(properties, dict) else {}


def specs_of_template(template: Mapping[str, Any], account: Account, region: str) -> list[dict[str, Any]]:
    """Return the specs of the roles in a template.

    Raises `SpecError` if no role has a name, or if a value is known only when the template is deployed.
    """
    stack = stack_of(template, account, region)
    roles = {logical: stack.role(logical, each) for logical, each in stack.named[_ROLE].items() if "RoleName" in each}
    if not roles:
        raise SpecError("The template names no role: CloudFormation generates the names of roles without RoleName.")
    for logical, kind, properties in resources(template):
        if kind in INLINE:
            for role in stack.roles_of(properties, roles):
                name = stack.text(properties.get("PolicyName"), f"{logical}.PolicyName")
                document = stack.value(properties.get("PolicyDocument"), f"{logical}.PolicyDocument")
                role.setdefault("inline", {})[name] = document
        elif kind == _POLICY:
            for role in stack.roles_of(properties, roles):
                stack.attach(role, {"Ref": logical}, logical)
        elif kind == _PROFILE and "InstanceProfileName" in properties:
            for role in stack.roles_of(properties, roles):
                role["instance_profile"] = stack.text(properties["InstanceProfileName"], logical)
    return list(roles.values())


def stack_of(template: Mapping[str, Any], account: Account, region: str) -> Stack:
    stack = Stack(template, account, region)
    for logical, kind, properties in resources(template):
        if kind in stack.named:
            stack.named[kind][logical] = properties
    return stack


@dataclass
class Stack:
    """A template, with the account that provides values for it.

    ``named`` contains properties by type and logical ID.
    """

    template: Mapping[str, Any]
    account: Account
    region: str
    named: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {_ROLE: {}, _POLICY: {}, _PROFILE: {}})

    def role_named(self, name: str) -> tuple[str, dict[str, Any]]:
        """Return the logical ID and the properties of the role with this name.

        Raises `SpecError` if the template has no such role.
        """
        for logical, properties in self.named[_ROLE].items():
            if "RoleName" in properties and self.value(properties["RoleName"], logical) == name:
                return logical, properties
        raise SpecError(f"The template has no role {name}.")

    def policy_named(self, name: str) -> dict[str, Any]:
        for logical, properties in self.named[_POLICY].items():
            if self.value(properties.get("ManagedPolicyName"), logical) == name:
                return properties
        raise SpecError(f"The template has no policy {name}.")

    def attached_arn(self, value: Any) -> Any:
        """Return the ARN for an entry in ManagedPolicyArns."""
        return self.value(value, "ManagedPolicyArns")

    def role(self, logical: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        spec: dict[str, Any] = {"instance_profile": False}  # unless another resource declares one
        for key, own in _KEYS.items():
            if key in properties:
                spec[own] = self.value(properties[key], f"{logical}.{key}")
        if "tags" in spec:
            spec["tags"] = {str(each["Key"]): str(each["Value"]) for each in spec["tags"]}
        if "max_session_seconds" in spec:  # a parameter is a string
            spec["max_session_seconds"] = int(str(spec["max_session_seconds"]))
        if "Policies" in properties:
            where = f"{logical}.Policies"
            listed = self.value(properties["Policies"], where)
            spec["inline"] = {each["PolicyName"]: each["PolicyDocument"] for each in listed}
        for each in properties.get("ManagedPolicyArns") or ():
            self.attach(spec, each, f"{logical}.ManagedPolicyArns")
        return spec

    def attach(self, spec: dict[str, Any], value: Any, where: str) -> None:
        """Add a policy to the spec, either by its ARN or as a policy that the template creates."""
        logical = value.get("Ref") if isinstance(value, dict) else None
        made = self.named[_POLICY].get(str(logical))
        if made is None:
            spec.setdefault("attach", []).append(self.text(value, where))
            return
        policy: dict[str, Any] = {
            "name": self.text(made.get("ManagedPolicyName"), f"{logical}.ManagedPolicyName"),
            "document": self.value(made.get("PolicyDocument"), f"{logical}.PolicyDocument"),
        }
        for key, own in (("Path", "path"), ("Description", "description")):
            if key in made:
                policy[own] = self.text(made[key], f"{logical}.{key}")
        listed = spec.setdefault("policies", [])
        if policy not in listed:
            listed.append(policy)

    def roles_of(self, properties: Mapping[str, Any], roles: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
        named = properties.get("Roles") or [properties.get("RoleName")]
        for each in named if isinstance(named, list) else ():
            logical = each.get("Ref") if isinstance(each, dict) else None
            for id, role in roles.items():
                if id == logical or role.get("name") == each:
                    yield role

    # Values

    def text(self, value: Any, where: str) -> str:
        found = self.value(value, where)
        if not isinstance(found, str):
            raise SpecError(f"{where} is not a string: {json.dumps(found)[:80]}.")
        return found

    def value(self, value: Any, where: str, depth: int = 0) -> Any:
        """Return the value with its template functions evaluated. Raises `SpecError`."""
        if depth > _DEEPEST:
            raise SpecError(f"{where} is nested too deeply.")
        if isinstance(value, list):
            return [self.value(each, where, depth + 1) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (function, given) = next(iter(value.items()))
            if function == "Ref" and isinstance(given, str):
                return self._reference(given, where, depth)
            if function == "Fn::GetAtt":
                return self._attribute(given, where, depth)
            if function == "Fn::Sub":
                return self._substituted(given, where, depth)
            if function == "Fn::Join" and isinstance(given, list) and len(given) == 2:
                return str(given[0]).join(map(str, self.value(given[1], where, depth + 1)))
            if function.startswith("Fn::"):
                raise SpecError(f"{where} depends on {function}, which is known only at deployment.")
        return {str(key): self.value(each, where, depth + 1) for key, each in value.items()}

    def _reference(self, name: str, where: str, depth: int) -> Any:
        if name in (pseudo := self._pseudo()):
            return pseudo[name]
        for kind, key in ((_ROLE, "RoleName"), (_PROFILE, "InstanceProfileName")):
            if key in self.named[kind].get(name, {}):
                return self.value(self.named[kind][name][key], where, depth + 1)
        if name in self.named[_POLICY]:
            return self._arn(_POLICY, name, "policy", "ManagedPolicyName", where, depth)
        parameter = (self.template.get("Parameters") or {}).get(name)
        if isinstance(parameter, dict) and "Default" in parameter:
            return parameter["Default"]
        raise SpecError(f"{where} depends on {name}, which has no default, so its value is known only at deployment.")

    def _pseudo(self) -> Mapping[str, str]:
        suffix = url_suffix(self.account.partition)
        return {
            "AWS::AccountId": self.account.id,
            "AWS::Partition": self.account.partition,
            "AWS::Region": self.region,
            "AWS::URLSuffix": suffix,
        }

    def _attribute(self, given: Any, where: str, depth: int) -> str:
        parts = given.split(".", 1) if isinstance(given, str) else list(map(str, given)) if given else []
        for kind, word, key in ((_ROLE, "role", "RoleName"), (_PROFILE, "instance-profile", "InstanceProfileName")):
            if len(parts) == 2 and parts[1] == "Arn" and key in self.named[kind].get(parts[0], {}):
                return self._arn(kind, parts[0], word, key, where, depth)
        raise SpecError(f"{where} depends on {'.'.join(parts)}, which is known only at deployment.")

    def _arn(self, kind: str, logical: str, word: str, key: str, where: str, depth: int) -> str:
        properties = self.named[kind][logical]
        if key not in properties:
            raise SpecError(f"{where} depends on {logical}, and CloudFormation generates its name.")
        name = self.value(properties[key], where, depth + 1)
        path = self.value(properties.get("Path", "/"), where, depth + 1)
        return f"arn:{self.account.partition}:iam::{self.account.id}:{word}{path}{name}"

    def _substituted(self, given: Any, where: str, depth: int) -> str:
        text, own = (given[0], given[1]) if isinstance(given, list) and len(given) == 2 else (given, {})

        def of(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in own:
                return str(self.value(own[name], where, depth + 1))
            return str(self._attribute(name, where, depth) if "." in name else self._reference(name, where, depth + 1))

        return _MARK.sub(of, str(text))


_KEYS = {
    "RoleName": "name",
    "Path": "path",
    "AssumeRolePolicyDocument": "trust",
    "PermissionsBoundary": "boundary",
    "Description": "description",
    "MaxSessionDuration": "max_session_seconds",
    "Tags": "tags",
}
