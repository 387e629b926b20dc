"""Plans on the demo account, carried out as far as a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from iam.changes import apply as applying
from iam.changes.apply import Writer

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader


CALLS = 6


class Killed(BaseException):
    """Stands for the end of the process."""


class Counting:
    """A client that counts what it really did, and can die at one call, before it or right after it."""

    def __init__(self, client: Any, die_at: int | None = None, after: bool = False) -> None:
        self._client = client
        self._die_at = die_at
        self._after = after
        self.made: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            if len(self.made) == self._die_at and not self._after:
                raise Killed
            answer = getattr(self._client, name)(**parameters)
            self.made.append(name)
            if len(self.made) - 1 == self._die_at and self._after:
                raise Killed
            return answer

        return call


def run(outcomes: Iterator[applying.CallOutcome]) -> list[applying.CallOutcome]:
    return list(outcomes)


def writer(reader: AwsReader, die_at: int | None = None, after: bool = False) -> Writer:
    return Writer(Counting(reader.aws.client("iam"), die_at, after), sleep=lambda seconds: None)


def state_of(reader: AwsReader, name: str) -> tuple[Any, ...]:
    """Everything of a role that a plan may change, without ids and dates."""
    role = reader.role(name).value
    profile = reader.instance_profile(name).value
    if role is None:
        return (None, profile and profile.roles)
    return (
        role.path,
        role.trust and role.trust.value,
        tuple((each.name, json.dumps(each.document.value)) for each in role.inline or ()),
        tuple(sorted(each.arn for each in role.attached or ())),
        role.boundary_arn,
        dict(role.tags or {}),
        role.description,
        role.max_session_seconds,
        profile and profile.roles,
    )
