"""The verdict adds what the gate found to the plan, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from iam.account import Account, ManagedPolicy, PolicyVersion
from iam.changes.builders.policies import new_version
from iam.gate.finding import GateFinding
from iam.gate.rule import Outcome
from iam.gate.verdict import Verdict
from iam.policy.document import Document


def test_a_warning_that_the_plan_has_without_its_way_out_is_said_once() -> None:
    old = PolicyVersion("v1", Document('{"Version": "2012-10-17", "Statement": []}'), is_default=True)
    policy = ManagedPolicy("read", "arn:aws:iam::111122223333:policy/read", versions=(old,), default_version_id="v1")
    plan = new_version(policy, '{"Statement": []}', Account("111122223333", "demo", datetime.now(UTC)))
    known, other = (
        GateFinding("permission.none", text, "Choose what it is for.", known=Outcome.NOTE)
        for text in ("The role may do nothing yet.", "Another thing.")
    )
    verdict = Verdict.of(replace(plan, warnings=(known.text,)), [known, other])
    assert verdict.plan.warnings == (known.text, "Another thing. Choose what it is for.")
