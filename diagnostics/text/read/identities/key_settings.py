"""The three values of a key that a place in the text sets or passes on: an environment, a container, a profile, code.

AWS SDKs and Tools Reference Guide, "AWS access keys": a key's ID and secret, and the token of temporary keys
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from iam.lazy_pattern import regex

_LONGEST = 20_000
# The names of AWS's variables, files and SDKs, and those of Hadoop's settings.
_SETTING = regex(
    r"(?<![\w$.{/%-])(?:[\w-]+\.){0,3}(?:aws[_.]?)?"
    r"(?:(?P<key>access[_.]?key(?:[_.]?id)?)|(?P<secret>secret[_.]?(?:access[_.]?)?key)"
    r"|(?P<token>(?:session|security)[_.]?token))"
    r"(?![\w.])[\"'`]?(?:,?\s*[\"']?value(?:From)?[\"']?(?=\s*[:=]))?"
    r"(?:[ \t]*(?P<mark>[:=])[ \t]*[\"'`]?(?P<value>[^\s\"'`,;]*))?",
    re.IGNORECASE,
)
_LISTED = regex(r"(?:^|[-\[,=])[ \t]*[\"'`]?$", re.MULTILINE)
"""The text before a name without a value, in a list of the variables that a program gets."""
_OPTION = regex(r"(?:\s-e|--env)[ =][\"']?$")
"""The option of docker and other programs that passes a variable on."""
_ENDS_NAME = regex(r"[\"'`]?[ \t]*(?:[,\]\\]|$)", re.MULTILINE)
_NONE = regex(r"(?:none|null|nil|empty|unset|undefined|not|<not)\b|$", re.IGNORECASE)
_APART = regex(r"\n[ \t]*\n|^[ \t]*\[[^\]\n]+\][ \t]*$|^[^\n]{0,60}[$#>] ", re.MULTILINE)
"""Separators between two passages of a text: a blank line, a section heading, or a command."""
_FARTHEST = 300


@dataclass(frozen=True, slots=True)
class KeySettings:
    """The settings (ID, secret, token) of one access key in one place, for example in a profile.

    None means that the place does not mention the setting, and "" that it is empty. If a setting refers to another
    value, the reference is the value. If the place lists only the setting's name, the name is the value.
    """

    key: str | None = None
    secret: str | None = None
    token: str | None = None

    @property
    def of_user(self) -> bool:
        """Whether the key is a user's."""
        return (self.key or "").startswith("AKIA")

    @property
    def of_session(self) -> bool:
        """Whether the key is a session's."""
        return (self.key or "").startswith("ASIA")

    @property
    def without_token(self) -> bool:
        """Whether the place has key and secret, but no token."""
        return bool(self.key and self.secret and not self.token)


def key_settings(text: str) -> tuple[KeySettings, ...]:
    """Return the keys that places in the text set or pass on, in order."""
    text = text[:_LONGEST]
    found: list[KeySettings] = []
    last = -_FARTHEST
    for each in _SETTING.finditer(text):
        value = _value(text, each)
        if value is None:
            continue
        part = _part(each)
        gap = text[max(0, last) : each.start()]
        near = found and len(gap) < _FARTHEST and _APART.search(gap) is None
        if not near or getattr(found[-1], part) is not None:
            found.append(KeySettings())
        found[-1] = replace(found[-1], **{part: value})
        last = each.end()
    return tuple(found)


def _part(found: re.Match[str]) -> str:
    return next(part for part in ("key", "secret", "token") if found[part])


def _value(text: str, found: re.Match[str]) -> str | None:
    """Return the value of a setting, or the name if a list has only that; None for words that only mention the name."""
    if found["mark"]:
        return "" if _NONE.match(found["value"]) else found["value"]
    before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    listed = _OPTION.search(before) or (_LISTED.search(before) and _ENDS_NAME.match(text, found.end()))
    return found[_part(found)] if listed else None


def token_left_out(text: str) -> bool:
    """Return whether a place has a session's key and secret without their token, and another place has all three.

    If the place without the token does not show the key ID, both places are assumed to have the same session,
    provided that the text has no other session's key.
    """
    found = key_settings(text)
    whole = any(each.of_session and each.token for each in found)
    handed = [each for each in found if each.key and each.secret and not each.of_user and not each.of_session]
    return whole and bool(handed) and all(each.without_token for each in handed)


def token_left_over(text: str) -> bool:
    """Return whether a place has a user's key together with a session token."""
    return any(each.of_user and each.token for each in key_settings(text))


_SESSION_BEFORE = regex(
    r"\b(?:earlier|before(?:hand)?|previous(?:ly)?|at first|first|until (?:now|yesterday)|used to|so far|yesterday"
    r"|this morning|(?:I|we)(?:'d| had| have)?)\b[^.\n]{0,80}?"
    r"\b(?:temporary|ASIA\w*|STS|short-lived|SSO|session)[^.\n]{0,40}?\b(?:keys?|credentials|tokens?)\b",
    re.IGNORECASE,
)
_USER_KEY_NOW = regex(
    r"\b(?:then|now|since|today|after(?:wards)?|later|switched|replaced|changed|swapped|overwrote|import\w*)\b[^\n]{0,80}?"
    r"(?:\bAKIA|\b(?:user(?:'s)?|long-(?:term|lived)|static|permanent) (?:access )?(?:keys?|credentials)\b"
    r"|\b(?:keys?|credentials) of (?:an?|the|our|my) (?:IAM )?user\b)",
    re.IGNORECASE,
)
_TOKEN_CLEARED = regex(
    r"\b(?:unset|cleared|deleted|removed|without|no)\b[^.\n]{0,30}(?:AWS_SESSION_TOKEN|aws_session_token|\bold token)"
    r"|\b(?:new|fresh|another|other) (?:shell|terminal|session|machine|container)\b",
    re.IGNORECASE,
)


def user_key_after_session(text: str) -> bool:
    """Return whether the author says that a user's key replaced temporary keys, and not that their token is gone."""
    before = _SESSION_BEFORE.search(text)
    if before is None or _TOKEN_CLEARED.search(text):
        return False
    return _USER_KEY_NOW.search(text, before.end()) is not None
