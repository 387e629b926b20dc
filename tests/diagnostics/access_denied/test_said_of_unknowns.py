"""What depends on something unknown is said with it: values of conditions, endpoints, layers that were not read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Confidence, LookState
from diagnostics.fix_report import proof_of
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, allow, deny, document, session
from tests.support.denials.invented import denied, diagnosis_of, no, read
from tests.support.denials.read_aloud import BUCKET, account_with, diagnosed

OBJECT = f"{BUCKET}/x"
BARE = denied(session("worker"), "s3:GetObject", f'"{OBJECT}"')
BY_AN_ENDPOINT = denied(session("worker"), "s3:GetObject", f'"{OBJECT}"', no("VPC endpoint policy", "s3:GetObject"))
ELSEWHERE = allow("s3:GetObject", "arn:aws:s3:::elsewhere/*")
EVERYTHING = allow("s3:*")


@pytest.mark.parametrize(
    ("condition", "clause"),
    [
        ({"StringNotEquals": {"aws:SourceVpc": "vpc-9"}}, "aws:SourceVpc is vpc-9 (unknown here)"),
        ({"StringNotLike": {"aws:UserAgent": "x*"}}, "aws:UserAgent matches x* (unknown here)"),
        ({"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, "aws:SourceIp is in 198.51.100.0/24 (unknown here)"),
    ],
)
def test_a_fix_says_which_value_it_needs(condition: dict[str, Any], clause: str, tmp_path: Path) -> None:
    found = diagnosed(tmp_path, account_with(ELSEWHERE, deny("s3:GetObject", OBJECT, **condition)), BARE)
    assert found.fixes[0].verified is not True and clause in proof_of(found.fixes[0])


def test_no_cause_is_ruled_out_by_an_allow_that_needs_an_unknown_value(tmp_path: Path) -> None:
    content = account_with(allow("s3:*", "arn:aws:*:*:*:*${aws:PrincipalTag/none}*"))
    looks = diagnosed(tmp_path, content, BARE).first_look
    assert looks and not any(look.state is LookState.RULED_OUT for look in looks)


def test_an_endpoint_that_is_given_is_not_taken_for_another(tmp_path: Path) -> None:
    given = "vpce-0aa11bb22cc33dd44"
    found = diagnosed(tmp_path, account_with(EVERYTHING), BY_AN_ENDPOINT, aws__SourceVpce=given)
    assert "vpce" in found.verdict.unread and not found.verdict.questions
    assert [fix.title for fix in found.fixes] == [
        f"Ask the owner of the VPC endpoint {given} for the VPC endpoint policy"
    ]


@pytest.mark.parametrize("name", [f"arn:aws:iam::{ID}:use/ben", f"arn:aws:iam::{ID}:roles/worker"])
def test_an_arn_that_no_principal_can_have_is_said_to_be_that(name: str, tmp_path: Path) -> None:
    found = diagnosed(tmp_path, account_with(EVERYTHING), denied(name, "s3:GetObject", f'"{OBJECT}"'))
    assert found.verdict.summary.startswith(f"{name} is not the ARN of a role")
    assert [fix.title for fix in found.fixes] == ["Compare the caller's ARN with the original message"]


@pytest.mark.parametrize("region", ["xxxx", "***", "<region>", "REGION"])
def test_an_arn_without_its_region_names_no_resource(region: str, tmp_path: Path) -> None:
    on = f"arn:aws:lambda:{region}:xxxx:function:Notify"
    text = denied(
        "sns.amazonaws.com", "lambda:InvokeFunction", on, no("resource-based policy", "lambda:InvokeFunction")
    )
    found = diagnosed(tmp_path, account_with(), text)
    assert found.fixes and all(fix.verified is not True and not fix.hangs_on for fix in found.fixes)
    assert not any(ID in fix.text for fix in found.fixes)


def test_of_a_token_of_another_provider_no_role_is_a_candidate(tmp_path: Path) -> None:
    text = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
    told = {"cognito-identity.amazonaws.com__aud": "us-east-1:5c1d8a40-0f3e-4f0a-9d3c-2b7a6e5d4c31"}
    found = diagnosed(tmp_path, account_with(), text, **told)
    assert not any("gitlab" in step.summary for step in found.steps)
    assert any("gitlab" in step.summary for step in diagnosed(tmp_path, account_with(), text).steps)


@pytest.mark.parametrize("organization", [True, False])
def test_where_a_layer_is_unread_trying_again_is_not_the_only_way(organization: bool, tmp_path: Path) -> None:
    content = account_with(EVERYTHING, organization=organization)
    content["Rolescope"]["VpcEndpoints"] = []
    content["Rolescope"]["ResourcePolicies"][BUCKET] = None
    found = diagnosed(tmp_path, content, BARE, aws__RequestedRegion="eu-central-1")
    asked = [fix.title for fix in found.fixes if fix.title.startswith("Ask the organization")]
    assert found.verdict.cause == "allowed.now" and bool(asked) is not organization


@pytest.mark.parametrize(("region", "denied_there"), [("us-east-1", True), ("eu-central-1", False)])
def test_a_deny_for_everybody_comes_before_a_caller_that_does_not_exist(
    region: str, denied_there: bool, tmp_path: Path
) -> None:
    text = denied(
        session("wworker"), "s3:GetObject", f'"{OBJECT}"', "with an explicit deny in a service control policy"
    )
    found = diagnosed(tmp_path, account_with(EVERYTHING), text, aws__RequestedRegion=region)
    assert (found.verdict.cause == "scp.explicit-deny") is denied_there
    assert any("wworker" in fix.title for fix in found.fixes)


COMPARED = allow("ec2:StartInstances", StringEquals={"aws:ResourceTag/team": "${aws:PrincipalTag/team}"})
INSTANCE = alder.arn("ec2", "instance/i-1")


@pytest.mark.parametrize(
    ("tags_may_be_sent", "said"), [(True, "unless the session was created with one"), (False, "here")]
)
def test_a_tag_of_the_session_that_nobody_saw_is_not_said_to_be_absent(
    tags_may_be_sent: bool, said: str, tmp_path: Path
) -> None:
    content = account_with(COMPARED)
    worker = content["RoleDetailList"][-1]
    who = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ID}:root"}, "Action": ["sts:AssumeRole"]}
    who["Action"] += ["sts:TagSession"] if tags_may_be_sent else []
    worker |= {"AssumeRolePolicyDocument": document(who), "Tags": []}
    text = denied(session("worker"), "ec2:StartInstances", INSTANCE, no("identity-based policy", "ec2:StartInstances"))
    found = diagnosed(tmp_path, content, text, **{"aws__ResourceTag/team": "red"})
    assert found.verdict.cause == "identity.unresolved-variable"
    step = next(each for each in found.steps if each.id == "identity")
    for sentence in (step.summary, found.verdict.summary):
        assert f"${{aws:PrincipalTag/team}}, which has no value {said}" in sentence


@pytest.mark.parametrize(
    "reason", ["", no("identity-based policy", "s3:GetObject"), no("session policy", "s3:GetObject")]
)
def test_no_verdict_says_that_nobody_was_refused(reason: str, tmp_path: Path) -> None:
    name = f"arn:aws:iam::{ID}:uuser/ben"
    found = diagnosed(tmp_path, account_with(EVERYTHING), denied(name, "s3:GetObject", f'"{OBJECT}"', reason))
    first, _, rest = found.verdict.summary.partition(". ")
    assert first == f"{name} is not the ARN of a role, a session, a user or an identity provider"
    assert name not in rest and found.verdict.confidence is not Confidence.CERTAIN
    step = next(each for each in found.steps if each.id == "identity")
    assert "no policies can be looked up" in step.summary and not step.evidence[0].call


def test_a_deny_that_only_may_match_is_said_to_that_far(tmp_path: Path) -> None:
    content = account_with(EVERYTHING, deny("s3:GetObject", OBJECT, IpAddress={"aws:SourceIp": "203.0.113.0/24"}))
    found = diagnosed(tmp_path, content, BARE, aws__RequestedRegion="eu-central-1")
    unknown = "may deny it: the statement matches where aws:SourceIp is in 203.0.113.0/24, but the value is unknown"
    for name in ("explicit-denies", "identity"):
        step = next(each for each in found.steps if each.id == name)
        assert step.evidence[0].text.startswith(unknown), step
    assert "may deny the request; if so, no Allow can help" in found.fixes[0].text
    found = diagnosed(tmp_path, content, BARE, aws__RequestedRegion="eu-central-1", aws__ResourceAccount=ID)
    assert "own, statement 2 denied the request (unknown here)" in " ".join(map(proof_of, found.fixes))


def test_a_sentence_begins_with_a_capital(tmp_path: Path) -> None:
    name = f"arn:aws:iam::{ID}:uuser/ben"
    found = diagnosed(
        tmp_path, account_with(EVERYTHING), denied(name, "sts:AssumeRole", f"arn:aws:iam::{ID}:role/worker")
    )
    assert ". The caller is not allowed to assume worker" in found.verdict.summary


def test_the_name_of_a_role_keeps_its_letters_at_the_beginning_of_a_sentence(tmp_path: Path) -> None:
    content = account_with(ELSEWHERE)
    found = diagnosed(tmp_path, content, denied(session("worker"), "iam:PassRole", f"arn:aws:iam::{ID}:role/no-such"))
    assert "no-such does not exist" in found.verdict.summary and ". worker is not allowed" in found.verdict.summary


def test_no_endpoint_is_blamed_that_the_text_does_not_blame(tmp_path: Path) -> None:
    content = account_with(EVERYTHING)
    content["Rolescope"].pop("VpcEndpoints", None)
    given = {"aws__RequestedRegion": "eu-central-1", "aws__ResourceAccount": ID}
    found = diagnosed(tmp_path, content, BARE, **given)
    asked = [fix for fix in found.fixes if "VPC endpoint" in fix.title]
    assert asked and all(fix.title.startswith("Find out whether") for fix in asked)
    assert not any("The policy of a VPC endpoint denied the request" in fix.text for fix in asked)


def test_a_session_policy_that_there_may_be_is_not_said_to_be_unread(tmp_path: Path) -> None:
    """The role's sessions are made by another account, which may have passed one."""
    content = account_with(EVERYTHING)
    trusted = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::888866667777:root"}, "Action": "sts:AssumeRole"}
    content["RoleDetailList"][-1]["AssumeRolePolicyDocument"] = document(trusted)
    found = diagnosed(tmp_path, content, BARE, aws__RequestedRegion="eu-central-1", aws__ResourceAccount=ID)
    assert found.verdict.cause == "unreadable" and "session" in found.verdict.unread
    assert "session policy and" not in found.verdict.summary and "and session policy" not in found.verdict.summary
    assert "it is unknown whether the session was created with a session policy" in found.verdict.summary


def test_a_caller_that_the_operator_chose_is_taken_for_it(tmp_path: Path) -> None:
    account = read(tmp_path / "alder.json", account_with(EVERYTHING))
    text = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
    caller = next(each for each in diagnosis_of(text, account, "worker").steps if each.id == "caller")
    assert (
        caller.summary.startswith("assumed to be a session of role worker") and "no caller was found" in caller.summary
    )
