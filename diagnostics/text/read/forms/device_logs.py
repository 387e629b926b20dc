"""Read AWS IoT's log entries about devices whose request was not authorized.

Each entry is a JSON object with the kind of the event, the client and the topic
(https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html). Which action on which resource it asks for:
https://docs.aws.amazon.com/iot/latest/developerguide/iot-action-resources.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.failure import Denial
from diagnostics.words import DEVICE_CODES
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_NOT_AUTHORIZED = regex(rf"\"(?:reason|details)\"\s*:\s*\"(?P<code>{'|'.join(DEVICE_CODES)})\"")
_FIELD = regex(r"\"(?P<name>eventType|clientId|topicName|accountId|status)\"\s*:\s*\"(?P<value>[^\"\n]*)\"")
_REGION = regex(rf"\barn:(?P<partition>aws[\w-]*):iot:(?P<arn>{REGION_NAME}):|\.iot\.(?P<host>{REGION_NAME})\.")
_ASKED = {
    "Connect": ("iot:Connect", "client", "clientId"),
    "Publish-In": ("iot:Publish", "topic", "topicName"),
    "Publish-Out": ("iot:Receive", "topic", "topicName"),
    "Subscribe": ("iot:Subscribe", "topicfilter", "topicName"),
    "GetRetainedMessage": ("iot:GetRetainedMessage", "topic", "topicName"),
}
"""The action of an event, the type of its resource, and the field that names it."""


def device_denials(text: str) -> Iterator[Denial]:
    """Yield the requests of devices that AWS IoT's log entries in the text say were not authorized, in order."""
    found = _REGION.search(text)
    region = (found["arn"] or found["host"]) if found else None
    partition = (found["partition"] if found else None) or "aws"
    for said in _NOT_AUTHORIZED.finditer(text):
        start, end = text.rfind("{", 0, said.start()), text.find("}", said.end())
        entry = text[max(start, 0) : end if end >= 0 else len(text)]
        fields = {each["name"]: each["value"] for each in _FIELD.finditer(entry)}
        asked = _ASKED.get(fields.get("eventType", ""))
        if asked is None or fields.get("status", "Failure") != "Failure":
            continue
        action, kind, field = asked
        name, account = fields.get(field, ""), fields.get("accountId", "")
        known = name and region and account
        yield Denial(
            text=text,
            code=said["code"],
            action=action,
            resource=f"arn:{partition}:iot:{region}:{account}:{kind}/{name}" if known else None,
        )
