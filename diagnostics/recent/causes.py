"""Group recent denials by their cause, as far as the records show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from diagnostics.recent.denials import RecentDenial
from diagnostics.words import POLICY_TYPES
from iam.arn import name_of


@dataclass(frozen=True, slots=True)
class DenialCause:
    """Denials with the same cause, at least one, newest first."""

    id: str
    denials: tuple[RecentDenial, ...]

    @property
    def newest(self) -> RecentDenial:
        return self.denials[0]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.denials)

    @property
    def last(self) -> datetime:
        return self.newest.last

    @property
    def why(self) -> str:
        return why_of(self.newest)


def causes(denials: Sequence[RecentDenial]) -> tuple[DenialCause, ...]:
    """Return the causes, sorted by their newest denial."""
    found: dict[str, list[RecentDenial]] = {}
    for denial in denials:
        found.setdefault("|".join(map(str, _cause(denial))), []).append(denial)
    together = [
        DenialCause(id, tuple(sorted(each, key=lambda one: one.last, reverse=True))) for id, each in found.items()
    ]
    return tuple(sorted(together, key=lambda each: each.last, reverse=True))


def _cause(denial: RecentDenial) -> tuple[object, ...]:
    """Return a value that is equal for denials with the same cause.

    It is the policy that AWS names, the role that nobody could assume, or else the caller, who lacks permissions for
    one service for one reason.
    """
    failure = denial.failure
    if failure.policy_arn:
        return ("policy", failure.policy_arn, denial.account)
    if failure.resource and (failure.claims_trust or (failure.action or "").startswith("sts:AssumeRole")):
        return ("role", failure.resource, failure.stated_reason, denial.account)
    service = (failure.action or "").partition(":")[0] or denial.what
    return ("caller", denial.who, service, failure.stated_reason, failure.code, denial.account)


def why_of(denial: RecentDenial) -> str:
    """Return what denied the request, according to the record's own text.

    For example, ``identity policy: no Allow`` or ``SCP: Deny, guardrails``; the error code if the text does not say it.
    """
    failure = denial.failure
    if failure.stated_reason == "s3-block-public-access":
        return "S3 Block Public Access"
    kind, _, word = (failure.stated_reason or "").partition(":")
    if kind not in ("explicit", "implicit") or (kind == "implicit" and word not in POLICY_TYPES):
        return failure.code or "unknown"
    policy = f", {name_of(failure.policy_arn)}" if failure.policy_arn else ""
    return f"{_layer(word)}: {'Deny' if kind == 'explicit' else 'no Allow'}{policy}"


def _layer(word: str) -> str:
    if word in ("scp", "rcp"):
        return word.upper()
    return POLICY_TYPES.get(word, "a policy").replace("-based", "").replace("role trust", "trust")


def common(denials: Sequence[RecentDenial], of: Callable[[RecentDenial], str], name: str) -> str:
    """Return the value that is the same for all denials, or the number of different values: ``3 callers``."""
    values = dict.fromkeys(map(of, denials))
    return next(iter(values)) if len(values) == 1 else f"{len(values)} {name}"
