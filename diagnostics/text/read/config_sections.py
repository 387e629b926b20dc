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
# The next command, message or quoted block: what follows is no part of the file.
_END = regex(r"^[ \t]*(?:[\w@.~:/\[\]-]{1,60}[$#>%] |[$%>] |An error occurred|Traceback|```)", re.MULTILINE)
# A section without the word is also what sso-session and services look like, which have names of their own.
_SETTINGS = regex(
    r"\s*(?:#[^\n]*\n\s*)*(?:role_arn|source_profile|credential_source|credential_process|sso_\w+|region)\s*="
)


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
