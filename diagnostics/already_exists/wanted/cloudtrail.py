"""Find the wanted entity in CloudTrail's record of the failed call, whose parameters are the complete request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from diagnostics.already_exists.events import error_of, parameters_of
from diagnostics.already_exists.kinds import OPERATIONS, WITH_PATHS, EntityKind
from diagnostics.already_exists.wanted.entity import NOTHING_STATED, Wanted, document_of, fits
from diagnostics.already_exists.words import as_list
from diagnostics.text.read.forms.cloudtrail_events import json_values
from iam.event import Event

_NAMES = (
    "roleName",
    "userName",
    "groupName",
    "policyName",
    "instanceProfileName",
    "url",
    "name",
    "serverCertificateName",
)


def from_pasted_event(text: str, kind: EntityKind | None, name: str | None) -> Wanted:
    """Return the request in a pasted CloudTrail event, or `NOTHING_STATED`."""
    if "requestParameters" not in text:
        return NOTHING_STATED
    for value, _, _ in json_values(text):
        lists = [each.get("Records", each) for each in as_list(value) if isinstance(each, dict)]
        for record in (record for each in lists for record in as_list(each)):
            parameters = record.get("requestParameters") if isinstance(record, dict) else None
            if isinstance(parameters, dict):
                wanted = from_parameters(str(record.get("eventName")), parameters, kind, name)
                if wanted is not NOTHING_STATED:
                    return wanted
    return NOTHING_STATED


def from_events(events: Iterable[Event], kind: EntityKind | None, name: str | None) -> Wanted:
    """Return the request of the newest recorded call that failed because the name was taken, or `NOTHING_STATED`."""
    for event in sorted(events, key=lambda each: each.time, reverse=True):
        if "EntityAlreadyExists" in (error_of(event) or ""):
            wanted = from_parameters(event.name, parameters_of(event), kind, name)
            if wanted is not NOTHING_STATED:
                return wanted
    return NOTHING_STATED


def from_parameters(operation: str, parameters: dict[str, Any], kind: EntityKind | None, name: str | None) -> Wanted:
    """Return what an operation with these ``requestParameters`` was to create.

    `NOTHING_STATED` if the operation does not create an entity of this type and name.
    """
    of_kind = OPERATIONS.get(operation)
    said = next((parameters[key] for key in _NAMES if isinstance(parameters.get(key), str)), None)
    if operation == "AddRoleToInstanceProfile":
        said = _text(parameters, "instanceProfileName")
    if of_kind is None or said is None or not fits(of_kind, said, kind, name):
        return NOTHING_STATED
    seconds = parameters.get("maxSessionDuration")
    pairs = [each for each in as_list(parameters.get("tags")) if isinstance(each, dict) and "key" in each]
    audiences = parameters.get("clientIDList")
    return Wanted(
        source="the call as CloudTrail recorded it",
        kind=of_kind,
        name=said,
        path=_text(parameters, "path") or ("/" if of_kind in WITH_PATHS and operation.startswith("Create") else None),
        trust=document_of(parameters.get("assumeRolePolicyDocument")),
        document=document_of(parameters.get("policyDocument")) if of_kind is EntityKind.POLICY else None,
        boundary=_text(parameters, "permissionsBoundary"),
        tags={str(each["key"]): str(each.get("value", "")) for each in pairs} if pairs else None,
        description=_text(parameters, "description"),
        max_session_seconds=seconds if isinstance(seconds, int) and not isinstance(seconds, bool) else None,
        role_name=_text(parameters, "roleName") if of_kind is EntityKind.INSTANCE_PROFILE else None,
        audiences=tuple(map(str, audiences)) if isinstance(audiences, list) else None,
    )


def _text(parameters: dict[str, Any], key: str) -> str | None:
    value = parameters.get(key)
    return value if isinstance(value, str) else None
