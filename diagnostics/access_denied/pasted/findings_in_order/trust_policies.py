"""Find the trust policies among a text's documents, and the callers that they accept."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.pasted.token_subjects import of_subjects, quoted_conditions
from diagnostics.failure import Denial
from diagnostics.text.templates.shorthand import shorthand_policies
from iam.policy.document import Document
from iam.policy.match import names_action
from iam.policy.statements import Statement


def has_trust_with_condition(text: str) -> bool:
    """Return whether a trust policy described in words has a condition that can be evaluated."""
    given = (each for one in shorthand_policies(text) for each in one.statements) if "rust" in text else ()
    return any(each.keys() >= {"Condition", "Principal"} and "Resource" not in each for each in given)


def across_partitions(denial: Denial) -> bool:
    """Return whether the caller and the resource are in different partitions.

    IAM User Guide, "Amazon Resource Names (ARNs)":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html.
    """
    caller, target = (denial.principal or "").split(":"), (denial.resource or "").split(":")
    return caller[0] == target[0] == "arn" and caller[1] != target[1]


def of_trusted_subjects(documents: Sequence[PastedPolicy], text: str, action: str) -> Finding | None:
    """Return a finding if a trust policy in the text does not accept the token's subject, or accepts none."""
    trusts = [one for one in documents if any(_trusts_tokens(each) for each in one.document.statements)]
    if not trusts:
        return of_subjects(text, *quoted_conditions(text), action)
    statements = [pair for one in trusts for pair in enumerate(one.written)]
    return of_subjects(text, statements, [one.span for one in trusts], action)


def names_people(document: Document) -> bool:
    """Return whether a trust policy names roles, users or accounts, and no service."""
    kinds = {kind for each in document.statements for kind, _ in each.principal or ()}
    return kinds == {"AWS"}


def _trusts_tokens(statement: Statement) -> bool:
    named = statement.action or ()
    return statement.effect == "Allow" and names_action(named, "sts:AssumeRoleWithWebIdentity")
