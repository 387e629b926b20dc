"""AWS's own record of a refused request: its context, each check with the statements that matched, the policies as
they were (IAM Toolbox API, GetRequestAuthorizationDetails and GetRequestAuthorizationPolicy; a preview of 2026).
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
    """What AWS says of an evaluation or a check. ``NO_IMPACT``: nothing matched, and nothing had to."""

    ALLOW = "ALLOW"
    NO_IMPACT = "NO_IMPACT"
    IMPLICIT_DENY = "IMPLICIT_DENY"
    EXPLICIT_DENY = "EXPLICIT_DENY"

    @property
    def words(self) -> str:
        return self.value.lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class MatchedPolicy:
    """A policy with statements that matched, by their Sids; where a statement has none, AWS makes one up."""

    uri: str
    sids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizationCheck:
    """One requirement and its result. ``target`` is the root, unit or account of an SCP's or RCP's check.
    ``by_resource``: policies of the resource had a part in it. ``matched`` may leave policies out.
    """

    layer: Layer
    effect: Effect
    target: str | None = None
    matched: tuple[MatchedPolicy, ...] = ()
    by_resource: bool = False


@dataclass(frozen=True, slots=True)
class RecordedEvaluation:
    """One action on one resource. ``context`` has the request's keys and this evaluation's own. ``checks`` is None
    where AWS does not tell them: only the principal's account and organization are told.
    """

    action: str
    resource: str
    effect: Effect
    context: Context = field(hash=False)
    checks: tuple[AuthorizationCheck, ...] | None = None

    @property
    def refusing(self) -> tuple[AuthorizationCheck, ...]:
        """The checks that refuse it, those of an explicit deny first, as AWS states them."""
        denies = [each for each in self.checks or () if each.effect in (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY)]
        return tuple(sorted(denies, key=lambda check: check.effect is not Effect.EXPLICIT_DENY))

    def effect_of(self, layer: Layer) -> Effect | None:
        """What the checks of one layer come to: the strictest of its levels. None where AWS has no check of it."""
        order = (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY, Effect.ALLOW, Effect.NO_IMPACT)
        return min((check.effect for check in self.checks or () if check.layer is layer), key=order.index, default=None)


@dataclass(frozen=True, slots=True)
class RecordedPolicy:
    """A policy as it was. ``uri`` is a managed policy's ARN, else a name without meaning. ``attached_to`` are ARNs of
    what it was attached to. Where ``document`` is None, ``why`` says why it could not be read; it may leave out
    statements about other services.
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
        """What people call it: an inline policy's identifier says nothing, what it is attached to does."""
        if self.arn:
            return name_of(self.arn)
        holder = f" of {name_of(self.attached_to[0])}" if self.attached_to else ""
        return f"inline policy{holder}" if self.layer is Layer.IDENTITY else f"{self.layer.policy_type}{holder}"


@dataclass(frozen=True, slots=True)
class AuthorizationRecord:
    """What AWS recorded under one authorization ID, in the order in which it tells it."""

    id: str
    evaluations: tuple[RecordedEvaluation, ...]
    policies: tuple[RecordedPolicy, ...] = ()

    def denying_arn(self, check: AuthorizationCheck) -> str | None:
        """The ARN of the managed policy whose Deny a check met, if it is one."""
        uris = [matched.uri for matched in check.matched] if check.effect is Effect.EXPLICIT_DENY else []
        return next((policy.arn for policy in self.policies if policy.uri in uris and policy.arn), None)
