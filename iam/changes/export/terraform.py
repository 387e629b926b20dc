"""Export a plan as Terraform configuration (HCL).

Only plans that create entities can be exported: existing entities must be changed or deleted in the configuration whose
state contains them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from iam.arn import name_of
from iam.changes.export.declarable import check_declarable, policy_value
from iam.changes.plan import Call, Plan, PlanError
from iam.foreign_text import visible


def to_terraform(plan: Plan, *, adopt: bool = False, role_address: str = "") -> str:
    """Return the plan as HCL.

    ``adopt``: the entities exist already, and each block comes with an ``import`` block for it (Terraform 1.5).
    ``role_address`` is the role's address in Terraform (``module.app.aws_iam_role.app[0]``): its block gets that label,
    and the role is imported to that address. Raises `PlanError` if the plan changes or deletes existing entities.
    """
    check_declarable(plan, "Terraform", "change the resource's own block")
    return _Configuration(plan, adopt, role_address).text()


_ROLE_ADDRESS = re.compile(
    r"(?:module\.[\w.\[\]\"'-]+\.)?aws_iam_role\.(?P<label>[A-Za-z_][\w-]*)(?:\[[^\]\s]{1,200}\])?"
)


class _Configuration:
    def __init__(self, plan: Plan, adopt: bool, role_address: str) -> None:
        self.plan, self.adopt = plan, adopt
        self.role_address = role_address if _ROLE_ADDRESS.fullmatch(role_address) else ""
        self.labels: set[tuple[str, str]] = set()
        self.roles: dict[str, str] = {}
        self.made: dict[str, str] = {}  # entities that a trust policy may name by ARN, and must therefore depend on
        self.policies: dict[str, str] = {}
        self.profiles = {
            call.text("InstanceProfileName"): call.text("RoleName")
            for call in plan.calls
            if call.operation == "AddRoleToInstanceProfile"
        }

    def text(self) -> str:
        made = {
            call.text("InstanceProfileName") for call in self.plan.calls if call.operation == "CreateInstanceProfile"
        }
        for profile in self.profiles:
            if profile not in made:
                raise PlanError(
                    f"The instance profile {profile} already exists: import it into Terraform first, or export the "
                    "plan as CLI commands."
                )
        blocks = [f"# {visible(self.plan.title)}\n"]
        for call in self.plan.calls:
            block = self._block(call)
            if block and self.adopt:
                kind, label = block.split('"')[1::2][:2]
                address = f"{kind}.{label}"
                if kind == "aws_iam_role" and self.role_address:
                    address = self.role_address
                blocks.append(f"import {{\n  to = {address}\n  id = {_string(import_id(call))}\n}}\n")
            if block:
                blocks.append(block)
        return "\n".join(blocks)

    def _block(self, call: Call) -> str:
        match call.operation:
            case "CreatePolicy":
                label = self._label("aws_iam_policy", call.text("PolicyName"))
                self.policies[call.target] = f"aws_iam_policy.{label}.arn"
                attributes = {
                    "name": _string(call.text("PolicyName")),
                    "path": _string(call.text("Path") or "/"),
                    "description": _string(call.text("Description")) if call.text("Description") else "",
                    "policy": hcl_document(call.text("PolicyDocument")),
                    "tags": _tags(call.parameters.get("Tags")),
                }
                return _resource("aws_iam_policy", label, attributes)
            case "CreateOpenIDConnectProvider":
                label = self._label("aws_iam_openid_connect_provider", call.text("Url").removeprefix("https://"))
                self.made[call.target] = f"aws_iam_openid_connect_provider.{label}"
                audiences = call.parameters.get("ClientIDList") or ()
                attributes = {"url": _string(call.text("Url")), "client_id_list": _value(list(audiences), 1)}
                return _resource("aws_iam_openid_connect_provider", label, attributes)
            case "CreateRole":
                parsed = _ROLE_ADDRESS.fullmatch(self.role_address)
                label = self._label("aws_iam_role", parsed["label"] if parsed else call.text("RoleName"))
                trust = call.text("AssumeRolePolicyDocument")
                waits = [address for arn, address in self.made.items() if f'"{arn}"' in trust]
                self.made[call.target] = f"aws_iam_role.{label}"
                self.roles[call.text("RoleName")] = f"aws_iam_role.{label}.name"
                seconds = call.parameters.get("MaxSessionDuration")
                boundary = call.text("PermissionsBoundary")
                attributes = {
                    "name": _string(call.text("RoleName")),
                    "path": _string(call.text("Path") or "/"),
                    "description": _string(call.text("Description")) if call.text("Description") else "",
                    "assume_role_policy": hcl_document(call.text("AssumeRolePolicyDocument")),
                    "max_session_duration": str(seconds) if seconds is not None else "",
                    "permissions_boundary": self._arn(boundary) if boundary else "",
                    "tags": _tags(call.parameters.get("Tags")),
                    "depends_on": f"[{', '.join(waits)}]" if waits else "",
                }
                return _resource("aws_iam_role", label, attributes)
            case "PutRolePolicy":
                label = self._label("aws_iam_role_policy", f"{call.text('RoleName')}_{call.text('PolicyName')}")
                attributes = {
                    "name": _string(call.text("PolicyName")),
                    "role": self._role(call),
                    "policy": hcl_document(call.text("PolicyDocument")),
                }
                return _resource("aws_iam_role_policy", label, attributes)
            case "AttachRolePolicy":
                arn = call.text("PolicyArn")
                name = f"{call.text('RoleName')}_{name_of(arn)}"
                label = self._label("aws_iam_role_policy_attachment", name)
                attributes = {"role": self._role(call), "policy_arn": self._arn(arn)}
                return _resource("aws_iam_role_policy_attachment", label, attributes)
            case "CreateInstanceProfile":
                profile = call.text("InstanceProfileName")
                label = self._label("aws_iam_instance_profile", profile)
                role = self.profiles.get(profile)
                attributes = {
                    "name": _string(profile),
                    "path": _string(call.text("Path") or "/"),
                    "role": self.roles.get(role, _string(role)) if role else "",
                }
                return _resource("aws_iam_instance_profile", label, attributes)
        return ""

    def _role(self, call: Call) -> str:
        name = call.text("RoleName")
        return self.roles.get(name, _string(name))

    def _arn(self, arn: str) -> str:
        return self.policies.get(arn, _string(arn))

    def _label(self, kind: str, name: str) -> str:
        """Return a unique label for a block: letters, digits, dashes and underscores, not beginning with a digit."""
        base = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_") or "this"
        base = base if re.match(r"[A-Za-z_]", base) else f"_{base}"
        label, number = base, 2
        while (kind, label) in self.labels:
            label, number = f"{base}_{number}", number + 1
        self.labels.add((kind, label))
        return label


def import_id(call: Call) -> str:
    """Return the Terraform import ID of the resource that a call creates.

    Pulumi uses the same ID because its provider is generated from Terraform's (AWS provider, "Import" on each
    resource's page).
    """
    match call.operation:
        case "CreatePolicy":
            return call.target
        case "PutRolePolicy":
            return f"{call.text('RoleName')}:{call.text('PolicyName')}"
        case "AttachRolePolicy":
            return f"{call.text('RoleName')}/{call.text('PolicyArn')}"
        case "CreateInstanceProfile":
            return call.text("InstanceProfileName")
    return call.text("RoleName")


def _resource(kind: str, label: str, attributes: Mapping[str, str]) -> str:
    given = [(name, value) for name, value in attributes.items() if value]
    return "\n".join([f'resource "{kind}" "{label}" {{', *_aligned(given, "  "), "}", ""])


def _aligned(pairs: list[tuple[str, str]], indent: str) -> list[str]:
    """Return ``name = value`` lines with the equal signs of neighbors aligned, as by ``terraform fmt``."""
    lines: list[str] = []
    group: list[tuple[str, str]] = []

    def flush() -> None:
        width = max((len(name) for name, _ in group), default=0)
        lines.extend(f"{indent}{name.ljust(width)} = {value}" for name, value in group)
        group.clear()

    for name, value in pairs:
        if "\n" in value:
            flush()
            lines.append(f"{indent}{name} = {value}")
        else:
            group.append((name, value))
    flush()
    return lines


_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def _string(text: str) -> str:
    """Return a quoted HCL template in which both kinds of interpolation are escaped."""
    quoted = "".join(_ESCAPES.get(char) or (char if char.isprintable() else _code(char)) for char in text)
    return '"' + quoted.replace("${", "$${").replace("%{", "%%{") + '"'


def _code(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def hcl_document(text: str) -> str:
    """Return the document as ``jsonencode({…})``, so that Terraform compares its content and ignores white space."""
    value = policy_value(text)
    if any(ord(char) > 0xFF for char in json.dumps(value, ensure_ascii=False)):
        # IAM accepts such characters only as escapes, but jsonencode would not escape them.
        return _string(json.dumps(value))
    return f"jsonencode({_value(value, 1)})"


def _value(value: Any, depth: int) -> str:
    indent, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        if not value:
            return "{}"
        pairs = [(_key(str(key)), _value(each, depth + 1)) for key, each in value.items()]
        return "\n".join(["{", *_aligned(pairs, indent), f"{outer}}}"])
    if isinstance(value, list):
        if not value:
            return "[]"
        return "[\n" + "".join(f"{indent}{_value(each, depth + 1)},\n" for each in value) + f"{outer}]"
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", key) else _string(key)


def _tags(tags: Any) -> str:
    return _value(dict(tags), 1) if tags else ""
