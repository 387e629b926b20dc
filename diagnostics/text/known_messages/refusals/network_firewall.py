"""Messages of AWS Network Firewall about its logs."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"

NETWORK_FIREWALL: tuple[ServiceSentence, ...] = (
    row(
        "logdestinationpermissionexception",
        r"\bLogDestinationPermissionException\b",
        "the delivery of the firewall's logs",
        "the log destination does not allow the delivery, or the caller is not allowed to set it up",
        "Network Firewall cannot send logs to the destination: the destination's policy does not let "
        "delivery.logs.amazonaws.com write, or the caller is not allowed to set up the delivery.",
        UsualCause(
            "For a bucket, its policy must let delivery.logs.amazonaws.com perform s3:GetBucketAcl on it and "
            "s3:PutObject on AWSLogs/ACCOUNT/*. For a log group, the resource policy of CloudWatch Logs must "
            "let the same service perform logs:CreateLogStream and logs:PutLogEvents. The KMS key of the "
            "destination must allow that service, too.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "Whoever makes the call needs logs:CreateLogDelivery, GetLogDelivery, UpdateLogDelivery, "
            "DeleteLogDelivery and ListLogDeliveries on *, and the actions that the destination's page lists.",
            needs=(
                "logs:CreateLogDelivery",
                "logs:GetLogDelivery",
                "logs:UpdateLogDelivery",
                "logs:DeleteLogDelivery",
                "logs:ListLogDeliveries",
            ),
        ),
        page=f"{_API}/network-firewall/latest/developerguide/firewall-logging-permissions.html",
    ),
)
