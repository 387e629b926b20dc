"""Every kind of change, undone by a plan of its own, done again by that one's undo, and undone once more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.account import Account
from iam.changes.apply import CallStatus
from iam.changes.builders.instance_profiles import delete_profile
from iam.changes.builders.policies import add_audience, delete_policy, new_version, set_default_version, together
from iam.changes.builders.roles import delete_role
from iam.changes.journal import JournalRecord, read_journal
from iam.changes.plan import Plan
from iam.changes.undo_plan import undo_plan
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from tests.iam.changes.builders.test_builders import CHANGES, role_of
from tests.support.accounts.documents import READ
from tests.support.accounts.dump import inner_dump
from tests.support.gate.let_through import apply, resume, roll_back

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

FIVE_VERSIONS, ONE_VERSION = (f"arn:aws:iam::111122223333:policy/{name}" for name in ("app-assets-read", "lake-etl"))


def new_version_of(arn: str) -> Callable[[AwsReader, Account, RoleSpec], Plan]:
    def make(reader: AwsReader, account: Account, spec: RoleSpec) -> Plan:
        policy = reader.managed_policy(arn).value
        assert policy is not None
        return new_version(policy, READ.text, account)

    return make


def deleted_policy(reader: AwsReader, account: Account, spec: RoleSpec) -> Plan:
    policy = reader.managed_policy(FIVE_VERSIONS).value
    assert policy is not None
    return delete_policy(policy, account)


def older_version(reader: AwsReader, account: Account, spec: RoleSpec) -> Plan:
    policy = reader.managed_policy(FIVE_VERSIONS).value
    assert policy is not None
    return set_default_version(policy, "v2", account)


def deleted_profile(reader: AwsReader, account: Account, spec: RoleSpec) -> Plan:
    profile = reader.instance_profile("report-worker-profile").value
    assert profile is not None
    return delete_profile(profile, account)


def several(reader: AwsReader, account: Account, spec: RoleSpec) -> Plan:
    plans = [make(reader, account, spec) for make in (new_version_of(ONE_VERSION), new_version_of(FIVE_VERSIONS))]
    audience = add_audience((account.oidc_providers or ())[0], "x", account)
    return together("several", [audience, *plans, CHANGES["trust"](role_of(reader), account, reader)])


KINDS: dict[str, Callable[[AwsReader, Account, RoleSpec], Plan]] = {
    **{
        name: lambda reader, account, spec, make=make: make(role_of(reader), account, reader)  # type: ignore[misc]
        for name, make in CHANGES.items()
    },
    "create": lambda reader, account, spec: create_role(spec, account),
    "delete": lambda reader, account, spec: delete_role(role_of(reader, "web-frontend-ec2"), account, reader),
    "delete a profile": deleted_profile,
    "a new version": new_version_of(ONE_VERSION),
    "a sixth version": new_version_of(FIVE_VERSIONS),
    "an older version": older_version,
    "delete a policy": deleted_policy,
    "several": several,
}


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


@pytest.mark.parametrize("kind", KINDS)
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
