"""What is sent to others without what is nobody else's: account and key IDs, external IDs, passwords, bearer tokens.

The same ID is the same mask, in all of what one `Masks` has seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from diagnostics.diagnosis import Diagnosis
from iam.lazy_pattern import regex
from iam.words import listing, plural

# An id as ARNs, policies, names and addresses have it, and as the console prints it (1111-2222-3333). In an address
# it may follow an escape such as %3A or %20, whose digits are not its own.
_ID = regex(
    r"(?:(?<=%[0-9A-Fa-f]{2})|(?<![0-9]))(?:[0-9]{12}|(?<![0-9]-)[0-9]{4}-[0-9]{4}-[0-9]{4}(?!-?[0-9]))(?![0-9])"
)
# A key's ID holds the account's id in another spelling (sts:GetAccessKeyInfo tells it).
_KEY = regex(r"(?<![A-Z0-9])A(?:KI|SI)A[A-Z2-7]{16}(?![A-Z0-9])")

# As commands, programs, Terraform, requests and policies give it: --external-id X, external_id = "X", ExternalId=X,
# "sts:ExternalId": ["X", "Y"]. Characters and length are those of AssumeRole's parameter ExternalId.
_EXTERNAL_ID = regex(
    r"external[_-]?id\\?[\"']?(?:\s{0,3}(?:=>|[:=])\s{0,3}|\s{1,3})(\[[^\]]{0,4000}\]|\S{1,1300})", re.I
)
_EXTERNAL_VALUE = regex(r"[\w+=,.@:/-]*[0-9@:/+=.-][\w+=,.@:/-]*|(?<=[\"'])[\w+=,.@:/-]+(?=\\?[\"'])")
_SHORTEST = 4
"""An external ID of fewer characters may be a word of its own elsewhere, and is masked only beside its name."""

_PASSWORDS = (
    # https://user:password@host
    regex(r"(://[^\s:/@\"']{0,200}:)[^\s/@\"']{1,500}(?=@)"),
    regex(
        r"((?:passwords?|passwd|(?-i:[Pp]wd))\\?[\"']?\s{0,3}(?:=>|[:=])\s{0,3}\\?[\"']?)"
        r"(?!(?:yes|no|true|false|null|none)\b)[^\s\"'\\,;&]{1,500}",
        re.I,
    ),
    regex(r"(--(?:password|passwd)\s{1,3}[\"']?)[^\s\"'-][^\s\"']{0,500}", re.I),
)
# What a name says to be secret, whatever comes before the name: AWS_SESSION_TOKEN=X, "SecretAccessKey": "X",
# X-Amz-Signature=X, --token X. A condition key (aws:TokenIssueTime) and an ARN (…:secret:X) are no such names.
_NAME = (
    r"(?<![\w:.-])(?:[\w-]{0,60}[_-])?(?:secret|token|token[_-]code|pwd|api[_-]?key|private[_-]?key|signature|"
    r"secret[_-]?access[_-]?key|(?:session|security|access|id|refresh|web[_-]?identity)[_-]?token|saml[_-]?assertion)"
)
_VALUE = r"(?!arn:)(?=[^\s\"'\\,;&]{0,200}[0-9])[^\s\"'\\,;&{}\[\]]{6,8000}"
_SECRETS = (
    re.compile(
        rf"({_NAME}(?:\\?[\"']\s{{0,3}}(?:=>|[:=])\s{{0,3}}|\s{{0,3}}(?:=>|=)\s{{0,3}}|:\s{{1,3}})\\?[\"']?){_VALUE}",
        re.I,
    ),
    re.compile(rf"(--{_NAME.partition(')')[2]}\s{{1,3}}[\"']?){_VALUE}", re.I),
    re.compile(r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[\s\S]{1,20000}?(?=-----END|\Z)"),
    re.compile(r"(\b(?:Set-)?Cookie:\s{0,3})[^\r\n]{1,8000}", re.I),
)
_TOKENS = (
    re.compile(r"(\b)eyJ[\w-]{8,8000}\.[\w-]{8,8000}\.[\w-]{0,8000}"),  # a JSON Web Token
    regex(r"(\bAuthorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:(?:Bearer|Basic|Token)\s{1,3})?)[^\s\"',]{1,4000}", re.I),
    # Prose says "the bearer token": a token has a digit.
    regex(r"(\bBearer\s{1,3})(?=[\w.~+/=-]{0,200}[0-9])[\w.~+/=-]{6,4000}", re.I),
)


class Masks:
    """What stands for which id. A mask holds no character that a shell, Markdown or an ARN would take otherwise."""

    def __init__(self) -> None:
        self._accounts: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._external: dict[str, str] = {}

    def learn(self, diagnosis: Diagnosis) -> None:
        """The external IDs that its policies and its request name: sentences repeat them without their name."""
        for text in _texts(diagnosis):
            self._find_external(text)

    def sentence(self) -> str:
        """What was masked so far."""
        kinds = (
            (self._accounts, "account ID", "account IDs"),
            (self._keys, "key ID", "key IDs"),
            (self._external, "external ID", "external IDs"),
        )
        found = [plural(len(each), one, many) for each, one, many in kinds if each]
        return f"Masked: {listing(found)}, and passwords and tokens, if any." if found else "Nothing had to be masked."

    def text(self, text: str) -> str:
        """``text`` without account and access key IDs, external IDs, passwords, tokens and other
        secrets that their names tell."""
        self._find_external(text)
        for pattern in _PASSWORDS:
            text = pattern.sub(r"\1PASSWORD", text)
        for pattern in _TOKENS:
            text = pattern.sub(r"\1TOKEN", text)
        for pattern in _SECRETS:
            text = pattern.sub(r"\1SECRET", text)
        text = _EXTERNAL_ID.sub(self._beside_its_name, text)
        known = sorted((id for id in self._external if len(id) >= _SHORTEST), key=len, reverse=True)
        if known:
            words = "|".join(map(re.escape, known))
            text = re.sub(rf"(?<![\w-])(?:{words})(?![\w-])", lambda match: self._external[match[0]], text)
        return _KEY.sub(self._of_key, _ID.sub(self._of_account, text))

    def value(self, value: Any) -> Any:
        """Decoded JSON without them, wherever they stand in it."""
        for text in _strings(value):
            self._find_external(text)
        return self._value(value)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self._value(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._value(inner) for inner in value]
        if isinstance(value, int) and 10**11 <= value < 10**12:
            return self.text(str(value))
        return value

    def _find_external(self, text: str) -> None:
        for match in _EXTERNAL_ID.finditer(text):
            for value in _external_values(match[1]):
                self._external.setdefault(value, f"EXTERNAL-ID-{len(self._external) + 1}")

    def _beside_its_name(self, match: re.Match[str]) -> str:
        given = match[1]
        for value in sorted(_external_values(given), key=len, reverse=True):
            given = given.replace(value, self._external[value])
        return match[0].removesuffix(match[1]) + given

    def _of_account(self, match: re.Match[str]) -> str:
        plain = match[0].replace("-", "")
        return self._accounts.setdefault(plain, f"ACCOUNT-{len(self._accounts) + 1}")

    def _of_key(self, match: re.Match[str]) -> str:
        return self._keys.setdefault(match[0], f"ACCESS-KEY-{len(self._keys) + 1}")


def _external_values(given: str) -> Iterator[str]:
    """The values in what follows the name: a word, a word in quotation marks, or a list of such.

    A word without a digit or sign, and without quotation marks, is a sentence's ("the external ID and ...").
    """
    for match in _EXTERNAL_VALUE.finditer(given):
        value = match[0].strip(".,:")
        if len(value) > 1 and not _ID.fullmatch(value):
            yield value


def _texts(diagnosis: Diagnosis) -> Iterator[str]:
    for step in diagnosis.steps:
        yield from (each.document.text for each in step.evidence if each.document is not None)
    for fix in diagnosis.fixes:
        yield fix.text


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{key}: {json.dumps(inner)}" if isinstance(inner, (str, list)) else key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
