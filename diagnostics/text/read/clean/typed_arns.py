"""Correct ARNs that were typed or scanned: with spaces, without colons, or with letters in the account number.

The format of an ARN: IAM User Guide, "IAM ARNs"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns). An account number has
twelve digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iam.lazy_pattern import regex
from iam.service_reference import services

_BEGINS = regex(
    r"\barn[ :;.]{1,4}(?P<partition>aws(?:-[a-z]{2,4}){0,2})[ :;.]{1,4}(?P<service>[a-z0-9-]{2,30})"
    r"(?P<gap>[ ]?[ :;]{1,8})",
    re.IGNORECASE,
)
_REGION = regex(r"(?P<region>[a-z]{2,4}(?:-[a-z]+)+[ -]?\d)[ :;]+", re.IGNORECASE)
_DIGITS = "0-9OoIlSB"
_ACCOUNT = regex(rf"(?P<account>[{_DIGITS}](?:[ .-]?[{_DIGITS}]){{11}})(?!\.?[{_DIGITS}\w-])[ ]*:?[ ]*")
"""An account number, which no letter or hyphen continues: a bucket's name may begin with one."""
_MANAGED = regex(r"aws[ ]*:[ ]*")
_KIND = regex(
    r"(?P<kind>assumed[ -]role|federated[ -]user|instance[ -]profile|oidc[ -]provider|saml[ -]provider|user|role|group"
    r"|policy|root)\b",
    re.IGNORECASE,
)
_NAME = r"[\w+=,.@*-]*[\w+=@*-]"
_PART = regex(rf"(?:/|[ ]/[ ]?)(?P<name>{_NAME})")
# A name after a blank: none of a sentence's next words.
_NO_WORD = r"(?!(?:is|are|was|on|to|with|because|has|cannot|can|not|and|does)\b)"
_LOOSE_PART = regex(rf"[ ]?/[ ]?(?P<name>{_NO_WORD}{_NAME})")
_LOOSE = regex(rf"[ ](?P<name>{_NO_WORD}{_NAME})")
_RESOURCE = regex(rf"(?P<name>{_NAME}(?:(?:[/:]|[ ][/:][ ]?){_NAME})*/?)")
_LETTERS = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "S": "5", "B": "8"})
_WELL_FORMED_ACCOUNT = regex(
    rf"(?P<head>arn:aws[\w-]*:[\w-]*:[\w-]*:)(?P<account>(?=[{_DIGITS}]*[A-Za-z])[{_DIGITS}]{{12}})(?=:)"
)
_FEWEST_DIGITS = 7


def joined_arns(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the text with its ARNs corrected, and for each corrected ARN the original and the correction."""
    if not re.search(r"\barn\b", text, re.IGNORECASE):
        return text, ()
    pieces: list[str] = []
    repaired: list[tuple[str, str]] = []
    at = 0
    for start, end, arn in _arns(text):
        pieces += (text[at:start], arn)
        repaired.append((" ".join(text[start:end].split()), arn))
        at = end
    return "".join((*pieces, text[at:])), tuple(dict.fromkeys(repaired))


def with_digits(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the text with letters in account numbers replaced by the digits they resemble.

    Also return each number before and after.
    """
    found = {each["account"] for each in _WELL_FORMED_ACCOUNT.finditer(text)}
    read = {each: each.translate(_LETTERS) for each in found if _is_a_number(each)}
    for written, number in read.items():
        text = re.sub(rf"(?<![\w-]){re.escape(written)}(?![\w-])", number, text)
    return text, tuple(sorted(read.items()))


def _is_a_number(account: str) -> bool:
    return sum(letter.isdigit() for letter in account) >= _FEWEST_DIGITS


def _arns(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the place of each ARN that is written with blanks or without colons, and the ARN."""
    end = 0
    for found in _BEGINS.finditer(text):
        if found.start() < end or found["service"].lower() not in services():
            continue
        read = _read(text, found)
        if read is None or _is_quoted_as_wrong(text, found.start(), read[1]):
            continue
        arn, end = read
        if text[found.start() : end].rstrip() != arn:
            yield found.start(), end, arn


_REJECTED = regex(
    r"(?:\binvalid (?:principals?|ARN|policy|resource|input)\b|\bMalformedPolicy\w*|\bvalidation ?errors?\b"
    r"|\bnot (?:a )?valid\b)[^\n]{0,160}$",
    re.IGNORECASE,
)


_OF_POLICIES = regex(r"\b[Ii]nvalid principals?\b|\bMalformedPolicy|\bRequest ARN is invalid\b")
"""AWS's messages about a document or a request whose ARNs may be wrong."""


def _is_quoted_as_wrong(text: str, start: int, end: int) -> bool:
    """Whether AWS quotes the ARN as one that it rejects.

    The ARN's format is then the fault and must not be corrected, unless the ARN contains blanks.
    """
    if " " in text[start:end].rstrip():
        return False
    return _REJECTED.search(text, max(0, start - 200), start) is not None or _OF_POLICIES.search(text) is not None


def _read(text: str, found: re.Match[str]) -> tuple[str, int] | None:
    service, at = found["service"].lower(), found.end()
    region = account = ""
    if part := _REGION.match(text, at):
        region, at = part["region"].replace(" ", "-").lower(), part.end()
    if (part := _ACCOUNT.match(text, at)) and _is_a_number(digits := re.sub(r"[ .-]", "", part["account"])):
        account, at = digits.translate(_LETTERS), part.end()
    elif managed := _MANAGED.match(text, at):
        account, at = "aws", managed.end()
    if not account and service != "s3":
        return None
    loose = " " in text[found.start() : at].rstrip()
    if not loose and text[at - 1 : at] == " ":
        return None  # a sentence goes on after a whole ARN
    resource, at = _identity(text, at, loose=loose) if service in ("iam", "sts") else _thing(text, at)
    if not resource:
        return None
    return f"arn:{found['partition'].lower()}:{service}:{region}:{account}:{resource}", at


def _identity(text: str, at: int, *, loose: bool) -> tuple[str, int]:
    kind = _KIND.match(text, at)
    if kind is None:
        return "", at
    names, at = [kind["kind"].lower().replace(" ", "-")], kind.end()
    blanks = 0 if not loose else 2 if names[0] == "assumed-role" else 1
    slash = _LOOSE_PART if loose else _PART
    while part := slash.match(text, at) or (_LOOSE.match(text, at) if len(names) <= blanks else None):
        names.append(part["name"])
        at = part.end()
    return "/".join(names), at


def _thing(text: str, at: int) -> tuple[str, int]:
    part = _RESOURCE.match(text, at)
    return (re.sub(r"[ ]", "", part["name"]), part.end()) if part else ("", at)
