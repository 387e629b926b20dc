"""Use AWS's policy simulator as a second source, if it models the layer, and compare it with the local engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diagnostics.access_denied.case import Case
from iam.policy.decision import Decision, Outcome
from iam.policy.explain import explain
from iam.policy.layer import Layer, LayerResult
from iam.policy.request import Request
from iam.words import listing

if TYPE_CHECKING:
    from iam.simulator import SimulationRequest, SimulationResult, Simulator

MODELLED = frozenset({"identity", "boundary", "scp"})
_EXCLUSIONS = {"boundary": "permission-boundary", "scp": "scp"}


@dataclass(frozen=True, slots=True)
class WithoutLayer:
    """The simulator's result with one layer left out. ``word`` is the layer's word in cause codes."""

    word: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Witness:
    """The simulator's result. ``local`` is the local engine's decision on the layers that the simulator models.

    ``without`` are the layers whose omission changes the simulator's result: these deny the request.

    ``result`` is None if the simulator was not called or did not answer; ``why`` then gives the reason. ``assumed``
    names what both the simulator and the engine were given in addition to the known facts, so that they evaluate the
    question that matters. ``blind`` are the words of the layers that the simulator could see and the local engine could
    not. ``limits`` are what takes part in the decision here but is not modeled by SimulatePrincipalPolicy (IAM User
    Guide, "IAM policy testing with the IAM policy simulator").
    """

    result: SimulationResult | None = None
    local: Decision | None = None
    why: str = ""
    assumed: str = ""
    blind: frozenset[str] = frozenset()
    without: tuple[WithoutLayer, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def disagreement(self) -> str:
        """A sentence with both results and the simulator's known limits if the results differ; otherwise ""."""
        if self.agrees is not False or self.result is None or self.local is None:
            return ""
        limit = f" The simulator does not model {listing(self.limits)}." if self.limits else ""
        return (
            f"AWS's policy simulator says {self.result.outcome.value}, the local engine {self.local.outcome.value}"
            f"{self._why_they_differ()}.{limit}"
        )

    @property
    def agrees(self) -> bool | None:
        if self.result is None or self.local is None:
            return None
        return self.result.outcome is self.local.outcome

    def agree_on(self, layer: str) -> bool | None:
        """Return whether the simulator and the local engine agree on a layer; None if either has no result."""
        if layer not in MODELLED or self.result is None or self.local is None:
            return None
        if layer == "scp" and self.result.allowed_by_organization is not None:
            here = self.local.layers.get(Layer.SCP, LayerResult.NOT_APPLICABLE)
            if layer in self.blind or here is LayerResult.NOT_APPLICABLE:
                return None
            return self.result.allowed_by_organization is (here is LayerResult.ALLOWED)
        return self.agrees

    @property
    def refuses_by_organization(self) -> bool:
        """Whether only the simulator could see the organization's policies, and those policies deny the request."""
        return "scp" in self.blind and self.result is not None and self.result.allowed_by_organization is False

    @property
    def unseen_denier(self) -> str:
        """The layer with a matching Deny that only the simulator could see, or ""."""
        if self.result is None or self.result.outcome is not Outcome.EXPLICIT_DENY:
            return ""
        for each in self.without:
            if each.word in self.blind and each.outcome is not Outcome.EXPLICIT_DENY:
                return each.word
        return "scp" if self.refuses_by_organization else ""

    @property
    def unseen_limit(self) -> str:
        """The layer that only the simulator could see, if without it the simulator would allow the request; or ""."""
        return next(
            (each.word for each in self.without if each.word in self.blind and each.outcome is Outcome.ALLOWED), ""
        )

    def words(self, layer: str) -> str:
        """Return which sources have a result for a layer, and whether they agree."""
        without = next((each.outcome for each in self.without if each.word == layer), None)
        if without is None:
            return self._words(layer)
        return f"{self._words(layer)}; without this layer, AWS's simulator says {without.value}"

    def _words(self, layer: str) -> str:
        if layer not in MODELLED:
            said = f", and says {self.result.outcome.value}" if self.result is not None else ""
            return f"local engine (AWS's simulator does not model this layer{said})"
        if self.result is None or self.local is None:
            return f"local engine; AWS's simulator gave no result: {self.why}"
        if layer == "scp" and self.result.allowed_by_organization is not None:
            said = "allow" if self.result.allowed_by_organization else "refuse"
            return f"AWS's simulator: the organization's policies {said} the request{self.assumed}"
        if self.agrees:
            outcome = f"{self.result.outcome.value}{self.assumed}"
            return f"AWS's simulator and the local engine agree on the caller's policies: {outcome}"
        return (
            f"AWS's simulator says {self.result.outcome.value}, the local engine {self.local.outcome.value}"
            f"{self._why_they_differ()}{self.assumed}"
        )

    def _why_they_differ(self) -> str:
        assert self.result is not None
        if self.refuses_by_organization:
            return ": the organization's policies, which only the simulator could read, deny the request"
        if self.result.missing_context:
            return f": the simulator had no value for {', '.join(self.result.missing_context[:4])}"
        if self.result.allowed_by_boundary is False:
            return ": the simulator includes the permissions boundary"
        return (
            ": a policy may have changed between the two evaluations, or they used different values for a condition key"
        )


def with_region(case: Case) -> tuple[Request, str]:
    """Return the request with a Region, and that Region if it was added here; "" if the request already has one.

    The added Region is the session's. If the session's Region is unknown too, the request is returned without one. SCPs
    that limit the Regions are common: without a Region, they would hide any other problem.
    """
    region, context = case.account.region, case.request.context
    if not region or any(key.lower() == "aws:requestedregion" for key in context):
        return case.request, ""
    return replace(case.request, context={**context, "aws:RequestedRegion": (region,)}), region


def ask(case: Case) -> Witness:
    """Return the simulator's result for the caller, or the reason why there is no result."""
    simulator = case.reader.simulator()
    if simulator is None:
        return Witness(why="there is no simulator for this source")
    entity = case.caller.role or case.caller.user
    if entity is None or not case.caller.here:
        return Witness(why="the simulator accepts only users and roles of this account")
    from iam.simulator import SimulationFailure, SimulationRequest

    asked, region = with_region(case)
    assumed = f", assuming the Region {region}" if region else ""
    question = SimulationRequest(entity.arn, asked.action, asked.resource, asked.context)
    answer = simulator.simulate(question)
    if isinstance(answer, SimulationFailure):
        return Witness(why=answer.why)
    # The simulator does not know trust and key policies: both are given the caller's own policies, as if the resource's
    # policy allowed the request.
    modelled = replace(
        case.policies, resource=case.generous_resource_policy(), session=None, rcps=None, vpc_endpoint=None
    )
    # The simulator does not know other accounts' resources: it evaluates the request as one within the account.
    request = replace(asked, principal=entity.arn, resource_account=case.caller.account_id)
    witness = Witness(
        answer, explain(request, modelled), "", assumed, case.unread & MODELLED, limits=_limits(case, entity.arn)
    )
    return replace(witness, without=_what_ifs(simulator, question, witness))


def _limits(case: Case, entity: str) -> tuple[str, ...]:
    """Return the parts of the decision that the simulator does not model."""
    from iam.simulator import not_modelled

    layers = not_modelled(case.policies, principal_is_role=":role/" in entity)
    other = ("resources of other accounts",) if case.cross_account else ()
    return (*(f"the {layer.policies}" for layer in layers), *other)


def _what_ifs(simulator: Simulator, question: SimulationRequest, witness: Witness) -> tuple[WithoutLayer, ...]:
    """Return the layers without which the simulator's result changes.

    The simulator is called only if the local engine cannot find these layers, because AWS soon throttles it.
    """
    result = witness.result
    if result is None or result.outcome is Outcome.ALLOWED:
        return ()
    said = {"boundary": result.allowed_by_boundary, "scp": result.allowed_by_organization}
    from iam.simulator import SimulationFailure

    suspects = [word for word in said if word in witness.blind or (said[word] is False and witness.agrees is False)]
    found: list[WithoutLayer] = []
    for word in suspects:
        if said[word] is True and result.outcome is Outcome.IMPLICIT_DENY:
            continue
        answer = simulator.simulate(replace(question, exclude=(_EXCLUSIONS[word],)))
        if not isinstance(answer, SimulationFailure) and answer.outcome is not result.outcome:
            found.append(WithoutLayer(word, answer.outcome))
    return tuple(found)
