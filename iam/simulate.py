"""AWS's policy simulator as a witness beside the local engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from iam.policy.decision import Decision, Layer, Outcome
from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import evaluate
from iam.policy.request import Policies, Request


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """A question to SimulatePrincipalPolicy. ``principal_arn`` is a user, group or role, never a session.

    ``exclude`` lists policy types to leave out (PolicyExclusionList: inline, aws-managed, user-managed,
    permission-boundary, scp).
    """

    principal_arn: str
    action: str
    resource: str = "*"
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resource_policy: str | None = None
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement the simulator matched: policy id and type as AWS spells them.

    Lines and columns count from 1 in the document as it is stored, which is not always as it is shown.
    """

    policy_id: str
    policy_type: str
    start_line: int
    end_line: int
    start_column: int = 1
    end_column: int = 1


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """The simulator's answer for one action and one resource. None where the response said nothing."""

    outcome: Outcome
    matched: tuple[MatchedStatement, ...] = ()
    missing_context: tuple[str, ...] = ()
    allowed_by_organization: bool | None = None
    allowed_by_boundary: bool | None = None


@dataclass(frozen=True, slots=True)
class SimulationFailure:
    """The simulator could not be asked, or refused. ``why`` is one sentence."""

    why: str


class Simulator(Protocol):
    def simulate(self, request: SimulationRequest) -> SimulationResult | SimulationFailure: ...


class AwsSimulator:
    """SimulatePrincipalPolicy, through a boto3 IAM client. Never raises: what fails is a `SimulationFailure`.

    Since 2026-07-30 the response has one result an action, with the decision for each resource inside; before, it had
    one result for each resource. Both are read.
    """

    call = "iam:SimulatePrincipalPolicy"

    def __init__(self, client: Any, *, profile: str | None = None) -> None:
        self._client = client
        self._profile = profile

    def simulate(self, request: SimulationRequest) -> SimulationResult | SimulationFailure:
        from iam.sources import aws_errors
        from iam.sources.aws_session import FAILURES

        try:
            pages = self._client.get_paginator("simulate_principal_policy").paginate(**_arguments(request))
            results = [result for page in pages for result in page.get("EvaluationResults") or ()]
        except FAILURES as error:
            return SimulationFailure(_refusal(request, error) or aws_errors.why(self.call, error, self._profile))
        return read_result(results, request)

    def context_keys(self, principal_arn: str) -> tuple[str, ...] | SimulationFailure:
        """The condition keys that the principal's policies ask for (GetContextKeysForPrincipalPolicy); never SCPs'."""
        from iam.sources import aws_errors
        from iam.sources.aws_session import FAILURES

        try:
            answer = self._client.get_context_keys_for_principal_policy(PolicySourceArn=principal_arn)
        except FAILURES as error:
            return SimulationFailure(aws_errors.why("iam:GetContextKeysForPrincipalPolicy", error, self._profile))
        return tuple(str(key) for key in answer.get("ContextKeyNames") or ())


def read_result(
    results: Sequence[Mapping[str, Any]], request: SimulationRequest
) -> SimulationResult | SimulationFailure:
    """The answer for the request's action and resource, out of ``EvaluationResults`` of either shape."""
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
    decision = specific.get("EvalResourceDecision") or top.get("EvalDecision")
    try:
        outcome = Outcome(str(decision))
    except ValueError:
        return SimulationFailure(f"The simulator gave an answer that is not known here: {decision}.")
    # Where the resource's own entry has no detail, the action's holds for it.
    boundary = specific.get("PermissionsBoundaryDecisionDetail") or top.get("PermissionsBoundaryDecisionDetail") or {}
    organization = top.get("OrganizationsDecisionDetail") or {}
    missing = specific.get("MissingContextValues") if specific else top.get("MissingContextValues")
    matched = specific.get("MatchedStatements") if specific else top.get("MatchedStatements")
    return SimulationResult(
        outcome=outcome,
        matched=tuple(_matched(entry) for entry in matched or ()),
        missing_context=tuple(str(key) for key in missing or ()),
        allowed_by_organization=organization.get("AllowedByOrganizations"),
        allowed_by_boundary=boundary.get("AllowedByPermissionsBoundary"),
    )


def _matched(entry: Mapping[str, Any]) -> MatchedStatement:
    start, end = entry.get("StartPosition") or {}, entry.get("EndPosition") or {}
    return MatchedStatement(
        policy_id=str(entry.get("SourcePolicyId") or ""),
        policy_type=str(entry.get("SourcePolicyType") or ""),
        start_line=int(start.get("Line") or 1),
        end_line=int(end.get("Line") or start.get("Line") or 1),
        start_column=int(start.get("Column") or 1),
        end_column=int(end.get("Column") or 1),
    )


def matched_statement(document: Document, matched: MatchedStatement) -> int | None:
    """The index of the statement that the simulator matched in this document, or None when its place fits none.

    The position lies in the statement's braces; for the document that AWS has, not for another version of it.
    """
    stored = Document(document.stored)
    try:
        spans = [stored.statement_span(index) for index in range(len(stored.statements))]
    except PolicyError:
        return None
    place = (matched.start_line, matched.start_column)
    for index, span in enumerate(spans):
        if (span.first_line, span.first_column) <= place <= (span.last_line, span.last_column):
            return index
    return None


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


# The global keys that are no texts (IAM User Guide, "AWS global condition context keys").
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
    """ContextEntries, each with its type: the simulator compares by it. Keys it fills in itself may be given too."""
    entries = []
    for key, values in context.items():
        kind = _KEY_TYPES.get(key.lower(), "string")
        if len(values) != 1 or key.lower() in _LISTS:
            kind = f"{kind}List"
        entries.append({"ContextKeyName": key, "ContextKeyValues": list(values), "ContextKeyType": kind})
    return entries


def _refusal(request: SimulationRequest, error: BaseException) -> str | None:
    """The simulator's own refusals in words; None for those that every call can meet."""
    from iam.sources import aws_errors

    code, message = aws_errors.code_of(error), aws_errors.message_of(error)
    if code == "NoSuchEntity":
        return f"The simulator does not know {request.principal_arn}: {message}"
    if code == "PolicyEvaluation":
        return f"The simulator could not evaluate the policies of {request.principal_arn}: {message}"
    if code in ("InvalidInput", "ValidationError", "ParamValidationError"):
        return f"The simulator does not take this question ({request.action} on {request.resource}): {message}"
    return None


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """What the two witnesses said of one request, and whether they agree.

    ``local`` is the engine's decision on every layer that was read, ``comparable`` its decision on those that the
    simulator models. ``agree`` is None where the simulator was not heard; ``why`` is one sentence in every case.
    """

    local: Decision
    comparable: Decision | None
    simulator: SimulationResult | SimulationFailure | None
    agree: bool | None
    not_modelled: tuple[Layer, ...]
    why: str


def not_modelled(policies: Policies, *, principal_is_role: bool) -> tuple[Layer, ...]:
    """The layers that are there and that SimulatePrincipalPolicy leaves out (engine.md §4): session policies, RCPs,
    VPC endpoint policies, and for roles the resource policy too."""
    left_out = (
        (Layer.RESOURCE, policies.resource is not None and principal_is_role),
        (Layer.SESSION, policies.session is not None),
        (Layer.RCP, policies.rcps is not None),
        (Layer.VPC_ENDPOINT, policies.vpc_endpoint is not None),
    )
    return tuple(layer for layer, there in left_out if there)


def cross_check(
    request: Request, policies: Policies, principal_arn: str | None, simulator: Simulator | None
) -> CrossCheck:
    """Ask both witnesses. ``principal_arn`` is the user or role behind the request's principal, in this account."""
    local = evaluate(request, policies)
    is_role = principal_arn is not None and ":role/" in principal_arn
    missing = not_modelled(policies, principal_is_role=is_role)
    if simulator is None or principal_arn is None:
        why = "AWS's simulator was not asked: it knows only users and roles of an account that is online."
        return CrossCheck(local, None, None, None, missing, why)
    answer = simulator.simulate(
        SimulationRequest(
            principal_arn,
            request.action,
            request.resource,
            request.context,
            resource_policy=None if is_role or policies.resource is None else policies.resource.document.text,
        )
    )
    if isinstance(answer, SimulationFailure):
        return CrossCheck(local, None, answer, None, missing, answer.why)
    modelled = replace(
        policies,
        resource=None if is_role else policies.resource,
        session=None,
        rcps=None,
        vpc_endpoint=None,
        unread=policies.unread & {Layer.IDENTITY, Layer.BOUNDARY, Layer.SCP},
    )
    # Seen by the simulator the caller is the entity itself, and the resource is its account's own.
    comparable = evaluate(replace(request, principal=principal_arn, resource_account=_account(principal_arn)), modelled)
    agree = comparable.outcome is answer.outcome
    return CrossCheck(local, comparable, answer, agree, missing, _comparison(comparable, answer, policies, missing))


def _account(arn: str) -> str | None:
    parts = arn.split(":")
    return parts[4] if len(parts) > 4 else None


def _comparison(comparable: Decision, answer: SimulationResult, policies: Policies, missing: tuple[Layer, ...]) -> str:
    names = ", ".join(_LAYER_WORDS[layer] for layer in missing)
    beyond = f" The simulator does not model the {names}." if names else ""
    if comparable.outcome is answer.outcome:
        return f"AWS's simulator and the local engine agree: {answer.outcome}.{beyond}"
    differ = f"AWS's simulator says {answer.outcome}, the local engine {comparable.outcome}"
    if answer.allowed_by_organization is False and Layer.SCP in policies.unread:
        return f"{differ}: the organization's policies, which cannot be read here, refuse it.{beyond}"
    if answer.missing_context:
        return f"{differ}: the simulator had no value for {', '.join(answer.missing_context[:4])}.{beyond}"
    if policies.unread:
        unread = ", ".join(sorted(_LAYER_WORDS[Layer(layer)] for layer in policies.unread))
        return f"{differ}: the local engine could not read all of the {unread}.{beyond}"
    return f"{differ}: a policy changed between the two readings, or one of the two fills in a key differently.{beyond}"


_LAYER_WORDS = {
    Layer.IDENTITY: "identity policies",
    Layer.RESOURCE: "resource policy",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session policy",
    Layer.SCP: "service control policies",
    Layer.RCP: "resource control policies",
    Layer.VPC_ENDPOINT: "VPC endpoint policy",
}
