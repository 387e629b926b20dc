"""Messages of Amazon S3 about access logs, MFA delete, object ownership, presigned URLs, access points."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who
from iam.claims import Ground

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"

S3_SETTINGS: tuple[ServiceSentence, ...] = (
    row(
        "invalidtargetbucketforlogging",
        r"\bInvalidTargetBucketForLogging\b",
        "S3's log delivery",
        "the target bucket does not let S3 write its logs",
        "The target bucket does not let S3 write access logs: its policy must allow logging.s3.amazonaws.com to "
        "perform s3:PutObject. The caller's own policies are not the cause.",
        UsualCause("Add the statement to the target bucket's policy, with aws:SourceAccount (and aws:SourceArn of the "
                   "logged bucket). The target must be in the same Region and account, with SSE-S3 only and no default "
                   "retention. Grants of WRITE and READ_ACP to the log-delivery group work only if ACLs are not turned "
                   "off.", None, Who.RESOURCE_OWNER),
        page=f"{_S3}/enable-server-access-logging.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        "mfa authentication must be used for this request",
        r"Mfa Authentication must be used for this request",
        "MFA delete is on for this bucket: deleting versions and changing versioning require the MFA device of the "
        "bucket owner's root user. No policy helps.",
        'As the root user with long-term keys pass the device and its code: --mfa "SERIAL CODE". Only the root user '
        "can turn MFA delete off (put-bucket-versioning, MFADelete=Disabled). Creating an ordinary delete marker needs "
        "no code.",
        f"{_S3}/MultiFactorAuthenticationDelete.html",
        "aws s3api get-bucket-versioning --bucket BUCKET",
    ),
    no_permission(
        "invalidbucketaclwithobjectownership",
        r"\b(?:CREATE_FAILED|CreateBucket|AccessControl)\b[\s\S]{0,600}?\bInvalidBucketAclWithObjectOwnership\b"
        r"|\bInvalidBucketAclWithObjectOwnership\b(?=[\s\S]{0,2000}?(?:\bAccessControl:|\bacl\s*=|--acl\b|\bCreateBucket\b))",
        "The request sets an ACL on a bucket that takes none (BucketOwnerEnforced, the default of new buckets): leave "
        "out the ACL, and give access in the bucket policy. No permission is missing.",
        "In CloudFormation remove AccessControl (for server access logs let the bucket policy allow "
        "logging.s3.amazonaws.com s3:PutObject), in Terraform aws_s3_bucket_acl, in a command --acl. Or set the object "
        "ownership BucketOwnerPreferred (OwnershipControls).",
        f"{_S3}/object-ownership-error-responses.html",
        "aws s3api get-bucket-ownership-controls --bucket BUCKET",
    ),
    no_permission(
        "invalidbucketaclwithobjectownership",
        r"\bInvalidBucketAclWithObjectOwnership\b",
        "The bucket's ACL still grants access to others: move those grants to the bucket policy and reset the ACL to "
        "private, then turn ACLs off. No permission is missing.",
        "Read the grants, then aws s3api put-bucket-acl --bucket BUCKET --acl private. In a request that creates the "
        "bucket, leave out the ACL, or set BucketOwnerPreferred.",
        f"{_S3}/object-ownership-error-responses.html",
        "aws s3api get-bucket-acl --bucket BUCKET",
    ),
    no_permission(
        "x-amz-expires must be less than a week",
        r"X-Amz-Expires must be less than a week",
        "The presigned URL asks for more than 7 days (604800 seconds), the longest that Signature Version 4 allows: "
        "sign it for a shorter time. No permission is missing.",
        "A URL signed with temporary credentials expires with them in any case. For longer access use another way, "
        "such as CloudFront's signed URLs.",
        f"{_S3}/using-presigned-url.html",
    ),
    no_permission(
        "buckethasaccesspointsattached",
        r"\bBucketHasAccessPointsAttached\b",
        "Access points still belong to the bucket: delete them first, then the bucket. No permission is missing.",
        "aws s3control list-access-points --account-id ACCOUNT --bucket BUCKET, then delete-access-point for each (of "
        "every Region and account that has one).",
        "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
    ),
    no_permission(
        ("nosuchaccesspoint", "specified accesspoint does not exist"),
        r"\bNoSuchAccessPoint\b|The specified accesspoint does not exist",
        "There is no access point of this name in the account and Region of its ARN: compare both. No permission is "
        "missing.",
        "aws s3control list-access-points --account-id ACCOUNT, with the ARN's Region; an alias ends with -s3alias.",
        "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
    ),
)  # fmt: skip
