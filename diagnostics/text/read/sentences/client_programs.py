"""Sentences of programs that use S3, which say that a call was denied but not which one."""

from __future__ import annotations

from diagnostics.text.read.sentences.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

CLIENT_PROGRAMS: tuple[ServiceSentence, ...] = (
    row(
        "failed to check bucket and directory",
        r"Failed to check bucket and directory for mount point ?: ?(?:Invalid Credentials)?\(host=[^\n]{0,200}?"
        r"message=[^\n]{0,40}?Access ?Denied",
        "the keys or the role of s3fs",
        "S3 refused the listing with which s3fs checks the bucket",
        "S3 refused the listing with which s3fs checks the bucket: its keys or role need s3:ListBucket on the bucket, "
        "besides s3:GetObject and s3:PutObject on the objects.",
        UsualCause(
            "Allow s3:ListBucket on arn:aws:s3:::BUCKET (not on BUCKET/*) to the identity of the mount: the keys in "
            "passwd_file, the profile, or the instance's role. If the policy limits s3:prefix, mount that folder "
            "(BUCKET:/FOLDER).",
            "aws s3api list-objects-v2 --bucket BUCKET --max-items 1",
        ),
        UsualCause(
            "Another identity than the one that was meant: by fstab or sudo, s3fs runs as root and reads root's files.",
            who=Who.CALLER,
        ),
        page="https://github.com/s3fs-fuse/s3fs-fuse/blob/master/README.md",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("failed to copy: accessdenied", "failed to copy: operation error s3"),
        r"\A(?=[\s\S]*\brclone\b)[\s\S]*?Failed to copy: (?:operation error S3: CreateBucket\b[^\n]{0,300})?"
        r"AccessDenied: Access Denied",
        "rclone's keys or role",
        "S3 refused a call that rclone makes by itself before or while it uploads",
        "S3 refused rclone, most likely s3:CreateBucket: before an upload rclone makes sure that the bucket exists. If "
        "it exists, set no_check_bucket = true.",
        UsualCause(
            "no_check_bucket = true in the remote (--s3-no-check-bucket) leaves that call out. Without it the policy "
            "needs s3:CreateBucket on the bucket.",
            who=Who.CALLER,
        ),
        UsualCause(
            "The policy lacks another action that rclone needs: s3:ListBucket on the bucket, s3:GetObject, "
            "s3:PutObject, s3:PutObjectAcl and s3:DeleteObject on the objects. rclone -vv --dump headers shows the "
            "call that is refused."
        ),
        page="https://rclone.org/s3/#s3-permissions",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
