"""What the record of a pasted or chosen CloudTrail event contains about the request, read without any call.

Field names are those of the CloudTrail user guide, "record contents" and "userIdentity element".
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from diagnostics.access_denied.evidence.history import TrailCall
from diagnostics.access_denied.request.assumed_role.recorded_identity import identity_in
from diagnostics.access_denied.request.event_text import single_event
from diagnostics.diagnosis import Evidence, Status, Step
from iam.claims import Keys
from iam.event import Event

Context = dict[str, tuple[str, ...]]


def event_context(text: str) -> Context:
    """Return the condition keys in an event; empty if ``text`` is not a single event."""
    record = single_event(text)
    return {} if record is None else record_context(record)


def record_context(record: dict[str, Any]) -> Context:
    """Return the condition keys in CloudTrail's record of a call."""
    name = str(record.get("eventName"))
    call = TrailCall(Event(name, datetime.min.replace(tzinfo=UTC)), record)
    _, found = identity_in(call)
    return {**_request(record), **_session(call.identity), **found}


def event_step(keys: Keys) -> Step:
    """Return the step that lists the condition keys from the event."""
    said = [f"{key} = {had.words}" for key, had in keys.items()]
    evidence = tuple(Evidence(text=each, layer="message", element="Condition") for each in said)
    summary = "; ".join(said[:3]) + (f"; {len(said) - 3} more" if len(said) > 3 else "")
    return Step("event", "What the event contains", Status.PASS, summary, evidence)


def _request(record: dict[str, Any]) -> Context:
    found: Context = {}
    address = record.get("sourceIPAddress")
    if isinstance(address, str) and _is_address(address):
        # Through an endpoint it is the private address, and the request has no aws:SourceIp (IAM User Guide,
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
        found["aws:VpcSourceIp" if record.get("vpcEndpointId") else "aws:SourceIp"] = (address,)
    for field, key in (
        ("awsRegion", "aws:RequestedRegion"),
        ("vpcEndpointId", "aws:SourceVpce"),
        ("userAgent", "aws:UserAgent"),
    ):
        if isinstance(value := record.get(field), str) and value:
            found[key] = (value[:1024],)
    if isinstance(record.get("tlsDetails"), dict):
        found["aws:SecureTransport"] = ("true",)
    return found


def _session(identity: dict[str, Any]) -> Context:
    found: Context = {}
    session = identity.get("sessionContext")
    session = session if isinstance(session, dict) else {}
    attributes = session.get("attributes")
    mfa = attributes.get("mfaAuthenticated") if isinstance(attributes, dict) else None
    if isinstance(mfa, str | bool) and str(mfa).lower() in ("true", "false"):
        found["aws:MultiFactorAuthPresent"] = (str(mfa).lower(),)
    # The record of a session of sts:AssumeRoot (IAM User Guide, "Track privileged tasks in CloudTrail":
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-track-privileged-tasks.html).
    if str(session.get("assumedRoot")).lower() == "true":
        found["aws:AssumedRoot"] = ("true",)
    if isinstance(source := session.get("sourceIdentity"), str) and source:
        found["aws:SourceIdentity"] = (source,)
    via = identity.get("invokedBy")
    if isinstance(via, str) and via.endswith(".amazonaws.com") and identity.get("type") != "AWSService":
        found["aws:ViaAWSService"] = ("true",)
        found["aws:CalledVia"] = (via,)
    return found


@lru_cache(maxsize=4096)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
