"""A text that was explained, whose fix was carried out, is explained again: the change is what counts now."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostics.diagnose import collect
from diagnostics.messages.parse import parse
from diagnostics.plans.fix import plan_for_fix, why_no_plan
from iam.changes.apply import apply
from iam.demo.aws.world import World
from iam.demo.open import reader as reader_of
from iam.sources.reader import OpenedAccount
from tests.support.demo_failures import FAILURES

TEXTS = {failure.id: failure.text for failure in FAILURES}


@pytest.mark.parametrize("failure", ["F01", "F03", "F05", "F18", "F28"])
def test_the_same_text_is_allowed_now(failure: str, demo_world: World, tmp_path: Path) -> None:
    reader = reader_of(demo_world)
    denial = parse(TEXTS[failure])[0]
    account = list(reader.accounts())[-1]
    fix = next(fix for fix in collect(denial, OpenedAccount(account, reader), {}).fixes if not why_no_plan(fix))

    for _ in apply(plan_for_fix(fix, OpenedAccount(account, reader)), reader, writable=True, directory=tmp_path):
        pass

    verdict = collect(denial, OpenedAccount(list(reader.accounts())[-1], reader), {}).verdict
    assert verdict.cause == "allowed.now", verdict.summary
