"""Messages of Amazon MQ."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

AMAZON_MQ: tuple[ServiceSentence, ...] = (
    row(
        "rabbitmq_invalid_kms_key",
        r"\bRABBITMQ_INVALID_KMS_KEY\w*",
        "Amazon MQ, by the KMS key of the broker",
        "Amazon MQ cannot use the broker's KMS key any longer",
        "Amazon MQ can no longer use the broker's KMS key: it is disabled, is scheduled for deletion, or Amazon MQ's "
        "grant on it was removed.",
        UsualCause(
            "Enable the key (or cancel its deletion), and see that its grant for Amazon MQ exists. Then reboot "
            "the broker.",
            "aws kms list-grants --key-id KEY",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/amazon-mq/latest/developer-guide/troubleshooting-action-required-codes-rabbitmq-invalid-kms.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
)
