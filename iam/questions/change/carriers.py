"""Find the principals to which a changed policy applies: attached, as a boundary, by a group or an organization."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from iam.account import Account, Role, User
from iam.layers import principal_layers
from iam.policy.document import Document
from iam.policy.request import HolderKind, NamedPolicy, Policies
from iam.questions.change.compare import AccessChanges
from iam.questions.change.effects import Effects, effects_of, together
from iam.sources.reader.account_reader import AccountReader

MOST_CARRIERS = 100
"""Maximum number of principals compared for one change. The others are only counted."""

Swaps = dict[NamedPolicy, NamedPolicy]


def swaps_of(before: Policies, after: Policies) -> Swaps:
    """Return the policies that a change replaces: each earlier policy with the policy that is now in its place.

    An added policy is not included, because it applies to one principal only.
    """
    was, now = _listed(before), _listed(after)
    return {
        old: new
        for place, group in was.items()
        for old, new in zip(group, now.get(place, ()), strict=False)
        if old != new and (old.name, old.arn, old.holder) == (new.name, new.arn, new.holder)
    }


def _listed(policies: Policies) -> dict[object, tuple[NamedPolicy, ...]]:
    return {
        "identity": policies.identity,
        "boundary": policies.boundary or (),
        **{("scp", number): level for number, level in enumerate(policies.scps or ())},
        **{("rcp", number): level for number, level in enumerate(policies.rcps or ())},
    }


def carriers(changed: Iterable[NamedPolicy], policies: Policies, account: Account) -> tuple[Role | User, ...]:
    """Return the account's roles and users to which any of these policies applies."""
    changed = tuple(changed)
    everyone: list[Role | User] = [*account.roles, *(account.users or ())]
    organization = {policy for levels in (policies.scps, policies.rcps) for level in levels or () for policy in level}
    if not organization.isdisjoint(changed):
        return tuple(one for one in everyone if not (isinstance(one, Role) and one.service_linked))
    arns = {policy.arn for policy in changed if policy.arn is not None}
    groups = {
        policy.holder.name for policy in changed if policy.holder is not None and policy.holder.kind is HolderKind.GROUP
    }
    groups |= {group.name for group in account.groups or () if any(each.arn in arns for each in group.attached or ())}
    holders = {policy.holder.arn for policy in changed if policy.holder is not None}
    return tuple(
        one
        for one in everyone
        if one.arn in holders
        or one.boundary_arn in arns
        or any(each.arn in arns for each in one.attached or ())
        or (isinstance(one, User) and not groups.isdisjoint(one.groups or ()))
    )


def _all_read(changed: Iterable[NamedPolicy], account: Account) -> bool:
    """Whether all principals to which the policies may apply were read.

    An inline policy of a role or user applies to no other principal.
    """
    own = (HolderKind.ROLE, HolderKind.USER)
    if all(policy.holder is not None and policy.holder.kind in own for policy in changed):
        return True
    if account.users is None or account.incomplete & {"roles", "users", "groups"}:
        return False
    everyone: list[Role | User] = [*account.roles, *account.users]
    groups_needed = any(user.groups for user in account.users)
    return (
        all(one.attached is not None for one in everyone)
        and all(user.groups is not None for user in account.users)
        and not (groups_needed and account.groups is None)
    )


def effects_on_carriers(
    before: Policies,
    after: Policies,
    account: Account,
    reader: AccountReader,
    *,
    resource: str = "*",
    but: str | None = None,
) -> Effects:
    """Return the effects of changed policies on all principals to which they apply, except ``but`` (an ARN).

    The organization's policies in ``before``, and the policy of ``resource``, apply to them too. May block.
    """
    swaps = swaps_of(before, after)
    concerned = [one for one in carriers(swaps, before, account) if one.arn != but] if swaps else []
    shared = replace(before, identity=(), boundary=None, session=None, vpc_endpoint=None, unread=frozenset())
    changes, documents = AccessChanges(account, resource), dict[str, tuple[Document | None, str]]()
    found = []
    if concerned:
        from iam.questions.index import Principal
    for one in concerned[:MOST_CARRIERS]:
        gathered = principal_layers(one, account, reader, documents)
        unread = tuple(reading for reading in gathered.readings if reading.unread)
        was = Principal(one, gathered.policies.identity, gathered.policies.boundary, unread).policies(shared)
        effects = effects_of(changes.of(one, was, was.mapped(lambda policy: swaps.get(policy, policy))), one.arn)
        found.append(replace(effects, fully_computed=effects.fully_computed and not unread))
    whole = not swaps or _all_read(swaps, account)
    left = max(0, len(concerned) - MOST_CARRIERS)
    return together((*found, Effects(fully_computed=whole, uncounted=left)))
