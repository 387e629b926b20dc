"""What the review would say of a role once it is there, said before."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.review.finding import Finding
from diagnostics.review.run import review
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role
from iam.creation.spec import RoleSpec
from iam.gate.finding import GateFinding

_RULES = (
    *("trust.public", "trust.external-without-id", "trust.wide-subject", "trust.missing-audience"),
    *("trust.confused-deputy", "forecast.github-subject", "permissions"),
)
"""Those on what is wider than meant. What is missing is looked up by the other checks, on the spot."""


def review_findings(spec: RoleSpec, role: Role, reviewed: ReviewedAccount, *, writes: bool) -> Iterator[GateFinding]:
    """``reviewed`` has the role in it; ``writes``: it may change something, and so perhaps make itself more. May
    block."""
    for found in review(reviewed, rules=(*_RULES, *(("escalation",) if writes else ())), role=role.name):
        if isinstance(found, Finding):
            field, name, line = _place(found, spec)
            way = found.fixes[0] if found.fixes else None
            advice = f"{way.title}." if way is not None else ""
            yield GateFinding(found.rule, found.summary, advice, field, name, line)


def _place(found: Finding, spec: RoleSpec) -> tuple[str, str, int]:
    """The field of the spec, the policy's name and the line that a finding is about."""
    if found.rule.startswith(("trust.", "forecast.")):
        return "trust", "", 0
    for each in found.evidence:
        if each.layer != "identity":
            continue
        line = 0
        if each.document is not None and each.statement is not None:
            line = each.document.statement_span(each.statement).first_line
        if each.arn in spec.attached:
            return "attached", each.arn or "", line
        if each.policy in {policy.name for policy in spec.new_policies}:
            return "policies", each.policy or "", line
        return "inline", each.policy or "", line
    return "inline", "", 0
