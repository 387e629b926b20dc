"""Read the CDK's question whether an environment is bootstrapped together with its warnings about the bootstrap roles.

The CDK CLI warns that it cannot assume a role of the bootstrap stack and goes on. If there is no such stack, the role
does not exist, and the question is the failure (https://github.com/aws/aws-cdk-cli, aws-auth/sdk-provider.ts).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_WARNING = regex(
    r"^[^\n]*\bcould not be used to assume '[^'\n]{0,80}role/cdk-[^'\n]{1,60}-role-(?P<account>\d{12})-"
    r"(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)', but are for the right account[^\n]*\n",
    re.IGNORECASE | re.MULTILINE,
)
_ASKS = regex(r"\bHas the environment been bootstrapped\?")


def without_warnings(text: str) -> str:
    """Return the text without these warnings, and with their environment beside the question; unchanged without it."""
    if "been bootstrapped?" not in text and " bootstrapped?" not in text:
        return text
    places = {(each["account"], each["region"]) for each in _WARNING.finditer(text)}
    if not places:
        return text
    rest = _WARNING.sub("", text)
    if len(places) > 1:
        return rest
    account, region = places.pop()
    return _ASKS.sub(f"Has the environment been bootstrapped? (aws://{account}/{region})", rest)
