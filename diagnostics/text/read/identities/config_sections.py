"""Sections of the AWS configuration file that a text shows.

AWS CLI User Guide, "Configuration and credential file settings": in ~/.aws/config each profile but the default one has
a heading that begins with the word profile, and in ~/.aws/credentials none has
(https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_FILE = regex(r"(?:\.aws[/\\]|\bAWS_CONFIG_FILE=\S*)(?P<file>config|credentials)\b")
_HEADING = regex(r"^[ \t>|]*\[(?P<name>[\w.@+/-]{1,100})\][ \t]*$", re.MULTILINE)
_ROLE = r"(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
_ROLE_PROFILES = (
    regex(
        r"^[ \t]*\[profile[ \t]+(?P<name>[\w.@+-]{1,64})\][ \t]*\n(?:(?!\s*\[)[^\n]*\n){0,12}?"
        rf"[ \t]*role_arn[ \t]*=[ \t]*{_ROLE}",
        re.MULTILINE,
    ),
    # What `aws configure get` prints.
    regex(
        rf"\baws configure get (?:profile\.(?P<name>[\w.@+-]+?)\.role_arn|role_arn --profile[ =](?P<other>[\w.@+-]+))"
        rf"[^\n]*\n[ \t]*{_ROLE}"
    ),
)
# The next command, message or quoted block: what follows is no part of the file.
_END = regex(r"^[ \t]*(?:[\w@.~:/\[\]-]{1,60}[$#>%] |[$%>] |An error occurred|Traceback|```)", re.MULTILINE)
# A section without the word is also what sso-session and services look like, which have names of their own.
_SETTINGS = regex(
    r"\s*(?:#[^\n]*\n\s*)*(?:role_arn|source_profile|credential_source|credential_process|sso_\w+|region)\s*="
)


def role_profiles(text: str) -> dict[str, str]:
    """Return the profiles of ~/.aws/config in the text that have a role, with its ARN.

    AWS CLI User Guide, "Using an IAM role in the AWS CLI"
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html).
    """
    found = (each for pattern in _ROLE_PROFILES for each in pattern.finditer(text))
    return {each["name"] or each.groupdict().get("other") or "": each["arn"] for each in found}


def sections_without_profile(text: str) -> frozenset[str]:
    """Return the names of the sections of ~/.aws/config in the text that lack the word profile."""
    found: set[str] = set()
    files = list(_FILE.finditer(text))
    ends = [*(each.start() for each in files[1:]), len(text)]
    for file, until in zip(files, ends, strict=False):
        if file["file"] != "config":
            continue
        shown = text[file.end() : until]
        if (end := _END.search(shown)) is not None:
            shown = shown[: end.start()]
        found |= {each["name"] for each in _HEADING.finditer(shown) if _SETTINGS.match(shown, each.end())}
    return frozenset(found - {"default"})


def section_of(profile: str, text: str) -> str:
    """Return the settings below the profile's heading in the text; "" if the text does not show its section."""
    heading = re.compile(rf"^[ \t>|]*\[(?:profile[ \t]+)?{re.escape(profile)}\][ \t]*$", re.MULTILINE)
    if (found := heading.search(text)) is None:
        return ""
    following = _ANY_HEADING.search(text, found.end())
    return text[found.end() : following.start() if following else len(text)]


_ANY_HEADING = regex(r"^[ \t>|]*\[[^\]\n]{1,120}\][ \t]*$", re.MULTILINE)
