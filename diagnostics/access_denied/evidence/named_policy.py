"""Look up and evaluate the policy that AWS's text names by its ARN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from diagnostics.access_denied.case import Case, policies_of
from diagnostics.access_denied.evidence.history import TrailCall, calls
from diagnostics.access_denied.evidence.policy_of_text import PolicyOfText, Standing
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.words import POLICY_TYPES, layer_of
from iam.account import ManagedPolicy
from iam.ages import short_age
from iam.arn import account_of, name_of
from iam.policy.decision import Reason
from iam.policy.document import PolicyError
from iam.policy.explain import explain
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy, Policies, Request
from iam.sources.reader.reading import Reading

if TYPE_CHECKING:
    from iam.organization.levels import OrganizationPolicy

_TAKING_AWAY = ("Detach", "Delete", "Remove", "PutRolePermissionsBoundary", "PutUserPermissionsBoundary")
_CHANGING = ("CreatePolicyVersion", "SetDefaultPolicyVersion")


def look_up(case: Case) -> PolicyOfText | None:
    """Return the policy whose Deny matched according to the text, or None. May block."""
    arn, (kind, _, word) = case.denial.policy_arn, (case.denial.stated_reason or "").partition(":")
    if arn is None or kind != "explicit" or word not in POLICY_TYPES:
        return None
    layer = layer_of(word)
    held = next((policy for policy in policies_of(case.policies, layer) if policy.arn == arn), None)
    if held is not None:
        deny = _deny(case.request, layer, held)
        event = "" if deny else _event(case, arn, _CHANGING)
        return PolicyOfText(arn, word, Standing.IN_PLAY, deny, held.document, event)
    reading = _read(case, arn)
    policy, call, why = reading.value, reading.call, reading.why or reading.note
    layer_unknown = word in case.unread and not reading.absent and not _taken_off(case, word, arn)
    if layer_unknown or (layer is Layer.SESSION and policy is not None):
        # The layer's policies are unknown, so AWS's statement that this policy is one of them is accepted.
        deny = _deny(case.request, layer, policy) if policy else None
        return PolicyOfText(arn, word, Standing.IN_PLAY, deny, policy.document if policy else None, why=why, call=call)
    event = _event(case, arn, _TAKING_AWAY)
    if policy is not None or event:
        document = policy.document if policy else None
        return PolicyOfText(arn, word, Standing.GONE, None, document, event, call=call)
    return PolicyOfText(arn, word, Standing.UNREAD, why=why, call=call)


def _read(case: Case, arn: str) -> Reading[NamedPolicy]:
    """Read the policy with its current document.

    The policy counts as absent only if the account that owns it was read and does not have it. Otherwise the policy
    counts as unreadable.
    """
    own = account_of(arn) == case.account.id
    if ":organizations:" in arn:
        organization = case.reader.organization_policy(arn)
        if organization.value is None and case.owner_side is not case.opened:
            organization = case.owner_side.reader.organization_policy(arn)
        found: OrganizationPolicy | ManagedPolicy | None = organization.value
        call, why, note, own = organization.call, organization.why, organization.note, True
    else:
        found, call, why, note = case.account.policy(arn), "iam:GetAccountAuthorizationDetails", "", ""
        if found is None or found.document is None:
            answer = case.reader.managed_policy(arn)
            found, call, why, note = answer.value, answer.call, answer.why, answer.note
    if found is not None and found.document is not None:
        return Reading(call, NamedPolicy(found.document, found.name, arn))
    was = next((one for one in case.record.policies if one.arn == arn and one.document), None) if case.record else None
    if was is not None and was.document is not None:
        return Reading("iam:GetRequestAuthorizationPolicy", NamedPolicy(was.document, name_of(arn), arn))
    nothing = note or f"There is no policy {arn}."
    absent = found is None and not why and own
    return Reading(call, note=nothing) if absent else Reading(call, why=why or nothing)


def _taken_off(case: Case, word: str, arn: str) -> bool:
    """Return whether the policy is known not to be attached to the caller's role.

    This may be known even if not all of the role's policies were read.
    """
    role = case.caller.role
    if role is None or word != "identity" or role.attached is None:
        return False
    return all(each.arn != arn for each in role.attached)


def _deny(request: Request, layer: Layer, policy: NamedPolicy) -> Reason | None:
    """Return the matching Deny of the policy, evaluated as the only policy of its layer; None if none matches."""
    alone = {
        Layer.BOUNDARY: Policies(boundary=(policy,)),
        Layer.SESSION: Policies(session=(policy,)),
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
    """Describe the newest change to the policy in CloudTrail that has one of these event names."""
    for call in calls(case.reader, resource_name=arn):
        if call.error is None and call.event.name.startswith(names) and _is_about(call, case, arn):
            by = f" by {call.event.username}" if call.event.username else ""
            return f"{call.event.name} {short_age(case.account.now - call.event.time)} ago{by}"
    return ""


def _is_about(call: TrailCall, case: Case, arn: str) -> bool:
    """Return whether the change removed the policy from this caller, and not from a different one."""
    holder = call.parameters.get("roleName") or call.parameters.get("userName")
    return arn in call.event.resources and holder in (None, case.caller.name)


def named_policy_step(named: PolicyOfText) -> Iterator[Step]:
    """Yield the step that reports how the named policy was looked up; nothing if the layer's own step reports that."""
    kind = POLICY_TYPES[named.word]
    if named.document is None and named.standing is not Standing.GONE:
        status, said = Status.UNKNOWN, f"{named.arn} cannot be read from here: {named.why}"
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
