"""The constants of the demo account: its IDs, its names, its clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

ACCOUNT = "111122223333"
ALIAS = "harbor-prod"
SHARED_TOOLS = "444455556666"
PARTNER = "999988887777"
MANAGEMENT = "777788889999"
ORGANIZATION = "o-exampleorgid"
HOME_REGION = "us-east-1"
REGIONS = ("us-east-1", "eu-west-1")
SOURCE_IP = "203.0.113.24"

# All times in the account's files are offsets from this one, so the demo never ages; see `iam.demo.clock`.
NOW = datetime(2026, 11, 20, 9, 0, 0, tzinfo=UTC)

GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.us-east-1.amazonaws.com/id/DEMO0123456789ABCDEF"
COGNITO_POOL = "us-east-1:5c1d8a40-0f3e-4f0a-9d3c-2b7a6e5d4c31"


def ago(*, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    """Return the time that is this long before the demo's current time."""
    return NOW - timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def arn(service: str, resource: str, region: str = HOME_REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"
