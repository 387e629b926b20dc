"""Watch a role after right-sizing, and restore permissions that it had before and is denied now.

CloudTrail's event history contains only management events, a few minutes after the call. A denied data event (for an
object, an item, a message) is not noticed here.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from diagnostics.commands import compact_json
from diagnostics.right_size.calls import RecordedCall, calls_of, is_of
from diagnostics.right_size.layers import RoleLayers
from diagnostics.right_size.replay import allowing_statement, is_less_allowed
from iam.changes.builders.policies import put_inline
from iam.changes.plan import Plan, PlanError
from iam.event import Event
from iam.policy.edits import as_list
from iam.policy.request import NamedPolicy
from iam.policy.unknown_keys import Possibility
from iam.sources.reader.opened import OpenedAccount
from iam.words import plural

GIVEN_BACK = "RightSizeGivenBack"
"""The name of the inline policy with the restored permissions."""


@dataclass(frozen=True, slots=True)
class LostCall:
    """A call that AWS denied and that the role could make before right-sizing.

    ``statement`` allows its action as before: on the same resources, under the same conditions.
    """

    action: str
    resource: str
    time: str
    statement: Mapping[str, Any]


class Watching:
    """The permissions that a role lost by right-sizing, as far as CloudTrail records their denials.

    ``before`` are the role's layers before right-sizing, ``identity`` its identity policies since. ``problems`` are
    sentences about what could not be read, without duplicates.
    """

    def __init__(self, before: RoleLayers, identity: tuple[NamedPolicy, ...], since: datetime) -> None:
        self._before, self._after = before, before.with_identity(identity)
        self._since = since
        self._seen: set[str] = set()
        self._lost: dict[tuple[str, str], LostCall] = {}
        self.problems: list[str] = []

    @property
    def lost(self) -> tuple[LostCall, ...]:
        """All lost calls so far, in the order in which they were found."""
        return tuple(self._lost.values())

    def look(self) -> tuple[LostCall, ...]:
        """Return the calls denied since this method was last called. Raises `PolicyError`. May block."""
        found = []
        for event in self._events():
            for call in self._refused(event):
                for resource in call.resources or ("*",):
                    lost = self._lost_by(call, resource)
                    if lost is not None and (lost.action, resource) not in self._lost:
                        self._lost[lost.action, resource] = lost
                        found.append(lost)
        return tuple(found)

    def _events(self) -> Iterator[Event]:
        """Yield the events since the start. Every Region is read once before any is read again."""
        behind: dict[str, bool] = {}
        again = False
        for page in self._before.reader.recent_events():
            again = again or page.region in behind
            if page.why:
                sentence = f"{page.region or 'Event history'}: {page.why}"
                self.problems += [] if sentence in self.problems else [sentence]
            yield from (event for event in page.events if event.time >= self._since)
            oldest = min((event.time for event in page.events), default=self._since)
            behind[page.region] = bool(page.why) or not page.more or oldest < self._since
            if again and all(behind.values()):
                return

    def _refused(self, event: Event) -> Iterator[RecordedCall]:
        if not event.detail or event.detail in self._seen or '"errorCode"' not in event.detail:
            return
        self._seen.add(event.detail)
        try:
            record = json.loads(event.detail)
        except (ValueError, RecursionError):
            return
        if isinstance(record, dict) and is_of(self._before.role, record.get("userIdentity")):
            found = calls_of(record, self._before.account)
            yield from (call for call in found if isinstance(call, RecordedCall) and call.refused)

    def _lost_by(self, call: RecordedCall, resource: str) -> LostCall | None:
        """Return the lost call.

        None if the draft allows the call as much as before: something else denies it then.
        """
        was = self._before.asked(call.action, resource, call.context)
        now = self._after.asked(call.action, resource, call.context)
        if not is_less_allowed(now, was):
            return None
        statement = _as_before(call.action, was)
        return LostCall(call.action, resource, call.time, statement) if statement is not None else None


def _as_before(action: str, was: Possibility) -> Mapping[str, Any] | None:
    """Return the statement that allowed the action, reduced to this action; None if there was none."""
    written = allowing_statement(was)
    if written is None:
        return None
    return {**{key: value for key, value in written.items() if key not in ("Sid", "NotAction")}, "Action": action}


def give_back_plan(lost: Sequence[LostCall], role_name: str, opened: OpenedAccount) -> Plan:
    """Return a plan with one inline policy that restores everything lost. Raises `PlanError`. May block."""
    reading = opened.reader.role(role_name)
    if reading.value is None:
        raise PlanError(reading.why or f"The role {role_name} no longer exists.")
    document = {"Version": "2012-10-17", "Statement": _joined(lost)}
    plan = put_inline(reading.value, GIVEN_BACK, compact_json(document), opened.account)
    return replace(plan, sentence=f"Restores {plural(len(lost), 'permission')} that {role_name} was denied.")


def _joined(lost: Sequence[LostCall]) -> list[dict[str, Any]]:
    """Return the statements, merging those that differ only in their action."""
    found: dict[str, dict[str, Any]] = {}
    for each in lost:
        rest = {key: value for key, value in each.statement.items() if key != "Action"}
        kept = found.setdefault(json.dumps(rest, sort_keys=True), {**rest, "Action": []})
        kept["Action"] = list(dict.fromkeys((*as_list(kept["Action"]), each.action)))
    return list(found.values())
