"""Name the identities that SES did not accept, and say what the refusal shows about the account.

Amazon SES Developer Guide, "Verified identities" and "Request production access": both are set up for each Region
(https://docs.aws.amazon.com/ses/latest/dg/verify-addresses-and-domains.html,
https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex
from iam.words import listing

UNVERIFIED = "Amazon SES's verified identities"
_ONE = r"(?:[\w.+-]+@)?(?:[\w-]+\.)+[a-z]{2,24}"
_FAILED = regex(
    rf"failed\s+the\s+check\s+in\s+region\s+(?P<region>[\w-]+):\s*(?P<all>{_ONE}(?:,\s*{_ONE})+)", re.IGNORECASE
)
_MOST = 3


def unverified(text: str) -> str:
    """Return the sentence on several identities in one message; "" if the message names one, or none."""
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
        f"In {region}: verify the sender's address or domain, and request production access, which a recipient's check "
        "shows to be missing; for a test, verify the recipient, too. Identities and production access of another "
        "Region do not count here: if they are set up there, the program can also call SES in that Region."
    )


def _failed(text: str) -> tuple[str, list[str]]:
    found = _FAILED.search(text)
    if found is None:
        return "", []
    return found["region"].lower(), list(dict.fromkeys(each.strip() for each in found["all"].split(",")))
