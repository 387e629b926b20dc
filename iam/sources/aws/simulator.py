"""Call SimulatePrincipalPolicy with boto3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from iam.policy.decision import Outcome
from iam.simulator import SimulationFailure, SimulationRequest, SimulationResult
from iam.sources.aws import errors as aws_errors
from iam.sources.aws.session import FAILURES, Aws, Patience
from iam.sources.reader.reading import Reading


class AwsSimulator:
    """Calls SimulatePrincipalPolicy. Never raises: a failure is returned as a `SimulationFailure`.

    Since 2026-07-30 the response has one result for each action, which contains the decision for each resource; before,
    it had one result for each resource. Both forms are supported.
    """

    call = "iam:SimulatePrincipalPolicy"

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def simulate(self, request: SimulationRequest) -> SimulationResult | SimulationFailure:
        def ask() -> Reading[SimulationResult | SimulationFailure]:
            return self._aws.read(self.call, lambda: self._results(request))

        reading = self._aws.witness(self.call, ask)
        if reading.value is None:
            return SimulationFailure(reading.why)
        return reading.value

    def _results(self, request: SimulationRequest) -> SimulationResult | SimulationFailure:
        results = self._aws.pages(
            "iam", "simulate_principal_policy", "EvaluationResults", patience=Patience.WITNESS, **_arguments(request)
        )
        try:
            return read_result(list(results), request)
        except FAILURES as error:
            if refusal := _refusal(request, error):
                return SimulationFailure(refusal)
            raise


def read_result(
    results: Sequence[Mapping[str, Any]], request: SimulationRequest
) -> SimulationResult | SimulationFailure:
    """Return the result for the request's action and resource. ``results`` are ``EvaluationResults`` in either form."""
    mine = [result for result in results if str(result.get("EvalActionName", "")).lower() == request.action.lower()]
    if not mine:
        return SimulationFailure(f"The simulator gave no answer for {request.action}.")
    top = next((result for result in mine if result.get("EvalResourceName") == request.resource), mine[0])
    specific: Mapping[str, Any] = {}
    for result in mine:
        for entry in result.get("ResourceSpecificResults") or ():
            if entry.get("EvalResourceName") == request.resource:
                top, specific = result, entry
                break
    outcome = Outcome(str(specific.get("EvalResourceDecision") or top.get("EvalDecision")))
    # If the resource's own entry lacks a detail, that of the action applies.
    boundary = specific.get("PermissionsBoundaryDecisionDetail") or top.get("PermissionsBoundaryDecisionDetail") or {}
    organization = top.get("OrganizationsDecisionDetail") or {}
    missing = specific.get("MissingContextValues") if specific else top.get("MissingContextValues")
    return SimulationResult(
        outcome=outcome,
        missing_context=tuple(str(key) for key in missing or ()),
        allowed_by_organization=organization.get("AllowedByOrganizations"),
        allowed_by_boundary=boundary.get("AllowedByPermissionsBoundary"),
    )


def _arguments(request: SimulationRequest) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "PolicySourceArn": request.principal_arn,
        "ActionNames": [request.action],
        "ResourceArns": [request.resource],
        "ContextEntries": context_entries(request.context),
    }
    if request.resource_policy is not None:
        arguments["ResourcePolicy"] = request.resource_policy
        if ":user/" in request.principal_arn:
            arguments["CallerArn"] = request.principal_arn
    if request.exclude:
        arguments["PolicyExclusionList"] = [{"PolicyType": kind} for kind in request.exclude]
    return arguments


# The global keys whose type is not string (IAM User Guide, "AWS global condition context keys").
_KEY_TYPES = {
    "aws:currenttime": "date",
    "aws:tokenissuetime": "date",
    "aws:epochtime": "numeric",
    "aws:multifactorauthage": "numeric",
    "aws:multifactorauthpresent": "boolean",
    "aws:principalisawsservice": "boolean",
    "aws:securetransport": "boolean",
    "aws:viaawsservice": "boolean",
    "aws:isawsmcpserviceaction": "boolean",
    "aws:sourceip": "ip",
    "aws:vpcsourceip": "ip",
}
_LISTS = frozenset({"aws:tagkeys", "aws:calledvia", "aws:principalservicenameslist", "aws:principalorgpaths"})


def context_entries(context: Mapping[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """Return the condition keys as ContextEntries, each with its type, because the simulator compares by type.

    They may include keys that the simulator sets itself.
    """
    entries = []
    for key, values in context.items():
        kind = _KEY_TYPES.get(key.lower(), "string")
        if len(values) != 1 or key.lower() in _LISTS:
            kind = f"{kind}List"
        entries.append({"ContextKeyName": key, "ContextKeyValues": list(values), "ContextKeyType": kind})
    return entries


def _refusal(request: SimulationRequest, error: BaseException) -> str | None:
    """Return the simulator's own reason for a denial in words, or None for an error that any call can have."""
    code, message = aws_errors.code_of(error), aws_errors.message_of(error)
    if code == "NoSuchEntity":
        return f"The simulator does not know {request.principal_arn}: {message}"
    if code == "PolicyEvaluation":
        return f"The simulator could not evaluate the policies of {request.principal_arn}: {message}"
    if code in ("InvalidInput", "ValidationError", "ParamValidationError"):
        return f"The simulator does not accept this request ({request.action} on {request.resource}): {message}"
    return None
