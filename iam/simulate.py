"""AWS's policy simulator as a witness beside the local engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from iam.policy.decision import Outcome


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """A question to SimulatePrincipalPolicy. ``principal_arn`` is a user, group or role, never a session.

    ``exclude`` lists policy types to leave out (PolicyExclusionList: inline, aws-managed, user-managed,
    permission-boundary, scp).
    """

    principal_arn: str
    action: str
    resource: str = "*"
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resource_policy: str | None = None
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement the simulator matched: policy id and type as AWS spells them, lines counted from 1."""

    policy_id: str
    policy_type: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """The simulator's answer for one action and one resource. None where the response said nothing."""

    outcome: Outcome
    matched: tuple[MatchedStatement, ...] = ()
    missing_context: tuple[str, ...] = ()
    allowed_by_organization: bool | None = None
    allowed_by_boundary: bool | None = None


@dataclass(frozen=True, slots=True)
class SimulationFailure:
    """The simulator could not be asked, or refused. ``why`` is one sentence."""

    why: str


class Simulator(Protocol):
    def simulate(self, request: SimulationRequest) -> SimulationResult | SimulationFailure: ...
