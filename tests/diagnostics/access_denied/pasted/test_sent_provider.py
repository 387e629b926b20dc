"""The identity provider that a SAML call sends, and the one that the role's trust policy names."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

ROLE, PROVIDER = "arn:aws:iam::111122223333:role/dba", "arn:aws:iam::111122223333:saml-provider/Okta"
REFUSED = (
    "An error occurred (AccessDenied) when calling the AssumeRoleWithSAML operation: Not authorized to perform "
    "sts:AssumeRoleWithSAML"
)


def trusting(provider: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithSAML"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    "sent",
    [
        f"aws sts assume-role-with-saml --role-arn {ROLE} --principal-arn {PROVIDER} --saml-assertion file://a",
        f'"requestParameters": {{"roleArn": "{ROLE}", "principalArn": "{PROVIDER}"}}',
        f"<saml2:AttributeValue>{ROLE},{PROVIDER}</saml2:AttributeValue>",
        f"<saml2:AttributeValue>{PROVIDER},{ROLE}</saml2:AttributeValue>",
    ],
)
@pytest.mark.parametrize(("trusted", "mismatch"), [(f"{PROVIDER}-2023", True), (PROVIDER, False)])
def test_the_provider_that_is_sent_is_compared(sent: str, trusted: str, mismatch: bool) -> None:
    text = f"{sent}\n{REFUSED}\ntrust policy of the role {ROLE}:\n{trusting(trusted)}"
    found = collect_offline(read_text(text)[0]).verdict
    assert (found.cause == "trust.principal-mismatch") == mismatch
    assert (f"{PROVIDER}-2023" in found.summary) == mismatch
