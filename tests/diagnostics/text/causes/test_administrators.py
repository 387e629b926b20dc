"""Where somebody has AdministratorAccess, no Allow is missing; an exposed key's policy is named where it denies."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from tests.support.denials.pasted import diagnosed

ANN = "arn:aws:iam::111122223333:user/ann"
LAUNCH = "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized"
DENIED = "with an explicit deny in an identity-based policy"


def causes(text: str) -> list[str]:
    return [each.cause for each in diagnosed(text).first_look]


@pytest.mark.parametrize(
    "text",
    [
        f"{LAUNCH} to perform this operation.\nThe user has AdministratorAccess.",
        "Error launching source instance: UnauthorizedOperation: You are not authorized to perform this operation\n"
        "The IAM user has AdministratorAccess attached.",
        "operation error EC2: StartInstances, https response error StatusCode: 403, RequestID: 1, api error "
        "UnauthorizedOperation: You are not authorized to perform this operation.\nmy user has AdministratorAccess",
    ],
)
def test_an_administrators_launch_lacks_no_allow(text: str) -> None:
    (only,) = causes(text)
    assert only.startswith("AdministratorAccess allows every action, so no Allow is missing.")
    assert "AWSCompromisedKeyQuarantine" in only


def test_an_action_that_the_quarantine_does_not_deny_is_not_put_on_it() -> None:
    text = "An error occurred (UnauthorizedOperation) when calling the DeleteVpc operation: You are not authorized"
    (only,) = causes(f"{text} to perform this operation.\nThe user has AdministratorAccess.")
    assert "no Allow is missing" in only
    assert "Quarantine" not in only


@pytest.mark.parametrize("version", ["", "V2", "V3"])
def test_a_named_quarantine_is_the_cause(version: str) -> None:
    text = f"User: {ANN} is not authorized to perform: iam:CreateUser on resource: {ANN} {DENIED}"
    policy = f"AWSCompromisedKeyQuarantine{version}"
    first = causes(f"{text}\naws iam list-attached-user-policies shows {policy}")[0]
    assert first.startswith(f"{policy} denies iam:CreateUser")
    assert "Replace the key" in first


def test_a_deny_of_a_users_own_policies_may_be_the_quarantine() -> None:
    text = "User: {} is not authorized to perform: {} on resource: * " + DENIED
    assert any("Quarantine" in each for each in causes(text.format(ANN, "lambda:CreateFunction")))
    assert not any("Quarantine" in each for each in causes(text.format(ANN, "sqs:SendMessage")))
    session = "arn:aws:sts::111122223333:assumed-role/app/x"
    assert not any("Quarantine" in each for each in causes(text.format(session, "lambda:CreateFunction")))


@pytest.mark.parametrize("said", ["The user does not have AdministratorAccess.", "It has AmazonEC2FullAccess."])
def test_without_administrator_access_nothing_is_said_of_it(said: str) -> None:
    assert not any("no Allow is missing" in each for each in causes(f"{LAUNCH} to perform this operation.\n{said}"))


def launch(region: str, kind: str = "p3.16xlarge", key: str = "AKIA4EXAMPLE7Q2WZ3RT") -> str:
    return (
        '{"eventName":"RunInstances","eventTime":"2026-02-05T21:44:51Z","errorCode":"Client.UnauthorizedOperation",'
        f'"userIdentity":{{"type":"IAMUser","arn":"{ANN}","accessKeyId":"{key}"}},"awsRegion":"{region}",'
        f'"requestParameters":{{"instanceType":"{kind}","minCount":20}}}}'
    )


PROBE = (
    '{"eventName":"GetSendQuota","eventTime":"2026-02-05T21:45:03Z","userIdentity":{"type":"IAMUser",'
    f'"arn":"{ANN}","accessKeyId":"AKIA4EXAMPLE7Q2WZ3RT"}},"awsRegion":"us-east-1"}}'
)


@pytest.mark.parametrize(
    ("text", "stolen"),
    [
        (f"{launch('ap-south-1')}\n{launch('sa-east-1')}", True),
        (f"{launch('ap-south-1')}\n{launch('sa-east-1')}\n{PROBE}", True),
        (f"{launch('ap-south-1', 'g5.48xlarge')}\n{PROBE}\nwhich policy do I add?", True),
        (f"{launch('ap-south-1')}\n{launch('ap-south-1')}", False),
        (f"{launch('ap-south-1', 't3.micro')}\n{launch('sa-east-1', 't3.micro')}", False),
        (f"{launch('ap-south-1')}\n{launch('sa-east-1', key='AKIA4EXAMPLE000000002')}", False),
    ],
)
def test_one_key_that_launches_gpus_in_several_regions_may_be_stolen(text: str, stolen: bool) -> None:
    assert any("looks like a stolen key" in each for each in causes(text)) == stolen


def test_an_event_without_an_error_code_is_no_refusal() -> None:
    text = f"{launch('ap-south-1')}\n{PROBE}"
    assert [getattr(each, "action", None) for each in read_text(text)] == ["ec2:RunInstances"]
