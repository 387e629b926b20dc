"""Make a plan from the calls of a fix, leaving out calls whose effect is already in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from diagnostics.already_exists.kinds import DELETIONS
from diagnostics.fix import Calls
from diagnostics.plans.deletion import deletion_plan
from iam.account import Account, Group, Role, User
from iam.changes.builders.policies import new_version, whole_policy
from iam.changes.compare import same_document
from iam.changes.in_use import denies_all, taking_rights
from iam.changes.operations.effects import Once, State, look
from iam.changes.operations.roles import whole_update
from iam.changes.operations.undo import Existing, with_undo
from iam.changes.plan import Call, Plan, PlanError, make_plan
from iam.ownership import owner_of
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading


def found(reading: Reading[Role] | Reading[User] | Reading[Group], words: str) -> Role | User | Group:
    if reading.value is None:
        raise PlanError(reading.why or f"{words} no longer exists: diagnose again.")
    return reading.value


def unchanged(before: Document | None, now: Document | None, what: str) -> None:
    if not same_document(before, now):
        raise PlanError(
            f"{what} has changed since the diagnosis: diagnose again, so that this later change is not lost."
        )


def plan_of_calls(title: str, change: Calls, opened: OpenedAccount) -> Plan:
    """Return the plan with these calls, except those whose effect is already in place.

    Raises `PlanError`. May block.
    """
    calls = [planned for call in change.calls for planned in _explained(call, change.target, opened)]
    version = next((call for call in calls if call.operation == "CreatePolicyVersion"), None)
    if version is not None:
        arn = version.text("PolicyArn")
        policy = whole_policy(opened.reader.managed_policy(arn), arn)
        return new_version(policy, version.text("PolicyDocument"), opened.account)
    for call in calls:
        if call.operation in DELETIONS:
            return deletion_plan(call, opened)
    trust = next((call for call in calls if call.operation == "UpdateAssumeRolePolicy"), None)
    if trust is not None and change.before is not None:
        role = found(opened.reader.role(trust.text("RoleName")), f"The role {trust.text('RoleName')}")
        assert isinstance(role, Role)
        unchanged(change.before, role.trust, f"The trust policy of {role.name}")
    for call in calls:
        _changeable(call, opened)
    once = Once(opened.reader)
    left = [call for call in calls if look(call, once).state is not State.DONE]
    if not left:
        raise PlanError(
            f"There is nothing to do: {_subject(calls[0])} already has the state that this plan would create."
        )
    made = {call.text("RoleName") for call in left if call.operation == "CreateRole"}
    held = [_held(call, opened, made) for call in left]
    planned = [_whole(call, each, index) for index, (call, each) in enumerate(zip(left, held, strict=True))]
    destroyed = next((call.text("PolicyArn") for call in left if call.operation == "DeletePolicy"), None)
    plan = make_plan(
        title,
        " ".join(call.why for call in planned),
        planned,
        target=change.target,
        account_id=opened.account.id,
        type_name=destroyed.rpartition("/")[2] if destroyed else None,
        warnings=(f"Afterwards run: {change.besides}",) if change.besides else (),
        found={entity.arn: entity for each in held for entity in each.entities}.values(),
    )
    silenced = next((call.text("RoleName") for call in left if denies_all(call)), None)
    if silenced is None:
        return plan
    holder = found(opened.reader.role(silenced), f"The role {silenced}")
    assert isinstance(holder, Role)
    return taking_rights(plan, holder, opened.account, opened.reader)


_OPEN_TO_ALL = frozenset({"UpdateRoleDescription", "DeleteServiceLinkedRole", "CreateServiceLinkedRole"})


def _changeable(call: Call, opened: OpenedAccount) -> None:
    """Raise `PlanError` for a call that would change a role owned by AWS."""
    name = call.text("RoleName")
    if not name or call.operation in _OPEN_TO_ALL or call.operation == "CreateRole":
        return
    owner = owner_of(opened.account.role(name))
    if owner is not None:
        raise PlanError(owner.refusal)


def _whole(call: Call, held: Existing, index: int) -> Call:
    if call.operation == "UpdateRole" and isinstance(held.holder, Role):
        call = whole_update(call, held.holder)
    return with_undo(call, held, index=index)


def _explained(call: Call, target: str, opened: OpenedAccount) -> list[Call]:
    """Return the call with its target and sentence.

    New and changed tags become separate calls, so that one undo belongs to each. Raises `PlanError`.
    """
    call = replace(call, target=_target(call, target, opened.account))
    return _tag_calls(call, opened) if call.operation in ("TagRole", "TagUser") else [replace(call, why=_why(call))]


def _target(call: Call, otherwise: str, account: Account) -> str:
    """Return the ARN of the entity that the call changes; ``otherwise`` if the call's parameters do not identify it."""
    head = f"arn:{account.partition}:iam::{account.id}:"
    path = call.text("Path") or "/"
    if call.operation == "CreateOpenIDConnectProvider":
        return f"{head}oidc-provider/{call.text('Url').removeprefix('https://').rstrip('/')}"
    if call.operation == "CreatePolicy":
        return f"{head}policy{path}{call.text('PolicyName')}"
    for word, part in (("Role", "role"), ("User", "user"), ("Group", "group"), ("InstanceProfile", "instance-profile")):
        if call.operation == f"Create{word}":
            return f"{head}{part}{path}{call.text(f'{word}Name')}"
    for name in ("PolicyArn", "OpenIDConnectProviderArn"):
        if call.text(name) and not call.text("RoleName") and not call.text("UserName"):
            return call.text(name)
    role = call.text("RoleName")
    if role and not call.text("InstanceProfileName"):
        held = account.role_ignoring_case(role)
        return held.arn if held else f"{head}role/{role}"
    return otherwise


_SUBJECTS = (
    "VersionId",
    "AccessKeyId",
    "PolicyName",
    "PolicyArn",
    "ClientID",
    "Url",
    "InstanceProfileName",
    "RoleName",
    "UserName",
    "GroupName",
)


def _subject(call: Call) -> str:
    """Return words for the entity that a call is about: the names in its parameters, the most specific first."""
    listed = [str(call.parameters[name]) for name in _SUBJECTS if name in call.parameters]
    return " of ".join(each.rpartition("/")[2] if each.startswith("arn:") else each for each in listed) or "it"


def _why(call: Call) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", call.operation).lower().replace("open idconnect", "OIDC")
    return f"{words[:1].upper()}{words[1:]}: {_subject(call)}."


def _tag_calls(call: Call, opened: OpenedAccount) -> list[Call]:
    holder = _holder(call, opened)
    assert isinstance(holder, Role | User)
    word, held = call.operation.removeprefix("Tag").lower(), holder.tags
    if held is None:
        raise PlanError(f"The tags of the {word} {holder.name} could not be read, so no tag is changed.")
    tags: Mapping[str, str] = call.parameters["Tags"]
    parts = (
        {key: value for key, value in tags.items() if key not in held},
        {key: value for key, value in tags.items() if key in held},
    )
    why = f"Tag the {word} {holder.name}: {', '.join(tags)}."
    return [replace(call, parameters={**call.parameters, "Tags": part}, why=why) for part in parts if part]


def _holder(call: Call, opened: OpenedAccount) -> Role | User | Group | None:
    """Return the role, user or group that the call names, as read now. Raises `PlanError` if it does not exist."""
    readers: Mapping[str, Callable[[str], Reading[Any]]]
    readers = {"Role": opened.reader.role, "User": opened.reader.user, "Group": opened.reader.group}
    for word, read in readers.items():
        if name := call.text(f"{word}Name"):
            return found(read(name), f"The {word.lower()} {name}")
    return None


def _held(call: Call, opened: OpenedAccount, made: set[str]) -> Existing:
    """Read the current state of the call's entity, which the undo restores, and return it.

    Raises `PlanError` if the entity does not exist, unless it is one of the roles that the plan creates.
    """
    creating = call.operation.startswith("Create") and call.operation != "CreatePolicyVersion"
    if creating or call.text("RoleName") in made:
        return Existing()
    if call.text("InstanceProfileName"):
        if call.operation.startswith("Add") and opened.reader.role(call.text("RoleName")).absent:
            raise PlanError(f"The role {call.text('RoleName')} does not exist yet: first create the role, then add it.")
        return Existing(profile=opened.reader.instance_profile(call.text("InstanceProfileName")).value)
    if holder := _holder(call, opened):
        return Existing(holder)
    if call.text("PolicyArn"):
        reading = opened.reader.managed_policy(call.text("PolicyArn"))
        if reading.absent:
            raise PlanError(f"The policy {call.text('PolicyArn')} no longer exists: diagnose again.")
        by_version = call.operation.endswith("PolicyVersion")
        policy = whole_policy(reading, call.text("PolicyArn")) if by_version else reading.value
        if policy is None:
            raise PlanError(reading.why)
        if call.operation == "DeletePolicyVersion" and call.text("VersionId") == policy.default_version_id:
            raise PlanError(
                f"{call.text('VersionId')} is the default version of {policy.name}, which cannot be deleted."
            )
        return Existing(policy=policy)
    return Existing()
