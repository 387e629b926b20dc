"""Remove secrets that are not tokens with claims: keys, session tokens, signatures, opaque bearer tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iam.lazy_pattern import regex

_VALUE = r"[A-Za-z0-9/+=_.~%-]"
_NAME_END = r"[\\\"']{0,4}\s{0,3}(?:=>|[:=])\s{0,3}[\\\"']{0,4}"
_MARK = r"\1[taken out]"

# A name whose value is secret, in any of the ways in which programs print it: environments, ini files, JSON, HTTP
# headers, query strings, command arguments.
_NAMED = regex(
    r"((?:\b|_)(?:"
    r"secret[ _-]?(?:access[ _-]?)?key|(?:session|security)[ _-]?token|signature"
    r"|client[ _-]?secret|refresh[ _-]?token|access[ _-]?token"
    r"|web[_-]?identity[_-]?token|id[_-]?token|saml[_-]?(?:response|assertion)|password|passwd"
    rf"){_NAME_END}){_VALUE}{{16,}}",
    re.IGNORECASE,
)
_BEARER = regex(rf"(\bBearer\s{{1,3}}){_VALUE}{{20,}}", re.IGNORECASE)
# All session tokens of STS begin alike; terminals and mail break them into lines.
_SESSION_TOKEN = regex(
    r"\b(?:IQoJb3JpZ2luX2Vj|FwoGZXIvYXdz|FQoGZXIvYXdz|AQoDYXdz)[A-Za-z0-9/+=%]{20,}(?:\s{1,3}[A-Za-z0-9/+=%]{40,})*"
    r"(?:\r?\n[A-Za-z0-9/+=%]{1,100}={0,2}(?=\s|$|[\"']))?"
)
# A secret key printed beside its key's ID, as consoles, tables and .csv files do.
_PAIR = regex(r"\b((?:AKIA|ASIA)[A-Z0-9]{16}[\"']?[\s,;:|\"']{1,40})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")

# Amazon Bedrock User Guide, "API keys": long-term ones begin with ABSK, short-term ones with bedrock-api-key-.
_BEDROCK = regex(r"(?<![A-Za-z0-9])(?:ABSK[A-Za-z0-9+/]{20,2000}={0,2}|bedrock-api-key-[A-Za-z0-9+/=_-]{16,8000})")
# Keys of other systems, which all begin alike.
_BEGINNING = regex(
    r"(?<![A-Za-z0-9_-])(?:gh[pousr]_\w{8,255}|github_pat_\w{8,255}|glpat-[\w-]{8,255}|xox[a-z]-[\w-]{8,255}"
    r"|[sr]k_(?:live|test)_\w{8,255}|AIza[\w-]{20,255}|npm_\w{16,255}|pypi-[\w-]{16,255}|hv[sb]\.[\w-]{8,255}"
    r"|dckr_pat_[\w-]{8,255}|sk-(?:proj|ant|svcacct)-[\w-]{20,255}|hf_[A-Za-z0-9]{30,255}"
    r"|SG\.[\w-]{16,32}\.[\w-]{32,64}|SK[0-9a-f]{32}|[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,255}|dapi[0-9a-f]{32}"
    r"|do[op]_v1_[0-9a-f]{64}|NRAK-[A-Z0-9]{27}|AGE-SECRET-KEY-1[A-Z0-9]{58})(?![A-Za-z0-9])"
)
_KEY_BLOCK = regex(r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[\s\S]{1,20000}?(?=-----END|\Z)")

# A value in quotation marks as in JSON, with another escape if the JSON is inside JSON; a word; a block of YAML.
_STRING = r"(?:\\\"(?:(?!\\\").){1,20000}|\"(?:[^\"\\]|\\.){1,20000}|'[^']{1,20000}|[^\s\"'\\,;{}\[\]!|]{4,20000})"
_IS = r"\\{0,3}[\"']?\s{0,3}(?:=>|[:=])\s{0,3}"
# AWS Secrets Manager, "GetSecretValue"; Amazon EC2, "Run commands at launch with user data".
_HELD = regex(
    rf"((?:\b|_)(?:Secret_?String|Secret_?Binary|user_?data(?:_base64)?)(?:{_IS})"
    rf"(?:\{{\s{{0,40}}\\?\"Value\\?\"\s{{0,3}}:\s{{0,3}})?){_STRING}",
    re.IGNORECASE | re.DOTALL,
)
_HELD_OPTION = regex(
    rf"((?<![\w-])--(?:secret-string|secret-binary|user-data|code-configuration-values)[\s=]{{1,3}}){_STRING}",
    re.DOTALL,
)
# AWS's messages are shown on one line, with blanks instead of line breaks.
_HEREDOC = regex(r"(\buser_data(?:_base64)?\s{0,3}=\s{0,3}<<-?(\w{1,20})([\n ]))[\s\S]{1,20000}?(?=\3\s{0,40}\2\b|\Z)")
_BLOCK = regex(
    r"((?<![\w-])(?:UserData|SecretString):[^\n]{0,80}\n(?:[ \t]{1,40}(?:Fn::|!)\w[^\n]{0,80}\n)?)"
    r"(?:[ \t]{2,80}(?![ \t]{0,80}(?:Fn::|!|-))[^\n]{0,2000}(?:\n|\Z)){1,400}"
)
_BLOCK_ON_ONE_LINE = regex(
    r"(\bUserData: {1,3}Fn::Base64: {1,3}(?:!\w{1,20} {1,3}|Fn::\w{1,20}: {1,3})?[|>][+-]? )[^\n]{1,20000}"
)
_CLOUD_CONFIG = regex(r"(#cloud-config\b)(?:[^\n\"]{0,2000}\n?){1,400}")
# AWS Systems Manager, "PutParameter": the type is before or behind the value.
_VALUE_IS = r"[\"']?\bvalue\\{0,3}[\"']?\s{0,3}[:=]\s{0,3}"
_SECURE = regex(rf"(SecureString\b[^{{}}]{{0,300}}?{_VALUE_IS}){_STRING}", re.IGNORECASE | re.DOTALL)
_SECURE_BEHIND = regex(rf"({_VALUE_IS}){_STRING}(?=[^{{}}]{{0,300}}?\bSecureString\b)", re.IGNORECASE | re.DOTALL)
_SECURE_OPTION = regex(
    rf"((?:--type[\s=]{{1,3}}[\"']?SecureString\b[^\n]{{0,400}}?\s)--value[\s=]{{1,3}}){_STRING}", re.DOTALL
)
_SECURE_OPTION_BEHIND = regex(
    rf"(--value[\s=]{{1,3}}){_STRING}(?=[^\n]{{0,400}}?--type[\s=]{{1,3}}[\"']?SecureString\b)", re.DOTALL
)
# SQL statements that set a password.
_SQL_STRING = (
    r"N?(?:'(?:[^']|''){1,500}|\\?\"[^\"\\]{1,500}|(?!(?:VALUES|NULL|RANDOM|EXPIRE|USING)\b)[^\s'\"(;,]{1,200})"
)
_SQL = regex(
    r"(\bIDENTIFIED\s{1,3}(?:WITH\s{1,3}[\w'\"`]{1,64}\s{1,3})?(?:BY|AS)\s{1,3}(?:PASSWORD\s{1,3})?"
    r"|\b(?:CREATE|ALTER)\s{1,3}(?:USER|ROLE|GROUP|LOGIN|DATABASE|MASTER|SYMMETRIC)\b[^;\n]{0,300}?\bPASSWORD\s{0,3}=?\s{0,3}"
    r"|\bSET\s{1,3}PASSWORD\b[^;\n]{0,200}?=\s{0,3}(?:PASSWORD\s{0,3}\(\s{0,3})?)"
    rf"{_SQL_STRING}",
    re.IGNORECASE,
)

_UNNAMED = (_BEARER, _SESSION_TOKEN, _PAIR)
_BY_WORD: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("absk", _BEDROCK),
    ("bedrock-api-key-", _BEDROCK),
    ("private key-----", _KEY_BLOCK),
    ("user_data", _HEREDOC),
    ("userdata:", _BLOCK_ON_ONE_LINE),
    ("secret", _HELD),
    ("user", _HELD),
    ("--secret-", _HELD_OPTION),
    ("--user-data", _HELD_OPTION),
    ("userdata:", _BLOCK),
    ("secretstring:", _BLOCK),
    ("#cloud-config", _CLOUD_CONFIG),
    ("securestring", _SECURE),
    ("securestring", _SECURE_BEHIND),
    ("securestring", _SECURE_OPTION),
    ("securestring", _SECURE_OPTION_BEHIND),
    ("identified", _SQL),
    ("password", _SQL),
)
"""By word in lower case: patterns that are searched for only if the text contains the word."""
_PIECE = 400_000
_LONGEST_SECRET = 20_000


def without_secrets(text: str) -> str:
    """Return ``text`` with each secret value replaced by a word. Names and key IDs are not secret and are kept."""
    return "".join(map(_without, _pieces(text)))


def _without(text: str) -> str:
    low = text.lower()
    if _names_one(low):
        text = _NAMED.sub(_MARK, text)
    text = _BEARER.sub(_MARK, text)
    text = _SESSION_TOKEN.sub("[session token taken out]", text)
    text = _PAIR.sub(_MARK, text)
    for pattern in _worth(low):
        text = pattern.sub(_in_its_place, text)
    return text


def _in_its_place(match: re.Match[str]) -> str:
    """Return the word that replaces a secret, in the same quotation marks as the value."""
    before = (match[1] or "") if match.re.groups else ""
    value = match[0][len(before) :]
    if "[taken" in value or "[token" in value or "[SAML" in value:
        return match[0]
    opening = re.match(r"N?\\?[\"']?", value)
    return f"{before}{opening[0] if opening else ''}[taken out]"


def _names_one(low: str) -> bool:
    return any(word in low for word in ("token", "signature", "secret", "saml", "passw"))


def _worth(low: str) -> Iterator[re.Pattern[str]]:
    yield _BEGINNING
    yield from dict.fromkeys(pattern for word, pattern in _BY_WORD if word in low)


def secret_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each secret value."""
    low = text.lower()
    for pattern in (*((_NAMED,) if _names_one(low) else ()), *_UNNAMED, *_worth(low)):
        yield from (
            (match.end(1) if match.re.groups else match.start(), match.end()) for match in pattern.finditer(text)
        )


def _pieces(text: str) -> Iterator[str]:
    """Yield ``text`` in pieces that do not end inside a secret.

    A pattern applied to megabytes of text would block all other threads, and with them the keyboard.
    """
    start = 0
    while len(text) - start > _PIECE:
        cut = text.rfind("\n", start + _PIECE // 2, start + _PIECE) + 1 or start + _PIECE
        around = max(start, cut - _LONGEST_SECRET), cut + _LONGEST_SECRET
        inside = [match for pattern in (_NAMED, *_UNNAMED) for match in pattern.finditer(text, *around)]
        cut = max((match.end() for match in inside if match.start() < cut < match.end()), default=cut)
        yield text[start:cut]
        start = cut
    yield text[start:]
