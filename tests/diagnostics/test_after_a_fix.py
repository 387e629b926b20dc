"""A text that was explained, whose fix was carried out, is explained again: the change is what counts now."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from diagnostics.diagnose import collect
from diagnostics.diagnosis import Confidence
from diagnostics.fix import UnknownValue
from diagnostics.fix_report import proof_of
from diagnostics.past_changes import OwnChange
from diagnostics.plans.fix import plan_for_fix, why_no_plan, written_policies
from diagnostics.report import to_markdown, to_text
from diagnostics.text.read.parse import parse
from iam.demo.aws.world import World
from iam.demo.open import reader as reader_of
from iam.sources.reader.opened import OpenedAccount
from tests.support.demo.failures import FAILURES
from tests.support.gate.let_through import apply

TEXTS = {failure.id: failure.text for failure in FAILURES}


@pytest.mark.parametrize("failure", ["F01", "F03", "F05", "F18", "F28"])
def test_the_same_text_is_allowed_now(failure: str, demo_world: World, tmp_path: Path) -> None:
    reader = reader_of(demo_world)
    denial = parse(TEXTS[failure])[0]
    account = list(reader.accounts())[-1]
    fix = next(fix for fix in collect(denial, OpenedAccount(account, reader), {}).fixes if not why_no_plan(fix))

    plan = plan_for_fix(fix, OpenedAccount(account, reader))
    for _ in apply(plan, reader, writable=True, directory=tmp_path):
        pass

    opened = OpenedAccount(list(reader.accounts())[-1], reader)
    verdict = collect(denial, opened).verdict
    assert verdict.cause == "allowed.now", verdict.summary

    own = OwnChange(plan.title, reader.clock() - timedelta(seconds=12), written_policies(plan))
    mine = collect(denial, opened, own_change=own)
    # The answer asks for nothing that the fix's evaluation did not need, and is as certain.
    needed = {each.key for each in fix.hangs_on if isinstance(each, UnknownValue)}
    assert {each.key for each in mine.verdict.questions} <= needed
    if fix.verified is True and not fix.hangs_on:
        assert mine.verdict.confidence is Confidence.CERTAIN
    assert mine.verdict.summary.startswith("Your change is in effect: the request is allowed now"), mine.verdict.summary
    assert f"“{plan.title}”, made at {own.time:%H:%M} UTC" in mine.verdict.summary
    assert "the limit" not in mine.verdict.summary  # that was for the plan
    # What the same operation lacks next is named in the answer, and the advice to try again is no fix to evaluate.
    following = next((step for step in mine.steps if step.id == "next"), None)
    assert ("The same operation" in mine.verdict.summary) is (
        following is not None and "not allowed" in following.summary
    )
    assert [(fix.title.split(":")[0], proof_of(fix)) for fix in mine.fixes] == [("Try again", "changes nothing")]
    assert not any(step.id == "since" for step in mine.steps)
    [changed] = [step.summary for step in mine.steps if step.id == "changes"]
    assert changed == f"yours: {plan.title}, made at {own.time:%H:%M} UTC"
    said = to_text(mine)
    assert "wait" not in said.lower() and "now one does" not in said
    evidence = [line for line in to_markdown(mine).split("## The text")[0].splitlines() if line.startswith("   - ")]
    assert not [line for line in evidence if evidence.count(line) > 1 and not line.startswith("   - heard")]
