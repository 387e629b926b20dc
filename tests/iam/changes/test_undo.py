"""Every kind of change, undone by a plan of its own, done again by that one's undo, and undone once more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.account import Account
from iam.changes.apply import CallStatus
from iam.changes.journal import JournalRecord, read_journal
from iam.changes.plan import Plan
from iam.changes.undo_plan import undo_plan
from iam.creation.spec import RoleSpec
from tests.support.accounts.dump import inner_dump
from tests.support.changes.undone import KINDS
from tests.support.gate.let_through import apply, resume, roll_back

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader


def tag_profiles(reader: AwsReader) -> None:
    for name in ("web-frontend-ec2", "report-worker-profile"):
        reader.aws.session.client("iam").tag_instance_profile(
            InstanceProfileName=name, Tags=[{"Key": "team", "Value": "web"}]
        )


def applied(plan: Plan, reader: AwsReader, directory: Path) -> JournalRecord:
    *_, last = apply(plan, reader, writable=False, directory=directory)
    assert last.status is CallStatus.VERIFIED, last.sentence
    return read_journal(directory / f"{plan.id}.jsonl")


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_is_undone_done_again_and_undone(
    demo_world: World, reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, kind: str
) -> None:
    tag_profiles(reader)
    before = inner_dump(demo_world)
    record = applied(KINDS[kind](reader, account, spec), reader, directory)
    changed = inner_dump(demo_world)
    assert changed != before
    for state in (before, changed, before):
        record = applied(undo_plan(record), reader, directory)
        assert inner_dump(demo_world) == state


@pytest.mark.parametrize("kind", [*KINDS][::2])  # the journal of an undo is that of any change
def test_an_undo_is_rolled_back_and_taken_up_again(
    demo_world: World, reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, kind: str
) -> None:
    tag_profiles(reader)
    before = inner_dump(demo_world)
    record = applied(undo_plan(applied(KINDS[kind](reader, account, spec), reader, directory)), reader, directory)
    assert inner_dump(demo_world) == before
    assert all(each.status is not CallStatus.FAILED for each in roll_back(record.path, reader, writable=False))
    assert inner_dump(demo_world) != before
    *_, last = resume(record.path, reader, writable=False)
    assert last.status is CallStatus.VERIFIED, last.sentence
    assert inner_dump(demo_world) == before
