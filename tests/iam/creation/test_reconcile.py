"""A role that is there made like its spec: nothing to do where it is, and only the differences where it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam.account import Account
from iam.changes.apply import CallStatus
from iam.changes.builders.roles import DISABLE_POLICY
from iam.changes.journal import journals
from iam.changes.plan import Plan, PlanError
from iam.changes.undo_plan import undo_plan
from iam.creation.plan import create_role
from iam.creation.reconcile import reconcile
from iam.creation.spec import NewPolicy, RoleSpec
from iam.creation.spec_file import FIELDS
from tests.support.accounts.documents import LOGS, READ, policy, trust
from tests.support.accounts.dump import inner_dump
from tests.support.gate.let_through import apply

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

OWN = "arn:aws:iam::111122223333:policy/"
OTHER = policy({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"})
DENY_ALL = "arn:aws:iam::aws:policy/AWSDenyAll"


@pytest.fixture
def whole(spec: RoleSpec) -> RoleSpec:
    return replace(spec, new_policies=(NewPolicy("thumbnails", READ),))


def made(spec: RoleSpec, account: Account, reader: AwsReader, directory: Path) -> None:
    carried_out(create_role(spec, account, reader), reader, directory)


def carried_out(plan: Plan, reader: AwsReader, directory: Path) -> None:
    *_, last = apply(plan, reader, writable=False, directory=directory)
    assert last.status is CallStatus.VERIFIED, last.sentence
    assert "everything is as planned" in last.sentence


def differences(spec: RoleSpec, account: Account, reader: AwsReader, named: tuple[str, ...] = FIELDS) -> Plan:
    role = reader.role(spec.name).value
    assert role is not None
    return reconcile(spec, named, role, account, reader)


Drift = Callable[[Any, str], object]
DRIFTS: dict[str, tuple[Drift, list[str], bool]] = {
    "trust": (
        lambda iam, name: iam.update_assume_role_policy(
            RoleName=name, PolicyDocument=trust("lambda.amazonaws.com").text
        ),
        ["UpdateAssumeRolePolicy"],
        True,
    ),
    "description": (
        lambda iam, name: iam.update_role(RoleName=name, Description="theirs", MaxSessionDuration=7200),
        ["UpdateRole"],
        False,
    ),
    "session length": (
        lambda iam, name: iam.update_role(RoleName=name, Description="Makes thumbnails", MaxSessionDuration=3600),
        ["UpdateRole"],
        False,
    ),
    "a tag": (
        lambda iam, name: iam.tag_role(RoleName=name, Tags=[{"Key": "team", "Value": "other"}]),
        ["TagRole"],
        False,
    ),
    "one more tag": (
        lambda iam, name: iam.tag_role(RoleName=name, Tags=[{"Key": "x", "Value": "y"}]),
        ["UntagRole"],
        False,
    ),
    "no tag": (lambda iam, name: iam.untag_role(RoleName=name, TagKeys=["team"]), ["TagRole"], False),
    "no boundary": (
        lambda iam, name: iam.delete_role_permissions_boundary(RoleName=name),
        ["PutRolePermissionsBoundary"],
        True,
    ),
    "an inline policy": (
        lambda iam, name: iam.put_role_policy(RoleName=name, PolicyName="read-assets", PolicyDocument=OTHER.text),
        ["PutRolePolicy"],
        True,
    ),
    "one more inline policy": (
        lambda iam, name: iam.put_role_policy(RoleName=name, PolicyName="other", PolicyDocument=OTHER.text),
        ["DeleteRolePolicy"],
        True,
    ),
    "no inline policy": (
        lambda iam, name: iam.delete_role_policy(RoleName=name, PolicyName="read-assets"),
        ["PutRolePolicy"],
        False,
    ),
    "one policy more": (
        lambda iam, name: iam.attach_role_policy(RoleName=name, PolicyArn=f"{OWN}lake-etl"),
        ["DetachRolePolicy"],
        True,
    ),
    "one policy less": (
        lambda iam, name: iam.detach_role_policy(RoleName=name, PolicyArn=LOGS),
        ["AttachRolePolicy"],
        False,
    ),
    "another version": (
        lambda iam, name: iam.create_policy_version(
            PolicyArn=f"{OWN}thumbnails", PolicyDocument=OTHER.text, SetAsDefault=True
        ),
        ["SetDefaultPolicyVersion"],
        True,
    ),
    "no profile": (
        lambda iam, name: iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=name),
        ["AddRoleToInstanceProfile"],
        False,
    ),
}


def drift_of_all(iam: Any, name: str) -> None:
    for drift in ("trust", "description", "one more tag", "an inline policy", "one policy more", "another version"):
        DRIFTS[drift][0](iam, name)


DRIFTS["several"] = (
    drift_of_all,
    [
        "SetDefaultPolicyVersion",
        "UpdateAssumeRolePolicy",
        "UpdateRole",
        "UntagRole",
        "PutRolePolicy",
        "DetachRolePolicy",
    ],
    True,
)


@pytest.mark.parametrize("drift", DRIFTS)
def test_only_the_drift_is_mended(
    demo_world: World, reader: AwsReader, account: Account, whole: RoleSpec, directory: Path, drift: str
) -> None:
    change, operations, takes = DRIFTS[drift]
    made(whole, account, reader, directory)
    before = inner_dump(demo_world)
    assert differences(whole, account, reader).calls == ()
    change(reader.aws.session.client("iam"), whole.name)
    drifted = inner_dump(demo_world)
    now = list(reader.accounts())[-1]
    plan = differences(whole, now, reader)
    assert [call.operation for call in plan.calls] == operations
    # The role is a minute old: nobody can say that it is not used.
    assert plan.type_name == (whole.name if takes else None)
    carried_out(plan, reader, directory)
    again = differences(whole, now, reader)
    assert again.calls == ()
    assert "nothing to do" in again.sentence
    if drift not in ("another version", "several"):  # a version more is left
        assert inner_dump(demo_world) == before
    record = next(each for each in journals(directory) if each.plan.id == plan.id)
    carried_out(undo_plan(record), reader, directory)
    assert inner_dump(demo_world) == drifted


def test_policies_that_the_spec_makes_are_made_or_get_a_version(
    reader: AwsReader, account: Account, whole: RoleSpec, directory: Path
) -> None:
    made(whole, account, reader, directory)
    more = replace(whole, new_policies=(NewPolicy("thumbnails", OTHER), NewPolicy("more", READ)))
    plan = differences(more, account, reader)
    operations = ["CreatePolicyVersion", "SetDefaultPolicyVersion", "CreatePolicy", "AttachRolePolicy"]
    assert [call.operation for call in plan.calls] == operations
    carried_out(plan, reader, directory)
    assert differences(more, account, reader).calls == ()


def test_what_the_spec_does_not_name_is_left_and_told(
    reader: AwsReader, account: Account, whole: RoleSpec, directory: Path
) -> None:
    made(whole, account, reader, directory)
    bare = RoleSpec(whole.name, whole.trust)
    plan = differences(bare, account, reader, ("name", "trust"))
    assert plan.calls == ()
    [told] = plan.warnings
    for part in ("DeveloperBoundary", "tag team", "a description", "7200 s", "read-assets", "thumbnails"):
        assert part in told
    named = differences(bare, account, reader, ("name", "trust", "tags", "inline", "boundary"))
    assert {call.operation for call in named.calls} == {
        "DeleteRolePermissionsBoundary",
        "UntagRole",
        "DeleteRolePolicy",
        "DetachRolePolicy",
    }


def test_what_stops_a_role_is_not_lifted(reader: AwsReader, account: Account, whole: RoleSpec, directory: Path) -> None:
    made(whole, account, reader, directory)
    iam = reader.aws.session.client("iam")
    iam.attach_role_policy(RoleName=whole.name, PolicyArn=DENY_ALL)
    deny = policy({"Effect": "Deny", "Action": "*", "Resource": "*"}).text
    iam.put_role_policy(RoleName=whole.name, PolicyName=DISABLE_POLICY, PolicyDocument=deny)
    plan = differences(whole, account, reader)
    assert plan.calls == ()
    assert [DISABLE_POLICY in plan.warnings[0], "AWSDenyAll" in plan.warnings[1]] == [True, True]


def test_what_cannot_be_made_like_the_spec_is_said(
    reader: AwsReader, account: Account, whole: RoleSpec, directory: Path
) -> None:
    made(whole, account, reader, directory)
    with pytest.raises(PlanError, match="IAM cannot change a role's path"):
        differences(replace(whole, path="/x/"), account, reader)
    with pytest.raises(PlanError, match="already contains report-worker-ec2"):
        differences(replace(whole, instance_profile="report-worker-profile"), account, reader)
    linked = reader.role("AWSServiceRoleForECS").value
    assert linked is not None
    with pytest.raises(PlanError, match="belongs to an AWS service"):
        reconcile(replace(whole, name=linked.name), FIELDS, linked, account, reader)
    role = reader.role(whole.name).value
    assert role is not None
    for unread in (replace(role, inline=None), replace(role, tags=None), replace(role, trust=None)):
        with pytest.raises(PlanError, match="could not be read completely"):
            reconcile(whole, FIELDS, unread, account, reader)
