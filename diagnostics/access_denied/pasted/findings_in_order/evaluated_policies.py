"""Evaluate the text's policies, and choose the finding that explains the denial."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.findings_in_order.although_allowed import although_allowed
from diagnostics.access_denied.pasted.findings_in_order.callers_policies import documents_of_the_caller
from diagnostics.access_denied.pasted.findings_in_order.choose_finding import deciding, is_of_policies
from diagnostics.access_denied.pasted.findings_in_order.comparison import Comparison, lacks
from diagnostics.access_denied.pasted.findings_in_order.further_actions import with_client_calls, with_set_tags
from diagnostics.access_denied.pasted.findings_in_order.guardrails import of_matching_guardrails
from diagnostics.access_denied.pasted.findings_in_order.identity_policies import (
    evaluated_for_the_caller,
    with_what_is_missing,
)
from diagnostics.access_denied.pasted.findings_in_order.limiting_policies import of_a_limit
from diagnostics.access_denied.pasted.findings_in_order.resource_policies import evaluated_for_resources
from diagnostics.access_denied.pasted.proven_causes.api_deployments import of_an_older_deployment
from diagnostics.access_denied.pasted.proven_causes.arns_in_settings import of_a_list_of_arns
from diagnostics.access_denied.pasted.proven_causes.deleted_endpoints import of_a_deleted_endpoint
from diagnostics.access_denied.pasted.proven_causes.foreign_keys import of_a_foreign_key
from diagnostics.access_denied.pasted.proven_causes.limits_without_grants import of_a_limit_without_grants
from diagnostics.access_denied.pasted.proven_causes.refused_kms_keys import of_a_refused_key
from diagnostics.access_denied.pasted.request_in_words import known_caller
from diagnostics.access_denied.pasted.second_resources import second_gap
from diagnostics.access_denied.pasted.two_sided_requests import of_both_sides
from iam.lazy_pattern import regex
from iam.policy.decision import Fault


def finding_of_policies(case: Comparison, *, is_named: bool) -> Finding | None:
    """Return the finding from the evaluation of the documents.

    ``is_named``: the text outside its policies names the action.
    """
    denial, action, found = case.denial, case.action, case.found
    others, foreign = documents_of_the_caller(found, denial, case.word, case.name, case.text)
    evaluated = evaluated_for_the_caller(case, others)
    if not lacks(evaluated) and (left_out := of_a_list_of_arns(denial)) is not None:
        return left_out
    mine = with_what_is_missing(case, evaluated, foreign)
    theirs = evaluated_for_resources(case)
    findings = [*mine, *theirs]
    if not action.lower().startswith("kms:") and _KEY_REFUSED.search(denial.text):
        # AWS says that the action itself is allowed: the use of the key is denied.
        of_key = deciding([one for one in findings if "kms:" in one.sentence], explicit=False, stated=case.stated)
        return of_key or of_a_foreign_key(denial, action) or of_a_refused_key(denial, action, case.documents)
    if (older := of_an_older_deployment(denial, action, theirs)) is not None:
        return older
    if (both := of_both_sides(denial, action, tuple(mine), theirs, found)) is not None:
        return both
    if not case.stated and not lacks(findings):
        findings += of_matching_guardrails(case)
    first = deciding(findings, explicit=case.is_explicit, stated=case.stated)
    if first is None and case.stated == "resource":
        first = next((one for one in mine if one.resembles), None)
    if first is None:
        return of_a_limit_without_grants(denial, action, case.documents)
    if first.code is not None:
        if case.is_explicit and first.code.rpartition(".")[2] in _OF_AN_ALLOW:
            return None  # a Deny denied the request, so what an Allow lacks does not explain it
        of_layer = others if first.layer == "identity" else [one for one in found if one.label == first.layer]
        first = of_a_limit(first, action, case.text, of_layer)
        first = with_set_tags(of_a_deleted_endpoint(first, case.text, action), action, denial)
    if not case.is_explicit and (more := second_gap(case.text, case.documents)):
        first = replace(first, sentence=f"{first.sentence} {more}".lstrip())
    is_asked = is_named and (denial.principal is None or known_caller(denial) is not None)
    if first.code is None and (case.is_explicit or not is_asked):
        return None  # an Allow does not explain the refusal if only policies name the action, or if a Deny decided
    if not is_of_policies(denial, first, found):
        return None
    return (
        with_client_calls(first, denial, action)
        if first.code is not None
        else although_allowed(case, first, mine, others)
    )


_OF_AN_ALLOW = (Fault.NO_ACTION.value, Fault.RESOURCE_MISMATCH.value)
"""The last parts of cause codes for what an Allow may lack."""


_KEY_REFUSED = regex(
    r"Access to KMS is not allowed|KMS access was denied|refers to a customer master key|\bKMS\.AccessDeniedException"
)
