"""Parse CloudTrail's records into changes.

CloudTrail User Guide, "CloudTrail record contents": times have no fractions of a second, a failed call has
``errorCode``, a record may be delivered twice (``eventID``), and parameters of more than 100 KB are omitted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from iam.history.calls import CHANGE_CALLS, ChangeCall, Does
from iam.history.change import DOCUMENTS, PRESENT, Change, Effect, Kind, Known, Lifecycle, Part, Place, Proves, State
from iam.history.computed_effects import special_effects, statement_effect
from iam.history.encoding import document_state, hidden, text_state
from iam.history.entities import arn_of, entity_of

LONGEST = 2 << 20
"""The length in characters of the longest record that is parsed. The maximum size of a CloudTrail record is 256 KB."""

Record = Mapping[str, Any]


def changes_in(records: Iterable[Record], seen: set[str] | None = None) -> Iterator[Change]:
    """Yield the changes in the records, each event only once.

    ``seen`` are the IDs of events that were yielded before.
    """
    known = set() if seen is None else seen
    for record in records:
        change = change_in(record)
        if change is None:
            continue
        if change.event_id:
            if change.event_id in known:
                continue
            known.add(change.event_id)
        yield change


def change_in(record: Record) -> Change | None:
    """Return the change in a record, or None if the call changes no permissions or the record has no time."""
    source, event = record.get("eventSource"), record.get("eventName")
    if not isinstance(source, str) or not isinstance(event, str):
        return None
    call = CHANGE_CALLS.get((source, event))
    at = time_of(record.get("eventTime"))
    if call is None or at is None:
        return None
    error = record.get("errorCode")
    given, omitted = _parameters(record)
    if call.parameters_optional and record.get("requestParameters") is None:
        given, omitted = {}, ""
    entity = entity_of(call, record, given)
    effects: tuple[Effect, ...] = ()
    lifecycle: Lifecycle | None = None
    failed = isinstance(error, str) and bool(error)
    if not failed:
        if omitted or entity is None:
            lifecycle = Lifecycle.OPAQUE
            omitted = omitted or "the record does not name what it changed"
        elif call.does is Does.SPECIAL:
            lifecycle, effects = special_effects(call, record, given, entity)
        else:
            lifecycle, effects = _effects(call, record, given, entity)
            if call.part is not None and not effects:
                lifecycle, omitted = Lifecycle.OPAQUE, "the record does not name the document"
    return Change(
        at,
        _text(record.get("eventID")),
        event,
        source,
        by=caller_of(record),
        via=_text(record.get("userAgent")),
        entity=entity,
        effects=effects,
        lifecycle=lifecycle,
        error=error if failed and isinstance(error, str) else None,
        omitted=omitted,
        account=_text(record.get("recipientAccountId")),
        region=_text(record.get("awsRegion")),
        kinds=((call.kind, call.part or Part.EXISTENCE),),
        arn=arn_of(entity, record, given),
        parameters=given,
    )


def record_of(detail: str | None) -> Record | None:
    """Return the record in ``CloudTrailEvent``, a field of LookupEvents' response, or None if it contains none."""
    if not detail or len(detail) > LONGEST:
        return None
    try:
        found = json.loads(detail)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def time_of(value: Any) -> datetime | None:
    """Return a record's time, or None if the value is not a time. Athena writes a space instead of the T."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def caller_of(record: Record) -> str:
    """Return the caller's ARN, or another identifier of the caller if the record has no ARN; "" if it has none."""
    identity = record.get("userIdentity")
    if not isinstance(identity, dict):
        return ""
    for name in ("arn", "invokedBy", "userName", "principalId", "accountId"):
        if (value := _text(identity.get(name))) and value != "AWS Internal":
            return value
    return ""


def _parameters(record: Record) -> tuple[dict[str, Any], str]:
    """Return the request's parameters, and a clause about what was omitted from them."""
    given = record.get("requestParameters")
    if isinstance(given, str):  # in rows from Athena and CloudTrail Lake
        given = (record_of(given) or {}) if given else None
    if not isinstance(given, dict):
        return {}, "the record has no parameters" if given is None else "its parameters are cut off"
    if given.get("omitted") is True:
        return {}, "its parameters were too large for the record"
    if any(map(hidden, given.values())) and not any(not hidden(value) for value in given.values()):
        return {}, "the record hides its parameters"
    return given, ""


def _effects(
    call: ChangeCall, record: Record, given: Mapping[str, Any], entity: Any
) -> tuple[Lifecycle | None, tuple[Effect, ...]]:
    if call.does is Does.CREATES:
        return Lifecycle.CREATED, ()
    if call.does is Does.DELETES:
        return Lifecycle.DELETED, ()
    assert call.part is not None
    name = ""
    if call.name and call.does not in (Does.ADDS_STATEMENT, Does.REMOVES_STATEMENT):
        state = text_state(found(given, call.name))
        if not isinstance(state, Known) or state.value is None:
            return None, ()
        name = state.value
    place = Place(entity, call.part, name)
    if call.does in (Does.ADDS_STATEMENT, Does.REMOVES_STATEMENT):
        return None, (statement_effect(call, record, given, place),)
    if call.does is Does.REMOVES:
        this = PRESENT if call.proves is Proves.THIS else None
        return None, (Effect(place, Known(None), call.proves, this),)
    after: State = PRESENT
    if call.value:
        value = found(given, call.value)
        after = document_state(value) if call.part in DOCUMENTS else text_state(value)
    # Among these calls, only MoveAccount contains the earlier value.
    before = text_state(found(given, "sourceParentId")) if call.proves is Proves.THIS else None
    return None, (Effect(place, after, call.proves, before),)


def found(given: Any, paths: str) -> Any:
    """Return the value at the first of the dotted paths (separated by ``|``) that exists, or None."""
    for path in paths.split("|"):
        value: Any = given
        for word in path.split("."):
            value = value.get(word) if isinstance(value, dict) else None
        if value is not None:
            return value
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


__all__ = ["Kind", "Record", "caller_of", "change_in", "changes_in", "found", "record_of", "time_of"]
