"""A new role or user without the permissions boundary that the text says is required."""

from __future__ import annotations

from diagnostics.claims.kinds import StatedFact
from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.author.demanded_boundary import where_to_set_boundary
from diagnostics.text.read.author.stated_facts import Facts
from diagnostics.who import Who
from iam.arn import name_of
from iam.lazy_pattern import regex

_MAKES = frozenset(("iam:createrole", "iam:createuser", "iam:attachrolepolicy", "iam:putrolepolicy"))


_HAS_BOUNDARY = regex(r"\bpermissions_boundary\s*=\s*\S|\"?\bPermissionsBoundary\"?\s*:\s*\S")


def needs_a_boundary(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a new role or user must have the permissions boundary that the text says is required.

    IAM User Guide, "Permissions boundaries for IAM entities", "Delegating responsibility to others"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
    """
    fact = facts.get(StatedFact.BOUNDARY_REQUIRED)
    if fact is None or (denial.missing_action or denial.action or "").lower() not in _MAKES:
        return None
    if (denial.stated_reason or "implicit:identity") != "implicit:identity" or _HAS_BOUNDARY.search(denial.text):
        return None
    boundary = fact.name or "the required boundary"
    new = denial.resource or "the new role"
    return decide(
        "identity.condition-unmet",
        f"“{fact.words}”",
        f"Most likely {name_of(new)} is created without the permissions boundary that the text says is required: "
        "the caller may create only roles with that boundary.",
        f"Give {name_of(new)} the permissions boundary, and every role that the tool itself creates",
        Who.CALLER,
        new,
        f"Set {boundary} for the entire app or stack and not for single roles: {where_to_set_boundary(denial.text)}.",
    )
