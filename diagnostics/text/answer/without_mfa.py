"""Say how a user passes a policy that denies calls without MFA, given what the text shows."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.identities.config_sections import role_profiles, section_of
from diagnostics.who import Who
from iam.arn import Arn
from iam.lazy_pattern import regex

_WANTS_MFA = regex(r"aws:MultiFactorAuthPresent[\"']?\s*[:=]?\s*\[?\s*[\"']?false", re.IGNORECASE)
_SAVED = regex(r"get-session-token\b(?P<options>[^\n>]{0,200})>\s*(?P<file>[\w./-]+)")
_SECURITY_KEY = regex(r"\b(?:yubi-?key|fido2?|passkey|security key|u2f)\b", re.IGNORECASE)
_CODE = "aws sts get-session-token --serial-number MFA-ARN --token-code CODE"


_TRUST_WANTS = regex(r"MultiFactorAuthPresent[\"']?[^\n\w]{0,12}(?:is |=|: )?[\"']?true\b", re.IGNORECASE)
_ROLE_PROFILE = regex(r"^[ \t]*role_arn[ \t]*=", re.MULTILINE)
_SERIAL_SET = regex(r"\bmfa_serial[ \t]*=|--serial-number\b")
_ASSUMES = regex(r"\bsts assume-role\b[^\n`]*")


def _without_code(text: str, role: str) -> str:
    """Return how to send an MFA code, if a trust policy requires MFA and the text's profile or command sends none.

    The CLI sends MFA only with both --serial-number and --token-code: AWS CLI reference, "assume-role"
    (https://docs.aws.amazon.com/cli/latest/reference/sts/assume-role.html).
    """
    if _TRUST_WANTS.search(text) and (lacking := _profile_without_serial(text, role)):
        return (
            f"The role's trust policy requires MFA, and the profile {lacking} of this role sends none: set mfa_serial "
            f"in [profile {lacking}] itself. The AWS CLI and the SDKs do not take it from source_profile."
        )
    if _TRUST_WANTS.search(text) and _ROLE_PROFILE.search(text) and not _SERIAL_SET.search(text):
        return (
            "The role's trust policy requires MFA, but the profile sends none: in the profile, set mfa_serial to "
            "the ARN of the user's MFA device. The CLI then asks for the code."
        )
    commands = [found[0] for found in _ASSUMES.finditer(re.sub(r"\\[ \t]*\r?\n", " ", text))]
    if not _TRUST_WANTS.search(text) or not commands or any("--serial-number" in each for each in commands):
        return ""
    return (
        "The role's trust policy requires MFA, but the command sends none: add --serial-number MFA-ARN and "
        "--token-code CODE, or set mfa_serial in the profile."
    )


def _profile_without_serial(text: str, role: str) -> str:
    """Return the text's only profile of the role if another profile has mfa_serial, and this profile lacks it; else "".

    AWS CLI User Guide, "Using an IAM role in the AWS CLI": mfa_serial is a setting of the role's profile
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html#cli-configure-role-mfa). aws-vault has
    rules of its own.
    """
    named = [name for name, arn in role_profiles(text).items() if arn == role]
    if len(named) != 1 or "aws-vault" in text or "--serial-number" in text:
        return ""
    section = section_of(named[0], text)
    return named[0] if section and "mfa_serial" not in section and "mfa_serial" in text else ""


_PRINTED = regex(
    r"get-session-token\b(?=[^\n>|]*--serial-number)[^\n>|]*\n(?:(?!\$ )[^\n]*\n){0,3}?[^\n]*\"Credentials\"\s*:"
    r"(?P<then>[\s\S]*)"
)
_USED = regex(r"\bAWS_SESSION_TOKEN\b|\baws_session_token\b|--profile\b|\bAWS_PROFILE\b|\$\{?(?:creds?|CREDS?)\b")


def _is_only_printed(text: str, caller: str) -> bool:
    """Whether get-session-token with MFA printed a session, and the caller is refused then, with no sign of its use."""
    found = _PRINTED.search(text)
    return found is not None and caller in found["then"] and _USED.search(found["then"]) is None


def without_mfa(denial: Denial) -> str:
    """Return how a user passes a Deny in the text that requires MFA; "" for other denials.

    IAM User Guide, "Secure API access with MFA": access keys alone carry no MFA, and FIDO security keys cannot be used
    with API calls (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
    """
    caller = Arn.parse_principal(denial.principal or "")
    text = denial.pasted or denial.text
    if caller is not None and caller.type == "user" and (denial.action or "").lower() == "sts:assumerole":
        return _without_code(text, denial.resource or "")
    explicit = (denial.stated_reason or "").startswith("explicit")
    if explicit and _is_session_token(denial) and _WANTS_MFA.search(text):
        return (
            "The policy that requires MFA also denies sts:GetSessionToken, the call with which access keys get a "
            "session with MFA: that call itself is made without MFA. Add sts:GetSessionToken to the NotAction of the "
            "Deny statement."
        )
    if caller is None or caller.type != "user" or not explicit:
        return ""
    if _is_only_printed(text, denial.principal or ""):
        return (
            "Most likely the session with MFA that get-session-token returned was only printed: nothing in the "
            f"text uses this session, so the refused call came with the access keys of {caller.name}, without MFA. "
            "Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to the three values, or put them "
            "into a profile, and call again. If the Deny also refuses that call, read its conditions."
        )
    if not _WANTS_MFA.search(text):
        return ""
    begin = f"Calls with the access keys of {caller.name} are made without MFA, even if the console sign-in used MFA."
    saved = _SAVED.search(text)
    if saved is not None and "--serial-number" not in saved["options"]:
        return f"{begin} A session of get-session-token without the device's code also has no MFA: call {_CODE}."
    if saved is not None:
        return (
            f"{begin} The session of get-session-token was not used: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
            f"AWS_SESSION_TOKEN to its values (in {saved['file']}), then call again."
        )
    if _SECURITY_KEY.search(text):
        return (
            f"{begin} A security key (FIDO) has no code for get-session-token: call from CloudShell in the console "
            "session, or register an authenticator app (TOTP) as a further MFA device and use its code."
        )
    return f"{begin} Get a session with MFA ({_CODE}), and call with the three values that it returns."


_SEND_IT = (
    "Set mfa_serial in the profile that has role_arn, or add --serial-number MFA-ARN and --token-code CODE to the "
    "command. MFA-ARN is the ARN of the user's own device (aws iam list-mfa-devices). The trust policy needs no change."
)


def _is_session_token(denial: Denial) -> bool:
    return (denial.action or "").lower() == "sts:getsessiontoken"


def needs_itself(denial: Denial, part: object) -> bool:
    """Return whether a part of the answer is a fix that needs sts:GetSessionToken, which is refused."""
    return _is_session_token(denial) and isinstance(part, Fix) and "get-session-token" in part.change.text


_EXEMPT_IT = (
    "Add sts:GetSessionToken to the NotAction of the statement that denies calls without MFA; the user cannot do that "
    "with these keys. Until then, sign in to the console with MFA. Then call aws sts get-session-token --serial-number "
    "MFA-ARN --token-code CODE, and use the three values that it returns."
)


def fix_without_mfa(denial: Denial) -> Fix | None:
    """Return the fix for a role's profile without mfa_serial, or for a refused session; None for other calls.

    IAM User Guide, "AWS: Allows MFA-authenticated IAM users to manage their own credentials": sts:GetSessionToken is in
    NotAction (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html).
    """
    if _is_session_token(denial):
        return Fix(
            "Exempt sts:GetSessionToken from the Deny", Who.ACCOUNT_ADMIN, Note("the policy in the text", _EXEMPT_IT)
        )
    if (denial.action or "").lower() != "sts:assumerole":
        return None
    if not _profile_without_serial(denial.pasted or denial.text, denial.resource or ""):
        return None
    return Fix("Send an MFA code with the call", Who.CALLER, Note("the profile or command of the call", _SEND_IT))
