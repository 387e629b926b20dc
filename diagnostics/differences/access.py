"""Who gains and who loses what between two states of an account, under every layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from diagnostics.review.subject import ReviewedAccount, statements
from iam.account import Role
from iam.policy.decision import Layer
from iam.policy.document import PolicyError
from iam.policy.request import NamedPolicy, Policies
from iam.questions.change.compare import AccessChange, AccessChanges
from iam.questions.index import Principal


@dataclass(frozen=True, slots=True)
class AccessOf:
    """What changes for one role or user that both states have. ``trouble`` says in one sentence why it could not be
    computed."""

    arn: str
    change: AccessChange
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class WhoAssumes:
    """Who may assume a role that could not before, and the reverse."""

    role: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def changed_access(before: ReviewedAccount, after: ReviewedAccount) -> Iterator[AccessOf | None]:
    """The roles and users whose access changes. None for each other one, so that whoever asks can show progress and
    stop. May block."""
    had, has = before.shared, after.shared
    if had.unread != has.unread:
        # What one side alone tells of the organization would look like a change: both are asked without it.
        had, has = (replace(one, scps=None, rcps=None) for one in (had, has))
    shared = _same_levels(had, has)
    changes = AccessChanges(after.account)
    for principal in after.index.principals:
        was = before.principal(principal.entity.arn)
        if was is None or (shared and _same_layers(was, principal)):
            yield None
        elif was.unread or principal.unread:
            side = (was.unread or principal.unread)[0]
            yield AccessOf(principal.entity.arn, AccessChange(), side.why)
        else:
            yield _access_of(changes, was.policies(had), principal.policies(has), principal)


def organization_left_out(before: ReviewedAccount, after: ReviewedAccount) -> bool:
    """Whether one side alone tells the organization's policies, so that they were left out of the comparison."""
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
    """The texts of the layer's documents, in an order of their own: which policy has a statement does not matter."""
    return None if policies is None else sorted(policy.document.text for policy in policies)


def _same_levels(was: Policies, now: Policies) -> bool:
    """RCPs are left to those who look at resources: they have no say in what identity policies grant by themselves."""
    return _levels(was.scps) == _levels(now.scps) and _levels(was.rcps) == _levels(now.rcps)


def _levels(levels: tuple[tuple[NamedPolicy, ...], ...] | None) -> list[list[str] | None] | None:
    return None if levels is None else [_documents(level) for level in levels]


def changed_trust(before: ReviewedAccount, after: ReviewedAccount) -> Iterator[WhoAssumes]:
    """The roles of both states whose trust policy differs, with who may assume them now and could not, and the
    reverse."""
    for role in after.account.roles:
        was = before.account.role(role.arn)
        if was is None or was.trust is None or role.trust is None or was.trust == role.trust:
            continue
        had, has = _assuming(before, was), _assuming(after, role)
        yield WhoAssumes(role.arn, tuple(sorted(has - had)), tuple(sorted(had - has)))


_ACTIONS = ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")


def _assuming(reviewed: ReviewedAccount, role: Role) -> set[str]:
    """The roles and users of the account that may assume the role, and whom its trust policy lets in besides."""
    trust = reviewed.trust(role)
    if trust is None:
        return set()
    index = reviewed.index
    able = index.candidates("sts:AssumeRole", role.arn)
    named = set[str]()
    for one in statements(trust, Layer.RESOURCE):
        if not one.deny and one.principal is not None:
            named |= {value for _, value in one.principal.pairs} or {"everyone but some"}
    found: set[str] = set()
    for number in able | {index.by_arn[value] for value in named if value in index.by_arn}:
        principal = index.principals[number]
        may = reviewed.may(principal, "sts:AssumeRole", role.arn, trust=trust)
        if may.allowed:
            found.add(_said(principal.entity.arn, may.certain))
    for value in named - index.by_arn.keys():
        asked = reviewed.stranger if value == "*" else value
        for action in _ACTIONS:
            may = reviewed.lets_in(role, trust, asked, action, {}, lambda _: False)
            own = value in (reviewed.account.id, reviewed.arn("root"))
            if may.allowed and not own:
                found.add(_said("everyone" if value == "*" else value, may.certain))
    return found


def _said(who: str, certain: bool) -> str:
    return who if certain else f"{who} (under conditions)"
