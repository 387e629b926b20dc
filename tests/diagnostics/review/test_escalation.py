"""Paths to administrator: each published way, and the same where a layer is in the way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diagnostics.fix import PolicyChange
from diagnostics.review.escalation.search import may_have_path
from diagnostics.review.escalation.search import paths as paths_of
from diagnostics.review.finding import Finding
from diagnostics.review.rules.closing import resources_for
from diagnostics.review.run import review
from diagnostics.review.subject import ReviewedAccount
from iam.arn import name_of
from iam.policy.lint.finding import ERROR, PolicyKind
from iam.policy.lint.run import lint
from iam.risks.risk import Severity
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
from tests.support.accounts.review_cases import (
    BEN,
    BOSS,
    DECOYS,
    DOER,
    ESCALATION_BOUNDARIES,
    ESCALATION_GROUPS,
    ESCALATION_POLICIES,
    WAYS,
    boss,
    group,
)
from tests.support.accounts.reviewing import findings_in, names, reviewed, snapshot, with_fix


def account(
    roles: list[Any], users: list[Any] | None = None, policies: list[Any] | None = None, scp: Any = (), **more: Any
) -> dict[str, Any]:
    organization = {**scps([allow("*"), *scp]), "ResourceControlPolicies": []}
    return snapshot(roles, users, policies, organization=organization, **more)


def paths(tmp_path: Path, content: dict[str, Any]) -> dict[str, Finding]:
    return {next(iter(names([one]))): one for one in findings_in(tmp_path, content, "escalation.path")}


@pytest.mark.parametrize("way", WAYS)
def test_a_published_way_is_found(tmp_path: Path, way: str) -> None:
    roles, users = WAYS[way]
    content = account(roles, users, ESCALATION_POLICIES, GroupDetailList=ESCALATION_GROUPS)
    content["Rolescope"] |= {"AccessKeys": [], "MFADevices": []}
    content["Rolescope"]["LoginProfiles"] = [{"UserName": "ben"}] if way == "iam-006" else []
    found = paths(tmp_path, content)["doer"]
    assert f"pathfinding:{way}" in found.references
    assert found.hangs_on == (("an ECS cluster",) if way == "ecs-004" else ())
    assert found.path[0].evidence and found.path[0].evidence and found.fixes[0].verified is not False
    assert found.severity is (Severity.MEDIUM if way == "sts-001" else Severity.CRITICAL)


@pytest.mark.parametrize("way", WAYS)
def test_an_scp_in_the_way_ends_it(tmp_path: Path, way: str) -> None:
    roles, users = WAYS[way]
    (first, *_) = {
        "iam-013": ["iam:AddUserToGroup"],
        "sts-001": ["sts:AssumeRole"],
    }.get(way, ["iam:*"])
    scp = [deny(first)]
    assert "doer" not in paths(
        tmp_path, account(roles, users, ESCALATION_POLICIES, scp=scp, GroupDetailList=ESCALATION_GROUPS)
    )


@pytest.mark.parametrize(
    ("way", "profiles", "hangs_on"),
    [
        ("iam-004", None, ("ben has no password and no MFA device",)),
        ("iam-006", None, ("ben has a password and no MFA device",)),
        ("iam-004", [{"UserName": "ben"}], None),
        ("iam-006", [], None),
        ("iam-006", [{"UserName": "ben"}], ("ben has no MFA device",)),
    ],
)
def test_a_password_is_created_where_there_is_none_and_changed_where_there_is_one(
    tmp_path: Path, way: str, profiles: list[Any] | None, hangs_on: tuple[str, ...] | None
) -> None:
    content = account(*WAYS[way])
    if profiles is not None:
        content["Rolescope"]["LoginProfiles"] = profiles
    found = paths(tmp_path, content).get("doer")
    assert (found.hangs_on if found is not None else None) == hangs_on


@pytest.mark.parametrize(
    ("also", "devices", "actions"),
    [
        ((), [], ("iam:UpdateLoginProfile",)),
        ((), ["phone"], None),
        (("iam:DeactivateMFADevice",), ["phone"], ("iam:UpdateLoginProfile", "iam:DeactivateMFADevice")),
    ],
)
def test_a_password_is_no_sign_in_where_an_mfa_device_is_asked_for(
    tmp_path: Path, also: tuple[str, ...], devices: list[str], actions: tuple[str, ...] | None
) -> None:
    content = account([role("doer", allow(["iam:UpdateLoginProfile", *also]))], WAYS["iam-006"][1])
    content["Rolescope"]["LoginProfiles"] = [{"UserName": "ben"}]
    content["Rolescope"]["MFADevices"] = [
        {
            "UserName": "ben",
            "SerialNumber": f"arn:aws:iam::111122223333:mfa/{each}",
            "EnableDate": "2026-01-01T00:00:00Z",
        }
        for each in devices
    ]
    found = paths(tmp_path, content).get("doer")
    assert (found.path[0].actions if found is not None else None) == actions
    assert found is None or found.certain


@pytest.mark.parametrize(
    ("also", "keys", "actions", "hangs_on"),
    [
        ((), None, ("iam:CreateAccessKey",), ("ben has fewer than two access keys",)),
        (("iam:DeleteAccessKey",), None, ("iam:CreateAccessKey",), ()),
        ((), 1, ("iam:CreateAccessKey",), ()),
        ((), 2, None, ()),
        (("iam:DeleteAccessKey",), 2, ("iam:CreateAccessKey", "iam:DeleteAccessKey"), ()),
    ],
)
def test_a_user_has_two_access_keys_at_most(
    tmp_path: Path, also: tuple[str, ...], keys: int | None, actions: tuple[str, ...] | None, hangs_on: tuple[str, ...]
) -> None:
    content = account([role("doer", allow(["iam:CreateAccessKey", *also]))], WAYS["iam-002"][1])
    if keys is not None:
        content["Rolescope"]["AccessKeys"] = [
            {"UserName": "ben", "AccessKeyId": f"AKIAEXAMPLEKEY00000{each}", "Status": "Inactive"}
            for each in range(keys)
        ]
    found = paths(tmp_path, content).get("doer")
    assert (found.path[0].actions if found is not None else None) == actions
    assert found is None or found.hangs_on == hangs_on


def test_access_keys_have_no_time_of_issue(tmp_path: Path) -> None:
    since = {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}}
    may = [allow("iam:PutRolePolicy", Condition=since), allow("iam:PutUserPolicy", Condition=since)]
    found = paths(tmp_path, account([role("doer", *may)], [user("eve", *may)]))
    assert found["doer"].hangs_on == () and found["eve"].hangs_on == ("aws:TokenIssueTime",)


@pytest.mark.parametrize("decoy", DECOYS)
def test_what_only_looks_like_a_path_is_none(tmp_path: Path, decoy: str) -> None:
    roles, users = DECOYS[decoy]
    assert "doer" not in paths(tmp_path, account(roles, users, [*ESCALATION_POLICIES, *ESCALATION_BOUNDARIES]))


@pytest.mark.parametrize("case", [*WAYS, *DECOYS])
def test_whoever_has_a_path_may_have_one(tmp_path: Path, case: str) -> None:
    roles, users = (WAYS | DECOYS)[case]
    asked = reviewed(tmp_path, account(roles, users, ESCALATION_POLICIES, GroupDetailList=ESCALATION_GROUPS))
    list(asked.read_workloads())
    arns = [one.entity.arn for one in asked.principals]
    perhaps = {arn for arn in arns if may_have_path(asked, arn)}
    assert {found.principal.entity.arn for found in paths_of(asked) if found is not None} <= perhaps


def test_where_one_certainly_has_no_path_nobodys_is_looked_for(tmp_path: Path) -> None:
    reads, assumes = role("reads", allow(["s3:GetObject", "iam:ListRoles"])), role("assumes", allow("sts:AssumeRole"))
    content = account([boss({"AWS": ID}), reads, assumes])
    several = [one.arn for one in reviewed(tmp_path, content).roles]
    of_one = {}
    for arn in several:
        asked = replace(reviewed(tmp_path, content), only=arn)
        of_one[name_of(arn)] = names([one for one in review(asked, rules=("escalation",)) if isinstance(one, Finding)])
    assert of_one == {"assumes": {"assumes"}, "boss": set(), "reads": set()}


def test_several_steps_and_the_shortest_path(tmp_path: Path) -> None:
    roles = [
        role("first", allow("sts:AssumeRole", DOER)),
        role("doer", allow("iam:CreateAccessKey", BEN), AssumeRolePolicyDocument=trust({"AWS": ID})),
        role("long", allow("sts:AssumeRole", [f"arn:aws:iam::{ID}:role/first", DOER])),
        role("none", allow("s3:GetObject")),
    ]
    roles[0]["AssumeRolePolicyDocument"] = trust({"AWS": ID})
    found = paths(tmp_path, account(roles, [user("ben", allow("*"))]))
    assert {name: len(one.path) for name, one in found.items()} == {"doer": 1, "first": 2, "long": 2}
    assert [hop.actions for hop in found["long"].path] == [("sts:AssumeRole",), ("iam:CreateAccessKey",)]


def test_a_condition_is_what_it_hangs_on(tmp_path: Path) -> None:
    mfa = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    found = paths(tmp_path, account([], [user("doer", allow("iam:PutUserPolicy", **mfa))]))
    assert found["doer"].hangs_on == ("aws:MultiFactorAuthPresent",)


def test_a_version_that_allows_everything(tmp_path: Path) -> None:
    tools = managed("tools", allow("s3:ListAllMyBuckets"))
    old = {"VersionId": "v0", "IsDefaultVersion": False, "Document": document(allow("*"))}
    tools["PolicyVersionList"].append(old)
    roles = [role("doer", allow("iam:SetDefaultPolicyVersion"), **attached("tools"))]
    assert "v0 of tools" in paths(tmp_path, account(roles, [], [tools]))["doer"].summary
    tools["PolicyVersionList"][1]["Document"] = document(allow("s3:GetObject"))
    assert paths(tmp_path, account(roles, [], [tools])) == {}


def test_a_boundary_that_can_be_taken_off(tmp_path: Path) -> None:
    loose = managed("loose", allow(["iam:DeleteRolePermissionsBoundary", "s3:*"]))
    roles = [role("doer", allow("*"), **bounded("loose"))]
    assert "boundary" in paths(tmp_path, account(roles, [], [loose]))["doer"].summary


def test_a_new_role_without_a_boundary(tmp_path: Path) -> None:
    roles = [role("doer", allow(["iam:CreateRole", "iam:AttachRolePolicy"]), **bounded("loose"))]
    loose = managed("loose", allow(["iam:CreateRole", "iam:AttachRolePolicy"]))
    assert "new role" in paths(tmp_path, account(roles, [], [loose]))["doer"].summary


MORE_WAYS: dict[str, tuple[list[Any], list[Any]]] = {
    "all of IAM": ([role("doer", allow("iam:*"))], []),
    "a new role": ([role("doer", allow(["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"]))], []),
    "a version on any policy": ([role("doer", allow("iam:CreatePolicyVersion", "*"), **attached("tools"))], []),
    "two users": ([role("doer", allow("iam:CreateAccessKey"))], [user("ben", allow("*")), user("ann", allow("*"))]),
    "by way of another": (
        [
            role("doer", allow("sts:AssumeRole")),
            role("boss-aide", allow("iam:*"), AssumeRolePolicyDocument=trust({"AWS": ID})),
        ],
        [],
    ),
}


@pytest.mark.parametrize("way", [*WAYS, *MORE_WAYS])
def test_a_verified_fix_closes_every_path(tmp_path: Path, way: str) -> None:
    roles, users = {**WAYS, **MORE_WAYS}[way]
    content = account(roles, users, ESCALATION_POLICIES, GroupDetailList=ESCALATION_GROUPS)
    found = paths(tmp_path, content)["doer"]
    (fix,) = found.fixes
    assert fix.verified is True, fix
    assert isinstance(fix.change, PolicyChange)
    assert not [one for one in lint(fix.after, PolicyKind.IDENTITY) if one.severity is ERROR]
    after = with_fix(content, found)
    assert after is not None and "doer" not in paths(tmp_path, after)


def test_a_fix_denies_new_names_too(tmp_path: Path) -> None:
    allowed = allow(["iam:CreateRole", "iam:PutRolePolicy"])
    (fix,) = paths(tmp_path, account([role("doer", allowed)]))["doer"].fixes
    assert fix.after is not None
    denied = {
        (action, one["Resource"])
        for one in fix.after.value["Statement"]
        if one["Effect"] == "Deny"
        for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
    }
    assert ("iam:CreateRole", f"arn:aws:iam::{ID}:role/*") in denied
    assert "a-new-one" not in fix.after.text and "probe" not in fix.after.text


@pytest.mark.parametrize(
    ("action", "on", "first"),
    [
        ("iam:CreatePolicyVersion", f"arn:aws:iam::{ID}:role/app", f"arn:aws:iam::{ID}:policy/*"),
        ("iam:CreateRole", f"arn:aws:iam::{ID}:role/a-new-one", f"arn:aws:iam::{ID}:role/*"),
        ("lambda:UpdateFunctionCode", "orders", f"arn:aws:lambda:*:{ID}:function:orders"),
        ("ssm:StartSession", "i-0aa11", f"arn:aws:ec2:*:{ID}:instance/i-0aa11"),
        ("sts:AssumeRole", f"arn:aws:iam::{ID}:role/app", f"arn:aws:iam::{ID}:role/app"),
        ("ec2:DescribeInstances", "i-0aa11", "*"),
    ],
)
def test_a_deny_names_what_its_action_works_on(tmp_path: Path, action: str, on: str, first: str) -> None:
    assert next(resources_for(action, on, reviewed(tmp_path, account([])).account)) == first


def test_what_runs_as_an_administrator_already(tmp_path: Path) -> None:
    function = f"arn:aws:lambda:us-east-1:{ID}:function:nightly"
    bindings = [{"Service": "lambda", "Name": "nightly", "Use": "execution role", "RoleArn": BOSS}]
    roles = [role("doer", allow("lambda:UpdateFunctionCode", function)), boss({"Service": "lambda.amazonaws.com"})]
    content = account(roles)
    content["Rolescope"]["Bindings"] = bindings
    assert "pathfinding:lambda-003" in paths(tmp_path, content)["doer"].references
    for others in ([], [{**bindings[0], "Name": "another"}]):
        content["Rolescope"]["Bindings"] = others
        assert paths(tmp_path, content) == {}


@pytest.mark.parametrize(
    ("actions", "layers", "is_path"),
    [
        (["lambda:GetLayerVersion"], "*", True),
        (["lambda:GetLayerVersion"], "arn:aws:lambda:*:*:layer:*:*", True),
        (["lambda:GetLayerVersion"], f"arn:aws:lambda:*:{ID}:layer:shared:*", False),
        (
            ["lambda:GetLayerVersion", "lambda:PublishLayerVersion"],
            [f"arn:aws:lambda:*:{ID}:layer:shared", f"arn:aws:lambda:*:{ID}:layer:shared:*"],
            True,
        ),
        (["lambda:PublishLayerVersion"], "*", False),
    ],
)
def test_a_layer_of_the_callers_choice(tmp_path: Path, actions: list[str], layers: Any, is_path: bool) -> None:
    doer = role("doer", allow("lambda:UpdateFunctionConfiguration"), allow(actions, layers))
    content = account([doer, boss({"Service": "lambda.amazonaws.com"})])
    content["Rolescope"]["Bindings"] = [
        {"Service": "lambda", "Name": "nightly", "Use": "execution role", "RoleArn": BOSS}
    ]
    assert ("doer" in paths(tmp_path, content)) is is_path


def test_by_a_group_whose_policy_allows_it(tmp_path: Path) -> None:
    groups = [group("devs", allow("iam:AttachUserPolicy", BEN))]
    content = account([], [user("ben", GroupList=["devs"]), user("ann")], GroupDetailList=groups)
    assert set(paths(tmp_path, content)) == {"ben"}


def test_mfa_is_for_users_and_never_for_sessions_of_roles(tmp_path: Path) -> None:
    mfa = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    allowed = allow("sts:AssumeRole", BOSS)
    content = account([role("doer", allowed), boss({"AWS": ID}, **mfa)], [user("ben", allowed)])
    assert set(paths(tmp_path, content)) == {"ben"}


WRITES = ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"]


def test_only_the_roles_that_one_tag_or_boundary_or_path_opens(tmp_path: Path) -> None:
    """Whether some role can be written is asked before each is: what opens few must open those few."""
    tagged = {"Condition": {"StringEquals": {"iam:ResourceTag/open": "yes"}}}
    carrying = {"Condition": {"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{ID}:policy/wide"}}}
    others = [
        role("plain"),
        role("open", Tags=[{"Key": "open", "Value": "yes"}]),
        role("carries", **bounded("wide")),
        role("there", path="/there/"),
    ]
    wide = managed("wide", allow("*"))
    narrow = managed("narrow", allow([*WRITES, "sts:AssumeRole"], f"arn:aws:iam::{ID}:role/there/*"))
    ways = {
        "open": role("doer", allow(WRITES, **tagged), allow("sts:AssumeRole")),
        "carries": role("doer", allow(WRITES, **carrying), allow("sts:AssumeRole")),
        "there": role("doer", allow([*WRITES, "sts:AssumeRole"]), **bounded("narrow")),
    }
    for target, doer in ways.items():
        found = paths(tmp_path, account([doer, *others], [], [wide, narrow]))["doer"]
        assert found.path[0].on.rpartition("/")[2] == target


def test_what_is_refused_on_every_role_is_not_asked_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    before = ReviewedAccount.may

    def may(self: ReviewedAccount, principal: Any, action: str, *rest: Any, **more: Any) -> Any:
        asked.append(action)
        return before(self, principal, action, *rest, **more)

    monkeypatch.setattr(ReviewedAccount, "may", may)
    doer = role("doer", allow("iam:*"), deny("iam:*"))
    assert paths(tmp_path, account([doer, *(role(f"other-{number}") for number in range(100))])) == {}
    assert len(asked) < 60
