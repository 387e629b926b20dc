"""Tokens in a paste: decoded here, never sent, never stored. Their claims become condition keys.

A JSON Web Token's claims are the keys ``ISSUER:claim`` of IAM (UG:reference_policies_iam-condition-keys); a SAML
response gives ``saml:aud``, ``saml:iss`` and ``saml:sub``. Signatures are not checked: AWS did, or would have.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import urllib.parse
from dataclasses import dataclass
from typing import Any

from diagnostics.diagnosis import Evidence, Status, Step

_JWT = re.compile(r"\beyJ[\w-]{8,20000}\.[\w-]{4,60000}\.[\w-]{0,4000}")
# Also what a terminal cut off, or what lacks its signature: its claims and its header are nobody else's business.
_LOOKS_LIKE_JWT = re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}")
# "<saml", "<?xml ", "<Response", "<Assertion" in base64; mail and terminals break it into lines.
_SAML = re.compile(
    r"(?:PHNhbW[wx]|PD94bWwg|PFJlc3Bvbn|PEFzc2VydGlvb)[A-Za-z0-9+/=%]{20,200000}"
    r"(?:\r?\n[ \t]{0,20}[A-Za-z0-9+/=%]{20,200000})*(?:\r?\n[ \t]{0,20}[A-Za-z0-9+/]{1,100}={0,2}(?![^\r\n]))?"
)
_SAML_ENDPOINT = re.compile(
    r"https://(?:[\w-]+\.)?signin\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/saml\b[\w/-]*"
)
_SERVICE_ACCOUNT = re.compile(r"\bsystem:serviceaccount:[a-z0-9][a-z0-9.-]{0,62}:[a-z0-9][a-z0-9.-]{0,252}")
_REPOSITORY = re.compile(r"\brepo:[\w.@-]+/[\w.@-]+:[\w./:@*-]*[\w/@-]")

# What of a token's claims IAM offers as condition keys (UG:reference_policies_iam-condition-keys, web identity).
_CLAIMS_OF_NO_USE = frozenset({"exp", "iat", "nbf", "iss", "jti"})


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was found. ``broken`` is one sentence where it could not be read, else empty."""

    kind: str
    issuer: str = ""
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()
    broken: str = ""


def tokens_in(text: str) -> tuple[Token, ...]:
    """The JSON Web Tokens and SAML responses in ``text``, equal ones once."""
    found = [_read_jwt(match[0]) for match in _JWT.finditer(text)]
    found += [_read_saml(match[0]) for match in _SAML.finditer(text)]
    return tuple(dict.fromkeys(found))


def context_in(text: str) -> dict[str, tuple[str, ...]]:
    """The condition keys that the tokens in ``text`` give their values."""
    return {key: values for token in tokens_in(text) for key, values in token.context}


def without_tokens(text: str) -> str:
    """``text`` as it may be kept or sent: each token in it, whole or broken, replaced by a word."""
    return _SAML.sub("[SAML response taken out]", _LOOKS_LIKE_JWT.sub("[token taken out]", text))


def spoken_subjects(text: str) -> tuple[str, ...]:
    """Subjects that the text spells out: a Kubernetes service account, a repository of GitHub."""
    found = _SERVICE_ACCOUNT.findall(text) + _REPOSITORY.findall(text)
    return tuple(dict.fromkeys(found))


def spoken_saml_endpoint(text: str) -> str | None:
    """The sign-in endpoint that the text names, if it names exactly one."""
    found = set(_SAML_ENDPOINT.findall(text))
    return found.pop() if len(found) == 1 else None


def token_step(tokens: tuple[Token, ...]) -> Step:
    """What the pasted tokens carry. Only the claims that policies can ask for are shown."""
    evidence = []
    for token in tokens:
        if token.broken:
            evidence.append(Evidence(text=token.broken, layer="trust"))
        evidence += [
            Evidence(text=f"{key} = {', '.join(values)}", layer="trust", element="Condition")
            for key, values in token.context
        ]
    good = [token for token in tokens if not token.broken]
    broken = len(tokens) - len(good)
    said = [f"{token.kind} of {token.issuer or 'an issuer that it does not name'}" for token in good]
    if broken:
        said.append(f"{broken} that cannot be decoded")
    return Step(
        "token",
        "The pasted token",
        Status.PASS if good else Status.UNKNOWN,
        "; ".join(said) + " (decoded here, sent nowhere)",
        tuple(evidence),
    )


def _read_jwt(text: str) -> Token:
    try:
        claims = json.loads(_base64url(text.split(".")[1]))
    except (ValueError, RecursionError):
        return Token("token", broken="a token (three parts with dots) whose middle part is not base64url of JSON")
    if not isinstance(claims, dict):
        return Token("token", broken="a token whose middle part holds no claims")
    issuer = str(claims.get("iss", "")).removeprefix("https://").rstrip("/")
    context = []
    for claim, value in claims.items():
        values = _claim_values(value)
        if issuer and values and claim not in _CLAIMS_OF_NO_USE:
            context.append((f"{issuer}:{claim}", values))
    return Token("token", issuer, tuple(context))


def _claim_values(value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return (str(value).lower(),)
    if isinstance(value, str | int):
        return (str(value),)
    if isinstance(value, list):
        return tuple(str(entry) for entry in value if isinstance(entry, str | int))
    return ()


def _base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _read_saml(text: str) -> Token:
    try:
        page = base64.b64decode(urllib.parse.unquote(text) + "===").decode("utf-8", errors="replace")
    except (binascii.Error, ValueError):
        return Token("SAML response", broken="a SAML response that is not base64")
    if "Assertion" not in page:
        return Token("SAML response", broken="a SAML response without a readable assertion (it may be encrypted)")
    context = []
    # Read with patterns, not with an XML parser: the document is hostile and four values are all that is wanted.
    for key, pattern in (
        ("saml:aud", r'\bRecipient="([^"<>]{1,2048})"'),
        ("saml:iss", r"<(?:\w+:)?Issuer[^>]{0,300}>\s*([^<>\s]{1,2048})\s*<"),
        ("saml:sub", r"<(?:\w+:)?NameID[^>]{0,500}>\s*([^<>]{1,2048}?)\s*<"),
    ):
        match = re.search(pattern, page)
        if match:
            context.append((key, (match[1],)))
    issuer = next((values[0] for key, values in context if key == "saml:iss"), "")
    return Token("SAML response", issuer, tuple(context))
