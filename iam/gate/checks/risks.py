"""Check a new role for the risks that the review would find in it later (`iam.risks`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iam.account import Role
from iam.creation.spec import RoleSpec
from iam.gate.finding import GateFinding
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.risks.judged_account import JudgedAccount
from iam.risks.risk import Risk
from iam.risks.table import PRINCIPAL_RISKS, ROLE_RISKS

Statement = tuple[str | None, str | None, Document | None, int | None]
"""A policy's name and ARN, its document, and the index of a statement in it."""


def trust_risks(spec: RoleSpec, role: Role, judged: JudgedAccount) -> Iterator[GateFinding]:
    """Check whether the trust policy lets the wrong principals assume the role.

    ``judged`` must contain the role already. May block.
    """
    for look in ROLE_RISKS.values():
        yield from (_finding(risk, spec) for risk in look(judged, role))


def permission_risks(spec: RoleSpec, role: Role, judged: JudgedAccount) -> Iterator[GateFinding]:
    """Check whether the role has broader permissions than intended. May block."""
    principal = judged.principal(role.arn)
    if principal is None:
        return
    for look in PRINCIPAL_RISKS.values():
        yield from (_finding(risk, spec) for risk in look(judged, principal))


def _finding(risk: Risk, spec: RoleSpec) -> GateFinding:
    field, name, line = "trust", "", 0
    if risk.rule in PRINCIPAL_RISKS:
        proofs = (each for each in risk.proofs if each.layer is Layer.IDENTITY)
        statements = ((each.policy.name, each.policy.arn, each.policy.document, each.statement) for each in proofs)
        field, name, line = place_of(statements, spec)
    return GateFinding(risk.rule.id, risk.summary, f"{risk.advice.title}.", field, name, line)


def place_of(statements: Iterable[Statement], spec: RoleSpec) -> tuple[str, str, int]:
    """Return where the first statement is: the field of the specification, the policy's name, and the line number."""
    for name, arn, document, statement in statements:
        line = 0
        if document is not None and statement is not None:
            line = document.statement_span(statement).first_line
        if arn in spec.attached:
            return "attached", arn or "", line
        if name in {policy.name for policy in spec.new_policies}:
            return "policies", name or "", line
        return "inline", name or "", line
    return "inline", "", 0
