"""Grants that a text describes in prose, and why they do not cover the denied action."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to


def _refused(action: str, resource: str, *, reason: bool = True) -> str:
    why = f" because no identity-based policy allows the {action} action" if reason else ""
    return (
        "User: arn:aws:sts::111122223333:assumed-role/app/session is not authorized to perform: "
        f"{action} on resource: {resource}{why}"
    )


QUEUE = "arn:aws:sqs:eu-west-1:111122223333:jobs"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
BUCKET = "arn:aws:s3:::reports"


@pytest.mark.parametrize(
    ("said", "refused", "wanted"),
    [
        (
            "The role has apigateway:* on everything.",
            _refused("execute-api:Invoke", "arn:aws:execute-api:eu-west-1:111122223333:abc/prod/GET/x"),
            "apigateway:* does not cover this action, because execute-api is a separate service prefix",
        ),
        (
            "The template grants s3:* on *.",
            _refused("s3tables:GetTable", "arn:aws:s3tables:eu-west-1:111122223333:bucket/b/table/t"),
            "s3:* does not cover this action, because s3tables is a separate service prefix",
        ),
        (
            "The policy allows cloudfront:*.",
            _refused("cloudfront-keyvaluestore:GetKey", "arn:aws:cloudfront::111122223333:key-value-store/x"),
            "cloudfront-keyvaluestore:PutKey",
        ),
        (
            f'The policy lists the list actions on\n"{BUCKET}/"\nand nothing else.',
            _refused("s3:ListBucketVersions", BUCKET),
            f"with a slash at its end ({BUCKET}/), which does not match it: remove the slash",
        ),
        (
            "The role may only touch queues that carry our tag.",
            _refused("sqs:SendMessage", QUEUE),
            "the grant depends on a tag, so most likely this resource lacks the tag or does not exist",
        ),
        (
            "Access is restricted to the resource tag team.",
            _refused("dynamodb:PutItem", TABLE),
            "which tags it has",
        ),
        (
            "The role has the DynamoDB table and item actions (describe/get/put).",
            _refused("dynamodb:DescribeStream", f"{TABLE}/stream/1"),
            "The actions that the text lists (“DynamoDB table and item”) do not include it.",
        ),
        (
            "We moved the job to a new account. The policy was not changed.",
            _refused("sqs:SendMessage", QUEUE),
            "The policy is unchanged since the move, so first compare caller and resource",
        ),
        (
            "The role is under a permissions boundary of ours.",
            _refused("sqs:SendMessage", QUEUE),
            "If the caller has this boundary, the boundary must also allow the action",
        ),
        (
            "Whenever I grant one permission, the next one is missing.",
            _refused("lambda:CreateFunction", "arn:aws:lambda:eu-west-1:111122223333:function:x"),
            "(lambda:GetFunction, lambda:DeleteFunction, lambda:TagResource, lambda:UntagResource, iam:PassRole",
        ),
    ],
)
def test_the_gap_is_named(said: str, refused: str, wanted: str) -> None:
    assert wanted in " ".join(answer_to(f"{said}\n\n{refused}").split())


@pytest.mark.parametrize(
    ("said", "refused", "unwanted"),
    [
        ("The role has sqs:*.", _refused("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t"), "service prefix"),
        ("The role does not have s3:*.", _refused("s3tables:GetTable", "x"), "service prefix"),
        (f'The policy allows "{BUCKET}/*".', _refused("s3:ListBucketVersions", BUCKET), "slash at its end"),
        ("The role may touch all queues, without a tag.", _refused("sqs:SendMessage", QUEUE), "depends on a tag"),
        ("The policy should be restricted to a tag.", _refused("sqs:SendMessage", QUEUE), "depends on a tag"),
        ("The role has all S3 read actions.", _refused("s3:GetObject", f"{BUCKET}/x"), "do not include it"),
        ("The role has the table actions.", _refused("dynamodb:DeleteTable", TABLE), "do not include it"),
        ("We moved the job to a new account.", _refused("sqs:SendMessage", QUEUE), "unchanged since the move"),
        ("The role has no permissions boundary.", _refused("sqs:SendMessage", QUEUE), "must also allow the action"),
        ("It creates them one by one.", _refused("sqs:CreateQueue", QUEUE), "More refusals will follow"),
        ("One hour after the deployment:", _refused("sqs:CreateQueue", QUEUE), "More refusals will follow"),
    ],
)
def test_no_gap_is_invented(said: str, refused: str, unwanted: str) -> None:
    assert unwanted not in " ".join(answer_to(f"{said}\n\n{refused}").split())
