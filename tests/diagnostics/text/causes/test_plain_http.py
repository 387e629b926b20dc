from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text, usual_causes

DENIED = (
    "An error occurred (AccessDenied) when calling the PutObject operation: User: "
    "arn:aws:sts::148820573916:assumed-role/worker/i-1 is not authorized to perform: s3:PutObject on resource: "
    '"arn:aws:s3:::acme-exports/a.csv" with an explicit deny in a {kind} policy'
)


@pytest.mark.parametrize("kind", ["resource control", "resource-based", "service control"])
@pytest.mark.parametrize(
    ("setting", "plain"),
    [
        ('{"endpoint_url": "http://s3.eu-west-1.amazonaws.com"}', True),
        ("fs.s3a.connection.ssl.enabled=false", True),
        ('{"endpoint_url": "https://s3.eu-west-1.amazonaws.com"}', False),
        ('xmlns="http://s3.amazonaws.com/doc/2006-03-01/"', False),
    ],
)
def test_a_setting_without_tls_is_the_first_cause_of_a_deny(kind: str, setting: str, plain: bool) -> None:
    failure = read_text(f"{DENIED.format(kind=kind)}\n{setting}")[0]
    looks = usual_causes(failure, ())
    assert ("aws:SecureTransport" in looks[0].cause if looks else False) is plain


def test_it_is_no_cause_of_a_missing_allow() -> None:
    text = DENIED.format(kind="x").partition(" with an explicit")[0] + " because no identity-based policy allows it"
    failure = read_text(f"{text}\nendpoint_url = http://s3.eu-west-1.amazonaws.com")[0]
    assert not any("SecureTransport" in look.cause for look in usual_causes(failure, ()))
