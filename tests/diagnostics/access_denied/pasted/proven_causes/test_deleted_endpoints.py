"""A Deny that requires a VPC endpoint that was deleted: no call can pass it."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed, policy, refused

OLD, NEW = "vpce-0a1b2c3d4e5f60718", "vpce-0f9e8d7c6b5a40312"
BUCKET, QUEUE = "arn:aws:s3:::north-ledger", "arn:aws:sqs:eu-west-1:210987654321:jobs"
SECRET = "arn:aws:secretsmanager:eu-west-1:210987654321:secret:db-Ab12Cd"


def denied(action: str, on: str, *endpoints: str, covers: str = "") -> str:
    statement = {"Sid": "Door", "Effect": "Deny", "Principal": "*", "Action": covers or action, "Resource": "*"}
    condition = {"Condition": {"StringNotEquals": {"aws:SourceVpce": list(endpoints)}}}
    said = refused(action, on, "with an explicit deny in a resource-based policy")
    return f"{said}\nthe resource's policy:\n{policy(statement | condition)}\n"


SEND = denied("sqs:SendMessage", QUEUE, OLD, covers="sqs:*")
PUT = denied("s3:PutObject", f"{BUCKET}/a.csv", OLD)
READ = denied("secretsmanager:GetSecretValue", SECRET, OLD)
TABLE = f"{OLD}  com.amazonaws.eu-west-1.sqs  deleted\n{NEW}  com.amazonaws.eu-west-1.sqs  available"
JSON = (
    f'{{"VpcEndpointId": "{OLD}",\n "ServiceName": "com.amazonaws.eu-west-1.s3",\n "State": "deleted"}},\n'
    f'{{"VpcEndpointId": "{NEW}",\n "ServiceName": "com.amazonaws.eu-west-1.secretsmanager",\n "State": "available"}}'
)


@pytest.mark.parametrize(
    ("text", "new", "locked"),
    [
        (f"{SEND}{TABLE}", NEW, True),
        (f"{PUT}{JSON}", "an endpoint that exists", False),
        (f"{READ}We rebuilt the VPC last week: {OLD} no longer exists.", "an endpoint that exists", False),
        (f"{READ}{OLD} was deleted, {NEW} is available", NEW, False),
    ],
)
def test_the_condition_gets_an_endpoint_that_exists(text: str, new: str, locked: bool) -> None:
    answer = diagnosed(text)
    assert answer.verdict.cause == "resource.explicit-deny"
    (fix,) = answer.fixes
    assert f"write {new} in aws:SourceVpce instead" in str(fix.change)
    assert ("as the root user" in str(fix.change)) is locked


@pytest.mark.parametrize(
    "text",
    [
        f"{SEND}{OLD}  com.amazonaws.eu-west-1.sqs  available",
        f"{READ}{OLD} was not deleted",
        f"{denied('s3:PutObject', f'{BUCKET}/a.csv', OLD, NEW)}{OLD} deleted",
        f"{PUT}{NEW}  com.amazonaws.eu-west-1.s3  deleted",
    ],
)
def test_an_endpoint_that_exists_or_is_not_shown_stays(text: str) -> None:
    assert not any("deleted endpoint" in each.title for each in diagnosed(text).fixes)


OTHER = f"{NEW}\tcom.amazonaws.eu-west-1.kms\tavailable"


@pytest.mark.parametrize(
    ("text", "here"),
    [
        (f"{PUT}$ aws ec2 describe-vpc-endpoints\n{OTHER}", False),
        (f"{READ}$ aws ec2 describe-vpc-endpoints\ncom.amazonaws.eu-west-1.sts\t{NEW}", False),
        (f'{SEND}{{"VpcEndpointId": "{NEW}",\n "ServiceName": "com.amazonaws.eu-west-1.s3",\n "State": "available"}}',
         False),
        (f"{PUT}$ aws ec2 describe-vpc-endpoints\n{OTHER.replace('.kms', '.s3')}", True),
        (f"{PUT}the call goes through {NEW}", True),
    ],
)  # fmt: skip
def test_an_endpoint_of_another_service_is_not_the_calls(text: str, here: bool) -> None:
    assert (f"here it is {NEW}" in diagnosed(text).verdict.summary) == here
