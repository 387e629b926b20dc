"""Read the claims of a token that a text shows decoded, and compare them with the trust policy's conditions."""

from __future__ import annotations

import re

from diagnostics.text.read.identities.token_conditions import token_conditions
from iam.lazy_pattern import regex

_LINE = regex(
    r"^[ \t>|*-]*[\"'`]?(?P<claim>iss|sub|aud)[\"'`]?[ \t]*(?:[:=][ \t]*|[ \t]+)[\"'`]?"
    r"(?P<value>\S[^\n]*?)[\"'`]?,?[ \t]*$",
    re.MULTILINE,
)
_INLINE = regex(r"[\"'](?P<claim>iss|sub|aud)[\"']\s*:\s*[\"'](?P<value>[^\"'\n]{1,300})[\"']")
_ISSUER = regex(r"https://[\w.-]+[\w./-]*")
_TOGETHER = 5
"""The number of lines within which the claims of one token are printed."""


def printed_claims(text: str) -> dict[str, str]:
    """Return the claims iss, sub and aud of the one token that the text shows decoded; empty if it shows several.

    Each claim is in a line of its own, with or without a colon, or in JSON. A token without an issuer does not count.
    """
    found: dict[str, set[str]] = {}
    lines: list[int] = []
    for each in (*_LINE.finditer(text), *_INLINE.finditer(text)):
        value = each["value"].strip().rstrip(",").strip("\"'`")
        if each["claim"] == "iss" and not _ISSUER.fullmatch(value):
            continue
        found.setdefault(each["claim"], set()).add(value)
        lines.append(text.count("\n", 0, each.start()))
    single = all(len(values) == 1 for values in found.values())
    if not single or "iss" not in found or "sub" not in found or max(lines) - min(lines) > _TOGETHER:
        return {}
    return {claim: values.pop() for claim, values in found.items()}


def claim_keys(text: str) -> dict[str, tuple[str, ...]]:
    """Return the condition keys for the claims of the token that the text shows decoded."""
    claims = printed_claims(text)
    host = claims.get("iss", "").removeprefix("https://")
    return {f"{host}:{claim}": (value,) for claim, value in claims.items() if claim != "iss"}


def claims_fit(text: str) -> bool:
    """Return whether the text shows a token's claims, and they meet every condition of its trust policies on claims."""
    conditions, claims = token_conditions(text), printed_claims(text)
    host = claims.get("iss", "").removeprefix("https://").rstrip("/").lower()
    return bool(claims and conditions) and all(
        one.issuer.rstrip("/").lower() == host and one.claim in claims and one.accepts(claims[one.claim])
        for one in conditions
    )
