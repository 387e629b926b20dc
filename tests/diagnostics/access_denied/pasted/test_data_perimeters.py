"""Resource control policies in a paste that deny a caller from outside the organization."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.denials.pasted import diagnosed, refused

BARE = "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied\n"
VENDOR = "the vendor calls with arn:aws:iam::444455556666:role/connector\n"
INSIDE = {"aws:PrincipalOrgID": "o-r6n1c8v5dq"}
NEW = '"aws:PrincipalAccount": "444455556666"'
NO_SERVICE = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}


def rcp(condition: dict[str, Any], name: str = "RCP") -> str:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": condition}
    return f"\n{name} since Monday:\n{json.dumps(statement)}"


@pytest.mark.parametrize(
    ("text", "adds"),
    [
        (f"{BARE}{VENDOR}{rcp({'StringNotEqualsIfExists': INSIDE, **NO_SERVICE})}", NEW),
        (
            f"{BARE}{VENDOR}{rcp({'StringNotEqualsIfExists': {**INSIDE, 'aws:PrincipalAccount': ['111122223333']}})}",
            "444455556666 to the values of aws:PrincipalAccount",
        ),
        (
            f"> {BARE}> {VENDOR}bucket policy is fine\n{rcp({'StringNotEquals': INSIDE}, 'resource control policy')}",
            NEW,
        ),
    ],
)  # fmt: skip
def test_an_rcp_denies_callers_from_outside(text: str, adds: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.cause == "rcp.explicit-deny" and answer.verdict.confidence.value == "likely"
    assert "account 444455556666 is not excepted, and is most likely outside" in answer.verdict.summary
    assert adds in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "text",
    [
        # The account is excepted, the caller is unknown, the text has two callers, and a condition is about a tag.
        f"{BARE}{VENDOR}{rcp({'StringNotEqualsIfExists': {**INSIDE, 'aws:PrincipalAccount': ['444455556666']}})}",
        f"{BARE}{rcp({'StringNotEqualsIfExists': INSIDE})}",
        f"{BARE}{VENDOR}{VENDOR.replace('connector', 'reader')}{rcp({'StringNotEqualsIfExists': INSIDE})}",
        f"{BARE}{VENDOR}{rcp({'StringNotEqualsIfExists': INSIDE, 'StringEquals': {'aws:ResourceTag/x': 'y'}})}",
    ],
)
def test_no_rcp_is_blamed_without_a_caller_from_outside(text: str) -> None:
    assert diagnosed(text).verdict.cause != "rcp.explicit-deny"


def test_an_rcp_for_another_resource_is_not_blamed() -> None:
    denies = rcp({"StringNotEqualsIfExists": INSIDE})
    arn = "arn:aws:s3:::north-ledger/a.csv"
    whole = f"{refused('s3:GetObject', arn, '', 'arn:aws:iam::444455556666:role/connector')}{denies}"
    assert diagnosed(whole).verdict.cause == "rcp.explicit-deny"
    other = whole.replace('"Resource": "*"', '"Resource": "arn:aws:s3:::other/*"')
    assert diagnosed(other).verdict.cause != "rcp.explicit-deny"


HCL = """
resource "aws_organizations_policy" "perimeter" {{
  type    = "{}"
  content = jsonencode({{ Statement = [{{
    Sid = "Ours", Effect = "Deny", {}Action = ["sqs:*"], Resource = "*",
    Condition = {{ StringNotEqualsIfExists = {{ "aws:PrincipalOrgID" = "o-r6n1c8v5dq" }} }} }}] }})
}}
"""
SENT = refused(
    "sqs:SendMessage", "arn:aws:sqs:eu-west-3:111122223333:in", "", "arn:aws:iam::444455556666:role/connector"
)


@pytest.mark.parametrize(
    ("kind", "principal", "cause"),
    [
        ("RESOURCE_CONTROL_POLICY", 'Principal = "*", ', "rcp.explicit-deny"),
        ("SERVICE_CONTROL_POLICY", "", "scp.explicit-deny"),
    ],
)
def test_a_policy_of_an_organization_with_principals_is_an_rcp(kind: str, principal: str, cause: str) -> None:
    assert diagnosed(f"{SENT}\n{HCL.format(kind, principal)}").verdict.cause == cause


def test_an_rcp_beside_an_unknown_caller_is_the_first_thing_to_check() -> None:
    verdict = diagnosed(f"{BARE}{rcp({'StringNotEqualsIfExists': INSIDE})}").verdict
    assert verdict.cause == "rcp.condition-unknown"
    assert "Check first whether the caller's account is in that organization" in verdict.summary


def test_a_sign_in_with_a_token_is_not_asked_for_its_organization() -> None:
    statement: dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*"}
    statement["Condition"] = {"StringNotEqualsIfExists": INSIDE, **NO_SERVICE}
    denied = "An error occurred (AccessDenied) when calling the AssumeRoleWithSAML operation: Access denied"
    answer = diagnosed(f"{denied}\nRCP:\n{json.dumps(statement)}")
    assert answer.verdict.cause == "rcp.explicit-deny"
    assert all("organization of the caller" not in each.title for each in answer.fixes)
