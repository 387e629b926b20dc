"""Update a file that declares roles so that it matches the account, in the fields in which the two differ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from iam.account import Account, Role
from iam.changes.export.cloudformation import template_text
from iam.changes.plan import Plan, PlanError
from iam.creation.declared.template import INLINE, is_template, resources, stack_of, template_of
from iam.creation.declared.terraform import is_plan
from iam.creation.spec_file import SpecError, decoded_json, key_of
from iam.own_command import own_command
from iam.policy.document import Document, PolicyError
from iam.sources.reader.account_reader import AccountReader

_DIFFERS: Mapping[str, tuple[str, ...]] = {
    "UpdateAssumeRolePolicy": ("trust",),
    "PutRolePolicy": ("inline",),
    "DeleteRolePolicy": ("inline",),
    "AttachRolePolicy": ("attached",),
    "DetachRolePolicy": ("attached",),
    "PutRolePermissionsBoundary": ("boundary",),
    "DeleteRolePermissionsBoundary": ("boundary",),
    "UpdateRole": ("description", "max_session_seconds"),
    "TagRole": ("tags",),
    "UntagRole": ("tags",),
    "CreatePolicyVersion": ("policies",),
}
"""The fields that differ, by the call that would make the account match the file."""


def rewritten(
    text: str, found: Iterable[tuple[Role, Plan]], account: Account, reader: AccountReader, region: str
) -> str:
    """Return the updated text of the file.

    ``found`` are its roles as they are in the account, each with the plan that would make it match the file. Raises
    `PlanError` if the file cannot express the state. May block.
    """
    value = _decoded(text)
    if is_plan(value):
        raise PlanError(
            f"A Terraform plan is generated, so it is not edited: {own_command('adopt', 'ROLE')} prints the role's "
            "configuration."
        )
    template = is_template(value)
    for role, plan in found:
        fields = _fields(plan)
        if template:
            _into_template(value, role, plan, fields, account, reader, region)
        else:
            _into_spec(_spec_of(value, role.name), role, plan, fields, reader)
    return template_text(value) if template and not text.lstrip().startswith("{") else _json(value)


def _decoded(text: str) -> Any:
    try:
        return decoded_json(text)
    except SpecError:
        value = template_of(text)
        if value is None:
            raise
        return value


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _fields(plan: Plan) -> list[str]:
    unsaid = next((call for call in plan.calls if call.operation not in _DIFFERS), None)
    if unsaid is not None:
        raise PlanError(f"The file declares something that the account does not have; remove it by hand: {unsaid.why}")
    return list(dict.fromkeys(field for call in plan.calls for field in _DIFFERS[call.operation]))


def _value(document: Document | None) -> Any:
    try:
        return document.value if document is not None else None
    except PolicyError as error:
        raise PlanError(f"A policy of the role cannot be written: {error}") from None


def _of_role(role: Role, field: str) -> Any:
    """Return a field of the role in the account; None if it is not set."""
    match field:
        case "trust":
            return _value(role.trust)
        case "boundary":
            return role.boundary_arn
        case "description":
            return role.description or None
        case "max_session_seconds":
            return role.max_session_seconds
        case "tags":
            return {key: each for key, each in (role.tags or {}).items() if not key.lower().startswith("aws:")}
        case "inline":
            return {each.name: _value(each.document) for each in role.inline or ()}
    return [each.arn for each in role.attached or ()]


# A spec.


def _spec_of(value: Any, name: str) -> dict[str, Any]:
    listed = value.get("roles", [value]) if isinstance(value, dict) else value
    return next(each for each in listed if name in (each.get("name"), each.get("RoleName")))


def _into_spec(spec: dict[str, Any], role: Role, plan: Plan, fields: Iterable[str], reader: AccountReader) -> None:
    made = {each["name"]: each for each in spec.get("policies", ())}
    for field in fields:
        found = _of_role(role, field)
        if field == "policies":
            for name, document in _documents(plan, reader).items():
                made[name]["document"] = document
        elif field == "inline":
            spec.pop("permissions", None)  # the policies that recipes create are in the file as documents
            spec["inline"] = found
        elif field == "attached":
            spec["attach"] = [arn for arn in found if arn.rpartition("/")[2] not in made]
        elif found is None:
            spec.pop(key_of(field, spec), None)
        else:
            spec[key_of(field, spec)] = found


def _documents(plan: Plan, reader: AccountReader) -> dict[str, Any]:
    """Return the current documents of the customer policies that the plan would change, by name."""
    found = {}
    for call in plan.calls:
        if call.operation == "CreatePolicyVersion":
            policy = reader.managed_policy(call.text("PolicyArn")).value
            found[call.text("PolicyArn").rpartition("/")[2]] = _value(policy.document if policy is not None else None)
    return found


# A template.

_KEYS = {
    "trust": "AssumeRolePolicyDocument",
    "boundary": "PermissionsBoundary",
    "description": "Description",
    "max_session_seconds": "MaxSessionDuration",
}


def _into_template(
    template: dict[str, Any],
    role: Role,
    plan: Plan,
    fields: Iterable[str],
    account: Account,
    reader: AccountReader,
    region: str,
) -> None:
    """Update the template. Raises `PlanError` if other resources declare the role's inline policies."""
    stack = stack_of(template, account, region)
    logical, properties = stack.role_named(role.name)
    for field in fields:
        found = _of_role(role, field)
        match field:
            case "policies":
                for name, document in _documents(plan, reader).items():
                    stack.policy_named(name)["PolicyDocument"] = document
            case "tags":
                properties["Tags"] = [{"Key": key, "Value": each} for key, each in found.items()]
            case "inline":
                if apart := next((id for id, kind, _ in resources(template) if kind in INLINE), None):
                    raise PlanError(f"{apart} declares inline policies separately from {logical}: change it by hand.")
                properties["Policies"] = [{"PolicyName": name, "PolicyDocument": each} for name, each in found.items()]
            case "attached":
                held = {stack.attached_arn(each): each for each in properties.get("ManagedPolicyArns") or ()}
                properties["ManagedPolicyArns"] = [held.get(arn, arn) for arn in found]
            case _ if found is None:
                properties.pop(_KEYS[field], None)
            case _:
                properties[_KEYS[field]] = found
