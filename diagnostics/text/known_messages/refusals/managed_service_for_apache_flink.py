"""Messages of Amazon Managed Service for Apache Flink."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

FLINK: tuple[ServiceSentence, ...] = (
    # Managed Service for Apache Flink Developer Guide, "Create and run the application (CLI)": the role reads the code.
    row(
        "unable to get the specified filekey",
        r"unable to get the specified fileKey:? (?P<key>\S+) in the specified bucket:? (?P<bucket>[\w.-]*\w)",
        "the application's service execution role",
        "the application's code cannot be read: the object or the service execution role's access is missing",
        "Managed Service for Apache Flink cannot read its code {key} in {bucket}: it reads with the application's "
        "service execution role. The permissions of whoever deploys are not the cause.",
        UsualCause("Upload {key} to {bucket}, or correct the key in the application: the listing in the text has other "
                   "objects beside it. Only if the object exists, check the service execution role's s3:GetObject.",
                   "aws s3 ls s3://{bucket}/{key}", Who.CALLER,
                   shown_by=r"\A(?=[\s\S]*fileKey:?\s+(?P<folder>(?:\S*/)?)(?P<file>[^/\s]+)\s+in\s+the\s+specified\s+"
                   r"bucket:?\s+(?P<of>[\w.-]*\w))(?=[\s\S]*aws\s+s3\s+ls\s+(?:--\S+\s+)*s3://(?P=of)/?(?P=folder)"
                   r"\s*?\n\s*\d{4}-\d\d-\d\d \d\d:)"
                   r"(?![\s\S]*\n\s*\d{4}-\d\d-\d\d [^\n]*[\s/](?P=file)\s*(?:\n|\Z))",
                   decides="The bucket's listing in the text has no {file}: upload the application's code under this "
                   "key, or correct the key. Only then check the service execution role."),
        UsualCause("If the bucket is encrypted with a customer managed KMS key, the role needs kms:Decrypt on that "
                   "key, in its policies and in the key policy: s3:GetObject alone is not enough.",
                   "aws s3api head-object --bucket BUCKET --key KEY", shown_by=r"s3:GetObject|\bKMS\b|\bencrypt"),
        UsualCause("The object does not exist yet, or has a different key or bucket: compare {key} and {bucket} letter "
                   "by letter, and upload before the application is created.", "aws s3 ls s3://BUCKET/KEY", Who.CALLER),
        UsualCause("The role needs s3:GetObject on the object, and must trust kinesisanalytics.amazonaws.com. If the "
                   "same deployment creates the role and the application, make the application depend on the role's "
                   "policy: the code is checked when the application is created.", None),
        page="https://docs.aws.amazon.com/managed-flink/latest/java/examples-gs-scala-create-run-cli.html",
    ),
)  # fmt: skip
