"""The row for a browser that blocks a call by CORS."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

CORS: tuple[System, ...] = (
    # Amazon S3 User Guide, "Using cross-origin resource sharing (CORS)", troubleshooting
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors-troubleshooting.html).
    made_system(
        "the server's CORS configuration",
        "Look at the status of the same request in the browser's tools. If it is 200, let the server's CORS "
        "configuration allow the page's origin, method and headers (S3: aws s3api put-bucket-cors). An error such as "
        "403 also has no CORS header: in that case, solve the error first.",
        r"has\s+been\s+blocked\s+by\s+CORS\s+policy\b",
        "blocked by cors policy",
        verdict="The browser withheld the answer, because it has no CORS header that allows the page's origin: CORS "
        "grants no permission, and no IAM policy sets it.",
        title="Let the server allow the page's origin",
        unless=r"not authorized|Access ?Denied|\b403\b",
        sure=False,
    ),
)
