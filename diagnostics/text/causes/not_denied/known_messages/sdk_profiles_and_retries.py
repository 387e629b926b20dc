"""Messages of AWS SDKs about profiles that they cannot use, and about their own limit of retries."""

from __future__ import annotations

import re

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import Said, contains, quoted
from diagnostics.text.read.author.contrasts import works_in_the_cli
from diagnostics.who import Who
from iam.lazy_pattern import regex

SDK_MESSAGES = (
    # AWS SDK for Rust, crate aws-config, feature flags (https://docs.rs/aws-config/latest/aws_config/#feature-flags).
    Said(
        r"requires following cargo feature\(s\) enabled: [\w-]+",
        "The program was built without this feature of the AWS SDK for Rust, so it cannot use this kind of profile "
        "(the sso feature is for IAM Identity Center profiles). The AWS CLI can. Use another version of the program, "
        'or give it exported credentials: eval "$(aws configure export-credentials --profile PROFILE --format '
        'env)". The profile and the permissions are not the cause.',
        None,
        Who.CALLER,
    ),
    # AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider": the section sso-session
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
    Said(
        r"sso-session [\w.-]+[`'\"]? (?:ignored|was not a valid)[^\n]{0,80}|`sso_region` was missing",
        "The program's AWS SDK is too old for [sso-session] sections: the configuration is valid for the AWS CLI. "
        "Update the program, or write sso_start_url and sso_region into the profile itself, without sso_session, or "
        'give the program exported credentials: eval "$(aws configure export-credentials --profile PROFILE --format '
        'env)".',
        None,
        Who.CALLER,
    ),
    # AWS SDKs and Tools Reference Guide, "Retry behavior": the client's own retry quota
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
    Said(
        r"(?<!GetMetadata, )failed to get rate limit token, retry quota exceeded",
        "The AWS SDK stopped retrying: this limit is the client's own, not an AWS quota. The errors before it "
        "(timeouts, throttling, 5xx) are the cause: log each attempt.",
        None,
        Who.CALLER,
    ),
)

_SIGN_IN_REFUSED = (
    r"(?:\bSSO\b|Identity Center)[^\n]{0,40}\b(?:log-?in|session|token|credentials?)\b[^\n]{0,30}?"
    r"\b(?:expired|invalid|missing|not found|not valid)\b|\bno (?:cached |valid )*SSO (?:login|session|token)"
)
_PROFILE = regex(r"^[ \t]*\[profile [^\]\n]+\](?P<settings>(?:\n(?![ \t]*\[)[^\n]*)*)", re.MULTILINE)


def unread_section(text: str) -> FirstLook | None:
    """A program that finds no sign-in of a profile with sso_session, while the AWS CLI works with the same sign-in.

    AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider": a profile has sso_session, or, in the
    legacy form, sso_start_url and sso_region
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
    """
    said = quoted(text, _SIGN_IN_REFUSED)
    profiles = [each["settings"] for each in _PROFILE.finditer(text)]
    new = any("sso_session" in each and "sso_start_url" not in each for each in profiles)
    if not said or not new or works_in_the_cli(text) is None:
        return None
    return FirstLook(
        "The sign-in is valid, because the AWS CLI works: most likely this version of the program does not read "
        "[sso-session] sections. Update the program, or write sso_start_url and sso_region into the profile itself. "
        "Signing in again does not help.",
        contains(said),
        None,
        Who.CALLER,
    )
