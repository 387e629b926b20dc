"""Every error that a plan can meet, provoked through the demo's own backend in the middle of carrying it out: what is
said, what is there after rolling back, and where resuming ends once the cause is gone.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.account import Account
from iam.changes.apply import CallStatus
from iam.changes.journal import CallProgress, End, journals, read_journal
from iam.creation.spec import RoleSpec
from iam.gate.checks.run import stops
from iam.gate.finding import Level
from tests.support.faults.trouble_plans import deletion, edition, policy_deletion, service_role, spec_of, version
from tests.support.faults.trouble_table import TROUBLES
from tests.support.faults.troubles import Setting, photo
from tests.support.gate.found import preflight
from tests.support.gate.let_through import apply, resume, roll_back

if TYPE_CHECKING:
    from iam.demo.aws.world import World


# One of those that stop the same plan after as many calls: resuming begins at the same place.
RESUMED = sorted({(each.plan, each.made, each.unknown): name for name, each in TROUBLES.items() if each.cure}.values())


@pytest.mark.parametrize("name", TROUBLES)
def test_an_error_in_the_middle(
    demo_world: World, account: Account, spec: RoleSpec, directory: Path, name: str
) -> None:
    trouble = TROUBLES[name]
    setting = Setting(demo_world, account, spec)
    twin = setting.twin() if name in RESUMED else None
    plan = replace(trouble.plan(setting), found=())  # the trouble comes after what is there was looked at again
    reader = setting.reader
    if trouble.cause:
        trouble.cause(setting)
    before = photo(setting.world)

    outcomes = list(apply(plan, reader, writable=False, directory=directory, writer=setting.writer()))
    last = outcomes[-1]
    assert last.status is CallStatus.FAILED
    assert last.failure is not None
    assert (last.failure.code, last.failure.way_out) == (trouble.code, trouble.way_out)
    assert trouble.said in last.sentence
    assert "\n" not in last.sentence
    assert sum(each.status in (CallStatus.DONE, CallStatus.ALREADY) for each in outcomes) == trouble.made
    [record] = journals(directory)
    assert record.states[last.index].progress is (CallProgress.STARTED if trouble.unknown else CallProgress.FAILED)

    # Without a cure resuming comes to the same end, and does nothing twice.
    if not trouble.unknown:
        again = list(resume(record.path, reader, writable=False, writer=setting.writer()))
        assert again[-1].sentence == last.sentence
        assert CallStatus.DONE not in {each.status for each in again}

    if trouble.stuck:
        assert trouble.cure is not None
        trouble.cure(setting)
    list(roll_back(record.path, reader, writable=False, writer=setting.writer()))
    assert read_journal(record.path).end is End.ROLLED_BACK
    assert photo(setting.world) == before

    if trouble.cure and twin is not None:
        trouble.cure(setting)
        *_, end = resume(record.path, reader, writable=False, writer=setting.writer())
        assert end.status is CallStatus.VERIFIED, end.sentence
        # The same as where nothing ever went wrong.
        for change in (trouble.cause, trouble.cure):
            if change:
                change(twin)
        *_, end = apply(plan, twin.reader, writable=False, directory=directory.parent / "b", writer=twin.writer())
        assert end.status is CallStatus.VERIFIED
        assert photo(setting.world) == photo(twin.world)


@pytest.mark.parametrize("name", RESUMED)
def test_resumed_without_rolling_back(
    demo_world: World, account: Account, spec: RoleSpec, directory: Path, name: str
) -> None:
    trouble = TROUBLES[name]
    setting = Setting(demo_world, account, spec)
    plan = replace(trouble.plan(setting), found=())
    if trouble.cause:
        trouble.cause(setting)
    list(apply(plan, setting.reader, writable=False, directory=directory, writer=setting.writer()))
    assert trouble.cure is not None
    trouble.cure(setting)
    [record] = journals(directory)
    outcomes = list(resume(record.path, setting.reader, writable=False, writer=setting.writer()))
    assert outcomes[-1].status is CallStatus.VERIFIED, outcomes[-1].sentence
    assert sum(each.status is CallStatus.STARTED for each in outcomes) <= len(plan.calls) - trouble.made


# What nobody can know before the calls are made.
UNFORESEEN = {
    "AWS is throttling the calls",
    "IAM fails",
    "somebody else is writing",
    "the connection is cut",
    "the credentials end",
    "the role is seen by nobody",
}
CREATIONS = [
    name
    for name, each in TROUBLES.items()
    if name not in UNFORESEEN and each.plan not in (deletion, edition, policy_deletion, service_role, version)
]


@pytest.mark.parametrize("name", CREATIONS)
def test_it_is_found_before_anything_is_called(demo_world: World, account: Account, spec: RoleSpec, name: str) -> None:
    trouble = TROUBLES[name]
    setting = Setting(demo_world, account, spec)
    plan = trouble.plan(setting)
    if trouble.cause:
        trouble.cause(setting)
    now = list(setting.reader.accounts())[-1]
    findings = list(preflight(spec_of(plan), now, setting.reader))
    # An empty profile is no fault: a plan that is made now takes it.
    assert stops(findings) or "profile.empty" in {each.code for each in findings}
    assert all(each.way_out for each in findings if each.level is Level.ERROR)
    if trouble.cure and name in RESUMED:
        trouble.cure(setting)
        now = list(setting.reader.accounts())[-1]
        assert not stops(list(preflight(spec_of(plan), now, setting.reader)))
