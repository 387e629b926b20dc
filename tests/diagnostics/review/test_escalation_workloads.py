"""Ways by what runs with a role, and by what a service is passed: which account has one, and what it hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.escalation.ways import RUNNING, RUNS_AS, RunningWay
from diagnostics.review.finding import Finding
from diagnostics.review.rules.table import rules_by_need
from diagnostics.review.run import review
from iam.facts.workloads import BOUND, KINDS
from tests.support.accounts.questions import ID, allow, bounded, deny, document, managed, role, scps, trust
from tests.support.accounts.review_cases import BOSS
from tests.support.accounts.reviewing import findings_in, names, reviewed, snapshot
from tests.support.accounts.running import add_workloads, workload

ONLY_IRELAND = [
    {
        "Effect": "Deny",
        "NotAction": ["iam:*", "sts:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
    }
]
ANYWHERE = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
FUNCTION = [{"Service": "lambda", "Name": "prod", "Use": "execution role", "RoleArn": BOSS}]
INSTANCE = [{"Service": "ec2", "Name": "i-1", "Use": "instance profile", "RoleArn": BOSS}]
PODS = [{"Service": "eks", "Name": "prod: ns/sa", "Use": "pod identity", "RoleArn": BOSS}]


def boss(service: str, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    trusted = trust({"Service": f"{service}.amazonaws.com"}, action, **more)
    return role("boss", allow("*"), AssumeRolePolicyDocument=trusted)


def hanging(
    folder: Path,
    may: list[Any],
    target: dict[str, Any] | None,
    *works: dict[str, Any],
    bound: Any = (),
    scp: Any = (),
    rcp: Any = (),
    policies: Any = (),
    doer: Any = None,
) -> tuple[str, ...] | None:
    """What the doer's path hangs on: nothing where it is certain, None without one."""
    organization = {**scps([allow("*"), *scp]), "ResourceControlPolicies": []}
    if rcp:
        everybody = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
        attached = [{"Arn": "arn:p/r", "Name": "rcp", "Document": document(everybody, *rcp)}]
        organization["ResourceControlPolicies"] = [{"Target": "t-0", "Policies": attached}]
    roles = [role("doer", *may, **(doer or {})), *([target] if target else [])]
    made = snapshot(roles, [], list(policies), organization=organization)
    add_workloads(made, *works)
    made["Rolescope"]["Bindings"] = list(bound)
    found: list[Finding] = [one for one in findings_in(folder, made, "escalation.path") if "doer" in names([one])]
    return found[0].hangs_on if found else None


def on(action: str | list[str], arn: str) -> dict[str, Any]:
    return allow(action, f"arn:aws:{arn}".replace("ID", ID))


PASS = allow("iam:PassRole", BOSS)
PROJECT, STACK = workload("codebuild-project", BOSS), workload("cloudformation-stack")
BUILD, SESSION = "codebuild:StartBuild", "ssm:StartSession"
MANAGED = "an instance that Systems Manager manages"
PROD = {"Condition": {"StringEquals": {"aws:ResourceTag/env": "prod"}}}
CASES: dict[str, tuple[tuple[str, ...] | None, dict[str, Any]]] = {
    # The tags of what exists are unknown; what the caller creates has those that it wants.
    "a Deny for tagged instances": (
        ("aws:ResourceTag/env", MANAGED),
        {"may": [allow(SESSION), deny(SESSION, **PROD)], "target": boss("ec2"), "bound": INSTANCE},
    ),
    "an Allow for tagged instances": (
        ("ssm:resourceTag/team", MANAGED),
        {
            "may": [allow(SESSION, Condition={"StringLike": {"ssm:resourceTag/team": "web"}})],
            "target": boss("ec2"),
            "bound": INSTANCE,
        },
    ),
    "a Deny for tagged projects, and a new one": (
        (),
        {
            "may": [PASS, allow(["codebuild:CreateProject", BUILD]), deny(BUILD, **PROD)],
            "target": boss("codebuild"),
        },
    ),
    # There is one to change, and the caller may change it.
    "UpdateJob on others": (
        None,
        {
            "may": [PASS, on(["glue:UpdateJob", "glue:StartJobRun"], "glue:*:ID:job/team-*")],
            "target": boss("glue"),
            "works": [workload("glue-job")],
        },
    ),
    "UpdateJob on the one": (
        (),
        {
            "may": [PASS, on(["glue:UpdateJob", "glue:StartJobRun"], "glue:*:ID:job/pr*")],
            "target": boss("glue"),
            "works": [workload("glue-job")],
        },
    ),
    "a stack in another Region": (
        None,
        {
            "may": [PASS, allow("cloudformation:UpdateStack")],
            "target": boss("cloudformation"),
            "works": [STACK],
            "scp": ONLY_IRELAND,
        },
    ),
    # One Region for all.
    "each action in a Region of its own": (
        None,
        {
            "may": [PASS, on("glue:CreateJob", "glue:us-east-1:ID:*"), on("glue:CreateTrigger", "glue:eu-west-1:ID:*")],
            "target": boss("glue"),
        },
    ),
    "all in one Region": (
        (),
        {
            "may": [PASS, on("glue:CreateJob", "glue:us-east-1:ID:*"), on("glue:CreateTrigger", "glue:us-east-1:ID:*")],
            "target": boss("glue"),
        },
    ),
    "a Region by condition": (
        None,
        {
            "may": [
                PASS,
                allow("lambda:CreateFunction", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}}),
                allow("lambda:InvokeFunction", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
            ],
            "target": boss("lambda"),
        },
    ),
    "new things beside what runs in another Region": (
        None,
        {
            "may": [allow(["iot:CreateKeysAndCertificate", "iot:CreatePolicy", "iot:AttachPolicy"])],
            "target": boss("credentials.iot"),
            "works": [workload("iot-role-alias", BOSS)],
            "scp": ONLY_IRELAND,
        },
    ),
    "a function of unknown Region": (
        ("the Region of Lambda function prod (not read)", "something that invokes the function"),
        {
            "may": [on("lambda:UpdateFunctionCode", "lambda:eu-west-1:ID:function:prod")],
            "target": boss("lambda"),
            "bound": FUNCTION,
        },
    ),
    # The trust policy.
    "a profile without the session's tags": (
        None,
        {
            "may": [allow("rolesanywhere:CreateTrustAnchor")],
            "target": boss("rolesanywhere"),
            "works": [workload("rolesanywhere-profile", BOSS)],
        },
    ),
    "a new profile without the session's tags": (
        None,
        {
            "may": [PASS, allow(["rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile"])],
            "target": boss("rolesanywhere", ANYWHERE[:2]),
        },
    ),
    "a new profile with them": (
        (),
        {
            "may": [PASS, allow(["rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile"])],
            "target": boss("rolesanywhere", ANYWHERE),
        },
    ),
    "its own project as source": (
        (),
        {
            "may": [allow(BUILD)],
            "target": boss("codebuild", Condition={"ArnEquals": {"aws:SourceArn": PROJECT["Arn"]}}),
            "works": [PROJECT],
        },
    ),
    "another project as source": (
        None,
        {
            "may": [allow(BUILD)],
            "target": boss("codebuild", Condition={"ArnEquals": {"aws:SourceArn": f"{PROJECT['Arn']}-2"}}),
            "works": [PROJECT],
        },
    ),
    # What else a way needs.
    "a StackSet's administration role": (
        ("an execution role with its rights that trusts boss",),
        {
            "may": [PASS, allow(["cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"])],
            "target": boss("cloudformation"),
        },
    ),
    "a runtime that is there": (
        (),
        {
            "may": [PASS, allow(["bedrock-agentcore:UpdateAgentRuntime", "bedrock-agentcore:InvokeAgentRuntime"])],
            "target": boss("bedrock-agentcore"),
            "works": [workload("agentcore-runtime")],
        },
    ),
    "another role for a function": (
        ("a Lambda function to change, and something that invokes it",),
        {
            "may": [PASS, allow(["lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionCode"])],
            "target": boss("lambda"),
        },
    ),
    "a function that the caller invokes": (
        (),
        {
            "may": [allow(["lambda:UpdateFunctionCode", "lambda:InvokeFunction"])],
            "target": boss("lambda"),
            "bound": FUNCTION,
        },
    ),
    "a layer for a function that others invoke": (
        ("something that invokes the function",),
        {
            "may": [allow(["lambda:UpdateFunctionConfiguration", "lambda:GetLayerVersion"])],
            "target": boss("lambda"),
            "bound": FUNCTION,
        },
    ),
    "a layer for a function that the caller invokes": (
        (),
        {
            "may": [
                allow(["lambda:UpdateFunctionConfiguration", "lambda:GetLayerVersion", "lambda:InvokeFunction"]),
            ],
            "target": boss("lambda"),
            "bound": FUNCTION,
        },
    ),
    "a task without a cluster of its own": (
        ("an ECS cluster",),
        {"may": [PASS, allow(["ecs:RegisterTaskDefinition", "ecs:RunTask"])], "target": boss("ecs-tasks")},
    ),
    "a task with a new cluster": (
        (),
        {
            "may": [PASS, allow(["ecs:CreateCluster", "ecs:RegisterTaskDefinition", "ecs:RunTask"])],
            "target": boss("ecs-tasks"),
        },
    ),
    "a notebook that nobody opens": (
        ("a URL of the notebook, or a lifecycle configuration to run in it",),
        {"may": [PASS, allow("sagemaker:CreateNotebookInstance")], "target": boss("sagemaker")},
    ),
    "a notebook that the caller opens": (
        (),
        {
            "may": [
                PASS,
                allow(["sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"]),
            ],
            "target": boss("sagemaker"),
        },
    ),
    "a pipeline of a service that is closed to new customers": (
        ("an account that used Data Pipeline before 25 July 2024",),
        {
            "may": [
                PASS,
                allow(
                    [
                        "datapipeline:CreatePipeline",
                        "datapipeline:PutPipelineDefinition",
                        "datapipeline:ActivatePipeline",
                    ]
                ),
            ],
            "target": boss("datapipeline"),
        },
    ),
    "a runbook that is there": (
        None,
        {"may": [PASS, allow("ssm:StartAutomationExecution")], "target": boss("ssm")},
    ),
    "a new runbook": (
        (),
        {"may": [PASS, allow(["ssm:CreateDocument", "ssm:StartAutomationExecution"])], "target": boss("ssm")},
    ),
    "an image of components that cannot be read": (
        None,
        {
            "may": [
                allow(["imagebuilder:CreateComponent", "imagebuilder:CreateImageRecipe", "imagebuilder:CreateImage"])
            ],
            "target": boss("ec2"),
            "works": [workload("imagebuilder-infrastructure", BOSS)],
        },
    ),
    "access entries of another cluster": (
        None,
        {
            "may": [allow("eks:CreateAccessEntry"), on("eks:AssociateAccessPolicy", "eks:*:ID:access-entry/other/*")],
            "target": boss("pods.eks", ["sts:AssumeRole", "sts:TagSession"]),
            "bound": PODS,
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_path_hangs_on(tmp_path: Path, case: str) -> None:
    expected, account = CASES[case]
    given = dict(account)
    may, target, works = given.pop("may"), given.pop("target"), given.pop("works", [])
    assert hanging(tmp_path, may, target, *works, **given) == expected


@pytest.mark.parametrize("way", RUNNING, ids=lambda way: f"{way.kind} {way.needs[0].action}")
def test_a_way_needs_its_trust_its_trait_and_its_region(tmp_path: Path, way: RunningWay) -> None:
    runs = RUNS_AS[way.kind]
    service = runs.service.removesuffix(".amazonaws.com")
    bound = [
        {"Service": name, "Name": "prod: ns/sa" if name == "eks" else "prod", "Use": "its role", "RoleArn": BOSS}
        for name, (kind, _) in BOUND.items()
        if kind == way.kind
    ]
    works = [workload(way.kind, BOSS)] if way.kind in KINDS else []
    may = [allow(list(way.actions))]
    found = hanging(tmp_path, may, boss(service, list(runs.trusted)), *works, bound=bound)
    assert found is not None and (found == ()) is not bool(way.further)
    other = "lambda" if service != "lambda" else "ec2"
    assert hanging(tmp_path, may, boss(other, list(runs.trusted)), *works, bound=bound) is None
    if way.requires:
        bare = [workload(way.kind, BOSS, traits=())]
        assert hanging(tmp_path, may, boss(service, list(runs.trusted)), *bare) is None
    if works:
        assert hanging(tmp_path, may, boss(service, list(runs.trusted)), *works, scp=ONLY_IRELAND) is None


def test_a_sixth_version_needs_room(tmp_path: Path) -> None:
    own = managed("own", allow("s3:ListAllMyBuckets"))
    versions = [{"VersionId": f"v{n}", "IsDefaultVersion": n == 1, "Document": document(allow("s3:*"))} for n in (1, 2)]
    attached = {"AttachedManagedPolicies": [{"PolicyName": "own", "PolicyArn": f"arn:aws:iam::{ID}:policy/own"}]}
    for listed, actions, expected in (
        (versions, ["iam:CreatePolicyVersion"], ()),
        ([{**versions[0], "VersionId": f"v{n}", "IsDefaultVersion": n == 1} for n in range(1, 6)], None, None),
    ):
        own["PolicyVersionList"] = listed
        may = [allow(actions or ["iam:CreatePolicyVersion"])]
        assert hanging(tmp_path, may, None, policies=[own], doer=attached) == expected
    may = [allow(["iam:CreatePolicyVersion", "iam:DeletePolicyVersion"])]
    assert hanging(tmp_path, may, None, policies=[own], doer=attached) == ()


def test_an_account_of_the_caller_s_own_is_under_the_rcps(tmp_path: Path) -> None:
    narrow = managed("narrow", allow(["iam:CreateRole", "iam:PutRolePolicy"]))
    new = f"arn:aws:iam::{ID}:role/team/*"
    may = [allow(["iam:CreateRole", "iam:PutRolePolicy"], new)]
    more: dict[str, Any] = {"policies": [narrow], "scp": [deny("sts:AssumeRole")], "doer": bounded("narrow")}
    assert hanging(tmp_path, may, None, **more) == ()
    outsiders = {"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*"}
    assert hanging(tmp_path, may, None, rcp=[outsiders], **more) is None
    condition = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}
    assert hanging(tmp_path, may, None, rcp=[{**outsiders, "Condition": condition}], **more) != ()


def test_a_tag_that_a_guardrail_spares(tmp_path: Path) -> None:
    writing = ["iam:Put*", "iam:Attach*", "iam:Create*", "iam:Update*", "iam:Set*", "iam:PassRole", "iam:Delete*"]
    spared = {"Condition": {"StringNotEquals": {"aws:PrincipalTag/exempt": "true"}}}
    scp = [deny([*writing, "iam:Add*", "sts:AssumeRole"], **spared)]
    assert hanging(tmp_path, [allow("*")], None, scp=scp) == ()
    assert hanging(tmp_path, [allow("*")], None, scp=[*scp, deny("iam:TagRole")]) is None


def test_a_search_that_ends_early_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    teams = [{"StringEquals": {"aws:PrincipalTag/team": f"t{number}"}} for number in range(8)]
    may = [allow("iam:TagRole", f"arn:aws:iam::{ID}:role/doer"), *(allow("s3:*", Condition=each) for each in teams)]

    def untried(statements: list[Any]) -> list[str]:
        made = snapshot([role("doer", *statements)], organization=scps([allow("*")]))
        subject = reviewed(tmp_path, made)
        assert [one for one in review(subject, rules=["escalation.path"]) if isinstance(one, Finding)] == []
        return [one.what for one in subject.unread(rules_by_need()) if one.what.startswith("Paths to administrator")]

    assert untried([allow("s3:*")]) == [] == untried(may[:3])
    (line,) = untried([*may, allow("s3:*", Condition={"StringEquals": {"aws:PrincipalTag/env": ["a", "b"]}})])
    assert "more than 8 combinations of tags of doer" in line
    monkeypatch.setattr("diagnostics.review.subject.MOST_ASKED", 2)
    (line,) = untried(may[:3])
    assert "every change that doer can make to its own permissions" in line


def test_a_single_change_is_tried_even_where_the_search_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diagnostics.review.subject.MOST_ASKED", 0)
    assert hanging(tmp_path, [allow("iam:PutRolePolicy")], None) == ()
