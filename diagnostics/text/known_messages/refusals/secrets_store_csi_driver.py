"""Messages of the Secrets Store CSI driver."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.regions import REGION_NAME


def _unread_secret(before: str, region: str, option: str) -> ServiceSentence:
    """Return the row for the AWS provider of the Secrets Store CSI driver, which hides AWS's error.

    https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md
    """
    return row(
        "failed to fetch secret from all regions",
        rf"{before}Failed to fetch secret from all regions\. Verify secret exists and required permissions are granted "
        r"for: (?P<secret>[^\s\"',]+)",
        "the pod's role, or nobody",
        f"the secret {{secret}} could not be read in {region}, but AWS's own error is not in the message",
        f"The secret {{secret}} does not exist in {region}, or the role of the pod's service account is not allowed to "
        "read it: the message does not say which.",
        UsualCause(
            f"First check whether the secret exists with this exact name in {region}. If it does, allow the role of "
            "the pod's service account (not the node's) to perform secretsmanager:GetSecretValue and "
            "secretsmanager:DescribeSecret on the secret, and kms:Decrypt on its key if the key is customer managed. "
            "AWS's own error is in the provider's log (pods of csi-secrets-store-provider-aws) and in the call's "
            "event in CloudTrail.",
            f"aws secretsmanager describe-secret --secret-id {{secret}}{option}",
        ),
        page="https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md",
    )


UNREAD_SECRETS: tuple[ServiceSentence, ...] = (
    _unread_secret(rf"(?P<region>{REGION_NAME}): ", "{region}", " --region {region}"),
    _unread_secret("", "the Region where the program looks for it", ""),
)
