"""The sessions of a role according to CloudTrail: who, when, from where, by which method."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from iam.account import Role
from iam.ages import age
from iam.changes.in_use import RoleUse
from iam.credentials.profiles import Profile
from iam.event import Event
from iam.foreign_text import shortened
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading
from iam.words import joined, listing, plural

_DEFAULT_SECONDS = 3600
KEPT = timedelta(days=90)
"""The time covered by CloudTrail's event history (CloudTrail User Guide, "Working with CloudTrail event history")."""
LONGEST = timedelta(hours=12)
"""The maximum duration of a session."""
MOST_NAMED = 5
"""The maximum number of callers named in a sentence."""


@dataclass(frozen=True, slots=True)
class SeenSession:
    """A role session in CloudTrail. ``who`` is the caller's ARN, a token's subject, or a service.

    ``ends`` is the latest time at which the session can end; None if the service that started it decides. ``source`` is
    the caller's IP address, or a service's name.
    """

    began: datetime
    ends: datetime | None
    who: str
    method: str
    source: str
    name: str
    mfa: bool = False

    def may_last(self, now: datetime) -> bool:
        """Return whether the session may still be active; True if its end is unknown."""
        return self.ends is None or self.ends > now


def seen_sessions(role: Role, reader: AccountReader) -> Reading[tuple[SeenSession, ...]]:
    """Return the sessions in CloudTrail's events of the last 90 days, newest first. May block.

    If there are more events than one read returns, the sessions of the older events are left out.
    """
    reading = reader.events(resource_name=role.arn)
    if reading.value is None:
        return Reading(reading.call, why=reading.why, note=reading.note)
    found = tuple(session for event in reading.value if (session := _session(event)) is not None)
    return Reading(reading.call, found, note=reading.note)


def _session(event: Event) -> SeenSession | None:
    """Return the session that the event started, or None."""
    if not event.name.startswith("AssumeRole"):
        return None
    record = _record(event)
    if record.get("errorCode"):
        return None
    identity, asked = _part(record, "userIdentity"), _part(record, "requestParameters")
    service = identity.get("type") == "AWSService"
    seconds = asked.get("durationSeconds")
    if not isinstance(seconds, int):
        seconds = None if service else _DEFAULT_SECONDS
    return SeenSession(
        event.time,
        event.time + timedelta(seconds=seconds) if seconds is not None else None,
        _who(identity) or event.username or "unknown",
        event.name,
        str(record.get("sourceIPAddress") or "unknown"),
        str(asked.get("roleSessionName") or ""),
        mfa="serialNumber" in asked,
    )


def _who(identity: Mapping[str, Any]) -> str:
    if identity.get("type") == "AWSService":
        return str(identity.get("invokedBy") or "")
    if "identityProvider" in identity:
        provider = str(identity["identityProvider"]).partition("-provider/")[2] or str(identity["identityProvider"])
        return f"{identity.get('userName', '')} of {provider}"
    return str(identity.get("arn") or identity.get("principalId") or "")


def _record(event: Event) -> Mapping[str, Any]:
    try:
        found = json.loads(event.detail or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _part(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = record.get(key)
    return found if isinstance(found, dict) else {}


def in_short(role: Role, reading: Reading[tuple[SeenSession, ...]], now: datetime) -> str:
    """Return one sentence about how many of the role's sessions may still be active."""
    if reading.value is None:
        return f"Its sessions could not be read: {reading.why}"
    if not reading.value:
        return f"CloudTrail shows no session in {KEPT.days} days{_unseen(role, KEPT, now)}."
    lasting = [session for session in reading.value if session.may_last(now)]
    if not lasting:
        return f"CloudTrail shows {plural(len(reading.value), 'session')}, none still active."
    callers = len({session.who for session in lasting})
    among = f"of {len(reading.value)} in CloudTrail"
    return f"{plural(len(lasting), 'session')} by {plural(callers, 'caller')} may still be active, {among}."


def _unseen(role: Role, within: timedelta, now: datetime) -> str:
    """Return a clause that says that CloudTrail lacks a session; "" if it seems to lack none.

    It lacks one if, according to IAM, the role was used in the period that CloudTrail covers.
    """
    used = role.last_used.when if role.last_used is not None else None
    if used is None or used < now - within:
        return ""
    return f", but IAM shows that the role was used {age(used, now)}, so a session is missing here"


def runs_as_it(use: RoleUse | None, profiles: Reading[tuple[Profile, ...]]) -> tuple[str, ...]:
    """Return sentences about the resources that run as the role, the profiles that use it, and what was not checked.

    ``use`` is None if it could not be read.
    """
    running = "The resources that run as this role could not be read."
    if use is not None:
        running = (
            f"Resources that run as this role: {', '.join(use.users)}."
            if use.users
            else "None of the resources checked runs as this role."
        )
    named = [f"{shortened(each.name)} ({each.method})" for each in profiles.value or ()]
    words = "profile" if len(named) == 1 else "profiles"
    yours = (f"Your AWS configuration uses it in the {words} {listing(named)}.",) if named else ()
    return (running, *yours, *(use.not_looked_at if use is not None else ()), *filter(None, [profiles.why]))


def cut_off(role: Role, reading: Reading[tuple[SeenSession, ...]], now: datetime) -> str:
    """Return one sentence about the sessions that may still be active, for an operator who is about to end them."""
    if reading.value is None:
        return f"The active sessions of {role.name} could not be read: {reading.why}"
    lasting = [session for session in reading.value if session.may_last(now)]
    if not lasting:
        gap = _unseen(role, LONGEST, now) + (f" (not read: {reading.note})" if reading.note else "")
        return f"CloudTrail, which is about 15 minutes late, shows no active session of {role.name}{gap}."
    latest: dict[str, SeenSession] = {}
    for session in lasting:
        latest.setdefault(session.who, session)
    named = [f"{who} ({age(session.began, now)})" for who, session in list(latest.items())[:MOST_NAMED]]
    more = len(latest) - len(named)
    named += [f"{more} more"] if more else []
    return f"These lose their sessions of {role.name}, as far as CloudTrail shows: {joined(named)}."
