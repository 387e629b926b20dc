"""Messages of GuardDuty about the export of findings."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who

# Amazon SES API Reference, "CreateReceiptRule": the errors mean a refusal, or something that does not exist.
# Amazon GuardDuty User Guide, "Exporting generated findings to Amazon S3": the conditions of its policies
# (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html).
_DETECTOR = (
    ("aws:SourceAccount", "{account}"),
    ("aws:SourceArn", "arn:{partition}:guardduty:{only_region}:{account}:detector/{detector}"),
)

FINDINGS: tuple[ServiceSentence, ...] = (
    row(
        "guardduty service principal",
        r"GuardDuty service principal does not have permission to the KMS key or the resource",
        "GuardDuty, which exports the findings",
        "GuardDuty is not allowed to use the bucket or the KMS key",
        "GuardDuty is not allowed to write its findings: the bucket's policy, or the KMS key's, does not allow it.",
        UsualCause(
            "The key's policy must allow guardduty.amazonaws.com to perform kms:GenerateDataKey, and the "
            "bucket's policy s3:GetBucketLocation on the bucket and s3:PutObject on its objects, with the "
            "account as aws:SourceAccount and the detector as aws:SourceArn. The key and the bucket must be in "
            "the same Region.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html",
        asks=tuple(
            OwnRequest("guardduty.amazonaws.com", action, keys=_DETECTOR)
            for action in ("kms:GenerateDataKey", "s3:GetBucketLocation", "s3:PutObject")
        ),
    ),
)
