"""Find, for each current statement of a role, user or group, the change that added it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from diagnostics.history.statements import meanings
from iam.account import Group, Role, User
from iam.arn import is_aws_managed, name_of
from iam.history.change import Change, Entity, Kind, Known, Part, Place, State
from iam.history.timeline import History
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount


@dataclass(frozen=True, slots=True)
class Blamed:
    """A statement, and the change that added it.

    ``change`` is None if the statement is older than the record, or its change was not recorded: ``why`` says which.
    """

    policy: str
    statement: int
    sid: str | None
    change: Change | None
    why: str = ""
    arn: str | None = None


@dataclass(frozen=True, slots=True)
class _Version:
    """A document that was in effect since a change; ``text`` is None if it is unknown, "" if there was none.

    ``hole``: records are missing for a part of the time in which the document was in effect.
    """

    change: Change | None
    at: datetime | None
    text: str | None
    recorded: bool = True
    hole: bool = False


def blame(holder: Role | User | Group, history: History, opened: OpenedAccount) -> Iterator[Blamed]:
    """Yield each statement of a holder's policies, trust policy first, with the change that added it."""
    kinds = {Role: Kind.ROLE, User: Kind.USER, Group: Kind.GROUP}
    entity = Entity(kinds[type(holder)], holder.name)
    if isinstance(holder, Role) and holder.trust is not None:
        yield from blame_place("trust policy", Place(entity, Part.TRUST), holder.trust, history)
    for inline in holder.inline or ():
        yield from blame_place(inline.name, Place(entity, Part.INLINE, inline.name), inline.document, history)
    for attached in holder.attached or ():
        if is_aws_managed(attached.arn):
            continue
        policy = opened.account.policy(attached.arn) or opened.reader.managed_policy(attached.arn).value
        if policy is not None and policy.document is not None:
            yield from blame_policy(attached.arn, policy.document, history)


def blame_policy(arn: str, document: Document, history: History) -> Iterator[Blamed]:
    """Yield each statement of a managed policy's default version, with the change that put it into effect."""
    entity = Entity(Kind.POLICY, arn)
    versions = []
    for stretch in history.timeline(Place(entity, Part.DEFAULT)).stretches:
        change = stretch.changes[-1] if stretch.changes else None
        text = _default_text(history, entity, stretch.start)
        versions.append(_Version(change, stretch.since, text, hole=stretch.hole is not None))
        if stretch.gap:
            versions.append(_Version(None, stretch.until, _default_text(history, entity, stretch.end), recorded=False))
    for blamed in _blamed(name_of(arn), document, versions):
        yield Blamed(blamed.policy, blamed.statement, blamed.sid, blamed.change, blamed.why, arn)


def _default_text(history: History, entity: Entity, default: State) -> str | None:
    if not isinstance(default, Known):
        return None
    if default.value is None:
        return ""
    # A version's document never changes, so any known state is the document.
    for stretch in history.timeline(Place(entity, Part.VERSION, default.value)).stretches:
        for state in (stretch.start, stretch.end):
            if isinstance(state, Known) and state.value:
                return state.text
    return None


def blame_place(name: str, place: Place, document: Document, history: History) -> Iterator[Blamed]:
    """Yield each statement of one document, with the change that added it."""
    versions = []
    for stretch in history.timeline(place).stretches:
        change = stretch.changes[-1] if stretch.changes else None
        hole = stretch.hole is not None
        versions.append(_Version(change, stretch.since, _text(stretch.start), not stretch.observed, hole))
        if stretch.gap:
            versions.append(_Version(None, stretch.until, _text(stretch.end), recorded=False))
    yield from _blamed(name, document, versions)


def _text(state: State) -> str | None:
    return (state.text or "") if isinstance(state, Known) else None


def _blamed(name: str, document: Document, versions: Sequence[_Version]) -> Iterator[Blamed]:
    held = [None if each.text is None else frozenset(meanings(each.text)) for each in versions]
    statements = document.readable_statements
    for index, meaning in enumerate(meanings(document.stored)):
        sid = statements[index].sid if index < len(statements) else None
        at = len(versions) - 1
        while at > 0 and (before := held[at - 1]) is not None and meaning in before:
            at -= 1
        version = versions[at]
        opaque = version.change is not None and (version.change.entity is None or bool(version.change.omitted))
        if at == 0:
            yield Blamed(name, index, sid, None, "older than the record")
        elif not version.recorded:
            yield Blamed(name, index, sid, None, "the change that added it is not recorded")
        elif held[at - 1] is None:
            yield Blamed(
                name, index, sid, version.change, "the statement may be older: the earlier document is not recorded"
            )
        elif opaque:
            yield Blamed(name, index, sid, version.change, "the record does not show what was changed")
        elif any(each.hole for each in versions[at - 1 :]):
            yield Blamed(
                name,
                index,
                sid,
                version.change,
                "another change may have added it: records around this change are missing",
            )
        else:
            yield Blamed(name, index, sid, version.change)
