"""How to make a trust policy or another resource's policy accept a caller that the policy does not name."""

from __future__ import annotations

import json

from diagnostics.access_denied.pasted.fixes.caller_arn import NOBODY, path_note
from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.access_denied.pasted.fixes.kept_conditions import without_key
from diagnostics.access_denied.pasted.fixes.resource_statement import granting
from diagnostics.fix import Fix, Note
from iam.arn import name_of, names_a_service
from iam.ownership import permission_set_of
from iam.policy.decision import Fault
from iam.policy.principal import caller as request_caller

# IAM User Guide, "AWS global condition context keys": only calls of service principals have these keys
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
_OF_SERVICES = ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths")


def accept_the_caller(statement: FaultyStatement) -> Fix | None:
    """The policy of a role or another resource does not name the caller."""
    near, request, word = statement.near, statement.request, statement.word
    unnamed = statement.fault == Fault.PRINCIPAL_MISMATCH.value and word in ("resource", "trust")
    if not unnamed or request.principal == NOBODY:
        return None
    added = granting(request, statement.action, statement.on)
    if word == "trust":
        added.pop("Resource", None)
    from iam.policy.edits import statement_value  # only a policy with a principal needs it

    condition = statement_value(near.policy.document, near.statement).get("Condition") or {}
    if not names_a_service(request.principal or ""):
        for key in _OF_SERVICES:
            condition = without_key(condition, key)
    added |= {"Condition": condition} if condition else {}
    same = f" The new statement has the same condition as {statement.which}." if condition else ""
    text = (
        f"If the caller should have access, add the statement {json.dumps(added)}.{same}{path_note(request.principal)}"
    )
    trusted = next(iter(near.wanted)) if word == "trust" and len(near.wanted) == 1 else ""
    who_called = request_caller(request.principal)
    # People sign in to a permission set's role; no other caller assumes it.
    if not permission_set_of(name_of(trusted)) and trusted.startswith(
        f"arn:{who_called.partition}:iam::{who_called.account}:role/"
    ):
        text = f"If the call should come from {trusted}, assume that role first; then no policy has to change. {text}"
    title = f"Let the policy of the {'role' if word == 'trust' else 'resource'} name the caller"
    return Fix(title, statement.owner, Note(statement.place, text))


def trust_the_caller_too(statement: FaultyStatement) -> Fix | None:
    """The trust policy's closest statement names neither the action nor the caller."""
    if statement.fault != Fault.NO_ACTION.value or statement.word != "trust" or not statement.stranger:
        return None
    added = granting(statement.request, statement.action, statement.on)
    added.pop("Resource", None)
    text = (
        f"Add the statement {json.dumps(added)}.{path_note(statement.request.principal)} Keep the existing statement, "
        "which trusts another principal."
    )
    return Fix("Let the role accept the caller", statement.owner, Note(statement.place, text))
