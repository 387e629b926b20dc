"""Findings by what causes them, doubles, what AWS's set-up writes, and what was not read, folded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.causes import Cause, cause_id
from diagnostics.review.finding import Finding, Unread
from diagnostics.review.report.text import folded_unread, to_markdown, to_text
from diagnostics.review.run import Review, concluded, review
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role
from iam.facts.generated_roles import SET_UPS, set_up_of
from tests.support.accounts.questions import (
    ID,
    allow,
    attached,
    document,
    managed,
    opened,
    role,
    snapshot,
    trust,
    user,
)

TOOLS = managed("tools", allow("s3:*", Sid="Store"))
QUEUES = managed("queues", allow("sns:*"))
WITH_TOOLS = attached("tools")
OUTSIDE = {"AssumeRolePolicyDocument": trust({"AWS": "arn:aws:iam::999988887777:root"})}


def reviewed(tmp_path: Path, *roles: dict[str, Any]) -> Review:
    seen = ReviewedAccount(*opened(tmp_path, snapshot(list(roles), policies=[TOOLS, QUEUES])))
    return concluded(seen, [one for one in review(seen) if isinstance(one, Finding)])


def of_rule(found: Review, rule: str) -> list[Cause]:
    return [each for each in found.causes() if each.rule == rule]


def test_findings_of_one_policy_or_account_are_one(tmp_path: Path) -> None:
    found = reviewed(
        tmp_path,
        role("one", **WITH_TOOLS, **OUTSIDE),
        role("two", **WITH_TOOLS, **OUTSIDE),
        role("three", allow("s3:*")),
        role("four", allow("sqs:SendMessage", "arn:aws:sqs:*:*:q"), allow("s3:*", Sid="Own")),
        role("five", allow("sqs:*")),
        role("six", **attached("queues")),
        role("seven", **attached("queues")),
    )
    groups = {
        tuple(sorted(arn.rpartition("/")[2] for arn in each.subjects)): each.what
        for each in of_rule(found, "permissions.wildcard-action")
    }
    assert groups == {
        ("four", "one", "three", "two"): "a statement on s3:*",
        ("five",): "a statement on sqs:*",
        ("seven", "six"): "queues, statement 1",
    }
    (outside,) = of_rule(found, "trust.external-without-id")
    assert (outside.what, outside.who) == ("account 999988887777", "2 roles")
    assert {cause_id(one) for one in outside.findings} == {outside.id}
    text = to_text(found)
    assert "Another account may assume the role without an external ID: 2 roles, account 999988887777" in text
    assert text.count("(trust.external-without-id)") == 1


@pytest.mark.parametrize(
    ("statements", "double"),
    [([allow("*")], True), ([allow("*"), allow("s3:*")], False)],
)
def test_a_double_is_what_the_same_statements_say_of_an_administrator(
    tmp_path: Path, statements: list[dict[str, Any]], double: bool
) -> None:
    found = reviewed(tmp_path, role("boss", *statements))
    marked = [one for one in found.findings if one.rule == "permissions.wildcard-action"]
    assert [one.double_of is not None for one in marked] == [double]
    assert bool(of_rule(found, "permissions.wildcard-action")) is not double


def test_what_opens_a_path_is_no_finding_of_its_own_beside_it(tmp_path: Path) -> None:
    found = reviewed(
        tmp_path,
        role("boss", allow("*"), **OUTSIDE),
        role("way", allow("iam:PutRolePolicy"), allow("iam:AttachRolePolicy", f"arn:aws:iam::{ID}:role/boss")),
        role("wide", allow("sqs:*"), allow("iam:PutRolePolicy")),
    )
    doubles = {(one.rule, one.subject.rpartition("/")[2]): one.double_of for one in found.findings if one.double_of}
    way, boss = (f"arn:aws:iam::{ID}:role/{name}" for name in ("way", "boss"))
    assert doubles["permissions.wildcard-resource", "way"] == ("escalation.path", way)
    assert doubles["trust.external-without-id", "boss"] == ("trust.outside-admin", boss)
    assert ("permissions.wildcard-action", "wide") not in doubles


NAMES = [
    ("AWSControlTowerExecution", "AWS Control Tower"),
    ("aws-controltower-AdministratorExecutionRole", "AWS Control Tower"),
    (f"cdk-hnb659fds-cfn-exec-role-{ID}-eu-central-1", "the CDK's bootstrap"),
    ("amplify-shop-prod-31415-authRole", "AWS Amplify"),
    ("OrganizationAccountAccessRole", "AWS Organizations"),
    (f"stacksets-exec-{'0123456789abcdef' * 2}", "CloudFormation StackSets"),
    ("stacksets-exec-mine", None),
    ("theme-park-ThemeParkLambdaRole-APGEWB3D9EA1", "CloudFormation"),
    ("web20240102030405060700000001", "Terraform"),
    ("cdk-deployer", None),
    ("orders-api-production", None),
    ("my-service-authorization", None),
    ("AWSControlTowerExecutionForUs", None),
]


@pytest.mark.parametrize(("name", "tool"), NAMES)
def test_names_that_set_up_and_tools_make(name: str, tool: str | None) -> None:
    found = set_up_of(Role(name, f"arn:aws:iam::{ID}:role/{name}"))
    assert (found.tool if found else None) == tool


def test_every_set_up_has_its_page() -> None:
    assert all(each.page.startswith("https://") for each in SET_UPS)
    assert len({(each.tool, each.page) for each in SET_UPS}) == len(SET_UPS)


def test_what_set_up_writes_is_information_and_one_cause(tmp_path: Path) -> None:
    made = f"cdk-hnb659fds-deploy-role-{ID}-eu-central-1"
    other = f"cdk-hnb659fds-deploy-role-{ID}-us-east-1"
    found = reviewed(tmp_path, role(made, allow("s3:*")), role(other, allow(["s3:*", "sqs:*"])))
    (cause,) = of_rule(found, "permissions.wildcard-action")
    assert (cause.severity, cause.what) == ("info", "as the CDK's bootstrap sets it up")
    wide = reviewed(tmp_path, role(made, allow("*")))
    assert of_rule(wide, "permissions.admin")[0].severity == "high"  # a name proves nothing


def test_the_full_access_of_a_role_for_the_managing_account_is_said_with_who_gets_in(tmp_path: Path) -> None:
    made = role("OrganizationAccountAccessRole", allow("*"), **OUTSIDE)
    content = snapshot([made, role("admin", allow("*"), **OUTSIDE)])
    del content["Rolescope"]["Organization"]
    seen = ReviewedAccount(*opened(tmp_path, content))
    found = concluded(seen, [one for one in review(seen) if isinstance(one, Finding)]).findings
    admins = {one.subject.rpartition("/")[2]: one.double_of for one in found if one.rule == "permissions.admin"}
    assert admins == {"admin": None, made["RoleName"]: ("trust.outside-admin", made["Arn"])}


def test_roles_that_are_passed_are_said_once(tmp_path: Path) -> None:
    found = reviewed(tmp_path, role("passes", allow("iam:PassRole")), role("does", allow(["iam:PassRole", "sqs:*"])))
    wide = {one.subject.rpartition("/")[2] for one in found.findings if one.rule == "permissions.wildcard-resource"}
    assert wide == {"does"}
    assert {one.subject.rpartition("/")[2] for one in found.findings if one.rule == "permissions.passrole-any"} == {
        "passes",
        "does",
    }


def test_a_path_between_roles_of_one_set_up_is_low(tmp_path: Path) -> None:
    runs, does = "AWS-QuickSetup-StackSet-Local-AdministrationRole", "AWS-QuickSetup-StackSet-Local-ExecutionRole"
    target = f"arn:aws:iam::{ID}:role/{does}"
    lets_in = {"AssumeRolePolicyDocument": trust({"AWS": f"arn:aws:iam::{ID}:root"})}
    found = reviewed(
        tmp_path,
        role(runs, allow("sts:AssumeRole", target)),
        role("own", allow("sts:AssumeRole", target)),
        role(does, allow("*"), **lets_in),
    )
    severities = {
        one.subject.rpartition("/")[2]: (one.severity, one.set_up_by)
        for one in found.findings
        if one.rule == "escalation.path"
    }
    assert severities == {runs: ("low", "Systems Manager Quick Setup"), "own": ("medium", "")}
    doubles = {one.subject: one.double_of for one in found.findings if one.rule == "escalation.path"}
    assert doubles == {
        f"arn:aws:iam::{ID}:role/{runs}": ("permissions.admin", target),  # its full access says all of the set-up
        f"arn:aws:iam::{ID}:role/own": None,
    }
    assert "Systems Manager Quick Setup sets up roles of this name." in to_text(found)


@pytest.mark.parametrize(
    ("resource", "services", "passes"),
    [
        ("arn:aws:iam::*:role/AWSServiceRoleForConfig", (), False),  # there is no such role to pass
        ("arn:*:iam::*:role/runs", ("lambda",), False),
        ("arn:*:iam::*:role/runs", ("lambda", "ec2"), True),
        ("arn:aws:iam::*:role/run*", ("lambda",), True),
    ],
)
def test_a_role_by_name_goes_to_the_service_that_it_trusts(
    tmp_path: Path, resource: str, services: tuple[str, ...], passes: bool
) -> None:
    runs = role("runs", AssumeRolePolicyDocument=trust({"Service": [f"{each}.amazonaws.com" for each in services]}))
    found = reviewed(tmp_path, role("passes", allow("iam:PassRole", resource)), *([runs] if services else []))
    assert bool(of_rule(found, "permissions.passrole-any")) is passes


def test_hygiene_is_one_line_of_its_rules(tmp_path: Path) -> None:
    service = {"AssumeRolePolicyDocument": trust({"Service": "states.amazonaws.com"})}
    users = [user(name, allow("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ID}:a")) for name in ("eva", "jo")]
    seen = ReviewedAccount(*opened(tmp_path, snapshot([role("sends", **service)], users)))
    found = concluded(seen, [one for one in review(seen) if isinstance(one, Finding)])
    (cause,) = (each for each in found.causes() if each.rule == "hygiene")
    assert {one.rule for one in cause.findings} == {"support.no-role", "trust.confused-deputy", "users.direct-policy"}
    assert cause.severity == "low" and len(cause.findings) == 4 and not any(one.double_of for one in cause.findings)
    text = to_text(found)
    assert "LOW       Hygiene: these give no access  (hygiene)" in text
    assert "  2 users: A user has policies of its own (users.direct-policy). FIX Move the policies to a group" in text
    assert "### Hygiene: these give no access" in to_markdown(found)


def test_who_may_send_tokens_of_a_provider_that_does_not_exist_is_said_once(tmp_path: Path) -> None:
    cluster, github = "oidc.eks.us-east-1.amazonaws.com/id/ABC", "token.actions.githubusercontent.com"
    arns = [f"arn:aws:iam::{ID}:oidc-provider/{each}" for each in (cluster, github)]
    condition = {"StringLike": {f"{cluster}:sub": "system:serviceaccount:*:api"}}

    def trusts(providers: Any) -> dict[str, Any]:
        return {"AssumeRolePolicyDocument": document(
            {"Effect": "Allow", "Principal": {"Federated": providers}, "Action": "sts:AssumeRoleWithWebIdentity",
             "Condition": condition})}  # fmt: skip

    writes = allow("s3:PutObject", "arn:aws:s3:::kelp/*")  # as grave as it is, nobody has such tokens
    roles = [role("alone", **trusts(arns[0])), role("both", **trusts(arns)), role("grave", writes, **trusts(arns[0]))]
    content = snapshot(roles)
    content["Rolescope"]["OpenIDConnectProviders"] = [{"Arn": arns[1]}]
    seen = ReviewedAccount(*opened(tmp_path, content))
    found = concluded(seen, [one for one in review(seen) if isinstance(one, Finding)]).findings
    rules = {one.subject.rpartition("/")[2]: one.double_of for one in found if one.rule == "trust.wide-subject"}
    assert rules["alone"] == ("trust.provider-missing", f"arn:aws:iam::{ID}:role/alone")
    assert rules["grave"] == ("trust.provider-missing", f"arn:aws:iam::{ID}:role/grave")
    severities = {one.severity for one in found if one.subject.endswith("/grave") and one.rule.startswith("trust.")}
    assert severities <= {"medium", "low"}
    assert rules.get("both") is None


def test_what_an_administrator_does_not_use_and_a_whole_service_on_all_are_said_once(tmp_path: Path) -> None:
    found = reviewed(
        tmp_path,
        role("store", allow("s3:*")),
        role("own", allow("s3:*", "arn:aws:s3:::own*")),
        role("both", allow("s3:*"), allow("sqs:SendMessage")),
    )
    doubles = {(one.rule, one.subject.rpartition("/")[2]) for one in found.findings if one.double_of}
    assert doubles == {("permissions.wildcard-resource", "store")}
    summaries = {one.subject.rpartition("/")[2]: one for one in found.findings if one.rule.endswith("wildcard-action")}
    assert summaries["store"].severity == "medium" and "of s3 on every resource" in summaries["store"].summary
    assert summaries["own"].severity == "low" and "of s3 on arn:aws:s3:::own*" in summaries["own"].summary


def test_wide_statements_are_one_cause_by_the_gravest_and_telemetry_is_information(tmp_path: Path) -> None:
    telemetry = allow(["logs:CreateLogStream", "logs:PutLogEvents", "cloudwatch:PutMetricData"])
    found = reviewed(
        tmp_path,
        role("logs", telemetry),
        role("metrics", allow("cloudwatch:PutMetricData"), telemetry),
        role("sends", allow("sqs:SendMessage"), telemetry),
        role("sends-too", allow("sqs:SendMessage"), allow("s3:GetObject")),
        role("reads", allow("s3:GetObject")),
    )
    causes = {
        tuple(sorted(arn.rpartition("/")[2] for arn in each.subjects)): (each.severity, each.what)
        for each in of_rule(found, "permissions.wildcard-resource")
    }
    assert causes == {
        ("logs", "metrics"): ("info", "only writing logs, metrics and traces"),
        ("sends", "sends-too"): ("medium", "a statement on sqs:SendMessage"),
        ("reads",): ("low", "a statement on s3:GetObject"),
    }
    text = to_text(found)
    assert (
        "sends may perform sqs:SendMessage on every resource: it can write to resources that are not its own." in text
    )
    assert "reads may perform s3:GetObject on every resource: it can read resources that are not its own." in text


def test_nothing_planted_is_hidden_by_folding(capsys: pytest.CaptureFixture[str]) -> None:
    from tests.support.oracles.folded_findings import main

    assert main(["50", "4004"]) == 0, capsys.readouterr().out


def test_what_was_not_read_is_folded_by_kind() -> None:
    alike = [Unread(f"{kind}: The snapshot does not contain {kind}.", ("a.b",)) for kind in ("Glue jobs", "ECS tasks")]
    other = Unread("ECS tasks: AWS denied ecs:ListTasks.", ("a.b",))
    one, two = folded_unread([*alike, other])
    assert one.what == "2 kinds (Glue jobs and ECS tasks): The snapshot does not contain them."
    assert two == other


def test_of_one_access_level_what_runs_code_is_named_first(tmp_path: Path) -> None:
    sessions = allow(["ssm:ResumeSession", "ssm:StartSession", "ssm:TerminateSession"])
    found = reviewed(
        tmp_path,
        role("sessions", sessions),
        role("two", allow("sqs:SendMessage"), sessions),
        role("resumes", allow(["ssm:ResumeSession", "ssm:TerminateSession"])),
    )
    named = {
        one.subject.rpartition("/")[2]: one.summary.partition(" on every resource")[0]
        for one in found.findings
        if one.rule == "permissions.wildcard-resource"
    }
    assert named == {
        "sessions": "sessions may perform ssm:StartSession",
        "two": "two may perform ssm:StartSession and sqs:SendMessage",
        "resumes": "resumes may perform ssm:ResumeSession",
    }


def test_what_runs_code_or_changes_permissions_everywhere_is_high_and_what_only_creates_is_none(tmp_path: Path) -> None:
    found = reviewed(
        tmp_path,
        role("creates", allow(["lambda:CreateFunction", "dynamodb:CreateTable"])),
        role("invokes", allow(["lambda:CreateFunction", "lambda:InvokeFunction"])),
        role("runs", allow(["s3:PutBucketPolicy", "lambda:UpdateFunctionCode"])),
        role("attaches", allow("iam:UpdateAssumeRolePolicy")),
    )
    wide = {
        one.subject.rpartition("/")[2]: (one.severity, one.summary.partition(" may perform ")[2])
        for one in found.findings
        if one.rule == "permissions.wildcard-resource"
    }
    assert wide == {
        "invokes": (
            "medium",
            "lambda:InvokeFunction on every resource: it can write to resources that are not its own.",
        ),
        "runs": (
            "high",
            "lambda:UpdateFunctionCode on every resource: "
            "it can run code in resources that are not its own, with the permissions of their roles.",
        ),
        "attaches": (
            "high",
            "iam:UpdateAssumeRolePolicy on every resource: it can change the permissions of resources that are not its "
            "own.",
        ),
    }
