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


def changed_assuming(before: ReviewedAccount, after: ReviewedAccount) -> Iterator[WhoAssumes | None]:
    """The roles of both states whose trust policy differs, or that others may assume, with who may now and could not,
    and the reverse. None for each other one. May block."""
    told = not organization_left_out(before, after)
    scps_differ, rcps_differ = (
        told and _levels(getattr(before.shared, kind)) != _levels(getattr(after.shared, kind))
        for kind in ("scps", "rcps")
    )
    others = {
        principal.entity.arn
        for principal in after.index.principals
        if (was := before.principal(principal.entity.arn)) is not None
        and not (was.unread or principal.unread)
        and (scps_differ or rcps_differ or not _same_layers(was, principal))
    }
    for role in after.account.roles:
        previous = before.account.role(role.arn)
        if previous is None or previous.trust is None or role.trust is None:
            yield None
            continue
        differs = previous.trust != role.trust
        whom = None if differs or rcps_differ else others
        had, has = _assuming(before, previous, whom), _assuming(after, role, whom)
        gained, lost = tuple(sorted(has - had)), tuple(sorted(had - has))
        yield WhoAssumes(role.arn, gained, lost) if differs or gained or lost else None


_ACTIONS = ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")


def _assuming(reviewed: ReviewedAccount, role: Role, whom: set[str] | None) -> set[str]:
    """Those of ``whom`` who may assume the role. For None all roles and users of the account, and whom its trust policy
    lets in besides."""
    trust = reviewed.trust(role)
    if trust is None or whom == set():
        return set()
    index = reviewed.index
    named = set[str]()
    for one in statements(trust, Layer.RESOURCE):
        if not one.deny and one.principal is not None:
            named |= {value for _, value in one.principal.pairs} or {"everyone but some"}
    own = reviewed.named_by(role)
    able = {index.by_arn[value] for value in own if value in index.by_arn}
    if reviewed.account.id in own:
        able |= index.candidates("sts:AssumeRole", role.arn)
    found: set[str] = set()
    for principal in (index.principals[number] for number in able):
        if whom is None or principal.entity.arn in whom:
            may = reviewed.may(principal, "sts:AssumeRole", role.arn, trust=trust)
            if may.allowed:
                found.add(_said(principal.entity.arn, may.certain))
    for value in named - index.by_arn.keys() - index.by_id.keys() if whom is None else ():
        asked = reviewed.stranger if value == "*" else value
        for action in _ACTIONS:
            may = reviewed.lets_in(role, trust, asked, action, {}, lambda _: False)
            if may.allowed and value not in (reviewed.account.id, reviewed.arn("root")):
                found.add(_said("everyone" if value == "*" else value, may.certain))
    return found


def _said(who: str, certain: bool) -> str:
    return who if certain else f"{who} (under conditions)"
