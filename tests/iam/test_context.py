"""The condition keys that AWS fills in: those that the account tells, and none that are only likely."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iam.account import Account, Role, User
from iam.context import fill
from iam.organization.levels import Organization
from iam.policy.request import Request

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ROLE = Role("api", "arn:aws:iam::111122223333:role/app/api", "/app/", "AROAEXAMPLE", tags={"team": "ferry"})
USER = User("ben", "arn:aws:iam::111122223333:user/ben", "/", "AIDAEXAMPLE", tags={"Dept": "ops"})
ACCOUNT = Account(
    "111122223333",
    "snapshot",
    NOW,
    region="us-east-1",
    roles=(ROLE,),
    users=(USER,),
    organization=Organization("o-example", "777788889999", ("r-1", "ou-2")),
)
SESSION = "arn:aws:sts::111122223333:assumed-role/api/i-0a1"
LIKELY_ONLY = ("aws:MultiFactorAuthPresent", "aws:SourceIp", "aws:TokenIssueTime", "aws:ViaAWSService", "aws:SourceVpc")


def keys(principal: str | None, action: str = "s3:GetObject", resource: str = "*", **given: str) -> dict[str, str]:
    request = Request(principal, action, resource, context={key: (value,) for key, value in given.items()})
    return {key: values[0] for key, values in fill(request, ACCOUNT).context.items()}


def test_a_session_has_the_roles_arn_tags_and_id() -> None:
    found = keys(SESSION)
    assert found["aws:PrincipalArn"] == ROLE.arn  # with its path, which the session's ARN lacks
    assert found["aws:userid"] == "AROAEXAMPLE:i-0a1" and found["aws:PrincipalType"] == "AssumedRole"
    assert found["aws:PrincipalTag/team"] == "ferry" and "aws:username" not in found
    assert found["aws:PrincipalAccount"] == "111122223333" and found["aws:PrincipalIsAWSService"] == "false"
    assert found["aws:PrincipalOrgID"] == "o-example" and found["aws:PrincipalOrgPaths"] == "o-example/r-1/ou-2/"
    assert found["aws:CurrentTime"] == "2026-11-20T09:30:00Z" and found["aws:EpochTime"] == str(int(NOW.timestamp()))


def test_a_user_has_a_name() -> None:
    found = keys(USER.arn)
    assert (found["aws:username"], found["aws:userid"], found["aws:PrincipalType"]) == ("ben", "AIDAEXAMPLE", "User")
    assert found["aws:PrincipalTag/Dept"] == "ops"


@pytest.mark.parametrize("principal", [SESSION, ROLE.arn, USER.arn, "arn:aws:iam::111122223333:root", None])
def test_what_is_only_likely_stays_absent(principal: str | None) -> None:
    found = {key.lower() for key in keys(principal)}
    assert not found & {key.lower() for key in LIKELY_ONLY}


def test_a_role_without_a_session_has_no_user_id() -> None:
    assert "aws:userid" not in keys(ROLE.arn) and keys(ROLE.arn)["aws:PrincipalArn"] == ROLE.arn


def test_what_is_given_wins_whatever_its_case() -> None:
    given = {"AWS:currenttime": "2020-01-01T00:00:00Z", "aws:principaltag/TEAM": "other"}
    request = Request(SESSION, "s3:GetObject", context={key: (value,) for key, value in given.items()})
    found = fill(request, ACCOUNT).context
    assert found["AWS:currenttime"] == ("2020-01-01T00:00:00Z",) and "aws:CurrentTime" not in found
    assert [key for key in found if key.lower() == "aws:principaltag/team"] == ["aws:principaltag/TEAM"]


@pytest.mark.parametrize(
    ("action", "resource", "region"),
    [
        ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/t", "eu-west-1"),
        ("s3:GetObject", "arn:aws:s3:::bucket/key", None),  # a bucket's ARN does not tell where it is
        ("ec2:RunInstances", "*", None),  # nor does the region in use tell where the request was made
        ("iam:CreateRole", "arn:aws:iam::111122223333:role/r", "us-east-1"),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/r", None),
        ("kms:Decrypt", "arn:aws:kms:*:111122223333:key/*", None),
    ],
)
def test_the_region_only_where_it_is_certain(action: str, resource: str, region: str | None) -> None:
    assert keys(SESSION, action, resource).get("aws:RequestedRegion") == region


def test_strangers_and_services() -> None:
    stranger = keys("arn:aws:sts::999988887777:assumed-role/collector/s1")
    assert stranger["aws:PrincipalAccount"] == "999988887777"
    assert "aws:PrincipalOrgID" not in stranger and "aws:PrincipalArn" not in stranger
    service = keys("lambda.amazonaws.com")
    assert service["aws:PrincipalIsAWSService"] == "true"
    assert service["aws:PrincipalServiceName"] == "lambda.amazonaws.com" and "aws:PrincipalType" not in service
    provider = keys("arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com")
    assert not any(key.startswith("aws:Principal") for key in provider)


def test_the_resources_account_and_tags() -> None:
    found = keys(USER.arn, "sts:AssumeRole", ROLE.arn)
    assert found["aws:ResourceAccount"] == "111122223333" and found["aws:ResourceOrgID"] == "o-example"
    assert found["aws:ResourceTag/team"] == "ferry" and found["iam:ResourceTag/team"] == "ferry"
    assert "aws:ResourceAccount" not in keys(USER.arn, "s3:GetObject", "arn:aws:s3:::b/k")
    other = keys(USER.arn, "kms:Decrypt", "arn:aws:kms:us-east-1:999988887777:key/k")
    assert other["aws:ResourceAccount"] == "999988887777" and "aws:ResourceOrgID" not in other


def test_the_root_user() -> None:
    found = keys("arn:aws:iam::111122223333:root")
    assert found["aws:PrincipalType"] == "Account" and found["aws:userid"] == "111122223333"
