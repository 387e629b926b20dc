"""Messages of Amazon S3 whose words alone indicate their cause: sessions of directory buckets, keys not found."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

S3_MESSAGES = (
    # Amazon S3 API Reference, "CreateSession": a session is ReadWrite unless x-amz-create-session-mode says ReadOnly
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html).
    Said(
        r"s3express:SessionMode[\"']?\s*[:=]\s*\[?\s*[\"']ReadOnly[\"']",
        "The condition allows only sessions that ask for ReadOnly, and most clients ask for ReadWrite, the default "
        "of CreateSession; a client's read-only option may not affect the request. Use a client that sends "
        "x-amz-create-session-mode: ReadOnly, or allow ReadWrite sessions for this role. CloudTrail's CreateSession "
        "events show the mode.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # Amazon S3 API Reference, "HeadObject": 404 for a caller that may list the bucket, 403 for others
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    Said(
        r"\(404\) when calling the HeadObject operation: Key \"[^\"\n]{1,300}\" does not exist",
        "S3 has no object with this key: compare the key letter by letter with the bucket's list of objects, or find "
        "out why the object was never written. No permission is missing: S3 answers 403 to a caller that is not "
        "allowed to list the bucket.",
        None,
        Who.CALLER,
    ),
)
