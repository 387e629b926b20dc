"""A terminal lost while a plan is carried out: the installed command, killed in the middle and started again.

AWS's stand-in runs in the test's process, over HTTP, so that it outlives the command.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from iam.changes.journal import End, JournalRecord, journals
from tests.support.accounts.over_http import served
from tests.support.driving.cuts import GO_ON, NAME, begin_creation
from tests.support.driving.terminal import COMMAND, Terminal, WarmTerminal

if TYPE_CHECKING:
    import boto3

    from iam.demo.aws.world import World

LEAVES_ALTERNATE_SCREEN = b"\x1b[?1049l"
CREATION = ["CreateRole", "AttachRolePolicy", "AttachRolePolicy", "CreateInstanceProfile", "AddRoleToInstanceProfile"]


class Lost:
    """Ends the command right after AWS carried out a write call, or right before."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.at: tuple[int, bool, signal.Signals] | None = None
        self.terminal: Terminal | None = None

    def __call__(self, number: int, after: bool) -> bool:
        if self.at is None or self.terminal is None or (number, after) != self.at[:2]:
            return False
        os.kill(self.terminal.child.pid, self.at[2])
        if self.at[2] is signal.SIGKILL:
            return True
        # What is hung up hears the answer: once it is about to leave.
        for _ in range(3000):
            if LEAVES_ALTERNATE_SCREEN in self.terminal.raw:
                break
            time.sleep(0.01)
        return False

    @contextmanager
    def command(self, url: str, *options: str, columns: int = 120, rows: int = 40) -> Iterator[Terminal]:
        self.terminal = WarmTerminal(
            [COMMAND, "--endpoint-url", url, "--region", "us-east-1", "--write", *options],
            self.home,
            columns=columns,
            rows=rows,
            AWS_ACCESS_KEY_ID="ASIAHARBORORGADMIN01",
            AWS_SECRET_ACCESS_KEY="demo",
            AWS_SESSION_TOKEN="demo",
        )
        try:
            yield self.terminal
        finally:
            self.terminal.close()


def record(home: Path) -> JournalRecord:
    [found] = journals(home / "state" / "rolescope" / "journal")
    return found


def state_of(session: Callable[..., boto3.Session]) -> tuple[object, ...]:
    iam = session().client("iam")
    names = [role["RoleName"] for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
    profiles = {each["InstanceProfileName"]: each for each in iam.list_instance_profiles()["InstanceProfiles"]}
    if NAME not in names:
        return (), tuple(sorted(profiles))
    attached = iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]
    inside = [each["RoleName"] for each in profiles[NAME]["Roles"]] if NAME in profiles else None
    return names.count(NAME), sorted(each["PolicyName"] for each in attached), inside


def test_killed_again_and_again_and_resumed_to_the_same_end(
    demo_world: World, demo_session: Callable[..., boto3.Session], tmp_path: Path
) -> None:
    demo_session()
    lost = Lost(tmp_path)
    with served(demo_world, lost) as (url, made):
        lost.at = (0, True, signal.SIGKILL)
        with lost.command(url, "--role", "web-frontend-ec2") as terminal:
            begin_creation(terminal)
            terminal.keys("y")
            assert terminal.status() == -signal.SIGKILL
        lost.at = (4, True, signal.SIGKILL)
        assert made == CREATION[:1]
        with lost.command(url, columns=80, rows=24) as terminal:
            # The call that was lost is one whose outcome nobody saw.
            terminal.see(f"unfinished: create role {NAME} (stopped after 0 of 5 calls)")
            terminal.keys(":resume\r")
            terminal.see("outcome unknown")
            terminal.keys(GO_ON)
            terminal.see("calls already made are not repeated")
            terminal.keys("y")
            assert terminal.status() == -signal.SIGKILL
        lost.at = None
        with lost.command(url) as terminal:
            terminal.see(f"unfinished: create role {NAME} (stopped after 4 of 5 calls)")
            terminal.keys("5")
            terminal.see("Changes", "stopped after 4 of 5 calls")
            terminal.keys("\r")
            terminal.see("outcome unknown")
            terminal.keys(GO_ON)
            terminal.see("resume with 1 call")
            terminal.keys("y")
            terminal.see("everything is as planned", "can be undone")
            terminal.keys("q")
            assert terminal.status() == 0
    assert made == CREATION
    assert state_of(demo_session) == (1, ["AmazonSSMManagedInstanceCore", "app-assets-read"], [NAME])
    assert record(tmp_path).end is End.APPLIED
    assert oct(record(tmp_path).path.stat().st_mode & 0o777) == "0o600"


def test_hung_up_in_the_middle_and_rolled_back(
    demo_world: World, demo_session: Callable[..., boto3.Session], tmp_path: Path
) -> None:
    before = state_of(demo_session)
    lost = Lost(tmp_path)
    with served(demo_world, lost) as (url, made):
        lost.at = (2, False, signal.SIGHUP)
        with lost.command(url, "--role", "web-frontend-ec2") as terminal:
            begin_creation(terminal)
            terminal.keys("y")
            assert terminal.status() == 128 + signal.SIGHUP
        # The call that was on its way came to its end, no other was begun, and the journal knows.
        assert made == CREATION[:3]
        assert record(tmp_path).sentence == "stopped after 3 of 5 calls"
        lost.at = (3, True, signal.SIGKILL)
        with lost.command(url) as terminal:
            terminal.see("unfinished", "stopped after 3 of 5 calls")
            terminal.keys(":resume\r")
            terminal.see("resume it, or roll it back")  # the plan says so; the palette offers to "roll back", too
            terminal.keys("u")
            terminal.see("Undoes 3 calls")
            terminal.keys("y")
            assert terminal.status() == -signal.SIGKILL
        lost.at = None
        with lost.command(url) as terminal:
            terminal.see("unfinished", "stopped during the roll-back")
            terminal.keys(":resume\r")
            terminal.see("undo unknown")
            terminal.keys("u")
            terminal.see("Roll back: create role")
            terminal.keys("y")
            terminal.see("Each call that the plan made was undone")
            terminal.keys("q")
            assert terminal.status() == 0
    assert made[3:] == ["DetachRolePolicy", "DetachRolePolicy", "DeleteRole"]
    assert state_of(demo_session) == before
    assert record(tmp_path).end is End.ROLLED_BACK


def test_hung_up_before_the_account_is_there(tmp_path: Path) -> None:
    terminal = WarmTerminal([COMMAND, "--demo"], tmp_path)
    try:
        terminal.see("rolescope")
        os.kill(terminal.child.pid, signal.SIGHUP)
        # What arrives while it ends has nowhere to be shown, and that is no failure.
        assert terminal.status() == 128 + signal.SIGHUP
        assert "internal error" not in terminal.text
    finally:
        terminal.close()
