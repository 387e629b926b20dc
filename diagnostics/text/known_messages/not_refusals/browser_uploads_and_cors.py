"""Rows for CORS and for signed upload forms."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

BROWSER_UPLOADS_AND_CORS: tuple[System, ...] = (
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
    # Amazon S3 API Reference, "POST policy": the form that the server signed
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html).
    made_system(
        "the signed policy of the upload form",
        "Let the server sign a POST policy with conditions that the form's fields meet (key, Content-Type, "
        "content-length-range, acl), and let the browser send exactly these fields. No IAM permission is missing for "
        "that.",
        r"Invalid\s+according\s+to\s+Policy\b",
        "invalid according to policy",
        verdict="S3 compared the upload form with the POST policy that the server signed for it, and a field does not "
        "match. Neither IAM policies nor the bucket's policy is the cause.",
        title="Make the form's fields and its signed policy agree",
    ),
)
