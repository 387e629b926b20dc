"""Read whether the AWS CLI works where the program fails."""

from __future__ import annotations

import re

from diagnostics.text.read.identities.instance_profiles import was_attached
from diagnostics.text.read.layout.shell import WORKED
from iam.lazy_pattern import regex

_CLI_WORKS = regex(
    rf"\bsts get-caller-identity\b[^\n]{{0,80}}(?:\b(?:{WORKED}|shows?|returns?|gives?)\b|assumed-role/)"
    r"|\bsts get-caller-identity\b[^\n]{0,80}\n[^\n$]{0,80}(?:\"UserId\"|\d{12}|\{)",
    re.IGNORECASE,
)
# What the AWS CLI itself prints without credentials, and a call of the CLI as another user.
_ITSELF = regex(r"configure credentials by running \"?aws (?:configure|login)")
_AS_ANOTHER = regex(r"\bsudo\b[^\n]*\bsts get-caller-identity\b|\bsts get-caller-identity\b[^\n]*--profile\b")
_RENEWED = regex(
    r"\b(?:sso login|login|log(?:ged)? in|sign(?:ed)?[- ]in|credentials|session|token)\b[^.\n]{0,40}"
    r"\b(?:again|anew|re-?newed|refreshed)\b|\bre-?(?:r[au]n|newed|freshed|logged|signed|authenticated)\b[^.\n]{0,40}"
    r"\b(?:login|in|credentials|session|token)\b|\bSuccessfully logged into Start URL",
    re.IGNORECASE,
)
_OF_SDK = regex(r"when calling the \w+ operation")
_LONG_RUNNING = regex(
    r"\b(?:reload|re-?start|re-?open|re-?launch)\w*\b[^.\n]{0,50}\b(?:works?|help\w*|fix\w*|solve[sd]?|gone)\b"
    r"|\b(?:extension|plug-?in|IDE|VS ?Code|IntelliJ|PyCharm|DataGrip|DBeaver|Cursor|Toolkit|notebook|kernel|daemon"
    r"|(?:desktop|dev|web) (?:app|server)|assistant)\b",
    re.IGNORECASE,
)
"""Words that name a long-running program, which keeps its old credentials when its user signs in again."""
_FAILS_ALL_THE_SAME = regex(
    r"\b(?:still|keeps?|goes on|continues?|same error|no (?:change|difference|effect))\b|n['’]t (?:help|change|work)\b"
    r"|\b(?:not|nothing) (?:help\w*|change\w*)\b",
    re.IGNORECASE,
)


def of_the_cli(text: str) -> dict[str, str]:
    """Return whether the AWS CLI works where the program fails, or a renewed sign-in does not help."""
    values: dict[str, str] = {}
    if _CLI_WORKS.search(text) and not (_ITSELF.search(text) or _AS_ANOTHER.search(text)):
        values["cli_works"] = "yes"
        values |= {"profile_attached": "yes"} if was_attached(text) else {}
        if not _OF_SDK.search(text):
            values["valid_beside"] = "while the AWS CLI has valid ones"
    if "valid_beside" not in values and _RENEWED.search(text) and _FAILS_ALL_THE_SAME.search(text):
        values["renewed"] = "yes"
        if _LONG_RUNNING.search(text):
            values["valid_beside"] = "although the sign-in was renewed"
    return values
