"""Collect recorded changes from all sources.

The sources are CloudTrail's event history, trail files, rows of a query, rolescope's own journals, and dated snapshots.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from iam.account import Account, Role, User
from iam.arn import Arn, is_aws_managed, service_of
from iam.history.cache import LATE, EventCache, KeptEvents, Lookup, merged
from iam.history.calls import CHANGE_CALLS, CHANGE_EVENTS
from iam.history.change import Change, Entity, Kind, Lifecycle, Part
from iam.history.present import present_in
from iam.history.records import Record, change_in, changes_in, record_of, time_of
from iam.history.timeline import History, Hole, Observation
from iam.history.trail import TrailRows
from iam.own_command import own_command
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.resource_policies import policy_holder
from iam.sources.trail_files import UNREADABLE, files_of, records_of, why_unreadable

HISTORY_DAYS = 90
"""The number of days for which CloudTrail's event history keeps management events.

See CloudTrail User Guide, "Working with CloudTrail event history".
"""

MOST_PAGES = 40
"""The maximum number of pages that are read for one lookup: 2,000 events, 20 seconds."""

_EVERY = 2000
_SAME_CHANGE = timedelta(minutes=2)

Progress = Callable[[str], None]
"""A function that is called with a sentence about how far reading has got."""


_AS_SINCE = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Recorded:
    """The recorded changes, in the order in which they were found. None of them is earlier than ``asked``.

    ``since`` is the time from which changes are recorded. ``gaps`` are sentences that say what was not recorded or not
    read; ``lookups`` is the number of LookupEvents calls. ``complete`` is False if a change may be missing; ``lost`` if
    one from the recorded time may be missing. ``accounts`` are the accounts whose records were read; ``begins`` and
    ``ends`` are the times of the first and the last record in files.
    """

    since: datetime
    changes: list[Change] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    complete: bool = True
    lookups: int = 0
    events: int = 0
    accounts: set[str] = field(default_factory=set)
    observations: list[Observation] = field(default_factory=list)
    begins: datetime | None = None
    ends: datetime | None = None
    holes: list[Hole] = field(default_factory=list)
    lost: bool = False
    asked: datetime = _AS_SINCE

    def __post_init__(self) -> None:
        if self.asked is _AS_SINCE:
            self.asked = self.since

    def add(self, change: Change) -> None:
        """Add a change, unless it is older than the requested time."""
        if change.at >= self.asked:
            self.changes.append(change)

    def history(self, opened: OpenedAccount) -> History:
        """Return the history: the changes, together with the current state of the account."""
        account, reader = opened.account, opened.reader
        present = present_in(account, reader)
        names = _names_in(account)
        return History(self.changes, present, account.now, self.since, self.observations, self.holes, names)

    def missing(self, sentence: str, *, lost: bool = True) -> None:
        """Record that something is missing. ``lost``: a change from the recorded time may be missing."""
        self.complete = False
        self.lost = self.lost or lost
        if sentence not in self.gaps:
            self.gaps.append(sentence)


# The lookups of a question.

_BY_NAME = {
    "kms": ("PutKeyPolicy",),
    "sqs": ("SetQueueAttributes", "AddPermission", "RemovePermission"),
    "sns": ("SetTopicAttributes", "AddPermission", "RemovePermission"),
    "lambda": ("AddPermission20150331v2", "RemovePermission20150331v2"),
    "ecr": ("SetRepositoryPolicy", "DeleteRepositoryPolicy"),
    "secretsmanager": ("PutResourcePolicy", "DeleteResourcePolicy"),
    "events": ("PutPermission", "RemovePermission"),
    "glue": ("PutResourcePolicy", "DeleteResourcePolicy"),
}
"""Services whose events are looked up by event name, because LookupEvents does not find them by resource."""

ORGANIZATION_EVENTS = ("AttachPolicy", "DetachPolicy", "UpdatePolicy", "MoveAccount")


def lookups_of(entity: Entity) -> tuple[Lookup, ...]:
    """Return the lookups that find the changes to an entity."""
    match entity.kind:
        case Kind.ROLE | Kind.USER | Kind.GROUP | Kind.POLICY:
            return (Lookup("ResourceName", entity.name),)
        case Kind.ENDPOINT:
            return (Lookup("ResourceName", entity.name),)
        case Kind.RESOURCE:
            parts = Arn.parse(entity.name)
            if parts is None:
                return ()
            if parts.service == "s3":
                return (Lookup("ResourceName", parts.resource.partition("/")[0]),)
            return tuple(Lookup("EventName", name, parts.region) for name in _BY_NAME.get(parts.service, ()))
        case Kind.ORGANIZATION_POLICY | Kind.TARGET:
            return tuple(Lookup("EventName", name) for name in ORGANIZATION_EVENTS)
    return ()


def whole_account() -> tuple[Lookup, ...]:
    """Return the lookups for changes to all roles, users, groups and policies, and to organization policies.

    Each lookup is for one event name.
    """
    names = (event for source, event in CHANGE_CALLS if source == "iam.amazonaws.com")
    return tuple(Lookup("EventName", name) for name in dict.fromkeys((*names, *ORGANIZATION_EVENTS)))


def entities_behind(holder: Role | User, account: Account) -> Iterator[Entity]:
    """Yield the entities whose documents determine what a role or user may do.

    These are the role or user itself, its groups, its customer managed policies and its boundary.
    """
    yield Entity(Kind.ROLE if isinstance(holder, Role) else Kind.USER, holder.name)
    arns = [each.arn for each in holder.attached or ()]
    for name in (holder.groups or ()) if isinstance(holder, User) else ():
        yield Entity(Kind.GROUP, name)
        group = account.group(name)
        arns += [each.arn for each in (group.attached if group else None) or ()]
    arns += [holder.boundary_arn] if holder.boundary_arn else []
    for arn in dict.fromkeys(arns):
        if not is_aws_managed(arn):
            yield Entity(Kind.POLICY, arn)


def _names_in(account: Account) -> dict[str, str]:
    """Return the names of the organization's policies by ID."""
    organization = account.organization
    levels = (*(organization.scps or ()), *(organization.rcps or ())) if organization is not None else ()
    return {policy.arn.rpartition("/")[2]: policy.name for level in levels for policy in level.policies}


def organization_entities(account: Account) -> Iterator[Entity]:
    """Yield the root and units above the account, the account itself, and the policies attached to them."""
    organization = account.organization
    levels = (*(organization.scps or ()), *(organization.rcps or ())) if organization is not None else ()
    for level in levels:
        yield Entity(Kind.TARGET, level.target)
        for policy in level.policies:
            if policy.arn.split(":")[4:5] != ["aws"]:
                yield Entity(Kind.ORGANIZATION_POLICY, policy.arn.rpartition("/")[2])


def resource_entity(arn: str | None) -> Entity | None:
    """Return the entity whose policy applies to a resource: for a role's ARN, the role itself.

    Return None for an ARN with ``*``, and for the other entities of IAM.
    """
    parts = Arn.parse(arn or "")
    if parts is None or "*" in (arn or ""):
        return None
    if parts.service == "iam":
        kind, _, name = parts.resource.partition("/")
        return Entity(Kind.ROLE, name.rpartition("/")[2]) if kind == "role" else None
    return Entity(Kind.RESOURCE, policy_holder(str(parts)))


# Sources.


def look_up(
    reader: AccountReader,
    lookups: Iterable[Lookup],
    found: Recorded,
    *,
    cache: EventCache | None = None,
    progress: Progress | None = None,
    seen: set[str] | None = None,
) -> None:
    """Add the changes that CloudTrail's event history has for ``lookups``. May block: it makes two calls a second."""
    known = {change.event_id for change in found.changes} if seen is None else seen
    for lookup in dict.fromkeys(lookups):
        records, until_when = _looked_up(reader, lookup, found, cache, progress)
        found.events += len(records)
        for change in changes_in(records, known):
            found.add(change)
            if change.account:
                found.accounts.add(change.account)
        if until_when is not None:
            said = f"For {lookup.value}, events were read only as far back as {until_when:%Y-%m-%d %H:%M:%S} UTC."
            found.missing(said)
            found.since = max(found.since, until_when)


def _looked_up(
    reader: AccountReader, lookup: Lookup, found: Recorded, cache: EventCache | None, progress: Progress | None
) -> tuple[tuple[Record, ...], datetime | None]:
    """Return the records of a lookup.

    If the records do not go back as far as requested, the time of the oldest record is returned too.
    """
    now, since = reader.clock(), found.since
    kept = cache.read(lookup) if cache is not None else None
    if kept is not None and kept.since > since:
        kept = None
    start = kept.until - LATE if kept is not None else since
    records: list[Record] = []
    oldest = now
    pages = 0
    for page in reader.lookup_events(lookup.attribute, lookup.value, since=start, region=lookup.region):
        found.lookups += 1
        pages += 1
        if page.why:
            found.missing(f"Changes of {lookup.value} could not be looked up: {page.why}")
            return tuple(records), oldest if pages > 1 else now
        for event in page.events:
            oldest = min(oldest, event.time)
            if event.name in CHANGE_EVENTS:
                record = record_of(event.detail)
                if record is None:
                    found.missing(f"The record of {event.name} at {event.time:%Y-%m-%d %H:%M:%S} UTC cannot be read.")
                    continue
                records.append(record)
        if progress is not None:
            progress(f"{found.lookups} lookups, {found.events + len(records)} changes")
        if page.more and pages >= MOST_PAGES:
            return merged(kept.records if kept else (), records), oldest
    whole = merged(kept.records if kept is not None else (), records)
    if cache is not None:
        cache.write(lookup, KeptEvents(kept.since if kept is not None else since, now, whole))
    return whole, None


def from_records(records: Iterable[Record], found: Recorded, account: str, progress: Progress | None = None) -> None:
    """Add the changes in these records, which come from trail files or from the rows of a query.

    Records of other accounts are ignored, except those of AWS Organizations: an organization's policies are changed in
    its management account.
    """
    seen = {change.event_id for change in found.changes if change.event_id}
    first, last = "", ""
    for record in records:
        found.events += 1
        if progress is not None and found.events % _EVERY == 0:
            progress(f"{found.events:,} events, {len(found.changes):,} changes")
        owner = record.get("recipientAccountId")
        if isinstance(owner, str) and owner:
            found.accounts.add(owner)
        at = record.get("eventTime")
        if isinstance(at, str) and at and owner in (account, None, ""):
            first, last = min(first or at, at), max(last, at)
        if record.get("eventName") not in CHANGE_EVENTS:
            continue
        of_organization = record.get("eventSource") == "organizations.amazonaws.com"
        if owner not in (account, None, "") and not of_organization:
            continue
        for change in changes_in((record,), seen):
            found.add(change)
    found.changes.sort(key=lambda change: change.at)
    begins, ends = time_of(first), time_of(last)
    if begins is not None and ends is not None:
        found.begins = begins if found.begins is None else min(found.begins, begins)
        found.ends = ends if found.ends is None else max(found.ends, ends)


def from_files(
    paths: Iterable[Path], found: Recorded, account: str, now: datetime, progress: Progress | None = None
) -> None:
    """Add the changes in a trail's files. Only one record is in memory at a time."""
    for path in files_of(paths):
        before = found.events
        try:
            from_records(records_of(path), found, account, progress)
        except UNREADABLE as error:
            read = found.events - before
            counted = f"; {read:,} records before that were read" if read else ""
            found.missing(f"{path.name}: {why_unreadable(error)}{counted}.")
            found.holes.append(_time_of_file(path, found))
    covered(found, now)


def from_rows(rows: TrailRows, found: Recorded, account: str, progress: Progress | None = None) -> None:
    """Add the changes in the rows of a query. They cover the time for which the query was made."""
    from_records(rows.records, found, account, progress)
    found.since = max(found.since, rows.since)
    until = rows.until - LATE
    found.missing(
        f"The records are those of the trail from {found.since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC.",
        lost=False,
    )
    if rows.cut:
        found.missing(f"Only the newest {len(rows.records):,} changes were requested.")
        found.since = max(found.since, found.begins or found.since)


_FILE_NAME = re.compile(r"_(\d{8}T\d{4})Z_")


def _time_of_file(path: Path, found: Recorded) -> Hole:
    """Return the time that a trail's file covers, from its name; all time if the name has another form.

    See CloudTrail User Guide, "CloudTrail log file name format".
    """
    named = _FILE_NAME.search(path.name)
    if named is None:
        return found.since, datetime.max.replace(tzinfo=UTC)
    delivered = datetime.strptime(named[1], "%Y%m%dT%H%M").replace(tzinfo=UTC)
    return delivered - LATE, delivered + LATE


def covered(found: Recorded, now: datetime) -> None:
    """Limit the recorded time to what the files or rows cover, and add a sentence that says so."""
    if found.begins is None or found.ends is None:
        found.since = now
        found.missing("No record of this account was found.")
        return
    found.since = max(found.since, found.begins)
    found.missing(
        f"The records cover {found.begins:%Y-%m-%d %H:%M:%S} to {found.ends:%Y-%m-%d %H:%M:%S} UTC; they do not show "
        "what happened at other times."
    )


def from_journals(opened: OpenedAccount, found: Recorded, directory: Path | None = None) -> None:
    """Add the changes that rolescope made itself. CloudTrail delivers them only minutes later.

    A change that is already recorded is not added again. Times are converted to the reader's clock, because the demo
    account has its own date, but a journal contains this machine's time.
    """
    account, reader = opened.account, opened.reader
    if reader.kind == "snapshot":
        return
    from iam.changes.journal import CallProgress, journals

    ahead = _ahead_of_machine(reader)
    for journal in journals(directory, since=found.since - ahead):
        mine = reader.kind != "demo" or journal.process == os.getpid()  # a demo account ends with its process
        if not mine or journal.source != reader.kind or journal.plan.account_id != account.id:
            continue
        for number, (call, state) in enumerate(zip(journal.plan.calls, journal.states, strict=False)):
            done = state.progress in (CallProgress.DONE, CallProgress.UNDONE)
            undo = call.undo if state.progress is CallProgress.UNDONE else None
            made = state.done or state.ended or journal.started
            for one, machine_time in ((call, made), (undo, state.ended or made)) if done else ():
                if one is None or any(not isinstance(value, _PLAIN) for value in one.parameters.values()):
                    continue
                at = machine_time + ahead
                if at < found.since:
                    continue
                record = {
                    "eventSource": f"{one.service}.amazonaws.com",
                    "eventName": one.operation,
                    "eventTime": at.isoformat(timespec="seconds"),
                    "eventID": f"{journal.plan.id}/{number}/{one.operation}",
                    "userIdentity": {"arn": journal.caller},
                    "userAgent": "rolescope",
                    "recipientAccountId": account.id,
                    "requestParameters": _as_recorded(one.parameters),
                    "responseElements": _answered(state.answer),
                }
                change = change_in(record)
                if change is not None:
                    _add_own(change, found)
    found.changes.sort(key=lambda change: change.at)


def _ahead_of_machine(reader: AccountReader) -> timedelta:
    """Return how far the account's clock is ahead of this machine's, in seconds: 0 except in the demo."""
    if reader.kind != "demo":
        return timedelta(0)
    return timedelta(seconds=round((reader.clock() - datetime.now(UTC)).total_seconds()))


_PLAIN = (str, int, bool, tuple, list, Mapping)


def _as_recorded(parameters: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in parameters.items():
        low = name[:1].lower() + name[1:]
        if name == "Tags" and isinstance(value, Mapping):
            given[low] = [{"key": key, "value": each} for key, each in value.items()]
        else:
            given[low] = list(value) if isinstance(value, tuple) else value
    return given


def _answered(answer: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the response stored in a journal, in the form of a record."""
    version = answer.get("PolicyVersion.VersionId")
    return {"policyVersion": {"versionId": version}} if version else None


def _add_own(change: Change, found: Recorded) -> None:
    """Add a change from a journal.

    If a record has the same call, only the change that says more about its effects is kept.
    """
    at = next((at for at, other in enumerate(found.changes) if _same(change, other)), None)
    if at is None:
        found.changes.append(change)
    elif found.changes[at].lifecycle is Lifecycle.OPAQUE:
        effects, omitted = change.effects, change.omitted
        found.changes[at] = replace(found.changes[at], effects=effects, lifecycle=change.lifecycle, omitted=omitted)


def _same(one: Change, other: Change) -> bool:
    return (
        one.event == other.event
        and one.entity == other.entity
        and one.parameters == other.parameters
        and abs(one.at - other.at) <= _SAME_CHANGE
    )


def from_snapshots(opened: Iterable[OpenedAccount], found: Recorded, account: str) -> None:
    """Add dated snapshots of the account, as observations of its state at their capture time."""
    for each in opened:
        captured = each.account.captured_at
        if captured is None or each.account.id != account or captured < found.asked:
            continue
        state = present_in(each.account, each.reader)
        found.observations.append(Observation(captured, f"the snapshot of {captured:%Y-%m-%d %H:%M} UTC", state))
    if found.observations:
        found.observations.sort(key=lambda one: one.at)
        found.since = min(found.since, found.observations[0].at)


def at_hand(opened: OpenedAccount, cache: EventCache | None = None) -> Recorded | None:
    """Return the changes in records that were read before, or None if there are none. Does not call AWS.

    The records are the cached lookups of a live account, or the events of the demo or of a saved account.
    """
    reader, account = opened.reader, opened.account
    found = Recorded(account.now - timedelta(days=HISTORY_DAYS))
    records: list[Record]
    if reader.kind == "aws":
        kept = list(cache.every()) if cache is not None else []
        records = [record for each in kept for record in each.records]
        if kept:
            until = min(each.until for each in kept)
            found.since = max(each.since for each in kept)
            found.missing(
                f"Only changes from earlier lookups are known, some of them only until {until:%Y-%m-%d %H:%M} UTC."
            )
    else:
        events = [event for event in reader.events().value or () if event.name in CHANGE_EVENTS]
        records = [record for event in events if (record := record_of(event.detail)) is not None]
    seen: set[str] = set()
    for change in changes_in(records, seen):
        found.add(change)
    if not found.changes:
        return None
    found.changes.sort(key=lambda change: change.at)
    return found


# The record for a question.


def recorded_for(
    entities: Iterable[Entity],
    opened: OpenedAccount,
    since: datetime,
    *,
    cache: EventCache | None = None,
    progress: Progress | None = None,
    shared: bool = False,
    whole: bool = False,
) -> Recorded:
    """Return the changes to some entities, or to the ``whole`` account, from CloudTrail and rolescope's journals.

    If a policy was attached to one of the entities at the time but no longer is, its changes are looked up too. With
    ``shared``, the lists of events that the reader has already read for other questions are used. May block.
    """
    reader, account = opened.reader, opened.account
    oldest = account.now - timedelta(days=HISTORY_DAYS)
    found = Recorded(max(since, oldest), asked=since)
    if since < oldest:
        said = f"CloudTrail's event history covers {HISTORY_DAYS} days; older changes are only in a trail."
        found.missing(said, lost=False)
    asked: set[Entity] = set()
    looked: set[Lookup] = set()
    waiting = list(dict.fromkeys(entities))
    seen: set[str] = set()
    while waiting:
        entity = waiting.pop(0)
        if entity in asked:
            continue
        asked.add(entity)
        before = len(found.changes)
        lookups = tuple(lookup for lookup in lookups_of(entity) if lookup not in looked)
        looked.update(lookups)
        if shared:
            _from_lists(reader, lookups, found, seen)
        else:
            look_up(reader, lookups, found, cache=cache, progress=progress, seen=seen)
            if entity.kind is Kind.ENDPOINT or service_of(entity.name) == "s3":
                # Such changes are recorded in the entity's own Region, which its name does not contain.
                found.missing(f"Changes of {entity.name} were looked up in the home Region only.")
        for change in found.changes[before:]:
            waiting += [each for each in _named_by(change) if each not in asked]
    if whole:
        look_up(reader, whole_account(), found, cache=cache, progress=progress, seen=seen)
        command = own_command("history", "ARN")
        found.missing(
            f"Changes of resources' policies are looked up only for one resource at a time: {command}.", lost=False
        )
    _limits_of_snapshot(opened, found)
    from_journals(opened, found)
    found.changes.sort(key=lambda change: change.at)
    return found


def _from_lists(reader: AccountReader, lookups: Iterable[Lookup], found: Recorded, seen: set[str]) -> None:
    for lookup in lookups:
        by_name = lookup.attribute == "ResourceName"
        reading = reader.events(resource_name=lookup.value) if by_name else reader.events(event_name=lookup.value)
        if reading.value is None:
            found.missing(f"Changes of {lookup.value} could not be looked up: {reading.why or reading.note}")
            continue
        if reading.note:
            found.missing(reading.note)
        if reading.back_to is not None:
            found.since = max(found.since, reading.back_to)
        records = [record_of(event.detail) for event in reading.value if event.name in CHANGE_EVENTS]
        found.events += len(records)
        if any(record is None for record in records):
            found.missing(f"For some changes of {lookup.value} there is no record, only the fact that they happened.")
        kept = [record for record in records if record is not None]
        for change in changes_in(kept, seen):
            if change.at >= found.since:
                found.changes.append(change)
            if change.account:
                found.accounts.add(change.account)


def _named_by(change: Change) -> Iterator[Entity]:
    """Yield the managed policies and groups that a change to a role, user or group names.

    Their documents also determined what the role or user was allowed to do.
    """
    for effect in change.effects:
        place = effect.place
        if place.part is Part.ATTACHED and place.name.startswith("arn:") and not is_aws_managed(place.name):
            yield Entity(Kind.POLICY, place.name)
        elif place.part is Part.MEMBER:
            yield Entity(Kind.GROUP, place.name)
        elif place.part is Part.BOUNDARY:
            value = getattr(effect.after, "value", None)
            if value and value.startswith("arn:") and not is_aws_managed(value):
                yield Entity(Kind.POLICY, value)


def _limits_of_snapshot(opened: OpenedAccount, found: Recorded) -> None:
    if opened.reader.kind != "snapshot":
        return
    events = opened.reader.events().value
    if not events:
        found.missing("The saved account has no events of CloudTrail: give --trail FILES.")
        found.since = opened.account.now
        return
    begins = min(event.time for event in events)
    found.since = max(found.since, begins)
    found.missing(f"The saved account contains events from {begins:%Y-%m-%d %H:%M:%S} UTC until it was captured.")


__all__ = [
    "Lookup",
    "Recorded",
    "at_hand",
    "entities_behind",
    "from_files",
    "from_journals",
    "from_records",
    "from_rows",
    "from_snapshots",
    "look_up",
    "lookups_of",
    "organization_entities",
    "recorded_for",
    "resource_entity",
    "whole_account",
]
