"""How to change a condition that the call of an AWS service does not meet."""

from __future__ import annotations

from diagnostics.access_denied.near_misses import statement_words
from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.access_denied.pasted.fixes.policy_variables import has_the_user_name
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.policy.decision import NearMiss
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.service_reference import spelled
from iam.words import listing


def correct_the_service_condition(statement: FaultyStatement) -> Fix | None:
    """An AWS service makes the call, and a condition is not met."""
    if not statement.near.conditions or statement.word == "trust" or has_the_user_name(statement):
        return None
    if request_caller(statement.request.principal).kind is not Kind.SERVICE:
        return None
    return _of_a_service(statement.near, statement.action, statement.owner, statement.place)


OF_SERVICES = {
    "aws:sourcearn": "the ARN of the resource for which the service calls",
    "aws:sourceaccount": "the account of that resource",
    "aws:sourceorgid": "the organization of that account",
    "aws:sourceorgpaths": "the organizational unit of that account",
}
"""Keys with which an AWS service says for what it makes the call, with each value in words.

   IAM User Guide, "AWS global condition context keys":
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html. AWS sends the last two only if
the calling service supports them, so a call may lack them.
"""


_COUNTERPARTS = {"aws:principalorgid": "aws:SourceOrgID", "aws:principalorgpaths": "aws:SourceOrgPaths"}
"""Condition keys of principals, which services' calls lack, with the corresponding key of the resource for which a
service calls."""


def _of_a_service(near: NearMiss, action: str, who: Who, place: str) -> Fix:
    """Return how to change a condition that a service's call does not meet, because no caller can set its keys."""
    first, which = near.conditions[0], statement_words(near)
    key, low = first.key, first.key.lower()
    if first.had:
        text = (
            f"If {listing(list(first.had))} should have access, add it to the values of {key}. Remove "
            f"{listing(list(first.wanted))} only if it no longer needs access. Keep the condition."
        )
        everywhere = listing([which, *_of_the_same_values(near)], limit=6)
        return Fix(f"Let {everywhere} name {listing(list(first.had))}", who, Note(place, text))
    if low in ("aws:sourcearn", "aws:sourceaccount"):
        text = (
            f"The value must be {OF_SERVICES[low]}, spelled exactly as the service sends it. The condition currently "
            f"requires {listing(first.wanted, 'or')}."
        )
        return Fix(f"Check {key} in {which}", who, Note(place, text))
    statement = near.policy.document.statements[near.statement]
    for_services = {kind for kind, _ in statement.principal or ()} == {"Service"}
    others = len(statement.action or ()) > 1 and not for_services
    what = f"Put {spelled(action)} into a separate statement" if others else "Write the statement"
    same = f"{_COUNTERPARTS[low]} with the same values (if the service sends it), " if low in _COUNTERPARTS else ""
    text = (
        f"{what}, with {same}aws:SourceArn or aws:SourceAccount in place of {key}. The statement is then limited "
        "to the resource or account for which the service calls."
    )
    limited = which if for_services else f"{spelled(action)} in {which}"
    return Fix(f"Limit {limited} by a key other than {key}", who, Note(place, text))


def _of_the_same_values(near: NearMiss) -> list[str]:
    """Return the document's other Allow statements that require the same values of the key."""
    first = near.conditions[0]
    return [
        f"statement {each.sid or index + 1}"
        for index, each in enumerate(near.policy.document.statements)
        if index != near.statement
        and each.effect == "Allow"
        and any(
            block.key.lower() == first.key.lower() and set(block.values) == set(first.wanted)
            for block in each.conditions
        )
    ]
