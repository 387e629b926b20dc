"""What AWS's text names is looked up: policies by ARN, versions, access points, endpoints, whose it is to answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Diagnosis, Status
from diagnostics.who import Who
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, ORG, OTHER, RECORDS, allow, deny, document, policy_arn, role_arn, session
from tests.support.denials.invented import Read, denied, diagnosis_of, no, read
from tests.support.oracles.contradictions import contradictions


@pytest.fixture
def content() -> dict[str, Any]:
    return alder.snapshot()


def opened(tmp_path: Path, content: dict[str, Any]) -> Read:
    return read(tmp_path / "alder.json", content)


def test_a_newer_version_that_is_not_the_default_is_told(tmp_path: Path, content: dict[str, Any]) -> None:
    records = next(policy for policy in content["Policies"] if policy["PolicyName"] == "records-read")
    records["PolicyVersionList"].reverse()
    for version, name in zip(records["PolicyVersionList"], ("v1", "v2"), strict=True):
        version["VersionId"] = name
    records["DefaultVersionId"] = "v1"  # the flags say v1 too: it lists only, and v2 gets
    text = denied(
        session("intake-api"),
        "s3:GetObject",
        f'"arn:aws:s3:::{RECORDS}/a"',
        no("identity-based policy", "s3:GetObject"),
    )
    found = diagnosis_of(text, opened(tmp_path, content), aws__RequestedRegion="eu-central-1")
    assert "records-read v2, which was created after the default version v1, would allow it" in found.verdict.summary
    assert found.fixes[0].title.startswith("Make v2 the default version of records-read instead of v1")


RECORD = f'"arn:aws:s3:::{RECORDS}/a"'
SCP = f"arn:aws:organizations::{OTHER}:policy/{ORG}/service_control_policy/p-ghost"
RCP = f"arn:aws:organizations::{OTHER}:policy/{ORG}/resource_control_policy/p-ghost"
GHOST = policy_arn("ghost")


def refused(account: Read, layer: str, arn: str, action: str = "s3:GetObject", resource: str = RECORD) -> Diagnosis:
    text = denied(session("night-batch"), action, resource, f"with an explicit deny in a {layer}: {arn}")
    return diagnosis_of(text, account, aws__RequestedRegion="eu-central-1")


@pytest.mark.parametrize(
    ("layer", "word", "arn", "who"),
    [
        ("identity-based policy", "identity", GHOST, Who.ACCOUNT_ADMIN),
        ("permissions boundary", "boundary", GHOST, Who.ACCOUNT_ADMIN),
        ("session policy", "session", GHOST, Who.ACCOUNT_ADMIN),
        ("service control policy", "scp", SCP, Who.ORG_ADMIN),
        ("resource control policy", "rcp", RCP, Who.ORG_ADMIN),
    ],
)
def test_a_named_policy_that_is_nowhere_is_asked_for(
    tmp_path: Path, content: dict[str, Any], layer: str, word: str, arn: str, who: Who
) -> None:
    found = refused(opened(tmp_path, content), layer, arn)
    assert (found.verdict.cause, word in found.verdict.unread) == ("unreadable", True)
    assert arn in found.verdict.summary
    assert (found.fixes[0].who, found.fixes[0].target) == (who, arn)


def test_where_its_layer_cannot_be_read_the_text_is_believed(tmp_path: Path, content: dict[str, Any]) -> None:
    del content["Rolescope"]["Organization"]
    found = refused(opened(tmp_path, content), "service control policy", SCP)
    assert found.verdict.cause == "scp.explicit-deny"
    assert SCP in found.fixes[0].title


@pytest.mark.parametrize(
    ("layer", "word"), [("identity-based policy", "identity"), ("permissions boundary", "boundary")]
)
def test_one_that_does_not_exist_refuses_nothing_for_certain(
    tmp_path: Path, content: dict[str, Any], layer: str, word: str
) -> None:
    """Its layer cannot be read whole, and the account has no policy of that ARN."""
    batch = next(role for role in content["RoleDetailList"] if role["RoleName"] == "night-batch")
    unknown = {"PolicyName": "Unknown", "PolicyArn": "arn:aws:iam::aws:policy/Unknown"}
    batch["AttachedManagedPolicies"].append(unknown)
    batch["PermissionsBoundary"] = {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": unknown["PolicyArn"],
    }
    found = refused(opened(tmp_path, content), layer, GHOST)
    assert (found.verdict.cause, found.verdict.confidence.value) == ("unreadable", "unknown")
    assert word in found.verdict.unread
    assert GHOST in found.verdict.summary


def test_one_that_the_role_does_not_carry_was_taken_off(tmp_path: Path, content: dict[str, Any]) -> None:
    """Another of the role's policies cannot be read."""
    batch = next(role for role in held(content)["RoleDetailList"] if role["RoleName"] == "night-batch")
    unknown = {"PolicyName": "Unknown", "PolicyArn": "arn:aws:iam::aws:policy/Unknown"}
    batch["AttachedManagedPolicies"].append(unknown)
    found = refused(opened(tmp_path, content), "identity-based policy", GHOST)
    assert found.verdict.cause == "allowed.now"
    assert "is no longer its identity-based policy (DetachRolePolicy 2 h ago by mira)" in found.verdict.summary


def held(content: dict[str, Any]) -> dict[str, Any]:
    """The account with a policy that denies, attached to nobody, and the event that took it away."""
    content["Policies"].append(alder.policy("ghost", document(allow("s3:*"), deny("s3:GetObject", "*", "NoGet"))))
    content["Rolescope"]["Events"] = [
        {
            "EventName": "DetachRolePolicy",
            "EventTime": "2026-11-20T07:00:00Z",
            "Username": "mira",
            "Resources": [GHOST, "night-batch"],
            "CloudTrailEvent": json.dumps({"requestParameters": {"roleName": "night-batch", "policyArn": GHOST}}),
        }
    ]
    return content


def test_one_that_was_taken_away_outweighs_what_only_may_refuse(tmp_path: Path, content: dict[str, Any]) -> None:
    """A Deny of the organization hangs on the region, which nobody told."""
    batch = next(role for role in held(content)["RoleDetailList"] if role["RoleName"] == "night-batch")
    batch["RolePolicyList"].append({"PolicyName": "home", "PolicyDocument": document(allow("s3:*"))})
    content["Rolescope"]["VpcEndpoints"] = []
    text = denied(session("night-batch"), "s3:GetObject", RECORD)
    account = opened(tmp_path, content)
    assert diagnosis_of(text, account).verdict.cause == "scp.explicit-deny"
    assert "may deny night-batch s3:GetObject" in diagnosis_of(text, account).verdict.summary
    named = diagnosis_of(f"{text} with an explicit deny in a permissions boundary: {GHOST}", account).verdict
    assert (named.cause, named.confidence.value) == ("allowed.now", "likely")
    assert [question.key for question in named.questions] == ["aws:RequestedRegion"]


@pytest.mark.parametrize("layer", ["identity-based policy", "permissions boundary"])
def test_a_named_policy_that_was_taken_away_is_said_to_be(tmp_path: Path, content: dict[str, Any], layer: str) -> None:
    found = refused(opened(tmp_path, held(content)), layer, GHOST)
    assert found.verdict.cause == "allowed.now"
    became = f"{GHOST}, which refused the request, is no longer its {layer} (DetachRolePolicy 2 h ago by mira)"
    assert became in found.verdict.summary
    assert found.fixes[0].title == "Try again: ghost no longer denies the request"


def test_a_named_session_policy_is_judged(tmp_path: Path, content: dict[str, Any]) -> None:
    found = refused(opened(tmp_path, held(content)), "session policy", GHOST)
    assert found.verdict.cause == "session.explicit-deny"
    assert "ghost, statement NoGet" in found.verdict.summary


def test_a_named_policy_that_is_attached_is_judged(tmp_path: Path, content: dict[str, Any]) -> None:
    batch = next(role for role in held(content)["RoleDetailList"] if role["RoleName"] == "night-batch")
    batch["AttachedManagedPolicies"].append({"PolicyName": "ghost", "PolicyArn": GHOST})
    found = refused(opened(tmp_path, content), "identity-based policy", GHOST)
    assert (found.verdict.cause, found.verdict.confidence.value) == ("identity.explicit-deny", "certain")
    assert not [step for step in found.steps if step.id == "named-policy"]


@pytest.mark.parametrize("number", ["************", "22223333****", "<account-id>"])
def test_a_named_policy_whose_account_was_masked(tmp_path: Path, content: dict[str, Any], number: str) -> None:
    batch = next(role for role in held(content)["RoleDetailList"] if role["RoleName"] == "night-batch")
    batch["AttachedManagedPolicies"].append({"PolicyName": "ghost", "PolicyArn": GHOST})
    found = refused(opened(tmp_path, content), "identity-based policy", GHOST.replace(ID, number))
    assert (found.verdict.cause, found.verdict.confidence.value) == ("identity.explicit-deny", "certain")
    assert "ghost, statement NoGet" in found.verdict.summary


# Whom to ask.


def keepers(found: Diagnosis) -> list[tuple[str, str]]:
    assert found.verdict.cause == "unreadable"
    return [(fix.who.value, fix.title) for fix in found.fixes if fix.title.startswith("Ask")]


def test_another_accounts_caller_is_asked_for_there(tmp_path: Path, content: dict[str, Any]) -> None:
    role = next(role for role in content["RoleDetailList"] if role["RoleName"] == "partner-feed")
    del role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    text = denied(session("feeder", account=OTHER), "sts:AssumeRole", role_arn("partner-feed"))
    found = keepers(diagnosis_of(text, opened(tmp_path, content)))
    assert found[0] == (
        "account-admin",
        f"Ask the administrators of account {OTHER} for the identity-based policy and permissions boundary",
    )
    assert (
        "org-admin",
        f"Ask the organization's administrators of account {OTHER} for the service control policy",
    ) in found
    assert not [title for who, title in found if who == "resource-owner" or ID in title]


def test_a_buckets_policy_that_can_only_refuse_gets_no_allow(tmp_path: Path, content: dict[str, Any]) -> None:
    """The caller's own policies suffice for a bucket of the same account; for another account's they do not."""
    batch = next(role for role in content["RoleDetailList"] if role["RoleName"] == "night-batch")
    batch["RolePolicyList"].append({"PolicyName": "all", "PolicyDocument": document(allow("s3:*"))})
    content["Rolescope"]["VpcEndpoints"] = []
    account = opened(tmp_path, content)
    text = denied(session("night-batch"), "s3:GetObject", '"arn:aws:s3:::ward/a"')
    for owner, offered in ((ID, False), (OTHER, True)):
        found = diagnosis_of(text, account, aws__RequestedRegion="eu-central-1", aws__ResourceAccount=owner)
        assert "resource" in found.verdict.unread
        assert any(fix.title.startswith("Add s3:GetObject") for fix in found.fixes) is offered


def test_an_endpoint_that_the_text_does_not_name_is_to_be_found_first(tmp_path: Path, content: dict[str, Any]) -> None:
    stream = alder.arn("kinesis", "stream/vitals")
    content["Rolescope"]["VpcEndpoints"] = []
    text = denied(session("night-batch"), "kinesis:PutRecord", stream, no("VPC endpoint policy", "kinesis:PutRecord"))
    found = diagnosis_of(text, opened(tmp_path, content))
    assert not keepers(found)
    assert [(fix.who.value, "VPC endpoint through which the call went" in fix.title) for fix in found.fixes] == [
        ("caller", True)
    ]


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ({}, "Find the VPC endpoint through which the call went"),
        ({"aws__SourceVpce": "vpce-alder1"}, "Ask the owner of vpce-alder1 (VPC endpoint policy) about this request"),
    ],
)
def test_a_deny_of_an_endpoint_that_nobody_named_has_no_owner_to_ask(
    told: dict[str, str], title: str, tmp_path: Path, content: dict[str, Any]
) -> None:
    allowing = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    name = "com.amazonaws.eu-central-1.kinesis"
    content["Rolescope"]["VpcEndpoints"] = [{"Id": "vpce-alder1", "ServiceName": name, "Document": document(allowing)}]
    why = " with an explicit deny in a VPC endpoint policy"
    text = denied(session("night-batch"), "kinesis:PutRecord", alder.arn("kinesis", "stream/vitals"), why)
    found = diagnosis_of(text, opened(tmp_path, content), **told)
    assert found.verdict.cause == "vpce.explicit-deny" and found.fixes[0].title.startswith(title), found.fixes


# What stands between.


def test_the_policy_of_an_access_point_decides(tmp_path: Path, content: dict[str, Any]) -> None:
    point = alder.arn("s3", "accesspoint/ward")
    refusing = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"{point}/object/*",
        "Sid": "No",
    }
    content["Rolescope"]["ResourcePolicies"][point] = document(refusing)
    text = denied(session("night-batch"), "s3:GetObject", f"{point}/object/a.pdf")
    found = diagnosis_of(text, opened(tmp_path, content), aws__RequestedRegion="eu-central-1")
    assert found.verdict.cause == "resource.explicit-deny"
    assert "statement No" in found.verdict.summary
    del content["Rolescope"]["ResourcePolicies"][point]["Statement"][0]
    content["Rolescope"]["VpcEndpoints"] = []
    found = diagnosis_of(text, opened(tmp_path, content), aws__RequestedRegion="eu-central-1")
    assert "resource" in found.verdict.unread and found.verdict.confidence.value != "certain"
    assert any("policy of the access point's bucket" in step.summary for step in found.steps)


def test_an_endpoint_is_found_by_the_service_that_it_carries(tmp_path: Path, content: dict[str, Any]) -> None:
    stream = alder.arn("kinesis", "stream/vitals")
    content["Rolescope"]["VpcEndpoints"] = [
        {
            "Id": "vpce-streams",
            "ServiceName": "com.amazonaws.eu-central-1.kinesis-streams",
            "Document": document({"Effect": "Allow", "Principal": "*", "Action": "kinesis:Get*", "Resource": "*"}),
        }
    ]
    text = denied(session("night-batch"), "kinesis:PutRecord", stream, no("VPC endpoint policy", "kinesis:PutRecord"))
    found = diagnosis_of(text, opened(tmp_path, content), aws__RequestedRegion="eu-central-1")
    assert found.verdict.cause == "vpce.no-action"
    assert "vpce-streams" in found.fixes[0].title


# What AWS keeps for itself.


@pytest.mark.parametrize(
    ("principal", "action", "resource", "cause"),
    [
        ("user/olaf", "iam:CreatePolicyVersion", "policy arn:aws:iam::aws:policy/AdministratorAccess", "aws.reserved"),
        ("user/olaf", "iam:DeletePolicy", "arn:aws-us-gov:iam::aws:policy/job-function/ViewOnlyAccess", "aws.reserved"),
        ("user/olaf", "kms:DeleteAlias", alder.arn("kms", "alias/aws/s3"), "aws.reserved"),
        ("user/olaf", "iam:PutRolePolicy", role_arn("x", "/aws-service-role/ecs.amazonaws.com/"), "role.service-owned"),
        ("root", "sts:AssumeRole", role_arn("clinician"), "credentials.invalid"),
        ("user/olaf", "iam:GetPolicy", "arn:aws:iam::aws:policy/AdministratorAccess", "identity.no-action"),
        ("user/olaf", "kms:DeleteAlias", alder.arn("kms", "alias/ours"), "identity.no-action"),
    ],
)
def test_what_aws_keeps_for_itself(
    tmp_path: Path, content: dict[str, Any], principal: str, action: str, resource: str, cause: str
) -> None:
    found = diagnosis_of(denied(f"arn:aws:iam::{ID}:{principal}", action, resource), opened(tmp_path, content))
    assert found.verdict.cause == cause
    if not cause.startswith("identity"):
        assert found.verdict.confidence.value == "certain"
        assert not [fix for fix in found.fixes if fix.kind.value == "policy-statement"]


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        ({}, "no session policy was passed when the session was created"),
        ({"policy": '{"Version": "2012'}, "CloudTrail does not contain the complete session policy"),
        (
            {"policyArns": [{"arn": "arn:aws:iam::aws:policy/Nobody"}]},
            "Nobody, which cannot be read",
        ),
    ],
)
def test_what_the_session_was_made_with(
    tmp_path: Path, content: dict[str, Any], passed: dict[str, Any], said: str
) -> None:
    content["Rolescope"]["Events"] = [
        {
            "EventName": "AssumeRole",
            "EventTime": "2026-11-20T07:00:00Z",
            "Resources": ["night-batch"],
            "CloudTrailEvent": json.dumps({"requestParameters": {"roleSessionName": "job", **passed}}),
        }
    ]
    found = diagnosis_of(denied(session("night-batch"), "s3:GetObject", RECORD), opened(tmp_path, content))
    assert any(said in step.summary for step in found.steps)
    user = diagnosis_of(denied(alder.user_arn("mira"), "s3:GetObject", RECORD), opened(tmp_path, content))
    assert any("calls by a user have no session policy" in step.summary for step in user.steps)


@pytest.mark.parametrize("who", [alder.user_arn("mira"), session("night-batch")])
def test_a_session_policy_that_the_text_names_is_not_said_to_be_absent(
    who: str, tmp_path: Path, content: dict[str, Any]
) -> None:
    text = denied(who, "s3:GetObject", RECORD, no("session policy", "s3:GetObject"))
    found = diagnosis_of(text, opened(tmp_path, content))
    step = next(each for each in found.steps if each.id == "session")
    assert (step.status, step.summary) == (
        Status.UNKNOWN,
        "the text mentions a session policy, but only the call that created the session contains it",
    )
    assert found.verdict.summary.startswith("The text says that no session policy allows")
    assert ("AssumeRole" in found.fixes[0].text) is False and not contradictions(found)


def test_a_named_policy_that_was_changed_is_said_to_be(tmp_path: Path, content: dict[str, Any]) -> None:
    batch = next(role for role in held(content)["RoleDetailList"] if role["RoleName"] == "night-batch")
    batch["AttachedManagedPolicies"].append({"PolicyName": "ghost", "PolicyArn": GHOST})
    content["Policies"][-1] = alder.policy("ghost", document(deny("s3:GetObject")), document(allow("s3:*")))
    event = content["Rolescope"]["Events"][0]
    event.update(EventName="SetDefaultPolicyVersion", Detail={"requestParameters": {"policyArn": GHOST}})
    found = refused(opened(tmp_path, content), "identity-based policy", GHOST)
    assert found.verdict.cause == "allowed.now"
    assert "has been changed since (SetDefaultPolicyVersion 2 h ago by mira)" in found.verdict.summary


def test_an_endpoint_of_another_region_has_no_say(tmp_path: Path, content: dict[str, Any]) -> None:
    content["Rolescope"]["VpcEndpoints"][0]["ServiceName"] = "com.amazonaws.eu-west-1.dynamodb"
    content["Rolescope"]["VpcEndpoints"][0]["Document"] = document({"Effect": "Deny", "Principal": "*", "Action": "*"})
    reason = no("VPC endpoint policy", "dynamodb:GetItem")
    text = denied(session("intake-api"), "dynamodb:GetItem", alder.TABLE, reason)
    found = diagnosis_of(text, opened(tmp_path, content), aws__RequestedRegion="eu-central-1")
    assert (found.verdict.cause, found.verdict.unread[0]) == ("unreadable", "vpce")


def test_an_endpoint_that_was_told_and_is_not_found_is_unread(tmp_path: Path, content: dict[str, Any]) -> None:
    text = denied(session("intake-api"), "dynamodb:GetItem", alder.TABLE)
    told = {"aws__SourceVpce": "vpce-elsewhere", "aws__RequestedRegion": "eu-central-1"}
    found = diagnosis_of(text, opened(tmp_path, content), **told)
    assert (found.verdict.cause, found.verdict.unread[0]) == ("unreadable", "vpce")
    assert "the owner of the VPC endpoint vpce-elsewhere" in found.fixes[0].title
