"""Make a plan from a fix: the calls that make the change, which are shown, recorded, verified and can be undone.

Some fixes have no plan: notes, reads, calls to other services, and changes that others must make. For these,
`PlanError` is raised with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from diagnostics.fix import (
    Advice,
    Calls,
    Fix,
    FixPlans,
    InlinePlace,
    ManagedPlace,
    OtherPlace,
    PolicyChange,
    Revert,
    RoleCreation,
    ShellCommand,
    TrustChange,
    UnknownValue,
    Wait,
)
from diagnostics.plans.calls import found, plan_of_calls, unchanged
from diagnostics.plans.role_change import measured_now
from iam.account import Group, Role, User
from iam.arn import Arn, name_of
from iam.changes.builders.policies import new_version, put_inline, together, whole_policy
from iam.changes.builders.roles import update_trust
from iam.changes.plan import Call, Plan, PlanError
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from iam.sources.source_error import SourceError


def written_policies(plan: Plan) -> frozenset[str]:
    """Return the names of the policies that the plan's calls write, attach or detach."""
    named = (call.parameters.get(key) for call in plan.calls for key in ("PolicyName", "PolicyArn"))
    return frozenset(name_of(each) for each in named if isinstance(each, str))


def plan_for_fix(fix: Fix, opened: OpenedAccount) -> Plan:
    """Return the plan that carries out a fix, with its effects.

    The state that it changes is read now, so that its undo is correct and nothing that changed since the diagnosis is
    overwritten. Raises `PlanError`. May block: call it in a worker.
    """
    there = side_of(fix, opened)
    return _measured(_plan_of(fix, there), there)


def side_of(fix: Fix, opened: OpenedAccount) -> OpenedAccount:
    """Return the account in which a fix is made, if several are open.

    Raises `PlanError` if that account cannot be opened.
    """
    if opened.accounts is None or fix.account is None or fix.account == opened.account.id or why_no_plan(fix):
        return opened
    found = opened.accounts.opened(fix.account)
    if found is None:
        raise PlanError(f"Account {fix.account} was not read: send the change to its owners.")
    return found


def plan_for_set(fixes: Sequence[Fix], opened: OpenedAccount, account: str | None = None) -> Plan:
    """Return one plan for all fixes that can be made from here. The fixes may help only together.

    Fixes that somebody else has to make are listed first. If the fixes are in several accounts, the plan is for
    ``account``. Raises `PlanError` as `plan_for_fix` does.
    """
    made = [fix for fix in fixes if not why_no_plan(fix) and (account is None or fix.account in (None, account))]
    if not made:
        raise PlanError(why_no_plan(fixes[0]))
    sides = {fix.account: side_of(fix, opened) for fix in made}
    if len(sides) > 1:
        named = " and ".join(str(account) for account in sides)
        raise PlanError(f"These changes are made in accounts {named}: each account needs its own plan.")
    opened = next(iter(sides.values()))
    left = (
        f"Not enough alone: others must also act ({_others(fix, made)}): {fix.title}"
        for fix in fixes
        if fix not in made
    )
    joint = " that help together" if any(fix.together is not None for fix in fixes) else ""
    title = made[0].title if len(made) == 1 else f"{len(made)} changes{joint}: {_joined(made)}"
    plan = together(_short(title), (_plan_of(fix, opened) for fix in made))
    return _measured(replace(plan, warnings=(*left, *plan.warnings)), opened)


def plans_of(fixes: Sequence[Fix], opened: OpenedAccount) -> FixPlans:
    """Return the plan for each fix of a diagnosis, and one for those that help only together. May block."""

    def made(make: Callable[[], Plan]) -> Plan | str:
        try:
            return make()
        except (PlanError, SourceError) as error:
            return str(error)

    several = [fix for fix in fixes if fix.together is not None]
    return FixPlans(
        tuple(made(partial(plan_for_fix, fix, opened)) for fix in fixes),
        made(partial(plan_for_set, several, opened)) if several else None,
    )


def _others(fix: Fix, made: Sequence[Fix]) -> str:
    """Return who has to make a fix, and in which account if that is not the plan's account."""
    elsewhere = fix.account is not None and any(each.account not in (None, fix.account) for each in made)
    return f"{fix.who.value}, account {fix.account}" if elsewhere else fix.who.value


def _joined(fixes: Sequence[Fix]) -> str:
    return "; ".join(f"{fix.title[:1].lower()}{fix.title[1:]}" for fix in fixes)


def _measured(plan: Plan, opened: OpenedAccount) -> Plan:
    """Return the plan, with its effects if it changes permissions.

    For plans that create or delete entities, the effects are obvious.
    """
    if plan.kind != "change":
        return plan
    return measured_now(plan, opened)


def _plan_of(fix: Fix, opened: OpenedAccount) -> Plan:
    sentence = why_no_plan(fix)
    if sentence:
        raise PlanError(sentence)
    change = fix.change.change if isinstance(fix.change, Revert) else fix.change
    match change:
        case PolicyChange(InlinePlace() as place, _, before, Document() as after):
            plan = _inline_plan(place, before, after, opened)
        case PolicyChange(ManagedPlace(arn), _, before, Document() as after):
            plan = _managed_plan(arn, before, after, opened)
        case TrustChange():
            plan = _trust_plan(change, opened)
        case RoleCreation(target, then=Call() as call):
            plan = plan_of_calls(fix.title, Calls(target, (call,)), opened)
        case Calls():
            plan = plan_of_calls(fix.title, change, opened)
        case _:
            raise PlanError(_NOTE)
    return replace(plan, title=_short(fix.title))


def why_no_plan(fix: Fix) -> str:
    """Return one sentence that says why a fix has no plan and what to do instead; else "".

    Only what is known without reading the account is considered.
    """
    if fix.change.no_plan:
        return fix.change.no_plan
    if UnknownValue("resource") in (*fix.hangs_on, *(fix.together.hangs_on if fix.together else ())):
        return "The intended resource is unknown: diagnose again with the right resource (--context resource=ARN)."
    match fix.change.change if isinstance(fix.change, Revert) else fix.change:
        case PolicyChange(OtherPlace(words)):
            return (
                f"IAM cannot change {words[:120]}: send the statement to whoever manages that (y copies the statement)."
            )
        case PolicyChange(after=None):
            return _UNREAD
        case PolicyChange() | TrustChange() | Calls() | RoleCreation(then=Call()):
            return ""
        case ShellCommand(operation=str(operation)) if operation:
            return f"No plan can contain aws iam {operation}: run the command as shown (y copies it)."
        case ShellCommand() | Wait(text=str()) if fix.text:
            return "This fix is a command for you to run, and changes nothing in IAM: y copies the command."
    return _OF_ADVICE.get(fix.advice, _NOTE) if fix.advice is not None else _NOTE


_OF_ADVICE = {
    Advice.LEAVE: "There is nothing to carry out: the advice is to change nothing.",
    Advice.ADOPT: "There is nothing to carry out: use what exists.",
    Advice.REUSE: "There is nothing to carry out: use what exists.",
    Advice.RENAME: "Put the other name into your own command, template or configuration: y copies the names.",
    Advice.WAIT: "There is nothing to do but wait a few seconds: r reads the account again.",
    Advice.NEW_VERSION: "Change the document where it is stored, because no plan can change it from here.",
}
_NOTE = (
    "No plan can make this change from here: the fix is a note for the person who can make the change (y "
    "copies the note)."
)
_UNREAD = "The document is not replaced, because it could not be read: y copies the change."


def _short(title: str) -> str:
    return title if len(title) <= 160 else f"{title[:159]}…"


def _holder(arn: str, opened: OpenedAccount) -> Role | User | Group:
    named = Arn.parse_entity(arn, "role", "user", "group")
    if named is None or named.account != opened.account.id:
        raise PlanError(f"{arn[:120]} is not a role, user or group of this account.")
    kind, name = named.type, named.name
    reading: Reading[Role] | Reading[User] | Reading[Group] = opened.reader.role(name)
    if kind != "role":
        reading = opened.reader.user(name) if kind == "user" else opened.reader.group(name)
    return found(reading, f"The {kind} {name}")


def _inline_plan(place: InlinePlace, before: Document | None, after: Document, opened: OpenedAccount) -> Plan:
    holder = _holder(place.holder.arn, opened)
    held = next((each.document for each in holder.inline or () if each.name == place.name), None)
    if place.new and held is not None:
        raise PlanError(f"{holder.name} now has an inline policy {place.name}: diagnose again.")
    unchanged(before, held, f"The inline policy {place.name} of {holder.name}")
    return put_inline(holder, place.name, after.text, opened.account)


def _managed_plan(arn: str, before: Document | None, after: Document, opened: OpenedAccount) -> Plan:
    policy = whole_policy(opened.reader.managed_policy(arn), arn)
    unchanged(before, policy.document, f"The policy {policy.name}")
    return new_version(policy, after.text, opened.account)


def _trust_plan(change: TrustChange, opened: OpenedAccount) -> Plan:
    role = _holder(change.target, opened)
    if not isinstance(role, Role):
        raise PlanError(f"{change.target[:120]} has no trust policy: only roles have trust policies.")
    unchanged(change.before, role.trust, f"The trust policy of {role.name}")
    return update_trust(role, change.after.text, opened.account)
