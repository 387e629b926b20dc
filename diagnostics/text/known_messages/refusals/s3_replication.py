"""Messages of S3 Replication."""

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


S3_REPLICATION: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip
