"""The result of an evaluation: the outcome, the result of each layer, and the statements that decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iam.policy.layer import Layer, LayerResult
    from iam.policy.request import NamedPolicy


class Outcome(StrEnum):
    """The outcome of a request. The three values are spelled as in AWS's policy simulator."""

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"


class Fault(StrEnum):
    """Why an Allow statement that nearly matched does not apply. The values are the codes of causes."""

    NO_ACTION = "no-action"
    RESOURCE_MISMATCH = "resource-mismatch"
    CONDITION_UNMET = "condition-unmet"
    CONDITION_UNKNOWN = "condition-unknown"
    UNRESOLVED_VARIABLE = "unresolved-variable"
    PRINCIPAL_MISMATCH = "principal-mismatch"


@dataclass(frozen=True, slots=True)
class Reason:
    """A statement that decided the outcome, with its layer, its policy, and its position in the policy.

    ``statement`` counts from 0. ``level`` is the level in the organization (the root is 0) for SCPs and RCPs, else
    None.
    """

    layer: Layer
    effect: str
    policy: NamedPolicy
    statement: int
    sid: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class ConditionFailure:
    """A condition that the request does not meet. ``unknown``: it may be met, because a value is unknown.

    ``wanted`` are the policy's values. ``had`` are the request's: None if it lacks the key, or if the value is unknown.
    """

    operator: str
    key: str
    wanted: tuple[str, ...]
    had: tuple[str, ...] | None
    unknown: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An Allow statement that nearly matched the request, and the element that did not match.

    ``element`` is the name of that element: Action, NotAction, Resource, NotResource, Principal, NotPrincipal or
    Condition. ``wanted`` contains the policy's values of the element, ``had`` the request's value. ``part`` names the
    part of an ARN that differs (partition, service, region, account, resource) if only one does. ``conditions`` are the
    conditions that the request does not meet. ``distance`` orders near misses: the smaller, the nearer.
    """

    layer: Layer
    policy: NamedPolicy
    statement: int
    sid: str | None
    fault: Fault
    element: str
    wanted: tuple[str, ...]
    had: str
    distance: int
    part: str | None = None
    conditions: tuple[ConditionFailure, ...] = ()
    sentence: str = ""
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The result of evaluating a `Request`.

    ``layers`` contains the result of each layer by itself. ``decided_by`` is the layer that determined the outcome: the
    first, in AWS's order, that denies; if the request is allowed, the layer that granted access. ``rule`` states in one
    sentence the evaluation rule that applied. ``reasons`` are the statements that decided; for an implicit deny they
    are the Allow statements of the layers that allow. ``near_misses`` are sorted, nearest first; only
    `iam.policy.explain` fills them. ``missing_context`` lists the condition keys that policies test and the request
    lacks, as the policies spell them.

    ``by_aws``: the policies allow the action, but AWS reserves it for itself or denies it to this caller; no layer
    decided, and no policy can change that. ``otherwise`` is the other possible outcome if it is uncertain whether a
    statement applies; None if the outcome is certain.
    """

    outcome: Outcome
    layers: Mapping[Layer, LayerResult]
    decided_by: Layer | None
    rule: str
    reasons: tuple[Reason, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    missing_context: tuple[str, ...] = ()
    by_aws: bool = False
    otherwise: Outcome | None = None

    @property
    def allowed(self) -> bool:
        return self.outcome is Outcome.ALLOWED
