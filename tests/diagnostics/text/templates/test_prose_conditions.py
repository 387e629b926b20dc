"""Conditions in a person's words, and operators with key and value outside a document."""

from __future__ import annotations

from typing import Any

import pytest

from diagnostics.text.templates.prose_conditions import is_key, loose_conditions, prose_conditions

VPCE = {"StringNotEquals": {"aws:SourceVpce": ["vpce-0a1b2c3d"]}}
SAID: dict[str, dict[str, Any]] = {
    "Deny unless aws:SourceVpce = vpce-0a1b2c3d": {"Effect": "Deny", "Condition": VPCE},
    "it denies everything unless aws:SourceVpce is vpce-0a1b2c3d.": {
        "Effect": "Deny",
        "Condition": VPCE,
        "Action": ["*"],
    },
    "Deny ec2:RunInstances if aws:RequestTag/CostCenter is null": {
        "Effect": "Deny",
        "Condition": {"Null": {"aws:RequestTag/CostCenter": ["true"]}},
        "Action": ["ec2:RunInstances"],
    },
    "denies s3:PutObject without s3:x-amz-acl": {
        "Effect": "Deny",
        "Condition": {"Null": {"s3:x-amz-acl": ["true"]}},
        "Action": ["s3:PutObject"],
    },
    "Deny when aws:RequestedRegion not in [eu-west-1, eu-central-1]": {
        "Effect": "Deny",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}},
    },
    "deny unless aws:MultiFactorAuthPresent = true": {
        "Effect": "Deny",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": ["false"]}},
    },
    "deny if aws:SourceIp is not in 203.0.113.0/24": {
        "Effect": "Deny",
        "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}},
    },
    "deny unless aws:PrincipalArn is arn:aws:iam::*:role/net-*": {
        "Effect": "Deny",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/net-*"]}},
    },
    "the bucket policy: deny if aws:PrincipalOrgID != o-1a2b": {
        "Effect": "Deny",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": ["o-1a2b"]}},
        "Principal": "*",
    },
    "policy: Allow ssm:StartSession if ssm:resourceTag/env = dev": {
        "Effect": "Allow",
        "Condition": {"StringEquals": {"ssm:resourceTag/env": ["dev"]}},
        "Action": ["ssm:StartSession"],
    },
}


@pytest.mark.parametrize(("text", "statement"), SAID.items(), ids=SAID)
def test_a_sentence_is_a_statement(text: str, statement: dict[str, Any]) -> None:
    assert [each.statements for each in prose_conditions(text)] == [(statement,)]


def test_an_operator_with_key_and_value_is_a_condition() -> None:
    for text in ("StringLike: s3:prefix = home/*", "(StringLike s3:prefix home/*)"):
        assert [each.statements for each in loose_conditions(text)] == [
            ({"Condition": {"StringLike": {"s3:prefix": ["home/*"]}}},)
        ]


def test_a_word_for_a_value_is_no_value() -> None:
    (found,) = prose_conditions("Deny iam:CreateRole unless iam:PermissionsBoundary is that ARN")
    assert found.statements[0]["Condition"] == {"StringNotEquals": {"iam:PermissionsBoundary": ["..."]}}


def test_a_word_for_an_arn_is_no_value() -> None:
    (found,) = prose_conditions("it allows sqs:SendMessage if aws:SourceArn = bucket")
    assert list(found.statements[0]["Condition"].values()) == [{"aws:SourceArn": ["..."]}]


def test_a_statement_with_resources_is_read_elsewhere() -> None:
    assert list(prose_conditions("Deny s3:PutObject on vault/* unless aws:SourceVpce = vpce-1")) == []


def test_each_sentence_is_its_own_statement() -> None:
    text = "deny if aws:SecureTransport is false, and deny if aws:PrincipalOrgID != o-1a2b. It runs elsewhere"
    found = [each.statements[0]["Condition"] for each in prose_conditions(text)]
    assert found == [
        {"Bool": {"aws:SecureTransport": ["false"]}},
        {"StringNotEquals": {"aws:PrincipalOrgID": ["o-1a2b"]}},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "it should deny unless aws:SourceVpce = vpce-1",
        "it does not deny if aws:SourceVpce = vpce-1",
        "deny if s3:GetObject works",
        "access is denied if the token is expired",
        "they deny it when aws:kms is used",
        "it allows this unless aws:SourceVpce = vpce-1",
        "it denies everything when StringNotEquals aws:SourceVpce vpce-1",
    ],
)
def test_wishes_actions_and_other_words_are_no_statement(text: str) -> None:
    assert list(prose_conditions(text)) == []


def test_a_value_ends_before_the_next_operator() -> None:
    (found,) = loose_conditions("ArnLike aws:SourceArn arn:aws:s3:::a, StringEquals aws:SourceAccount 123412341234")
    assert found.statements == ({"Condition": {"ArnLike": {"aws:SourceArn": ["arn:aws:s3:::a"]}}},)


def test_what_is_read_already_is_left_alone() -> None:
    text = "Deny unless aws:SourceVpce = vpce-1"
    assert list(prose_conditions(text, [(0, len(text))])) == []


def test_keys_are_those_of_the_service_or_global_ones() -> None:
    assert is_key("aws:SourceVpce") and is_key("s3:prefix") and is_key("aws:PrincipalTag/team")
    assert not is_key("aws:kms") and not is_key("s3:GetObject") and not is_key("foo:Bar")
