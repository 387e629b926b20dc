"""Messages of AWS Storage Gateway."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who
from iam.claims import Ground

_GATEWAY = "https://docs.aws.amazon.com/filegateway/latest/files3/troubleshooting-logging-errors.html"
# A health log of a file gateway has all three fields.
_HEALTH_LOG = r"(?=[\s\S]*[\"']?(?:gateway|source)[\"']?\s*:\s*[\"'](?:sgw|share)-)"
_GATEWAYS_ROLE = r"(?:[\s\S]*?[\"']roleArn[\"']\s*:\s*[\"'](?P<principal>arn:[^\"'\s]+))?"

STORAGE_GATEWAY: tuple[ServiceSentence, ...] = (
    row(
        "s3accessdenied",
        r"\A(?=[\s\S]*\bS3AccessDenied\b)" + _HEALTH_LOG + _GATEWAYS_ROLE,
        "the file share's role",
        "S3 refuses the role of the file share",
        "S3 refuses the role of the file share, which the log names as roleArn: change that role or the bucket's "
        "policy. The permissions of SMB or NFS users are not the cause.",
        UsualCause("Allow the role the action of the operation in the log on the bucket and its objects, with the "
                   "prefix in the log. S3HeadObject and S3GetObject need s3:GetObject, S3ListObjects s3:ListBucket, "
                   "S3DeleteObject s3:DeleteObject, and S3PutObject and S3Upload s3:PutObject. A bucket policy must "
                   "not deny the operation, and the policy of a KMS key must allow the role to use the key.",
                   "aws storagegateway list-file-shares"),
        page=_GATEWAY,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "roletrustrelationshipinvalid",
        r"\bRoleTrustRelationshipInvalid\b",
        "Storage Gateway",
        "Storage Gateway cannot assume the file share's role",
        "Storage Gateway cannot assume the role of the file share: its trust policy must let "
        "storagegateway.amazonaws.com perform sts:AssumeRole.",
        UsualCause("Add storagegateway.amazonaws.com to the trust policy of the role that the log names as roleArn.",
                   None, Who.RESOURCE_OWNER),
        page=_GATEWAY,
        cause="trust.principal-mismatch",
        ground=Ground.STATED,
    ),
    no_permission(
        "inaccessiblestorageclass",
        r"\bInaccessibleStorageClass\b",
        "The object was moved to an archive storage class (S3 Glacier), so the gateway cannot read or replace it: "
        "restore it to S3 first. No permission is missing.",
        "Restore the object, and make sure that lifecycle rules do not archive objects that the file share uses.",
        _GATEWAY,
    ),
)  # fmt: skip
