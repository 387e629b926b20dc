"""Read CloudTrail events.

The text is one event, a list, a log file's ``Records``, or the CLI's look-up output with events as JSON strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diagnostics.text.read.layout.python_literals import NotALiteralError, read_literal
from iam.lazy_pattern import regex

_MOST_EVENTS = 20_000
_ROLE_PARAMETER = regex(r"role(arn)?$", re.IGNORECASE)
_ROLE_ARN = regex(r"arn:[\w-]+:iam::\d{12}:role/\S{1,600}")


@dataclass(frozen=True, slots=True)
class FailedEvent:
    """The content of an event that failed.

    ``service`` is the event source without its domain. ``role`` is the only role that the call's parameters pass to a
    service. ``entity`` is what an IAM call would have created or deleted.
    """

    code: str
    message: str
    operation: str | None
    service: str | None
    principal: str | None
    resource: str | None
    text: str
    role: str | None = None
    entity: str | None = None


def events(text: str) -> tuple[list[FailedEvent], str]:
    """Return the events in ``text`` that have an error, in order, and the text without any events."""
    if not any(mark in text for mark in ("eventSource", "CloudTrailEvent", "userIdentity")):
        return [], text
    found: list[FailedEvent] = []
    if _PYTHON.search(text) and (printed := _printed_by_python(text)) is not None:
        value, start, end = printed
        return list(events_of(value)), f"{text[:start]}\n{text[end:]}"
    rest, at = [], 0
    for value, start, end in json_values(text):
        inside = list(events_of(value))
        if inside or "eventSource" in text[start:end] or (isinstance(value, dict) and _is_event(value)):
            found += inside
            rest.append(text[at:start])
            at = end
    return found, "\n".join((*rest, text[at:]))


_JSON_START = regex(r"\{\s{0,99}[\"}]|\[\s{0,99}[{\[\"\]]")


def json_values(text: str) -> Iterator[tuple[object, int, int]]:
    """Yield the JSON objects and lists in ``text`` with their start and end positions, whatever text is between them.

    If one is truncated, the complete ones inside it are yielded. Parsing stops after work on about three times the
    length of the text.
    """
    decoder = json.JSONDecoder()
    position, effort = 0, 3 * len(text) + 100_000
    while effort > 0 and (begin := _JSON_START.search(text, position)):
        start = begin.start()
        try:
            value, position = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            effort -= error.pos - start + 1
            position = start + 1
        except (ValueError, RecursionError):
            effort -= 100_000
            position = start + 1
        else:
            yield value, start, position


_PYTHON = regex(
    r"(?:\[\s{0,9})?\{\s{0,9}'(?:Records|Events|CloudTrailEvent|event\w+|userIdentity|awsRegion|detail)'\s{0,3}:"
)
_PYTHON_TIME = regex(r"datetime\.datetime\((?:[^()]|\([^()]{0,60}\)){0,200}\)")
_LONGEST_REPR = 200_000


def _printed_by_python(text: str) -> tuple[object, int, int] | None:
    """Return what Python printed (``{'eventName': …}``), with its position; from the first bracket to the last."""
    start = _PYTHON.search(text)
    end = text.rfind("]" if start and start[0].startswith("[") else "}") + 1
    if start is None or not start.start() < end <= start.start() + _LONGEST_REPR:
        return None
    try:
        value = read_literal(_PYTHON_TIME.sub("None", text[start.start() : end]))
    except NotALiteralError:
        return None
    return value, start.start(), end


def _nested(item: Mapping[str, object]) -> Mapping[str, object]:
    """Return an event that a log search printed flat (``userIdentity.arn``) in its nested form; others unchanged."""
    if not any("." in str(key) for key in item):
        return item
    whole: dict[str, object] = {}
    for key, value in item.items():
        parts = [part for part in str(key).split(".") if part != "detail"] or [str(key)]
        inner = whole
        for part in parts[:-1]:
            deeper = inner.setdefault(part, {})
            if not isinstance(deeper, dict):
                deeper = inner[part] = {}
            inner = deeper
        inner.setdefault(parts[-1], value)
    return whole


def events_of(value: object) -> Iterator[FailedEvent]:
    """Yield the events with an error in parsed JSON, however they are nested."""
    pending: list[object] = [value]
    seen = 0
    while pending and seen < _MOST_EVENTS:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(reversed(item))
        elif isinstance(item, dict):
            seen += 1
            item = _nested(item)
            inner = item.get("CloudTrailEvent")
            if isinstance(inner, str):
                try:
                    pending.append(json.loads(inner))
                except (ValueError, RecursionError):
                    continue
            elif isinstance(inner, dict):
                pending.append(inner)
            elif _is_event(item):
                if event := _event(item):
                    yield event
            else:
                pending.extend(reversed([part for part in item.values() if isinstance(part, (list, dict))]))


def _is_event(item: Mapping[str, object]) -> bool:
    """Return whether a record is an event. A shortened event may lack its source, but it has an identity and a time."""
    return "eventName" in item and ("eventSource" in item or ("userIdentity" in item and "eventTime" in item))


def _event(item: Mapping[str, object]) -> FailedEvent | None:
    code, message = _text(item.get("errorCode")), _text(item.get("errorMessage")) or ""
    if not code:
        return None
    identity = item.get("userIdentity")
    identity = identity if isinstance(identity, dict) else {}
    source = _text(item.get("eventSource")) or ""
    return FailedEvent(
        code=code,
        message=message,
        operation=_text(item.get("eventName")),
        service=source.split(".")[0] or None,
        principal=_principal(identity, item),
        resource=_resource(item),
        text=json.dumps(item, ensure_ascii=False)[:20_000],
        role=_handed_role(item.get("requestParameters")),
        entity=_entity(item),
    )


def _principal(identity: Mapping[str, object], item: Mapping[str, object]) -> str | None:
    """Return who called (CloudTrail User Guide, "userIdentity element").

    For a federated caller, that is the identity provider, as a policy names it: ``principalId`` contains the provider,
    the audience and the subject together.
    """
    provider = _text(identity.get("identityProvider"))
    if identity.get("type") == "WebIdentityUser" and provider:
        return provider
    if identity.get("type") == "SAMLUser":
        asked = item.get("requestParameters")
        arn = _text(asked.get("principalArn")) if isinstance(asked, dict) else None
        return arn or _text(identity.get("principalId"))
    return _text(identity.get("arn")) or _text(identity.get("invokedBy")) or _text(identity.get("principalId"))


def _resource(item: Mapping[str, object]) -> str | None:
    """Return the resource's ARN, if the event states it: S3's object or bucket, the role to assume, or the only ARN."""
    asked = item.get("requestParameters")
    asked = asked if isinstance(asked, dict) else {}
    if (role := _text(asked.get("roleArn"))) and item.get("eventSource") == "sts.amazonaws.com":
        return role
    listed = item.get("resources")
    arns = [
        (arn, str(part.get("type", "")))
        for part in (listed if isinstance(listed, list) else [])
        if isinstance(part, dict) and (arn := _text(part.get("ARN")) or _text(part.get("arn")))
    ]
    objects = [arn for arn, kind in arns if kind == "AWS::S3::Object"]
    if objects:
        return objects[0]
    return arns[0][0] if len(arns) == 1 else None


_MAKES_OR_DELETES = regex(r"(?:Create|Delete|Upload)(\w+)")
_NAMED_BY = {
    "Role": ("roleName",),
    "User": ("userName",),
    "Group": ("groupName",),
    "Policy": ("policyName", "policyArn"),
    "InstanceProfile": ("instanceProfileName",),
    "LoginProfile": ("userName",),
    "OpenIDConnectProvider": ("url", "openIDConnectProviderArn"),
    "SAMLProvider": ("name", "sAMLProviderArn"),
    "ServerCertificate": ("serverCertificateName",),
    "VirtualMFADevice": ("virtualMFADeviceName", "serialNumber"),
}


def _entity(item: Mapping[str, object]) -> str | None:
    """Return the name or ARN of the IAM entity that the call would have created or deleted."""
    asked = item.get("requestParameters")
    call = _MAKES_OR_DELETES.fullmatch(_text(item.get("eventName")) or "")
    if not isinstance(asked, dict) or call is None or item.get("eventSource") != "iam.amazonaws.com":
        return None
    return next((said for key in _NAMED_BY.get(call[1], ()) if (said := _text(asked.get(key)))), None)


def _handed_role(parameters: object) -> str | None:
    """Return the ARN under ``role``, ``roleArn``, ``executionRoleArn`` … at any depth, if there is exactly one."""
    found: set[str] = set()
    pending = [parameters]
    while pending and len(found) < 2:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, str):
                    if _ROLE_PARAMETER.search(str(key)) and _ROLE_ARN.fullmatch(inner):
                        found.add(inner)
                else:
                    pending.append(inner)
    return found.pop() if len(found) == 1 else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
