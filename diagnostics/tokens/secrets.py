"""Secrets in a text that is no token with claims: keys, session tokens, signatures, opaque bearer tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iam.lazy_pattern import regex

_VALUE = r"[A-Za-z0-9/+=_.~%-]"
_NAME_END = r"[\\\"']{0,4}\s{0,3}(?:=>|[:=])\s{0,3}[\\\"']{0,4}"
_MARK = r"\1[taken out]"

# A name whose value is secret, in any of the ways in which programs print it: environments, ini files, JSON, HTTP
# headers, query strings, arguments of commands.
_NAMED = regex(
    r"((?:\b|_)(?:"
    r"secret[ _-]?(?:access[ _-]?)?key|(?:session|security)[ _-]?token|signature"
    r"|client[ _-]?secret|refresh[ _-]?token|access[ _-]?token"
    r"|web[_-]?identity[_-]?token|id[_-]?token|saml[_-]?(?:response|assertion)|password|passwd"
    rf"){_NAME_END}){_VALUE}{{16,}}",
    re.IGNORECASE,
)
_BEARER = regex(rf"(\bBearer\s{{1,3}}){_VALUE}{{20,}}", re.IGNORECASE)
# STS's session tokens begin alike, wherever they stand; terminals and mail break them into lines.
_SESSION_TOKEN = regex(
    r"\b(?:IQoJb3JpZ2luX2Vj|FwoGZXIvYXdz|FQoGZXIvYXdz|AQoDYXdz)[A-Za-z0-9/+=%]{20,}(?:\s{1,3}[A-Za-z0-9/+=%]{40,})*"
    r"(?:\r?\n[A-Za-z0-9/+=%]{1,100}={0,2}(?=\s|$|[\"']))?"
)
# A secret key printed beside its key's ID, as consoles, tables and .csv files do.
_PAIR = regex(r"\b((?:AKIA|ASIA)[A-Z0-9]{16}[\"']?[\s,;:|\"']{1,40})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")


_PATTERNS = (_NAMED, _BEARER, _SESSION_TOKEN, _PAIR)
_PIECE = 400_000
_LONGEST_SECRET = 20_000


def without_secrets(text: str) -> str:
    """``text`` with each secret value replaced by a word; names and key IDs, which are no secrets, stay."""
    return "".join(map(_without, _pieces(text)))


def _without(text: str) -> str:
    low = text.lower()
    if any(word in low for word in ("token", "signature", "secret", "saml", "passw")):
        text = _NAMED.sub(_MARK, text)
    if "bearer" in low:
        text = _BEARER.sub(_MARK, text)
    text = _SESSION_TOKEN.sub("[session token taken out]", text)
    return _PAIR.sub(_MARK, text)


def secret_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where secret values stand."""
    for pattern in _PATTERNS:
        yield from (
            (match.end(1) if match.re.groups else match.start(), match.end()) for match in pattern.finditer(text)
        )


def _pieces(text: str) -> Iterator[str]:
    """``text`` in pieces, none of which ends inside a secret: a pattern that runs over megabytes holds up every other
    thread meanwhile, and with it the keys."""
    start = 0
    while len(text) - start > _PIECE:
        cut = text.rfind("\n", start + _PIECE // 2, start + _PIECE) + 1 or start + _PIECE
        around = max(start, cut - _LONGEST_SECRET), cut + _LONGEST_SECRET
        inside = [match for pattern in _PATTERNS for match in pattern.finditer(text, *around)]
        cut = max((match.end() for match in inside if match.start() < cut < match.end()), default=cut)
        yield text[start:cut]
        start = cut
    yield text[start:]
