"""Check whether the caller may make each call of a plan, on the call's exact ARNs.

Both AWS's simulator and the local engine evaluate this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from iam.account import Account
from iam.arn import name_of
from iam.changes.account_after import accounts_during, with_named_only
from iam.changes.operations.permissions import Need, needs_in
from iam.changes.plan import Plan, PlanError
from iam.creation.plan import create_role
from iam.creation.recipes.recipe import document_of
from iam.creation.spec import RoleSpec
from iam.gate.checks.sent_keys import presence_in_calls
from iam.gate.finding import TRY_IT, GateFinding, Level, unreadable
from iam.layers import Gathered, gather
from iam.policy.decision import Decision, Outcome
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.explain import explain
from iam.policy.layer import Layer
from iam.policy.match import compile_glob, has_wildcard
from iam.policy.principal import caller as caller_of
from iam.policy.request import Request
from iam.policy.unknown_keys import possible
from iam.simulator import CrossCheck, SimulationResult, cross_check
from iam.sources.reader.account_reader import AccountReader
from iam.words import joined

_DEMANDED = "boundary.demanded"
_BOUNDARY = "iam:permissionsboundary"
# Calls for which policies often require that boundary. For other calls, the key does not show the required boundary.
_BOUNDED = ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary")


def permission_findings(
    plan: Plan,
    account: Account,
    reader: AccountReader,
    assumed: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[GateFinding]:
    """Yield a finding for each permission that is missing or unknown, and one finding for all existing permissions.

    ``assumed`` are values of condition keys that are assumed. If a permission depends on them, its finding lists them.
    """
    caller = reader.caller()
    if caller.value is None:
        yield GateFinding.unseen("permission", f"The caller is unknown: {unreadable(caller)}", TRY_IT)
        return
    good = 0
    said: set[str] = set()
    unknown: dict[str, list[str]] = {}
    used: dict[str, None] = {}
    for need, account_then in _needs(plan, account, caller.value.arn):
        finding = _permission(need, caller.value.arn, account_then, reader)
        if finding is not None and account_then is not account and finding.level is not Level.UNKNOWN:
            # A permission that an earlier call removes is not reported here: the lockout check reports it.
            finding = _permission(need, caller.value.arn, account, reader)
        if finding is not None and finding.level is Level.UNKNOWN and (taken := _taken(need, finding, assumed or {})):
            finding = _permission(taken, caller.value.arn, account_then, reader)
            said_of = ", ".join(f"{key} {joined(taken.context[key])}" for key in taken.context.keys() - need.context)
            used[said_of] = None
            if finding is not None and finding.level is not Level.UNKNOWN:
                finding = replace(finding, text=f"{finding.text} This assumes {said_of}.")
        if finding is None:
            good += 1
        elif finding.level is Level.UNKNOWN:
            unknown.setdefault(finding.text, []).append(need.action)
        elif (key := finding.value if finding.code == _DEMANDED else finding.text) not in said:
            said.add(key)
            yield finding
    for why, actions in unknown.items():
        text = f"It is unknown whether you are allowed to perform {', '.join(dict.fromkeys(actions))}: {why}"
        yield GateFinding.unseen("permission", text, TRY_IT)
    if good:
        words = "permission is" if good == 1 else "permissions are"
        assuming = f", assuming {joined(tuple(used))}" if used else ""
        yield GateFinding.fine("permission", f"{good} {words} granted, evaluated for {caller.value.arn}{assuming}.")


def _taken(need: Need, finding: GateFinding, assumed: Mapping[str, tuple[str, ...]]) -> Need | None:
    """Return the need with the assumed values of the keys that it depends on; None if none of them is assumed."""
    stated = {key.lower() for key in need.context}
    open_keys = {key.lower() for key in finding.value.split()} - stated
    values = {key: value for key, value in assumed.items() if key.lower() in open_keys}
    return replace(need, context={**need.context, **values}) if values else None


def _needs(plan: Plan, account: Account, arn: str) -> Iterator[tuple[Need, Account]]:
    """Yield each permission once, with the account as it is when the call is made."""
    first = with_named_only(plan, account, caller_of(arn).name or "")
    accounts = [first, *accounts_during(plan, first)]
    seen: set[tuple[str, str, str]] = set()
    for then, needs in zip(accounts, needs_in(accounts, plan.calls), strict=False):
        for need in needs:
            key = (need.action, need.resource, repr(sorted(need.context.items())))
            if key not in seen:
                seen.add(key)
                yield need, then


_ANY_TRUST = document_of(
    [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]
)


@dataclass(frozen=True, slots=True)
class DemandedBoundary:
    """The permissions boundary that the caller must set when creating the role; ``arn`` is "" if none is required."""

    arn: str = ""
    sentence: str = ""


def demanded_boundary(name: str, path: str, account: Account, reader: AccountReader) -> DemandedBoundary:
    """Return the boundary that the caller must set when creating a role with this name and path.

    Evaluates iam:CreateRole without a boundary. Reads the account, so call it in a worker.
    """
    try:
        plan = create_role(RoleSpec(name, _ANY_TRUST, path=path), account)
    except PlanError:
        plan = create_role(RoleSpec("new-role", _ANY_TRUST), account)
    for finding in permission_findings(plan, account, reader):
        if finding.code == _DEMANDED:
            return DemandedBoundary(finding.value, f"{finding.text} {finding.way_out}")
    return DemandedBoundary()


def _permission(need: Need, arn: str, account: Account, reader: AccountReader) -> GateFinding | None:
    """Return what is wrong with one permission, or None. The text of an ``UNKNOWN`` is only the reason."""
    request = Request(arn, need.action, need.resource, account.id, need.context)
    gathered = gather(request, account, reader)
    principal = gathered.principal.arn if gathered.principal is not None else None
    check = cross_check(gathered.request, gathered.policies, principal, reader.simulator())
    outcome, sure = _outcome(check, gathered.policies.unread)
    if outcome is Outcome.ALLOWED:
        return None
    found = possible(gathered.request, gathered.policies, presence_in_calls(gathered, need, account))
    decision = explain(gathered.request, gathered.policies)
    boundary = _boundary_that_allows(gathered, account) if need.action in _BOUNDED else None
    what = f"{need.action} on {need.resource}"
    if boundary is not None:
        text = f"{need.action} is allowed only with the permissions boundary {name_of(boundary)} on the role."
        way = f"Set {boundary} as the permissions boundary."
        return GateFinding(_DEMANDED, text, way, "boundary", boundary)
    if not sure:
        unread = [_WORDS[layer] for layer in _WORDS if layer in gathered.policies.unread]
        return GateFinding.unseen("permission", f"{joined(unread)} cannot be read.")
    if not found.certain:
        judged = (*found.statements, *found.unless)
        keys = dict.fromkeys(
            key for one in judged for key in (*(block.key for block in one.conditions), *one.variables)
        )
        found_open = GateFinding.unseen("permission", f"it depends on {joined(tuple(keys)) or 'other resources'}.")
        return replace(found_open, value=" ".join(keys))
    return GateFinding(
        "permission", f"You are not allowed to perform {what}: {_why(decision)}", _way(decision), "", need.action
    )


def _outcome(check: CrossCheck, unread: frozenset[str]) -> tuple[Outcome, bool]:
    """Return the outcome, and whether it is reliable.

    A denial by a completely read layer is reliable, whatever the unread layers contain. AWS's simulator evaluates the
    caller's own policies. If the caller may not read them, its result is more reliable than a local evaluation.
    """
    local = check.local.outcome
    if local is Outcome.EXPLICIT_DENY or not unread:
        return local, True
    if isinstance(check.simulator, SimulationResult):
        return check.simulator.outcome, True
    if local is Outcome.ALLOWED:
        return local, True
    return local, check.local.decided_by is not None and check.local.decided_by not in unread


def _boundary_that_allows(gathered: Gathered, account: Account) -> str | None:
    """Return the boundary with which the same request would be allowed, or None.

    It is taken from the policies that require it: from the condition of an Allow, or of a Deny that exempts roles with
    the boundary.
    """
    held = gathered.policies
    levels = (held.identity, held.boundary or (), *(held.scps or ()))
    for wanted in dict.fromkeys(
        value for level in levels for policy in level for value in _boundaries(policy.document)
    ):
        matches = compile_glob(wanted)
        known = [each.arn for each in account.policies or () if matches(each.arn)] if has_wildcard(wanted) else [wanted]
        for arn in known:
            context = {**gathered.request.context, "iam:PermissionsBoundary": (arn,)}
            if evaluate(replace(gathered.request, context=context), held).allowed:
                return arn
    return None


def _boundaries(document: Document) -> Iterator[str]:
    for statement in document.readable_statements:
        for block in statement.conditions:
            if block.key.lower() == _BOUNDARY:
                yield from block.values


_WORDS = {layer: f"your {layer.policies}" for layer in (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)}
_WORDS |= {layer: f"a {layer.policy}" for layer in (Layer.SCP, Layer.RCP)}


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
        return "An Allow cannot help: ask whoever manages that policy, or ask somebody else to create the role."
    return "Ask for this permission, or export the plan for somebody who has the permission."
