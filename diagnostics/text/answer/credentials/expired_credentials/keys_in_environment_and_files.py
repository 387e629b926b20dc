"""Rows for expired keys in the environment or in the credentials file."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, FORGET, WHO, CredentialFault, fault
from iam.claims import Ground

EXPIRED_KEYS: tuple[CredentialFault, ...] = (
    fault(
        r"Expired|has expired|token is expired",
        "The keys in the environment ({exported}) have expired, and they override {profile_words}.{signed_in}",
        "Remove the old keys from the environment",
        f"{FORGET}\n{WHO}",
        "Old keys in the environment override AWS_PROFILE and the default profile: remove the keys from the "
        "environment.",
        check="env | grep ^AWS_ | cut -d= -f1",
        needs="exported",
        ground=Ground.LIKENESS,
    ),
    fault(
        r"Expired|has expired|token is expired",
        "The keys in the credentials file (~/.aws/credentials) have expired: `aws configure list` says that they come "
        "from this file. No permission is missing.",
        "Remove the expired keys from the credentials file, or create new ones",
        f"{CONFIGURED}\n{WHO}",
        "Temporary keys that were copied into the credentials file override the profile's sign-in.",
        needs="stored",
    ),
    # IAM User Guide, "Use temporary credentials with AWS resources": only temporary keys have a session token
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    fault(
        r"Expired|has expired|token is expired",
        "The text shows a user's access key (AKIA…) together with a session token. Such a key has no session token, so "
        "most likely the token is left over from a session that has ended. Remove the token.",
        "Remove the session token, then try the key again",
        f"unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN  # in a profile: delete its line aws_session_token\n{WHO}",
        "The token is from an earlier session. A user's access key does not expire.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="left_over_token",
    ),
)
