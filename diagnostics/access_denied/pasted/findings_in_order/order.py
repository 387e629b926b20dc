"""Compare the policy documents in a pasted text with the request that the text says was denied.

The text does not show whether such a document is in effect, so an Allow that the document lacks is only the likely
cause.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.aws_managed_policies import of_a_new_policy
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.findings_in_order.action_and_caller import (
    as_evaluated,
    denied_request,
    is_of_the_operation,
    source_left_out,
)
from diagnostics.access_denied.pasted.findings_in_order.causes_without_policies import cause_without_policies
from diagnostics.access_denied.pasted.findings_in_order.comparison import Comparison
from diagnostics.access_denied.pasted.findings_in_order.evaluated_policies import finding_of_policies
from diagnostics.access_denied.pasted.findings_in_order.trust_policies import (
    across_partitions,
    has_trust_with_condition,
    names_people,
    of_trusted_subjects,
)
from diagnostics.access_denied.pasted.json_in_text import MOST_CHARACTERS, read_values
from diagnostics.access_denied.pasted.masked_accounts import with_stand_ins
from diagnostics.access_denied.pasted.policies_in_text import documents_of
from diagnostics.access_denied.pasted.policies_of_other_keys import without_other_keys
from diagnostics.access_denied.pasted.proven_causes.bootstrap_roles import of_a_bootstrap_role
from diagnostics.access_denied.pasted.proven_causes.buckets_and_file_systems import of_a_copy, of_an_anonymous_mount
from diagnostics.access_denied.pasted.proven_causes.denies_of_any_action import of_any_action
from diagnostics.access_denied.pasted.proven_causes.endpoint_policies import of_an_endpoint_policy
from diagnostics.access_denied.pasted.proven_causes.function_qualifiers import of_an_invoked_qualifier
from diagnostics.access_denied.pasted.proven_causes.idle_statements import of_an_idle_statement
from diagnostics.access_denied.pasted.proven_causes.iot_devices import with_the_device
from diagnostics.access_denied.pasted.proven_causes.key_policies import of_a_key_policy
from diagnostics.access_denied.pasted.proven_causes.key_prefixes import of_a_key_prefix
from diagnostics.access_denied.pasted.proven_causes.kms_keys import of_a_new_key
from diagnostics.access_denied.pasted.proven_causes.left_out_actions import of_left_out_actions
from diagnostics.access_denied.pasted.proven_causes.left_out_key_actions import of_left_out_key_actions
from diagnostics.access_denied.pasted.proven_causes.limits import of_a_boundary_left_out, of_a_deny_by_address
from diagnostics.access_denied.pasted.proven_causes.malformed_actions import of_malformed_actions
from diagnostics.access_denied.pasted.proven_causes.old_version import of_an_old_version
from diagnostics.access_denied.pasted.proven_causes.own_requests import of_an_own_request
from diagnostics.access_denied.pasted.proven_causes.provider_accounts import of_another_accounts_provider
from diagnostics.access_denied.pasted.proven_causes.stack_sets import of_a_deleted_principal, of_a_stack_set
from diagnostics.access_denied.pasted.proven_causes.trust_policies import (
    of_a_saml_endpoint,
    of_pod_identity,
    of_services_trust,
)
from diagnostics.access_denied.pasted.proven_causes.trusts_without_tokens import of_a_trust_without_tokens
from diagnostics.access_denied.pasted.request_resource import with_arn
from diagnostics.access_denied.pasted.s3_addresses import of_a_bucket_left_out, of_an_address, refused_buckets
from diagnostics.failure import Denial
from diagnostics.text.answer.denial.named_actions import actions_in_prose
from diagnostics.text.read.author.quoted_or_own_words import with_own_policies
from diagnostics.text.read.author.stated_facts import without_other_trusts
from diagnostics.text.templates.line_marks import without_line_marks
from diagnostics.text.templates.policies import WrittenPolicy
from diagnostics.words import is_trust_action


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
    denial = as_evaluated(denial)
    given = denial.action is not None or denial.missing_action is not None
    if not given:
        named = actions_in_prose(denial)
        denial = replace(denial, action=named[0]) if len(named) == 1 else of_an_address(denial)
    if (proven := cause_without_policies(denial)) is not None:
        return proven
    text = without_line_marks(with_own_policies(denial.pasted or denial.text[:MOST_CHARACTERS]))
    if not has_trust_with_condition(text):
        text = without_other_trusts(text, denial)
    values, written = read_values(text)
    delivered = (one.document for one in documents_of(text, values, written, denial, "s3:PutObject"))
    mounted = (one for one in documents_of(text, values, written, denial, "elasticfilesystem:ClientMount"))
    proven = (
        of_malformed_actions(denial, values, written)
        or of_a_key_prefix(denial, delivered)
        or of_an_anonymous_mount(denial, mounted)
        or of_an_own_request(denial)
        or of_a_key_policy(denial, text)
        or of_left_out_actions(denial, text)
        or of_left_out_key_actions(denial, text)
    )
    if proven is not None:
        return proven
    denial, action, is_named = denied_request(denial, text, values, written, given=given)
    if action is None or ":" not in action:
        return _of_an_unknown_action(denial, text, values, written)
    documents = tuple(documents_of(text, values, written, denial, action))
    documents = without_other_keys(documents, text, denial, action)
    if not denial.claims_trust and is_of_the_operation(denial, action, documents):
        return None
    if is_trust_action(action) and across_partitions(denial):
        return None  # no policy lets a caller of one partition assume a role in another
    return _of_the_documents(Comparison(denial, action, text, values, documents), is_named=is_named)


def _of_the_documents(case: Comparison, *, is_named: bool) -> Finding | None:
    """Return a cause that the documents prove, or else the finding from their evaluation.

    ``is_named``: the text outside its policies names the action.
    """
    denial, action, text, documents = case.denial, case.action, case.text, case.documents
    if (elsewhere := of_an_endpoint_policy(denial, documents) or of_a_stack_set(denial, documents)) is not None:
        return elsewhere
    shown = [one.document for one in documents]
    trusted = [each for each in documents if each.names_principals] if is_trust_action(action) else []
    if (deleted := of_a_deleted_principal(denial, trusted)) is not None:
        return deleted
    if denial.claims_trust and (denial.service or not any(map(names_people, shown))):
        return of_services_trust(denial, shown)
    if denial.claims_trust:
        denial = replace(denial, claims_trust=False, action=action)
        case = replace(case, denial=denial)
    proven = (
        of_a_new_policy(with_arn(denial), text, action)
        or of_an_old_version(documents, text, action)
        or of_pod_identity(denial, shown)
        or of_another_accounts_provider(denial, shown)
        or of_a_saml_endpoint(denial, shown)
        or of_a_boundary_left_out(denial, shown)
        or of_a_deny_by_address(denial, shown)
        or of_an_invoked_qualifier(denial, documents, action)
    )
    if proven is not None:
        return proven
    source = source_left_out(case) if denial.operation == "CopyObject" and not denial.stated_reason else ""
    if source:
        case = replace(case, denial=replace(denial, action="s3:GetObject", resource=source), action="s3:GetObject")
    allowed = [each.action or () for one in case.found for each in one.document.statements if each.effect == "Allow"]
    copied = not source and all(one.whole for one in case.found)
    proven = (of_a_copy(denial, allowed) if copied else None) or of_a_new_key(case.denial, allowed)
    proven = proven or of_a_trust_without_tokens(documents, text, case.action)
    return proven or of_trusted_subjects(documents, text, case.action) or finding_of_policies(case, is_named=is_named)


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
