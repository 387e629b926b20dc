"""AWS's record of a denied request: its condition keys, each check with the statements that matched, and the policies.

The policies are as they were at the time of the request (IAM Toolbox API, GetRequestAuthorizationDetails and
GetRequestAuthorizationPolicy; a preview of 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from iam.arn import name_of
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.sources.reader.recorded_effect import Effect

Context = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class MatchedPolicy:
    """A policy and the Sids of its matching statements. AWS generates a Sid for a statement without one."""

    uri: str
    sids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizationCheck:
    """The result of one check.

    For SCPs and RCPs, ``target`` is the root, unit or account that was checked. ``by_resource``: resource policies
    contributed to the result. ``matched`` may be incomplete.
    """

    layer: Layer
    effect: Effect
    target: str | None = None
    matched: tuple[MatchedPolicy, ...] = ()
    by_resource: bool = False


@dataclass(frozen=True, slots=True)
class RecordedEvaluation:
    """AWS's evaluation of one action on one resource.

    ``context`` contains the condition keys of the request and of this evaluation. ``checks`` is None if AWS does not
    disclose them: only the principal's account and organization may see them.
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
        """Return the strictest result of the checks of one layer, on all its levels; None if AWS made no such check."""
        order = (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY, Effect.ALLOW, Effect.NO_IMPACT)
        return min((check.effect for check in self.checks or () if check.layer is layer), key=order.index, default=None)


@dataclass(frozen=True, slots=True)
class RecordedPolicy:
    """A policy as it was at the time of the request.

    ``uri`` is a managed policy's ARN; for other policies it is an arbitrary identifier. ``attached_to`` are the ARNs of
    what the policy was attached to. If ``document`` is None, ``why`` says why it could not be read. The document may
    lack statements about other services.
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
        """The name to show for the policy.

        An inline policy is named after what it is attached to, because its identifier is arbitrary.
        """
        if self.arn:
            return name_of(self.arn)
        holder = f" of {name_of(self.attached_to[0])}" if self.attached_to else ""
        return f"inline policy{holder}" if self.layer is Layer.IDENTITY else f"{self.layer.policy_type}{holder}"


@dataclass(frozen=True, slots=True)
class AuthorizationRecord:
    """AWS's record for one authorization ID, in AWS's order."""

    id: str
    evaluations: tuple[RecordedEvaluation, ...]
    policies: tuple[RecordedPolicy, ...] = ()

    def denying_arn(self, check: AuthorizationCheck) -> str | None:
        """Return the ARN of the managed policy with the Deny that matched in a check, or None if there is none."""
        uris = [matched.uri for matched in check.matched] if check.effect is Effect.EXPLICIT_DENY else []
        return next((policy.arn for policy in self.policies if policy.uri in uris and policy.arn), None)
