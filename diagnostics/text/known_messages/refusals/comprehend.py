"""Messages of Amazon Comprehend."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row

COMPREHEND_DATA: tuple[ServiceSentence, ...] = (
    row(
        "s3 location could not be accessed by the data access role",
        r"Provided (?P<which>Input|Output) S3 location could not be accessed by the data access role",
        "the data access role",
        "the data access role is not allowed to use the {which} location",
        "The job's data access role is not allowed to use its {which} location: change that role, not the caller's "
        "policies.",
        UsualCause("Allow the data access role to perform s3:GetObject and s3:ListBucket on the input, and "
                   "s3:PutObject on the output; the role must trust comprehend.amazonaws.com.",
                   needs=("s3:GetObject", "s3:ListBucket", "s3:PutObject")),
        page="https://docs.aws.amazon.com/comprehend/latest/dg/security_iam_id-based-policy-examples.html",
        asks=assumed_by("comprehend.amazonaws.com"),
    ),
)  # fmt: skip

COMPREHEND_KEYS: tuple[ServiceSentence, ...] = (
    row(
        "kmskeyvalidation",
        r"\bKmsKeyValidation(?:Exception)?\b",
        "the caller or the data access role, by the KMS key",
        "Comprehend could not validate the KMS key",
        "Comprehend could not validate the KMS key: its ID or Region is wrong, it is not enabled, or the caller or "
        "the data access role is not allowed to use it.",
        UsualCause("Check the key first (enabled, symmetric, in the Region of the call). Then allow kms:CreateGrant, "
                   "kms:Decrypt, kms:GenerateDataKey and kms:DescribeKey to the caller and to the data access role, in "
                   "the key policy or their own policies.", "aws kms describe-key --key-id KEY",
                   needs=("kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey")),
        page="https://docs.aws.amazon.com/comprehend/latest/dg/security_iam_id-based-policy-examples.html",
    ),
)  # fmt: skip
