"""The usual causes beside the steps of an account that was read: what they found to be so, and what they ruled out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from diagnostics.claims.check import Facts, claims_of_look, false_claims
from diagnostics.claims.kinds import LayerPresent
from diagnostics.diagnosis import CaseFile, FirstLook, LookState, Probe, Status, Step
from diagnostics.failure import Failure
from iam.claims import ruled_out
from iam.policy.decision import Layer, LayerResult
from iam.service_reference import spelled

_SEEN_ELSEWHERE = ("session", "vpce")
"""Layers of which a step that was skipped says nothing: only who made the session, or the network, sees them."""


def weighed(
    looks: Iterable[FirstLook],
    steps: Sequence[Step],
    case_file: CaseFile | None = None,
    failure: Failure | None = None,
) -> tuple[FirstLook, ...]:
    """The usual causes that the steps leave standing, what was ruled out last.

    A line that claims what the steps, or the text of ``failure``, contradict is left out. A cause is ruled out when
    every step that tells of it, or may rule it out, passes or does not apply, and found when one that tells of it
    fails; what no step tells of stays open. A cause with a probe is as the policies of ``case_file`` decide that. What
    was read needs no command that reads it again.
    """
    facts = Facts(failure, tuple(steps), case_file=case_file)
    found = [_weighed(look, facts) for look in looks if not false_claims(claims_of_look(look), facts)]
    return tuple(sorted(found, key=lambda look: look.state is LookState.RULED_OUT))


def _weighed(look: FirstLook, facts: Facts) -> FirstLook:
    if look.probe is not None and (decided := _probed(look, look.probe, facts)) is not None:
        return decided
    telling = [step for step in facts.steps if step.id in (*look.told_by, *look.ruled_out_by)]
    finding = (*look.told_by, *look.found_by)
    failed = next((step for step in facts.steps if step.status is Status.FAIL and step.id in finding), None)
    if failed is not None:
        return replace(look, check=None, state=LookState.FOUND, why=f"{failed.title}: {failed.summary}")
    if ruled_out(bool(telling) and all(map(_rules_out, telling))):
        # What the text states was so when it was written; the steps say what is so now.
        now = "now " if facts.stated_layer in look.told_by else ""
        why = now + "; ".join(f"{step.title}: {step.summary}" for step in telling)
        return replace(look, check=None, state=LookState.RULED_OUT, why=why)
    return look


def _probed(look: FirstLook, probe: Probe, facts: Facts) -> FirstLook | None:
    """The cause as its probe decides it; None where that is not known, or leaves the cause open."""
    asked_of = _OWN if probe.decides else (*_OWN, "boundary", "scp", "rcp", "resource")
    if facts.case_file is None or not facts.case_file.evaluations or any(map(facts.unread, asked_of)):
        return None
    from iam.policy.unknown_keys import possible  # an offline diagnosis evaluates nothing

    _, request, policies = facts.case_file.evaluations[-1]
    if probe.decides and possible(request, policies).decision.layers.get(Layer.IDENTITY) is LayerResult.ALLOWED:
        said = f"evaluated: the caller's own policies allow {spelled(request.action)} on {request.resource}"
        return replace(look, check=None, state=LookState.RULED_OUT, why=said)
    asked = replace(request, action=probe.action, resource=probe.resource)
    decision = possible(asked, policies).decision
    # What a cause says of the caller's own policies no other layer decides.
    own = decision.layers.get(Layer.IDENTITY) is LayerResult.ALLOWED
    allowed = own if probe.decides else decision.allowed
    said = f"evaluated: {spelled(probe.action)} on {probe.resource} is {'allowed' if allowed else 'not allowed'}"
    if ruled_out(allowed is not probe.allowed):
        return replace(look, check=None, state=LookState.RULED_OUT, why=said)
    return replace(look, check=None, state=LookState.FOUND, why=said) if probe.decides else None


_OWN = ("identity",)


def _rules_out(step: Step) -> bool:
    """Whether a step shows that nothing of its kind refuses."""
    if step.status is Status.SKIPPED and step.id in _SEEN_ELSEWHERE:
        return LayerPresent(step.id, False) in step.asserts
    return step.status in (Status.PASS, Status.SKIPPED)
