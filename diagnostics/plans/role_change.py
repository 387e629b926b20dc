"""Changes of a role that its screen offers, as plans. What is there is read now; who uses it is looked for first where
the change may take rights from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from diagnostics.plans.access_effects import access_effects, with_role
from diagnostics.use.sessions import cut_off, seen_sessions
from iam.account import Account, AttachedPolicy, ManagedPolicy, Role
from iam.arn import name_of
from iam.changes.builders.policies import attach
from iam.changes.builders.roles import (
    DISABLE_POLICY,
    disable_role,
    enable_role,
    remove_boundary,
    revoke_sessions,
    set_boundary,
)
from iam.changes.in_use import taking_rights
from iam.changes.plan import Plan, PlanError
from iam.creation.draft.names import boundaries
from iam.policy.document import PolicyError
from iam.sources.reader import AccountReader, OpenedAccount, Reading

Build = Callable[[Role, str, OpenedAccount], Plan]


@dataclass(frozen=True, slots=True)
class RoleChange:
    """``key`` chooses it. ``build`` makes the plan from the role as it is now and from the ARN of a policy where it
    ``asks`` for one, else "". ``applies``: whether there is something to do, as far as is known of the role."""

    id: str
    key: str
    title: str
    says: str
    build: Build
    asks: bool = False
    applies: Callable[[Role], bool] = lambda _: True


def is_disabled(role: Role) -> bool:
    return any(each.name == DISABLE_POLICY for each in role.inline or ())


def _attach(role: Role, arn: str, opened: OpenedAccount) -> Plan:
    policy, notes = _policy(arn, opened)
    if policy is not None and (not policy.attachable or ":policy/aws-service-role/" in arn):
        raise PlanError(f"{name_of(arn)} can be attached to roles of AWS services only.")
    plan = attach(role, arn, opened.account)
    summary = opened.reader.account_summary().value or opened.account.summary or {}
    most, there = summary.get("AttachedPoliciesPerRoleQuota"), len(role.attached or ())
    if most is not None and there >= most:
        raise PlanError(
            f"{role.name} has {there} managed policies, and may have {most}: detach one, merge some, or ask for more "
            "(quota L-0DA4ABF3 of IAM, up to 25)."
        )
    plan = replace(plan, warnings=(*notes, *plan.warnings))
    return taking_rights(plan, role, opened.account, opened.reader) if _may_deny(policy) else plan


def _detach(role: Role, arn: str, opened: OpenedAccount) -> Plan:
    return taking_rights(attach(role, arn, opened.account, detach=True), role, opened.account, opened.reader)


def _boundary(role: Role, arn: str, opened: OpenedAccount) -> Plan:
    _, notes = _policy(arn, opened)
    if role.boundary_arn == arn:
        raise PlanError(f"There is nothing to do: {name_of(arn)} is the permissions boundary of {role.name}.")
    plan = set_boundary(role, arn, opened.account)
    plan = replace(plan, warnings=(*notes, *plan.warnings))
    return taking_rights(plan, role, opened.account, opened.reader)


def _policy(arn: str, opened: OpenedAccount) -> tuple[ManagedPolicy | None, tuple[str, ...]]:
    """The policy as it is now; where it could not be read, a sentence that says so."""
    reading = opened.reader.managed_policy(arn)
    if reading.absent:
        raise PlanError(f"There is no policy {arn}.")
    return reading.value, (f"What {name_of(arn)} says could not be read: {reading.why}",) if reading.unreadable else ()


def _may_deny(policy: ManagedPolicy | None) -> bool:
    """Whether a role may have less with the policy; one that could not be read may take anything."""
    try:
        return (
            policy is None
            or policy.document is None
            or any(each.effect == "Deny" for each in policy.document.statements)
        )
    except PolicyError:
        return True


def _revoke(role: Role, _: str, opened: OpenedAccount) -> Plan:
    # An account was read some time ago, and sessions that were made since are meant too. The demo's clock stands still.
    now = opened.account.now if opened.reader.kind == "demo" else datetime.now(UTC)
    plan = revoke_sessions(role, opened.account, opened.reader, now)
    return replace(plan, warnings=(cut_off(seen_sessions(role, opened.reader), now), *plan.warnings))


ROLE_CHANGES: Mapping[str, RoleChange] = {
    change.id: change
    for change in (
        RoleChange("attach", "a", "attach a policy", "gives it what a managed policy says", _attach, asks=True),
        RoleChange(
            "detach",
            "d",
            "detach a policy",
            "takes that from it",
            _detach,
            asks=True,
            applies=lambda role: role.attached is None or bool(role.attached),
        ),
        RoleChange(
            "boundary",
            "b",
            "set the boundary",
            "limits it to what a policy allows",
            _boundary,
            asks=True,
        ),
        RoleChange(
            "no-boundary",
            "n",
            "remove the boundary",
            "lifts that limit",
            lambda role, _, opened: remove_boundary(role, opened.account),
            applies=lambda role: role.boundary_arn is not None,
        ),
        RoleChange(
            "disable",
            "x",
            "disable",
            "denies it everything, until enabled again",
            lambda role, _, opened: disable_role(role, opened.account, opened.reader),
            applies=lambda role: not is_disabled(role),
        ),
        RoleChange(
            "enable",
            "e",
            "enable again",
            "takes back what disable did",
            lambda role, _, opened: enable_role(role, opened.account),
            applies=is_disabled,
        ),
        RoleChange(
            "revoke",
            "s",
            "revoke sessions",
            "denies all to sessions made until now",
            _revoke,
        ),
    )
}


def change_plan(name: str, change: RoleChange, policy_arn: str, opened: OpenedAccount) -> Plan:
    """The plan of a change. Raises `PlanError`, `SourceError`. May block: call it in a worker."""
    reading = opened.reader.role(name)
    if reading.value is None:
        raise PlanError(reading.why or f"The role {name} no longer exists.")
    role = reading.value
    plan = change.build(role, policy_arn, opened)
    after = _after(change, role, policy_arn)
    if after is None or not role.has_details:
        return plan
    before = with_role(opened.account, role)
    effects = access_effects(role, before, with_role(before, after), opened.reader)
    return replace(plan, warnings=(*effects, *plan.warnings))


def _after(change: RoleChange, role: Role, arn: str) -> Role | None:
    """The role after a change of what is attached to it; None for the others, which say themselves what they do."""
    held = role.attached or ()
    match change.id:
        case "attach":
            return replace(role, attached=(*held, AttachedPolicy(name_of(arn), arn)))
        case "detach":
            return replace(role, attached=tuple(each for each in held if each.arn != arn))
        case "boundary":
            return replace(role, boundary_arn=arn)
        case "no-boundary":
            return replace(role, boundary_arn=None)
    return None


def likely_policies(change: RoleChange, role: Role, account: Account) -> tuple[str, ...]:
    """The ARNs of the policies that a change is made with first: those that the role has, or the account's own."""
    held = tuple(each.arn for each in role.attached or ())
    if change is ROLE_CHANGES["detach"]:
        return held
    if change is ROLE_CHANGES["boundary"]:
        return tuple(arn for arn in boundaries(account) if arn != role.boundary_arn)
    own = (each.arn for each in account.policies or () if not each.aws_managed and each.attachable)
    return tuple(sorted(set(own).difference(held)))


def aws_policies(change: RoleChange, role: Role, reader: AccountReader) -> Reading[tuple[str, ...]]:
    """Those of AWS that it can be made with as well. May block for seconds."""
    if change is ROLE_CHANGES["detach"]:
        return Reading("", ())
    reading = reader.aws_managed_policies()
    there = {each.arn for each in role.attached or ()} if change is ROLE_CHANGES["attach"] else {role.boundary_arn}
    return replace(reading, value=tuple(arn for arn in reading.value or () if arn not in there))
