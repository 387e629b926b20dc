"""Whether the caller may make each call of a plan, on the very ARNs, by AWS's simulator and the local engine."""

from __future__ import annotations

from collections.abc import Iterator

from iam.account import Account
from iam.changes.permissions import Need, needs_of
from iam.changes.plan import Plan
from iam.changes.preflight_finding import Finding, Level
from iam.layers import gather
from iam.policy.decision import Decision, Layer, Outcome
from iam.policy.explain import explain
from iam.policy.request import Request
from iam.simulate import CrossCheck, SimulationResult, cross_check
from iam.sources.reader import AccountReader

_BOUNDARY = "iam:permissionsboundary"


def permission_findings(plan: Plan, account: Account, reader: AccountReader) -> Iterator[Finding]:
    """One finding for each permission that lacks or cannot be told, one for all that are there."""
    caller = reader.caller()
    if caller.value is None:
        yield Finding(Level.UNKNOWN, "permission", f"Who calls is not known: {caller.why}")
        return
    good = 0
    demanded: set[str] = set()
    untold: dict[str, list[str]] = {}
    for need in needs_of(plan, account):
        finding = _permission(need, caller.value.arn, account, reader)
        if finding is None:
            good += 1
        elif finding.level is Level.UNKNOWN:
            untold.setdefault(finding.text, []).append(need.action)
        elif finding.code != "boundary.demanded" or finding.value not in demanded:
            demanded |= {finding.value} if finding.code == "boundary.demanded" else set()
            yield finding
    for why, actions in untold.items():
        text = f"Whether you may {', '.join(dict.fromkeys(actions))} cannot be told: {why}"
        yield Finding(Level.UNKNOWN, "permission", text, "Trying tells: what was made can be rolled back.")
    if good:
        words = "permission is" if good == 1 else "permissions are"
        yield Finding(Level.OK, "permission", f"{good} {words} there, evaluated for {caller.value.arn}.")


def _permission(need: Need, arn: str, account: Account, reader: AccountReader) -> Finding | None:
    """What is wrong with one permission, or None. The text of an ``UNKNOWN`` is only the reason."""
    request = Request(arn, need.action, need.resource, account.id, need.context)
    gathered = gather(request, account, reader)
    principal = gathered.principal.arn if gathered.principal is not None else None
    check = cross_check(gathered.request, gathered.policies, principal, reader.simulator())
    outcome, sure = _outcome(check, gathered.policies.unread)
    if outcome is Outcome.ALLOWED:
        return None
    decision = explain(gathered.request, gathered.policies)
    boundary = _demanded_boundary(decision)
    what = f"{need.action} on {need.resource}"
    if boundary is not None and need.action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"):
        text = f"You may {need.action} only with the boundary {boundary.rpartition('/')[2]} on the role."
        way = f"Set {boundary} as the permissions boundary."
        return Finding(Level.ERROR, "boundary.demanded", text, way, "boundary", boundary)
    if not sure:
        unread = [_WORDS[layer] for layer in _WORDS if layer in gathered.policies.unread]
        return Finding(Level.UNKNOWN, "permission", f"{' and '.join(unread)} cannot be read.")
    return Finding(Level.ERROR, "permission", f"You may not {what}: {_why(decision)}", _way(decision), "", need.action)


def _outcome(check: CrossCheck, unread: frozenset[str]) -> tuple[Outcome, bool]:
    """The outcome, and whether it can be relied on. What a layer denies that was read whole stays denied, whatever the
    unread ones say; AWS's simulator knows the caller's own policies better than who may not read them."""
    local = check.local.outcome
    if local is Outcome.EXPLICIT_DENY or not unread:
        return local, True
    if isinstance(check.simulator, SimulationResult):
        return check.simulator.outcome, True
    if local is Outcome.ALLOWED:
        return local, True
    return local, check.local.decided_by is not None and check.local.decided_by not in unread


def _demanded_boundary(decision: Decision) -> str | None:
    """The boundary that the nearest statement wants on the role, where that is all that lacks."""
    if decision.outcome is Outcome.EXPLICIT_DENY:
        return None
    for miss in decision.near_misses:
        failed = [failure for failure in miss.conditions if failure.key.lower() == _BOUNDARY]
        if failed and len(failed) == len(miss.conditions):
            values = [value for value in failed[0].wanted if value.startswith("arn:") and "*" not in value]
            if values:
                return values[0]
    return None


_WORDS = {
    Layer.IDENTITY: "your identity policies",
    Layer.BOUNDARY: "your permissions boundary",
    Layer.SESSION: "your session policy",
    Layer.SCP: "a service control policy",
    Layer.RCP: "a resource control policy",
}


def _why(decision: Decision) -> str:
    layer = decision.decided_by
    words = _WORDS.get(layer, "a policy") if layer is not None else "a policy"
    if decision.outcome is Outcome.EXPLICIT_DENY:
        deny = next((reason for reason in decision.reasons if reason.effect == "Deny"), None)
        named = f" ({deny.policy.name})" if deny is not None and deny.policy.name else ""
        return f"{words}{named} denies it."
    verb = "do" if words.endswith("policies") else "does"
    return f"{words} {verb} not allow it."


def _way(decision: Decision) -> str:
    if decision.outcome is Outcome.EXPLICIT_DENY:
        return "An Allow cannot help: ask whoever keeps that policy, or let somebody else create the role."
    return "Ask for this permission, or export the plan for somebody who has it."
