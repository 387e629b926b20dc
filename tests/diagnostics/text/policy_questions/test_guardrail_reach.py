"""Questions about whom an SCP or RCP limits."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.policy_questions.questions import policy_answer


def deny(**more: object) -> str:
    statement = {"Effect": "Deny", "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def outside(*regions: str, spared: tuple[str, ...] = ("iam:*", "sts:*")) -> str:
    return deny(NotAction=list(spared), Condition={"StringNotEquals": {"aws:RequestedRegion": list(regions)}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"going on all OUs tomorrow.\nWill this SCP hit our payer account?\n{outside('eu-north-1')}",
            "No: an SCP does not limit the users and roles of the management account, even if",
        ),
        (
            f"{outside('ap-south-1')}\nif we attach it to the org root, are service-linked roles affected?",
            "In the limited accounts, the Deny also refuses services with a single endpoint outside the",
        ),
        (
            "Our SCP:\n"
            + deny(Action="ec2:RunInstances")
            + "\ndoes it apply to the root user and to delegated admins?",
            "Yes: an SCP limits the root users of member accounts and delegated administrators",
        ),
        (
            "does an RCP also cover buckets in the management account? (nothing attached yet)",
            "No: an RCP does not limit the resources of the management account",
        ),
    ],
)
def test_whom_a_guardrail_limits_is_said(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary


def test_services_of_an_allowed_region_are_not_named() -> None:
    answer = policy_answer(f"does this SCP affect the management account?\n{outside('us-east-1', 'us-west-2')}")
    assert answer is not None
    assert "endpoint" not in answer.sentence


@pytest.mark.parametrize(
    "text",
    [
        f"does this policy affect the payer account?\n{deny(Action='s3:DeleteBucket')}",
        f"will this SCP stop somebody from running cloudtrail:DeleteTrail?\n{deny(Action='cloudtrail:DeleteTrail')}",
        f"SCP. Who is the administrator of our management account?\n{deny(Action='s3:DeleteBucket')}",
    ],
)
def test_another_question_is_not_answered_with_the_reach(text: str) -> None:
    answer = policy_answer(text)
    assert answer is None or "limit" not in answer.sentence.split(".")[0]


@pytest.mark.parametrize(("caller", "named"), [("612340987765", True), ("445566778899", False)])
def test_an_scp_does_not_count_in_the_management_account(caller: str, named: bool) -> None:
    text = (
        "DenyIAMUsers (our SCP: Deny iam:CreateUser on *) is attached to Root, and still there is a new user. "
        "Is it broken?\n"
        '$ aws organizations describe-organization\n{"Id": "o-a1b2c3d4e5", "MasterAccountId": "612340987765"}\n'
        f'"eventName": "CreateUser", "userIdentity": "arn:aws:sts::{caller}:assumed-role/admin/ana", "errorCode": null'
    )
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("which is the organization's management account" in summary) is named
