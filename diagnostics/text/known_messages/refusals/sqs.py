"""Messages of Amazon SQS."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"

SQS: tuple[ServiceSentence, ...] = (
    # Amazon SQS API Reference, "Common errors", and "SendMessage": the queue's URL.
    row(
        "queue does not exist or you do not have access to it",
        r"The specified queue does not exist or you do not have access to it",
        "the caller",
        "SQS has no such queue for this caller",
        "SQS has no queue at the URL of the call, or the caller has no access to it. Compare the account, the Region "
        "and the name in the URL with the queue's ARN first.",
        UsualCause(
            "The URL is of another account or Region, or the name is misspelled: "
            "https://sqs.REGION.amazonaws.com/ACCOUNT/NAME has the same values as "
            "arn:aws:sqs:REGION:ACCOUNT:NAME.",
            "aws sqs get-queue-url --queue-name NAME --queue-owner-aws-account-id ACCOUNT",
            Who.CALLER,
        ),
        UsualCause(
            "The queue is another account's, and its policy does not allow the caller.", None, Who.RESOURCE_OWNER
        ),
        page="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
        "sqs-queue-message-identifiers.html",
    ),
    row(
        ("kmsaccessdenied", "have the required kms access"),
        # In these letters: Amazon SNS answers KMSAccessDenied.
        r"\b(?-i:KmsAccessDenied)\b|caller doesn.t have the required KMS access",
        "the caller, by the KMS key of the queue",
        "the caller is not allowed to use the KMS key of the queue",
        "The caller is not allowed to use the queue's KMS key. In the key policy or the caller's policies, allow the "
        "caller kms:GenerateDataKey and kms:Decrypt to send, and kms:Decrypt to receive.",
        UsualCause(
            "An AWS managed key (alias/aws/sqs) cannot be used by other accounts or by services that send to "
            "the queue: use a customer managed key, and name the sender in its policy.",
            "aws sqs get-queue-attributes --queue-url URL --attribute-names KmsMasterKeyId",
        ),
        page=f"{_API}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
    ),
)
