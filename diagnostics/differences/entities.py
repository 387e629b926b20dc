"""Find the entities added, removed and changed between two states of an account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from iam.account import Account, Group, InlinePolicy, ManagedPolicy, Role, User


class Happened(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class EntityDifference:
    """A changed entity. ``kind`` is ``role``, ``user``, ``group``, ``policy``, ``scp`` or ``rcp``.

    ``parts`` are the parts that differ (``trust``, ``inline policy NAME``, ``boundary`` …).
    """

    kind: str
    arn: str
    happened: Happened
    parts: tuple[str, ...] = ()


def differences(before: Account, after: Account) -> tuple[EntityDifference, ...]:
    """Return the differences, sorted by kind and ARN.

    Lists and parts that are unknown in one state are not compared.
    """
    found: list[EntityDifference] = []
    found += _of("role", before.roles, after.roles, _role)
    found += _of("user", before.users, after.users, _user)
    found += _of("group", before.groups, after.groups, _holder)
    found += _of("policy", _customer(before), _customer(after), _policy)
    for kind in ("scp", "rcp"):
        found += _guardrails(kind, before, after)
    return tuple(found)


def _of(kind: str, was: Iterable | None, now: Iterable | None, parts: Callable) -> Iterator[EntityDifference]:  # type: ignore[type-arg]
    if was is None or now is None:
        return
    had, has = {one.arn: one for one in was}, {one.arn: one for one in now}
    for arn in sorted({*had, *has}):
        if arn not in had:
            yield EntityDifference(kind, arn, Happened.ADDED)
        elif arn not in has:
            yield EntityDifference(kind, arn, Happened.REMOVED)
        elif had[arn] is not has[arn] and (changed := tuple(parts(had[arn], has[arn]))):
            yield EntityDifference(kind, arn, Happened.CHANGED, changed)


def _customer(account: Account) -> tuple[ManagedPolicy, ...] | None:
    if account.policies is None:
        return None
    return tuple(policy for policy in account.policies if not policy.aws_managed)


def _holder(was: Role | User | Group, now: Role | User | Group) -> Iterator[str]:
    if was.inline is not None and now.inline is not None:
        had, has = _inline(was.inline), _inline(now.inline)
        yield from (f"inline policy {name}" for name in sorted({*had, *has}) if had.get(name) != has.get(name))
    if was.attached is None or now.attached is None:
        return
    attached, present = ({one.arn for one in each.attached or ()} for each in (was, now))
    yield from (f"{arn.rpartition('/')[2]} attached" for arn in sorted(present - attached))
    yield from (f"{arn.rpartition('/')[2]} detached" for arn in sorted(attached - present))


def _inline(policies: tuple[InlinePolicy, ...] | None) -> dict[str, object]:
    return {one.name: one.document for one in policies or ()}


def _role(was: Role, now: Role) -> Iterator[str]:
    if was.id and now.id and was.id != now.id:
        yield "recreated"
    if was.trust is not None and now.trust is not None and was.trust != now.trust:
        yield "trust"
    yield from _holder(was, now)
    yield from _bounded(was, now)
    if was.max_session_seconds != now.max_session_seconds and None not in (
        was.max_session_seconds,
        now.max_session_seconds,
    ):
        yield "session length"


def _user(was: User, now: User) -> Iterator[str]:
    yield from _holder(was, now)
    yield from _bounded(was, now)
    if was.groups is not None and now.groups is not None:
        yield from (f"joined {name}" for name in sorted({*now.groups} - {*was.groups}))
        yield from (f"left {name}" for name in sorted({*was.groups} - {*now.groups}))


def _bounded(was: Role | User, now: Role | User) -> Iterator[str]:
    # Boundary and tags come from the same call: if one is unknown, the other is too.
    known = was.tags is not None and now.tags is not None
    if was.boundary_arn != now.boundary_arn and (known or (was.boundary_arn and now.boundary_arn)):
        yield "boundary"
    if was.tags is not None and now.tags is not None and dict(was.tags) != dict(now.tags):
        yield "tags"


def _policy(was: ManagedPolicy, now: ManagedPolicy) -> Iterator[str]:
    if was.document is not None and now.document is not None and was.document != now.document:
        yield "document"


def _guardrails(kind: str, before: Account, after: Account) -> Iterator[EntityDifference]:
    """Yield the differences between the organization's policies, by the targets that they are attached to."""
    had, has = _placed(kind, before), _placed(kind, after)
    if had is None or has is None:
        return
    for place in sorted({*had, *has}):
        target, arn = place
        if place not in had:
            yield EntityDifference(kind, arn, Happened.ADDED, (f"at {target}",))
        elif place not in has:
            yield EntityDifference(kind, arn, Happened.REMOVED, (f"at {target}",))
        elif had[place] != has[place]:
            yield EntityDifference(kind, arn, Happened.CHANGED, ("document",))


def _placed(kind: str, account: Account) -> Mapping[tuple[str, str], object] | None:
    organization = account.organization
    levels = None if organization is None else organization.scps if kind == "scp" else organization.rcps
    if levels is None:
        return None
    return {(level.target, policy.arn): policy.document for level in levels for policy in level.policies}
