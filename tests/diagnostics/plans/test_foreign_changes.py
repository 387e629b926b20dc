"""A roll-back with somebody else's change in between: what they wrote is still there afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.plans import changes
from diagnostics.plans.role_change import change_plan
from iam.changes.apply import CallStatus
from iam.changes.journal import journals
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from tests.support.gate.let_through import apply, roll_back

if TYPE_CHECKING:
    from iam.demo.aws.world import World

ROLE, POLICY = "web-frontend-ec2", "arn:aws:iam::111122223333:policy/app-assets-read"
BOUNDARY = "arn:aws:iam::111122223333:policy/DeveloperBoundary"
READ_ONLY, EC2_READ = (f"arn:aws:iam::aws:policy/{name}" for name in ("ReadOnlyAccess", "AmazonEC2ReadOnlyAccess"))


def document(*actions: str) -> Document:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "arn:aws:s3:::harbor-assets/*"}
    return Document(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def trust(service: str) -> Document:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return Document(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


OURS, THEIRS = document("s3:GetObject"), document("s3:PutObject")


def tags(iam: Any) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in role(iam).get("Tags", ())}


def inline(iam: Any, name: str) -> str:
    return str(iam.get_role_policy(RoleName=ROLE, PolicyName=name)["PolicyDocument"])


def attached(iam: Any) -> set[str]:
    return {each["PolicyArn"] for each in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]}


def role(iam: Any) -> Any:
    return iam.get_role(RoleName=ROLE)["Role"]


def default(iam: Any) -> str:
    held = iam.get_policy(PolicyArn=POLICY)["Policy"]["DefaultVersionId"]
    return str(iam.get_policy_version(PolicyArn=POLICY, VersionId=held)["PolicyVersion"]["Document"])


def new_version(iam: Any) -> None:
    """In the place of the oldest: there are five at most."""
    versions = iam.list_policy_versions(PolicyArn=POLICY)["Versions"]
    oldest = [each["VersionId"] for each in versions if not each["IsDefaultVersion"]][-1]
    iam.delete_policy_version(PolicyArn=POLICY, VersionId=oldest)
    iam.create_policy_version(PolicyArn=POLICY, PolicyDocument=THEIRS.text, SetAsDefault=True)


Write, Look = Callable[[Any], object], Callable[[Any], bool]
# Our change, theirs after it, and whether theirs is there.
KINDS: dict[str, tuple[changes.Change, Write, Look]] = {
    "another tag": (
        changes.SetTags({"ours": "1"}),
        lambda iam: iam.tag_role(RoleName=ROLE, Tags=[{"Key": "theirs", "Value": "2"}]),
        lambda iam: tags(iam).get("theirs") == "2",
    ),
    "the same tag": (
        changes.SetTags({"ours": "1"}),
        lambda iam: iam.tag_role(RoleName=ROLE, Tags=[{"Key": "ours", "Value": "2"}]),
        lambda iam: tags(iam).get("ours") == "2",
    ),
    "another inline policy": (
        changes.PutInline("ours", OURS),
        lambda iam: iam.put_role_policy(RoleName=ROLE, PolicyName="theirs", PolicyDocument=THEIRS.text),
        lambda iam: "PutObject" in inline(iam, "theirs"),
    ),
    "the same inline policy": (
        changes.PutInline("ours", OURS),
        lambda iam: iam.put_role_policy(RoleName=ROLE, PolicyName="ours", PolicyDocument=THEIRS.text),
        lambda iam: "PutObject" in inline(iam, "ours"),
    ),
    "another attachment": (
        changes.Attach(READ_ONLY),
        lambda iam: iam.attach_role_policy(RoleName=ROLE, PolicyArn=EC2_READ),
        lambda iam: EC2_READ in attached(iam),
    ),
    "the attachment taken off": (
        changes.Attach(READ_ONLY),
        lambda iam: iam.detach_role_policy(RoleName=ROLE, PolicyArn=READ_ONLY),
        lambda iam: READ_ONLY not in attached(iam),
    ),
    "the trust policy": (
        changes.EditTrust(trust("lambda.amazonaws.com")),
        lambda iam: iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=trust("ecs-tasks.amazonaws.com").text),
        lambda iam: "ecs-tasks" in json.dumps(role(iam)["AssumeRolePolicyDocument"]),
    ),
    "the boundary": (
        changes.SetBoundary(BOUNDARY),
        lambda iam: iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=READ_ONLY),
        lambda iam: role(iam)["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY,
    ),
    "the description": (
        changes.Describe("ours"),
        lambda iam: iam.update_role(RoleName=ROLE, Description="theirs"),
        lambda iam: role(iam)["Description"] == "theirs",
    ),
    "the session's length": (
        changes.SessionLength(7200),
        lambda iam: iam.update_role(RoleName=ROLE, MaxSessionDuration=10800),
        lambda iam: role(iam)["MaxSessionDuration"] == 10800,
    ),
    "a policy's version": (
        changes.EditPolicy(POLICY, OURS),
        new_version,
        lambda iam: "PutObject" in default(iam),
    ),
    "an attachment to a disabled role": (
        changes.Disable(),
        lambda iam: iam.attach_role_policy(RoleName=ROLE, PolicyArn=EC2_READ),
        lambda iam: EC2_READ in attached(iam),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_theirs_is_lost(kind: str, demo_world: World, tmp_path: Path) -> None:
    from iam.demo.open import reader

    change, write, still = KINDS[kind]
    mine = reader(demo_world)
    iam = mine.aws.client("iam")
    plan = change_plan([ROLE], change, OpenedAccount(list(mine.accounts())[-1], mine))
    *_, last = apply(plan, mine, writable=False, directory=tmp_path)
    assert last.status is CallStatus.VERIFIED
    write(iam)
    list(roll_back(next(journals(tmp_path)).path, mine, writable=False))
    assert still(iam)


def test_twelve_kinds() -> None:
    assert len(KINDS) == 12
