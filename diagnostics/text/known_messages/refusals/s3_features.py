"""Messages of S3's features: replication, Batch Operations, Access Grants, access logs and MFA delete."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    lacking,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
_REPLICATION = f"{_S3}/replication-failure-codes.html"
# The start of a list of services in a trust policy, in JSON, YAML or HCL, up to the quoted name.
_TRUSTS = r"\b(?:Service|identifiers)[\"']?\s*[:=]\s*\[?[^\]}]{0,300}?"


def _replicates(codes: str, action: str, bucket: str, *, also: str = "") -> ServiceSentence:
    """Return the row for replication failure reasons for which S3's page names the action that may be missing."""
    names = codes.split()
    needed = "kms:Encrypt" if bucket == "destination" else "kms:Decrypt"
    use = f"{needed} on the {bucket}'s key"
    return lacking(
        tuple(each.lower() for each in names),
        rf"\b(?:{'|'.join(names)})\b",
        "the replication role",
        (action,),
        # Amazon S3 User Guide, "Replicating encrypted objects"
        # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html).
        UsualCause(
            f"The objects are encrypted with a KMS key: allow the role {use}, and let the key's policy allow the "
            "role, too (the policy of another account's AWS managed key cannot). The rule must select encrypted "
            "objects and name the destination's key (SourceSelectionCriteria, ReplicaKmsKeyID).",
            "aws s3api get-bucket-replication --bucket BUCKET --query ReplicationConfiguration",
            shown_by=rf"\A(?=[\s\S]*{action}\b)(?![\s\S]*{needed}\b)(?=[\s\S]*(?:SSE-KMS|aws:kms|\bkms:))",
            decides=(
                f"The role in the text has {action}, but not {needed}: most likely the KMS key refuses the role. "
                f"Allow the role {use}."
            ),
        ),
        UsualCause(
            f"Allow the role of the replication rule (in Batch Replication, the job's role) to perform {action} "
            f"there. The bucket policy of another account's bucket must allow the role, too.{also} Whoever uploads "
            "the object needs no further permission.",
            "aws s3api get-bucket-replication --bucket BUCKET --query ReplicationConfiguration.Role",
        ),
        page=_REPLICATION,
        on=f"on the {bucket} bucket",
    )


def _unready(codes: str, summary: str, cause: str) -> ServiceSentence:
    """Return the row for replication failure reasons that do not depend on permissions."""
    names = codes.split()
    return no_permission(
        tuple(each.lower() for each in names), rf"\b(?:{'|'.join(names)})\b", summary, cause, _REPLICATION
    )


S3_FEATURES: tuple[ServiceSentence, ...] = (
    _replicates("SrcGetObjectNotPermitted SrcGetObjNotPermitted SrcHeadObjectNotPermitted",
                "s3:GetObjectVersionForReplication", "source"),
    _replicates("SrcGetAclNotPermitted", "s3:GetObjectVersionAcl", "source"),
    _replicates("SrcGetTaggingNotPermitted", "s3:GetObjectVersionTagging", "source"),
    _replicates("DstDelObjNotPermitted", "s3:ReplicateDelete", "destination"),
    _replicates("DstPutObjectNotPermitted DstPutObjNotPermitted", "s3:ReplicateObject", "destination",
                also=" If the rule changes the replica's owner, s3:ObjectOwnerOverrideToBucketOwner may be the missing "
                "action."),
    _replicates("DstPutAclNotPermitted DstPutTaggingNotPermitted DstMultipartCompleteNotPermitted "
                "DstMultipartInitNotPermitted DstMultipartPartUploadNotPermitted", "s3:ReplicateObject",
                "destination"),
    _replicates("DstPutLegalHoldNotPermitted", "s3:PutObjectLegalHold", "destination"),
    _replicates("InitiateReplicationNotPermitted", "s3:InitiateReplication", "source"),
    row(
        "assumerolenotpermitted",
        r"\bAssumeRoleNotPermitted\b",
        "Amazon S3",
        "S3 cannot assume the replication role",
        "S3 cannot assume the role of the replication: its trust policy must let s3.amazonaws.com assume it, or, for a "
        "Batch Replication job, batchoperations.s3.amazonaws.com.",
        UsualCause("Add s3.amazonaws.com to the Service of the role's trust policy. A Batch Replication job that "
                   "succeeds proves nothing for live replication. Then replicate the objects that failed with S3 Batch "
                   "Replication.",
                   "aws s3api get-bucket-replication --bucket BUCKET --query ReplicationConfiguration.Role",
                   Who.RESOURCE_OWNER,
                   shown_by=rf"\A(?=[\s\S]*{_TRUSTS}[\"']batchoperations\.s3\.amazonaws\.com)"
                   r"(?=[\s\S]*(?:OperationFailedReplication|\blive replication|\breplication rule))"
                   rf"(?![\s\S]*{_TRUSTS}[\"']s3\.amazonaws\.com)",
                   decides=(
                       "The trust policy in the text lets only batchoperations.s3.amazonaws.com assume the role. Live "
                       "replication is done by s3.amazonaws.com, so the trust policy must name s3.amazonaws.com, too."
                   )),
        UsualCause("Find out which role the replication names, and check its trust policy. Whoever uploads the object "
                   "needs no further permission.",
                   "aws s3api get-bucket-replication --bucket BUCKET --query ReplicationConfiguration.Role",
                   Who.RESOURCE_OWNER),
        page=_REPLICATION,
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    _unready("DstKmsKeyInvalidState SrcKmsKeyInvalidState",
             "The KMS key of the bucket is not in a usable state, so the object is not replicated: enable the key. No "
             "permission is missing.",
             "Check the key's state (aws kms describe-key): enable the key, or cancel its deletion. In the code, Dst "
             "means the destination's key and Src the source's."),
    _unready("DstKmsKeyNotFound",
             "The KMS key that the replication names for the destination does not exist: correct ReplicaKmsKeyID.",
             "The key must be in the destination bucket's Region."),
    _unready("DstBucketUnversioned",
             "Versioning is not turned on for the destination bucket, which replication requires. No permission is "
             "missing.",
             "Turn on versioning: aws s3api put-bucket-versioning --bucket DESTINATION --versioning-configuration "
             "Status=Enabled."),
    _unready("DstBucketObjectLockConfigMissing",
             "The source bucket has Object Lock, but the destination bucket does not: turn on Object Lock there, too. "
             "No permission is missing.",
             "Enable Object Lock on the destination bucket (aws s3api put-object-lock-configuration)."),
    row(
        "job report could not be written to your report bucket",
        r"job report could not be written to your report bucket",
        "the S3 Batch Operations job",
        "the job's report could not be written",
        "S3 Batch Operations could not write its report: the report bucket has a default retention (Object Lock), "
        "which is not supported, or the job's role lacks s3:PutObject there.",
        UsualCause("If the report bucket has a default retention, choose a different bucket for the report. The job "
                   "itself may have processed all objects.", "aws s3api get-object-lock-configuration --bucket BUCKET",
                   Who.RESOURCE_OWNER),
        UsualCause("Otherwise allow the job's role to perform s3:PutObject on the report bucket; the bucket's own "
                   "policy must not deny it.", None, Who.ACCOUNT_ADMIN),
        page=f"{_S3}/troubleshooting-batch-operations.html",
    ),
    row(
        "permissions to the requested s3 prefix",
        r"do not have (?P<permission>READWRITE|READ"
        r"|WRITE) permissions to the requested S3 Prefix: (?P<prefix>s3://\S+)",
        "the caller",
        "no access grant covers {prefix}",
        "No S3 access grant gives this caller {permission} on {prefix}: create a grant, or request a prefix that the "
        "caller's grant covers. Bucket policies do not matter here.",
        UsualCause("List the grants: the grantee must be this very IAM user or role (or the directory user or group), "
                   "and the grant's scope must contain the requested prefix. The default Privilege requests the full "
                   "scope of the best matching grant.",
                   "aws s3control list-access-grants --account-id ACCOUNT", Who.RESOURCE_OWNER),
        page=f"{_S3}/access-grants-get-data-access.html",
    ),
    row(
        "createaccessgrantslocation",
        r"CreateAccessGrantsLocation(?=[\s\S]{0,400}(?:assume|trust))",
        "S3 Access Grants",
        "S3 Access Grants cannot assume the role of the location",
        "S3 Access Grants cannot assume the location's role: its trust policy must let access-grants.s3.amazonaws.com "
        "perform sts:AssumeRole, sts:SetSourceIdentity and sts:SetContext.",
        UsualCause("Correct the role's trust policy; sts:SetContext is only needed for grants to directory users. A "
                   "condition on aws:SourceAccount or aws:SourceArn must name the Access Grants instance.", None,
                   Who.RESOURCE_OWNER),
        page=f"{_S3}/access-grants-location-register.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
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
