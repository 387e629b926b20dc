"""Read what a text says about a web identity: its issuer, its subject, and a trust policy's conditions on its token.

Conditions are recognized in the same way in JSON, Terraform, YAML and source code: each must name an operator and a key
(IAM User Guide, "Available keys for AWS OIDC federation":
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from iam.lazy_pattern import regex

_LONGEST = 40_000
_OPERATOR = regex(
    r"(?P<operator>(?:For(?:All|Any)Values?:)?String(?P<negated>Not)?(?:Equals|Like)(?:IgnoreCase)?(?:IfExists)?)\b",
    re.IGNORECASE,
)
_KEY = regex(r"(?P<issuer>[\w${}()\[\].*/-]{3,200}):(?P<claim>sub|aud)[\"']?(?!\w)")
_VALUES = regex(
    r"\]?(?:[ \t]*:[ \t]*\n(?P<items>(?:[ \t]*-[ \t]+\S[^\n]*\n?){1,40})"
    r"|\s*(?:[:=]>?|\n\s*values\s*=|,)\s*(?:\[(?P<list>[^\]]{0,2000})\]|[\"'`](?P<one>[^\"'`\n]{1,300})[\"'`]"
    r"|(?P<plain>[^\s\"'\[{,-]\S{0,300})))"
)
_QUOTED = regex(r"[\"'`]([^\"'`\n]{1,300})[\"'`]")
_WITHIN = 400
"""How many characters from its key the operator of a condition is searched for."""


@dataclass(frozen=True, slots=True)
class TokenCondition:
    """A condition on a claim of the token, as written in the text. ``issuer`` has no ``https://``."""

    operator: str
    issuer: str
    claim: str
    values: tuple[str, ...]
    start: int
    end: int

    @property
    def literal_wildcards(self) -> tuple[str, ...]:
        """The values with a wildcard that the operator takes literally, so that no token can match them.

        IAM User Guide, "String condition operators":
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
        """
        low = self.operator.lower()
        if "equals" not in low or "not" in low:
            return ()
        return tuple(each for each in self.values if "*" in re.sub(r"\$\{[^}]*\}", "", each))

    def accepts(self, value: str) -> bool:
        """Return whether a token with this value meets the condition.

        A condition with a placeholder accepts any value.
        """
        if any(re.search(r"\$\{|\{\{|<|\.\.\.", each) for each in self.values):
            return True
        if "like" in self.operator.lower():
            return any(fnmatchcase(value, each.replace("[", "[[]")) for each in self.values)
        return value in self.values


def token_conditions(text: str) -> tuple[TokenCondition, ...]:
    """Return the conditions on ``sub`` and ``aud`` in the text's trust policies, without negated ones."""
    text = text[:_LONGEST]
    if ":sub" not in text and ":aud" not in text:
        return ()
    found = (_condition(text, key) for key in _KEY.finditer(text))
    return tuple(each for each in found if each is not None and "not" not in each.operator.lower())


def _condition(text: str, key: re.Match[str]) -> TokenCondition | None:
    values = _VALUES.match(text, key.end())
    before = list(_OPERATOR.finditer(text, max(0, key.start() - _WITHIN), key.start()))
    if values is None or not before:
        return None
    if values["list"] is not None:
        listed = _QUOTED.findall(values["list"])
    elif values["items"] is not None:
        listed = [line.strip().lstrip("- \t").strip("\"' ") for line in values["items"].splitlines()]
    else:
        listed = [values["one"] or values["plain"].rstrip(",;)")]
    issuer = key["issuer"].removeprefix("https://").strip("\"'")
    return TokenCondition(
        before[-1]["operator"], issuer, key["claim"], tuple(filter(None, listed)), key.start(), values.end()
    )


_TOKEN_OF = regex(
    r"\bidentity_?provider[\"']?\s*[:=]\s*[\"']?(?:arn:[\w-]+:iam::\d{12}:oidc-provider/)?(?P<of>[\w.-]+\.[\w./-]+)"
    r"|[\"']?\biss[\"']?\s*[:=]\s*[\"']?https://(?P<iss>[\w.-]+\.[\w./-]+)",
    re.IGNORECASE,
)
_TRUSTED = regex(r"(?<![\w-])oidc-provider/(?P<host>[\w.-]+\.[\w./-]+)")
_SAID_TO_TRUST = regex(
    r"\btrusts?\b[^.\n]{0,40}?\b(?:provider|issuer)s?\b[ \t:\"'`]{1,4}(?:https://)?(?P<host>[\w-]+(?:\.[\w-]+)+(?:/[\w./-]+)?)"
    r"|\btrusts?\b[^.\n]{0,40}?https://(?P<url>[\w-]+(?:\.[\w-]+)+(?:/[\w./-]+)?)",
    re.IGNORECASE,
)
_SUBJECT = regex(r"(?<![\w-])system:serviceaccount:[\w.-]+:[\w.-]*\w(?![\w*?-])")


def token_issuers(text: str) -> tuple[str, ...]:
    """Return the issuers named by a record or a decoded token in the text, without ``https://``."""
    found = (each["of"] or each["iss"] for each in _TOKEN_OF.finditer(text[:_LONGEST]))
    return tuple(dict.fromkeys(_host(each) for each in found))


def trusted_issuers(text: str) -> tuple[str, ...]:
    """Return the issuers whose providers the trust policy names, or that the text says are trusted."""
    text = text[:_LONGEST]
    sent = [found.span() for found in _TOKEN_OF.finditer(text)]
    named = (
        each["host"] for each in _TRUSTED.finditer(text) if not any(start <= each.start() < end for start, end in sent)
    )
    said = (each["host"] or each["url"] for each in _SAID_TO_TRUST.finditer(text))
    return tuple(dict.fromkeys(_host(each) for each in (*named, *said)))


def _host(issuer: str) -> str:
    return issuer.rstrip("/.,;").lower()


def service_accounts(text: str, conditions: tuple[TokenCondition, ...] = ()) -> tuple[str, ...]:
    """Return the subjects of service accounts that the text names outside these conditions."""
    found = _SUBJECT.finditer(text[:_LONGEST])
    apart = (each for each in found if not any(one.start <= each.start() < one.end for one in conditions))
    return tuple(dict.fromkeys(each[0] for each in apart))
