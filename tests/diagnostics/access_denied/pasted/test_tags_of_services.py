"""For a call that a service makes by itself, the service's own setting for tags is named."""

from __future__ import annotations

import pytest

from diagnostics.report import to_text
from tests.support.denials.pasted import deny_document, diagnosed, policy, refused

ROLE = "arn:aws:sts::111122223333:assumed-role/"
NO_TAG = {"Null": {"aws:RequestTag/owner": "true"}}


def answer(caller: str, action: str, resource: str) -> str:
    scp = deny_document(action, Resource="*", Condition=NO_TAG)
    refusal = refused(action, resource, "with an explicit deny in a service control policy", caller)
    return to_text(diagnosed(f"{refusal}\nSCP:\n{scp}"))


@pytest.mark.parametrize(("caller", "action", "said"), [
    (f"{ROLE}AWSBackupDefaultServiceRole/AWSBackup-1", "ec2:CreateSnapshot", "AWS Backup makes this call by itself"),
    (f"{ROLE}stack-role/AWSCloudFormation", "sqs:CreateQueue", "in the resource's Tags property, or on the stack"),
    (f"{ROLE}AWSServiceRoleForAutoScaling/AutoScaling", "ec2:RunInstances", "PropagateAtLaunch = true"),
])  # fmt: skip
def test_the_setting_of_the_service(caller: str, action: str, said: str) -> None:
    found = answer(caller, action, "*")
    assert said in found
    assert "set the tag owner in the call itself" not in found
    assert "exempt its role" in found


def test_a_person_sets_the_tag_in_the_call() -> None:
    assert "set the tag owner in the call itself" in answer(f"{ROLE}deploy/kim", "sqs:CreateQueue", "*")


def test_an_allow_by_the_tag() -> None:
    refusal = refused(
        "sqs:CreateQueue",
        "*",
        "because no identity-based policy allows the sqs:CreateQueue action",
        f"{ROLE}stack-role/AWSCloudFormation",
    )
    allowed = policy(
        {
            "Effect": "Allow",
            "Action": "sqs:CreateQueue",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestTag/team": "red"}},
        }
    )
    found = to_text(diagnosed(f"{refusal}\nPolicy of the role stack-role:\n{allowed}"))
    assert "CloudFormation makes this call by itself" in found
