"""Encode authorization messages as EC2 does, and decode them for sts:DecodeAuthorizationMessage.

AWS encrypts them; here the text is only packed, so that a message from the demo can be decoded in any later run.
Structure of the decoded JSON: AWS's documentation of DecodeAuthorizationMessage.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from iam.arn import name_of

# Identifies the demo's own messages. AWS's real messages begin differently, and are rejected as AWS rejects foreign
# ones.
_MARK = "hrbr"


def authorization_detail(
    *,
    principal_id: str,
    principal_arn: str,
    action: str,
    resource: str,
    explicit_deny: bool,
    context: Mapping[str, Sequence[str]],
    matched: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the decoded form of a denial. ``matched`` are the Deny statements that matched, as decoded JSON."""
    return {
        "allowed": False,
        "explicitDeny": explicit_deny,
        "matchedStatements": {"items": [_matched(statement, principal_id) for statement in matched]},
        "failures": {"items": []},
        "context": {
            "principal": {
                "id": principal_id,
                "name": name_of(principal_arn),
                "arn": principal_arn,
            },
            "action": action,
            "resource": resource,
            "conditions": {"items": [{"key": key, "values": _items(values)} for key, values in context.items()]},
        },
    }


def encode(detail: Mapping[str, Any]) -> str:
    """Return a denial in encoded form."""
    packed = zlib.compress(json.dumps(detail, separators=(",", ":")).encode(), 9)
    return _MARK + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(message: str) -> str:
    """Return the JSON text that an encoded message contains.

    Raises ValueError if the text was not encoded by `encode`.
    """
    text = "".join(message.split())
    if not text.startswith(_MARK):
        raise ValueError("not a message of this account")
    body = text[len(_MARK) :]
    try:
        return zlib.decompress(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))).decode()
    except (ValueError, zlib.error) as error:
        raise ValueError("the message is damaged or cut short") from error


def _items(values: Sequence[str]) -> dict[str, Any]:
    return {"items": [{"value": value} for value in values]}


def _matched(statement: Mapping[str, Any], principal_id: str) -> dict[str, Any]:
    def listed(*names: str) -> list[str]:
        value: Any = next((statement[name] for name in names if name in statement), [])
        return [value] if isinstance(value, str) else list(value)

    conditions = [
        {"key": key, "values": _items([values] if isinstance(values, str) else list(values))}
        for block in statement.get("Condition", {}).values()
        for key, values in block.items()
    ]
    return {
        "statementId": statement.get("Sid", ""),
        "effect": str(statement.get("Effect", "Deny")).upper(),
        "principals": _items([principal_id]),
        "principalGroups": {"items": []},
        "actions": _items(listed("Action", "NotAction")),
        "resources": _items(listed("Resource", "NotResource")),
        "conditions": {"items": conditions},
    }
