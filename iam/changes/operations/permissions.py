"""The permissions that a write call requires: actions, resources and condition keys.

Service Authorization Reference, "Actions, resources, and condition keys for AWS IAM"
(https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html): the
action has the call's name; tags in a CreateRole call need iam:TagRole too, and AddRoleToInstanceProfile needs
iam:PassRole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from iam import service_reference
from iam.account import Account, Role, User
from iam.changes.account_after import accounts_during, with_named_only
from iam.changes.operations.operation import Operation
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import AnswerValue, Call, Plan

Context = Mapping[str, tuple[str, ...]]
_BOUNDARY, _POLICY = _LISTED = ("iam:PermissionsBoundary", "iam:PolicyARN")


@dataclass(frozen=True, slots=True)
class Need:
    """A permission that a call requires. ``call`` is the index of the call.

    ``tags_known``: the resource has exactly the tags that ``context`` contains.
    """

    call: int
    action: str
    resource: str
    context: Context = field(default_factory=dict)
    tags_known: bool = False


def needs_of(plan: Plan, account: Account) -> tuple[Need, ...]:
    """Return the permissions that the plan's calls require, in their order.

    ``account`` is the account before the plan.
    """
    few = with_named_only(plan, account)
    return tuple(each for needs in needs_in([few, *accounts_during(plan, few)], plan.calls) for each in needs)


def needs_in(accounts: Iterable[Account], calls: Iterable[Call | None]) -> tuple[tuple[Need, ...], ...]:
    """Return the permissions that each call requires in the account at the same position; empty if the call is None."""
    places = enumerate(zip(calls, accounts, strict=False))
    return tuple(() if call is None else tuple(_needs(index, call, account)) for index, (call, account) in places)


def undo_calls(plan: Plan) -> tuple[Call | None, ...]:
    """Return the undo of each call, with placeholders for values that are known only from a response.

    ARNs are the only such values that permissions depend on.
    """
    return tuple(None if call.undo is None else _known(call.undo, call.target) for call in plan.calls)


def _known(call: Call, target: str) -> Call:
    parameters = {
        name: (target if name.endswith("Arn") else "v1") if isinstance(value, AnswerValue) else value
        for name, value in call.parameters.items()
    }
    return replace(call, parameters=parameters, target=call.target or target)


def _needs(index: int, call: Call, account: Account) -> Iterator[Need]:
    operation = OPERATIONS[call.operation]
    if call.service == "ec2":
        yield Need(index, call.action, call.target)
        held = account.instance_profile_ignoring_case(call.text("IamInstanceProfile"))
        for name in held.roles if held is not None else ():
            yield _passed(index, name, operation, call.target, account)
        return
    if profile := call.text("InstanceProfileName"):
        yield from _of_resource(index, call, _profile_arn(profile, call, account), _request(call))
        if operation.passes_to:
            # AddRoleToInstanceProfile in the API reference: the instance's ARN has no Region and no ID.
            instances = f"arn:{account.partition}:ec2:*:{account.id}:instance/*"
            yield _passed(index, call.text("RoleName"), operation, instances, account)
        return
    holder = _holder(call, operation, account)
    context = {**_of_holder(holder), **_request(call)}
    listed = service_reference.action(call.action)
    if listed is not None:  # not every request contains the boundary that the role or user has
        context = {key: each for key, each in context.items() if key not in _LISTED or key in listed.keys}
    untagged = bool(operation.creates or call.text("GroupName"))
    tags_known = untagged or (holder is not None and holder.tags is not None)
    yield from _of_resource(index, call, _arn(call, operation, account), context, tags_known=tags_known)


def _of_resource(index: int, call: Call, arn: str, context: Context, *, tags_known: bool = False) -> Iterator[Need]:
    """Yield the permission that the call itself requires, and the one for tags that the call adds to a new entity."""
    yield Need(index, call.action, arn, context, tags_known)
    action = OPERATIONS[call.operation].tag_action
    if action and call.parameters.get("Tags"):
        tags = {key: values for key, values in context.items() if key.startswith("aws:")}
        yield Need(index, action, arn, tags)


def _passed(index: int, name: str, operation: Operation, to: str, account: Account) -> Need:
    held = account.role_ignoring_case(name)
    arn = held.arn if held else f"arn:{account.partition}:iam::{account.id}:role/{name}"
    context = {"iam:PassedToService": (operation.passes_to,), "iam:AssociatedResourceArn": (to,)}
    return Need(index, "iam:PassRole", arn, context)


def _arn(call: Call, operation: Operation, account: Account) -> str:
    """Return the ARN on which a call requires its permission.

    For changes to a group's members, this is the ARN of the group.
    """
    head = f"arn:{account.partition}:iam::{account.id}"
    role, group = call.text("RoleName"), call.text("GroupName")
    if operation.creates:
        return call.target or "*"
    if role:
        held = account.role_ignoring_case(role)
        return held.arn if held else f"{head}:role/{role}"
    if group:
        members = account.group(group)
        return members.arn if members else f"{head}:group/{group}"
    if call.text("UserName"):
        return call.target
    return call.text("PolicyArn") or call.text("OpenIDConnectProviderArn") or call.target or "*"


def _profile_arn(name: str, call: Call, account: Account) -> str:
    held = account.instance_profile_ignoring_case(name)
    default = f"arn:{account.partition}:iam::{account.id}:instance-profile/{name}"
    return held.arn if held else call.target if ":instance-profile/" in call.target else default


def _holder(call: Call, operation: Operation, account: Account) -> Role | User | None:
    """Return the role or user that the call concerns.

    None for a group, and for a role or user that is new or was not read.
    """
    if operation.creates:
        return None
    if name := call.text("RoleName"):
        return account.role_ignoring_case(name)
    return None if call.text("GroupName") else account.user(call.text("UserName"))


def _of_holder(holder: Role | User | None) -> Context:
    """Return the context keys of an existing role or user: its boundary and its tags."""
    if holder is None:
        return {}
    context = {_BOUNDARY: (holder.boundary_arn,)} if holder.boundary_arn else {}
    for key, value in (holder.tags or {}).items():
        context[f"aws:ResourceTag/{key}"] = context[f"iam:ResourceTag/{key}"] = (value,)
    return context


def _request(call: Call) -> Context:
    """Return the context keys from the call's own parameters."""
    context: dict[str, tuple[str, ...]] = {}
    tags: Mapping[str, str] = call.parameters.get("Tags") or {}
    for key, value in tags.items():
        context[f"aws:RequestTag/{key}"] = (value,)
    keys = tuple(tags) or tuple(call.parameters.get("TagKeys") or ())
    if keys:
        context["aws:TagKeys"] = keys
    if call.text("PolicyArn"):
        context[_POLICY] = (call.text("PolicyArn"),)
    if call.text("PermissionsBoundary"):
        context[_BOUNDARY] = (call.text("PermissionsBoundary"),)
    return context
