"""A condition on aws:SourceArn that no request meets is the cause where the text has no error of AWS."""

from __future__ import annotations

import json

import pytest

from tests.support.texts.answers import answer_to

NEVER = "No request has the aws:SourceArn"


def statement(operator: str, *arns: str, effect: str = "Allow", **more: object) -> str:
    condition = {operator: {"aws:SourceAccount": "111122223333", "aws:SourceArn": list(arns)}, **more}
    return json.dumps(
        {
            "Effect": effect,
            "Principal": {"Service": "bcm-data-exports.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::costs/*",
            "Condition": condition,
        },
        indent=2,
    )


SAYS = "The exports no longer arrive, and the console says that the bucket is invalid. The bucket's policy:\n"
EXPORT = "arn:aws:bcm-data-exports:us-east-1:111122223333:export/*"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (statement("StringEquals", EXPORT), "StringEquals takes * and ? literally"),
        (statement("StringLike", EXPORT.replace("us-east-1", "eu-west-1")), f"so write {EXPORT}"),
        (
            statement("ArnLike", "arn:aws:cur:eu-central-1:111122223333:definition/costs"),
            "cur exists only in us-east-1",
        ),
    ],
)
def test_a_source_that_no_request_has_is_named(document: str, said: str) -> None:
    answer = answer_to(f"{SAYS}{document}")
    assert NEVER in answer
    assert said in answer


@pytest.mark.parametrize(
    "document",
    [
        statement("StringLike", EXPORT),
        statement("ArnEquals", EXPORT),
        statement("StringEquals", "arn:aws:sns:eu-west-1:111122223333:alarms"),
        statement("StringEquals", EXPORT, effect="Deny"),
        statement("StringNotEquals", EXPORT, effect="Deny"),
        statement("StringEquals", EXPORT, EXPORT.replace("/*", "/costs")),
        statement("StringEquals", "arn:aws:s3:::${aws:PrincipalTag/bucket}"),
    ],
)
def test_a_source_that_a_request_may_have_is_not(document: str) -> None:
    assert NEVER not in answer_to(f"{SAYS}{document}")
