"""An earlier version of an attached policy that allowed the request: going back to it is one call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import calls
from diagnostics.access_denied.fixes.proof import allowed_with, evaluated, replaced
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.fix import Fix, Who, calls_or_note, iam_call
from iam.account import ManagedPolicy, PolicyVersion
from iam.ages import short_age
from iam.policy.document import PolicyError
from iam.policy.request import NamedPolicy


@dataclass(frozen=True, slots=True)
class Regression:
    """``version`` of a policy allowed the request; its default version does not."""

    policy: ManagedPolicy
    named: NamedPolicy
    version: PolicyVersion
    since: str = ""
    """When and by whom its place was taken, as far as CloudTrail or IAM's own dates tell; else empty."""


def regressions(case: Case) -> tuple[Regression, ...]:
    """The versions of attached customer policies and of the boundary under which the request was allowed, the latest
    of each policy first."""
    found = []
    for named in (*case.policies.identity, *(case.policies.boundary or ())):
        if named.arn is None or ":iam::aws:policy/" in named.arn:
            continue
        policy = case.account.policy(named.arn)
        if policy is None or len(policy.versions) < 2:
            policy = case.reader.managed_policy(named.arn).value or policy
        for version in _older(policy) if policy is not None else ():
            try:
                allowed = allowed_with(case, replaced(case.effective_policies, named, version.document))
            except PolicyError:
                continue
            if allowed and policy is not None:
                found.append(Regression(policy, named, version, _since(policy, case)))
                break
    return tuple(found)


def _since(policy: ManagedPolicy, case: Case) -> str:
    """When the default version became it: the call that set it, else the day on which it was made."""
    default = policy.default_version_id
    for call in calls(case.reader, resource_name=policy.arn, event_name="SetDefaultPolicyVersion"):
        if call.error is None and default is not None and call.parameters.get("versionId") == default:
            by = f" by {call.event.username}" if call.event.username else ""
            return f"{call.event.name} {short_age(case.account.now - call.event.time)} ago{by}"
    made = next((version.created for version in policy.versions if version.id == default), None)
    return f"{default} was made {short_age(case.account.now - made)} ago" if made else ""


def _older(policy: ManagedPolicy) -> list[PolicyVersion]:
    """The versions before the default one, latest first. Later ones were made and not chosen: those are drafts."""
    default = _number(policy.default_version_id or next((v.id for v in policy.versions if v.is_default), ""))
    older = [version for version in policy.versions if not version.is_default and _number(version.id) < default]
    return sorted(older, key=lambda version: _number(version.id), reverse=True)


def _number(version_id: str) -> int:
    digits = version_id.removeprefix("v")
    return int(digits) if digits.isdigit() else 0


def regression_step(found: tuple[Regression, ...]) -> Step:
    """Whether an earlier version of a policy allowed the request."""
    title = "Earlier policy versions"
    if not found:
        return Step("versions", title, Status.PASS, "none that is kept allowed it")
    first = found[0]
    return Step(
        "versions",
        title,
        Status.FAIL,
        f"{first.policy.name} {first.version.id} allowed it, {first.policy.default_version_id or 'the default'} not"
        + (f": {first.since}" if first.since else ""),
        tuple(
            Evidence(
                text=f"{entry.version.id} allowed it" + (f", until {entry.since}" if entry.since else ""),
                layer="identity",
                policy=entry.policy.name,
                arn=entry.policy.arn,
                document=entry.version.document,
                call="iam:GetPolicyVersion",
            )
            for entry in found
        ),
    )


def regression_fixes(case: Case, found: tuple[Regression, ...]) -> Iterator[Fix]:
    for entry in found:
        changed = replaced(case.effective_policies, entry.named, entry.version.document)
        title = (
            f"Set {entry.policy.name} back to {entry.version.id}, which allowed it, then put right what "
            f"{entry.policy.default_version_id or 'the default version'} was made for"
        )
        call = iam_call("SetDefaultPolicyVersion", PolicyArn=entry.policy.arn, VersionId=entry.version.id)
        change = calls_or_note(entry.policy.arn, call, before=entry.named.document, after=entry.version.document)
        yield evaluated(case, title, Who.ACCOUNT_ADMIN, change, changed)
