"""The kinds of policies that take part in a decision, and the result of one kind by itself."""

from __future__ import annotations

from enum import StrEnum


class Layer(StrEnum):
    """The kinds of policies that take part in a decision.

    For sts:AssumeRole*, the resource layer is the trust policy.
    """

    IDENTITY = "identity"
    RESOURCE = "resource"
    BOUNDARY = "boundary"
    SESSION = "session"
    SCP = "scp"
    RCP = "rcp"
    VPC_ENDPOINT = "vpcEndpoint"

    @property
    def policy_type(self) -> str:
        """AWS's name for a policy of this layer, as in AWS's error messages."""
        return _POLICY_TYPES[self]

    @property
    def policy(self) -> str:
        """The short name for a policy of this layer, for example ``identity policy``."""
        return self.policy_type.replace("-based", "")

    @property
    def policies(self) -> str:
        """The name of the entire layer: ``identity policies``, but ``session policy`` in the singular."""
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
    """The result of one layer by itself. ``NOT_APPLICABLE``: the request has no such layer."""

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"
    NOT_APPLICABLE = "notApplicable"
