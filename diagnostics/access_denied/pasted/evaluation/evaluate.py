"""Evaluate the denied request against the policy documents of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.denies.finding import denied
from diagnostics.access_denied.pasted.denies.possible_denies import denied_perhaps, other_denies
from diagnostics.access_denied.pasted.evaluation.conclude import RULES
from diagnostics.access_denied.pasted.evaluation.cut_off_resource import of_a_cut_resource
from diagnostics.access_denied.pasted.evaluation.evaluated import Evaluated
from diagnostics.access_denied.pasted.evaluation.which_caller import caller_to_evaluate
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, policies_of
from diagnostics.access_denied.pasted.request_in_words import without
from diagnostics.access_denied.pasted.request_keys import (
    Asked,
    claims,
    role_of_session,
    stated_keys,
    with_open_conditions,
)
from diagnostics.access_denied.pasted.request_resource import called_resource, only_resource, suspected_resource
from diagnostics.access_denied.request.values import DEFAULTS
from diagnostics.failure import Denial
from diagnostics.text.read.author.granted import held_by_caller
from diagnostics.text.read.identities.token_claims import claim_keys
from diagnostics.text.read.messages.cut_off import resource_is_cut
from iam.claims import Keys
from iam.policy.compiled import wildcard_only
from iam.policy.document import PolicyError
from iam.policy.explain import explain_layer
from iam.policy.layer import Layer
from iam.policy.match import names_action
from iam.policy.request import Request


def judge(
    denial: Denial,
    action: str,
    pasted: Sequence[PastedPolicy],
    layer: Layer,
    word: str,
    values: tuple[tuple[int, int, Any], ...],
    *,
    whole: bool,
    sent: Keys | None = None,
) -> Iterator[Finding]:
    """Yield what the documents say about the request.

    ``whole``: what the documents do not allow is denied. ``sent`` are condition keys that the caller is known to send.
    """
    policies = policies_of([one.document for one in pasted], layer)
    outside = without(denial.pasted or denial.text, [one.span for one in pasted])
    caller, presumed = caller_to_evaluate(denial, pasted, policies.resource, outside, layer, word)
    if caller is None:
        return
    reason = (denial.stated_reason or "").partition(":")[0]
    shown = called_resource(denial, action, outside, pasted)
    if shown is not None and layer is Layer.IDENTITY and not reason and resource_is_cut(denial):
        yield from of_a_cut_resource(shown, action, pasted)
        return
    explicit = reason == "explicit"
    on = shown or only_resource(pasted, action, deny=explicit) or suspected_resource(pasted, action) or "*"
    keys = {**stated_keys(replace(denial, principal=caller), action, on, outside, pasted), **(sent or {})}
    context = {
        **role_of_session(caller, policies, outside),
        **Asked(keys).context,
        **claim_keys(outside),
        **claims(values),
    }
    pasted = [with_open_conditions(one, {key.lower() for key, had in context.items() if had}) for one in pasted]
    policies = policies_of([one.document for one in pasted], layer)
    request = Request(caller, action, "*" if wildcard_only(action) else on, context=context)
    try:
        explained = explain_layer(request, policies, layer)
        sure = explain_layer(request, policies_of([one.sure for one in pasted], layer), layer)
    except PolicyError:
        return
    case = Evaluated(
        denial, pasted, word, request, on, keys, explained, sure, shown=shown, whole=whole, presumed=presumed
    )
    if (_is_of_another_identity(case, outside)) or (presumed and case.is_allowed):
        return
    # If AWS says that nothing allows the request, no Deny matched.
    if explained.denials and reason != "implicit":
        known = {*DEFAULTS, *(key.lower() for key in context)}
        others = other_denies(pasted, explained.denials, action, known)
        yield denied(explained.denials, request, word, keys, others, text=outside)
        return
    if perhaps := denied_perhaps(pasted, request, layer, context) if reason != "implicit" else []:
        yield denied(perhaps, request, word, keys, text=outside)
        if explicit:
            return
    for rule in RULES:
        if (findings := rule(case)) is not None:
            yield from findings
            return


def _is_of_another_identity(case: Evaluated, outside: str) -> bool:
    """Return whether the policies must be another identity's.

    They must if the text says that the caller has the action, but the policies neither allow nor name it.
    """
    return (
        case.word == "identity"
        and not case.is_allowed
        and case.action.lower() in held_by_caller(outside)
        and not any(
            names_action(each.action or (), case.action) for one in case.pasted for each in one.document.statements
        )
    )
