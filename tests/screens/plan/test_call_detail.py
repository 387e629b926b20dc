"""A call of a plan shows what it changes, before and after it was carried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from iam.account import Account, ManagedPolicy, PolicyVersion
from iam.changes.builders.policies import new_version
from iam.changes.journal import CallProgress, CallState, End, JournalRecord
from iam.changes.undo_plan import undo_plan
from iam.policy.document import Document
from screens.plan.call_detail import ShownChange, change_of, changed_values

ARN = "arn:aws:iam::111122223333:policy/read"
BEFORE, AFTER = (
    f'{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}}}'
    for action in ("s3:GetObject", "s3:PutObject")
)


def test_a_new_version_is_the_same_difference_when_it_is_the_default() -> None:
    first = PolicyVersion("v1", Document(BEFORE), is_default=True)
    policy = ManagedPolicy("read", ARN, versions=(first,), default_version_id="v1")
    plan = new_version(policy, AFTER, Account("111122223333", "demo", datetime.now(UTC)))
    second = PolicyVersion("v2", Document(AFTER), is_default=True)
    carried_out = replace(policy, versions=(first, second), default_version_id="v2")
    for read in (policy, carried_out):
        shown = [change_of(call, plan, {ARN: read}) for call in plan.calls]
        assert shown == [ShownChange(BEFORE, AFTER)] * len(plan.calls)


def test_the_new_default_version_is_called_by_the_call_that_makes_it() -> None:
    first = PolicyVersion("v1", Document(BEFORE), is_default=True)
    policy = ManagedPolicy("read", ARN, versions=(first,), default_version_id="v1")
    plan = new_version(policy, AFTER, Account("111122223333", "demo", datetime.now(UTC)))
    assert list(changed_values(plan.calls[-1], plan)) == ["Default version: v1 → the new version from call 1"]
    answer = {"PolicyVersion.VersionId": "v2"}
    states = (CallState(CallProgress.DONE, answer=answer), *[CallState(CallProgress.DONE)] * (len(plan.calls) - 1))
    undo = undo_plan(JournalRecord(Path("x"), plan, states, End.APPLIED, "aws", "", datetime.now(UTC), 1))
    assert list(changed_values(undo.calls[0], undo)) == ["Default version: v2 → v1"]
