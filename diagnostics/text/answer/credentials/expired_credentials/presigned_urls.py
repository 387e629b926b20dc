"""Rows for presigned URLs that have expired."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault
from iam.claims import Ground

PRESIGNED_URLS: tuple[CredentialFault, ...] = (
    # S3 User Guide, "Download and upload objects with presigned URLs".
    fault(
        r"Request has expired",
        "The presigned URL has expired. The permissions of the caller are not the cause.",
        "Create a new presigned URL, signed with credentials that last at least as long as the URL",
        "aws s3 presign s3://BUCKET/KEY --expires-in 3600",
        "A presigned URL expires after its own time (X-Amz-Expires), and at the latest when the session that signed it "
        "ends.",
        speaker=r"X-Amz-Expires|<Expires>|[?&]Expires=|AccessDenied",
        check=None,
    ),
    # S3 User Guide, "Download and upload objects with presigned URLs", "Expiration of presigned URLs": a URL that was
    # made with temporary credentials ends with them, even if it was made with a later time
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
    fault(
        r"<Code>ExpiredToken|pre-?signed[^\n]{0,60}ExpiredToken",
        "The session that signed the presigned URL has ended, so the URL has expired too, whatever its own expiry "
        "says. The permissions on the object are not the cause.",
        "Create the URL when it is requested, or sign it with credentials that last as long as the URL",
        "aws s3 presign s3://BUCKET/KEY --expires-in 3600",
        "A role's session lasts only hours, and a URL signed with it expires with the session, even if the URL's own "
        "expiry is days away.",
        speaker=r"\A(?![\s\S]*(?:when calling the \w+ operation|operation error|api error))[\s\S]*?(?:X-Amz-Expires"
        r"|pre-?signed|\bExpiresIn ?[=:] ?\d|--expires-in\b|generate_presigned_url|getSignedUrl"
        r"|\b(?:[Ll]ink|URL|url)s?\b[^\n]{0,80}\b(?:expir|valid))",
        check=None,
        ground=Ground.LIKENESS,
    ),
)
