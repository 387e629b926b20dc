"""The policy that AWS's text names by its ARN: looked up, and judged where it is found."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.access_denied.case import Case, policies_of
from diagnostics.access_denied.evidence.history import TrailCall, calls
from diagnostics.access_denied.evidence.policy_of_text import PolicyOfText, Standing
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.words import POLICY_TYPES, layer_of
from iam.account import ManagedPolicy
from iam.ages import short_age
from iam.arn import name_of
from iam.policy.decision import Layer, Reason
from iam.policy.document import PolicyError
from iam.policy.explain import explain
from iam.policy.request import NamedPolicy, Policies, Request

_TAKING_AWAY = ("Detach", "Delete", "Remove", "PutRolePermissionsBoundary", "PutUserPermissionsBoundary")
_CHANGING = ("CreatePolicyVersion", "SetDefaultPolicyVersion")


def look_up(case: Case) -> PolicyOfText | None:
    """The policy that the text names as the one whose Deny matched; None where it names none. May block."""
    arn, (kind, _, word) = case.denial.policy_arn, (case.denial.stated_reason or "").partition(":")
    if arn is None or kind != "explicit" or word not in POLICY_TYPES:
        return None
    layer = layer_of(word)
    held = next((policy for policy in policies_of(case.policies, layer) if policy.arn == arn), None)
    if held is not None:
        deny = _deny(case.request, layer, held)
        event = "" if deny else _event(case, arn, _CHANGING)
        return PolicyOfText(arn, word, Standing.IN_PLAY, deny, held.document, event)
    policy, call, why = _read(case, arn)
    if word in case.unread or (layer is Layer.SESSION and policy is not None):
        # What the layer consists of is not known: AWS's word for it that this policy is part of it.
        deny = _deny(case.request, layer, policy) if policy else None
        return PolicyOfText(arn, word, Standing.IN_PLAY, deny, policy.document if policy else None, why=why, call=call)
    event = _event(case, arn, _TAKING_AWAY)
    if policy is not None or event:
        document = policy.document if policy else None
        return PolicyOfText(arn, word, Standing.GONE, None, document, event, call=call)
    return PolicyOfText(arn, word, Standing.UNREAD, why=why, call=call)


def _read(case: Case, arn: str) -> tuple[NamedPolicy | None, str, str]:
    """The policy with its present document, the call that gave it and, where there is none, why."""
    if ":organizations:" in arn:
        reading = case.reader.organization_policy(arn)
        document = reading.value.document if reading.value else None
        name = reading.value.name if reading.value else ""
        found: ManagedPolicy | None = None
        call, why = reading.call, reading.why or reading.note
    else:
        found, call, why = case.account.policy(arn), "iam:GetAccountAuthorizationDetails", ""
        if found is None or found.document is None:
            answer = case.reader.managed_policy(arn)
            found, call, why = answer.value, answer.call, answer.why or answer.note
        document, name = (found.document, found.name) if found else (None, "")
    if document is None and case.record is not None:
        was = next((one for one in case.record.policies if one.arn == arn and one.document is not None), None)
        document, name, call = (
            (was.document, name_of(arn), "iam:GetRequestAuthorizationPolicy") if was else (None, "", call)
        )
    if document is None:
        return None, call, why or f"There is no policy {arn}."
    return NamedPolicy(document, name, arn), call, ""


def _deny(request: Request, layer: Layer, policy: NamedPolicy) -> Reason | None:
    """The Deny statement of the policy that matches, were it the only one of its layer."""
    alone = {
        Layer.BOUNDARY: Policies(boundary=(policy,)),
        Layer.SESSION: Policies(session=policy),
        Layer.SCP: Policies(scps=((policy,),)),
        Layer.RCP: Policies(rcps=((policy,),)),
        Layer.RESOURCE: Policies(resource=policy),
        Layer.VPC_ENDPOINT: Policies(vpc_endpoint=(policy,)),
    }.get(layer, Policies(identity=(policy,)))
    try:
        decision = explain(request, alone)
    except PolicyError:
        return None
    return next((reason for reason in decision.reasons if reason.effect == "Deny" and reason.layer is layer), None)


def _event(case: Case, arn: str, names: tuple[str, ...]) -> str:
    """The newest change of one of those names that CloudTrail tells of the policy."""
    for call in calls(case.reader, resource_name=arn):
        if call.error is None and call.event.name.startswith(names) and _is_about(call, case, arn):
            by = f" by {call.event.username}" if call.event.username else ""
            return f"{call.event.name} {short_age(case.account.now - call.event.time)} ago{by}"
    return ""


def _is_about(call: TrailCall, case: Case, arn: str) -> bool:
    """Whether the change took the policy from this caller, and from nobody else."""
    holder = call.parameters.get("roleName") or call.parameters.get("userName")
    return arn in call.event.resources and holder in (None, case.caller.name)


def named_policy_step(named: PolicyOfText) -> Iterator[Step]:
    """What the look-up found: nothing where the layer's own step says it."""
    kind = POLICY_TYPES[named.word]
    if named.document is None and named.standing is not Standing.GONE:
        status, said = Status.UNKNOWN, f"{named.arn} is not among what can be read from here: {named.why}"
    elif named.standing is Standing.GONE:
        status, said = Status.PASS, named.became
    elif named.deny is not None:
        return
    else:
        status, said = Status.UNKNOWN, named.became or f"{named.arn} ({kind}) has no Deny that matches now"
    evidence = (
        Evidence(
            text=said,
            layer=named.word,
            policy=name_of(named.arn),
            arn=named.arn,
            document=named.document,
            call=named.call or None,
        ),
    )
    yield Step("named-policy", "The policy that AWS names", status, said, evidence)
