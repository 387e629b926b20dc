"""An ARN with a wildcard that nearly matches the only resource of its type is a rule with a mistake."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

MEMORY = "arn:aws:bedrock-agentcore:eu-central-1:111122223333:memory/"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
QUEUED = "each call fails with AccessDeniedException.\n"
ON = "the statement of the generated role allows on\n"


def cause(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.cause


@pytest.mark.parametrize(
    ("pattern", "resource"),
    [
        (f"{MEMORY}harness_proj_myharness*", f"{MEMORY}proj_myharness-AbC123"),
        (f"{TABLE}billing-orders-*", f"{TABLE}orders-billing-orders-archive"),
        (f"{TABLE}*-customer-index", f"{TABLE}prod-customer-index-2"),
    ],
)
def test_a_pattern_that_nearly_matches_is_named(pattern: str, resource: str) -> None:
    assert (
        cause(f"{QUEUED}{ON}{pattern}\n\nthe one that the service made is\n{resource}") == "identity.resource-mismatch"
    )


@pytest.mark.parametrize(
    ("pattern", "resource"),
    [
        (f"{MEMORY}proj_myharness*", f"{MEMORY}proj_myharness-AbC123"),
        (f"{TABLE}carts-*", f"{TABLE}billing-archive"),
        (f"{MEMORY}harness_proj_myharness*", f"{TABLE}harness_proj_myharness"),
        (f"{TABLE}billing-orders-*", f"{TABLE}orders-billing-orders-a {TABLE}orders-billing-orders-b"),
    ],
)
def test_a_pattern_that_matches_or_is_of_something_else_is_not(pattern: str, resource: str) -> None:
    assert cause(f"{QUEUED}{ON}{pattern}\n\nthe one that the service made is\n{resource}") == "unreadable"


PASSING = "`iam:PassRole` denied\n\nThe deploy user is allowed iam:PassRole on arn:aws:iam::*:role/shop-ecs* only. "


@pytest.mark.parametrize(
    "text",
    [
        f"{PASSING}The new task definition has the task role shop-cart-taskRole.",
        f"{PASSING}The execution role is named cart_exec.",
        "The job gets AccessDenied on s3:PutObject. It is allowed s3:PutObject on arn:aws:s3:::artifacts-a-*/*, and "
        "writes to the bucket artefacts-a-prod.",
    ],
)
def test_a_name_in_words_that_the_pattern_does_not_match_is_named(text: str) -> None:
    diagnosis = collect_offline(read_text(text)[0])
    assert diagnosis.verdict.cause == "identity.resource-mismatch"
    assert "the pattern does not match that name" in diagnosis.verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f"{PASSING}The new task definition has the task role shop-ecs-cart.",
        f"{PASSING}The task role shop-cart-taskRole works, the task role cart_exec does not.",
        f"{PASSING}The role of the task is new.",
        "The job gets AccessDenied on s3:PutObject. It is allowed s3:PutObject on arn:aws:s3:::artifacts-a-*/*, and "
        "writes to the bucket artifacts-a-prod.",
    ],
)
def test_a_name_that_matches_or_is_one_of_several_is_not(text: str) -> None:
    assert "the pattern does not match" not in collect_offline(read_text(text)[0]).verdict.summary


def test_an_options_name_is_no_name_of_a_resource() -> None:
    text = (
        f"{QUEUED}$ aws ssm get-parameter --name /app/prod/db\n{ON}"
        "arn:aws:ssm:eu-west-1:111122223333:parameter/app/dev/*"
    )
    assert "--name in the text" not in collect_offline(read_text(text)[0]).verdict.summary


def test_a_resource_that_another_statement_names_is_not_compared_with_the_pattern() -> None:
    statement = '{{"Effect": "Allow", "Action": "dynamodb:{}", "Resource": "{}"}}'
    wild, exact = (
        statement.format("GetItem", f"{TABLE}billing-orders-*"),
        statement.format("Query", f"{TABLE}billing-orders"),
    )
    text = f"{wild}, {exact}"
    assert cause(f'{QUEUED}role policy:\n{{"Statement": [{text}]}}\n') != "identity.resource-mismatch"


INVENTORY = (
    "S3 Inventory of bucket {} does not arrive: AccessDenied. Policy of the target bucket:\n"
    '{{"Statement":[{{"Effect":"Allow","Principal":{{"Service":"s3.amazonaws.com"}},"Action":"s3:PutObject",'
    '"Resource":"arn:aws:s3:::inv-target/*","Condition":{{"ArnLike":{{"aws:SourceArn":"arn:aws:s3:::sales-us"}}}}}}]}}'
)


@pytest.mark.parametrize(("bucket", "differs"), [("sales-eu", True), ("sales-us", False)])
def test_the_bucket_of_an_inventory_is_compared_with_the_condition_and_not_with_the_target(
    bucket: str, differs: bool
) -> None:
    summary = collect_offline(read_text(INVENTORY.format(bucket))[0]).verdict.summary
    assert ("the condition on aws:SourceArn names sales-us" in summary) is differs
    assert "the pattern does not match" not in summary
