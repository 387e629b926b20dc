"""Choose what to change in a policy in the text, or in the request, so that the statement allows the request."""

from __future__ import annotations

from diagnostics.access_denied.pasted.fixes.external_id import (
    accept_or_send_the_external_id,
    compare_the_external_id,
    send_the_external_id,
)
from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement, Rule
from diagnostics.access_denied.pasted.fixes.missing_allow import add_the_inner_resource, allow_the_request
from diagnostics.access_denied.pasted.fixes.policy_variables import (
    give_the_caller_the_tag,
    give_the_resource_the_tag,
    replace_the_user_name,
)
from diagnostics.access_denied.pasted.fixes.service_calls import correct_the_service_condition
from diagnostics.access_denied.pasted.fixes.statement_action import correct_the_action, let_the_trust_policy_allow_it
from diagnostics.access_denied.pasted.fixes.trusted_caller import accept_the_caller, trust_the_caller_too
from diagnostics.access_denied.pasted.fixes.unknown_condition import meet_the_unknown_condition
from diagnostics.access_denied.pasted.fixes.unmet_condition import meet_the_condition
from diagnostics.fix import Fix

RULES: tuple[Rule, ...] = (
    add_the_inner_resource,
    accept_the_caller,
    correct_the_action,
    trust_the_caller_too,
    let_the_trust_policy_allow_it,
    allow_the_request,
    give_the_resource_the_tag,
    replace_the_user_name,
    give_the_caller_the_tag,
    correct_the_service_condition,
    meet_the_unknown_condition,
    compare_the_external_id,
    accept_or_send_the_external_id,
    send_the_external_id,
    meet_the_condition,
)


def fix_of(statement: FaultyStatement) -> Fix | None:
    """Return what to change in the text's policy; None if the finding's sentence is enough."""
    return next((fix for rule in RULES if (fix := rule(statement)) is not None), None)
