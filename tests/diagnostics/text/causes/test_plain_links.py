"""Requests of a browser or a plain HTTP client, which have no signature."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

XML = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error></ErrorResponse>"
SNS = "https://sns.us-east-2.amazonaws.com/?Action=Publish&TopicArn=x"
SQS = "https://sqs.eu-central-1.amazonaws.com/111122223333/jobs?Action=ReceiveMessage"


def _first(text: str) -> str:
    (failure,) = read_text(text)
    return next((each.cause for each in collect_offline(failure).first_look), "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Security scan of our endpoints\n$ curl -i {SNS}\n{XML}\nis this a hole?", "That is the expected answer"),
        (f'pen test\n$ wget -qO- "{SQS}"\n{XML}', "That is the expected answer"),
        (f"we opened {SQS} and got\n{XML}", "If it is meant to be private, that is correct"),
    ],
)
def test_a_refused_request_without_a_signature_is_wanted(text: str, said: str) -> None:
    assert said in _first(text)


@pytest.mark.parametrize(
    "text",
    [
        f'curl --aws-sigv4 aws:amz:eu-central-1:sqs --user "$K:$S" "{SQS}"\n{XML}',
        f"awscurl --service sns {SNS}\n{XML}",
        f"curl https://web-1.eu-west-1.elb.amazonaws.com/admin\n403 Forbidden\n{XML}",
        f"curl {SNS}\nAn error occurred (AccessDenied) when calling the Publish operation: Access Denied",
    ],
)
def test_a_signed_request_or_one_to_an_own_server_is_not(text: str) -> None:
    assert "has no signature, so AWS refuses it" not in _first(text)
