"""What a plan uncovers: findings that another one covers until it is carried out."""

from __future__ import annotations

from pathlib import Path

from diagnostics.plans.fix import plan_for_fix
from diagnostics.review.afterwards import with_afterwards
from diagnostics.review.finding import Acceptance, Finding
from diagnostics.review.run import POLICY_RULES, concluded, review
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.questions import ID, role, snapshot
from tests.support.accounts.review_cases import boss
from tests.support.accounts.reviewing import reviewed

WIDE = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}


def test_a_plan_says_which_findings_of_the_role_it_uncovers(tmp_path: Path) -> None:
    subject = reviewed(tmp_path, snapshot([boss({"AWS": f"arn:aws:iam::{ID}:root"}), role("wide", WIDE)]))
    found = [one for one in review(subject, rules=POLICY_RULES) if isinstance(one, Finding)]
    listed = concluded(subject, found).findings
    path = next(one for one in listed if one.rule == "escalation.path" and one.subject.endswith("/wide"))
    plan = plan_for_fix(path.fixes[0], OpenedAccount(subject.account, subject.reader))

    after = with_afterwards(plan, subject, listed, (path.subject,))
    assert after.warnings == (
        *plan.warnings,
        "After it, 1 other finding of wide shows (medium: Is allowed all actions except some).",
    )
    covered = next(one for one in listed if one.double_of == path.key)
    accepted = concluded(subject, found, [Acceptance(covered.rule, covered.subject, "known")]).findings
    assert with_afterwards(plan, subject, accepted, (path.subject,)) == plan
    assert with_afterwards(plan, subject, listed, ()) == plan
