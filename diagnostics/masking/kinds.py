"""What is masked, by kind: patterns for account IDs, key IDs, external IDs, passwords, tokens and addresses in a text.

A rule is a pattern whose first group is masked; the text before the group shows what kind of value it is. A name before
a value does not suffice: a word of prose, a placeholder (``$TOKEN``, ``<token>``, ``***``) and an ARN are not secrets.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from diagnostics.text.tokens.secrets import secret_spans
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME


class SecretKind(Enum):
    """A kind of secret.

    The values are the word that replaces a secret of this kind, and the name under which such secrets are counted.
    Kinds without a name for counting are always replaced by the same word.
    """

    ACCOUNT = ("ACCOUNT", "account ID")
    ACCESS_KEY = ("ACCESS-KEY", "key ID")
    PRINCIPAL = ("PRINCIPAL-ID", "principal ID")
    EXTERNAL_ID = ("EXTERNAL-ID", "external ID")
    ORGANIZATION = ("ORGANIZATION", "organization ID")
    PORTAL = ("PORTAL", "sign-in address")
    EMAIL = ("EMAIL", "e-mail address")
    ADDRESS = ("ADDRESS", "public IP address")
    NAME = ("NAME", "name")
    PASSWORD = ("PASSWORD", "")
    TOKEN = ("TOKEN", "")
    SECRET = ("SECRET", "")


@dataclass(frozen=True, slots=True)
class FoundSecret:
    """The position of a secret: ``text[start:end]``."""

    start: int
    end: int
    kind: SecretKind


_QUOTE = r"(?:\\{0,3}[\"'])"
_IS = rf"(?:{_QUOTE}?\s{{0,3}}(?:=>|[:=])\s{{0,3}}|>){_QUOTE}?"
# {"name": "DB_PASSWORD", "value": "x"}, as container definitions and pipelines have it.
_ITS_VALUE = rf"{_QUOTE}?,?\s{{0,40}}{_QUOTE}?value{_QUOTE}?\s{{0,3}}[:=]\s{{0,3}}{_QUOTE}?"
_PLACEHOLDER = r"(?:\$[A-Z_{(]|\$\{|[<{\[*])"
_WORD = r"(?:yes|no|true|false|null|none|required|expired|invalid|incorrect|missing|unknown|not|is|was|arn:)"
_NOT_WORD = rf"(?!{_WORD}\b)"
_NOT = rf"(?!{_PLACEHOLDER}|{_WORD}\b)"
_PASSWORD_NAME = r"(?:pass(?:word|wd|phrase|code)s?|(?-i:Pwd|pwd|(?<=_)PWD))"
_PASSWORD = r"[^\s\"'\\,;&<>]{1,500}"

# A name shows that its value is secret, whatever precedes the name: AWS_SESSION_TOKEN=X, "clientSecret": "X",
# X-Amz-Signature=X, --token X. A condition key (aws:TokenIssueTime) and an ARN (…:secret:X) are not such names.
_BEFORE = r"(?<![\w:.-])(?:[\w-]{0,60}(?:[_-]|(?-i:(?<=[a-z0-9])(?=[A-Z]))))?"
_SURE = (
    r"(?:secret[_-]?(?:access[_-]?)?key|(?:client|app|consumer|webhook|shared|signing)[_-]?secret|"
    r"(?:session|security|access|refresh|auth|web[_-]?identity)[_-]?token|(?:api|private|account|shared[_-]?access)[_-]?key)"
)
_LIKELY = (
    r"(?:secret|(?<!request)token|token[_-]?code|mfa[_-]?code|otp|pwd|signature|id[_-]?token|saml[_-]?assertion|_?auth)"
)
_SECRET = r"[^\s\"'\\,;&{}\[\]<>]{6,8000}"
_DIGIT = r"(?=[^\s\"'\\,;&<>]{0,200}[0-9])"
_ASSIGNED = rf"(?:{_QUOTE}\s{{0,3}}(?:=>|[:=])\s{{0,3}}|\s{{0,3}}(?:=>|=)\s{{0,3}}|:\s{{1,3}}|>){_QUOTE}?"

# As in commands, programs, Terraform, requests and policies. Characters and length are those of AssumeRole's parameter
# ExternalId.
_EXTERNAL = r"external[\s_-]?id(?:entifier)?s?"
_ID_CHARACTERS = r"[\w+=,.@:/-]"
_IDS = rf"(\[[^\]]{{0,4000}}\]|{_QUOTE}{_ID_CHARACTERS}{{2,1224}}{_QUOTE}|"
EXTERNAL_IDS = (
    # --external-id X, ExternalId=X, external_id = "X", "sts:ExternalId": ["X", "Y"]
    regex(rf"--external-id[\s=]{{1,3}}{_NOT_WORD}{_IDS}{_ID_CHARACTERS}{{2,1224}})", re.I),
    regex(rf"external[_-]?id{_QUOTE}?\s{{0,3}}(?:=>|=)\s{{0,3}}{_IDS}{_ID_CHARACTERS}{{2,1224}})", re.I),
    regex(
        rf"{_EXTERNAL}{_QUOTE}?,?\s{{0,40}}{_QUOTE}?(?:Context)?(?:Key)?Values?{_QUOTE}?\s{{0,3}}[:=]\s{{0,3}}"
        rf"{_IDS}{_ID_CHARACTERS}{{2,1224}})",
        re.I,
    ),
    # In prose, a word without a digit and without quotation marks is part of the sentence.
    regex(
        rf"{_EXTERNAL}{_QUOTE}?(?:\s{{0,3}}[:=]\s{{0,3}}|\s{{1,3}}(?:(?:is|was|of|be|value|given|equals|must|should|to|"
        rf"and|not|has)\s{{1,3}}){{0,4}}){_IDS}(?=[\w+=,.@:/-]{{0,200}}[0-9]){_ID_CHARACTERS}{{2,1224}})",
        re.I,
    ),
    regex(rf"{_EXTERNAL}>([^<\s]{{2,1224}})", re.I),
)

_RULES: tuple[tuple[SecretKind, re.Pattern[str]], ...] = (
    # https://user:password@host
    (SecretKind.PASSWORD, regex(r"://[^\s:/@\"']{0,200}:([^\s/@\"']{1,500})(?=@)")),
    (SecretKind.PASSWORD, regex(rf"{_PASSWORD_NAME}(?:{_IS}|{_ITS_VALUE}){_NOT}({_PASSWORD})", re.I)),
    (SecretKind.PASSWORD, regex(rf"(?<![A-Za-z])pass{_QUOTE}?\s?=\s?{_QUOTE}?{_NOT}({_PASSWORD})", re.I)),
    (SecretKind.PASSWORD, regex(rf"(?<![A-Za-z])pass{_QUOTE}?:\s?{_QUOTE}?{_NOT}{_DIGIT}({_PASSWORD})", re.I)),
    # Prose: "the password is hunter2", "Password for user x: hunter2".
    (
        SecretKind.PASSWORD,
        regex(rf"\bpassword(?: for [^:\n]{{1,60}}:| is| was) {{1,3}}(?:{_QUOTE}|{_NOT}{_DIGIT})({_PASSWORD})", re.I),
    ),
    (
        SecretKind.PASSWORD,
        regex(
            rf"(?<![\w-])--[\w-]{{0,40}}pass(?:word|wd|phrase|code)?\s{{1,3}}{_QUOTE}?(?!-){_NOT}({_PASSWORD})", re.I
        ),
    ),
    # Options of programs that are known to accept a password.
    *(
        (
            SecretKind.PASSWORD,
            regex(rf"\b(?:{program})\b[^\n|;&]{{0,300}}?\s-{letter}\s?[\"']?(?!-){_NOT}({_PASSWORD})"),
        )
        for program, letter in (
            (r"(?:mysql|mariadb|mongo|sshpass)\w*", "p"),
            (r"(?:docker|podman|nerdctl|helm|oras|skopeo|az|oc)\b[^\n|;&]{0,200}?\blogin", "p"),
            ("redis-cli", "a"),
            ("sqlcmd", "P"),
            (r"ldap\w{1,20}", "w"),
        )
    ),
    (
        SecretKind.PASSWORD,
        regex(rf"\s(?:-u|--user|--proxy-user|-U)[\s=]?[\"']?[\w.@+-]{{1,100}}[:%](?!//){_NOT}({_PASSWORD})"),
    ),
    # machine H login NAME password X, as .netrc has it
    (SecretKind.PASSWORD, regex(rf"\blogin\s{{1,9}}\S{{1,200}}\s{{1,9}}password\s{{1,9}}{_NOT}([^\s]{{1,500}})")),
    (SecretKind.PASSWORD, regex(r"\s-pass(?:in|out)?\s{1,3}pass:([^\s\"']{1,500})")),
    (SecretKind.TOKEN, regex(r"\b(eyJ[\w-]{8,8000}\.[\w-]{8,8000}\.[\w-]{0,8000})")),  # a JSON Web Token
    (
        SecretKind.TOKEN,
        regex(rf"\bAuthorization{_IS}(?:(?:Bearer|Basic|Token|ApiKey)\s{{1,3}})?(?!AWS4-)([^\s\"',]{{1,4000}})", re.I),
    ),
    # Prose contains "the bearer token"; an actual token has a digit.
    (SecretKind.TOKEN, regex(r"\bBearer\s{1,3}(?=[\w.~+/=-]{0,200}[0-9])([\w.~+/=-]{6,4000})", re.I)),
    (SecretKind.TOKEN, regex(r"\bBasic\s{1,3}(?=[A-Za-z0-9+/]{0,200}[0-9=])([A-Za-z0-9+/]{8,2000}={0,2})")),
    # Tokens from code hosts, registries and chats have a fixed prefix.
    (
        SecretKind.TOKEN,
        regex(
            r"\b(gh[pousr]_\w{8,255}|github_pat_\w{8,255}|glpat-[\w-]{8,255}|xox[a-z]-[\w-]{8,255}|sk_(?:live|test)_\w{8,255}|"
            r"AIza[\w-]{20,255}|npm_\w{16,255}|pypi-[\w-]{16,255}|hv[sb]\.[\w-]{8,255}|dckr_pat_[\w-]{8,255})"
        ),
    ),
    (SecretKind.SECRET, regex(r"hooks\.slack\.com/services/([\w/]{8,200})")),
    (SecretKind.SECRET, regex(rf"{_BEFORE}{_SURE}(?:{_ASSIGNED}|{_ITS_VALUE}){_NOT}({_SECRET})", re.I)),
    (SecretKind.SECRET, regex(rf"{_BEFORE}{_LIKELY}(?:{_ASSIGNED}|{_ITS_VALUE}){_NOT}{_DIGIT}({_SECRET})", re.I)),
    (
        SecretKind.SECRET,
        regex(rf"(?<![\w-])x-[\w-]{{0,60}}(?:token|key|secret|signature):\s{{0,3}}{_NOT}({_SECRET})", re.I),
    ),
    (SecretKind.SECRET, regex(rf":_(?:authToken|auth|password)\s?=\s?{_NOT}({_SECRET})")),
    (
        SecretKind.SECRET,
        regex(
            rf"(?<![\w-])--(?:[\w-]{{0,60}}-)?(?:{_SURE}|{_LIKELY})\s{{1,3}}{_QUOTE}?{_NOT}{_DIGIT}({_SECRET})", re.I
        ),
    ),
    (SecretKind.SECRET, regex(rf"[?&](?:sig|code|auth|jwt|ticket|sas|access_?key)=({_SECRET})", re.I)),
    (SecretKind.SECRET, regex(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----([\s\S]{1,20000}?)(?=-----END|\Z)")),
    (SecretKind.SECRET, regex(r"\b(?:Set-)?Cookie:\s{0,3}([^\r\n]{1,8000})", re.I)),
    # A secret access key by itself: 40 characters of base64 with capitals and digits, which no hexadecimal hash has.
    (
        SecretKind.SECRET,
        regex(
            r"(?<![\w/+=.:-])((?=[A-Za-z0-9/+]{0,39}[A-Z])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[0-9])"
            r"[A-Za-z0-9/+]{40})(?![\w/+=:-])"
        ),
    ),
    (SecretKind.ACCESS_KEY, regex(r"(?<![A-Z0-9])(A(?:KI|SI)A[A-Z2-7]{16})(?![A-Z0-9])")),
    # These IDs contain the account's ID in encoded form, and AWS uses them in place of a deleted principal.
    (SecretKind.PRINCIPAL, regex(r"(?<![A-Z0-9])(A(?:RO|ID|GP|IP|NP)A[A-Z0-9]{16,17})(?![A-Z0-9])")),
    (SecretKind.ORGANIZATION, regex(r"(?<![\w-])(o-(?=[a-z]{0,31}[0-9])[a-z0-9]{10,32})(?![\w-])")),
    (SecretKind.PORTAL, regex(r"(?<![\w-])(d-[0-9a-f]{10}|ssoins-[0-9a-f]{16})(?![\w-])")),
    (SecretKind.PORTAL, regex(r"https://([\w-]{1,63})\.awsapps\.(?:com|cn)")),
    (
        SecretKind.PORTAL,
        regex(rf"https://(?!{REGION_NAME}\.|[0-9]{{12}}\.)([\w-]{{1,63}})\.signin\.(?:aws\.amazon|amazonaws)"),
    ),
    (SecretKind.EMAIL, regex(r"(?<![\w.+@-])(?!git@)([\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w@-])")),
    # An ID as in ARNs, policies, names and addresses, and as the console prints it (1111-2222-3333). In an address, it
    # may follow an escape such as %3A or %20, whose digits do not belong to the ID. A UUID may end in as many digits.
    (
        SecretKind.ACCOUNT,
        regex(
            r"(?:(?<=%[0-9A-Fa-f]{2})|(?<![0-9]))(?<![0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-)"
            r"([0-9]{12}|(?<![0-9]-)[0-9]{4}-[0-9]{4}-[0-9]{4}(?!-?[0-9]))(?![0-9])"
        ),
    ),
)
_ADDRESSES = (
    regex(r"(?<![\w.-])(?<![^/]/)([0-9]{1,3}(?:\.[0-9]{1,3}){3})(?!\.?[0-9])(?![\w-])"),
    regex(r"(?<![\w-])(?:ec2|ip)-([0-9]{1,3}(?:-[0-9]{1,3}){3})(?=\.)"),
    regex(r"(?<![\w:.-])([23][0-9a-f]{3}(?::[0-9a-f]{0,4}){2,7})(?![\w:])", re.I),
)


_ESCAPED = regex(r"\\+[nrt]")


def unescaped(text: str) -> str:
    """Return the text with JSON's escaped line ends replaced by real ones, so that the next word is recognized.

    The length of the text is unchanged.
    """
    return _ESCAPED.sub(lambda match: "\n" * len(match[0]), text) if "\\" in text else text


def find(text: str, kinds: Collection[SecretKind] = frozenset(SecretKind)) -> Iterator[FoundSecret]:
    """Yield every secret of these kinds. They may overlap.

    External IDs and names are left out, because they are recognized by their other occurrences.
    """
    for kind, pattern in _RULES:
        if kind in kinds:
            yield from (FoundSecret(*match.span(1), kind) for match in pattern.finditer(text))
    if SecretKind.SECRET in kinds:
        yield from (FoundSecret(start, end, SecretKind.SECRET) for start, end in secret_spans(text))
    for pattern in _ADDRESSES if SecretKind.ADDRESS in kinds else ():
        yield from (
            FoundSecret(*match.span(1), SecretKind.ADDRESS) for match in pattern.finditer(text) if _is_public(match[1])
        )


CREDENTIALS = frozenset({SecretKind.ACCESS_KEY, SecretKind.PASSWORD, SecretKind.SECRET, SecretKind.TOKEN})
"""The kinds of values that are private to their owner, whoever reads the text."""


def without(text: str, kinds: Collection[SecretKind], mark: str) -> str:
    """Return ``text`` with ``mark`` in place of each secret of these kinds.

    Words that already replace a secret are left unchanged.
    """
    seen = unescaped(text)
    pieces, at = [], 0
    for start, end in sorted((each.start, each.end) for each in find(seen, kinds)):
        if end > at and "[taken" not in seen[start:end] and not seen.startswith("[", start):
            pieces += [text[at:start], mark] if start >= at else []
            at = end
    return "".join((*pieces, text[at:]))


def without_credentials(text: str) -> str:
    """Return ``text`` with "[taken out]" in place of each credential."""
    return without(text, CREDENTIALS, "[taken out]")


def _is_public(address: str) -> bool:
    """Return whether an IP address is public. Private and documentation addresses are not masked."""
    try:
        return ipaddress.ip_address(address.replace("-", ".")).is_global
    except ValueError:
        return False
