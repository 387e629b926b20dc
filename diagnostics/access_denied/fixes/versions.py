"""Fixes that restore a version of an attached policy that allows the request.

A single call makes this version the default version.
"""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import calls
from diagnostics.access_denied.fixes.effects import side_effects
from diagnostics.access_denied.fixes.proof import allowed_with, evaluated, replaced
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.fix import Fix, calls_or_note, iam_call
from diagnostics.who import Who
from diagnostics.words import POLICY_TYPES
from iam.account import ManagedPolicy, PolicyVersion
from iam.ages import short_age
from iam.arn import is_aws_managed
from iam.policy.document import PolicyError
from iam.policy.edits import statements_of
from iam.policy.request import NamedPolicy, Policies
from iam.questions.change.effects import LOSSES
from iam.words import listing, plural


@dataclass(frozen=True, slots=True)
class Regression:
    """A policy with a ``version`` that allows the request, unlike its default version."""

    policy: ManagedPolicy
    named: NamedPolicy
    version: PolicyVersion
    since: str = ""
    """When the default version was set, and by whom, according to CloudTrail or IAM's own dates; "" if unknown."""

    @property
    def newer(self) -> bool:
        """Whether the version was created after the default one.

        Such a version was never the default, or it was reverted.
        """
        return _number(self.version.id) > _number(self.policy.default_version_id or "")

    @property
    def words(self) -> str:
        if self.newer:
            older = self.policy.default_version_id
            return f"{self.version.id}, which was created after the default version {older}, would allow it"
        return f"{self.version.id}, an earlier version, allowed it{f' ({self.since})' if self.since else ''}"


@dataclass(frozen=True, slots=True)
class Regressions:
    """The versions that were ``found``.

    ``unread`` says why some policies' versions could not be read; "" if all were read. ``looked_at`` is the number of
    policies with versions. Only customer managed policies count, not inline policies or AWS's own.
    """

    found: tuple[Regression, ...] = ()
    unread: str = ""
    looked_at: int = 0


def regressions(case: Case) -> Regressions:
    """Return versions of the boundary and attached customer policies under which the request is allowed.

    For each policy, up to two versions are returned: the latest that is older than the default version, and the first
    that is newer. Older versions, which were once in effect, come first. A version that takes no access from anyone
    with the policy is preferred.
    """
    found, unread, looked_at = [], "", 0
    # A version gets no credit for what could not be read: then only policies that were read are used.
    present = case.effective_policies
    if allowed_with(case, present):
        present = case.policies
        if case.unread and not case.no_deny_matched:
            unread = f"the {listing([POLICY_TYPES[word] for word in sorted(case.unread)])}"
    for named in (*case.policies.identity, *(case.policies.boundary or ())):
        if named.arn is None or is_aws_managed(named.arn):
            continue
        policy = case.account.policy(named.arn)
        if policy is None or len(policy.versions) < 2:
            reading = case.reader.managed_policy(named.arn)
            policy, unread = reading.value or policy, unread or reading.why or reading.note
        if policy is None or policy.default_version_id is None:
            continue
        looked_at += 1
        default = _number(policy.default_version_id)
        others = sorted((each for each in policy.versions if not each.is_default), key=lambda each: _number(each.id))
        older = [each for each in reversed(others) if _number(each.id) < default]
        newer = [each for each in others if _number(each.id) > default]
        for group in (older, newer):
            allowing = [each for each in group if _allows(case, replaced(present, named, each.document))]
            version = next((each for each in allowing[1:] and allowing if _takes_nothing(case, named, each)), None)
            if allowing:
                found.append(Regression(policy, named, version or allowing[0], _since(policy, case)))
    return Regressions(tuple(sorted(found, key=lambda entry: entry.newer)), unread, looked_at)


def _allows(case: Case, changed: Policies) -> bool:
    try:
        return allowed_with(case, changed)
    except PolicyError:
        return False


def _takes_nothing(case: Case, named: NamedPolicy, version: PolicyVersion) -> bool:
    effects = side_effects(case, replaced(case.effective_policies, named, version.document))
    return effects.complete and not effects.of(*LOSSES)


def _since(policy: ManagedPolicy, case: Case) -> str:
    """Return when the default version was set: the age of the call that set it, else the age of the version."""
    default = policy.default_version_id
    for call in calls(case.reader, resource_name=policy.arn, event_name="SetDefaultPolicyVersion"):
        if call.error is None and default is not None and call.parameters.get("versionId") == default:
            by = f" by {call.event.username}" if call.event.username else ""
            return f"{call.event.name} {short_age(case.account.now - call.event.time)} ago{by}"
    made = next((version.created for version in policy.versions if version.id == default), None)
    return f"{default} was created {short_age(case.account.now - made)} ago" if made else ""


def _number(version_id: str) -> int:
    digits = version_id.removeprefix("v")
    return int(digits) if digits.isdigit() else 0


def regression_step(regressions: Regressions) -> Step:
    """Return the step that says whether another version of a policy allows the request."""
    title, found = "Other policy versions", regressions.found
    if not found and regressions.unread:
        return Step("versions", title, Status.UNKNOWN, f"cannot be read from here: {regressions.unread}")
    if not found and not regressions.looked_at:
        return Step(
            "versions",
            title,
            Status.SKIPPED,
            "no customer managed policy was read, and only customer managed policies have versions",
        )
    if not found:
        policies = plural(regressions.looked_at, "customer managed policy", "customer managed policies")
        said = f"no other version allows the request; checked {policies}"
        return Step("versions", title, Status.PASS, said)
    first = found[0]
    return Step(
        "versions",
        title,
        Status.FAIL,
        f"{first.policy.name} {first.version.id} {'would allow' if first.newer else 'allowed'} it, "
        f"{first.policy.default_version_id or 'the default'} does not" + (f": {first.since}" if first.since else ""),
        tuple(
            Evidence(
                text=entry.words,
                layer="identity",
                policy=entry.policy.name,
                arn=entry.policy.arn,
                document=entry.version.document,
                call="iam:GetPolicyVersion",
            )
            for entry in found
        ),
    )


def regression_fixes(case: Case, found: tuple[Regression, ...]) -> tuple[Fix, ...]:
    """Return a fix for each version.

    First come the versions that take no access from anyone with the policy; of these, those that grant the least.
    """
    fixes = [(_fix(case, entry), entry.newer) for entry in found]
    fixes.sort(key=lambda each: (bool(each[0].losses), len(each[0].gains), each[1]))
    return tuple(fix for fix, _ in fixes)


def _fix(case: Case, entry: Regression) -> Fix:
    changed = replaced(case.effective_policies, entry.named, entry.version.document)
    default = entry.policy.default_version_id or "the default version"
    title = (
        f"Make {entry.version.id} the default version of {entry.policy.name} instead of {default}: it is newer and "
        "allows the request"
        if entry.newer
        else (
            f"Make {entry.version.id}, which allowed the request, the default version of {entry.policy.name} "
            f"again. Then create a new version with the intended change of {default}"
        )
    )
    call = iam_call("SetDefaultPolicyVersion", PolicyArn=entry.policy.arn, VersionId=entry.version.id)
    change = calls_or_note(entry.policy.arn, call, before=entry.named.document, after=entry.version.document)
    return evaluated(case, title, Who.ACCOUNT_ADMIN, change, changed, cautions=(_replaces(entry),))


def _replaces(entry: Regression) -> str:
    """Return a caution about what else the other version changes.

    The other version replaces the entire document for everyone with the policy.
    """
    now, then = statements_of(entry.named.document.value), statements_of(entry.version.document.value)
    gone = sum(one not in then for one in now)
    lost = f"{plural(gone, 'statement')} of {entry.policy.default_version_id} {'is' if gone == 1 else 'are'} not in it"
    kept = "this version has every statement of the default version"
    return (
        f"{entry.version.id} replaces the complete document wherever the policy is attached: {lost if gone else kept}"
    )
