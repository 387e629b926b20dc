"""The account's latest denials from CloudTrail, read page by page; equal ones are combined, the newest first.

Only management events of the last 90 days are included (CloudTrail user guide, "event history"): denied data events, of
S3, DynamoDB or Lambda, cannot be looked up. No call returns failures only, so every event is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from diagnostics.failure import Denial
from diagnostics.text.read.parse import parse
from diagnostics.text.tokens.find import beside_tokens, taken_out
from iam.api_operations import action_for
from iam.arn import account_of, name_of
from iam.event import Event
from iam.lazy_pattern import regex
from iam.services import iam_prefix
from iam.sources.aws.errors import denied_in_trail
from iam.sources.reader.evidence import EventPage

COSTS = "Recent denials cannot be listed, but a pasted error can still be explained."
EVENTS_AT_ONCE = 5000
"""The number of events that are read before the operator has to continue: 50 seconds of LookupEvents in one Region."""

_LOOKING = regex(r"(?:Get|List|Describe|Lookup|Simulate|Generate|Decode|BatchGet|Search)[A-Z]")
_OURS = "rolescope"
_MOST_KINDS = 5000
_LONGEST_RECORD = 300_000


@dataclass(frozen=True, slots=True)
class RecentDenial:
    """Denials with the same caller, action, resource, error code and stated reason in one account.

    They may be from any session and Region. ``account`` is the account whose trail contains them, "" if the record does
    not say. ``failure`` is the newest denial, ready to be diagnosed; its ``text`` is CloudTrail's record. ``who`` is
    the caller as people call it (``role web-frontend-ec2``, ``user ben``, a service, a federated subject). ``roles``
    are the names of the account's roles that it is about: the caller's, and the one that was to be assumed or passed to
    a service.
    """

    failure: Denial
    who: str
    roles: tuple[str, ...]
    first: datetime
    last: datetime
    count: int = 1
    regions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    account: str = ""

    def where(self, here: str) -> str:
        """Return the Regions, preceded by the account if it is not ``here``."""
        other = self.account if self.account not in ("", here) else ""
        return ", ".join(each for each in (other, *self.regions) if each)

    @property
    def what(self) -> str:
        """The action, or words that say that a service could not assume a role."""
        if self.failure.claims_trust:
            return f"{self.failure.service or 'a service'} cannot assume"
        return self.failure.action or self.failure.operation or self.failure.code or "?"

    @property
    def sentence(self) -> str:
        """A sentence, without a period, that says who was denied what."""
        if self.failure.claims_trust:
            role = name_of(self.failure.resource) if self.failure.resource else ""
            return f"{self.failure.service or 'a service'} could not assume {role or 'a role'} for {self.who}"
        return f"{self.who} was denied {self.what}"

    def concerns(self, role: str) -> bool:
        """Return whether the denial is about the role with that name, ignoring letter case."""
        return role.lower() in (name.lower() for name in self.roles)


@dataclass
class RecentDenials:
    """The denials found so far. `take` adds a page; only one thread may call it at a time.

    ``events`` is the number of events read, back to ``reached``; ``own`` of them were this program's own denied reads;
    ``left_out`` denials were of too many kinds to store. ``why`` says for each Region why it could not be read, or not
    further back. ``ended``: there are no older events. ``hours`` is the number of denials in each hour, by its start.
    """

    events: int = 0
    own: int = 0
    hours: dict[datetime, int] = field(default_factory=dict)
    reached: datetime | None = None
    why: dict[str, str] = field(default_factory=dict)
    regions: dict[str, None] = field(default_factory=dict)
    left_out: int = 0
    ended: bool = False
    _found: dict[tuple[object, ...], RecentDenial] = field(default_factory=dict)

    def take(self, page: EventPage) -> int:
        """Add the denials of one page. Return how many of its events were denials."""
        if page.why:
            self.why[page.region] = page.why
            return 0
        self.regions[page.region] = None
        self.events += len(page.events)
        denied = 0
        for event in page.events:
            self.reached = event.time if self.reached is None else min(self.reached, event.time)
            record = _record(event)
            if record is None:
                continue
            if _is_own_look(record):
                self.own += 1
                continue
            found = denial_of(event, record)
            if found is None:
                continue
            denied += 1
            hour = event.time.replace(minute=0, second=0, microsecond=0)
            self.hours[hour] = self.hours.get(hour, 0) + 1
            self._fold(found)
        return denied

    def _fold(self, new: RecentDenial) -> None:
        denial = new.failure
        key = (
            new.who,
            new.what.lower(),
            denial.resource,
            denial.code,
            denial.stated_reason,
            denial.policy_arn,
            denial.claims_trust,
            new.account,
        )
        known = self._found.get(key)
        if known is None:
            if len(self._found) < _MOST_KINDS:
                self._found[key] = new
            else:
                self.left_out += 1
            return
        newest = new if new.last > known.last else known
        self._found[key] = replace(
            newest,
            first=min(known.first, new.first),
            last=max(known.last, new.last),
            count=known.count + new.count,
            regions=_joined(known.regions, new.regions),
            sources=_joined(known.sources, new.sources)[:8],
            roles=_joined(known.roles, new.roles),
        )

    @property
    def unreadable(self) -> bool:
        """Whether nothing at all could be read."""
        return bool(self.why) and not self.regions

    def newest(self, role: str | None = None) -> tuple[RecentDenial, ...]:
        """Return the denials, most recent first; only those about ``role``, if it is given."""
        chosen = [each for each in self._found.values() if role is None or each.concerns(role)]
        return tuple(sorted(chosen, key=lambda each: each.last, reverse=True))


def walk(pages: Iterator[EventPage], found: RecentDenials, *, most: int = EVENTS_AT_ONCE) -> Iterator[RecentDenials]:
    """Read pages into ``found`` and yield ``found`` after each page, until at least ``most`` new events were read."""
    until = found.events + most
    for page in pages:
        found.take(page)
        yield found
        if found.events >= until:
            return
    found.ended = True


def denial_of(event: Event, record: dict[str, Any]) -> RecentDenial | None:
    """Return the denial that an event records, or None."""
    code = record.get("errorCode")
    if not isinstance(code, str) or not code:
        return None
    text = beside_tokens(taken_out(event.detail or ""))
    failure = next((each for each in parse(text) if isinstance(each, Denial)), None)
    if failure is None:
        if not denied_in_trail(code):
            return None
        failure = _by_code(record, code, text)
    region = record.get("awsRegion")
    address = record.get("sourceIPAddress")
    return RecentDenial(
        replace(failure, count=1),
        _who(record),
        _roles(record, failure),
        event.time,
        event.time,
        regions=(region,) if isinstance(region, str) and region else (),
        sources=(address,) if isinstance(address, str) and address else (),
        account=_text(record.get("recipientAccountId")),
    )


def _by_code(record: dict[str, Any], code: str, text: str) -> Denial:
    """Return a denial made from its record, for a text that no rule matches."""
    operation = _text(record.get("eventName"))
    service = iam_prefix(_text(record.get("eventSource")).split(".")[0])
    return Denial(
        text,
        code,
        principal=_text(_part(record, "userIdentity").get("arn")) or None,
        action=action_for(operation, service) if operation else None,
        operation=operation or None,
        service=None,
    )


def _record(event: Event) -> dict[str, Any] | None:
    if not event.detail or len(event.detail) > _LONGEST_RECORD or '"errorCode"' not in event.detail:
        return None
    try:
        record = json.loads(event.detail)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _is_own_look(record: dict[str, Any]) -> bool:
    """Return whether this program's own read was denied. The list's header reports such denials instead."""
    return _OURS in _text(record.get("userAgent")) and bool(_LOOKING.match(_text(record.get("eventName"))))


def _who(record: dict[str, Any]) -> str:
    """Return the caller according to CloudTrail's ``userIdentity``.

    For a session it is the role, so that all sessions of a role are one caller.
    """
    identity = _part(record, "userIdentity")
    kind, arn = _text(identity.get("type")), _text(identity.get("arn"))
    if kind == "AssumedRole" or ":assumed-role/" in arn:
        account = _text(identity.get("accountId")) or account_of(arn)
        foreign = f" of {account}" if account and account != _text(record.get("recipientAccountId")) else ""
        return f"role {_role_of(identity) or arn}{foreign}"
    if kind == "Root":
        return "root"
    if kind == "IAMUser" or ":user/" in arn:
        return f"user {_text(identity.get('userName')) or name_of(arn) or '?'}"
    names = (identity.get("userName"), identity.get("invokedBy"), arn, identity.get("principalId"))
    return next((name for name in map(_text, names) if name), "") or "somebody"


def _role_of(identity: dict[str, Any]) -> str:
    issuer = _part(_part(identity, "sessionContext"), "sessionIssuer")
    arn = _text(identity.get("arn"))
    return _text(issuer.get("userName")) or arn.partition(":assumed-role/")[2].partition("/")[0]


def _roles(record: dict[str, Any], failure: Denial) -> tuple[str, ...]:
    identity = _part(record, "userIdentity")
    here = _text(record.get("recipientAccountId"))
    found = []
    if not here or not _text(identity.get("accountId")) or _text(identity.get("accountId")) == here:
        found.append(_role_of(identity))
    arn = failure.resource or ""
    if ":iam::" in arn and ":role/" in arn and (not here or f"::{here}:" in arn):
        found.append(name_of(arn))
    return tuple(dict.fromkeys(name for name in found if name))


def _joined(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))


def _part(value: dict[str, Any], name: str) -> dict[str, Any]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
