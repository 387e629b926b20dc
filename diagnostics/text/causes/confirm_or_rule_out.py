"""Compare the common causes with the steps of a diagnosis: the steps confirm some causes and rule out others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from diagnostics.claims.check import Facts, claims_of_look, false_claims, truth
from diagnostics.claims.kinds import (
    ConditionFails,
    Exists,
    LayerPresent,
    LayerRead,
    OneRefuses,
    TextPart,
    TextStates,
)
from diagnostics.diagnosis import (
    PASTED,
    CaseFile,
    Evidence,
    FirstLook,
    LookState,
    PolicyFact,
    Probe,
    Status,
    Step,
    Verdict,
)
from diagnostics.failure import Failure
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS
from iam.claims import ruled_out
from iam.policy.layer import Layer, LayerResult
from iam.service_reference import spelled

if TYPE_CHECKING:
    from iam.policy.request import Policies, Request

_SEEN_ELSEWHERE = ("session", "vpce")
"""Layers about which a skipped step proves nothing: only the session's creator or the network's owner knows them."""


def weighed(
    looks: Iterable[FirstLook],
    steps: Sequence[Step],
    case_file: CaseFile | None = None,
    failure: Failure | None = None,
    verdict: Verdict | None = None,
) -> tuple[FirstLook, ...]:
    """Return the common causes that the steps do not contradict: confirmed ones first, ruled-out ones last.

    A cause whose claims the steps, or the text of ``failure``, contradict is left out. A cause is ruled out if every
    step that concerns it, or may rule it out, was carried out and passes or does not apply. It is confirmed if a step
    that concerns it fails, or if it names the condition that is not met. A cause with a probe is decided by the
    policies in ``case_file``. A cause that no step decides stays open; if a step has read what its command would read,
    the result is shown instead of the command. A guess that no step decides is left out.
    """
    pasted = next((step for step in steps if step.id == PASTED), None)
    if case_file is None and pasted is not None:
        looks = _beside_the_policies(tuple(looks), pasted, verdict)
    facts = Facts(failure, tuple(steps), verdict, case_file)
    decoded = any(step.id == "decode" and step.status is Status.PASS for step in steps)
    found = [
        _weighed(look, facts)
        for look in looks
        if not false_claims(claims_of_look(look), facts) and not (decoded and _of_the_encoded(look))
    ]
    found = [look for look in found if not (look.guess and look.state is LookState.OPEN)]
    return tuple(sorted(found, key=lambda look: _ORDER.get(look.state, 1)))


def _beside_the_policies(looks: tuple[FirstLook, ...], pasted: Step, verdict: Verdict | None) -> tuple[FirstLook, ...]:
    """Return the causes that the policies in the text leave open; ``pasted`` is the step that evaluated them."""
    if pasted.status is Status.FAIL and pasted.fact is PolicyFact.OF_ANOTHER_ROLE:
        return tuple(look for look in looks if look.asserts != AN_ALLOW_HELPS and "identity" not in look.shown_by)
    if pasted.status in (Status.FAIL, Status.SKIPPED):
        return ()  # what the policy lacks, or decides, is more specific than a usual cause
    if pasted.fact is PolicyFact.EXTERNAL_ID:
        return ()  # so is the external ID that the trust policy requires
    if _denies(pasted, verdict):
        return ()  # so is the policy's Deny, even if the text does not show the value of a condition
    if pasted.status is not Status.PASS or (verdict is not None and verdict.cause.endswith(".explicit-deny")):
        return looks
    # The policy allows the call, so a missing Allow in the caller's policies is no longer a usual cause.
    covered = pasted.fact is PolicyFact.NAMES_ACTION
    left = tuple(look for look in looks if not (covered and look.asserts == AN_ALLOW_HELPS))
    others = tuple(look for look in left if "identity" not in look.shown_by)
    kept = [look for look in looks if look.check and not look.guess]
    return others or tuple(replace(look, cause=_CHECKED) for look in kept[:1])


_CHECKED = "This check shows whether the caller's own policies allow the request."
"""The rest of a cause about missing permissions, if a policy in the text has these permissions."""


def _denies(step: Step, verdict: Verdict | None) -> bool:
    """Whether the text's own policy decides the request: by a Deny of the type that AWS names, or by a condition."""
    if verdict is None:
        return False
    cause = verdict.cause
    if cause.endswith(".condition-unknown") and not cause.startswith("trust.") and step.status is Status.UNKNOWN:
        return True  # a condition that only its value decides
    return verdict.cause.endswith(".explicit-deny") and any(each.text.startswith("denies ") for each in step.evidence)


_ORDER = {LookState.FOUND: 0, LookState.RULED_OUT: 2}
"""Confirmed causes come first, ruled-out ones last."""


def _of_the_encoded(look: FirstLook) -> bool:
    """Whether the cause concerns an encoded message, or a caller that the text names only in the encoded message."""
    return any(
        (claim.part is TextPart.ENCODED and claim.holds) or (claim.part is TextPart.PRINCIPAL and not claim.holds)
        for claim in claims_of_look(look)
        if isinstance(claim, TextStates)
    )


def _weighed(look: FirstLook, facts: Facts) -> FirstLook:
    if look.probe is not None and (decided := _probed(look, look.probe, facts)) is not None:
        return decided
    telling = [step for step in facts.steps if step.id in (*look.shown_by, *look.ruled_out_by)]
    finding = (*look.shown_by, *look.found_by)
    failed = next((step for step in facts.steps if step.status is Status.FAIL and step.id in finding), None)
    if failed is not None:
        return replace(look, check=None, state=LookState.FOUND, why=f"{failed.title}: {failed.summary}")
    stated = facts.stated_layer in look.shown_by
    if stated and (truth(OneRefuses(), facts) or facts.blames_what_the_text_does):
        return look  # a layer refuses now, so nothing shows that the layer in the text has changed
    if ruled_out(bool(telling) and all(_rules_out(step, facts) for step in telling)):
        # The text shows the state when it was written; the steps show the current state.
        now = "now " if stated else ""
        why = now + "; ".join(f"{step.title}: {step.summary}" for step in telling)
        return replace(look, check=None, state=LookState.RULED_OUT, why=why)
    for claim in look.asserts:
        if isinstance(claim, ConditionFails) and truth(claim, facts):
            return _as_read(look, LookState.FOUND, facts.by_id[claim.layer])
    read = next((step for step in facts.steps if _answers(step, look) and _looked_at(step, facts)), None)
    return look if read is None else _as_read(look, LookState.READ, read)


def _as_read(look: FirstLook, state: LookState, step: Step) -> FirstLook:
    return replace(look, check=None, state=state, why=f"{step.title}: {step.summary}")


_READS = {
    "identity": r"list-attached-(?:role|user)-policies|simulate-principal-policy",
    "trust": r"Role\.AssumeRolePolicyDocument",
    "role": r"aws iam (?:list-roles|get-role)",
    "boundary": r"(?:Role|User)\.PermissionsBoundary",
    "vpce": r"describe-vpc-endpoints",
    "resource": r"(?:bucket|key|resource|repository|layer-version|access-point|lambda get)-policy"
    r"|get-topic-attributes|get-queue-attributes",
    "name": r"aws iam (?:get|list)-",
}
"""The commands that read the same data as each step, if they are for the same principal, resource or name."""


def _answers(step: Step, look: FirstLook) -> bool:
    """Return whether the step has already read what the cause's command would read."""
    pattern = _READS.get(step.id)
    if pattern is None or look.check is None or look.probe is not None or not re.search(pattern, look.check):
        return False
    if step.status is Status.UNKNOWN:
        return LayerRead(step.id, False) not in step.asserts and any(each.document for each in step.evidence)
    return step.status is not Status.SKIPPED or step.id not in _SEEN_ELSEWHERE


def _probed(look: FirstLook, probe: Probe, facts: Facts) -> FirstLook | None:
    """Return the cause with the result of its probe, or with what was evaluated; None if the result is unknown."""
    asked_of = _OWN if probe.decides else (*_OWN, "boundary", "scp", "rcp", "resource")
    if facts.case_file is None or not facts.case_file.evaluations or any(map(facts.unread, asked_of)):
        return None
    from iam.policy.unknown_keys import possible  # an offline diagnosis evaluates nothing

    _, request, policies = facts.case_file.evaluations[-1]
    result = possible(request, policies).decision.layers.get(Layer.IDENTITY)
    refused = facts.refuses("identity")
    if probe.decides and result is LayerResult.EXPLICIT_DENY:
        said = f"evaluated: a Deny of the caller's own policies refuses {spelled(request.action)} on {request.resource}"
        return replace(look, check=None, state=LookState.RULED_OUT, why=said)
    if result is LayerResult.ALLOWED and refused is not False:
        if not probe.decides or not _covered(request, policies):
            return None  # only a value that the request does not have would allow it
        said = f"evaluated: a statement names {request.resource}, under conditions on values that are unknown here"
        return replace(look, check=None, state=LookState.RULED_OUT, why=said)
    if probe.decides and result is LayerResult.ALLOWED:
        said = f"evaluated: the caller's own policies allow {spelled(request.action)} on {request.resource}"
        return replace(look, check=None, state=LookState.RULED_OUT, why=said)
    asked = replace(request, action=probe.action, resource=probe.resource)
    decision = possible(asked, policies).decision
    # No other layer decides what a cause says about the caller's own policies.
    own = decision.layers.get(Layer.IDENTITY) is LayerResult.ALLOWED
    allowed = own if probe.decides else decision.allowed
    said = f"evaluated: {spelled(probe.action)} on {probe.resource} is {'allowed' if allowed else 'not allowed'}"
    if ruled_out(allowed is not probe.allowed):
        return replace(look, check=None, state=LookState.RULED_OUT, why=said)
    return replace(look, check=None, state=LookState.FOUND if probe.decides else LookState.READ, why=said)


_OWN = ("identity",)


def _covered(request: Request, policies: Policies) -> bool:
    """Whether an Allow of the caller's own policies names the request's resource, whatever its conditions."""
    from iam.policy.compiled import Asked
    from iam.policy.evaluate import ready

    asked = Asked(request)
    return any(
        not one.deny and (one.resource is None or one.resource.names(asked, deny=False))
        for policy in policies.identity
        for one in ready(policy, Layer.IDENTITY).naming(asked.action)
    )


def _rules_out(step: Step, facts: Facts) -> bool:
    """Whether a step shows that no policy of the step's kind denies the request."""
    if not _looked_at(step, facts):
        return False
    if step.status is Status.SKIPPED and step.id in _SEEN_ELSEWHERE:
        return LayerPresent(step.id, False) in step.asserts
    if step.id == "role" and not any(isinstance(claim, Exists) for claim in step.asserts):
        return False  # the role may not be the one that the call asked for
    return step.status in (Status.PASS, Status.SKIPPED)


def _looked_at(step: Step, facts: Facts) -> bool:
    """Return whether a step has read what it is about.

    If the resource is unknown, its policies were not read, and an Allow on certain resources may not cover it.
    """
    if facts.case_file is None or facts.case_file.resource_known:
        return True
    if step.id in ("resource", "rcp"):
        return step.status is not Status.SKIPPED
    return step.id != "identity" or step.status is not Status.PASS or any(map(_for_every_resource, step.evidence))


def _for_every_resource(evidence: Evidence) -> bool:
    """Whether the statement that a line of evidence quotes names every resource."""
    statements = evidence.document.statements if evidence.document is not None else ()
    return any(one.index == evidence.statement and "*" in (one.resource or ()) for one in statements)
