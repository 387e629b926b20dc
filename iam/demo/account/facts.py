"""The fixed points of the demo account: its numbers, its names, its clock; and short ways to write policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

ACCOUNT = "111122223333"
ALIAS = "harbor-prod"
SHARED_TOOLS = "444455556666"
VENDOR = "999988887777"
MANAGEMENT = "777788889999"
ORGANIZATION = "o-exampleorgid"
HOME_REGION = "us-east-1"
REGIONS = ("us-east-1", "eu-west-1")
SOURCE_IP = "203.0.113.24"

# The account's clock stands still: every time below is an offset from it, so the demo never ages.
NOW = datetime(2026, 11, 20, 9, 0, 0, tzinfo=UTC)

GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.us-east-1.amazonaws.com/id/DEMO0123456789ABCDEF"
COGNITO_POOL = "us-east-1:5c1d8a40-0f3e-4f0a-9d3c-2b7a6e5d4c31"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"

Statement = dict[str, Any]
Names = str | Sequence[str]


def ago(*, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    """The moment that long before the account's now."""
    return NOW - timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def role_arn(path_and_name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{path_and_name}"


def policy_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:policy/{name}"


def arn(service: str, resource: str, region: str = HOME_REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def document(*statements: Statement) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Names, resource: Names, *, sid: str | None = None, **condition: Mapping[str, Any]) -> Statement:
    """An Allow of a permission policy; conditions as keywords: ``StringEquals={"aws:RequestedRegion": …}``."""
    return _statement("Allow", {"Action": action, "Resource": resource}, sid, condition)


def deny(action: Names, resource: Names, *, sid: str | None = None, **condition: Mapping[str, Any]) -> Statement:
    return _statement("Deny", {"Action": action, "Resource": resource}, sid, condition)


def trust(principal: Mapping[str, Names] | str, action: Names = "sts:AssumeRole", **more: Any) -> Statement:
    """An Allow of a trust policy."""
    sid = more.pop("sid", None)
    return _statement("Allow", {"Principal": principal, "Action": action}, sid, more)


def service_trust(service: str, **condition: Mapping[str, Any]) -> dict[str, Any]:
    return document(
        _statement("Allow", {"Principal": {"Service": service}, "Action": "sts:AssumeRole"}, None, condition)
    )


def _statement(effect: str, body: Mapping[str, Any], sid: str | None, condition: Mapping[str, Any]) -> Statement:
    statement: Statement = {"Sid": sid} if sid else {}
    statement["Effect"] = effect
    statement.update({key: list(value) if isinstance(value, tuple) else value for key, value in body.items()})
    if condition:
        # Set operators have a colon, which no keyword can have: ForAnyValue_StringLike.
        statement["Condition"] = {operator.replace("_", ":"): dict(keys) for operator, keys in condition.items()}
    return statement
