"""API Gateway's {"message":"Forbidden"} is a denial of execute-api:Invoke where an HTTP API asks IAM."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.failure import Denial
from tests.support.denials.pasted import diagnosed

HOST = "https://zz9yx8w7v6.execute-api.eu-central-1.amazonaws.com"
ANSWER = 'HTTP/2 403\n{"message":"Forbidden"}\n'
CALLER = "Task role: arn:aws:sts::210987654321:assumed-role/shop-task/abc\n"
SIGNED = f'The HTTP API has IAM authorization.\ncurl --aws-sigv4 "aws:amz:eu-central-1:execute-api" -X POST {HOST}'
ARN = "arn:aws:execute-api:eu-central-1:210987654321:zz9yx8w7v6"


def policy(action: str, on: str) -> str:
    return (
        f'Inline policy of the role:\n{{"Effect":"Allow","Action":["{action}","sqs:ReceiveMessage"],"Resource":"{on}"}}'
    )


@pytest.mark.parametrize(
    ("path", "beside", "said"),
    [
        ("/orders", policy("sqs:SendMessage", "*"), "names only sqs, but no execute-api action"),
        ("/prod/orders", policy("execute-api:Invoke", f"{ARN}/prod/GET/*"), f"not {ARN}/prod/POST/orders"),
        ("/orders", policy("execute-api:Invoke", f"{ARN}/$default/GET/*"), f"not {ARN}/$default/POST/orders"),
    ],
)
def test_the_callers_policy_is_compared_with_the_call(path: str, beside: str, said: str) -> None:
    found = diagnosed(f"{SIGNED}{path}\n{ANSWER}{CALLER}{beside}")
    assert found.verdict.cause.startswith("identity.")
    assert said in found.verdict.summary


def test_without_a_policy_the_callers_own_policies_are_to_be_extended() -> None:
    text = f"httpApi with type: aws_iam in serverless.yml\n$ awscurl --service execute-api {HOST}/orders\n{ANSWER}"
    assert "has no resource policy" in diagnosed(text).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f"REST API, method with AWS_IAM and an API key:\n$ awscurl {HOST}/prod/orders\n{ANSWER}",
        f'HTTP API, JWT authorizer:\n$ curl -H "Authorization: Bearer eyJ" {HOST}/orders\n{ANSWER}',
        f"HTTP API without authorization:\n$ curl {HOST}/orders\n{ANSWER}",
    ],
)
def test_other_apis_and_authorizers_are_no_denial_by_iam(text: str) -> None:
    assert not any(isinstance(each, Denial) for each in read_text(text))


@pytest.mark.parametrize(
    ("beside", "decides"),
    [
        ("With the admin role the same request works.", True),
        ("Another permission set gets 200.", True),
        ("With the admin role it does not work either.", False),
        ("", False),
    ],
)
def test_an_identity_that_gets_through_leaves_the_callers_permissions(beside: str, *, decides: bool) -> None:
    text = f"REST API with AWS_IAM:\n$ awscurl --service execute-api {HOST}/prod/orders\n{ANSWER}{beside}"
    assert ("another identity gets through" in diagnosed(text).verdict.summary) is decides
