"""What the evaluator answers: the outcome, what each layer said, and which statements decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iam.policy.request import NamedPolicy


class Outcome(StrEnum):
    """The three answers AWS's simulator knows, spelled as it spells them."""

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
        """AWS's name for one policy of this layer, as its messages have it."""
        return _POLICY_TYPES[self]

    @property
    def policy(self) -> str:
        """The same, shorter: ``identity policy``."""
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
    """What one layer says by itself. ``NOT_APPLICABLE``: the layer is absent."""

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"
    NOT_APPLICABLE = "notApplicable"


class Fault(StrEnum):
    """Why a statement that came near did not allow. The words are those of the cause codes."""

    NO_ACTION = "no-action"
    RESOURCE_MISMATCH = "resource-mismatch"
    CONDITION_UNMET = "condition-unmet"
    CONDITION_UNKNOWN = "condition-unknown"
    UNRESOLVED_VARIABLE = "unresolved-variable"
    PRINCIPAL_MISMATCH = "principal-mismatch"


@dataclass(frozen=True, slots=True)
class Reason:
    """A statement that decided: which layer and policy it is in, and its place there.

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
    """One condition of a statement that was not true, or may not be where a value is ``unknown``.

    ``had`` is None when the request has no such key, or none that is known.
    """

    operator: str
    key: str
    wanted: tuple[str, ...]
    had: tuple[str, ...] | None
    unknown: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An Allow statement that came near and the element that failed, in the words of the policy.

    ``element`` is the document's own name of the part at fault: Action, NotAction, Resource, NotResource, Principal,
    NotPrincipal or Condition. ``wanted`` holds the document's values of that element, ``had`` the request's.
    ``part`` says which part of an ARN differs (partition, service, region, account, resource), where one part alone
    does. ``conditions`` holds the conditions that failed. ``distance`` orders near misses: smaller is nearer.
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
    """The answer to a Request.

    ``layers`` says what each layer said by itself. ``decided_by`` names the layer that made the outcome what it is
    (the first, in AWS's order, that denies; for an Allow the layer that granted). ``rule`` is one sentence that names
    the rule of evaluation that applied. ``reasons`` are the statements that decided; for an implicit deny they are
    the Allow statements of the layers that do allow. ``near_misses`` are ranked, nearest first, and are filled only
    by `iam.policy.explain`. ``missing_context`` names the condition keys that policies asked for and the request
    lacks, in the spelling of the policies. ``by_aws`` says that the policies allow what AWS keeps to itself or refuses
    to such a caller: no layer decided, and no policy can help. ``otherwise`` is the other outcome that is possible
    where it is unknown whether a statement applies; None where the outcome is certain.
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
