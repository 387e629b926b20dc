"""Name the identities that SES did not accept, and say what the refusal shows about the account.

Amazon SES Developer Guide, "Verified identities" and "Request production access": both are set up for each Region
(https://docs.aws.amazon.com/ses/latest/dg/verify-addresses-and-domains.html,
https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex
from iam.regions import REGION_NAME
from iam.words import listing

UNVERIFIED = "Amazon SES's verified identities"
_ONE = r"(?:[\w.+-]+@)?(?:[\w-]+\.)+[a-z]{2,24}"
_FAILED = regex(
    rf"failed\s+the\s+check\s+in\s+region\s+(?P<region>[\w-]+):\s*(?P<all>{_ONE}(?:,\s*{_ONE})+)", re.IGNORECASE
)
_MOST = 3


def unverified(text: str) -> str:
    """Return the sentence on several identities, or on one that the text has in another Region; "" otherwise."""
    if elsewhere := _verified_elsewhere(text):
        return elsewhere
    region, identities = _failed(text)
    if len(identities) < 2:
        return ""
    named = listing(identities, limit=_MOST)
    if len({each.rpartition("@")[2] for each in identities}) == 1:
        return (
            f"In {region}, SES has verified none of {named}. If one of them is a recipient, the account is in the SES "
            "sandbox of this Region. No permission is missing."
        )
    return (
        f"In {region}, SES has verified none of {named}. One of them is most likely the recipient, so the account is "
        "in the SES sandbox of this Region: verify the sender, and request production access there. No permission is "
        "missing."
    )


def steps_for(text: str) -> str:
    """Return what to do about several identities; "" if the message names one, or none."""
    region, identities = _failed(text)
    if len(identities) < 2:
        return ""
    return (
        f"In {region}, verify the sender's address or domain, and request production access; the check of a "
        "recipient shows that it is missing. For a test, also verify the recipient. Identities and production "
        "access of another Region do not count here. If both exist in another Region, the program can also call "
        "SES in that Region."
    )


_IDENTITY = regex(
    r"failed\s+the\s+check\s+in\s+region\s+(?P<region>[\w-]+):\s*"
    rf"(?:arn:[\w-]+:ses:[\w-]*:\d{{12}}:identity/)?(?P<name>{_ONE})(?!,)",
    re.IGNORECASE,
)
_LISTED = regex(
    r"\baws\s+(?:ses|sesv2)\s+(?:list|get)-\S*identit\S*(?P<options>[^\n]*)\n(?P<output>(?:(?![$#>]\s|aws\s)[^\n]*\n?)*)"
)
_REGION_OPTION = regex(rf"--region[ =](?P<region>{REGION_NAME})(?![\w-])")
_PENDING = regex(r"\b(?:PENDING|FAILED|NOT_STARTED|TEMPORARY_FAILURE|Pending|Failed|NotStarted)\b")


def _verified_elsewhere(text: str) -> str:
    """Return the sentence on an identity that a command in the text lists in another Region; "" if there is none."""
    failed = _IDENTITY.search(text)
    if failed is None:
        return ""
    region, name = failed["region"].lower(), failed["name"].lower()
    domain = name.rpartition("@")[2]
    found: dict[str, str] = {}
    for listed in _LISTED.finditer(text):
        option = _REGION_OPTION.search(listed["options"])
        if option is None or _PENDING.search(listed["output"]):
            continue
        for one in (name, domain):
            if re.search(rf"(?<![\w.@-]){re.escape(one)}(?![\w.-]*\w)", listed["output"].lower()):
                found.setdefault(option["region"], one)
    others = {each: one for each, one in found.items() if each != region}
    if len(others) != 1 or region in found:
        return ""
    ((other, one),) = others.items()
    return (
        f"Verify {one} in {region}, or let the program call SES in {other}: the text shows it in {other}, and an "
        "identity counts in its own Region. No permission is missing."
    )


def _failed(text: str) -> tuple[str, list[str]]:
    found = _FAILED.search(text)
    if found is None:
        return "", []
    return found["region"].lower(), list(dict.fromkeys(each.strip() for each in found["all"].split(",")))
