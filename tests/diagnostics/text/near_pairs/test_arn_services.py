"""An ARN of a policy that is the request's but for its service."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import no_identity

INSTANCE = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0c93be1d72fa40e58"
BUILD = "CLIENT_ERROR: authorization failed for primary source and source version 3a1f0b2c"
CONNECTION = "us-east-1:111122223333:connection/8b90d7c5-21e4-4a2a-b5e3-c0cf51e0a9d2"


def said(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("named", "wrong"),
    [
        ("arn:aws:ssm:eu-west-1:111122223333:instance/*", True),
        ("arn:aws:ssm:*:*:instance/i-0c93be1d72fa40e58", True),
        ("arn:aws:ssm:*:*:document/AWS-RunShellScript", False),
        ("arn:aws:ssm:*:*:managed-instance/*", False),
    ],
)
def test_the_service_of_the_policys_arn_is_compared(named: str, wrong: bool) -> None:
    policy = f'{{"Effect":"Allow","Action":"ssm:SendCommand","Resource":"{named}"}}'
    text = f"{no_identity('ssm:SendCommand', INSTANCE)}\n\npolicy:\n{policy}"
    assert ("the service in the ARN is ec2, not ssm" in said(text)) is wrong


@pytest.mark.parametrize(("service", "wrong"), [("codestar-connections", True), ("codeconnections", False)])
def test_a_connection_is_named_by_its_new_service(service: str, wrong: bool) -> None:
    rule = f"- Effect: Allow\n  Action: {service}:UseConnection\n  Resource: arn:aws:{service}:{CONNECTION}"
    text = f"{BUILD}\nrole policy:\n{rule}\nconnection in use:\n  arn:aws:codeconnections:{CONNECTION} AVAILABLE"
    assert ("Write codeconnections, also for the action codestar-connections:UseConnection" in said(text)) is wrong


def test_the_action_follows_the_service_where_only_the_policy_names_it() -> None:
    refused = f"Unable to use Connection: arn:aws:codeconnections:{CONNECTION}. The provided role does not have "
    rule = f'"Action":"codestar-connections:UseConnection","Resource":"arn:aws:codestar-connections:{CONNECTION}"'
    summary = said(f"{refused}sufficient permissions.\nrole statement: {rule}")
    assert "Write codeconnections, also for the action codestar-connections:UseConnection" in summary
    assert "nothing else" not in summary


def test_every_action_follows_the_service_and_a_build_needs_the_token() -> None:
    refused = f"Failed to call CreateWebhook, reason: Access denied to connection arn:aws:codeconnections:{CONNECTION} "
    actions = '"Action":["codestar-connections:GetConnection","codestar-connections:UseConnection"]'
    summary = said(
        f"{refused}(Service: AWSCodeBuild; Status Code: 400; Error Code: InvalidInputException)\n\nrole policy:\n"
        f'{{"Effect":"Allow",{actions},"Resource":"arn:aws:codestar-connections:{CONNECTION}"}}'
    )
    assert "also for the actions codestar-connections:GetConnection and codestar-connections:UseConnection" in summary
    assert "also needs codeconnections:GetConnectionToken" in summary
