"""The events in the demo's CloudTrail, which come from its files or from this run."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iam.demo.account.facts import ACCOUNT
from iam.sources.json_values import ANYTHING, FLAG, TEXT, TIME, JsonKind, JsonObject
from iam.sources.json_values import JsonRow as Row


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """A CloudTrail event.

    ``resources`` are pairs of kind and name, as LookupEvents indexes them; ``read_only`` is CloudTrail's own field.
    """

    name: str
    time: datetime
    identity: dict[str, Any]
    parameters: dict[str, Any]
    resources: tuple[tuple[str, str], ...] = ()
    source: str = "iam.amazonaws.com"
    user_agent: str = ""
    error_code: str | None = None
    error_message: str | None = None
    region: str = "us-east-1"
    read_only: bool = False
    response: dict[str, Any] | None = None
    account: str = ACCOUNT

    @property
    def id(self) -> str:
        """The event ID. It is derived from the event's data, so that it is the same in every run."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name} {self.time.isoformat()} {self.resources}"))

    @property
    def username(self) -> str:
        identity = self.identity
        return str(identity.get("userName") or identity.get("arn", "").rsplit("/", 1)[-1] or identity.get("invokedBy"))

    def detail(self) -> str:
        """Return CloudTrail's record of the event as JSON text."""
        record: dict[str, Any] = {
            "eventVersion": "1.11",
            "userIdentity": self.identity,
            "eventTime": self.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": self.source,
            "eventName": self.name,
            "awsRegion": self.region,
            "sourceIPAddress": self.identity.get("invokedBy", "203.0.113.24"),
            "userAgent": self.user_agent,
        }
        if self.error_code:
            record |= {"errorCode": self.error_code, "errorMessage": self.error_message}
        record |= {
            "requestParameters": self.parameters,
            "responseElements": self.response,
            "eventID": self.id,
            "readOnly": self.read_only,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": self.account,
            "eventCategory": "Management",
        }
        return json.dumps(record)


DEMO_EVENT = JsonObject(
    DemoEvent,
    Row("EventName", "name", TEXT, required=True),
    Row("EventTime", "time", TIME, required=True),
    Row("EventSource", "source", TEXT),
    Row("AwsRegion", "region", TEXT),
    Row("UserAgent", "user_agent", TEXT),
    Row("ReadOnly", "read_only", FLAG),
    Row("ErrorCode", "error_code", TEXT),
    Row("ErrorMessage", "error_message", TEXT),
    Row(
        "Resources",
        "resources",
        JsonKind("a list", lambda each: tuple((one["ResourceType"], one["ResourceName"]) for one in each)),
    ),
    Row("UserIdentity", "identity", ANYTHING, required=True),
    Row("RequestParameters", "parameters", ANYTHING, required=True),
    Row("ResponseElements", "response", ANYTHING),
)
