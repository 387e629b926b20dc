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
        (f"we opened {SQS} and got\n{XML}", "If the resource is meant to be private, this answer is correct"),
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


LINK = "https://acme-site.s3.eu-central-1.amazonaws.com/logo.png"
SIGNED = (
    f"{LINK}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAEXAMPLEKEY%2F20261118%2Feu-central-1%2Fs3"
    "%2Faws4_request&X-Amz-Date=20261118T090000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=abc"
)


@pytest.mark.parametrize(
    "text",
    [
        f"GET {LINK} 403 (Forbidden)",
        f"GET {LINK} net::ERR_ABORTED 403 (Forbidden)\napp.js:12 Uncaught (in promise)",
        f"Failed to load resource: the server responded with a status of 403 (Forbidden)\n{LINK}",
        f"--2026-11-18 09:00:00--  {LINK}\nHTTP request sent, awaiting response... 403 Forbidden",
        f"+ curl -fsSLO {LINK}\ncurl: (22) The requested URL returned error: 403",
    ],
)
def test_what_browsers_and_plain_clients_print_of_a_link_is_read(text: str) -> None:
    assert _first(text).startswith("The link has no signature")


@pytest.mark.parametrize(
    "text",
    [
        f"PUT {SIGNED} 403 (Forbidden)\nupload.js:22 Uncaught (in promise) Error: Request failed with status code 403",
        f"+ curl -fsS -o a.png '{SIGNED}'\ncurl: (22) The requested URL returned error: 403",
    ],
)
def test_a_refused_presigned_url_is_opened_to_read_its_code(text: str) -> None:
    said = _first(text)
    assert said.startswith("Open the URL once with curl -i")
    assert "valid until 2026-11-18 09:15:00 UTC" in said
    assert "ends with that session" in said


@pytest.mark.parametrize(
    "text",
    [
        "GET https://app.acme.example/logo.png 403 (Forbidden)",
        "GET https://acme-site.s3.eu-central-1.amazonaws.com/logo.png 200 (OK)",
        "Failed to load resource: the server responded with a status of 404 (Not Found)\n" + LINK,
    ],
)
def test_other_hosts_and_statuses_are_no_refusal_by_s3(text: str) -> None:
    assert "signature" not in _first(text)
