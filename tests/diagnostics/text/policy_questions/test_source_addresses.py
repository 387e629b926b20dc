"""A Deny outside of listed addresses also denies calls through VPC endpoints."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.denials.pasted import diagnosed


def summary(asked: str, condition: dict[str, Any], **more: Any) -> str:
    elements = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition, **more}
    statement = {name: value for name, value in elements.items() if value is not None}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=1)
    return diagnosed(f"{asked}\n\n{document}\n").verdict.summary


OFFICE = {"aws:SourceIp": ["203.0.113.0/24"]}
MIXED = {"aws:SourceIp": ["203.0.113.0/24", "172.16.4.0/22", "192.168.0.0/16"]}


@pytest.mark.parametrize(
    ("asked", "operator"),
    [
        ("Is it safe to attach this to the developers group?", "NotIpAddress"),
        ("We want everyone to work from the office only. Will this break anything?", "NotIpAddressIfExists"),
    ],
)
def test_calls_through_endpoints_have_no_source_address(asked: str, operator: str) -> None:
    said = summary(asked, {operator: OFFICE})
    assert "also denies every call through a VPC endpoint" in said
    assert "no effect" not in said
    assert "172.16.4.0/22 and 192.168.0.0/16 have no effect" in summary(asked, {operator: MIXED})


@pytest.mark.parametrize(
    ("condition", "more"),
    [
        ({"NotIpAddress": OFFICE, "StringNotEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}}, {}),
        ({"IpAddress": OFFICE}, {}),
        ({"NotIpAddress": OFFICE}, {"Effect": "Allow"}),
        ({"NotIpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}, {}),
    ],
)
def test_other_conditions_are_not_said_to_deny_endpoints(condition: dict[str, Any], more: dict[str, Any]) -> None:
    assert "through a VPC endpoint" not in summary("Is it safe to attach this to all roles?", condition, **more)


def test_a_question_about_an_action_is_answered_for_that_action() -> None:
    said = summary("Does this deny ec2:RunInstances?", {"NotIpAddress": OFFICE})
    assert "through a VPC endpoint" not in said


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        ("Any problem with Athena? Everybody sits in the office.", {}),
        ("¿Algún problema con Athena? Lo usan desde la oficina.", {"Sid": "OfficeOnly"}),
        ("The team uses Athena from the console only. Is this fine?", {"Action": "s3:*"}),
    ],
)
def test_athena_reads_s3_from_an_address_of_its_own(asked: str, more: dict[str, Any]) -> None:
    said = summary(asked, {"NotIpAddress": OFFICE}, **more)
    assert "breaks Athena's queries, even from the listed addresses" in said
    assert '"aws:ViaAWSService": "false"' in said


@pytest.mark.parametrize(
    ("condition", "more"),
    [
        ({"NotIpAddress": OFFICE, "Bool": {"aws:ViaAWSService": "false"}}, {}),
        ({"NotIpAddress": OFFICE}, {"Action": "iam:*"}),
        ({"NotIpAddress": OFFICE}, {"Action": None, "NotAction": ["s3:*", "athena:*"]}),
    ],
)
def test_a_deny_that_leaves_out_calls_through_services_or_s3_does_not_break_athena(
    condition: dict[str, Any], more: dict[str, Any]
) -> None:
    assert "breaks Athena" not in summary("Any problem with Athena?", condition, **more)
