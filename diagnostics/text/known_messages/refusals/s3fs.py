"""Messages of s3fs."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

S3FS: tuple[ServiceSentence, ...] = (
    row(
        ("failed to check bucket and directory", "check bucket failed"),
        r"Failed to check bucket and directory for mount point ?: ?(?:Invalid Credentials)?\(host=[^\n]{0,200}?"
        r"message=[^\n]{0,40}?Access ?Denied|Check bucket failed, S3 response: [\s\S]{0,120}<Code>AccessDenied",
        "the keys or the role of s3fs",
        "S3 refused the listing with which s3fs checks the bucket",
        "S3 refused the listing with which s3fs checks the bucket: its keys or role need s3:ListBucket on the bucket, "
        "in addition to s3:GetObject and s3:PutObject on the objects.",
        UsualCause(
            "Allow the identity that mounts the bucket to perform s3:ListBucket on arn:aws:s3:::BUCKET (not on "
            "BUCKET/*). That identity is the keys in passwd_file, the profile, or the instance's role. If the policy "
            "limits s3:prefix, mount that folder (BUCKET:/FOLDER).",
            "aws s3api list-objects-v2 --bucket BUCKET --max-items 1",
            needs=("s3:ListBucket", "s3:GetObject", "s3:PutObject"),
        ),
        UsualCause(
            "s3fs uses a different identity from the intended one: started by fstab or sudo, it runs as root and "
            "reads root's files.",
            who=Who.CALLER,
        ),
        page="https://github.com/s3fs-fuse/s3fs-fuse/blob/master/README.md",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
