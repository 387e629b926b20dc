"""A Deny of every action decides, if the text names no action and its values meet the Deny's conditions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.denials.pasted import diagnosed

FLUENTD = 'error_class=Aws::S3::Errors::AccessDenied error="Access Denied"\n'
OLD, NEW = "vpce-0a6e4e1cc91e2d7b5", "vpce-0f1120b7aa93c6d02"
LISTED = "$ aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].VpcEndpointId'\n[ {} ]\n"


def deny(action: str = "s3:*", effect: str = "Deny", **condition: Any) -> str:
    statement = {"Effect": effect, "Principal": "*", "Action": action, "Resource": "arn:aws:s3:::logs/*"}
    return "bucket policy\n" + json.dumps(statement | {"Condition": condition}) + "\n"


def unless(endpoint: str) -> str:
    return deny(StringNotEquals={"aws:SourceVpce": endpoint})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (unless(OLD) + LISTED.format(f'"{NEW}"'), NEW),
        (unless(OLD) + f"(aws ec2 describe-vpc-endpoints)\nVpcEndpointId: {NEW} State: available\n({OLD} is old)", NEW),
        (deny(StringNotEquals={"aws:SourceVpc": "vpc-0aa11bb22cc33dd45"})
         + '$ aws ec2 describe-vpcs --query Vpcs[0].VpcId\n"vpc-0dd11bb22cc33dd45"', "vpc-0dd11bb22cc33dd45"),
    ],
)  # fmt: skip
def test_a_printed_id_meets_the_deny(text: str, value: str) -> None:
    verdict = diagnosed(FLUENTD + text).verdict
    assert verdict.cause == "resource.explicit-deny" and f"(here it is {value})" in verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        unless(OLD),
        unless(OLD) + LISTED.format(f'"{OLD}"'),
        unless(OLD) + LISTED.format(f'"{OLD}", "{NEW}"'),
        deny(effect="Allow", StringEquals={"aws:SourceVpce": OLD}) + LISTED.format(f'"{NEW}"'),
        deny(Bool={"aws:SecureTransport": "false"}),
    ],
)
def test_a_deny_of_unknown_values_is_left_open(text: str) -> None:
    verdict = diagnosed(FLUENTD + text).verdict
    assert "(here it is" not in verdict.summary
