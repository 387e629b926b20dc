"""Messages of Amazon Kendra."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who
from iam.claims import Ground

KENDRA: tuple[ServiceSentence, ...] = (
    row(
        "make sure amazon kendra is a trusted entity",
        r"(?:IAM )?[Rr]ole \(?(?P<role>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*[\w+=@-])?\)?[^\n]{0,20}could "
        r"not be assumed"
        r"\.? Please make sure Amazon Kendra is a trusted entity",
        "Kendra, by the role {role}",
        "Kendra cannot assume the role",
        "Amazon Kendra cannot assume the role {role}: its trust policy must let kendra.amazonaws.com perform "
        "sts:AssumeRole.",
        UsualCause("Add that statement to the trust policy of the index's or data source's role. Whoever sets the "
                   "role needs iam:PassRole on it.",
                   None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/kendra/latest/dg/troubleshooting-data-sources.html",
        cause="trust.principal-mismatch",
        ground=Ground.STATED,
        asks=assumed_by("kendra.amazonaws.com"),
    ),
    row(
        ("failed to access s3 file prefix", "failed to create log group for job"),
        r"Failed to (?P<what>access S3 file prefix|create log group for job)[^\n]{0,120}?[Mm]ake sure (?:that "
        r")?the IAM "
        r"[Rr]ole(?: \((?P<role>arn:[^)\s]+)\))? provided has sufficient permissions",
        "the role of the Kendra index or data source",
        "Kendra's role lacks permissions ({what})",
        "Kendra's own role lacks the permission ({what}): for S3 change the data source's role, for log groups the "
        "index's. The caller's policies do not matter.",
        UsualCause("The data source's role needs s3:GetObject on the objects and s3:ListBucket on the bucket (and "
                   "kms:Decrypt on its key). The index's role needs cloudwatch:PutMetricData, logs:DescribeLogGroups, "
                   "logs:CreateLogGroup, logs:CreateLogStream, logs:DescribeLogStreams and logs:PutLogEvents under "
                   "/aws/kendra/."),
        page="https://docs.aws.amazon.com/kendra/latest/dg/iam-roles.html",
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
)  # fmt: skip
