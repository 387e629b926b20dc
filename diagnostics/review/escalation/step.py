"""Represent one step of an escalation path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diagnostics.review.finding import EscalationHop
from iam.account import Group, ManagedPolicy, Role, User
from iam.policy.unknown_keys import Judged

NEW_NAME = "rolescope-probe"


ADMINISTRATOR = "administrator: every action on every resource"


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """A step that a principal can take.

    ``target`` is the ARN of the role or user whose rights it gives, empty if it gives full access at once.
    ``references`` are published paths (``pathfinding:ID``) and pages. ``deliberate``: somebody intended the step,
    because a policy names the principal or the step is sts:AssumeRole. ``statements`` allow the step; ``unless`` are
    Deny statements that may match.
    """

    hop: EscalationHop
    target: str
    hangs_on: tuple[str, ...]
    references: tuple[str, ...]
    deliberate: bool = False
    statements: tuple[Judged, ...] = ()
    unless: tuple[Judged, ...] = ()


def not_of(target: Role | User | ManagedPolicy | Group | None) -> Mapping[str, tuple[str, ...]]:
    """Return the condition keys whose values in a write request come from the target of the write."""
    boundary = target.boundary_arn if isinstance(target, Role | User) else None
    return {"iam:PermissionsBoundary": (boundary,)} if boundary else {}
