"""Advice on a condition of an Allow that the request does not meet. The first rule that applies is used."""

from __future__ import annotations

from diagnostics.access_denied.pasted.fixes.chosen_values import (
    accept_or_correct_the_change,
    allow_a_global_service,
    find_out_which_is_correct,
    make_an_allowed_request,
    name_existing_regions,
)
from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement, Rule
from diagnostics.access_denied.pasted.fixes.tag_conditions import (
    allow_by_request_tag,
    allow_tags_on_what_exists,
    allow_without_tags,
    tag_or_accept_the_resource,
)
from diagnostics.access_denied.pasted.fixes.values_of_the_call import (
    accept_the_receiving_service,
    accept_the_session_mode,
    accept_the_value_of_owners,
    match_the_kind_of_call,
    take_the_action_out,
)
from diagnostics.fix import Fix
from iam.policy.decision import Fault
from iam.policy.operators import operator

_RULES: tuple[Rule, ...] = (
    accept_the_receiving_service,
    accept_the_session_mode,
    allow_by_request_tag,
    allow_without_tags,
    allow_tags_on_what_exists,
    take_the_action_out,
    match_the_kind_of_call,
    tag_or_accept_the_resource,
    accept_the_value_of_owners,
)
_RULES_OF_CHOSEN_VALUES: tuple[Rule, ...] = (
    accept_or_correct_the_change,
    find_out_which_is_correct,
    name_existing_regions,
    allow_a_global_service,
    make_an_allowed_request,
)


def meet_the_condition(statement: FaultyStatement) -> Fix | None:
    """A condition is known not to be met."""
    if statement.fault != Fault.CONDITION_UNMET.value or not statement.near.conditions:
        return None
    rules = (*_RULES, *_RULES_OF_CHOSEN_VALUES) if _is_chosen(statement) else _RULES
    return next((fix for rule in rules if (fix := rule(statement)) is not None), None)


def _is_chosen(statement: FaultyStatement) -> bool:
    """Return whether the request's value is known, and the caller can choose it."""
    first = statement.condition
    return (
        first.had is not None and operator(first.operator) is not None and not first.key.lower().startswith(_NOT_SENT)
    )


_NOT_SENT = ("aws:principal", "aws:source", "aws:via", "aws:called", "aws:resource", "aws:user")
"""Keys that the caller's request cannot choose."""
