"""Read the roles in a Terraform plan or state printed by ``terraform show -json``.

Terraform docs, JSON Output Format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from iam.creation.spec_file import SpecError

_DEEPEST = 30


def is_plan(value: Any) -> bool:
    return isinstance(value, dict) and ("planned_values" in value or "values" in value) and "format_version" in value


def specs_of_plan(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the specs of the roles in a Terraform plan or state.

    Raises `SpecError` if it contains no role, or if a value is known only after apply.
    """
    values = plan.get("planned_values") or plan.get("values") or {}
    resources = list(_resources(values.get("root_module"), 0))
    references = dict(_references((plan.get("configuration") or {}).get("root_module"), ""))
    roles = {each["address"]: _role(each) for each in resources if each.get("type") == "aws_iam_role"}
    if not roles:
        raise SpecError("The Terraform file has no aws_iam_role.")
    policies = {each["address"]: each["values"] for each in resources if each.get("type") == "aws_iam_policy"}
    for each in resources:
        address, given = each["address"], each["values"]
        named = references.get(_plain(address), {})
        for role in _meant(given, named, roles):
            match each.get("type"):
                case "aws_iam_role_policy":
                    name, document = _known_value(given, "name", address), _known_value(given, "policy", address)
                    role.setdefault("inline", {})[name] = document
                case "aws_iam_role_policy_attachment":
                    _attach(role, given, named, policies, address)
                case "aws_iam_instance_profile":
                    role["instance_profile"] = _known_value(given, "name", address)
    return list(roles.values())


def _resources(module: Any, depth: int) -> Iterator[dict[str, Any]]:
    if not isinstance(module, dict) or depth > _DEEPEST:
        return
    for each in module.get("resources") or ():
        right = isinstance(each, dict) and isinstance(each.get("values"), dict) and isinstance(each.get("address"), str)
        if right and each.get("mode", "managed") == "managed":
            yield each
    for child in module.get("child_modules") or ():
        yield from _resources(child, depth + 1)


def _references(module: Any, prefix: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield, for each address, the resources that each argument refers to."""
    if not isinstance(module, dict):
        return
    for each in module.get("resources") or ():
        expressions = each.get("expressions") or {}
        found = {
            key: [f"{prefix}{name}" for name in value["references"]]
            for key, value in expressions.items()
            if isinstance(value, dict) and "references" in value
        }
        yield f"{prefix}{each['address']}", found
    for name, call in (module.get("module_calls") or {}).items():
        yield from _references(call.get("module"), f"{prefix}module.{name}.")


def _plain(address: str) -> str:
    """Return an address without the keys of ``count`` and ``for_each``, which the configuration does not contain."""
    return "".join(part.partition("]")[2] if at else part for at, part in enumerate(address.split("[")))


def _role(resource: Mapping[str, Any]) -> dict[str, Any]:
    address, given = resource["address"], resource["values"]
    spec: dict[str, Any] = {
        "name": _known_value(given, "name", address),
        "trust": _known_value(given, "assume_role_policy", address),
        "instance_profile": False,  # unless another resource declares one
    }
    for key, own in _KEYS.items():
        if given.get(key) not in (None, ""):
            spec[own] = given[key]
    if isinstance(given.get("tags_all") or given.get("tags"), dict):
        spec["tags"] = given.get("tags_all") or given["tags"]
    inline = [each for each in given.get("inline_policy") or () if each.get("name")]
    if inline:
        spec["inline"] = {each["name"]: each.get("policy", "") for each in inline}
    if given.get("managed_policy_arns"):
        spec["attach"] = list(given["managed_policy_arns"])
    return spec


def _known_value(given: Mapping[str, Any], key: str, address: str) -> str:
    value = given.get(key)
    if not isinstance(value, str):
        raise SpecError(f"{address}.{key} is known only after apply, so the file does not contain it.")
    return value


def _meant(
    given: Mapping[str, Any], named: Mapping[str, list[str]], roles: Mapping[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield the roles that a resource belongs to: by name, or by reference if the name is not known yet."""
    role = given.get("role")
    references = named.get("role") or ()
    for address, each in roles.items():
        if (role is not None and role == each["name"]) or (role is None and _plain(address) in references):
            yield each


def _attach(
    role: dict[str, Any],
    given: Mapping[str, Any],
    named: Mapping[str, list[str]],
    policies: Mapping[str, Mapping[str, Any]],
    address: str,
) -> None:
    for reference in named.get("policy_arn") or ():
        made = next((each for other, each in policies.items() if _plain(other) == reference), None)
        if made is not None:
            policy = {
                "name": _known_value(made, "name", reference),
                "document": _known_value(made, "policy", reference),
            }
            policy |= {key: made[key] for key in ("path", "description") if made.get(key)}
            role.setdefault("policies", []).append(policy)
            return
    role.setdefault("attach", []).append(_known_value(given, "policy_arn", address))


_KEYS = {
    "path": "path",
    "description": "description",
    "max_session_duration": "max_session_seconds",
    "permissions_boundary": "boundary",
}
