"""Find the entities that have a managed policy before it is changed, and make a plan that restores a version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.plans.effects import with_effects, with_policy
from iam.account import Account, Group, ManagedPolicy, Role, User
from iam.ages import age
from iam.changes.builders.policies import set_default_version, whole_policy
from iam.changes.plan import Plan
from iam.foreign_text import shortened
from iam.sources.reader.opened import OpenedAccount
from iam.words import joined, listing

MOST_NAMED = 5


def version_plan(arn: str, version_id: str, opened: OpenedAccount) -> Plan:
    """Return the plan that makes a version the default.

    The change applies to all entities that have the policy. The policy's name must be typed, unless no entity is known
    to have it. Raises `PlanError`, `SourceError`. May block.
    """
    policy = whole_policy(opened.reader.managed_policy(arn), arn)
    plan = set_default_version(policy, version_id, opened.account)
    plan = with_effects(plan, with_policy(opened.account, policy), opened.reader)
    use = _sentences(policy, opened.account)
    return replace(plan, in_use=use, type_name=policy.name if use else plan.type_name)


def policy_use(arn: str, opened: OpenedAccount) -> tuple[str, ...]:
    """Return sentences about the entities that have the policy; empty if there are certainly none. May block."""
    reading = opened.reader.managed_policy(arn)
    if reading.value is None:
        return (f"The entities to which the policy is attached could not be read: {reading.why}",)
    return _sentences(reading.value, opened.account)


def _sentences(policy: ManagedPolicy, account: Account) -> tuple[str, ...]:
    known = (policy.attachment_count, policy.boundary_usage_count) == (0, 0)
    return () if known else tuple(_carriers(policy, account))


def _carriers(policy: ManagedPolicy, account: Account) -> Iterator[str]:
    holders: list[Role | User | Group] = [*account.roles, *(account.users or ()), *(account.groups or ())]
    attached = [each for each in holders if any(one.arn == policy.arn for one in each.attached or ())]
    limited = [each for each in holders if not isinstance(each, Group) and each.boundary_arn == policy.arn]
    yield from _carried("It is attached to", [each.name for each in attached], policy.attachment_count)
    yield from _carried("It is the boundary of", [each.name for each in limited], policy.boundary_usage_count)
    used = [
        (each.last_used.when, each.name)
        for each in (*attached, *limited)
        if isinstance(each, Role) and each.last_used is not None and each.last_used.when is not None
    ]
    known = len(attached) + len(limited)
    counts = (policy.attachment_count, policy.boundary_usage_count)
    if None in counts or known < sum(count or 0 for count in counts):
        yield "The gains and losses of other entities with this policy were not computed."
    if used:
        when, name = max(used)
        yield f"In use: {shortened(name)} was last used {age(when, account.now)}."


def _carried(what: str, names: list[str], count: int | None) -> Iterator[str]:
    """Yield a sentence about the entities.

    ``count`` is the number of entities according to AWS, None if unknown. ``names`` may contain only some of them.
    """
    if count is None:
        yield f"{what} an unknown number{f', among them {listing([*map(shortened, names)])}' if names else ''}."
        return
    named = [shortened(each) for each in names[:MOST_NAMED]]
    if more := max(count, len(names)) - len(named):
        named.append(f"{more} {'more' if named else 'whose names were not read'}")
    if named:
        yield f"{what} {joined(named)}."
