"""Read SAML responses: what AWS evaluates in an assertion.

Patterns read a response instead of an XML parser: the document may be hostile, and only a dozen values are needed.

The names of attributes and condition keys: IAM User Guide, "Configure SAML assertions for the authentication response"
and "Available keys for SAML-based AWS STS federation".
"""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from diagnostics.text.tokens.token import Claims, RolePair, Token, TokenKind
from iam.lazy_pattern import regex

_ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
_FORMAT = regex(r"urn:oasis:names:tc:SAML:\d\.\d:nameid-format:(persistent|transient)", re.IGNORECASE)
# Attributes that are condition keys by themselves, under the names that identity providers give them.
_KEYS = {
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.1": "edupersonaffiliation",
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.6": "edupersonprincipalname",
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.7": "edupersonentitlement",
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.9": "edupersonscopedaffiliation",
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.5": "edupersonprimaryaffiliation",
    "urn:oid:0.9.2342.19200300.100.1.1": "uid",
    "urn:oid:0.9.2342.19200300.100.1.3": "mail",
    "urn:oid:2.5.4.3": "cn",
    "urn:oid:2.5.4.4": "surname",
    "urn:oid:2.5.4.41": "name",
    "urn:oid:2.5.4.42": "givenName",
}
_ATTRIBUTE = regex(r"<(?:\w+:)?Attribute\s[^<>]{0,600}?\bName=[\"']([^\"'<>]{1,300})[\"'][^<>]{0,600}>")
_ATTRIBUTE_END = regex(r"</(?:\w+:)?Attribute>")
_ATTRIBUTE_VALUE = regex(r"<(?:\w+:)?AttributeValue\b[^<>]{0,600}>([^<>]{0,4096})<")
_MOST_INFLATED = 1_000_000
_MOST_VALUES = 200


def page_of(text: str) -> str | None:
    """Return the XML of a SAML response, or None if the text is not one.

    The text may be base64, URL-encoded base64 (deflated or not), or plain XML.
    """
    if text.lstrip().startswith("<"):
        return text
    packed = re.sub(r"\s+", "", urllib.parse.unquote(text)).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    if b"<" not in raw[:200]:
        try:
            raw = zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, _MOST_INFLATED)
        except zlib.error:
            return None
    page = raw.decode("utf-8", errors="replace")
    return page if "<" in page[:200] else None


_FIELDS = (
    ("Issuer", r"<(?:\w+:)?Issuer\b[^>]{0,300}>([^<>]{1,2048})<"),
    ("NameID", r"<(?:\w+:)?NameID\b[^>]{0,500}>([^<>]{1,2048})<"),
    ("Format", r"<(?:\w+:)?NameID\b[^>]{0,400}?\bFormat=[\"']([^\"'<>]{1,300})[\"']"),
    ("Recipient", r"<(?:\w+:)?SubjectConfirmationData\b[^>]{0,600}?\bRecipient=[\"']([^\"'<>]{1,2048})[\"']"),
    ("NotOnOrAfter", r"<(?:\w+:)?SubjectConfirmationData\b[^>]{0,600}?\bNotOnOrAfter=[\"']([^\"'<>]{1,60})[\"']"),
    ("ConditionsNotOnOrAfter", r"<(?:\w+:)?Conditions\b[^>]{0,300}?\bNotOnOrAfter=[\"']([^\"'<>]{1,60})[\"']"),
    ("NotBefore", r"<(?:\w+:)?Conditions\b[^>]{0,300}?\bNotBefore=[\"']([^\"'<>]{1,60})[\"']"),
    ("Audience", r"<(?:\w+:)?Audience\b[^>]{0,200}>([^<>]{1,2048})<"),
)


def decoded(text: str) -> dict[str, Any] | str:
    """Return the values that AWS evaluates, for `read_fields`, or a sentence that says why there are none."""
    page = page_of(text)
    if page is None:
        return "a SAML response that is not base64 of XML"
    if re.search(r"<(?:\w+:)?EncryptedAssertion\b", page):
        return (
            "a SAML response whose assertion is encrypted: only AWS can read it, with the private key that was "
            "given to the SAML provider"
        )
    if not re.search(r"<(?:\w+:)?Assertion\b", page):
        status = re.search(r"StatusCode[^>]{0,200}\bValue=[\"'][^\"']{0,200}?:status:(\w+)[\"']", page)
        if status and status[1] != "Success":
            return f"a SAML response without an assertion: the identity provider answered {status[1]}"
        return "a SAML response without a readable assertion"
    return _fields(page)


def _fields(page: str) -> dict[str, Any]:
    from html import unescape  # its table of entities is big, and few texts have such a response

    fields: dict[str, Any] = {}
    for name, pattern in _FIELDS:
        # The issuer is the assertion's, not that of the message around it; if both are present, they are the same.
        if (match := re.search(pattern, page)) and (value := match[1].strip()):
            fields[name] = unescape(value)
    others = []
    for name, values in _attributes(page):
        short = name.removeprefix(_ATTRIBUTES)
        read = short in ("Role", "RoleSessionName", "SourceIdentity", "TransitiveTagKeys")
        if name != short and (read or short.startswith("PrincipalTag:")):
            fields[short] = values
        elif name in _KEYS:
            fields[_KEYS[name]] = values
        elif short != "SessionDuration":
            others.append(name[:100])
    if others:
        fields["other attributes"] = sorted(set(others))[:100]
    return fields


def read_fields(fields: Mapping[str, Any]) -> Token:
    """Return the token with the values that `decoded` returned."""

    def text(name: str) -> str:
        value = fields.get(name)
        return value if isinstance(value, str) else next(iter(_list(value)), "")

    claims: list[tuple[str, tuple[str, ...]]] = []
    for name, key in (("Recipient", "aud"), ("Issuer", "iss"), ("NameID", "sub")):
        if value := text(name):
            claims.append((key, (value,)))
    if spelled := text("Format"):
        match = _FORMAT.fullmatch(spelled)
        claims.append(("sub_type", (match[1].lower() if match else spelled,)))
    claims += [(key, values) for key in _KEYS.values() if (values := _list(fields.get(key)))]
    ends = [time for name in ("NotOnOrAfter", "ConditionsNotOnOrAfter") if (time := _time(text(name)))]
    return Token(
        TokenKind.SAML,
        text("Issuer"),
        tuple(claims),
        _list(fields.get("other attributes")),
        (text("Audience"),) if text("Audience") else (),
        _time(text("NotBefore")),
        min(ends, default=None),
        roles=tuple(_pairs(_list(fields.get("Role")))),
        tags=_tags(fields),
        transitive=_list(fields.get("TransitiveTagKeys")),
        source_identity=text("SourceIdentity"),
        session_name=text("RoleSessionName"),
    )


def _attributes(page: str) -> Iterator[tuple[str, list[str]]]:
    from html import unescape

    at = 0
    while (opening := _ATTRIBUTE.search(page, at)) and (closing := _ATTRIBUTE_END.search(page, opening.end())):
        at = closing.end()
        values = _ATTRIBUTE_VALUE.findall(page, opening.end(), closing.start() + 1)
        yield unescape(opening[1]), [unescape(value.strip()) for value in values[:_MOST_VALUES]]


def _pairs(values: tuple[str, ...]) -> Iterator[RolePair]:
    """Yield the role and provider in each ``ROLE,PROVIDER``, in either order. A missing part is empty."""
    for value in values:
        parts = [part.strip() for part in value.split(",")]
        role = next((part for part in parts if ":role/" in part), "")
        provider = next((part for part in parts if ":saml-provider/" in part), "")
        yield RolePair(role or (parts[0] if parts and parts[0] != provider else ""), provider)


def _tags(fields: Mapping[str, Any]) -> Claims:
    return tuple(
        (name.partition(":")[2], _list(value)[:1])
        for name, value in fields.items()
        if name.startswith("PrincipalTag:") and _list(value)
    )


def _list(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, list) else ()


def _time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
