"""``change --keep-within``: kept, taken back in time, and taken back or marked where terminal or process is lost."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from diagnostics.check.run import why_no_way_back
from diagnostics.plans import changes
from diagnostics.plans.rename import Rename
from diagnostics.plans.role_change import change_plan
from iam.changes import apply as applying
from iam.changes.apply import WayBack, keep
from iam.changes.call import Call
from iam.changes.journal import End, Journal, JournalError, journals, read_journal
from iam.changes.timed import Waited, is_over, wait_for_keep
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from tests.support.driving.terminal import COMMAND, WarmTerminal, lose
from tests.support.gate.let_through import apply, roll_back
from tui.cli import main
from tui.commands.plans.timed import duration

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

ROLE = "orders-api-lambda"
Output = pytest.CaptureFixture[str]


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("10m", 600), ("1h", 3600), ("24h", 86400)])
def test_a_time(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "10", "0s", "25h", "-5m", "1d", "1.5h", "10 m"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="between 1s and 24h"):
        duration(text)


@pytest.fixture
def made(demo_world: World, tmp_path: Path) -> Callable[[timedelta], tuple[Path, AwsReader]]:
    """A change that was carried out for a time: its journal, and the reader."""
    from iam.demo.open import reader

    def make(within: timedelta) -> tuple[Path, AwsReader]:
        mine = reader(demo_world)
        opened = OpenedAccount(list(mine.accounts())[-1], mine)
        plan = change_plan([ROLE], changes.SetTags({"for": "a-time"}), opened)
        list(apply(plan, mine, writable=False, directory=tmp_path, way_back=WayBack(within, "rescue")))
        [record] = journals(tmp_path)
        return record.path, mine

    return make


def test_until_it_is_kept_or_over_it_is_pending(made: Callable[[timedelta], tuple[Path, AwsReader]]) -> None:
    path, mine = made(timedelta(minutes=10))
    record = read_journal(path)
    assert (record.end, record.roll_back_pending, record.unfinished) == (End.APPLIED, True, True)
    assert (record.undo_profile, "roll back pending" in record.sentence) == ("rescue", True)
    assert record.until is not None
    late = record.until + timedelta(seconds=1)
    never: Callable[[float], None] = lambda _: pytest.fail("it waited")  # noqa: E731
    assert wait_for_keep(path, now=lambda: late, sleep=never) is Waited.OVER
    assert wait_for_keep(path, cut=lambda: True, sleep=never) is Waited.CUT
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        keep(path)  # as another process would

    assert wait_for_keep(path, sleep=sleep) is Waited.KEPT
    assert slept and not read_journal(path).unfinished
    list(roll_back(path, mine, writable=False))
    assert is_over(path)
    with pytest.raises(JournalError, match="can no longer be kept"):
        keep(path)


def test_what_was_made_for_good_is_not_kept(demo_world: World, tmp_path: Path) -> None:
    from iam.demo.open import reader

    mine = reader(demo_world)
    opened = OpenedAccount(list(mine.accounts())[-1], mine)
    list(apply(change_plan([ROLE], changes.SetTags({"a": "b"}), opened), mine, writable=False, directory=tmp_path))
    with pytest.raises(JournalError, match="is not temporary"):
        keep(next(journals(tmp_path)).path)


def test_a_way_back_is_promised_only_to_who_may_undo_it(demo_world: World) -> None:
    from iam.demo.open import reader

    mine = reader(demo_world)
    account = list(mine.accounts())[-1]
    opened = OpenedAccount(account, mine)
    harmless = change_plan([ROLE], changes.SetTags({"a": "b"}), opened)
    closing = change_plan(["saml-admin"], changes.Disable(), opened)
    ben = reader(demo_world, as_user="ben")
    assert why_no_way_back(harmless, opened, mine) == ""
    assert "iam:DeleteRolePolicy is denied to saml-admin" in why_no_way_back(closing, opened, mine)
    assert "iam:UntagRole" in why_no_way_back(harmless, opened, ben)
    mine_is = mine.caller().value
    assert mine_is is not None
    for arn, why in {
        f"arn:aws:sts::{account.id}:assumed-role/break-glass-admin/x": "",
        "arn:aws:iam::999999999999:user/admin": "belong to account 999999999999",
        "": "It is unknown which identity would undo the change: expired",
    }.items():
        who = replace(mine_is, arn=arn, account=arn.split(":")[4]) if arn else None
        found = Reading("sts:GetCallerIdentity", who, "" if arn else "expired")
        undoer = cast(Any, SimpleNamespace(caller=lambda found=found: found))
        assert why in why_no_way_back(closing, opened, undoer)


def test_the_command_says_why_no_way_back_is_promised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    words = ["change", "saml-admin", "disable", "--demo", "--apply", "--confirm", "saml-admin", "--keep-within", "5s"]
    assert main(words) == 2
    assert "An undo cannot be guaranteed." in capsys.readouterr().err
    assert not list(journals())
    assert main(["change", ROLE, "tag", "a=b", "--demo", "--keep-within", "5s"]) == 2
    assert main(["change", ROLE, "tag", "a=b", "--demo", "--apply", "--undo-profile", "x"]) == 2


def test_what_nobody_keeps_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert main(["change", ROLE, "tag", "a=b", "--demo", "--apply", "--keep-within", "1s"]) == 1
    [record] = journals()
    assert record.end is End.ROLLED_BACK
    assert "The change was undone." in capsys.readouterr().out


def test_another_process_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("iam.changes.timed.POLL", 0.01)
    asked: list[str] = []
    real = read_journal

    def read(path: Path) -> object:
        record = real(path)
        if record.roll_back_pending and not asked:
            asked.append(record.plan.id)
            assert main(["change", "--keep", record.plan.id]) == 0
        return record

    monkeypatch.setattr("iam.changes.timed.read_journal", read)
    assert main(["change", ROLE, "tag", "a=b", "--demo", "--apply", "--keep-within", "10m"]) == 0
    assert "Kept." in capsys.readouterr().out
    assert not next(journals()).unfinished


class Killed(BaseException):
    """The process is killed."""


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("loss", ["SIGHUP", "SIGTERM", "refused", "killed before", "killed after"])
def test_a_loss_in_the_middle_of_the_calls(
    loss: str, at: int, demo_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At call ``at`` of three. What was made is taken back at once; where the process is killed, the journal says that
    it is to be."""
    from botocore.exceptions import ClientError

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    sent: list[str] = []
    send = applying._Run._send

    def sending(run: applying._Run, call: Call) -> tuple[Any, BaseException | None]:
        sent.append(call.operation)
        here = len(sent) == at
        if here and loss == "killed before":
            raise Killed
        if here and loss == "refused":
            return {}, ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, call.operation)
        answer = send(run, call)
        if here and loss == "killed after":
            raise Killed
        if here:
            os.kill(os.getpid(), getattr(signal, loss))
        return answer

    monkeypatch.setattr(applying._Run, "_send", sending)
    words = ["change", ROLE, "rename", "renamed", "--demo", "--apply", "--keep-within", "10m"]
    if loss.startswith("killed"):
        with pytest.raises(Killed):
            main(words)
    else:
        assert main(words) == 1
    [record] = journals()
    assert record.until is not None
    if loss.startswith("killed"):
        assert (record.end, record.roll_back_pending, len(sent)) == (None, True, at)
        assert f"roll back pending: {at - 1} of 3 calls (the outcome of 1 is unknown) were made" in record.sentence
        return
    made = at - (loss == "refused")
    assert (record.end, len(sent)) == (End.ROLLED_BACK if made else None, at + made)
    assert not record.roll_back_pending


def test_what_was_stopped_in_the_middle_can_be_kept(demo_world: World, tmp_path: Path) -> None:
    from iam.demo.open import reader

    mine = reader(demo_world)
    opened = OpenedAccount(list(mine.accounts())[-1], mine)
    plan = change_plan([ROLE], Rename("renamed"), opened)
    run = apply(plan, mine, writable=False, directory=tmp_path, way_back=WayBack(timedelta(minutes=10)))
    next(each for each in run if each.status == "done")
    [record] = journals(tmp_path)
    assert record.roll_back_pending
    with pytest.raises(JournalError, match="wait until it is done"):
        keep(record.path)
    assert isinstance(run, Generator)
    run.close()
    keep(record.path)
    assert (read_journal(record.path).end, read_journal(record.path).roll_back_pending) == (End.LEFT, False)


def test_no_time_ends_the_wait_while_the_calls_are_being_made(
    made: Callable[[timedelta], tuple[Path, AwsReader]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = made(timedelta(seconds=-1))
    slept: list[float] = []
    with Journal.reopen(path) as journal:

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == 3:
                journal.close()

        assert wait_for_keep(path, sleep=sleep) is Waited.OVER
    assert len(slept) == 3


@pytest.mark.parametrize("loss", ["terminal", "SIGTERM", "SIGKILL"])
def test_a_loss_takes_it_back_or_leaves_it_marked(loss: str, tmp_path: Path) -> None:
    words = [COMMAND, "change", ROLE, "tag", "a=b", "--demo", "--apply", "--keep-within", "10m"]
    terminal = WarmTerminal(words, tmp_path)
    while not re.search(rb"--keep \S+\r?\n", terminal.raw):
        assert terminal.pump() >= 0
    if loss == "terminal":
        lose(terminal)
    else:
        os.kill(terminal.child.pid, getattr(signal, loss))
    terminal.child.wait()
    terminal.close()
    [record] = journals(tmp_path / "state" / "rolescope" / "journal")
    if loss == "SIGKILL":
        assert record.roll_back_pending
    else:
        # 120 is Python's, where what is left to write has nowhere to go.
        assert (record.end, terminal.child.exitstatus) == (End.ROLLED_BACK, 120 if loss == "terminal" else 1)
    assert record.started <= datetime.now(UTC)
