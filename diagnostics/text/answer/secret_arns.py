"""Say what is wrong with a secret's ARN that lacks the characters that AWS adds to the name.

AWS Secrets Manager User Guide, "What's in a Secrets Manager secret?": a hyphen and six random characters follow the
name in an ARN; a name with such an ending may be mistaken for a complete ARN
(https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html,
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_SECRET = regex(r"(?P<place>arn:[\w-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:)(?P<name>[\w/+=.@-]+)")
_COMPLETE = regex(r"-(?=[A-Za-z0-9]*(?:[A-Z]|\d))[A-Za-z0-9]{6}$")
_LIKE_A_SUFFIX = regex(r"-[a-z]{6}$")
_MASKED = regex(r"x{3,}", re.IGNORECASE)


def is_mistaken(resource: str) -> bool:
    """Return whether a secret's ARN lacks its suffix, and its name ends like one."""
    return bool(without_suffix(resource)) and _LIKE_A_SUFFIX.search(resource) is not None


def without_suffix(resource: str) -> str:
    """Return a sentence on a secret's ARN that ends with its name; "" for a complete ARN, and for any other resource.

    The six characters are random, so an ending of lowercase letters alone is most likely a word of the name.
    """
    found = _SECRET.fullmatch(resource)
    if found is None or _COMPLETE.search(found["name"]) or _MASKED.search(found["name"]):
        return ""
    pattern = f"{found['place']}{found['name']}-??????"
    if _LIKE_A_SUFFIX.search(found["name"]):
        return (
            f" Request the secret by its complete ARN, and write {pattern} in the Resource: the name "
            f"{found['name']} ends like the characters that AWS adds to an ARN, so the name may be mistaken for a "
            "complete ARN."
        )
    return (
        " The ARN lacks the six characters that AWS adds to the name. Check whether the secret exists in that "
        f"account and Region, and use {pattern} as the Resource."
    )
