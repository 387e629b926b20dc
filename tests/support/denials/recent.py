"""CloudTrail events for the list of recent denials."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from iam.event import Event

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


ROLE = "arn:aws:sts::111122223333:assumed-role/shop-api"


def event(minutes: int = 0, *, session: str = "s1", code: str | None = "AccessDenied", **fields: Any) -> Event:
    record: dict[str, Any] = {
        "eventSource": "sqs.amazonaws.com",
        "eventName": "CreateQueue",
        "awsRegion": "us-east-1",
        "recipientAccountId": "111122223333",
        "userIdentity": {"type": "AssumedRole", "arn": f"{ROLE}/{session}", "accountId": "111122223333"},
        "errorMessage": f"User: {ROLE}/{session} is not authorized to perform: sqs:CreateQueue on resource: "
        "arn:aws:sqs:us-east-1:111122223333:q because no identity-based policy allows the sqs:CreateQueue action",
        **({"errorCode": code} if code else {}),
        **fields,
    }
    return Event(record["eventName"], NOW - timedelta(minutes=minutes), detail=json.dumps(record))
