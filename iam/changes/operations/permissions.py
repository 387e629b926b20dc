"""Which permissions a write call needs of its caller, on which resource, under which condition keys.

Service Authorization Reference, "Actions, resources, and condition keys for AWS IAM": the action has the call's name;
tags in a CreateRole call need iam:TagRole besides, and AddRoleToInstanceProfile needs iam:PassRole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from iam.account import Account
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import Call, Plan

Context = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Need:
    """One permission: ``call`` is the index of the call that needs it."""

    call: int
    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Made:
    """What a role of the plan will be when later calls meet it."""

    arn: str
    boundary: str | None
    tags: Mapping[str, str]


def needs_of(plan: Plan, account: Account) -> tuple[Need, ...]:
    """The permissions that the plan's calls need, each once."""
    made: dict[str, _Made] = {}
    found: dict[tuple[str, str, str], Need] = {}
    for index, call in enumerate(plan.calls):
        if OPERATIONS[call.operation].creates == "role":
            boundary = call.text("PermissionsBoundary") or None
            made[call.text("RoleName")] = _Made(call.target, boundary, call.parameters.get("Tags") or {})
        for need in _needs(index, call, account, made):
            found.setdefault((need.action, need.resource, repr(sorted(need.context.items()))), need)
    return tuple(found.values())


def _needs(index: int, call: Call, account: Account, made: Mapping[str, _Made]) -> Iterator[Need]:
    role = call.text("RoleName")
    arn = _role_arn(role, account, made) if role else ""
    context = _context(call, account, made)
    if call.service == "ec2":
        yield Need(index, call.action, call.target, {})
        profile = call.text("IamInstanceProfile")
        held = account.instance_profile_ignoring_case(profile) if profile else None
        for name in held.roles if held is not None else ():
            service = OPERATIONS[call.operation].passes_to
            yield Need(index, "iam:PassRole", _role_arn(name, account, made), {"iam:PassedToService": (service,)})
        return
    profile = call.text("InstanceProfileName")
    if profile:
        held = account.instance_profile_ignoring_case(profile)
        default = f"arn:{account.partition}:iam::{account.id}:instance-profile/{profile}"
        target = held.arn if held else call.target if ":instance-profile/" in call.target else default
        # The keys of the role that is put in say nothing of the profile.
        yield Need(index, call.action, target, {} if role else context)
        yield from _tagging(index, call, target, context)
        if service := OPERATIONS[call.operation].passes_to:
            yield Need(index, "iam:PassRole", arn, {"iam:PassedToService": (service,)})
        return
    resource = arn or call.text("PolicyArn") or call.text("OpenIDConnectProviderArn") or call.target or "*"
    if call.text("UserName") or call.text("GroupName"):
        resource = call.target
    yield Need(index, call.action, resource, context)
    yield from _tagging(index, call, resource, context)


def _tagging(index: int, call: Call, resource: str, context: Context) -> Iterator[Need]:
    action = OPERATIONS[call.operation].tag_action
    if action and call.parameters.get("Tags"):
        tags = {key: values for key, values in context.items() if key.startswith("aws:")}
        yield Need(index, action, resource, tags)


def _role_arn(name: str, account: Account, made: Mapping[str, _Made]) -> str:
    if name in made:
        return made[name].arn
    held = account.role_ignoring_case(name)
    return held.arn if held else f"arn:{account.partition}:iam::{account.id}:role/{name}"


def _context(call: Call, account: Account, made: Mapping[str, _Made]) -> dict[str, tuple[str, ...]]:
    context: dict[str, tuple[str, ...]] = {}
    tags: Mapping[str, str] = call.parameters.get("Tags") or {}
    for key, value in tags.items():
        context[f"aws:RequestTag/{key}"] = (value,)
    keys = tuple(tags) or tuple(call.parameters.get("TagKeys") or ())
    if keys:
        context["aws:TagKeys"] = keys
    if call.text("PolicyArn") and call.text("RoleName"):
        context["iam:PolicyARN"] = (call.text("PolicyArn"),)
    if call.text("PermissionsBoundary"):
        context["iam:PermissionsBoundary"] = (call.text("PermissionsBoundary"),)
    name = call.text("RoleName")
    if name and OPERATIONS[call.operation].creates != "role":
        boundary, held_tags = _of_role(name, account, made)
        # For calls on an existing role the key tells the boundary that the role has.
        if boundary and "iam:PermissionsBoundary" not in context:
            context["iam:PermissionsBoundary"] = (boundary,)
        for key, value in held_tags.items():
            context[f"aws:ResourceTag/{key}"] = context[f"iam:ResourceTag/{key}"] = (value,)
    return context


def _of_role(name: str, account: Account, made: Mapping[str, _Made]) -> tuple[str | None, Mapping[str, str]]:
    if name in made:
        return made[name].boundary, made[name].tags
    held = account.role_ignoring_case(name)
    return (held.boundary_arn, held.tags or {}) if held else (None, {})
