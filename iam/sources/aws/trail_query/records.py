"""Convert the rows of a query's result into CloudTrail records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iam.sources.reader.trail_queries import TrailQuery, TrailRow

_PLACE = {"s3.amazonaws.com": "bucketName", "lambda.amazonaws.com": "functionName"}


def row_of(values: Mapping[str, str | None], query: TrailQuery) -> TrailRow:
    if record_text := values.get("record"):
        return TrailRow(record(record_text))
    source = values.get("eventsource") or ""
    found: dict[str, Any] = {
        "awsRegion": values.get("awsregion"),
        "eventSource": source,
        "eventName": values.get("eventname"),
        "eventTime": _time(values.get("first")),
        "readOnly": values.get("readonly"),
        "eventCategory": values.get("eventcategory"),
        "recipientAccountId": values.get("recipientaccountid") or query.question.account,
    }
    if found["eventCategory"] not in (None, "Management"):
        found["managementEvent"] = False
    if place := values.get("place"):
        found["requestParameters"] = {_PLACE.get(source, "tableName"): place}
    return TrailRow(_nested(found), _number(values.get("events")), _time(values.get("last")), whole=False)


def record(text: str) -> Mapping[str, Any]:
    """Return the nested record for a query result: a JSON object that maps paths (``userIdentity.arn``) to strings."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    whole: dict[str, Any] = {}
    for path, value in fields.items() if isinstance(fields, dict) else ():
        if not isinstance(value, str) or not value:
            continue
        *above, name = path.split(".")
        inner = whole
        for part in above:
            inner = inner.setdefault(part, {})
        inner[name] = _value(name, value)
    return whole


def _value(name: str, text: str) -> Any:
    match name:
        case "eventTime":
            return _time(text)
        case "managementEvent":
            return text == "true"
        case "requestParameters" | "responseElements":
            return _parameters(text)
        case "resources":
            return [{"ARN": arn} for arn in _json(text) or () if isinstance(arn, str)]
    return text


def _parameters(text: str) -> Any:
    """Return the parameters. CloudTrail Lake stores each as a string, with nested values as JSON."""
    found = _json(text)
    if not isinstance(found, dict):
        return None
    return {
        name: _json(value) or value if isinstance(value, str) and value[:1] in ("{", "[") else value
        for name, value in found.items()
    }


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _time(text: str | None) -> str:
    """Return a time in CloudTrail's format. CloudTrail Lake writes ``2026-11-27 08:00:00.000``."""
    if not text or "T" in text:
        return text or ""
    return f"{text[:19].replace(' ', 'T')}Z"


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 1


def _nested(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "")}
