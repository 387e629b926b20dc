"""The row for chamber."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

CHAMBER: tuple[System, ...] = (
    # Chamber, README, "S3 Backend" (https://github.com/segmentio/chamber).
    documented(
        "chamber's bucket",
        "chamber is set to use S3, but no bucket is named: set CHAMBER_S3_BUCKET, or --backend-s3-bucket. AWS was not "
        "called.",
        "Without CHAMBER_SECRET_BACKEND chamber uses Parameter Store.",
        "Must set bucket for s3 backend",
        title="Name the bucket",
    ),
)
