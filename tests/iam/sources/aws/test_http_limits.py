"""No response is awaited longer, or read further, than its limits."""

from __future__ import annotations

from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config

from iam.credentials.console import UnexpectedStatus, post_form
from iam.credentials.sso import SignInError, SsoSettings, begin
from iam.sources.aws import http_limits
from iam.sources.aws.http_limits import NotReadInTime, within_limits
from iam.sources.aws.reader import AwsReader
from tests.iam.sources.conftest import core_session
from tests.support.faults import slow_server
from tests.support.faults.slow_server import BEHAVIOURS, Behaviour, seconds_of

USER = (
    b"<GetUserResponse><GetUserResult><User><Path>/</Path><UserName>ben</UserName><UserId>AIDA</UserId>"
    b"<Arn>arn:aws:iam::123456789012:user/ben</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></User>"
    b"</GetUserResult></GetUserResponse>"
)
SECONDS, BYTES = 0.3, 2**20
AMPLE = 30.0
LARGE = {"promises_more_than_fits", "sends_for_ever", "sends_chunks_for_ever"}


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_limits, "CALL_SECONDS", SECONDS)
    monkeypatch.setattr(http_limits, "RESPONSE_BYTES", BYTES)


def reader(url: str) -> AwsReader:
    return AwsReader(
        boto3.Session("AKIAEXAMPLEEXAMPLE00", "not-a-secret", region_name="us-east-1", botocore_session=core_session()),
        endpoint_url=url,
    )


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda each: each.__name__)
def test_a_reading_ends_in_time_whatever_the_server_does(behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
    if behaviour.__name__ in LARGE or behaviour is slow_server.promises_more:
        monkeypatch.setattr(http_limits, "CALL_SECONDS", AMPLE)
        monkeypatch.setattr("iam.sources.aws.session._RETRIES", {"mode": "standard", "total_max_attempts": 1})
    with slow_server.server(behaviour, USER) as url:
        aws = reader(url).aws
        found: list[Any] = []
        took = seconds_of(
            lambda: found.append(aws.read("iam:GetUser", lambda: aws.client("iam").get_user(UserName="ben")["User"]))
        )
    (reading,) = found
    assert reading.unreadable and took < SECONDS + 10
    if behaviour.__name__ in LARGE:
        assert "The response to iam:GetUser was more than 1 MB" in reading.why
    elif behaviour is slow_server.promises_more:
        assert "Connection was closed" in reading.why
    else:
        assert "iam:GetUser was not read within 0.3 s" in reading.why
    assert aws.log.running() == ()


def test_an_ordinary_response_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_limits, "CALL_SECONDS", AMPLE)

    def answers(send: slow_server.Send, over: Any, content: bytes) -> None:
        send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)

    with slow_server.server(answers, USER) as url:
        aws = reader(url).aws
        for _ in range(2):
            assert aws.client("iam").get_user(UserName="ben")["User"]["UserName"] == "ben"


def test_the_attempts_of_a_call_share_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is silent: a second attempt begins, and ends when the first one's time is over."""
    monkeypatch.setattr("iam.sources.aws.session._READ_SECONDS", 0.2)
    monkeypatch.setattr(http_limits, "CALL_SECONDS", 3.0)
    with slow_server.server(slow_server.never_answers, b"") as url:
        aws = reader(url).aws
        assert seconds_of(lambda: aws.read("iam:GetUser", lambda: aws.client("iam").get_user())) < 15
    (call,) = aws.log.calls()
    assert 1 <= call.retries < 7 and call.code in ("ReadTimeoutError", "NotReadInTime")


def test_no_request_is_sent_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(http_limits, "clock", lambda: now[0])
    context: dict[str, Any] = {}
    with within_limits(context):
        now[0] += SECONDS
    with pytest.raises(NotReadInTime, match=r"not read within 0\.3 s"), within_limits(context):
        raise AssertionError("sent")


def test_credentials_that_botocore_fetches_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """STS here, in a client that is made like those of botocore's credential providers."""
    with slow_server.server(slow_server.drips_the_body, b"<") as url:
        client = botocore.session.Session().create_client(
            "sts",
            region_name="us-east-1",
            endpoint_url=url,
            aws_access_key_id="AKIAEXAMPLEEXAMPLE00",
            aws_secret_access_key="not-a-secret",
            config=Config(retries={"mode": "legacy"}),
        )
        with pytest.raises(NotReadInTime):
            client.get_caller_identity()


def test_a_sign_in_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with slow_server.server(slow_server.drips_the_body, b"{") as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        with pytest.raises(SignInError, match=r"not read within 0\.3 s"):
            begin(SsoSettings("https://example.awsapps.com/start", "us-east-1"))


def test_the_console_link_ends_in_time_and_takes_no_redirect() -> None:
    with slow_server.server(slow_server.drips_headers, b"") as url, pytest.raises(ConnectionError, match="not read"):
        post_form(f"{url}/federation", b"Action=getSigninToken")

    def redirects(send: slow_server.Send, over: Any, content: bytes) -> None:
        send(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    with slow_server.server(redirects, b"") as url, pytest.raises(UnexpectedStatus, match="302"):
        post_form(f"{url}/federation", b"Action=getSigninToken")
