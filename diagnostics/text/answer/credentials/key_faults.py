"""Say what may be wrong with a key that AWS rejects: every fault that the text does not exclude, likeliest first."""

from __future__ import annotations

import re

from diagnostics.text.answer.credentials.clocks import clocks_agree
from diagnostics.text.read.identities.call_settings import around
from iam.lazy_pattern import regex
from iam.regions import is_known_region, opt_in_region, other_partition_region

OF_USER = regex(r"\bAKIA[A-Z0-9*]{2,}")
OF_SESSION = regex(r"\bASIA[A-Z0-9*]{2,}")
TOKEN_SHOWN = regex(r"SESSION_TOKEN", re.IGNORECASE)
_NO_TOKEN = regex(
    r"\b(?:no|not?|without|unset|neither|nor)\b[^\n.;]{0,20}SESSION_TOKEN"
    r"|SESSION_TOKEN\b[^\n.;]{0,20}\b(?:not set|unset|empty|missing)",
    re.IGNORECASE,
)
"""Words that say that no session token is sent."""
OWN_ROLE = regex(
    r"\binstance (?:profile|role)\b|\btask role\b|\bIRSA\b|\b[Pp]od [Ii]dentity\b|AWS_WEB_IDENTITY_TOKEN_FILE"
    r"|\b(?:in|inside|within|from|runs? as) (?:an? |my |our |the |AWS )?Lambda\b(?![ -]?(?:layer|@))"
    r"|^[ \t]*(?:AWS )?Lambda\b(?! layer)"
    r"|\bLambda(?: function)?\b[^.\n]{0,20}\b(?:runs|environment|configuration|handler)\b|/var/task/"
    r"|\bexecution role\b|\bdynamic credentials\b",
    re.MULTILINE,
)
"""Words for an environment that gives a program a role's credentials, so that it needs no access keys."""
_OF_EC2 = regex(r"not able to validate the provided access credentials|\bAuthFailure\b")
"""EC2's error, whose words do not distinguish a wrong time from a wrong key."""
_TOKEN = "its session token is missing or wrong"
_CLOCK = "the machine's clock is wrong"
_OTHER_KEYS = "the program sends different credentials from those that work in the text"
_NEW = "the credentials are new and do not yet work everywhere"


def key_faults(text: str, *, works: bool) -> str:
    """Return the possible faults of a key that AWS does not accept, as the end of a sentence.

    ``works``: the text shows a call that succeeds with the same key.

    IAM User Guide, "Temporary security credentials in IAM": a session's key has a token, and a user's has none
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html). AWS Account Management
    reference guide, "Enable or disable AWS Regions in your account": in a Region that is not enabled no key is valid
    (https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html). AuthFailure is among the codes
    that the AWS SDK for Java treats as a possible clock skew (AwsErrorCode, https://github.com/aws/aws-sdk-java-v2).
    """
    user, session = OF_USER.search(text) is not None, OF_SESSION.search(text) is not None
    clock = [_CLOCK] if _OF_EC2.search(text) and not clocks_agree(text) else []
    if works:
        return _either(_OTHER_KEYS, *clock, *_of_region(text), _NEW)
    if not user and not session and OWN_ROLE.search(text):
        return (
            "the program uses other keys (variables, a file, the code) instead of the role's, the session token is "
            "missing or cut off, or the role was deleted and created again"
        )
    if session and not user:
        return _either(*clock, "its session token is cut off or from another session", *_of_region(text))
    if user and not session:
        if TOKEN_SHOWN.search(_NO_TOKEN.sub("", text)):
            return (
                "the program sends a session token with the key, although a key AKIA… has none, or the key is "
                "deleted or inactive"
            )
        return _either(*clock, *_of_region(text), "the key is deleted, inactive or mistyped")
    if clock:
        return _either(*clock, *_of_region(text), "the key is deleted, inactive, mistyped or without its session token")
    return _either(_TOKEN, *_of_region(text), "the key is deleted, inactive or mistyped")


def _either(*faults: str) -> str:
    return ", or ".join((", ".join(faults[:-1]), faults[-1])) if len(faults) > 1 else faults[0]


def _of_region(text: str) -> list[str]:
    """The Region as a possible fault, unless the text names the call's Region and it is enabled in every account."""
    return [] if called_default_region(text) else ["the Region is not enabled or is in another partition"]


def called_default_region(text: str) -> str:
    """Return the Region of the call that the text names, if it is enabled in every account; "" otherwise."""
    called = around(text).region
    name = called.value if called is not None and called.value else ""
    always = is_known_region(name) and not opt_in_region(name) and not other_partition_region(name)
    return name if always else ""
