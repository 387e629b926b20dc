"""Compare the policy documents in a pasted text with the request that the text says was denied.

The text does not show whether such a document is in effect, so what it lacks is only the likely cause.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.addresses import of_a_bucket_left_out, of_an_address, refused_buckets
from diagnostics.access_denied.pasted.asked import known_caller
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.findings_in_order.although_allowed import although_allowed
from diagnostics.access_denied.pasted.findings_in_order.callers_policies import documents_of_the_caller
from diagnostics.access_denied.pasted.findings_in_order.causes_without_policies import cause_without_policies
from diagnostics.access_denied.pasted.findings_in_order.comparison import Comparison, lacks
from diagnostics.access_denied.pasted.findings_in_order.deciding import deciding, is_of_policies
from diagnostics.access_denied.pasted.findings_in_order.denied_request import (
    denied_request,
    is_of_the_operation,
    source_left_out,
    with_account,
)
from diagnostics.access_denied.pasted.findings_in_order.further_actions import with_client_calls, with_set_tags
from diagnostics.access_denied.pasted.findings_in_order.guardrails import of_matching_guardrails
from diagnostics.access_denied.pasted.findings_in_order.identity_policies import (
    evaluated_for_the_caller,
    with_what_is_missing,
)
from diagnostics.access_denied.pasted.findings_in_order.limiting_policies import of_a_limit
from diagnostics.access_denied.pasted.findings_in_order.resource_policies import evaluated_for_resources
from diagnostics.access_denied.pasted.findings_in_order.trust_policies import (
    across_partitions,
    has_trust_with_condition,
    names_people,
    of_trusted_subjects,
)
from diagnostics.access_denied.pasted.further_needs import of_a_refused_key
from diagnostics.access_denied.pasted.managed import (
    of_a_new_policy,
)
from diagnostics.access_denied.pasted.masked_accounts import with_stand_ins
from diagnostics.access_denied.pasted.proven_causes.any_action import of_any_action
from diagnostics.access_denied.pasted.proven_causes.bootstrap_roles import of_a_bootstrap_role
from diagnostics.access_denied.pasted.proven_causes.deleted_endpoints import of_a_deleted_endpoint
from diagnostics.access_denied.pasted.proven_causes.devices import with_the_device
from diagnostics.access_denied.pasted.proven_causes.endpoint_policies import of_an_endpoint_policy
from diagnostics.access_denied.pasted.proven_causes.foreign_keys import of_a_foreign_key
from diagnostics.access_denied.pasted.proven_causes.key_prefixes import of_a_key_prefix
from diagnostics.access_denied.pasted.proven_causes.keys import (
    of_a_new_key,
)
from diagnostics.access_denied.pasted.proven_causes.left_out_actions import of_left_out_actions
from diagnostics.access_denied.pasted.proven_causes.limits import (
    of_a_boundary_left_out,
    of_a_deny_by_address,
)
from diagnostics.access_denied.pasted.proven_causes.old_version import of_an_old_version
from diagnostics.access_denied.pasted.proven_causes.own_requests import of_an_own_request
from diagnostics.access_denied.pasted.proven_causes.settings import of_a_list_of_arns
from diagnostics.access_denied.pasted.proven_causes.shapes import of_an_idle_statement
from diagnostics.access_denied.pasted.proven_causes.storage import (
    of_a_copy,
)
from diagnostics.access_denied.pasted.proven_causes.trust import (
    of_a_saml_endpoint,
    of_pod_identity,
    of_services_trust,
)
from diagnostics.access_denied.pasted.relevant_policies import documents_of
from diagnostics.access_denied.pasted.request_resource import with_arn
from diagnostics.access_denied.pasted.second_resources import second_gap
from diagnostics.access_denied.pasted.sides import of_both_sides
from diagnostics.access_denied.pasted.values import MOST_CHARACTERS, read_values
from diagnostics.failure import Denial
from diagnostics.text.answer.denial.named_actions import actions_in_prose
from diagnostics.text.read.author.own_words import with_own_policies
from diagnostics.text.read.author.stated_facts import without_other_trusts
from diagnostics.text.templates.policies import WrittenPolicy
from diagnostics.words import is_trust_action
from iam.lazy_pattern import regex
from iam.policy.decision import Fault


def finding_of(denial: Denial) -> Finding | None:
    """Return what the text's policy documents say about its denied request; None if none of them can be evaluated."""
    shown = with_stand_ins(denial)
    found = _finding_of(denial if shown is None else shown.denial)
    if found is None:
        return of_an_idle_statement(denial)
    return with_the_device(found if shown is None else shown.restored(found), denial)


def _finding_of(denial: Denial) -> Finding | None:
    if (before := of_a_bootstrap_role(denial, _finding_of)) is not None:
        return before
    denial = with_account(denial)
    given = denial.action is not None or denial.missing_action is not None
    if not given:
        named = actions_in_prose(denial)
        denial = replace(denial, action=named[0]) if len(named) == 1 else of_an_address(denial)
    if (proven := cause_without_policies(denial)) is not None:
        return proven
    text = with_own_policies(denial.pasted or denial.text[:MOST_CHARACTERS])
    if not has_trust_with_condition(text):
        text = without_other_trusts(text, denial)
    values, written = read_values(text)
    delivered = (one.document for one in documents_of(text, values, written, denial, "s3:PutObject"))
    proven = of_a_key_prefix(denial, delivered) or of_an_own_request(denial) or of_left_out_actions(denial, text)
    if proven is not None:
        return proven
    claims_trust = denial.claims_trust
    denial, action, is_named = denied_request(denial, text, values, written, given=given)
    if not claims_trust and is_of_the_operation(denial, action):
        return None
    if action is None or ":" not in action:
        return _of_an_unknown_action(denial, text, values, written)
    if is_trust_action(action) and across_partitions(denial):
        return None  # no policy lets a caller of one partition assume a role in another
    documents = tuple(documents_of(text, values, written, denial, action))
    if (left_out_there := of_an_endpoint_policy(denial, documents)) is not None:
        return left_out_there
    shown = [one.document for one in documents]
    if claims_trust and (denial.service or not any(map(names_people, shown))):
        return of_services_trust(denial, shown)
    if claims_trust:
        denial = replace(denial, claims_trust=False, action=action)
    proven = (
        of_a_new_policy(with_arn(denial), text, action)
        or of_an_old_version(documents, text, action)
        or of_pod_identity(denial, shown)
        or of_a_saml_endpoint(denial, shown)
        or of_a_boundary_left_out(denial, shown)
        or of_a_deny_by_address(denial, shown)
    )
    if proven is not None:
        return proven
    case = Comparison(denial, action, text, values, documents)
    source = source_left_out(case) if denial.operation == "CopyObject" and not denial.stated_reason else ""
    if source:
        case = replace(case, denial=replace(denial, action="s3:GetObject", resource=source), action="s3:GetObject")
    allowed = [each.action or () for one in case.found for each in one.document.statements if each.effect == "Allow"]
    copied = not source and all(one.whole for one in case.found)
    proven = (of_a_copy(denial, allowed) if copied else None) or of_a_new_key(case.denial, allowed)
    return proven or of_trusted_subjects(documents, text, case.action) or _of_policies(case, is_named=is_named)


def _of_an_unknown_action(
    denial: Denial,
    text: str,
    values: tuple[tuple[int, int, Any], ...],
    written: tuple[WrittenPolicy, ...],
) -> Finding | None:
    """Return what the documents say about any call on the resource, if the text does not name the action."""
    refused = refused_buckets(denial)
    asked = replace(denial, resource=denial.resource or f"arn:aws:s3:::{next(iter(refused), '-')}/-")
    any_call = tuple(documents_of(text, values, written, asked, "s3:GetObject"))
    return (
        of_an_endpoint_policy(denial, any_call)
        or of_a_deny_by_address(denial, [one.document for one in any_call])
        or of_a_bucket_left_out(denial, any_call)
        or of_any_action(denial, any_call, values)
    )


def _of_policies(case: Comparison, *, is_named: bool) -> Finding | None:
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
    if (both := of_both_sides(denial, action, tuple(mine), theirs, found)) is not None:
        return both
    if not case.stated and not lacks(findings):
        findings += of_matching_guardrails(case)
    first = deciding(findings, explicit=case.is_explicit, stated=case.stated)
    if first is None and case.stated == "resource":
        first = next((one for one in mine if one.resembles), None)
    if first is None:
        return None
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
"""What an Allow may lack: the last parts of cause codes."""
_KEY_REFUSED = regex(
    r"Access to KMS is not allowed|KMS access was denied|refers to a customer master key|\bKMS\.AccessDeniedException"
)
