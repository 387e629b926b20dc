"""A CloudTrail event tells more of the request than its sentence: condition keys, the session, the claims."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.access_denied.request.event import event_context, event_step
from iam.claims import Source, sourced

RECORD: dict[str, Any] = {
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetObject",
    "awsRegion": "eu-west-1",
    "sourceIPAddress": "203.0.113.24",
    "userAgent": "aws-cli/2.30",
    "errorCode": "AccessDenied",
    "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/a/b"},
}


def told(**fields: Any) -> dict[str, tuple[str, ...]]:
    return event_context(json.dumps({**RECORD, **fields}))


def test_what_an_event_tells() -> None:
    assert told(vpcEndpointId="vpce-1", tlsDetails={"tlsVersion": "TLSv1.3"}) == {
        "aws:VpcSourceIp": ("203.0.113.24",),
        "aws:RequestedRegion": ("eu-west-1",),
        "aws:SourceVpce": ("vpce-1",),
        "aws:UserAgent": ("aws-cli/2.30",),
        "aws:SecureTransport": ("true",),
    }


def test_an_address_is_public_without_an_endpoint() -> None:
    assert told()["aws:SourceIp"] == ("203.0.113.24",)


def test_a_service_is_no_address() -> None:
    assert "aws:SourceIp" not in told(sourceIPAddress="cloudformation.amazonaws.com")


def test_the_session_tells_mfa_identity_and_the_service_between() -> None:
    identity = {
        "type": "AssumedRole",
        "invokedBy": "cloudformation.amazonaws.com",
        "sessionContext": {"attributes": {"mfaAuthenticated": "false"}, "sourceIdentity": "erin"},
    }
    found = told(userIdentity=identity)
    assert found["aws:MultiFactorAuthPresent"] == ("false",)
    assert found["aws:SourceIdentity"] == ("erin",)
    assert found["aws:ViaAWSService"] == ("true",)
    assert found["aws:CalledVia"] == ("cloudformation.amazonaws.com",)


@pytest.mark.parametrize(("said", "known"), [("true", ("true",)), (None, None)])
def test_a_session_of_assume_root_has_the_key_of_it(said: str | None, known: tuple[str, ...] | None) -> None:
    session = {"attributes": {"mfaAuthenticated": "false"}, **({"assumedRoot": said} if said else {})}
    assert told(userIdentity={"type": "Root", "sessionContext": session}).get("aws:AssumedRoot") == known


def test_a_web_identity_tells_its_claims() -> None:
    provider = "arn:aws:iam::111122223333:oidc-provider/gitlab.com"
    identity = {
        "type": "WebIdentityUser",
        "identityProvider": provider,
        "userName": "project_path:a/b",
        "principalId": f"{provider}:https://gitlab.com:project_path:a/b",
    }
    found = told(
        eventName="AssumeRoleWithWebIdentity", userIdentity=identity, requestParameters={"roleSessionName": "s"}
    )
    assert found["gitlab.com:sub"] == ("project_path:a/b",)
    assert found["gitlab.com:aud"] == ("https://gitlab.com",)
    assert found["sts:RoleSessionName"] == ("s",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "no event",
        '{"eventSource": 1}',
        json.dumps([RECORD]),
        json.dumps({"eventSource": "x", "eventName": 3}),
    ],
)
def test_what_is_no_single_event_tells_nothing(text: str) -> None:
    assert event_context(text) == {}


@pytest.mark.parametrize("field", ["userIdentity", "requestParameters", "sourceIPAddress", "tlsDetails", "awsRegion"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {"sessionContext": "x"}, {"sessionContext": {"attributes": []}}])
def test_fields_of_another_shape_break_nothing(field: str, value: Any) -> None:
    assert isinstance(told(**{field: value}), dict)


def test_the_step_shows_three_and_counts_the_rest() -> None:
    step = event_step(sourced({f"aws:k{number}": ("v",) for number in range(5)}, Source.CLOUDTRAIL))
    assert step.summary == "aws:k0 = v; aws:k1 = v; aws:k2 = v; 2 more"
    assert len(step.evidence) == 5
