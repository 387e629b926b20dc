"""Tokens in a paste: decoded here, broken ones said to be broken."""

from __future__ import annotations

import base64
import json
import re
import textwrap
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.report import to_json, to_markdown, to_text
from diagnostics.text.tokens.find import tokens_in
from diagnostics.text.tokens.mentions import mentioned_saml_endpoint, mentioned_subjects
from iam.sources.reader.opened import OpenedAccount
from tests.support.denials.invented import jwt
from tests.support.driving.explained import diagnose_text


def context_in(text: str) -> dict[str, tuple[str, ...]]:
    return {key: values for token in tokens_in(text) for key, values in token.context.items()}


def test_a_tokens_claims_are_the_issuers_condition_keys() -> None:
    text = f"token: {jwt(iss='https://idp.example/realms/x', sub='svc', aud='sts.amazonaws.com', exp='1')} end"
    assert context_in(text) == {
        "idp.example/realms/x:sub": ("svc",),
        "idp.example/realms/x:aud": ("sts.amazonaws.com",),
    }


def test_a_token_with_a_broken_part_is_said_to_be_one() -> None:
    whole = jwt(iss="https://idp.example", sub="svc")
    head, _, signature = whole.split(".")
    cut, other = tokens_in(f"{head}.!!!!!!.{signature} {head}.bm90LWpzb24.{signature}")
    assert "cut off" in cut.broken
    assert "not base64url of JSON" in other.broken
    assert context_in(f"{head}.bm90LWpzb24.{signature}") == {}


def test_a_saml_response_tells_the_endpoint() -> None:
    page = (
        '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><saml:Issuer>https://idp</saml:Issuer>'
        '<saml:Assertion><saml:Subject><saml:NameID Format="x">erin</saml:NameID><saml:SubjectConfirmationData '
        'Recipient="https://eu-west-1.signin.aws.amazon.com/saml"/></saml:Subject></saml:Assertion></samlp:Response>'
    )
    found = context_in(f"SAMLResponse={base64.b64encode(page.encode()).decode()}")
    assert found == {
        "saml:aud": ("https://eu-west-1.signin.aws.amazon.com/saml",),
        "saml:iss": ("https://idp",),
        "saml:sub": ("erin",),
        "saml:sub_type": ("x",),
    }


def test_subjects_and_endpoints_that_stand_in_the_text() -> None:
    text = "pod of system:serviceaccount:shop:cart, job repo:acme/shop:ref:refs/heads/main"
    assert mentioned_subjects(text) == ("system:serviceaccount:shop:cart", "repo:acme/shop:ref:refs/heads/main")
    assert mentioned_saml_endpoint("POST https://signin.aws.amazon.com/saml") == "https://signin.aws.amazon.com/saml"
    assert mentioned_saml_endpoint("https://a.signin.aws.amazon.com/saml https://b.signin.aws.amazon.com/saml") is None


@settings(max_examples=40)
@given(st.text(max_size=300))
def test_any_middle_part_is_read_or_said_to_be_broken(middle: str) -> None:
    part = base64.urlsafe_b64encode(middle.encode("utf-8", errors="replace")).decode().rstrip("=")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    for token in tokens_in(f"{head}.{part}.x"):
        assert token.broken or all(isinstance(value, str) for values in token.context.values() for value in values)


def test_neither_token_nor_signature_comes_out_of_any_report(demo_reader: Any) -> None:
    account = list(demo_reader.accounts())[-1]
    token = jwt(iss="https://token.actions.githubusercontent.com", sub="repo:a@1/b@2:ref:refs/heads/main", aud="x")
    assertion = base64.b64encode(b'<samlp:Response xmlns:samlp="urn:x"><Assertion/>' + b"secret" * 40).decode()
    broken = f"{token.partition('.')[0]}.bm90LWpzb24"
    wrapped = "\n".join(textwrap.wrap(assertion, 76))
    for secret in (token, assertion, broken, wrapped):
        for text in (secret, f"Not authorized to perform sts:AssumeRoleWithWebIdentity {secret}"):
            for diagnosis in diagnose_text(text, OpenedAccount(account, demo_reader)):
                out = to_text(diagnosis) + to_markdown(diagnosis) + json.dumps(to_json(diagnosis))
                assert secret not in out
                assert all(part not in out for part in re.split(r"[.\n]", secret) if len(part) > 12)


def test_a_token_that_cannot_be_read_is_called_one(demo_reader: Any) -> None:
    account = list(demo_reader.accounts())[-1]
    head = jwt(iss="https://idp.example").split(".")[0]
    for text in (f"{head}.!!bad.sig", head, f"Bearer {head}."):
        (diagnosis,) = diagnose_text(text, OpenedAccount(account, demo_reader))
        assert "token" in diagnosis.verdict.summary
        assert head not in to_markdown(diagnosis)
