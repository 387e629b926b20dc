"""Causes if AWS IoT closes a device's connection: the IoT policy in the text, or a client ID that two devices share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains, quoted, written_values
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob, names_action
from iam.words import listing

_CLOSED = (
    r"\bAWS_ERROR_MQTT_UNEXPECTED_HANGUP\b|\bDUPLICATE_CLIENT_?ID\b|\bsocket hang up\b|\bECONNRESET\b"
    r"|\b[Cc]onnection (?:was )?(?:closed|lost|reset|interrupted|refused)\b|\bon_disconnect\b[^\n]{0,20}\b7\b"
)
_OF_IOT = r"\biot:(?:\*|[A-Z])|\.iot\.[\w-]+\.amazonaws\.com|\bAWS IoT\b"
_CLIENT_ID = regex(
    r"\bclient[-_ ]?id[\"']?(?:\s*[=:]\s*|[ \t]+)[\"']?(?P<id>[\w:.-]*\w)(?=[\"',\s)}]|\Z)", re.IGNORECASE
)
_SEVERAL = (
    r"\b(?:two|2|both|several|three|second|other|another) (?:\w+ )?(?:gateways?|devices?|things?|sensors?|clients?"
    r"|boards?|instances?|processes|pods?|replicas?|copies)\b"
)
_COPIED = r"\bcopied\b|\bcopy of\b|\bcloned?\b|\bsame (?:\w+ )?(?:config\w*|image|file|settings|client[- ]?id)\b"
_ACCEPTED = (
    r"\breturn_code: 0\b|\bsession_present: True\b|\bruns? well alone\b|\bworks? alone\b|\bDUPLICATE_CLIENT_?ID\b"
)
_NO_REASON = (
    "AWS IoT closed the connection without giving a reason: its log in CloudWatch has one. Most often the "
    "certificate's policy does not allow iot:Connect for this client ID, or a publish or subscribe on this topic; or "
    "another device uses the same client ID."
)


def closed_connection(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield what the text shows about a device that AWS IoT disconnects without a reason.

    AWS IoT Core Developer Guide, "Connect policy examples" and "AWS IoT Core action resources": iot:Connect is checked
    on client/CLIENT-ID (https://docs.aws.amazon.com/iot/latest/developerguide/iot-action-resources.html). "MQTT": a new
    connection with a client ID that is in use ends the existing one
    (https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html).
    """
    text = failure.text
    of_iot = rf"{_OF_IOT}|\bAWS_ERROR_MQTT_UNEXPECTED_HANGUP\b"
    if failure.trouble is not Trouble.UNRECOGNIZED or not (said := quoted(text, _CLOSED)) or not quoted(text, of_iot):
        return
    ids = [each["id"] for each in _CLIENT_ID.finditer(text)]
    look = _shared_id(text, ids, said) or _without_connect(text, ids, said)
    if look is not None:
        yield replace(look, decides=True)
    elif hangup := quoted(text, r"\bAWS_ERROR_MQTT_UNEXPECTED_HANGUP\b"):
        # AWS IoT Core Developer Guide, "Diagnosing connectivity issues"
        # (https://docs.aws.amazon.com/iot/latest/developerguide/diagnosing-connectivity-issues.html).
        yield FirstLook(_NO_REASON, contains(hangup), None, Who.RESOURCE_OWNER)


def _shared_id(text: str, ids: list[str], said: str) -> FirstLook | None:
    """Return the cause if the text has several devices, and one client ID that they most likely share."""
    several, accepted = quoted(text, _SEVERAL), quoted(text, _ACCEPTED)
    if not (several and accepted) or len(set(ids)) > 1:
        return None
    if len(ids) < 2 and not quoted(text, _COPIED):
        return None
    name = f" ({ids[0]})" if ids else ""
    return FirstLook(
        f"Give each device its own client ID: most likely they share one{name}, and AWS IoT ends a device's connection "
        "when another connects with the same client ID. The connections are accepted, so no policy is missing.",
        contains(accepted, several, said),
        None,
        Who.CALLER,
    )


def _without_connect(text: str, ids: list[str], said: str) -> FirstLook | None:
    """Return the cause if the IoT policy in the text cannot allow iot:Connect for the client; else None."""
    allowed = _resources(text)
    if allowed is None:
        return None
    clients = [each for each in allowed if _may_name_a_client(each)]
    own = ids[0] if len(set(ids)) == 1 else ""
    if any("${" in each or not own or _fits(each, own) for each in clients):
        return None
    named = f"only for {listing(clients)}" if clients else f"on {listing(allowed)}" if allowed else "nowhere"
    wanted = f"client/{own or 'CLIENT-ID'}"
    region = next(
        (each.rpartition(":")[0] for each in allowed if each.startswith("arn:")), "arn:aws:iot:REGION:ACCOUNT"
    )
    return FirstLook(
        f"The IoT policy in the text does not allow the connection: iot:Connect is checked on {wanted}, and the policy "
        f"allows it {named}. Allow iot:Connect on {region}:{wanted}. iot:Publish and iot:Receive are checked on "
        "topic/TOPIC, iot:Subscribe on topicfilter/FILTER.",
        contains(said),
        "aws iot list-attached-policies --target CERTIFICATE-ARN",
        Who.RESOURCE_OWNER,
    )


def _resources(text: str) -> list[str] | None:
    """Return the resources on which the text's IoT policies allow iot:Connect; None if the text has no such policy.

    Each statement must begin with its Effect, and have an Action and a Resource.
    """
    found: list[str] = []
    of_iot = False
    for part in _EFFECT.split(text)[1:]:
        actions, resources = written_values(part, "Action"), written_values(part, "Resource")
        if not actions or not resources or _OTHER_ELEMENT.search(part):
            return None
        of_iot = of_iot or any(each.lower().startswith(("iot:", "*")) for each in actions)
        found += resources if names_action(actions, "iot:Connect") and _ALLOWS.match(part) else []
    return found if of_iot else None


_EFFECT = regex(r"\bEffect[\"']?\s*[:=]\s*[\"']?")
_ALLOWS = regex(r"Allow\b")
_OTHER_ELEMENT = regex(r"\bNot(?:Action|Resource)\b")


def _may_name_a_client(resource: str) -> bool:
    """Return whether the pattern of an ARN matches clients."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return "*" in resource
    fixed = re.split(r"[*?$]", parts[5])[0]
    return parts[5].startswith("client/") or (fixed != parts[5] and "client/".startswith(fixed))


def _fits(resource: str, client: str) -> bool:
    parts = resource.split(":", 5)
    return len(parts) < 6 or compile_glob(parts[5])(f"client/{client}")
