"""Rows for a bucket or an object that does not exist."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

# Hosts of AWS, as programs name the one that they called.
MISSING_OBJECT = "the object and its key"

BUCKETS_AND_OBJECTS: tuple[System, ...] = (
    # Amazon S3 API Reference, "Error responses": NoSuchBucket
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
    made_system(
        "the bucket's name",
        "Compare the name with aws s3 ls, or create the bucket. A bucket's name is the same in every account and "
        "Region. A missing permission is not the cause.",
        r"\(NoSuchBucket\)\s+when\s+calling",
        "nosuchbucket",
        subject=r"(?:s3://|--bucket[ =][\"']?)([a-z0-9][a-z0-9.-]{2,62})",
        unless=r"is\s+not\s+authorized\s+to\s+perform",
        verdict="There is no bucket {name}: the name is misspelled, or the bucket was not created. A missing "
        "permission is not the cause.",
        title="Correct the bucket's name, or create the bucket",
    ),
    # Amazon S3 API Reference, "GetObject": NoSuchKey, which only a caller that may list the bucket gets
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
    made_system(
        "the object's key",
        "List the bucket (aws s3 ls s3://BUCKET/PREFIX/) and compare the key letter by letter, or look at the program "
        "that should have written the object. A missing permission is not the cause.",
        r"\(NoSuchKey\)\s+when\s+calling",
        "nosuchkey",
        verdict="The bucket has no object with this key, so the read fails. No permission is missing.",
        title="Compare the key with the objects of the bucket",
    ),
    # Amazon S3 API Reference, "HeadObject": 404 for a missing object only to a caller that may list the bucket
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    made_system(
        MISSING_OBJECT,
        "List the bucket (aws s3 ls s3://BUCKET/PREFIX/) and compare the key letter by letter, or look at the program "
        "that should have written the object. A missing permission is not the cause.",
        r"^fatal error: An error occurred \(404\)\s+when\s+calling\s+the\s+HeadObject\s+operation",
        "when calling the headobject",
        subject=r"operation: Key \"([^\"\s]{1,300})\" does not exist",
        unless=r"is\s+not\s+authorized\s+to\s+perform|AccessDenied",
        verdict="There is no object {name} in the bucket: S3 answers 404 only for a missing object, to a caller that "
        "is allowed to list the bucket. No permission is missing.",
        title="Compare the key with the objects of the bucket",
    ),
)
