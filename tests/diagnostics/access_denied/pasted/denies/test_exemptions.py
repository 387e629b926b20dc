"""Who is exempt from a Deny in a text's policy: another account, a new endpoint, the root user's substitute."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.fix import Note
from tests.support.denials.pasted import deny_document, diagnosed, refused, refused_by_deny

BUCKET = "arn:aws:s3:::north-ledger"


PUT = ("s3:PutObject", f"{BUCKET}/a.csv")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/exp*"}}, "call as another role or user"),
        ({"StringEquals": {"aws:PrincipalAccount": "210987654321"}}, "call with credentials of another account"),
        ({"StringLike": {"aws:PrincipalArn": ["arn:aws:iam::*:user/*", "arn:aws:iam::*:role/exporter"]}}, "ArnNotLike"),
    ],
)
def test_a_further_value_exempts_nobody_from_a_deny_that_lists_whom_it_denies(condition: Any, words: str) -> None:
    shown = refused_by_deny(PUT, "service control policy", deny_document("s3:*", Resource="*", Condition=condition))
    change = str(diagnosed(shown).fixes[0].change)
    assert words in change and "to the condition's values" not in change


def test_the_root_user_is_replaced_by_a_role() -> None:
    """A member account's root user is limited by SCPs, and no value of the condition exempts it."""
    condition = {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}
    root = "arn:aws:iam::210987654321:root"
    document = deny_document("*", Resource="*", Condition=condition)
    refusal = refused(*PUT, "with an explicit deny in a service control policy", root)
    fix = diagnosed(f"{refusal}\nSCP:\n{document}").fixes[0]
    assert fix.title == "Use a role of the account instead of its root user, or exempt sessions of AssumeRoot"
    assert isinstance(fix.change, Note)
    assert "aws:AssumedRoot" in fix.change.text
    assert "management account's root user is exempt" in fix.change.text


@pytest.mark.parametrize(
    "excepted", ["arn:aws:iam::*:role/*", "arn:aws:iam::210987654321:role/*", "arn:aws:iam::*:*/ops"]
)
def test_the_root_user_has_no_path_that_a_condition_leaves_out(excepted: str) -> None:
    root = "arn:aws:iam::210987654321:root"
    condition = {
        "NotIpAddressIfExists": {"aws:SourceIp": "192.0.2.0/24"},
        "ArnNotLikeIfExists": {"aws:PrincipalArn": excepted},
    }
    document = deny_document("*", Resource="*", Condition=condition)
    refusal = refused("iam:ListAccessKeys", "*", "with an explicit deny in a service control policy", root)
    answer = diagnosed(f"{refusal}\nSCP:\n{document}")
    assert "path" not in f"{answer.verdict.summary}{answer.fixes[0].title}"
    assert isinstance(answer.fixes[0].change, Note)
    assert "needs aws:SourceIp to be in 192.0.2.0/24" in answer.fixes[0].change.text


@pytest.mark.parametrize(("record", "session"), [('"assumedRoot": "true"', True), ('"assumedRoot": "false"', False)])
def test_a_session_of_assume_root_is_not_sent_to_a_role(record: str, session: bool) -> None:
    root = "arn:aws:iam::210987654321:root"
    condition = {
        "StringNotEquals": {"aws:SourceVpce": "vpce-0aa1"},
        "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"},
    }
    document = deny_document("*", Resource="*", Condition=condition)
    refusal = refused("s3:DeleteBucketPolicy", BUCKET, "with an explicit deny in a service control policy", root)
    fix = diagnosed(f"{refusal}\n{record}\nSCP:\n{document}").fixes[0]
    assert fix.title.startswith("Exempt sessions of AssumeRoot") is session
    assert isinstance(fix.change, Note)
    assert ("Sign in with a role" in fix.change.text) is not session


@pytest.mark.parametrize(("account", "excepted"), [("444455556666", True), ("111122223333", False)])
def test_a_caller_of_an_account_outside_the_organization_is_excepted_by_its_account(
    account: str, excepted: bool
) -> None:
    guard = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sts:AssumeRole",
        "Resource": "*",
        "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-2m8kd0q4vz"}},
    }
    shown = (
        f"User: arn:aws:sts::{account}:assumed-role/scanner/p is not authorized to perform: sts:AssumeRole on "
        "resource: arn:aws:iam::111122223333:role/scan with an explicit deny in a resource control policy\n"
        f"RCP:\n{json.dumps(guard)}"
    )
    fix = diagnosed(shown).fixes[0]
    assert ('{"aws:PrincipalAccount": "444455556666"}' in str(fix.change)) is excepted


ENDPOINT = "vpce-0a11b22c33d44e55f"


@pytest.mark.parametrize(
    ("key", "named", "shown", "replaced"),
    [
        ("aws:SourceVpce", ENDPOINT, "aws ec2 describe-vpc-endpoints\nvpce-0f99e88d77c66b55a  available", True),
        ("aws:SourceVpce", ENDPOINT, "the endpoint is vpce-0f99e88d77c66b55a since Friday", True),
        ("aws:SourceVpc", "vpc-0a11b22c33d44e55f", "the subnets are in vpc-0f99e88d77c66b55a", True),
        ("aws:SourceVpce", ENDPOINT, "the call goes through the NAT gateway", False),
        ("aws:SourceVpce", ENDPOINT, "aws ec2 describe-vpc-endpoints\nvpce-0a11b22c33d44e55e  available", False),
    ],
)
def test_an_endpoint_that_was_created_again_has_another_id(key: str, named: str, shown: str, replaced: bool) -> None:
    document = deny_document("s3:*", Principal="*", Resource=f"{BUCKET}/*", Condition={"StringNotEquals": {key: named}})
    fix = diagnosed(f"{refused_by_deny(PUT, 'resource-based policy', document)}\n{shown}").fixes[0]
    assert (f"if it replaced {named}" in fix.title) is replaced


@pytest.mark.parametrize(("region", "geographic"), [("", True), ("us-east-2", False), ("eu-west-1", False)])
def test_a_global_profile_is_called_in_no_region(region: str, geographic: bool) -> None:
    model = f"arn:aws:bedrock:{region}::foundation-model/amazon.nova-2-lite-v1:0"
    condition = {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"]}}
    document = deny_document("*", Resource="*", Condition=condition)
    fix = diagnosed(refused_by_deny(("bedrock:InvokeModel", model), "identity-based policy", document)).fixes[0]
    assert (fix.title == "Call a geographic inference profile instead of the global one") is geographic
