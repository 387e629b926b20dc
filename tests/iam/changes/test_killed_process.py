"""A real process, killed by SIGKILL while a call is on its way, before AWS carried it out or right after."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.account import Account
from iam.changes.apply import CallStatus
from iam.changes.builders.roles import delete_role
from iam.changes.journal import End, read_journal, unfinished
from iam.changes.plan import Plan, plan_to_value
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from tests.support.accounts.documents import READ
from tests.support.accounts.over_http import served
from tests.support.changes.applied import state_of
from tests.support.gate.let_through import resume, roll_back

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

BOUNDARY = "arn:aws:iam::111122223333:policy/DeveloperBoundary"
# Loads boto3 once, and carries each plan out in a process of its own: tells its id, and how it ended.
PARENT = """
import json, os, sys
from pathlib import Path
import boto3
from tests.support.gate.let_through import apply
from iam.changes.plan import plan_from_value
from iam.sources.aws.reader import AwsReader

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        url, directory, plan = json.loads(line)
        session = boto3.Session("ASIAHARBORORGADMIN01", "demo", "demo", region_name="us-east-1")
        reader = AwsReader(session, endpoint_url=url)
        for outcome in apply(plan_from_value(plan), reader, writable=True, directory=Path(directory)):
            pass
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
Killed = Callable[["World", Plan, Path, int, bool], tuple[list[str], "AwsReader"]]


@pytest.fixture(scope="module")
def run_until_killed() -> Iterator[Killed]:
    """Carries a plan out in a process that dies at one call. Returns the calls made and the account afterwards."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as parent:
        assert parent.stdin is not None and parent.stdout is not None

        def run(world: World, plan: Plan, directory: Path, at: int, after: bool) -> tuple[list[str], AwsReader]:
            from iam.demo.open import reader

            ready = reader(world)  # the org-admin's session, which the child uses too
            child: Future[int] = Future()

            def cut(number: int, is_after: bool) -> bool:
                if (number, is_after) != (at, after):
                    return False
                os.kill(child.result(timeout=120), signal.SIGKILL)
                return True

            with served(world, cut) as (url, made):
                parent.stdin.write(json.dumps((url, str(directory), plan_to_value(plan))) + "\n")
                child.set_result(int(parent.stdout.readline()))
                assert int(parent.stdout.readline()) == -signal.SIGKILL
            return made, ready

        yield run
        parent.stdin.close()


# A cut at every call, in this process, is in test_apply.py: here it is a process that dies.
@pytest.mark.parametrize(("at", "after"), [(0, False), (1, True), (4, False), (5, True)])
def test_a_creation_whose_process_was_killed(
    run_until_killed: Killed,
    demo_world: World,
    account: Account,
    spec: RoleSpec,
    directory: Path,
    at: int,
    after: bool,
) -> None:
    plan = create_role(spec, account)
    assert len(plan.calls) == 6
    made, reader = run_until_killed(demo_world, plan, directory, at, after)
    assert len(made) == at + after
    [record] = unfinished(account.id, "aws", directory)
    outcomes = list(resume(record.path, reader, writable=True))
    done = [each for each in outcomes if each.status is CallStatus.STARTED]
    assert len(done) == len(plan.calls) - at - after
    assert outcomes[-1].status is CallStatus.VERIFIED
    assert read_journal(record.path).end is End.APPLIED
    profile = reader.instance_profile(spec.name).value
    assert profile is not None
    assert profile.roles == (spec.name,)


NAME = "web-frontend-ec2"
DELETION = [
    "RemoveRoleFromInstanceProfile",
    "DetachRolePolicy",
    "DetachRolePolicy",
    "DeleteRolePolicy",
    "DeleteRole",
    "DeleteInstanceProfile",
]


def deletion(world: World) -> tuple[Plan, AwsReader, Account]:
    """The plan that deletes a role with managed and inline policies, boundary and profile, as the account has it."""
    from iam.demo.open import reader as open_reader

    reader = open_reader(world)
    iam = reader.aws.client("iam")
    iam.put_role_policy(RoleName=NAME, PolicyName="extra", PolicyDocument=READ.text)
    iam.put_role_permissions_boundary(RoleName=NAME, PermissionsBoundary=BOUNDARY)
    account = list(reader.accounts())[-1]
    role = reader.role(NAME).value
    assert role is not None
    plan = delete_role(role, account)
    assert [call.operation for call in plan.calls] == DELETION
    return plan, reader, account


@pytest.mark.parametrize(("at", "after"), [(at, bool(at % 2)) for at in range(len(DELETION))], ids=DELETION)
def test_a_deletion_whose_process_was_killed_is_finished(
    run_until_killed: Killed, demo_world: World, directory: Path, at: int, after: bool
) -> None:
    plan, reader, account = deletion(demo_world)
    made, _ = run_until_killed(demo_world, plan, directory, at, after)
    assert made == DELETION[: at + after]
    [record] = unfinished(account.id, "aws", directory)
    outcomes = list(resume(record.path, reader, writable=True))
    # Nothing is done twice, and nothing is left out: each call was made once by one of the two processes.
    again = [each.call.operation for each in outcomes if each.status is CallStatus.STARTED]
    assert [*made, *again] == DELETION
    assert outcomes[-1].status is CallStatus.VERIFIED
    assert read_journal(record.path).end is End.APPLIED
    assert not unfinished(account.id, "aws", directory)
    assert reader.role(NAME).absent
    assert reader.instance_profile(NAME).absent
    # Nothing else is lost.
    now = list(reader.accounts())[-1]
    assert {each.name for each in account.roles} - {each.name for each in now.roles} == {NAME}
    assert now.users == account.users
    for held in account.policies or ():
        left = now.policy(held.arn)
        assert left is None or left.versions == held.versions
        assert left is not None or held.aws_managed


@pytest.mark.parametrize("at", [0, 4])
def test_a_deletion_whose_process_was_killed_is_taken_back(
    run_until_killed: Killed, demo_world: World, directory: Path, at: int
) -> None:
    plan, reader, account = deletion(demo_world)
    before = state_of(reader, NAME)
    run_until_killed(demo_world, plan, directory, at, True)
    [record] = unfinished(account.id, "aws", directory)
    outcomes = list(roll_back(record.path, reader, writable=True))
    assert all(each.status is not CallStatus.FAILED for each in outcomes)
    assert state_of(reader, NAME) == before
