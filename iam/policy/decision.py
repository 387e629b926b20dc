"""The result of an evaluation: the outcome, each layer's result, and the statements that decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iam.policy.request import NamedPolicy


class Outcome(StrEnum):
    """The three outcomes of AWS's simulator, in its spelling."""

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"


class Layer(StrEnum):
    """The kinds of policy that take part in a decision. A trust policy is the resource layer of sts:AssumeRole*."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    BOUNDARY = "boundary"
    SESSION = "session"
    SCP = "scp"
    RCP = "rcp"
    VPC_ENDPOINT = "vpcEndpoint"

    @property
    def policy_type(self) -> str:
        """The AWS name for one policy of this layer, as used in AWS's messages."""
        return _POLICY_TYPES[self]

    @property
    def policy(self) -> str:
        """The short name for one policy of this layer: ``identity policy``."""
        return self.policy_type.replace("-based", "")

    @property
    def policies(self) -> str:
        """The layer as a whole: ``identity policies``, but one ``session policy``."""
        several = self in (Layer.IDENTITY, Layer.SCP, Layer.RCP)
        return f"{self.policy.removesuffix('y')}ies" if several else self.policy


_POLICY_TYPES = {
    Layer.IDENTITY: "identity-based policy",
    Layer.RESOURCE: "resource-based policy",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session policy",
    Layer.SCP: "service control policy",
    Layer.RCP: "resource control policy",
    Layer.VPC_ENDPOINT: "VPC endpoint policy",
}


class LayerResult(StrEnum):
    """The result of one layer by itself. ``NOT_APPLICABLE``: the layer is absent."""

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"
    NOT_APPLICABLE = "notApplicable"


class Fault(StrEnum):
    """The reason why an Allow statement that nearly matched did not apply. The values are those of the cause codes."""

    NO_ACTION = "no-action"
    RESOURCE_MISMATCH = "resource-mismatch"
    CONDITION_UNMET = "condition-unmet"
    CONDITION_UNKNOWN = "condition-unknown"
    UNRESOLVED_VARIABLE = "unresolved-variable"
    PRINCIPAL_MISMATCH = "principal-mismatch"


@dataclass(frozen=True, slots=True)
class Reason:
    """A statement that decided the outcome: its layer, its policy, and its position in the policy.

    ``statement`` counts from 0. ``level`` is the organization level (root is 0) for SCPs and RCPs, else None.
    """

    layer: Layer
    effect: str
    policy: NamedPolicy
    statement: int
    sid: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class ConditionFailure:
    """A condition that was not true, or, with ``unknown``, may not be true because a value is unknown.

    ``had`` is None if the request has no such key, or none that is known.
    """

    operator: str
    key: str
    wanted: tuple[str, ...]
    had: tuple[str, ...] | None
    unknown: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An Allow statement that nearly matched, and the element that did not, in the words of the policy.

    ``element`` is the name of that element in the document: Action, NotAction, Resource, NotResource, Principal,
    NotPrincipal or Condition. ``wanted`` contains the document's values of the element, ``had`` the request's. ``part``
    names the part of an ARN that differs (partition, service, region, account, resource) if only one does.
    ``conditions`` contains the conditions that failed. ``distance`` orders near misses: smaller is nearer.
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
    """The result of evaluating a Request.

    ``layers`` contains the result of each layer by itself. ``decided_by`` is the layer that determined the outcome (the
    first, in AWS's order, that denies; for an Allow the layer that granted). ``rule`` is one sentence that names the
    evaluation rule that applied. ``reasons`` are the statements that decided; for an implicit deny they are the Allow
    statements of the layers that do allow. ``near_misses`` are ranked, nearest first, and are filled only by
    `iam.policy.explain`. ``missing_context`` names the condition keys that policies check and the request lacks, in the
    spelling of the policies.

    ``by_aws`` says that the policies allow an action that AWS reserves for itself or refuses to such a caller: no layer
    decided, and no policy can help. ``otherwise`` is the other possible outcome if it is unknown whether a statement
    applies; None if the outcome is certain.
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
