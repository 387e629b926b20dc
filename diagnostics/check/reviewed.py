"""Find the paths to administrator that the review would find for a role once it is created."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.review.finding import Finding
from diagnostics.review.run import review
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role
from iam.creation.spec import RoleSpec
from iam.gate.checks.risks import place_of
from iam.gate.finding import GateFinding


def escalation_findings(spec: RoleSpec, role: Role, reviewed: ReviewedAccount) -> Iterator[GateFinding]:
    """Yield the findings. ``reviewed`` already contains the role. May block."""
    for found in review(reviewed, rules=("escalation",), role=role.name):
        if isinstance(found, Finding):
            proofs = (each for each in found.evidence if each.layer == "identity")
            place = place_of(((each.policy, each.arn, each.document, each.statement) for each in proofs), spec)
            advice = f"{found.fixes[0].title}." if found.fixes else ""
            yield GateFinding(found.rule, found.summary, advice, *place)
