"""Decide a decryption by SOPS that fails where the profile or role in the encrypted file does not exist.

SOPS, "Encrypting using AWS KMS": a file's metadata contains the profile and the role that it was encrypted with, and
SOPS uses them to decrypt (https://getsops.io/docs/usage/identities/amazon-aws-kms/).
"""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex

_KEPT = regex(
    r"\benc:\s*\S+[^\n]*\n[ \t]*[\"']?aws_profile[\"']?:[ \t]*[\"']?(?P<name>[\w.-]+)"
    r"|\baws_profile[\"']?:[ \t]*[\"']?(?P<first>[\w.-]+)[\"']?[^\n]*\n(?:[^\n]*\n){0,4}?[ \t]*[\"']?enc[\"']?:"
)
_ELSEWHERE = regex(
    r"\bflux\w*|\bargo\w*|\bcontroller\b|\bservice account\b|\bserviceaccount\b|\bIRSA\b|\bpods?\b|\bclusters?\b|\bCI\b"
    r"|\bpipeline\b|\brunner\b|\bgithub actions\b|\bjenkins\b|\bcontainer\b|\bserver\b|\binstance\b",
    re.IGNORECASE,
)


def names_a_profile_of_elsewhere(denial: Denial) -> Decision | None:
    """Return the decision for a file of SOPS that names a profile, where another machine or a pod decrypts it."""
    text = denial.pasted or denial.text
    found = _KEPT.search(text)
    if found is None or not _ELSEWHERE.search(text) or not (denial.action or "kms:").startswith("kms:"):
        return None
    name = found["name"] or found["first"]
    return decide(
        "credentials.invalid",
        f"the encrypted file names aws_profile: {name}",
        f"The encrypted file itself names aws_profile: {name}. SOPS always decrypts with that profile. Most likely "
        "the profile is missing where SOPS ran, or does not have the credentials of the intended role.",
        f"Remove aws_profile: {name} from the file",
        Who.CALLER,
        "sops.kms in the encrypted file",
        "Delete the line from the file's metadata; the data key does not change. To encrypt without this line, set "
        f"AWS_PROFILE={name} in the environment instead of --aws-profile. No KMS permission has to change for this.",
    )
