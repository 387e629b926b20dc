"""What the gate says of a plan by who calls: it neither refuses what AWS allows, nor misses that the caller cannot undo
it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from diagnostics.check.run import judged
from diagnostics.plans import changes
from diagnostics.plans.deletion import role_deletion
from diagnostics.plans.rename import Rename
from diagnostics.plans.role_change import change_plan
from iam.account import Group, InlinePolicy, User
from iam.changes.builders.identities import SignIn, delete_group, delete_user
from iam.changes.builders.policies import attach, delete_inline, new_version, put_inline
from iam.changes.plan import Plan
from iam.creation.plan import create_role
from iam.creation.reconcile import reconcile
from iam.creation.spec import RoleSpec
from iam.gate.rule import Outcome
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.questions import (
    ID,
    allow,
    attached,
    bounded,
    deny,
    document,
    managed,
    role,
    scps,
    trust,
    user,
)
from tests.support.gate.callers import (
    EDGE,
    READ,
    account_of,
    as_identity_center,
    as_role,
    as_root,
    as_user,
    group,
)

Make = Callable[[OpenedAccount], Plan]
Caller = Callable[[Path], OpenedAccount]

ALL = allow("*")
TAG, DISABLE = changes.SetTags({"x": "y"}), changes.Disable()
LAMBDA = Document.from_value(trust({"Service": "lambda.amazonaws.com"}))
READS = Document.from_value(document(allow("s3:GetObject", "arn:aws:s3:::b/*")))
WITH_EDGE = {"StringEquals": {"iam:PermissionsBoundary": EDGE}}
OF_TEAM = {"StringEquals": {"aws:ResourceTag/team": "a"}}
OF_TEAM_TOO = {"StringEquals": {"iam:ResourceTag/team": "a"}}
LEADS = {"StringEquals": {"aws:PrincipalTag/lead": "yes"}}
MFA, NO_MFA = (
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
)
NEW = RoleSpec("fresh", LAMBDA, inline=(InlinePolicy("read", READS),))
HUB = f"arn:aws:iam::{ID}:role/hub"


def changed(change: changes.Change, *names: str) -> Make:
    return lambda opened: change_plan(names or ["app"], change, opened)


def of_user(name: str, make: Callable[[User, OpenedAccount], Plan]) -> Make:
    return lambda opened: make(next(each for each in opened.account.users or () if each.name == name), opened)


def of_group(make: Callable[[Group, OpenedAccount], Plan]) -> Make:
    return lambda opened: make((opened.account.groups or ())[0], opened)


def by(how: Callable[..., OpenedAccount], *statements: object, **more: object) -> Caller:
    return lambda folder: how(folder, *statements, **more)


def adopted(opened: OpenedAccount) -> Plan:
    """Give ``app`` a boundary and another inline policy."""
    held = opened.account.role("app")
    assert held is not None
    spec = RoleSpec("app", LAMBDA, inline=NEW.inline, boundary_arn=EDGE, tags={"team": "a"})
    return reconcile(spec, ["inline", "boundary"], held, opened.account, opened.reader)


def created(spec: RoleSpec = NEW) -> Make:
    return lambda opened: create_role(spec, opened.account, opened.reader)


def version_of(name: str, *statements: dict[str, object]) -> Make:
    def plan(opened: OpenedAccount) -> Plan:
        policy = opened.account.policy(f"arn:aws:iam::{ID}:policy/{name}")
        assert policy is not None
        return new_version(policy, json.dumps(document(*statements)), opened.account)

    return plan


def found(caller: Caller, make: Make, folder: Path) -> set[tuple[str, str]]:
    """Outcome and code of what concerns the caller."""
    opened = caller(folder)
    findings = judged(make(opened), opened).findings
    return {
        (each.outcome.value, each.code)
        for each in findings
        if (each.of_caller or each.code.startswith(("size.", "quota"))) and each.outcome is not Outcome.FINE
    }


UNKNOWN, REFUSED = ("unknown", "permission"), ("refused", "permission")
UNDO, WAY_IN, CALL = (("dangerous", f"lockout.{each}") for each in ("undo", "way-in", "call"))
NEVER = ("note", "undo.denied")

OF_OTHERS: dict[str, tuple[Caller, Make, set[tuple[str, str]]]] = {
    # The keys that each action's request has: AWS's Service Authorization Reference.
    "attach to a user": (
        by(as_user, allow("iam:*", Condition={"ArnEquals": {"iam:PolicyARN": READ}})),
        of_user("second-admin", lambda user, opened: attach(user, READ, opened.account)),
        set(),
    ),
    "attach another policy to a user": (
        by(as_user, allow("iam:*", Condition={"ArnEquals": {"iam:PolicyARN": EDGE}})),
        of_user("second-admin", lambda user, opened: attach(user, READ, opened.account)),
        {REFUSED},
    ),
    "write a user that has the boundary": (
        by(as_user, allow("iam:*", Condition=WITH_EDGE), users=[user("guest", ALL, **bounded("edge"))]),
        of_user("guest", lambda user, opened: put_inline(user, "new", READS.text, opened.account)),
        set(),
    ),
    "write a user without the boundary": (
        by(as_user, allow("iam:*", Condition=WITH_EDGE)),
        of_user("second-admin", lambda user, opened: put_inline(user, "new", READS.text, opened.account)),
        {("refused", "permission")},
    ),
    "tag a role that has the boundary": (
        by(as_user, allow("iam:*", Condition=WITH_EDGE)),
        changed(TAG, "bounded"),
        {REFUSED},
    ),
    "describe a role that has the boundary": (
        by(
            as_user,
            allow("iam:*", Condition=WITH_EDGE),
            roles=[role("known", MaxSessionDuration=3600, **bounded("edge"))],
        ),
        changed(changes.Describe("new"), "known"),
        set(),
    ),
    "members by a permission on the group": (
        by(
            as_user,
            allow("iam:*", f"arn:aws:iam::{ID}:group/*"),
            users=[user("member", GroupList=["g"])],
            groups=[group("g", allow("s3:GetObject", "arn:aws:s3:::b/*"))],
        ),
        of_group(lambda group, opened: delete_group(group, opened.account)),
        set(),
    ),
    "pass a role to EC2": (
        by(
            as_user,
            allow(["iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:Remove*", "iam:Delete*"]),
            allow(
                "iam:PassRole",
                Condition={"ArnLike": {"iam:AssociatedResourceArn": f"arn:aws:ec2:*:{ID}:instance/*"}},
            ),
            roles=[role("for-ec2", AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}))],
        ),
        changed(changes.AddToProfile("for-ec2"), "for-ec2"),
        set(),
    ),
    # What an earlier call of the plan changes counts for a later one.
    "adopt with a boundary that is set first": (by(as_user, allow("iam:*", Condition=WITH_EDGE)), adopted, set()),
    "adopt without the boundary": (
        by(as_user, allow("iam:*", Condition={"StringEquals": {"iam:PermissionsBoundary": READ}})),
        adopted,
        {("refused", "boundary.demanded"), REFUSED},
    ),
    # Attributes.
    "tag what is one's own": (by(as_user, allow("iam:*", Condition=OF_TEAM)), changed(TAG), set()),
    "tag what is another's": (by(as_user, allow("iam:*", Condition=OF_TEAM)), changed(TAG, "bounded"), {REFUSED}),
    "give a role to another team": (
        by(as_user, allow("iam:*", Condition=OF_TEAM)),
        changed(changes.SetTags({"team": "b"})),
        {UNDO},
    ),
    "give a role to another team, by IAM's key": (
        by(as_user, allow("iam:*", Condition=OF_TEAM_TOO)),
        changed(changes.SetTags({"team": "b"})),
        {UNDO},
    ),
    "take the tag off": (
        by(as_user, allow("iam:*", Condition=OF_TEAM)),
        changed(changes.SetTags(remove=("team",))),
        {UNDO},
    ),
    "remove a boundary that one may set": (
        by(as_user, allow("iam:*", Condition=WITH_EDGE)),
        changed(changes.RemoveBoundary(), "bounded"),
        set(),
    ),
    "lose the own attribute": (
        by(as_role, allow("iam:*", Condition=LEADS), tags={"lead": "yes"}),
        changed(changes.SetTags(remove=("lead",)), "me"),
        {UNDO},
    ),
    # Few permissions.
    "nothing": (by(as_user, allow("s3:*")), changed(TAG), {REFUSED}),
    "tag and not untag": (by(as_user, allow("iam:TagRole")), changed(TAG), {NEVER}),
    "create and not delete": (by(as_user, allow(["iam:CreateRole", "iam:PutRolePolicy"])), created(), {NEVER}),
    # Keys of the session.
    "MFA, somebody else disabled": (by(as_user, allow("*", Condition=MFA)), changed(DISABLE), {UNKNOWN}),
    "MFA, oneself disabled": (by(as_role, allow("*", Condition=MFA)), changed(DISABLE, "me"), {UNKNOWN, UNDO}),
    "Deny without MFA": (by(as_identity_center, ALL, deny("*", Condition=NO_MFA)), changed(TAG), {UNKNOWN}),
    # Root and the organization.
    "root": (by(as_root), changed(changes.EditTrust(LAMBDA.__class__(LAMBDA.text.replace("lambda", "ec2")))), set()),
    "root under an SCP": (
        by(
            as_root,
            organization=scps([ALL, deny("*", Condition={"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}})]),
        ),
        changed(TAG),
        {REFUSED},
    ),
    # The way in.
    "delete the one that assumes mine": (
        by(as_role, ALL, trusts=trust({"AWS": HUB}), roles=[role("hub", ALL)]),
        lambda opened: role_deletion("hub", opened),
        {WAY_IN},
    ),
    "disable the one that assumes mine": (
        by(as_role, ALL, trusts=trust({"AWS": HUB}), roles=[role("hub", ALL)]),
        changed(DISABLE, "hub"),
        {WAY_IN},
    ),
    "disable one of many that could": (by(as_role, ALL, roles=[role("hub", ALL)]), changed(DISABLE, "hub"), set()),
    "rename another": (by(as_role, ALL), changed(Rename("app-two")), set()),
    "delete the own user": (
        by(as_user, ALL),
        of_user("me", lambda user, opened: delete_user(user, SignIn(password=True), opened.account)),
        {WAY_IN, UNDO, CALL},
    ),
    "delete another user": (
        by(as_user, ALL),
        of_user("second-admin", lambda user, opened: delete_user(user, SignIn(), opened.account)),
        set(),
    ),
    "the own group's policy": (
        lambda folder: account_of(
            folder,
            f"arn:aws:iam::{ID}:user/me",
            users=[user("me", GroupList=["g"])],
            groups=[group("g", ALL)],
        ),
        of_group(lambda group, opened: delete_inline(group, "own", opened.account)),
        {UNDO},
    ),
    "a version of the own policy": (
        by(as_role, roles=[], policies=[managed("mine", ALL)]),
        version_of("mine", allow("s3:*")),
        {REFUSED},  # "me" does not carry it
    ),
    "a version of the own boundary": (
        lambda folder: account_of(
            folder,
            f"arn:aws:sts::{ID}:assumed-role/me/session",
            roles=[role("me", ALL, **bounded("mine"), AssumeRolePolicyDocument=trust({"AWS": ID}))],
            policies=[managed("mine", ALL)],
        ),
        version_of("mine", allow("s3:*")),
        {UNDO},
    ),
    "a version of the policy that the caller carries": (
        lambda folder: account_of(
            folder,
            f"arn:aws:sts::{ID}:assumed-role/me/session",
            roles=[role("me", **attached("mine"), AssumeRolePolicyDocument=trust({"AWS": ID}))],
            policies=[managed("mine", ALL)],
        ),
        version_of("mine", allow("s3:*")),
        {UNDO},
    ),
}


@pytest.mark.parametrize("case", OF_OTHERS)
def test_by_caller_and_plan(case: str, tmp_path: Path) -> None:
    caller, make, wanted = OF_OTHERS[case]
    assert found(caller, make, tmp_path) == wanted


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", "aws-cn"])
@pytest.mark.parametrize("how", [as_user, as_role, as_identity_center])
def test_an_administrator_of_any_partition_is_refused_nothing(
    how: Callable[..., OpenedAccount], partition: str, tmp_path: Path
) -> None:
    read_only = f"arn:{partition}:iam::aws:policy/ReadOnlyAccess"
    makes: list[Make] = [
        changed(TAG),
        changed(DISABLE),
        changed(changes.Attach(read_only)),
        changed(TAG, "app", "bounded"),
        changed(Rename("app-two")),
        lambda opened: role_deletion("app", opened),
        created(),
    ]
    for make in makes:
        assert found(by(how, ALL, partition=partition), make, tmp_path) == set()


@pytest.mark.parametrize(
    ("partition", "region", "other"),
    [
        ("aws", "us-east-1", "eu-west-1"),
        ("aws-us-gov", "us-gov-west-1", "us-gov-east-1"),
        ("aws-cn", "cn-north-1", "cn-northwest-1"),
    ],
)
def test_iam_is_called_in_one_region_of_each_partition(partition: str, region: str, other: str, tmp_path: Path) -> None:
    def allowed_in(name: str) -> dict[str, object]:
        return allow("*", Condition={"StringEquals": {"aws:RequestedRegion": name}})

    assert found(by(as_role, allowed_in(region), partition=partition), changed(TAG), tmp_path) == set()
    assert found(by(as_role, allowed_in(other), partition=partition), changed(TAG), tmp_path) == {REFUSED}
    guard = deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": [region, other]}})
    assert found(by(as_role, ALL, guard, partition=partition), changed(TAG), tmp_path) == set()


def _longer(count: int) -> dict[str, object]:
    names = [f"arn:aws:iam::{ID}:role/a-role-with-a-rather-long-name-{number:03d}" for number in range(count)]
    return role("long", AssumeRolePolicyDocument=trust({"AWS": names}))


@pytest.mark.parametrize("change", [TAG, changes.PutInline("new", READS), DISABLE])
def test_what_a_plan_leaves_as_it_is_is_not_measured(change: changes.Change, tmp_path: Path) -> None:
    assert found(by(as_role, ALL, roles=[_longer(40)]), changed(change, "long"), tmp_path) == set()


def test_beyond_the_default_quota_is_worth_knowing_where_the_own_one_is_unknown(tmp_path: Path) -> None:
    wide = Document.from_value(trust({"AWS": [f"{200_000_000_000 + number}" for number in range(200)]}))
    said = found(by(as_role, ALL), changed(changes.EditTrust(wide)), tmp_path)
    assert said == {("note", "size.unknown")}


@pytest.mark.parametrize(
    "service",
    ["ops.apigateway", "aiops", "evs", "compute-optimizer-automation", "ops.emr-serverless", "s3tables", "mpa"],
)
def test_a_service_that_only_resembles_a_known_one_is_not_refused(service: str, tmp_path: Path) -> None:
    opened = as_role(tmp_path, ALL)
    trusting = Document.from_value(trust({"Service": f"{service}.amazonaws.com"}))
    assert not judged(change_plan(["app"], changes.EditTrust(trusting), opened), opened).refused


@pytest.mark.parametrize("service", ["ec2.amazonaws.com.cn", "elasticmapreduce.amazonaws.com.cn", "ec2.amazonaws.com"])
def test_services_in_china_have_two_names(service: str, tmp_path: Path) -> None:
    opened = as_role(tmp_path, ALL, partition="aws-cn")
    trusting = Document.from_value(trust({"Service": service}))
    findings = judged(change_plan(["app"], changes.EditTrust(trusting), opened), opened).findings
    assert not [each.text for each in findings if each.code.startswith("service")]
