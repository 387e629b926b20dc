"""Every value of a refused request says where it comes from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.diagnose import collect, collect_offline, read_text
from diagnostics.failure import Denial
from diagnostics.report import to_json
from iam.claims import Source
from iam.sources.reader.opened import OpenedAccount
from tests.support.denials.invented import Read, denied
from tests.support.denials.of_demo import administrator

__all__ = ["administrator"]

WEB = "arn:aws:sts::111122223333:assumed-role/web-frontend-ec2/i-0a1"
OBJECT = "arn:aws:s3:::harbor-assets/x"


def request_of(text: str, account: Read, **context: tuple[str, ...]) -> dict[str, Any]:
    found = collect(read_text(text)[0], OpenedAccount(*account), context)
    document: dict[str, Any] = json.loads(json.dumps(to_json(found)))["request"]
    return document


def test_the_text_names_who_what_and_on_what(administrator: Read) -> None:
    found = request_of(denied(WEB, "s3:PutObject", OBJECT), administrator)
    for name, value in (("principal", WEB), ("action", "s3:PutObject"), ("resource", OBJECT)):
        assert found[name] == {"value": value, "source": "text", "from": value}


def test_the_account_fills_in_what_it_knows_and_defaults_are_named(administrator: Read) -> None:
    found = request_of(denied(WEB, "s3:PutObject", OBJECT), administrator)
    assert found["aws:PrincipalAccount"]["source"] == "account"
    assert found["aws:SecureTransport"] == {
        "value": ["true"],
        "source": "default",
        "from": "SDKs and the AWS CLI use TLS",
    }
    assert found["aws:CurrentTime"]["source"] == "default"
    assert found["resourceAccount"]["source"] == "account"


def test_what_the_operator_gives_is_the_operators(administrator: Read) -> None:
    found = request_of(denied(WEB, "s3:PutObject", OBJECT), administrator, **{"aws:SourceIp": ("192.0.2.7",)})
    assert found["aws:SourceIp"] == {"value": ["192.0.2.7"], "source": "operator", "from": "192.0.2.7"}


def test_a_form_is_the_operators_too(administrator: Read) -> None:
    typed = Denial(text="", principal=WEB, action="s3:PutObject", resource=OBJECT)
    found = collect(typed, OpenedAccount(*administrator)).request
    assert {found[name].source for name in ("principal", "action", "resource")} == {Source.OPERATOR}


def test_a_pasted_event_is_cloudtrails(administrator: Read) -> None:
    event = {
        "eventVersion": "1.08",
        "userIdentity": {"type": "AssumedRole", "arn": WEB},
        "eventTime": "2026-11-29T05:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutObject",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.9",
        "errorCode": "AccessDenied",
        "errorMessage": denied(WEB, "s3:PutObject", OBJECT),
    }
    found = request_of(json.dumps(event), administrator)
    assert found["aws:SourceIp"] == {"value": ["192.0.2.9"], "source": "cloudtrail", "from": "192.0.2.9"}


@pytest.mark.parametrize("action", ["sqs:SendMessage", "kms:Decrypt"])
def test_without_an_account_the_text_alone_gives_values(action: str) -> None:
    found = collect_offline(read_text(denied(WEB, action, "arn:aws:sqs:us-east-1:111122223333:jobs"))[0]).request
    assert {name: had.source for name, had in found.items()} == {
        "principal": Source.TEXT,
        "action": Source.TEXT,
        "resource": Source.TEXT,
    }
