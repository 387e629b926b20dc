"""The account as it would be if a policy were added, changed or removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from iam import aws_managed_policies
from iam.account import Account, AttachedPolicy, Group, InlinePolicy, ManagedPolicy, PolicyVersion, Role, User
from iam.arn import Arn, is_aws_managed, name_of
from iam.organization.levels import Organization, OrganizationLevel, OrganizationPolicy
from iam.policy.document import Document, PolicyError
from iam.policy.lint import PolicyKind
from iam.policy.lint.guess import guessed_kind
from iam.policy.match import compile_glob

NEW_POLICY = "what-if"


class WhatIfError(ValueError):
    """Raised if the change cannot be made. ``str()`` is one sentence."""


class WhatIfUnread(WhatIfError):
    """Raised if the entity to change could not be read."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The account with a change made. ``sentence`` describes the change.

    ``deletes``: the change removes a role, user or group.
    """

    account: Account
    sentence: str
    deletes: bool = False


def put(account: Account, document: Document, at: str, kind: PolicyKind | None = None) -> WhatIf:
    """Put a document at the target ``at``. Raises `WhatIfError`.

    The target is a customer managed policy, an SCP or an RCP (by ARN); a role, user or group (as inline policy or, by
    ``kind``, as boundary or trust policy); or a target in the organization (``r-…``, ``ou-…``, the account's ID).
    """
    try:
        document.statements  # noqa: B018 - what AWS would not save changes nothing
    except PolicyError as error:
        raise WhatIfError(f"The policy cannot be used: {error}") from None
    kind = kind or guessed_kind(document)
    arn = Arn.parse(at)
    if several := _matching(account, at):
        return _onto_each(account, at, several, lambda one, each: _onto(one, each, document, kind))
    if arn is not None and arn.service == "organizations":
        return _guardrail(account, at, lambda policy: (replace(policy, document=document),), "changed")
    if arn is not None and arn.type == "policy":
        return _managed(account, at, document)
    if arn is not None and arn.type in ("role", "user", "group"):
        return _onto(account, at, document, kind)
    return _at_target(account, at, document, kind)


def attach(account: Account, policy: str, at: str, kind: PolicyKind | None = None) -> WhatIf:
    """Attach a managed policy, given by ARN, to a role, user or group, or to all whose ARN matches a pattern.

    If ``kind`` says so, set it as the boundary instead. Raises `WhatIfError`.
    """
    if account.policy(policy) is None:
        ours = aws_managed_policies.find(policy)
        if ours is None:
            raise _not_found(account, "policies", policy)
        account = replace(account, policies=(*(account.policies or ()), ours))
    several = _matching(account, at)
    if several:
        return _onto_each(account, at, several, lambda one, each: attach(one, policy, each, kind))
    arn, name = Arn.parse(at), name_of(policy)
    if arn is None or arn.type not in ("role", "user", "group"):
        raise WhatIfError(f"A policy can be attached only to a role, user or group, but {at[:120]} is none of these.")
    if kind is PolicyKind.BOUNDARY:
        words = f"{name} is the boundary of {name_of(at)}."
        if arn.type == "group":
            raise WhatIfError("A group cannot have a boundary.")
        if arn.type == "user":
            return _with_user(account, at, lambda one: replace(one, boundary_arn=policy), words)
        return _with_role(account, at, lambda one: replace(one, boundary_arn=policy), words)
    words = f"{name} is attached to {name_of(at)}."
    if arn.type == "group":
        return _with_group(account, at, lambda one: replace(one, attached=_with_attached(one, policy)), words)
    if arn.type == "user":
        return _with_user(account, at, lambda one: replace(one, attached=_with_attached(one, policy)), words)
    return _with_role(account, at, lambda one: replace(one, attached=_with_attached(one, policy)), words)


def _with_attached(holder: Role | User | Group, policy: str) -> tuple[AttachedPolicy, ...]:
    _inline(holder)
    had = tuple(each for each in holder.attached or () if each.arn != policy)
    return (*had, AttachedPolicy(name_of(policy), policy))


def _matching(account: Account, at: str) -> list[str]:
    """Return the ARNs of roles or users that match a pattern such as ``arn:aws:iam::111122223333:role/app/*``.

    Empty if it is not a pattern. Roles owned by AWS are left out: they cannot be changed. Raises `WhatIfError` if
    nothing matches.
    """
    arn = Arn.parse(at)
    if arn is None or "*" not in at or arn.type not in ("role", "user"):
        return []
    listed: Sequence[Role | User] = account.roles if arn.type == "role" else account.users or ()
    matches = compile_glob(at)
    found = [one.arn for one in listed if matches(one.arn) and not (isinstance(one, Role) and one.service_owned)]
    if not found:
        raise _not_found(account, f"{arn.type}s", at)
    return found


def _onto_each(account: Account, at: str, several: Sequence[str], change: Callable[[Account, str], WhatIf]) -> WhatIf:
    sentence = ""
    for arn in several:
        changed = change(account, arn)
        account, sentence = changed.account, changed.sentence.replace(name_of(arn), f"each of {len(several)} at {at}")
    return WhatIf(account, sentence)


def _managed(account: Account, arn: str, document: Document) -> WhatIf:
    policy = account.policy(arn)
    if is_aws_managed(arn):
        raise WhatIfError(f"{arn} is an AWS managed policy, which only AWS can change.")
    if policy is None:
        raise _not_found(account, "policies", arn)
    version = PolicyVersion(NEW_POLICY, document, True)
    others = tuple(replace(each, is_default=False) for each in policy.versions)
    changed = replace(policy, versions=(version, *others), default_version_id=NEW_POLICY)
    policies = tuple(changed if each.arn == arn else each for each in account.policies or ())
    return WhatIf(replace(account, policies=policies), f"The policy {policy.name} is changed.")


def _onto(account: Account, arn: str, document: Document, kind: PolicyKind) -> WhatIf:
    name = name_of(arn)
    inline = InlinePolicy(NEW_POLICY, document)
    if kind is PolicyKind.TRUST:
        return _with_role(
            account, arn, lambda role: replace(role, trust=document), f"The trust policy of {name} is changed."
        )
    if kind is PolicyKind.BOUNDARY:
        boundary = f"arn:{account.partition}:iam::{account.id}:policy/{NEW_POLICY}"
        version = PolicyVersion("v1", document, True)
        policy = ManagedPolicy(NEW_POLICY, boundary, versions=(version,), default_version_id="v1")
        account = replace(account, policies=(*(account.policies or ()), policy))
        words = f"The policy is the boundary of {name}."
        if ":user/" in arn:
            return _with_user(account, arn, lambda user: replace(user, boundary_arn=boundary), words)
        return _with_role(account, arn, lambda role: replace(role, boundary_arn=boundary), words)
    words = f"{name} has the policy as inline policy {NEW_POLICY}."
    if ":group/" in arn:
        return _with_group(account, arn, lambda one: replace(one, inline=(*_inline(one), inline)), words)
    if ":user/" in arn:
        return _with_user(account, arn, lambda one: replace(one, inline=(*_inline(one), inline)), words)
    return _with_role(account, arn, lambda one: replace(one, inline=(*_inline(one), inline)), words)


def _inline(holder: Role | User | Group) -> tuple[InlinePolicy, ...]:
    """Return the inline policies. Raises `WhatIfUnread` if the inline or attached policies were not read."""
    if holder.inline is None or holder.attached is None:
        raise WhatIfUnread(f"The policies of {holder.name} could not be read, so the effect is unknown.")
    return holder.inline


def _not_found(account: Account, what: str, arn: str) -> WhatIfError:
    """Return the error for an entity that is not in the account's list ``what``: it does not exist, or was not read."""
    if getattr(account, what) is None or what in account.incomplete:
        return WhatIfUnread(
            f"Not all {what} of the account could be read; {arn} is not among the {what} that were read."
        )
    return WhatIfError(f"There is no {arn} among the {what} of the account.")


def _with_role(account: Account, arn: str, change: Callable[[Role], Role], words: str) -> WhatIf:
    if account.role(arn) is None:
        raise _not_found(account, "roles", arn)
    roles = tuple(change(one) if one.arn == arn else one for one in account.roles)
    return WhatIf(replace(account, roles=roles), words)


def _with_user(account: Account, arn: str, change: Callable[[User], User], words: str) -> WhatIf:
    if arn not in {one.arn for one in account.users or ()}:
        raise _not_found(account, "users", arn)
    users = tuple(change(one) if one.arn == arn else one for one in account.users or ())
    return WhatIf(replace(account, users=users), words)


def _with_group(account: Account, arn: str, change: Callable[[Group], Group], words: str) -> WhatIf:
    if arn not in {one.arn for one in account.groups or ()}:
        raise _not_found(account, "groups", arn)
    groups = tuple(change(one) if one.arn == arn else one for one in account.groups or ())
    return WhatIf(replace(account, groups=groups), words)


Levels = tuple[OrganizationLevel, ...]


def _organization(account: Account) -> Organization:
    organization = account.organization
    if organization is None or (organization.scps is None and organization.rcps is None):
        raise WhatIfUnread("The policies of the organization could not be read, so none is changed.")
    return organization


def _at_target(account: Account, target: str, document: Document, kind: PolicyKind) -> WhatIf:
    """Return the account with an SCP or RCP added at one level."""
    organization = _organization(account)
    is_rcp = kind is PolicyKind.RCP
    levels = organization.rcps if is_rcp else organization.scps
    if levels is None:
        raise WhatIfUnread(f"The {'RCPs' if is_rcp else 'SCPs'} of the organization could not be read.")
    if target not in {level.target for level in levels}:
        known = ", ".join(level.target for level in levels)
        raise WhatIfError(f"{target} is neither an ARN nor a target of the account's organization ({known}).")
    policy = OrganizationPolicy(f"arn:{account.partition}:organizations::::policy/{NEW_POLICY}", NEW_POLICY, document)
    changed = tuple(
        replace(level, policies=(*level.policies, policy)) if level.target == target else level for level in levels
    )
    words = f"{'An RCP' if is_rcp else 'An SCP'} is attached at {target}."
    return WhatIf(_with_levels(account, organization, changed, is_rcp), words)


def _with_levels(account: Account, organization: Organization, levels: Levels, is_rcp: bool) -> Account:
    changed = replace(organization, rcps=levels) if is_rcp else replace(organization, scps=levels)
    return replace(account, organization=changed)


def _guardrail(
    account: Account, arn: str, change: Callable[[OrganizationPolicy], tuple[OrganizationPolicy, ...]], done: str
) -> WhatIf:
    """Return the account with an SCP or RCP changed wherever it is attached."""
    organization = _organization(account)
    for is_rcp, levels in ((False, organization.scps), (True, organization.rcps)):
        named = [policy.name for level in levels or () for policy in level.policies if policy.arn == arn]
        if named and levels is not None:
            changed = tuple(
                replace(
                    level,
                    policies=tuple(
                        new for policy in level.policies for new in (change(policy) if policy.arn == arn else (policy,))
                    ),
                )
                for level in levels
            )
            words = f"The {'RCP' if is_rcp else 'SCP'} {named[0]} is {done}."
            return WhatIf(_with_levels(account, organization, changed, is_rcp), words)
    if None in (organization.scps, organization.rcps):
        unread = "service" if organization.scps is None else "resource"
        raise WhatIfUnread(f"{arn} was not found, and the {unread} control policies could not be read.")
    raise WhatIfError(f"No policy {arn} applies between the organization's root and the account.")


def remove(account: Account, at: str, policy: str = "") -> WhatIf:
    """Remove a policy, a role, a user or a group. Raises `WhatIfError`.

    An SCP, RCP or managed policy, given by ARN, is removed everywhere (also as boundary). With ``policy``, a name or an
    ARN, it is removed only from the role, user or group ``at``, or from a target in the organization (``r-…``,
    ``ou-…``, the account's ID). Without ``policy``, the role, user or group ``at`` itself is removed.
    """
    arn = Arn.parse(at)
    if arn is not None and arn.service == "organizations":
        return _guardrail(account, at, lambda _: (), "removed")
    if arn is not None and arn.type == "policy":
        return _detached(account, at)
    if arn is not None and arn.type in ("role", "user", "group"):
        if not policy:
            return _deleted(account, at, arn.type)
        return _from_one(account, at, arn.type, policy)
    if arn is None:
        return _from_target(account, at, policy)
    raise WhatIfError(f"{at[:120]} is not the ARN of a policy, role, user or group.")


def _deleted(account: Account, at: str, kind: str) -> WhatIf:
    """Return the account without a role, user or group.

    A policy that names the deleted entity does not apply to a new one with the same name.
    """
    lists: dict[str, Sequence[Role | User | Group]] = {
        "role": account.roles,
        "user": account.users or (),
        "group": account.groups or (),
    }
    if all(one.arn != at for one in lists[kind]):
        raise _not_found(account, f"{kind}s", at)
    words = f"The {kind} {name_of(at)} is deleted."
    if kind == "role":
        return WhatIf(replace(account, roles=tuple(one for one in account.roles if one.arn != at)), words, True)
    if kind == "user":
        users = tuple(one for one in account.users or () if one.arn != at)
        return WhatIf(replace(account, users=users), words, True)
    groups = tuple(one for one in account.groups or () if one.arn != at)
    name = name_of(at)
    users = tuple(
        replace(one, groups=tuple(each for each in one.groups or () if each != name)) for one in account.users or ()
    )
    return WhatIf(replace(account, groups=groups, users=users), words, True)


def _from_target(account: Account, target: str, policy: str) -> WhatIf:
    """Detach an SCP or RCP, given by name, ARN or ID, from one target in the organization."""
    organization = _organization(account)
    known = {level.target for levels in (organization.scps, organization.rcps) for level in levels or ()}
    if target not in known:
        targets = ", ".join(sorted(known))
        raise WhatIfError(f"{target[:120]} is neither an ARN nor a target of the account's organization ({targets}).")
    if not policy:
        raise WhatIfError("--remove from a target of the organization needs --policy with the policy's name or ARN.")
    for is_rcp, levels in ((False, organization.scps), (True, organization.rcps)):
        found = [one for level in levels or () if level.target == target for one in level.policies]
        gone = [one for one in found if policy in (one.arn, one.name, name_of(one.arn))]
        if levels is None or not gone:
            continue
        changed = tuple(
            replace(level, policies=tuple(one for one in level.policies if one not in gone))
            if level.target == target
            else level
            for level in levels
        )
        words = f"The {'RCP' if is_rcp else 'SCP'} {gone[0].name} is detached from {target}."
        return WhatIf(_with_levels(account, organization, changed, is_rcp), words)
    if None in (organization.scps, organization.rcps):
        unread = "service" if organization.scps is None else "resource"
        raise WhatIfUnread(
            f"As far as was read, {policy[:120]} is not attached to {target}; the {unread} control policies could "
            "not be read."
        )
    raise WhatIfError(f"{policy[:120]} is not attached to {target}.")


def _detached(account: Account, policy_arn: str) -> WhatIf:
    def without(attached: tuple[AttachedPolicy, ...] | None) -> tuple[AttachedPolicy, ...] | None:
        return None if attached is None else tuple(each for each in attached if each.arn != policy_arn)

    def boundary(arn: str | None) -> str | None:
        return None if arn == policy_arn else arn

    changed = replace(
        account,
        roles=tuple(
            replace(one, attached=without(one.attached), boundary_arn=boundary(one.boundary_arn))
            if _has(one.attached, policy_arn) or one.boundary_arn == policy_arn
            else one
            for one in account.roles
        ),
        users=None
        if account.users is None
        else tuple(
            replace(one, attached=without(one.attached), boundary_arn=boundary(one.boundary_arn))
            for one in account.users
        ),
        groups=None
        if account.groups is None
        else tuple(replace(one, attached=without(one.attached)) for one in account.groups),
    )
    holders: tuple[Role | User | Group, ...] = (*account.roles, *(account.users or ()), *(account.groups or ()))
    read = account.users is not None and account.groups is not None and not account.incomplete
    of_all = "" if read and all(each.attached is not None for each in holders) else " of those that were read"
    return WhatIf(changed, f"The policy {name_of(policy_arn)} is detached from everyone{of_all}.")


def _has(attached: tuple[AttachedPolicy, ...] | None, arn: str) -> bool:
    return any(each.arn == arn for each in attached or ())


def _from_one(account: Account, at: str, kind: str, policy: str) -> WhatIf:
    name = name_of(policy)
    words = f"The policy {name} is removed from {name_of(at)}."
    holders: dict[str, Sequence[Role | User | Group]] = {
        "role": account.roles,
        "user": account.users or (),
        "group": account.groups or (),
    }
    holder = next((one for one in holders[kind] if one.arn == at), None)
    if holder is None:
        raise _not_found(account, f"{kind}s", at)
    named = {policy, name}
    had = _inline(holder)
    inline = tuple(one for one in had if one.name not in named)
    attached = tuple(one for one in holder.attached or () if one.arn != policy and one.name != policy)
    bounded = (
        not isinstance(holder, Group)
        and holder.boundary_arn is not None
        and (holder.boundary_arn == policy or name_of(holder.boundary_arn) == policy)
    )
    if len(inline) == len(had) and len(attached) == len(holder.attached or ()) and not bounded:
        raise WhatIfError(f"{holder.name} has no policy {policy}.")
    if isinstance(holder, Group):
        return _with_group(account, at, lambda one: replace(one, inline=inline, attached=attached), words)
    boundary = None if bounded else holder.boundary_arn
    if isinstance(holder, User):
        return _with_user(
            account, at, lambda one: replace(one, inline=inline, attached=attached, boundary_arn=boundary), words
        )
    return _with_role(
        account, at, lambda one: replace(one, inline=inline, attached=attached, boundary_arn=boundary), words
    )
