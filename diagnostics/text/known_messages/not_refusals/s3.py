"""Rows for S3: buckets and objects, Regions, object ownership, upload forms, the console."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

S3_ANSWERS: tuple[System, ...] = (
    # Amazon S3 API reference, "GetObject": InvalidObjectState, and "RestoreObject"
    # (https://docs.aws.amazon.com/botocore/latest/reference/services/s3/client/exceptions/InvalidObjectState.html).
    made_system(
        "the archived object",
        "Restore the object first: aws s3api restore-object --bucket BUCKET --key KEY --restore-request Days=7 (which "
        "needs s3:RestoreObject). Wait until head-object shows that it is restored, then read it. Nobody has removed a "
        "permission.",
        r"\bInvalidObjectState\b"
        r"|operation\s+is\s+not\s+valid\s+for\s+the\s+(?:source\s+)?object's\s+storage\s+class",
        "invalidobjectstate",
        "object's storage class",
        verdict="The object is archived (S3 Glacier Flexible Retrieval, Deep Archive or an archive tier): S3 returns "
        "it only after it is restored. The 403 does not mean that a permission is missing.",
        title="Restore the archived object",
    ),
    # Amazon S3 API Reference, "Error responses": AuthorizationHeaderMalformed
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
    made_system(
        "the Region of the client",
        "Set the client's Region to that of the bucket, where the program reads it: its own setting, AWS_REGION, or "
        "region in the profile. An endpoint with a Region in its name does not set the client's Region. "
        f"{NONE_MISSING}",
        r"\bnon-empty\s+region\s+must\s+be\s+provided\s+in\s+the\s+credential\b",
        "non-empty region must be provided",
        verdict="The request was signed without a Region: set the client's Region. No key or policy is the cause.",
        title="Set the client's Region",
    ),
    made_system(
        "the client's credentials",
        "Set the access key where the program reads it, and look for an empty variable or setting (AWS_ACCESS_KEY_ID). "
        f"{NONE_MISSING}",
        r"\bnon-empty\s+Access\s+Key\s+\(AKID\)\s+must\s+be\s+provided\s+in\s+the\s+credential\b",
        "non-empty access key",
        verdict="The request was signed with an empty access key: set the client's credentials. No policy is the "
        "cause.",
        title="Give the client its access key",
    ),
    # Amazon S3 API Reference, "Error responses": PermanentRedirect
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html); AWS Lambda API reference, "FunctionCode"
    # (https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html).
    made_system(
        "the bucket's Region",
        "The bucket is in a different Region from the call: aws s3api head-bucket --bucket BUCKET returns its Region "
        "(BucketRegion). Call S3 in that Region (--region). A Lambda function's code must be in a bucket of the "
        f"function's own Region: copy the code to a bucket in that Region. {NONE_MISSING}",
        r"\bPermanentRedirect\b|must\s+be\s+addressed\s+using\s+the\s+specified\s+endpoint"
        r"|\bAuthorizationHeaderMalformed\b(?![^\x1e\n]{0,200}non-empty)[^\x1e\n]{0,200}\bregion\b"
        r"|\bauthorization\s+header\s+is\s+malformed;\s+the\s+region\b"
        # The AWS SDKs for Java, of an answer without a body.
        r"|\(Service:\s+(?:Amazon\s+)?S3[;,]\s+Status\s+Code:\s+301\b",
        "authorizationheadermalformed",
        "status code: 301",
        "authorization header is malformed; the region",
        "permanentredirect",
        "addressed using the specified endpoint",
        verdict="The bucket is in a different Region than the one that was called. A missing permission is not the "
        "cause.",
        regional=True,
    ),
    # Amazon S3 API Reference, "GetBucketOwnershipControls"
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html).
    made_system(
        "what the S3 console may read of the bucket",
        "If the same upload works with the AWS CLI, it is allowed. Give the user s3:GetBucketOwnershipControls on the "
        "bucket (for another account's user also in the bucket's policy), or upload with the AWS CLI. Leave ACLs "
        "disabled, and add no s3:PutObjectAcl.",
        r"\bAccess\s+control\s+list\s+\(ACL\)\s+not\s+supported\b",
        "access control list (acl) not supported",
        flags=re.IGNORECASE,
        unless=r"\A(?![\s\S]*\b[Cc]onsole\b)",
        verdict="The bucket has ACLs disabled, and the console sends one: most likely it is not allowed to read the "
        "bucket's ownership controls. Allow s3:GetBucketOwnershipControls.",
        title="Let the console read the bucket's ownership controls",
        sure=False,
    ),
    # Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket"
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
    made_system(
        "S3's object ownership",
        "Leave out the ACL (--acl, or a library's default): the bucket's owner owns every object there, and only "
        "policies give access. Or change the bucket's object ownership.",
        r"\bAccessControlListNotSupported\b|bucket\s+does\s+not\s+allow\s+ACLs",
        "accesscontrollistnotsupported",
        "does not allow acls",
        verdict="The bucket does not accept ACLs, but the call sends one. A missing permission is not the cause.",
    ),
)
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

UPLOAD_FORMS: tuple[System, ...] = (
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
