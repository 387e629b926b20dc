"""Messages of rclone."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

RCLONE: tuple[ServiceSentence, ...] = (
    row(
        ("failed to copy: accessdenied", "failed to copy: operation error s3", "failed to prepare upload"),
        r"\A(?=[\s\S]*\brclone\b)[\s\S]*?Failed to copy: (?:failed to prepare upload: )?"
        r"(?:operation error S3: CreateBucket\b[^\n]{0,300})?AccessDenied: Access Denied",
        "rclone's keys or role",
        "S3 refused a call that rclone itself makes before or during an upload",
        "S3 refused rclone, most likely s3:CreateBucket: before an upload, rclone makes sure that the bucket exists. "
        "If the bucket exists, set no_check_bucket = true.",
        UsualCause(
            "With no_check_bucket = true in the remote (--s3-no-check-bucket), rclone does not make that call. "
            "Without this setting, the policy needs s3:CreateBucket on the bucket.",
            who=Who.CALLER,
        ),
        UsualCause(
            "The policy lacks another action that rclone needs: s3:ListBucket on the bucket, s3:GetObject, "
            "s3:PutObject, s3:PutObjectAcl and s3:DeleteObject on the objects. rclone -vv --dump headers shows the "
            "call that is refused.",
            needs=("s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
        ),
        page="https://rclone.org/s3/#s3-permissions",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
        unless=r"no_check_bucket[ \t]*=[ \t]*true|--s3-no-check-bucket\b",
    ),
)
