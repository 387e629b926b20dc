"""Compare the local engine's decisions with those of AWS's policy simulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from iam.arn import account_of
from iam.policy.decision import Decision, Outcome
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer
from iam.policy.request import Policies, Request
from iam.protocols import Protocol


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """A request to SimulatePrincipalPolicy. ``principal_arn`` is a user, group or role, never a session.

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
class SimulationResult:
    """The simulator's result for one action and one resource. A field is None if the response does not contain it."""

    outcome: Outcome
    missing_context: tuple[str, ...] = ()
    allowed_by_organization: bool | None = None
    allowed_by_boundary: bool | None = None


@dataclass(frozen=True, slots=True)
class SimulationFailure:
    """A simulation that could not be requested, or that was denied. ``why`` is one sentence."""

    why: str


class Simulator(Protocol):
    def simulate(self, request: SimulationRequest) -> SimulationResult | SimulationFailure: ...


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """The results of the local engine and of AWS's simulator for one request, and whether they agree.

    ``local`` is the engine's decision with every layer that was read, ``comparable`` its decision with the layers that
    the simulator models. ``agree`` is None if the simulator gave no result; ``why`` is always one sentence.
    """

    local: Decision
    comparable: Decision | None
    simulator: SimulationResult | SimulationFailure | None
    agree: bool | None
    not_modelled: tuple[Layer, ...]
    why: str


def not_modelled(policies: Policies, *, principal_is_role: bool) -> tuple[Layer, ...]:
    """Return the layers with policies that SimulatePrincipalPolicy does not evaluate (engine.md §4).

    These are session policies, RCPs, VPC endpoint policies and, for roles, the resource policy.
    """
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
    """Evaluate the request with the local engine and with the simulator, and compare the results.

    ``principal_arn`` is the ARN of the user or role that makes the request, in this account. Without it, or without a
    simulator, only the local engine is used.
    """
    local = evaluate(request, policies)
    is_role = principal_arn is not None and ":role/" in principal_arn
    missing = not_modelled(policies, principal_is_role=is_role)
    if simulator is None or principal_arn is None:
        why = "AWS's simulator was not used: it works only for users and roles of an account that is read from AWS."
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
    # For the simulator, the caller is the user or role itself, and the resource belongs to the same account.
    comparable = evaluate(
        replace(request, principal=principal_arn, resource_account=account_of(principal_arn)), modelled
    )
    agree = comparable.outcome is answer.outcome
    return CrossCheck(local, comparable, answer, agree, missing, _comparison(comparable, answer, policies, missing))


def _comparison(comparable: Decision, answer: SimulationResult, policies: Policies, missing: tuple[Layer, ...]) -> str:
    names = ", ".join(layer.policies for layer in missing)
    beyond = f" The simulator does not model the {names}." if names else ""
    if comparable.outcome is answer.outcome:
        return f"AWS's simulator and the local engine agree: {answer.outcome}.{beyond}"
    differ = f"AWS's simulator says {answer.outcome}, the local engine {comparable.outcome}"
    if answer.allowed_by_organization is False and Layer.SCP in policies.unread:
        return f"{differ}: the organization's policies, which cannot be read here, deny the request.{beyond}"
    if answer.missing_context:
        return f"{differ}: the simulator had no value for {', '.join(answer.missing_context[:4])}.{beyond}"
    if policies.unread:
        unread = ", ".join(sorted(Layer(layer).policies for layer in policies.unread))
        return f"{differ}: the local engine could not read all of the {unread}.{beyond}"
    return (
        f"{differ}: a policy changed between the readings, or the two use different values for a condition key.{beyond}"
    )
