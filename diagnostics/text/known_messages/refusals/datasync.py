"""Messages of AWS DataSync."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_DATASYNC = "https://docs.aws.amazon.com/datasync/latest/userguide"
_OF_DATASYNC = r"(?:\bloc-[0-9a-f]{8,17}\b|\bDataSync\b)"
_NOT_MOUNTED = r"mount\.nfs4?: access denied by server while mounting (?!127\.0\.0\.1|fs-)"

DATASYNC_LOCATIONS: tuple[ServiceSentence, ...] = (
    row(
        "datasync location access test failed",
        r"DataSync (?:location|bucket) access test failed: could not perform (?P<operation>s3:\w+)",
        "the location's bucket access role",
        "DataSync's role could not perform {operation}",
        "DataSync tested the bucket with the location's own role, and the test failed at {operation}: change that role "
        "or the bucket's policy, not the caller's permissions.",
        UsualCause("The bucket access role needs s3:GetBucketLocation, s3:ListBucket and "
                   "s3:ListBucketMultipartUploads on the bucket, and on its objects s3:GetObject, "
                   "s3:GetObjectTagging, s3:PutObject, s3:PutObjectTagging, s3:DeleteObject, s3:AbortMultipartUpload "
                   "and s3:ListMultipartUploadParts. If the bucket is in another account, its policy must name the "
                   "role.",
                   "aws datasync describe-location-s3 --location-arn LOCATION --query S3Config.BucketAccessRoleArn"),
        UsualCause("A KMS key that encrypts the bucket must let the role use it (kms:Decrypt, kms:GenerateDataKey). A "
                   "role that the same deployment creates can take a few seconds to become "
                   "usable.", None, Who.RESOURCE_OWNER),
        page=f"{_DATASYNC}/create-s3-location.html",
        actions=("s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"),
        asks=(OwnRequest("{only_role}", "s3:ListBucket"),),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
DATASYNC_MOUNTS: tuple[ServiceSentence, ...] = (
    no_permission(
        "access denied by server while mounting",
        rf"{_OF_DATASYNC}[\s\S]{{0,2000}}?{_NOT_MOUNTED}[\w.-]+:"
        rf"|{_NOT_MOUNTED}[\w.-]+:(?=[\s\S]{{0,2000}}?{_OF_DATASYNC})",
        "The NFS server does not let the DataSync agent mount this export: allow the agent's IP address in "
        "the server's exports. No IAM permission is missing.",
        "Check the export's path, its list of clients, and firewalls between the agent and the server. For files that "
        "only their owner can read, also set no_root_squash, or give everybody permission to read the files.",
        f"{_DATASYNC}/troubleshooting-datasync-locations-tasks.html",
    ),
)  # fmt: skip
