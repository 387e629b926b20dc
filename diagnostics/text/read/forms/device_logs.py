"""Read AWS IoT's log entries about devices whose request was not authorized.

Each entry is a JSON object with the kind of the event, the client and the topic; people also paste its fields in a line
(https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html). Which action a request needs on which resource:
https://docs.aws.amazon.com/iot/latest/developerguide/iot-action-resources.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.failure import Denial
from diagnostics.words import DEVICE_CODES
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_SEPARATOR = r"[\"']?(?:[ \t]*[:=|][ \t]*|[ \t]+)[\"']?"
_NOT_AUTHORIZED = regex(rf"\b(?:reason|details){_SEPARATOR}(?P<code>{'|'.join(DEVICE_CODES)})\b")
_FIELD = regex(
    rf"(?<![\w.])(?P<name>eventType|clientId|topicName|accountId|status|principalId){_SEPARATOR}"
    r"(?P<value>[^\s\"',;|{}]+)"
)
_REGION = regex(rf"\barn:(?P<partition>aws[\w-]*):iot:(?P<arn>{REGION_NAME}):|\.iot\.(?P<host>{REGION_NAME})\.")
_ACCOUNT = regex(r"\barn:aws[\w-]*:iot:[\w-]+:(\d{12})(?!\d)")
_ASKED = {
    "Connect": ("iot:Connect", "client", "clientId"),
    "Publish-In": ("iot:Publish", "topic", "topicName"),
    "Publish-Out": ("iot:Receive", "topic", "topicName"),
    "Subscribe": ("iot:Subscribe", "topicfilter", "topicName"),
    "GetRetainedMessage": ("iot:GetRetainedMessage", "topic", "topicName"),
}
"""For each kind of event: the action, the type of the resource, and the log's field that names the resource."""


def device_denials(text: str) -> Iterator[Denial]:
    """Yield the requests of devices that AWS IoT's log entries in the text say were not authorized, in order."""
    found = _REGION.search(text)
    region = (found["arn"] or found["host"]) if found else None
    partition = (found["partition"] if found else None) or "aws"
    entries = set()
    for said in _NOT_AUTHORIZED.finditer(text):
        begin, fields = _entry(text, said.start())
        asked = _ASKED.get(fields.get("eventType", ""))
        if asked is None or fields.get("status", "Failure") != "Failure" or begin in entries:
            continue  # an entry has the reason and its details
        entries.add(begin)
        action, kind, field = asked
        name, account = fields.get(field, ""), fields.get("accountId", "")
        account = account or (accounts.pop() if len(accounts := set(_ACCOUNT.findall(text))) == 1 else "")
        known = name and region and account
        yield Denial(
            text=text,
            code=said["code"],
            action=action,
            resource=f"arn:{partition}:iot:{region}:{account}:{kind}/{name}" if known else None,
        )


def _entry(text: str, at: int) -> tuple[int, dict[str, str]]:
    """Return where the entry around ``at`` begins, and its fields: of the JSON object, or else of the line."""
    start, end = text.rfind("{", 0, at), text.find("}", at)
    line = text.rfind("\n", 0, at) + 1
    places = [(start, end)] if 0 <= start < end and "}" not in text[start:at] else []
    for begin, stop in (*places, (line, text.find("\n", at) if "\n" in text[at:] else len(text))):
        fields = {each["name"]: each["value"] for each in _FIELD.finditer(text, begin, stop)}
        if "eventType" in fields:
            return begin, fields
    return at, {}


def principal_of_entry(text: str) -> str:
    """Return the ID of the certificate in the log's first entry that was not authorized; "" if it has none."""
    said = _NOT_AUTHORIZED.search(text)
    return _entry(text, said.start())[1].get("principalId", "") if said else ""
