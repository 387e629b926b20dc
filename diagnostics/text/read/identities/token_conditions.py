"""Read what a text says about a web identity (issuer, subject, conditions on its token), and the conditions it quotes.

Conditions are recognized in the same way in JSON, Terraform, YAML and source code: each must name an operator and a key
(IAM User Guide, "Available keys for AWS OIDC federation":
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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
    r"|(?:[ \t]+(?P<operator>String(?:Equals|Like))[ \t:=]+"
    r"|[ \t]+(?=(?:repo|project_path|organization|system):)|\s*(?:[:=]>?|\n\s*values\s*=|,)\s*)"
    r"(?:\[(?P<list>[^\]]{0,2000})\]|[\"'`](?P<one>[^\"'`\n]{1,300})[\"'`]"
    r"|(?P<plain>[^\s\"'\[{,-]\S{0,300})))"
)
_QUOTED = regex(r"[\"'`]([^\"'`\n]{1,300})[\"'`]")
_WITHIN = 400
"""The number of characters before a condition's key that are searched for the operator."""


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
    if values is None:
        return None
    operators = _OPERATOR.findall(text, max(0, key.start() - _WITHIN), key.start())
    if not (values["operator"] or operators or _OF_TRUST.search(text, max(0, key.start() - _WITHIN), key.start())):
        return None
    if values["list"] is not None:
        listed = _QUOTED.findall(values["list"])
    elif values["items"] is not None:
        listed = [line.strip().lstrip("- \t").strip("\"' ") for line in values["items"].splitlines()]
    else:
        listed = [values["one"] or values["plain"].rstrip(",;)")]
    issuer = key["issuer"].removeprefix("https://").strip("\"'")
    accepted = tuple(filter(None, listed))
    operator = values["operator"] or (operators[-1][0] if operators else _operator(accepted))
    return TokenCondition(operator, issuer, key["claim"], accepted, key.start(), values.end())


def _operator(values: tuple[str, ...]) -> str:
    """Return the operator of a condition that the text shows without one."""
    return "StringLike" if any("*" in each for each in values) else "StringEquals"


_OF_TRUST = regex(r"\btrust(?:s|ed)?\b|\bconditions?\b", re.IGNORECASE)
_SAID_SUBJECT = r"(?:repo|project_path|system:serviceaccount|ref:refs)[:/][^\s\"'`,;)]+"
_STATED = regex(
    r"\b(?:trusts?|trusted|conditions?)\b(?P<words>[^\n]{0,120}?)(?<![\w:/-])"
    rf"(?P<subjects>{_SAID_SUBJECT}(?:[\"'`]?[ \t]*(?:,|\band\b|\bor\b)[ \t]*[\"'`]?{_SAID_SUBJECT})*)"
)
_STATED_ENVIRONMENT = regex(
    r"\b(?:role|trusts?|trust policy)\b(?P<words>[^\n]{0,80}?"
    r"\b(?:only|just|accepts?|allows?|meant|limited|restricted)\b[^\n]{0,40}?)"
    r"\benvironment[ \t:]+[\"'`]?(?P<subjects>[\w.-]+)(?=[\"'`]|[ \t]+only\b|[.,;]?[ \t]*$)",
    re.MULTILINE,
)
_STATED_NOT = regex(
    r"n't\b|\b(?:not?|should|lacks?|missing|add(?:ed|ing)?|needs? to|instead|token|job|pod|whether|if|why)\b|\?",
    re.IGNORECASE,
)
_ISSUERS = {"repo": "token.actions.githubusercontent.com", "project_path": "gitlab.com"}


def stated_subjects(text: str, repository: str = "") -> tuple[TokenCondition, ...]:
    """Return the subjects that a sentence says a trust policy accepts: ``trust only allows ref:refs/heads/main``.

    ``repository`` is the one that the text shows, for a subject without it.
    """
    found = []
    for stated in (*_STATED.finditer(text[:_LONGEST]), *_STATED_ENVIRONMENT.finditer(text[:_LONGEST])):
        if _STATED_NOT.search(stated["words"]):
            continue
        named = [each.rstrip(".:") for each in re.findall(_SAID_SUBJECT, stated["subjects"])]
        named = named or [f"environment:{stated['subjects']}"]
        apart = ("ref:", "environment:")
        values = tuple(f"repo:{repository or 'OWNER/REPO'}:{one}" if one.startswith(apart) else one for one in named)
        issuer = _ISSUERS.get(values[0].partition(":")[0], "ISSUER")
        found.append(
            TokenCondition(_operator(values), issuer, "sub", values, stated.start("subjects"), stated.end("subjects"))
        )
    return tuple(found)


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


_FRAGMENT = regex(
    r"[\"']?(?P<operator>(?:For(?:All|Any)Values:)?(?:String|Arn|IpAddress|NotIpAddress|Bool|Null|Numeric"
    r"|Date)\w*)[\"']?"
    r"\s*[:=]\s*\{\s*[\"']?(?P<key>[a-z][\w-]*:[\w:./-]+)[\"']?\s*[:=]\s*"
    r"(?P<values>\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|\[[^\]]{0,600}\]|true|false)"
)


@dataclass(frozen=True, slots=True)
class QuotedCondition:
    """One condition of a statement in the text, complete or cut off. ``said`` are its words."""

    operator: str
    key: str
    values: tuple[str, ...]
    said: str

    @property
    def negated(self) -> bool:
        return "Not" in self.operator

    @property
    def met_words(self) -> str:
        """Return a clause that says when the Deny applies."""
        from iam.policy.words import holding  # most texts have no condition

        return holding(self.operator, self.key, self.values) + (", or is missing" if self.negated else "")


def quoted_conditions(text: str) -> Iterator[QuotedCondition]:
    """Yield the conditions of the statements in the text, complete or cut off."""
    for found in _FRAGMENT.finditer(text[:20_000]):
        written = found["values"]
        try:
            values = json.loads(written.replace("'", '"'))
        except ValueError:
            values = written
        several = values if isinstance(values, list) else [values]
        plain = tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in several)
        yield QuotedCondition(found["operator"], found["key"], plain, " ".join(found[0].split())[:96])
