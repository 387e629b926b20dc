"""Data from CloudTrail: the failed call itself, and changes made shortly before it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diagnostics.access_denied.request.caller import Caller
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import Account, Role
from iam.ages import short_age
from iam.arn import account_of, name_of, service_of
from iam.event import Event
from iam.foreign_text import shortened
from iam.lazy_pattern import regex
from iam.policy.document import Document, PolicyError
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from iam.sources.resource_policies import policy_holder
from iam.words import plural

if TYPE_CHECKING:
    from diagnostics.past_changes import OwnChange

# IAM is eventually consistent: a change usually takes effect everywhere within seconds, and seldom later than this.
PROPAGATION = timedelta(minutes=2)
RECENT = timedelta(days=1)
_CLOCKS = timedelta(seconds=5)

_IAM_DATES = "iam:GetAccountAuthorizationDetails"
_MOST_GROUPS = 5  # each group takes a separate call

_CHANGING = ("Put", "Attach", "Detach", "Delete", "Update", "Create", "Set", "Add", "Remove", "Tag", "Untag")
_OF_POLICIES = regex(r"Policy|Permission|Grant|Attributes")


@dataclass(frozen=True, slots=True)
class TrailCall:
    """A CloudTrail event with its record decoded; ``record`` is empty if the event has none."""

    event: Event
    record: dict[str, Any]

    @property
    def error(self) -> str | None:
        value = self.record.get("errorCode")
        return value if isinstance(value, str) else None

    @property
    def denied(self) -> bool:
        from iam.sources.aws.errors import denied_in_trail

        return self.error is not None and denied_in_trail(self.error)

    @property
    def parameters(self) -> dict[str, Any]:
        value = self.record.get("requestParameters")
        return value if isinstance(value, dict) else {}

    @property
    def answer(self) -> dict[str, Any]:
        value = self.record.get("responseElements")
        return value if isinstance(value, dict) else {}

    @property
    def identity(self) -> dict[str, Any]:
        value = self.record.get("userIdentity")
        return value if isinstance(value, dict) else {}


def calls(
    reader: AccountReader, *, resource_name: str | None = None, event_name: str | None = None
) -> tuple[TrailCall, ...]:
    """Return CloudTrail's events with their records decoded, newest first. Empty if they cannot be read."""
    reading = reader.events(resource_name=resource_name, event_name=event_name)
    return decoded(reading.value or ())


def assumed(reader: AccountReader, role_arn: str) -> Reading[tuple[Event, ...]]:
    """Return the AssumeRole events of a role, newest first.

    CloudTrail stores these events under the role's ARN. A snapshot may have stored them under the role's name instead.
    """
    reading = reader.events(resource_name=role_arn, event_name="AssumeRole")
    if reading.value or reader.kind != "snapshot":
        return reading
    return reader.events(resource_name=name_of(role_arn), event_name="AssumeRole")


def decoded(events: Sequence[Event]) -> tuple[TrailCall, ...]:
    return tuple(TrailCall(event, _record(event)) for event in events)


def _record(event: Event) -> dict[str, Any]:
    if not event.detail:
        return {}
    try:
        record = json.loads(event.detail)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


@dataclass(frozen=True, slots=True)
class Changes:
    """Known changes to the caller (and the requested role) within the last day, newest first.

    ``unread`` is a sentence about what could not be read: there may have been other changes. ``dated`` are those of
    ``recent`` that come from IAM's own dates; the others come from CloudTrail. ``own`` is what the operator changed
    since the failure, which may not be recorded yet. ``elsewhere`` is the caller's account if its changes are not
    recorded in this account; "" otherwise. ``beside`` are those of ``recent`` that cannot matter to the request, such
    as changes to policies that do not name the action's service.
    """

    recent: tuple[Event, ...] = ()
    dated: tuple[Event, ...] = ()
    call: str = ""
    unread: str = ""
    own: OwnChange | None = None
    elsewhere: str = ""
    beside: frozenset[Event] = frozenset()

    def within_propagation(self, now: datetime) -> bool:
        """Return whether a change is so recent that it may not have propagated yet."""
        return self.own is not None or bool(self.within(PROPAGATION, now))

    def within(self, age: timedelta, now: datetime) -> tuple[Event, ...]:
        return tuple(event for event in self.recent if now - event.time <= age and event not in self.beside)


def changes_of(caller: Caller, resource: str | None, opened: OpenedAccount, action: str | None = None) -> Changes:
    """Return the changes of the last day to the caller, its policies, and the resource.

    If the resource is a role or user, all changes to it count; for any other resource, only changes to its policies.
    ``action`` determines which changes cannot matter.
    """
    target = name_of(policy_holder(resource)) if resource and resource.startswith("arn:") else None
    ours = resource is not None and service_of(resource) == "iam"
    groups = caller.user.groups if caller.user else ()
    wanted = [name for name in (caller.name if caller.here else None, *(groups or ())[:_MOST_GROUPS], target) if name]
    dated = tuple(_dated(caller, opened.account))
    # LookupEvents allows two calls a second, so only policies that changed according to IAM's own date are looked up.
    wanted += [name for event in dated for name in event.resources]
    if opened.reader.kind == "snapshot":
        wanted += [name for arn in _policies_of(caller, opened.account) for name in (arn, name_of(arn))]
    found: list[Event] = []
    call, more = "", len(groups or ()) - _MOST_GROUPS
    unread = f"The changes of {plural(more, 'more group')} were not read." if more > 0 else ""
    for name in dict.fromkeys(wanted):
        reading = opened.reader.events(resource_name=name)
        call = reading.call
        if reading.back_to is None or opened.account.now - reading.back_to < RECENT:
            unread = unread or reading.why or reading.note
        if reading.unreadable:
            break
        of_policies = name == target and not ours
        found += [
            event
            for event in reading.value or ()
            if _changes(event)
            and opened.account.now - event.time <= RECENT
            and (not of_policies or _OF_POLICIES.search(event.name))
        ]
    own = [event for event in own_changes(opened) if not any(_same_change(event, one) for one in found)]
    found += own
    dated = tuple(each for each in dated if not any(_same_change(each, event) for event in found))
    recent = sorted((*dated, *found), key=lambda event: event.time, reverse=True)
    where = caller.account_id or account_of(resource or "")
    elsewhere = where if where and not caller.here and where != opened.account.id else ""
    beside = frozenset(event for event in recent if action and _cannot_matter(event, action, caller.name))
    about = {name_of(name) for name in (*wanted, *_policies_of(caller, opened.account))}
    beside |= {event for event in own if about.isdisjoint(event.resources)}
    return Changes(tuple(dict.fromkeys(recent)), dated, call, unread, elsewhere=elsewhere, beside=beside)


_OF_ITSELF = regex(r"(?:Put|Attach|Detach|Delete)(?:Role|User)(?:Policy|PermissionsBoundary)")


def _cannot_matter(event: Event, action: str, caller: str | None) -> bool:
    """Return whether a change is known to be unrelated to the request.

    It is unrelated if it changed the policies of a role other than the caller, or if no statement of its document names
    the action's service.
    """
    parameters = TrailCall(event, _record(event)).parameters
    of = parameters.get("roleName") or parameters.get("userName")
    if isinstance(of, str) and of != caller and _OF_ITSELF.fullmatch(event.name):
        return True
    text = parameters.get("policyDocument")
    if not isinstance(text, str) or event.name == "UpdateAssumeRolePolicy":
        return False
    try:
        statements = Document.from_value(text).statements
    except PolicyError:
        return False
    service = f"{action.lower().partition(':')[0]}:"
    return all(
        one.action is not None and all(each != "*" and not each.lower().startswith(service) for each in one.action)
        for one in statements
    )


def own_changes(opened: OpenedAccount, directory: Path | None = None) -> Iterator[Event]:
    """Yield the changes to this account in the last day that this program recorded in its own journal.

    The journal has a change at once, CloudTrail only after minutes.
    """
    if opened.reader.kind == "snapshot":
        return
    from iam.changes.journal import CallProgress, End, journals

    now = datetime.now(UTC)
    for record in journals(directory, since=now - RECENT):
        if record.source != opened.reader.kind or record.plan.account_id != opened.account.id:
            continue
        if record.source == "demo" and record.process != os.getpid():
            continue  # a demo account ends with its process
        for call, state in zip(record.plan.calls, record.states, strict=False):
            done = state.progress in (CallProgress.DONE, CallProgress.UNDONE)
            age = now - (state.ended or record.started)
            if done and age <= RECENT:
                undone = record.end is End.ROLLED_BACK or state.progress is CallProgress.UNDONE
                name = f"{call.operation} (undone)" if undone else call.operation
                yield Event(name, opened.account.now - age, username=OWN, resources=(name_of(call.target),))


OWN = "you, with rolescope"
"""The author shown for changes from the journal."""


def _same_change(dated: Event, event: Event) -> bool:
    """Return whether a change dated by IAM and CloudTrail's event are the same change.

    They are if both are about one entity and their times differ by at most a few seconds, as two clocks may.
    """
    names = {name_of(each) for each in event.resources}
    return abs(dated.time - event.time) <= _CLOCKS and any(name_of(each) in names for each in dated.resources)


def _dated(caller: Caller, account: Account) -> Iterator[Event]:
    """Yield the changes of the last day that IAM's own dates show.

    IAM dates the creation of the caller and the updates of attached customer managed policies.
    """
    entity = caller.role or caller.user
    if entity is None:
        return
    if entity.created is not None and account.now - entity.created <= RECENT:
        yield Event("Create" + ("Role" if caller.role else "User"), entity.created, resources=(entity.name,))
    for arn in _policies_of(caller, account):
        policy = account.policy(arn)
        if policy is None or policy.aws_managed or policy.updated is None:
            continue
        if account.now - policy.updated <= RECENT:
            yield Event(f"Update of {policy.name}", policy.updated, resources=(policy.arn,))


def _policies_of(caller: Caller, account: Account) -> tuple[str, ...]:
    """Return the ARNs of the caller's managed policies: its own, its groups' and its boundary."""
    entity = caller.role or caller.user
    if entity is None:
        return ()
    arns = [attached.arn for attached in entity.attached or ()]
    for name in (caller.user.groups if caller.user else ()) or ():
        group = account.group(name)
        arns += [attached.arn for attached in (group.attached if group else ()) or ()]
    return (*arns, *((entity.boundary_arn,) if entity.boundary_arn else ()))


_MOST_SHOWN = 8


def _named(event: Event) -> str:
    """Return the change's name.

    For a change by the operator, which may be to any entity, also name the changed entity.
    """
    return f"{event.name} on {shortened(event.resources[0])}" if event.username == OWN else event.name


def _changes(event: Event) -> bool:
    return event.name.startswith(_CHANGING) and not _record(event).get("errorCode")


def changes_step(changes: Changes, now: datetime, target: Role | None = None, *, live: bool = True) -> Step:
    """Return the step about recent changes. ``target`` is the role to be assumed, which may be too new.

    ``live`` means that ``now`` is the current time, not the time of a snapshot.
    """
    title = "Recent changes"
    about = [event for event in changes.recent if event not in changes.beside]
    others = [event for event in changes.recent if event in changes.beside]
    evidence = tuple(
        Evidence(
            text=f"{_named(event)}, {short_age(now - event.time)} ago"
            + (f", by {event.username}" if event.username else ""),
            call=_IAM_DATES if event in changes.dated else None if event.username == OWN else changes.call,
        )
        for event in (*about[:_MOST_SHOWN], *others[:_MOST_SHOWN])
    )
    newest = changes.recent[0] if changes.recent else None
    if changes.own is not None:
        said = f"yours: {changes.own.title}, made at {changes.own.time:%H:%M} UTC"
        return Step("changes", title, Status.PASS, said, evidence)
    if young := changes.within(PROPAGATION, now):
        said = (
            f"{_named(young[0])} {short_age(now - young[0].time)} ago: so recent a change may not be in effect "
            "everywhere yet"
        )
        return Step("changes", title, Status.FAIL, said, evidence)
    latest = f"the latest {_named(newest)} {short_age(now - newest.time)} ago" if newest else ""
    if changes.unread:
        known = f"{len(changes.recent)} known in the last day, {latest}; others " if newest else ""
        said = f"{known}cannot be read from here: {changes.unread}"
        return Step("changes", title, Status.UNKNOWN, said, evidence)
    status = Status.UNKNOWN if changes.elsewhere else Status.PASS
    old = f"; {target.name} is {short_age(now - target.created)} old" if target and target.created else ""
    beyond = f"; changes in account {changes.elsewhere} cannot be read from here" if changes.elsewhere else ""
    if newest is not None:
        return Step("changes", title, status, f"{len(changes.recent)} in the last day, {latest}{old}{beyond}", evidence)
    here = " in this account" if changes.elsewhere else ""
    day = "the last day" if live else f"the day before the snapshot of {now:%Y-%m-%d %H:%M} UTC"
    return Step("changes", title, status, f"nothing on caller or resource in {day}{here}{old}{beyond}")
