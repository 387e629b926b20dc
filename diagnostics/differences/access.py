"""Compute who gains and who loses which access between two states of an account, over every layer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from diagnostics.effect_words import is_own, when, whom
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account, Role
from iam.policy.document import Document, PolicyError
from iam.policy.principal import Kind, caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change.callers_of_resource import let_in
from iam.questions.change.compare import AccessChange, AccessChanges
from iam.questions.change.effects import (
    ANOTHER_ACCOUNT,
    ANYBODY,
    GAINS,
    LOSSES,
    NOT_COMPUTED,
    AccessEffect,
    EffectKind,
    Effects,
)
from iam.questions.index import Principal

_NOBODY = Document('{"Version": "2012-10-17", "Statement": []}')


@dataclass(frozen=True, slots=True)
class AccessOf:
    """The changes in access of one role or user that exists in both states.

    ``trouble`` says in one sentence why they could not be computed.
    """

    arn: str
    change: AccessChange
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class WhoAssumes:
    """The principals that can newly assume a role (``gained``), and those that can no longer assume it (``lost``).

    Unless ``complete``, there may be more. ``strangers`` are the principals in ``gained`` that are anybody, or that
    belong to accounts that are not ours.
    """

    role: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    complete: bool = True
    strangers: tuple[str, ...] = ()


def changed_access(
    before: ReviewedAccount, after: ReviewedAccount, *, created: bool = False
) -> Iterator[AccessOf | None]:
    """Yield each role and user whose access changes, and None for each whose access does not change.

    The None values allow the caller to show progress and to stop. With ``created``, roles and users that exist in only
    one state gain or lose everything that they may do. May block.
    """
    had, has = before.shared, after.shared
    if had.unread != has.unread:
        # If only one side has the organization's data, it would look like a change, so both are evaluated without that
        # data.
        had, has = (replace(one, scps=None, rcps=None) for one in (had, has))
    shared = _same_levels(had, has)
    changes = AccessChanges(after.account)
    for principal in after.index.principals:
        was = before.principal(principal.entity.arn)
        if was is None and created:
            was = replace(principal, identity=())
        if was is None or (shared and not (created and principal.unread) and _same_layers(was, principal)):
            yield None
        elif was.unread or principal.unread:
            side = (was.unread or principal.unread)[0]
            yield AccessOf(principal.entity.arn, AccessChange(), side.why)
        else:
            yield _access_of(changes, was.policies(had), principal.policies(has), principal)
    if created:
        for principal in before.index.principals:
            if after.principal(principal.entity.arn) is None and not principal.unread:
                nothing = replace(principal, identity=())
                yield _access_of(changes, principal.policies(had), nothing.policies(has), principal)


def organization_left_out(before: ReviewedAccount, after: ReviewedAccount) -> bool:
    """Return whether the organization's policies are known in one state only, and so were not compared."""
    return before.shared.unread != after.shared.unread


def _access_of(changes: AccessChanges, had: Policies, has: Policies, principal: Principal) -> AccessOf | None:
    arn = principal.entity.arn
    try:
        change = changes.of(principal.entity, had, has)
    except PolicyError as error:
        return AccessOf(arn, AccessChange(), str(error))
    return AccessOf(arn, change) if change else None


def _same_layers(was: Principal, now: Principal) -> bool:
    return _documents(was.identity) == _documents(now.identity) and _documents(was.boundary) == _documents(now.boundary)


def _documents(policies: tuple[NamedPolicy, ...] | None) -> list[str] | None:
    """Return the layer's document texts, sorted, because it does not matter which policy contains a statement."""
    return None if policies is None else sorted(policy.document.text for policy in policies)


def _same_levels(was: Policies, now: Policies) -> bool:
    """Return whether the organization's policies on both sides are equal."""
    return _levels(was.scps) == _levels(now.scps) and _levels(was.rcps) == _levels(now.rcps)


def _levels(levels: tuple[tuple[NamedPolicy, ...], ...] | None) -> list[list[str] | None] | None:
    return None if levels is None else [_documents(level) for level in levels]


def changed_assuming(
    before: ReviewedAccount,
    after: ReviewedAccount,
    *,
    created: bool = False,
    deleted: bool = False,
    elsewhere: Collection[str] = (),
) -> Iterator[WhoAssumes | None]:
    """Yield the changes in who may assume each role, and None for each role without a change.

    A role is included if its trust policy differs or if others may assume it. With ``created``, new roles could be
    assumed by nobody before; with ``deleted``, removed roles can be assumed by nobody now. ``elsewhere`` are accounts
    whose principals are left out. May block.
    """
    comparable = not organization_left_out(before, after)
    scps_differ, rcps_differ = (
        comparable and _levels(getattr(before.shared, kind)) != _levels(getattr(after.shared, kind))
        for kind in ("scps", "rcps")
    )
    others = {
        principal.entity.arn
        for principal in after.index.principals
        if (was := before.principal(principal.entity.arn)) is not None
        and not (was.unread or principal.unread)
        and (scps_differ or rcps_differ or not _same_layers(was, principal))
    }
    for role in before.account.roles if deleted else ():
        if after.account.role(role.arn) is None and role.trust is not None:
            gone = replace(role, trust=_NOBODY)
            strangers = _strangers(before, role, after, gone, comparable, elsewhere)
            lost = (*sorted(_assuming(before, role, None)), *_said_of(strangers, LOSSES, after.account))
            yield WhoAssumes(role.arn, (), lost, strangers.complete)
    for role in after.account.roles:
        previous = before.account.role(role.arn)
        if previous is None and created:
            previous = replace(role, trust=_NOBODY)
        if previous is None or previous.trust is None or role.trust is None:
            yield None
            continue
        everybody = previous.trust != role.trust or rcps_differ
        had, has = (
            _assuming(side, one, None if everybody else others) for side, one in ((before, previous), (after, role))
        )
        strangers = Effects()
        if everybody:
            strangers = _strangers(before, previous, after, role, comparable, elsewhere)
        gained = (*sorted(has - had), *_said_of(strangers, GAINS, after.account))
        lost = (*sorted(had - has), *_said_of(strangers, LOSSES, after.account))
        outside = tuple(dict.fromkeys(strangers_in(strangers, after)))
        found = WhoAssumes(role.arn, gained, lost, strangers.complete, outside)
        yield found if gained or lost or not found.complete else None


def _strangers(
    before: ReviewedAccount,
    previous: Role,
    after: ReviewedAccount,
    role: Role,
    comparable: bool,
    elsewhere: Collection[str],
) -> Effects:
    """Return the changes for principals outside of the account and of the accounts ``elsewhere``."""
    sides = []
    for reviewed, one in ((before, previous), (after, role)):
        trust = reviewed.trust(one)
        if trust is None:  # AWS would reject the document
            return NOT_COMPUTED
        sides.append(Policies(resource=trust, rcps=reviewed.shared.rcps if comparable else None))
    asked = Request(None, "sts:AssumeRole", role.arn)
    found = let_in(sides[0], sides[1], asked, after.account, after.reader.neighbours)

    def left_out(who: str) -> bool:
        return is_own(who, after.account) or caller(who).account in elsewhere

    own = [replace(one, principals=tuple(who for who in one.principals if not left_out(who))) for one in found.found]
    return replace(found, found=tuple(one for one in own if one.principals))


def strangers_in(effects: Effects, reviewed: ReviewedAccount) -> Iterator[str]:
    """Yield the gaining principals that are not ours and not a service or an identity provider."""
    for one in effects.of(*GAINS):
        if not _of_our_organization(one, reviewed):
            yield from (who for who in one.principals if is_stranger(who, reviewed))


def _of_our_organization(one: AccessEffect, reviewed: ReviewedAccount) -> bool:
    """Return whether a condition excludes everybody outside of the account's own organization.

    IAM User Guide, "AWS global condition context keys", aws:PrincipalOrgID and aws:PrincipalOrgPaths.
    """
    organization = reviewed.account.organization
    if organization is None:
        return False
    return any(
        block.key.lower() in ("aws:principalorgid", "aws:principalorgpaths")
        and "not" not in block.operator.lower()
        and "ifexists" not in block.operator.lower()
        and all(value.split("/")[0] == organization.id for value in block.values)
        for block in one.conditions
    )


def is_stranger(principal: str, reviewed: ReviewedAccount) -> bool:
    """Return whether a principal in a resource policy is anybody, or in an account that is not known to be ours."""
    if principal == ANYBODY or ANOTHER_ACCOUNT in principal:
        return True
    who = caller(principal)
    if who.kind in (Kind.SERVICE, Kind.PROVIDER):
        return False
    return who.account is None or not reviewed.ours(who.account)


def _said_of(effects: Effects, kinds: Sequence[EffectKind], account: Account) -> Iterator[str]:
    for one in effects.of(*kinds):
        action = "" if one.action.lower().startswith("sts:assumerole") else f" ({one.action})"
        clause = when(one.conditions, one.unless)
        yield f"{whom(one.principals, account)}{action}{f' if {clause}' if clause else ''}"


def _assuming(reviewed: ReviewedAccount, role: Role, whom: set[str] | None) -> set[str]:
    """Return which of the principals ``whom`` may assume the role; None means all roles and users of the account."""
    trust = reviewed.trust(role)
    if trust is None or whom == set():
        return set()
    index = reviewed.index
    own = reviewed.named_by(role)
    able = {index.by_arn[value] for value in own if value in index.by_arn}
    if reviewed.account.id in own:
        able |= index.candidates("sts:AssumeRole", role.arn)
    found: set[str] = set()
    for principal in (index.principals[number] for number in able):
        if whom is None or principal.entity.arn in whom:
            may = reviewed.may(principal, "sts:AssumeRole", role.arn, trust=trust)
            if may.allowed:
                found.add(principal.entity.arn if may.certain else f"{principal.entity.arn} (under conditions)")
    return found
