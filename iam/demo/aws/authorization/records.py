"""The records of denials in the demo, by the authorization ID in their messages (IAM Toolbox API).

Each check evaluates one layer (for SCPs and RCPs one level) with rolescope's engine, as if everything else were
allowed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from iam.arn import service_of
from iam.demo.account.facts import HOME_REGION
from iam.demo.account.load import DEMO
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World
from iam.policy.decision import Decision
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer, LayerResult
from iam.policy.request import NamedPolicy, Policies, Request
from iam.service_reference import rcp_services

_EFFECTS = {
    LayerResult.ALLOWED: "ALLOW",
    LayerResult.IMPLICIT_DENY: "IMPLICIT_DENY",
    LayerResult.EXPLICIT_DENY: "EXPLICIT_DENY",
    LayerResult.NOT_APPLICABLE: "NO_IMPACT",
}
_EVERYTHING = NamedPolicy(
    Document('{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}')
)
# (the layer, AWS's type of the check, AWS's type of its policies), in the order of AWS's checks.
_TYPES = (
    (Layer.RCP, "RESOURCE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"),
    (Layer.SCP, "SERVICE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"),
    (Layer.IDENTITY, "PRINCIPAL", "IDENTITY_BASED_POLICY"),
    (Layer.BOUNDARY, "PERMISSIONS_BOUNDARY", "PERMISSIONS_BOUNDARY"),
    (Layer.SESSION, "SESSION", "SESSION_POLICY"),
)


def keep(world: World, request: Request, policies: Policies, decision: Decision, attached_to: str) -> str:
    """Store the record of a denial, and return its authorization ID."""
    key = f"{request.principal} {request.action} {request.resource} {len(world.records)}"
    authorization_id = hashlib.sha256(key.encode()).hexdigest()[:25]
    checks: list[dict[str, Any]] = []
    listed: dict[str, dict[str, Any]] = {}
    for check_type, policy_type, layer, target, alone in _parts(policies, world.account):
        result = evaluate(request, alone)
        if layer is Layer.RCP and service_of(request.action) not in rcp_services():
            continue
        matched: dict[str, list[dict[str, str]]] = {}
        for policy in _of(alone, layer):
            uri = policy.arn or hashlib.sha256(f"{attached_to} {policy.name}".encode()).hexdigest()[:32]
            entry = listed.setdefault(
                uri,
                {"type": policy_type, "inline": policy.arn is None, "uri": uri, "attachedTo": []}
                | {"policyDocument": policy.document.value},
            )
            entry["attachedTo"].append({"arn": target or attached_to})
            statements = [reason for reason in result.reasons if reason.layer is layer and reason.policy is policy]
            matched[uri] = [
                {"sid": reason.sid or f"Statement{reason.statement + 1}", "evaluatedEffect": reason.effect.upper()}
                for reason in statements
            ]
        check = {
            "checkType": check_type,
            "evaluatedEffect": _EFFECTS[result.layers.get(layer, LayerResult.NOT_APPLICABLE)],
            "relevantPolicyTypes": [policy_type],
            "matchedPolicies": [{"uri": uri, "matchedStatements": found} for uri, found in matched.items() if found],
        }
        checks.append(check | ({"targetArn": target} if target else {}))
    evaluation = {
        "action": request.action,
        "resource": request.resource,
        "context": {},
        "evaluatedEffect": "EXPLICIT_DENY" if decision.outcome.value == "explicitDeny" else "IMPLICIT_DENY",
        "checks": checks,
    }
    context = {key: values[0] if len(values) == 1 else list(values) for key, values in request.context.items()}
    record = {"requestContext": context, "evaluations": [evaluation], "policies": list(listed.values())}
    world.record_refusal(authorization_id, record)
    return authorization_id


def _parts(policies: Policies, account: str) -> Iterator[tuple[str, str, Layer, str | None, Policies]]:
    """Yield the type of each check, its policy type, its layer, its target, and its policies.

    The policies of the other layers allow everything.
    """
    targets = [level.arn for level in DEMO.path_of(account)]
    for layer, check_type, policy_type in _TYPES:
        if layer is Layer.RCP:
            for target, level in zip(targets, policies.rcps or (), strict=False):
                yield check_type, policy_type, layer, target, Policies(identity=(_EVERYTHING,), rcps=(level,))
        elif layer is Layer.SCP:
            for target, level in zip(targets, policies.scps or (), strict=False):
                yield check_type, policy_type, layer, target, Policies(identity=(_EVERYTHING,), scps=(level,))
        elif layer is Layer.IDENTITY:
            yield check_type, policy_type, layer, None, Policies(identity=policies.identity)
        elif layer is Layer.BOUNDARY and policies.boundary is not None:
            alone = Policies(identity=(_EVERYTHING,), boundary=policies.boundary)
            yield check_type, policy_type, layer, None, alone
        elif layer is Layer.SESSION and policies.session is not None:
            yield check_type, policy_type, layer, None, Policies(identity=(_EVERYTHING,), session=policies.session)


def _of(policies: Policies, layer: Layer) -> Iterator[NamedPolicy]:
    match layer:
        case Layer.IDENTITY:
            yield from policies.identity
        case Layer.BOUNDARY:
            yield from policies.boundary or ()
        case Layer.SESSION if policies.session is not None:
            yield from policies.session
        case Layer.SCP | Layer.RCP:
            for level in (policies.scps if layer is Layer.SCP else policies.rcps) or ():
                yield from level


def where_to_look(authorization_id: str) -> str:
    """Return the last sentence of a denial's message, in the form that IAM uses since 2026."""
    return (
        f". Go to https://{HOME_REGION}.console.aws.amazon.com/iam/home?region={HOME_REGION}#/authorization-details/"
        f"{authorization_id} for complete details, or call the GetRequestAuthorizationDetails API with the following "
        f"authorization id: {authorization_id}"
    )


def _details(world: World, call: DemoCall) -> Mapping[str, Any]:
    record = _record(world, call)
    policies = [
        {key: value for key, value in policy.items() if key != "policyDocument"} for policy in record["policies"]
    ]
    return {**record, "policies": policies}


def _policy(world: World, call: DemoCall) -> Mapping[str, Any]:
    wanted = call.get("policyUri")
    found = next((policy for policy in _record(world, call)["policies"] if policy["uri"] == wanted), None)
    if found is None:
        raise AwsError("ResourceNotFoundException", "The requested policy does not exist.", 404)
    return {"policyDocument": found["policyDocument"]}


def _record(world: World, call: DemoCall) -> dict[str, Any]:
    record = world.records.get(str(call.get("authorizationId")))
    if record is None:
        said = "No authorization details were found for the authorization id."
        raise AwsError("ResourceNotFoundException", said, 404)
    return record


HANDLERS = {
    ("iam-toolbox", "GetRequestAuthorizationDetails"): _details,
    ("iam-toolbox", "GetRequestAuthorizationPolicy"): _policy,
}
