"""Find the action that IAM checks if a text names an API operation instead of an action (``s3:HeadBucket``)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.place import place_of
from diagnostics.access_denied.fixes.proof import evaluated, replaced
from diagnostics.access_denied.near_misses import named_operation
from diagnostics.access_denied.request.subject import Subject
from diagnostics.fix import Fix, Note, PolicyChange
from diagnostics.who import Who
from iam.api_operations import actions_behind
from iam.claims import Sourced
from iam.policy.decision import NearMiss
from iam.policy.edits import as_list, as_written, statement_value, with_changed
from iam.service_reference import is_unlisted, spelled
from iam.words import listing


def with_iam_action(subject: Subject) -> Subject:
    """Return the subject with the action that IAM checks, if the text names an API operation instead of an action.

    An operation for which IAM may check one of several actions is not replaced: see `operation_note`.
    """
    behind = actions_behind(subject.action or "")
    if len(behind) != 1:
        return subject
    said = f"{subject.action} is an API operation, not an IAM action: for this operation, IAM checks {behind[0]}"
    assert subject.what is not None
    return replace(subject.noting(said), what=Sourced(behind[0], subject.what.source, subject.what.read_from))


def operation_words(near: NearMiss) -> str:
    """Return a sentence about a statement that names the API operation instead of the action, and so allows nothing.

    "" if the statement names no such operation.
    """
    name = named_operation(near)
    if name is None:
        return ""
    return (
        f" {name} is an API operation, not an IAM action, so the statement grants nothing with this name. IAM "
        f"checks {listing(actions_behind(name))}."
    )


def operation_fixes(case: Case, near: NearMiss | None) -> Iterator[Fix]:
    """Yield the fix for a statement that names an API operation: replace the operation with the action."""
    name = named_operation(near)
    if near is None or name is None:
        return
    action = spelled(case.request.action)
    condition = statement_value(near.policy.document, near.statement).get("Condition")

    def corrected(statement: dict[str, object]) -> None:
        had = as_list(copy.deepcopy(statement.get("Action")))
        new = [action if one.lower() == name.lower() else one for one in had]
        statement["Action"] = as_written(list(dict.fromkeys(new)))

    after = with_changed(near.policy.document, near.statement, corrected)
    changed = replaced(case.effective_policies, near.policy, after)
    title = f"Write {action} for {name} in statement {near.sid or near.statement + 1} of {near.policy.name}"
    change = PolicyChange(place_of(near.policy), statement_value(after, near.statement), near.policy.document, after)
    yield evaluated(case, title, Who.ACCOUNT_ADMIN, change, changed, condition=condition)


def operation_note(case: Case) -> Fix | None:
    """Return the fix for an operation that maps to several actions, or for an action that AWS does not list.

    None if AWS lists the action. For any other name, adding a statement is not a fix, because the statement would grant
    nothing.
    """
    action = case.request.action
    who = case.caller.name or "the caller"
    target = case.caller.entity_arn or who
    if behind := actions_behind(action):
        return Fix(
            f"Allow those actions of {listing(behind, limit=6)} that the call uses: IAM has no action {action}",
            Who.ACCOUNT_ADMIN,
            Note(
                target,
                f"{action} is an API operation, not an IAM action. Depending on the call, IAM checks one or more of "
                f"{listing(behind, limit=6)} on {case.request.resource if case.resource_known else 'the resource'}. "
                "Diagnose again with the action that was refused.",
            ),
        )
    if not is_unlisted(action):
        return None
    return Fix(
        f"Check the name {action} first: it is not in AWS's list of actions",
        Who.YOU,
        Note(
            target,
            f"The service authorization reference in this version of rolescope does not list {action}. If AWS has "
            f"added the action since, allow it for {who}. If the name is a typing mistake or the name of an API "
            "operation, a statement with this name grants nothing.",
        ),
    )
