"""The policy simulator's four calls, answered by rolescope's engine in the format that AWS uses since 2026-07-30.

They evaluate the same policies as AWS's simulator: identity policies, the boundary, the account's SCPs, and for a user
one resource policy. RCPs, session, trust and VPC endpoint policies are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from iam import service_reference
from iam.demo.account.facts import MANAGEMENT, ORGANIZATION
from iam.demo.account.load import DEMO
from iam.demo.aws.server import Handler
from iam.demo.aws.services.simulated import SimulatedPrincipal, account_scps, subject_of
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World
from iam.policy.decision import Decision, Outcome
from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer, LayerResult
from iam.policy.request import NamedPolicy, Policies, Request

_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+")
_VARIABLE = re.compile(r"\$\{\s*([^*?$,}\s][^,}]*?)\s*(?:,[^}]*)?\}")
_PLACEHOLDER = re.compile(r"\\\$\\\{\w+\\\}")  # ${BucketName}, escaped
_RANK = (Outcome.ALLOWED, Outcome.IMPLICIT_DENY, Outcome.EXPLICIT_DENY)
_TYPES = {
    Layer.IDENTITY: "IAM Policy",
    Layer.RESOURCE: "Resource Policy",
    Layer.BOUNDARY: "Permissions Boundary Policy",
}


@dataclass(frozen=True, slots=True)
class _Question:
    """The data that is the same for every action and resource of one simulation."""

    account: str
    subject: SimulatedPrincipal
    scps: tuple[tuple[NamedPolicy, ...], ...] | None
    resource: NamedPolicy | None
    context: Mapping[str, tuple[str, ...]]
    resource_account: str | None = None


@dataclass(frozen=True, slots=True)
class _SimulatedDecision:
    outcome: Outcome
    matched: Sequence[Mapping[str, Any]] = ()
    missing: Sequence[str] = ()
    by_organization: bool | None = None
    by_boundary: bool | None = None
    details: Mapping[str, str] = field(default_factory=dict)


def _simulate_principal(world: World, call: DemoCall) -> Mapping[str, Any]:
    subject = subject_of(world.iam, call)
    if call.get("ResourcePolicy") and subject.kind != "user":
        if subject.kind == "role":
            raise _invalid("Simulation of resource-based policies isn't supported for IAM roles.")
        raise _invalid("CallerArn is required when ResourcePolicy is given and PolicySourceArn is not a user.")
    return _simulate(world.account, call, subject, account_scps(world.account, call.get("PolicyExclusionList") or ()))


def _simulate_custom(world: World, call: DemoCall) -> Mapping[str, Any]:
    levels = call.get("OrderedOrganizationPolicyInputList")
    if levels is not None and len(levels) > 7:
        raise _invalid("OrderedOrganizationPolicyInputList must have at most 7 levels.")
    boundary = call.get("PermissionsBoundaryPolicyInputList")
    subject = SimulatedPrincipal(
        "custom",
        call.get("CallerArn") or f"arn:aws:sts::{world.account}:assumed-role/simulated/simulated",
        named_inputs("PolicyInputList", call.get("PolicyInputList") or ()),
        named_inputs("PermissionsBoundaryPolicyInputList", boundary) if boundary else None,
    )
    scps = None
    if levels:
        scps = tuple(
            named_inputs("ServiceControlPolicyInputList", level.get("ServiceControlPolicyInputList") or ())
            for level in levels
        )
    return _simulate(world.account, call, subject, scps)


def named_inputs(parameter: str, texts: Iterable[str]) -> tuple[NamedPolicy, ...]:
    """Return the documents in the request, with the names that AWS's response gives them: ``PolicyInputList.1``."""
    return tuple(NamedPolicy(Document(text), f"{parameter}.{number}") for number, text in enumerate(texts, 1))


def _simulate(
    account: str, call: DemoCall, subject: SimulatedPrincipal, scps: tuple[tuple[NamedPolicy, ...], ...] | None
) -> Mapping[str, Any]:
    caller = call.get("CallerArn")
    if caller and ":user/" not in caller:
        raise _invalid("CallerArn must be the ARN of an IAM user.")
    resource = call.get("ResourcePolicy")
    owner = re.search(r"\d{12}", call.get("ResourceOwner") or "")
    question = _Question(
        account,
        subject,
        scps,
        NamedPolicy(Document(resource), "ResourcePolicy") if resource else None,
        {**_filled_in(subject, account), **_given(call)},
        owner.group() if owner else None,
    )
    actions = call.get("ActionNames") or []
    for action in actions:
        if not _ACTION.fullmatch(action):
            raise _invalid(f"Invalid Action: {action}")
    try:
        begin = int(call.get("Marker") or 0)
    except ValueError as error:
        raise _invalid("Invalid Marker.") from error
    size = int(call.get("MaxItems") or 100)
    page = actions[begin : begin + size]
    more = begin + size < len(actions)
    try:
        results = [_result(question, action, call.get("ResourceArns") or ["*"]) for action in page]
    except PolicyError as error:
        raise _invalid(f"Invalid policy document: {error}") from error
    return {
        "EvaluationResults": results,
        "IsTruncated": more,
        **({"Marker": str(begin + size)} if more else {}),
    }


def _given(call: DemoCall) -> Mapping[str, tuple[str, ...]]:
    return {
        entry["ContextKeyName"]: tuple(entry.get("ContextKeyValues") or ())
        for entry in call.get("ContextEntries") or ()
    }


def _filled_in(subject: SimulatedPrincipal, account: str) -> Mapping[str, tuple[str, ...]]:
    """Return the keys that AWS sets itself. The caller must pass every other key."""
    filled: dict[str, tuple[str, ...]] = {"aws:PrincipalAccount": (account,)}
    if path := DEMO.path_of(account):
        filled["aws:PrincipalOrgID"] = (ORGANIZATION,)
        filled["aws:PrincipalOrgMasterAccountId"] = (MANAGEMENT,)
        filled["aws:PrincipalOrgPaths"] = (f"{ORGANIZATION}/{'/'.join(level.id for level in path[:-1])}/",)
    if subject.kind in ("user", "role"):
        filled["aws:PrincipalType"] = ("User" if subject.kind == "user" else "AssumedRole",)
        filled["aws:userid"] = (subject.id,)
    if subject.kind == "user":
        filled["aws:username"] = (subject.name,)
    return filled


def _result(question: _Question, action: str, resources: Sequence[str]) -> Mapping[str, Any]:
    """Return the result for an action: the most restrictive decision, and the individual decision for each resource."""
    verdicts = [(resource, _verdict(question, action, resource)) for resource in resources]
    worst = max((verdict for _, verdict in verdicts), key=lambda verdict: _RANK.index(verdict.outcome))
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": _template(action, resources),
        "EvalDecision": worst.outcome.value,
        "MatchedStatements": list(worst.matched),
        "MissingContextValues": list(dict.fromkeys(key for _, verdict in verdicts for key in verdict.missing)),
        "ResourceSpecificResults": [_specific(resource, verdict) for resource, verdict in verdicts],
    }
    organization = [verdict.by_organization for _, verdict in verdicts if verdict.by_organization is not None]
    if organization:
        result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": all(organization)}
    boundary = [verdict.by_boundary for _, verdict in verdicts if verdict.by_boundary is not None]
    if boundary:
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": all(boundary)}
    if worst.details:
        result["EvalDecisionDetails"] = dict(worst.details)
    return result


def _specific(resource: str, verdict: _SimulatedDecision) -> Mapping[str, Any]:
    entry: dict[str, Any] = {
        "EvalResourceName": resource,
        "EvalResourceDecision": verdict.outcome.value,
        "MatchedStatements": list(verdict.matched),
        "MissingContextValues": list(verdict.missing),
    }
    if verdict.by_boundary is not None:
        entry["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": verdict.by_boundary}
    if verdict.details:
        entry["EvalDecisionDetails"] = dict(verdict.details)
    return entry


def _verdict(question: _Question, action: str, resource: str) -> _SimulatedDecision:
    """Return the combined decision of the layers that the simulator supports.

    SCPs are evaluated separately: the response never contains their statements or missing keys.
    """
    subject = question.subject
    request = Request(subject.principal, action, resource, question.resource_account, question.context)
    own = evaluate(request, Policies(subject.policies, question.resource, subject.boundary))
    organization = None
    if question.scps is not None:
        guarded = evaluate(request, Policies(scps=question.scps))
        organization = guarded.layers.get(Layer.SCP, LayerResult.ALLOWED)
    layers = own.layers
    granted = LayerResult.ALLOWED in (layers.get(Layer.IDENTITY), layers.get(Layer.RESOURCE))
    cross_account = question.resource_account not in (None, question.account)
    if cross_account and question.resource is not None:
        granted = layers.get(Layer.IDENTITY) is LayerResult.ALLOWED is layers.get(Layer.RESOURCE)
    by_boundary = None if subject.boundary is None else layers.get(Layer.BOUNDARY) is LayerResult.ALLOWED
    if LayerResult.EXPLICIT_DENY in (*layers.values(), organization):
        outcome = Outcome.EXPLICIT_DENY
    elif granted and by_boundary is not False and organization in (None, LayerResult.ALLOWED):
        outcome = Outcome.ALLOWED
    else:
        outcome = Outcome.IMPLICIT_DENY
    details: dict[str, str] = {}
    if cross_account and organization in (None, LayerResult.ALLOWED):
        details = {
            _TYPES[layer]: str(layers.get(layer, LayerResult.IMPLICIT_DENY).value)
            for layer in (Layer.IDENTITY, Layer.RESOURCE)
        }
    return _SimulatedDecision(
        outcome,
        tuple(_matched(subject, own, denies_only=outcome is Outcome.EXPLICIT_DENY)),
        own.missing_context,
        None if organization is None else organization is LayerResult.ALLOWED,
        by_boundary,
        details,
    )


def _matched(subject: SimulatedPrincipal, decision: Decision, *, denies_only: bool) -> Iterator[Mapping[str, Any]]:
    for reason in decision.reasons:
        if denies_only and reason.effect != "Deny":
            continue  # denied by an SCP: the response never contains its statements
        span = reason.policy.document.statement_span(reason.statement)
        yield {
            "SourcePolicyId": subject.ids.get(reason.policy, reason.policy.name),
            "SourcePolicyType": _TYPES[reason.layer],
            "StartPosition": {"Line": span.first_line, "Column": span.first_column},
            "EndPosition": {"Line": span.last_line, "Column": span.last_column},
        }


def _template(action: str, resources: Sequence[str]) -> str:
    """Return the ARN template that AWS puts in the result: one that the action supports, or ``*`` if there is none."""
    if list(resources) == ["*"]:
        return "*"

    known = service_reference.action(action)
    forms = [each.arn for each in known.resource_types] if known is not None else []
    fitting = (form for form in forms if re.fullmatch(_PLACEHOLDER.sub("[^:]*", re.escape(form)), resources[0]))
    return next(fitting, forms[0] if forms else "*")


def _keys_of(documents: Iterable[Document]) -> list[str]:
    """Return the condition keys and variables of documents without duplicates, as first spelled."""
    found: dict[str, str] = {}
    for document in documents:
        for statement in document.statements:
            for block in statement.conditions:
                found.setdefault(block.key.lower(), block.key)
        for key in _VARIABLE.findall(document.text):
            found.setdefault(key.lower(), key)
    return list(found.values())


def _context_keys_principal(world: World, call: DemoCall) -> Mapping[str, Any]:
    subject = subject_of(world.iam, call)
    return _context_keys(policy.document for policy in (*subject.policies, *(subject.boundary or ())))


def _context_keys_custom(world: World, call: DemoCall) -> Mapping[str, Any]:
    return _context_keys(Document(text) for text in call.get("PolicyInputList") or ())


def _context_keys(documents: Iterable[Document]) -> Mapping[str, Any]:
    try:
        return {"ContextKeyNames": _keys_of(documents)}
    except PolicyError as error:
        raise _invalid(f"Invalid policy document: {error}") from error


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidInput", message)


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("iam", "GetContextKeysForCustomPolicy"): _context_keys_custom,
    ("iam", "GetContextKeysForPrincipalPolicy"): _context_keys_principal,
    ("iam", "SimulateCustomPolicy"): _simulate_custom,
    ("iam", "SimulatePrincipalPolicy"): _simulate_principal,
}
