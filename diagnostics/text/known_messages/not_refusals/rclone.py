"""The row for rclone."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

RCLONE: tuple[System, ...] = (
    # rclone, "Amazon S3" (https://rclone.org/s3/), Glacier and Glacier Deep Archive.
    documented(
        "the object's storage class",
        "The object is archived, and rclone cannot read it before it is restored: run rclone backend restore or aws "
        "s3api restore-object, then wait.",
        "rclone backend restore REMOTE:BUCKET/KEY -o priority=Standard -o lifetime=7 (it needs s3:RestoreObject).",
        "Object in GLACIER, restore first",
        title="Restore the object first",
    ),
)
