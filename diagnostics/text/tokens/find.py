"""Find tokens in a text, in any of the forms in which people paste them.

`taken_out` replaces each token with its contents, which nobody can use as a token. A text stored in this form can
be read again with the same result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from diagnostics.text.tokens.secrets import without_secrets
from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from diagnostics.text.tokens.token import Token, TokenKind

# Base64url with or without padding, the other alphabet too; "eyJ" is '{"'. A terminal may have broken it into lines.
_PART = r"[\w+/=-]"
_JWT = regex(
    rf"(?<![\w+/-])eyJ{_PART}{{8,20000}}(?:\.[\w+/=.-]{{0,80000}})?"
    r"(?:(?<=[\w+/=.-]{40})\r?\n[ \t]{0,20}(?!eyJ[\w-]{8,400}\.)[\w+/=.-]{40,20000})*"
    r"(?:(?<=[\w+/=.-]{40})\r?\n[ \t]{0,20}(?!eyJ)[\w+/=.-]{1,400}(?=[\"']?[ \t]*(?:\r?\n|$)))?"
)
# "<saml", "<?xml ", "<Response", "<Assertion" in base64; mail and terminals break it into lines.
_SAML_BEGINNINGS = ("PHNhbWw", "PHNhbWx", "PD94bWwg", "PFJlc3Bvbn", "PEFzc2VydGlvb")
_SAML_BASE64 = regex(
    rf"(?:{'|'.join(_SAML_BEGINNINGS)})[A-Za-z0-9+/=%_-]{{20,200000}}"
    r"(?:\r?\n[ \t]{0,20}[A-Za-z0-9+/=%_-]{20,200000})*"
    r"(?:\r?\n[ \t]{0,20}[A-Za-z0-9+/_-]{1,100}={0,2}(?![^\r\n]))?"
)
# A form field or URL that names its content, because a deflated response may begin with anything.
_SAML_FIELD = regex(r"(?<=SAMLResponse=)[A-Za-z0-9+/=%_-]{40,200000}")
_SAML_XML = regex(
    r"(?:<\?xml[^<>]{0,200}\?>\s{0,20})?<(?P<tag>(?:\w{1,20}:)?(?:Response|Assertion))\b[^<>]{0,2000}"
    r"urn:oasis:names:tc:SAML:2\.0"
)
MOST_DECODED = 200_000
"""The maximum number of characters that replace one token. The contents of the longest token have fewer."""

_KEPT = regex(r"\[(token|SAML response), (decoded here: (?=\{)|broken: )")


def tokens_in(text: str) -> tuple[Token, ...]:
    """Return the JSON Web Tokens and SAML responses in ``text``, without duplicates."""
    return tuple(dict.fromkeys(token for _, _, token in _kept_in(taken_out(text))))


def taken_out(text: str) -> str:
    """Return ``text`` in a form that may be stored.

    Tokens are replaced by their contents, and all other secrets are removed.
    """
    if "eyJ" in text:
        text = _JWT.sub(lambda match: _jwt(match[0]), text)
    if "urn:oasis" in text:
        text = _without_xml(text)
    if "SAMLResponse=" in text:
        text = _SAML_FIELD.sub(lambda match: _saml(match[0]), text)
    if any(beginning in text for beginning in _SAML_BEGINNINGS):
        text = _SAML_BASE64.sub(lambda match: _saml(match[0]), text)
    text = without_secrets(text)
    pieces, at = [], 0
    for start, end, _ in _kept_in(text):
        pieces += [_without_credentials(text[at:start]), text[start:end]]
        at = end
    return "".join((*pieces, _without_credentials(text[at:])))


MOST_LOOKED_THROUGH = 300_000
"""The maximum number of characters of a pasted text that are searched for every kind of secret.

A megabyte takes 2 s.
"""


def _without_credentials(text: str) -> str:
    if len(text) > MOST_LOOKED_THROUGH:
        return text
    from diagnostics.masking.kinds import CREDENTIALS, SecretKind, without

    return without(text, CREDENTIALS - {SecretKind.ACCESS_KEY}, "[taken out]")  # what a key's ID may do is asked


def beside_tokens(text: str) -> str:
    """Return a text from `taken_out` without the tokens' claims, which are not part of an error message."""
    pieces, at = [], 0
    for start, end, token in _kept_in(text):
        pieces += [text[at:start], f"[{token.kind.value}]"]
        at = end
    return "".join((*pieces, text[at:])) if pieces else text


def _jwt(span: str) -> str:
    from diagnostics.text.tokens import jwt  # most texts have no token
    from diagnostics.text.tokens.token import TokenKind

    first = span.split("\n", 1)[0].rstrip("\r")
    joined = re.sub(r"\s+", "", span)
    if joined != first and isinstance(jwt.decoded(joined), str) and not isinstance(jwt.decoded(first), str):
        # The text on further lines was not part of the token.
        return _jwt(first) + span[len(first) :]
    tail = re.search(r"\.*$", joined)  # the full stop of a sentence
    joined = joined[: tail.start()] if tail and joined.count(".") > 2 else joined
    return _standing_for(TokenKind.JWT, jwt.decoded(joined))


def _without_xml(text: str) -> str:
    pieces, at = [], 0
    while match := _SAML_XML.search(text, at):
        closing = f"</{match['tag']}>"
        end = text.find(closing, match.end())
        # A truncated token has no end: the rest of the text is part of it.
        end = len(text) if end < 0 else end + len(closing)
        pieces += [text[at : match.start()], _saml(text[match.start() : end])]
        at = end
    return "".join((*pieces, text[at:]))


def _saml(span: str) -> str:
    from diagnostics.text.tokens import saml
    from diagnostics.text.tokens.token import TokenKind

    return _standing_for(TokenKind.SAML, saml.decoded(span))


def _standing_for(kind: TokenKind, found: dict[str, Any] | str) -> str:
    if isinstance(found, str):
        return f"[{kind.value}, broken: {found}]"
    return f"[{kind.value}, decoded here: {json.dumps(found, ensure_ascii=True)}]"


def _kept_in(text: str) -> Iterator[tuple[int, int, Token]]:
    """Yield the tokens whose contents a text from `taken_out` contains, each with the start and end of that part."""
    decoder = json.JSONDecoder()
    at = 0
    while match := _KEPT.search(text, at):
        from diagnostics.text.tokens.token import Token, TokenKind

        at = match.end()
        kind = TokenKind(match[1])
        if match[2].startswith("broken"):
            end = text.find("]", at)
            if end < 0:
                return
            yield match.start(), end + 1, Token(kind, broken=text[at:end])
            at = end + 1
            continue
        try:
            # Only a part of the text: an error of the decoder counts the lines from the first character on.
            value, length = decoder.raw_decode(text[at : at + MOST_DECODED])
            end = at + length
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            from diagnostics.text.tokens import jwt, saml

            token = saml.read_fields(value) if kind is TokenKind.SAML else jwt.read_claims(value)
            end += text[end : end + 1] == "]"
            yield match.start(), end, token
            at = end
