"""The draft as a plan.

Inline policies are replaced and customer managed ones get a new version. A policy that AWS owns or others share is
replaced by one for this role alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.plans.calls import unchanged
from diagnostics.right_size.draft import PolicyDraft, too_large
from diagnostics.right_size.report import cautions, headline, look_again
from diagnostics.right_size.run import RightSized
from iam.account import Account, Group, ManagedPolicy, Role, User
from iam.changes.builders.policies import attach, delete_inline, new_version, put_inline, together, whole_policy
from iam.changes.in_use import taking_rights
from iam.changes.operations.undo import with_undo
from iam.changes.plan import Plan, PlanError, make_plan
from iam.creation.plan import policy_call
from iam.creation.spec import NewPolicy
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from iam.words import plural

MOST_ATTACHED = 10
"""The maximum number of managed policies for a role, if the account's quota is unknown (IAM User Guide, "IAM
quotas").
"""


def right_size_plan(found: RightSized, opened: OpenedAccount) -> Plan:
    """Return the plan that applies the draft. The policies are read again, so that no later change is overwritten.

    Raises `PlanError`, `SourceError`. May block.
    """
    if not found.draft.changed:
        why = (
            "it is unknown what the role does not use"
            if found.judgement.unknown
            else "the role uses everything that it is granted"
        )
        raise PlanError(f"There is nothing to do for {found.role.name}: {why}.")
    if found.change.newly_allowed or found.change.loosened:
        raise PlanError("The draft cannot become a plan, because it would allow something new.")
    faults = too_large(found.draft)
    if faults:
        raise PlanError(" ".join(faults))
    reading = opened.reader.role(found.role.name)
    if reading.value is None:
        raise PlanError(reading.why or f"The role {found.role.name} no longer exists.")
    role = reading.value
    plans = [plan for each in found.draft.changed for plan in _plans(each, role, opened)]
    title = f"right-size {role.name}"
    plan = replace(together(title, plans), target=role.arn)
    plan = taking_rights(plan, role, opened.account, opened.reader)
    again = f"Check again in {plural(found.days, 'day')}: {look_again(found)}"
    unread = (f"Some data of {role.name} could not be read again: {reading.note}",) if reading.note else ()
    own_warnings = (f"{headline(found)}.", *cautions(found), *unread, again)
    return replace(plan, sentence=f"Right-sizes {role.name}. {plan.sentence}", warnings=(*own_warnings, *plan.warnings))


def _plans(drafted: PolicyDraft, role: Role, opened: OpenedAccount) -> Iterator[Plan]:
    policy, after = drafted.policy, drafted.after
    if policy.arn is None:
        name = policy.name or ""
        held = next((each.document for each in role.inline or () if each.name == name), None)
        unchanged(policy.document, held, f"The inline policy {name} of {role.name}")
        made = None if after is None else put_inline(role, name, after.text, opened.account)
        yield made or delete_inline(role, name, opened.account)
        return
    reading = opened.reader.managed_policy(policy.arn)
    if reading.value is None:
        raise PlanError(reading.why or f"The policy {policy.arn} no longer exists.")
    unchanged(policy.document, reading.value.document, f"The policy {reading.value.name}")
    if after is None:
        yield attach(role, policy.arn, opened.account, detach=True)
    elif not reading.value.aws_managed and _own(reading.value, role, opened.account):
        yield new_version(whole_policy(reading, policy.arn), after.text, opened.account)
    else:
        yield from _replacement(reading.value, after, role, opened)


def _own(policy: ManagedPolicy, role: Role, account: Account) -> bool:
    """Return whether the policy is attached only to this role, and no entity has it as its permissions boundary."""
    if policy.attachment_count is not None and policy.boundary_usage_count is not None:
        return policy.attachment_count <= 1 and not policy.boundary_usage_count
    if account.users is None or account.groups is None:
        return False
    holders: list[Role | User | Group] = [*account.roles, *account.users, *account.groups]
    if any(each.attached is None for each in holders):
        return False
    having = [each for each in holders if any(one.arn == policy.arn for one in each.attached or ())]
    limited: list[Role | User] = [*account.roles, *account.users]
    bounded = any(each.boundary_arn == policy.arn for each in limited)
    return {each.arn for each in having} <= {role.arn} and not bounded


def _replacement(policy: ManagedPolicy, after: Document, role: Role, opened: OpenedAccount) -> Iterator[Plan]:
    """Yield the calls that give the role a policy of its own, attached before the shared one is detached."""
    account = opened.account
    name = _free_name(f"{role.name}-{policy.name}", opened)
    description = f"What {role.name} used of {policy.name}"
    create = with_undo(policy_call(NewPolicy(name, after, description=description), account))
    stays = f"When AWS later adds permissions to {policy.name}, {name} does not get them."
    warnings = (stays,) if policy.aws_managed else ()
    yield make_plan(
        f"policy {name}", create.why, [create], target=create.target, account_id=account.id, warnings=warnings
    )
    put_on = attach(role, create.target, account)
    take_off = attach(role, policy.arn, account, detach=True)
    limit = (account.summary or {}).get("AttachedPoliciesPerRoleQuota", MOST_ATTACHED)
    if len(role.attached or ()) < limit:
        yield from (put_on, take_off)
        return
    gap = f"{role.name} has the maximum number of policies: {policy.name} is detached before {name} is attached."
    yield replace(take_off, warnings=(gap, *take_off.warnings))
    yield put_on


def _free_name(wanted: str, opened: OpenedAccount) -> str:
    account = opened.account
    for number in range(1, 100):
        ending = "" if number == 1 else f"-{number}"
        name = f"{wanted[: 128 - len(ending)]}{ending}"
        arn = f"arn:{account.partition}:iam::{account.id}:policy/{name}"
        if account.policy_ignoring_case(name) is None and opened.reader.managed_policy(arn).value is None:
            return name
    raise PlanError(f"No free policy name similar to {wanted[:100]} was found.")
