"""Messages of the AWS Snow Family."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row

SNOW_KEYS: tuple[ServiceSentence, ...] = (
    row(
        "kmsrequestfailed",
        r"\bKMSRequestFailedException\b",
        "whoever orders the job",
        "the KMS key does not allow the Snow job",
        "The KMS key does not let this caller use it for the Snow job: allow the caller kms:CreateGrant and "
        "kms:DescribeKey, in its own policies and in the key policy.",
        UsualCause("The key must be enabled, in the job's Region, and symmetric. The job's own role (importexport) is "
                   "a separate matter.", "aws kms describe-key --key-id KEY"),
        page="https://docs.aws.amazon.com/snowball/latest/api-reference/API_CreateJob.html",
    ),
)  # fmt: skip
SNOW_IMAGES: tuple[ServiceSentence, ...] = (
    row(
        "ec2requestfailedexception",
        r"\bEc2RequestFailedException\b",
        "whoever orders the job",
        "the caller lacks EC2 permissions for the images of the Snow job",
        "Whoever orders the Snow job lacks EC2 permissions on the AMIs that are to be loaded on the device. Snow's own "
        "action was not refused.",
        UsualCause("Allow the caller ec2:DescribeImages and ec2:ModifyImageAttribute on those AMIs; they must belong "
                   "to this account and Region.", needs=("ec2:DescribeImages", "ec2:ModifyImageAttribute")),
        page="https://docs.aws.amazon.com/snowball/latest/api-reference/API_CreateJob.html",
    ),
)  # fmt: skip
