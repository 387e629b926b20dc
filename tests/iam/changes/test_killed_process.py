"""A real process, killed by SIGKILL while a call is on its way, before AWS carried it out or right after."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.account import Account
from iam.changes.apply import Status, resume, roll_back
from iam.changes.journal import End, read_journal, unfinished
from iam.changes.plan import Plan, plan_to_value
from iam.changes.roles import create_role, delete_role
from iam.changes.spec import RoleSpec
from tests.iam.changes.over_http import served

if TYPE_CHECKING:
    from iam.sources.aws import AwsReader
    from iam.sources.demo.world import World

CHILD = """
import json, sys
from pathlib import Path
import boto3
from iam.changes.apply import apply
from iam.changes.plan import plan_from_value
from iam.sources.aws import AwsReader

url, directory = sys.argv[1:]
session = boto3.Session("ASIAHARBORORGADMIN01", "demo", "demo", region_name="us-east-1")
reader = AwsReader(session, endpoint_url=url)
print("ready", flush=True)
plan = plan_from_value(json.load(sys.stdin))
for outcome in apply(plan, reader, writable=True, directory=Path(directory)):
    pass
"""


def run_until_killed(world: World, plan: Plan, directory: Path, at: int, after: bool) -> tuple[list[str], AwsReader]:
    """Carry the plan out in a process that dies at one call. Returns the calls made and the account afterwards."""
    from iam.sources.demo.open import reader

    ready = reader(world)  # the org-admin's session, which the child uses too
    child: list[subprocess.Popen[str]] = []

    def cut(number: int, is_after: bool) -> bool:
        if (number, is_after) != (at, after):
            return False
        child[0].kill()
        return True

    with served(world, cut) as (url, made):
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, url, str(directory)], stdin=subprocess.PIPE, text=True, stdout=subprocess.PIPE
        )
        child.append(process)
        process.communicate(json.dumps(plan_to_value(plan)), timeout=60)
        assert process.returncode == -9
    return made, ready


@pytest.mark.parametrize(("at", "after"), [(0, False), (0, True), (2, True), (4, False), (5, True)])
def test_a_creation_whose_process_was_killed(
    demo_world: World, account: Account, spec: RoleSpec, directory: Path, at: int, after: bool
) -> None:
    plan = create_role(spec, account)
    made, reader = run_until_killed(demo_world, plan, directory, at, after)
    assert len(made) == at + after
    [record] = unfinished(account.id, "aws", directory)
    outcomes = list(resume(record.path, reader, writable=True))
    done = [each for each in outcomes if each.status is Status.STARTED]
    assert len(done) == len(plan.calls) - at - after
    assert outcomes[-1].status is Status.VERIFIED
    assert read_journal(record.path).end is End.APPLIED
    profile = reader.instance_profile(spec.name).value
    assert profile is not None
    assert profile.roles == (spec.name,)


def test_a_deletion_whose_process_was_killed(demo_world: World, account: Account, directory: Path) -> None:
    role = account.role("web-frontend-ec2")
    assert role is not None
    plan = delete_role(role, account)
    made, reader = run_until_killed(demo_world, plan, directory, 3, True)
    assert made[-1] == "DeleteRole"
    [record] = unfinished(account.id, "aws", directory)
    outcomes = list(roll_back(record.path, reader, writable=True))
    assert all(each.status is not Status.FAILED for each in outcomes)
    back = reader.role("web-frontend-ec2").value
    assert back is not None
    assert {each.arn for each in back.attached or ()} == {each.arn for each in role.attached or ()}
