"""Secrets that no program may keep: every one holds a word that can be looked for afterwards."""

from __future__ import annotations

import base64
import json
import urllib.parse
from typing import Any

WORD = "canary"
SAID = "repo:harbor-demo/storefront:pull_request"
"""What may be kept of the token: the claim that policies ask for."""

_EPOCH = 1795165200  # the demo's own time
REFUSED = (
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
    "sts:AssumeRoleWithWebIdentity"
)


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


_SIGNATURE = base64.urlsafe_b64encode(b"canary" * 20).decode().rstrip("=")
TOKEN = ".".join(
    (
        _part({"alg": "RS256", "typ": "JWT", "kid": "canary"}),
        _part(
            {
                "iss": "https://token.actions.githubusercontent.com",
                "sub": SAID,
                "aud": "sts.amazonaws.com",
                "exp": _EPOCH + 300,
                "jti": "canary-jti",
                "private": "canary-claim",
            }
        ),
        _SIGNATURE,
    )
)
_XML = (
    '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:x">'
    "<saml:Issuer>https://idp.harbor.example/saml</saml:Issuer><saml:Assertion ID='canary-id'>"
    "<ds:SignatureValue>canarycanarycanary</ds:SignatureValue><saml:Subject><saml:NameID>erin</saml:NameID>"
    "<saml:SubjectConfirmation><saml:SubjectConfirmationData NotOnOrAfter='2026-11-20T09:05:00Z' "
    "Recipient='https://eu-west-1.signin.aws.amazon.com/saml'/></saml:SubjectConfirmation></saml:Subject>"
    "<saml:AttributeStatement><saml:Attribute Name='groups'><saml:AttributeValue>canary-group</saml:AttributeValue>"
    "</saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>"
)
ASSERTION = base64.b64encode(_XML.encode()).decode()
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = ("canary/" * 6)[:40]
SESSION_TOKEN = "IQoJb3JpZ2luX2Vj" + "canary" * 30 + "=="
HEX_SIGNATURE = b"canary".hex() * 5 + "abcd"

_ROLE = "arn:aws:iam::111122223333:role/ci/gha-deploy-storefront"

TEXTS = {
    "token alone": TOKEN,
    "token in a header": f"> Authorization: Bearer {TOKEN}\n> Accept: */*",
    "token in a log line": f'2026-11-20T09:00:00Z level=debug msg="exchanging" token="{TOKEN}" attempt=1',
    "token in an environment": f"HOME=/root\nACTIONS_ID_TOKEN={TOKEN}\nPATH=/bin",
    "token in JSON": json.dumps({"count": 1, "value": TOKEN}),
    "token broken over lines": f"{TOKEN[:76]}\n{TOKEN[76:152]}\n{TOKEN[152:228]}\n{TOKEN[228:304]}\n{TOKEN[304:]}",
    "token with a refusal": f"{REFUSED}\nrole-to-assume: {_ROLE}\n{TOKEN}",
    "token cut off": TOKEN[: len(TOKEN) - len(_SIGNATURE) - 20],
    "opaque bearer token": "Authorization: Bearer " + "canary0123" * 4,
    "SAML response": ASSERTION,
    "SAML response in a form": f"POST /saml\n\nSAMLResponse={urllib.parse.quote(ASSERTION, safe='')}&RelayState=",
    "SAML response as XML": _XML,
    "keys in an environment": f"AWS_ACCESS_KEY_ID={KEY_ID}\nAWS_SECRET_ACCESS_KEY={SECRET_KEY}\n"
    f"AWS_SESSION_TOKEN={SESSION_TOKEN}\n{REFUSED}",
    "keys in a file": f"[default]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET_KEY}\n",
    "keys in JSON": json.dumps(
        {"Credentials": {"AccessKeyId": KEY_ID, "SecretAccessKey": SECRET_KEY, "SessionToken": SESSION_TOKEN}}, indent=1
    ),
    "keys in JSON inside JSON": json.dumps({"log": json.dumps({"secretAccessKey": SECRET_KEY})}),
    "keys side by side": f"Access key ID,Secret access key\n{KEY_ID},{SECRET_KEY}\n",
    "session token alone": f"the token was {SESSION_TOKEN[:90]}\n{SESSION_TOKEN[90:]}",
    "signed address": "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
    f"{KEY_ID}%2F20261120&X-Amz-Security-Token={SESSION_TOKEN}&X-Amz-Signature={HEX_SIGNATURE}",
    "signed header": f"Authorization: AWS4-HMAC-SHA256 Credential={KEY_ID}/20261120/us-east-1/s3/aws4_request, "
    f"SignedHeaders=host;x-amz-date, Signature={HEX_SIGNATURE}\nx-amz-security-token: {SESSION_TOKEN}",
}


def leaks(kept: str) -> list[str]:
    """What of the secrets stands in a text: the word itself, or a long piece of any of them as it was pasted."""
    found = [WORD] if WORD in kept else []
    whole = (*TOKEN.split("."), ASSERTION, SECRET_KEY, SESSION_TOKEN, HEX_SIGNATURE)
    pieces = [each[at : at + 24] for each in whole for at in range(0, max(len(each) - 24, 1), 24)]
    return found + [piece for piece in pieces if piece in kept]
