"""A change taken back is as careful as any other: who loses by it is said, and the name of what is in use asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.plans.changes import Attach, Detach, SetTags
from diagnostics.plans.role_change import Change, change_plan, undone
from iam.account import Account
from iam.changes.apply import Writer
from iam.changes.journal import JournalRecord, journals
from iam.changes.plan import PlanError
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from tests.support.demo.role_changes import USED
from tests.support.gate.let_through import apply

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

READS, S3 = "arn:aws:iam::111122223333:policy/app-assets-read", "arn:aws:iam::aws:policy/AmazonS3FullAccess"


@pytest.fixture
def account(reader: AwsReader) -> Account:
    return list(reader.accounts())[-1]


def made(change: Any, reader: AwsReader, account: Account, directory: Path) -> JournalRecord:
    plan = change_plan([USED], change, OpenedAccount(account, reader))
    writer = Writer(reader.aws.client("iam"), sleep=lambda seconds: None)
    assert list(apply(plan, reader, writable=False, directory=directory, writer=writer))
    (record,) = journals(directory)
    return record


@pytest.mark.parametrize(("change", "takes"), [(Attach(S3), True), (Detach(READS), False)])
def test_what_the_undo_takes_is_said_and_the_name_asked_for(
    reader: AwsReader, account: Account, tmp_path: Path, change: Change, takes: bool
) -> None:
    plan = undone(made(change, reader, account, tmp_path), OpenedAccount(account, reader))
    assert (plan.type_name == USED) == takes and bool(plan.in_use) == takes
    assert bool(plan.effects.lost) == takes and bool(plan.effects.gained) != takes and plan.kind == "undo"


def test_an_undo_of_a_role_that_cannot_be_read_is_no_plan(
    reader: AwsReader, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = made(Attach(S3), reader, account, tmp_path)
    monkeypatch.setattr(
        reader, "role", lambda name: Reading("iam:GetRole", why="AWS denied iam:GetRole."), raising=False
    )
    with pytest.raises(PlanError, match="denied"):
        undone(record, OpenedAccount(account, reader))


def test_an_undo_that_would_lose_somebody_elses_tag_is_no_plan(
    reader: AwsReader, account: Account, tmp_path: Path
) -> None:
    record = made(SetTags({"ours": "1"}), reader, account, tmp_path)
    opened = OpenedAccount(account, reader)
    assert undone(record, opened).calls
    reader.aws.session.client("iam").tag_role(RoleName=USED, Tags=[{"Key": "ours", "Value": "2"}])
    with pytest.raises(PlanError, match="Somebody has changed these tags since"):
        undone(record, opened)
