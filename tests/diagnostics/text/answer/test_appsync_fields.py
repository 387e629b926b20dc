"""A refused field of AppSync is compared with its directives in the text's schema."""

from __future__ import annotations

import pytest

from diagnostics.text.answer.appsync_fields import refused_field

SAID = '"path": ["listInvoices"], "message": "Not Authorized to access listInvoices on type Query"\n'
ROLE = "caller: arn:aws:sts::111122223333:assumed-role/report/report\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"{SAID}{ROLE}type Query {{ listInvoices: [Invoice] @aws_cognito_user_pools }}",
            "only @aws_cognito_user_pools",
        ),
        (f"{SAID}{ROLE}type Query {{\n  listInvoices(limit: Int): [Invoice!]! @aws_api_key\n}}", "add @aws_iam"),
        (f"{SAID}x-api-key: da2-1\ntype Query {{\n  listInvoices: Invoice @aws_iam\n}}", "add @aws_api_key"),
        (
            f"{SAID}{ROLE}type Query {{ listInvoices: [Invoice] }}\ndefault auth mode: AMAZON_COGNITO_USER_POOLS",
            "so it allows only AMAZON_COGNITO_USER_POOLS",
        ),
    ],
)
def test_the_missing_directive_is_named(text: str, said: str) -> None:
    assert said in refused_field(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{SAID}{ROLE}type Query {{ listInvoices: [Invoice] @aws_cognito_user_pools @aws_iam }}",
        f"{SAID}{ROLE}type Query {{ listOrders: [Order] @aws_cognito_user_pools }}",
        f"{SAID}type Query {{ listInvoices: [Invoice] @aws_cognito_user_pools }}",
        f"{SAID}{ROLE}type Query {{ listInvoices: [Invoice] }}\ndefault auth mode: AWS_IAM",
    ],
)
def test_a_directive_that_allows_the_mode_or_is_not_shown_is_not(text: str) -> None:
    assert refused_field(text) == ""
