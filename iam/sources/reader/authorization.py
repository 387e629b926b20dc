"""AWS's record of a denied request: its context, each check with the statements that matched, and the policies.

The policies are as they were at that time (IAM Toolbox API, GetRequestAuthorizationDetails and
GetRequestAuthorizationPolicy; a preview of 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from iam.arn import name_of
from iam.policy.decision import Layer
from iam.policy.document import Document

Context = Mapping[str, tuple[str, ...]]


class Effect(StrEnum):
    """AWS's result of an evaluation or a check. ``NO_IMPACT``: nothing matched, and nothing had to."""

    ALLOW = "ALLOW"
    NO_IMPACT = "NO_IMPACT"
    IMPLICIT_DENY = "IMPLICIT_DENY"
    EXPLICIT_DENY = "EXPLICIT_DENY"

    @property
    def words(self) -> str:
        return self.value.lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class MatchedPolicy:
    """A policy with statements that matched, by their Sids. AWS generates one for a statement without a Sid."""

    uri: str
    sids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizationCheck:
    """One requirement and its result.

    ``target`` is the root, unit or account of an SCP's or RCP's check. ``by_resource``: resource policies contributed
    to the result. ``matched`` may be incomplete.
    """

    layer: Layer
    effect: Effect
    target: str | None = None
    matched: tuple[MatchedPolicy, ...] = ()
    by_resource: bool = False


@dataclass(frozen=True, slots=True)
class RecordedEvaluation:
    """The evaluation of one action on one resource.

    ``context`` contains the request's keys and those of this evaluation. ``checks`` is None if AWS does not disclose
    them: only the principal's account and organization may see them.
    """

    action: str
    resource: str
    effect: Effect
    context: Context = field(hash=False)
    checks: tuple[AuthorizationCheck, ...] | None = None

    @property
    def refusing(self) -> tuple[AuthorizationCheck, ...]:
        """The checks that deny the action. Explicit denies come first, as in AWS's output."""
        denies = [each for each in self.checks or () if each.effect in (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY)]
        return tuple(sorted(denies, key=lambda check: check.effect is not Effect.EXPLICIT_DENY))

    def effect_of(self, layer: Layer) -> Effect | None:
        """Return the strictest result of one layer's checks, across its levels; None if AWS has no such check."""
        order = (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY, Effect.ALLOW, Effect.NO_IMPACT)
        return min((check.effect for check in self.checks or () if check.layer is layer), key=order.index, default=None)


@dataclass(frozen=True, slots=True)
class RecordedPolicy:
    """A policy as it was at the time of the request.

    ``uri`` is a managed policy's ARN, else an arbitrary identifier. ``attached_to`` are the ARNs that the policy was
    attached to. If ``document`` is None, ``why`` says why it could not be read; the document may lack statements about
    other services.
    """

    layer: Layer
    uri: str
    inline: bool = False
    attached_to: tuple[str, ...] = ()
    document: Document | None = None
    why: str = ""

    @property
    def arn(self) -> str | None:
        return self.uri if self.uri.startswith("arn:") and not self.inline else None

    @property
    def name(self) -> str:
        """The policy's name for display.

        For an inline policy, it is what the policy is attached to, because its identifier is arbitrary.
        """
        if self.arn:
            return name_of(self.arn)
        holder = f" of {name_of(self.attached_to[0])}" if self.attached_to else ""
        return f"inline policy{holder}" if self.layer is Layer.IDENTITY else f"{self.layer.policy_type}{holder}"


@dataclass(frozen=True, slots=True)
class AuthorizationRecord:
    """AWS's record under one authorization ID, in AWS's order."""

    id: str
    evaluations: tuple[RecordedEvaluation, ...]
    policies: tuple[RecordedPolicy, ...] = ()

    def denying_arn(self, check: AuthorizationCheck) -> str | None:
        """Return the ARN of the managed policy whose Deny matched in a check; None if it was not a managed policy."""
        uris = [matched.uri for matched in check.matched] if check.effect is Effect.EXPLICIT_DENY else []
        return next((policy.arn for policy in self.policies if policy.uri in uris and policy.arn), None)
