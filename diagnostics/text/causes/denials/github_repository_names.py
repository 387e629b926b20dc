"""Causes in the repository's name in the trusted subject: letter case, a new name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import ConditionFails
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex

SUBJECT_FAILS = (ConditionFails("trust", ":sub"),)

# A decoded token's own claim, in the form without the numbers.
SUBJECT_OF_NAMES = r"(?<![:\w])\"?sub\"?\s*[:=]\s*\"?repo:[\w.-]+/[\w.-]+:[^\s\"',}]+"

_REPOSITORY = regex(
    r"(?:github\.com[/:]|GITHUB_REPOSITORY[\"']?[=:]\s*[\"']?|\brepository[\"']?:\s*[\"']?)"
    r"(?P<repository>[\w.-]+/[\w.-]*\w)"
)
_TRUSTED_NAMES = regex(r"\brepo:(?P<repository>[\w.-]+/(?:[\w.-]+|\*))")
_NAMED_REPOSITORY = regex(r"\brepo:(?P<repository>[\w.-]+/[\w.*-]+)")


_NEW_NAME = regex(
    r"\b(?:renamed|transferred|moved)\b[^\n]{0,60}?(?:->|\u2192|=>|\bto\b)[ \t]*[\"'`]?(?P<new>[\w.-]+(?:/[\w.-]*\w)?)",
    re.IGNORECASE,
)


def has_the_new_name(signs: Signs) -> bool:
    """Whether the text says how the repository or owner was renamed, and the trust policy has only the new name."""
    text = signs.denial.pasted or signs.denial.text
    named = {each["repository"] for each in _NAMED_REPOSITORY.finditer(text)}
    said = _NEW_NAME.search(text)
    new = said["new"].rstrip(".") if said else ""
    return bool(new and named) and all(new in (each, *each.split("/")) for each in named)


def covers_the_new_name(signs: Signs) -> bool:
    """Whether the subject patterns in the text cover all repositories of an owner, or both an old and a new name."""
    named = {each["repository"] for each in _NAMED_REPOSITORY.finditer(signs.denial.pasted or signs.denial.text)}
    return len(named) > 1 or any(each.endswith("/*") for each in named)


def letter_case(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the trust policy and the repository's name in the text differ only in letter case.

    GitHub's subject spells owner and repository as GitHub does, and StringEquals and StringLike are case-sensitive. A
    URL does not show the right spelling, because GitHub accepts any case in it.
    """
    own = [found["repository"].removesuffix(".git") for found in _REPOSITORY.finditer(signs.denial.text)]
    conditions = re.sub(SUBJECT_OF_NAMES, "", signs.denial.text, flags=re.IGNORECASE)
    for trusted in dict.fromkeys(found["repository"] for found in _TRUSTED_NAMES.finditer(conditions)):
        for each in dict.fromkeys(own):
            owner_only = trusted.endswith("/*")
            here, there = (each.split("/")[0], trusted[:-2]) if owner_only else (each, trusted)
            if here != there and here.lower() == there.lower():
                yield FirstLook(
                    f"The text has both {there} and {here}: upper and lower case matter in the subject. If GitHub "
                    f"spells it {here}, write repo:{here}{'/*' if owner_only else ''} in the trust policy.",
                    contains(f"repo:{trusted}", each),
                    signs.trust_read,
                    Who.RESOURCE_OWNER,
                    ruled_out_by=("trust",),
                )
                return
