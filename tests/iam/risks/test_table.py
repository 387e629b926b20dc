"""A rule that the gate and the review share is written once."""

from __future__ import annotations

from diagnostics.review.finding import Rule
from diagnostics.review.rules.table import RULES as REVIEWED
from iam.gate.table import RULES as GATED
from iam.risks.table import PRINCIPAL_RISKS, ROLE_RISKS

SHARED = (*ROLE_RISKS, *PRINCIPAL_RISKS)


def test_gate_and_review_take_the_same_rules() -> None:
    assert len(SHARED) == 13
    for rule in SHARED:
        assert REVIEWED[rule.id] is rule
        assert GATED[rule.id].outcome.found


def test_what_the_review_has_alone_the_gate_has_not() -> None:
    alone = {id for id, rule in REVIEWED.items() if isinstance(rule, Rule)}
    assert alone & set(GATED) == {"escalation.path"}  # the search is the review's, for every role at once
