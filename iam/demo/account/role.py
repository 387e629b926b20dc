"""What the seed says of a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from iam.demo.account.facts import policy_arn

AWS = "arn:aws:iam::aws:policy/"
BASIC_LAMBDA = AWS + "service-role/AWSLambdaBasicExecutionRole"
BOUNDARY = policy_arn("DeveloperBoundary")


@dataclass(frozen=True, slots=True)
class SeedRole:
    """A role. ``used`` is None for a role not used in the 400 days that IAM looks back."""

    name: str
    path: str
    trust: dict[str, Any]
    created: datetime
    used: datetime | None = None
    attached: tuple[str, ...] = ()
    inline: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    boundary: str | None = None
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    max_session: int = 3600
    used_region: str = "us-east-1"
    source_template: str | None = None
