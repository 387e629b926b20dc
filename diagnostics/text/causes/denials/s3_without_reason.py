"""The usual causes if S3's answer is only "Access Denied" or "Forbidden", by the refused action.

Amazon S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors": S3 names the caller, the action and the
reason to callers of the bucket's own account or organization, and only "Access Denied" to all others
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, WHO_AM_I, contains, lacks, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.denials.reason_not_shown import not_shown
from diagnostics.text.read.identities.named_roles import named_roles
from diagnostics.who import Who
from iam.lazy_pattern import regex

_BARE = regex(r"\bAccess ?Denied\b|\b403 Forbidden\b|\(HTTP 403\)|Status Code: 403", re.IGNORECASE)
_READS = (
    "Either no policy allows the caller s3:GetObject on the object (…:::BUCKET/KEY, not the bucket's ARN), or the "
    "object does not exist: without s3:ListBucket on the bucket, S3 answers 403 instead of 404. List the key first. "
    "If the object exists and both actions are allowed, its KMS key (kms:Decrypt), its owner or a Deny in the "
    "bucket's policy refuses the call."
)
_WRITES = (
    "Most often no policy allows the caller s3:PutObject on the bucket's objects (…:::BUCKET/*, not the bucket's "
    "ARN). If "
    "one does, look at what the upload sends: an ACL needs s3:PutObjectAcl, tags s3:PutObjectTagging, a KMS key "
    "kms:GenerateDataKey (in parts also kms:Decrypt). Then look for a Deny in the bucket's policy, such as one that "
    "demands encryption."
)
_DELETES = (
    "Most often the policies allow reading and writing but not s3:DeleteObject on the bucket's "
    "objects (…:::BUCKET/*); for a version it is s3:DeleteObjectVersion. Spark, Hadoop and "
    "Iceberg need it even for jobs that only write, because they remove temporary files and "
    "folder markers. If the action is allowed, look for a Deny in the bucket's policy, or for S3 "
    "Object Lock."
)
_CREATES = (
    "The program tries to create the bucket. If the bucket exists, its name or Region in the program is wrong, or the "
    "program creates it as a precaution: turn this precaution off, or allow s3:CreateBucket on the bucket."
)
_USUAL = {
    "s3:getobject": _READS,
    "s3:putobject": _WRITES,
    "s3:deleteobject": _DELETES,
    "s3:createbucket": _CREATES,
}


def bare_answer(signs: Signs) -> Iterator[FirstLook]:
    """Yield what the refused action usually lacks, and what S3's silence about the reason shows about the caller."""
    denial = signs.denial
    if denial.principal or denial.stated_reason or denial.encoded_message or denial.operation == "HeadObject":
        return
    usual, said = _USUAL.get(signs.action), _BARE.search(denial.text)
    if usual is None or said is None:
        return
    yield from of_an_encoded_key(signs)
    yield FirstLook(
        usual.replace("…:::BUCKET", f"…:::{signs.bucket or 'BUCKET'}"),
        contains(said[0]),
        reading("s3api", "list-objects-v2", ("bucket", signs.bucket or "BUCKET"), ("max-items", "5"))
        if signs.action == "s3:getobject"
        else reading("s3api", "get-bucket-policy", ("bucket", signs.bucket or "BUCKET"), query="Policy"),
        Who.ACCOUNT_ADMIN,
    )
    if signs.action == "s3:createbucket":
        return
    if signs.names_caller or named_roles(denial.text):
        yield from not_shown(signs)
        return
    yield FirstLook(
        "Find out who calls, and compare that account with the bucket's. S3 tells callers of the bucket's account or "
        "organization who was refused and why; others only get “Access Denied”. Across accounts, the caller's policies "
        "and the bucket's policy must both allow the call. Some programs leave S3's sentence out.",
        lacks("no caller was recognized in the text", TextPart.PRINCIPAL),
        WHO_AM_I,
        Who.CALLER,
    )


def left_over_settings(signs: Signs) -> Iterator[FirstLook]:
    """Yield the settings of Trino's old S3 client that its native one does not read.

    Trino documentation, "S3 file system support", migration from the legacy S3 file system
    (https://trino.io/docs/current/object-storage/file-system-s3.html).
    """
    native = signs.quote(r"\bfs\.native-s3\.enabled[ \t]*=[ \t]*true\b")
    old = signs.quote(
        r"\bhive\.s3\.(?:iam-role|external-id|aws-access-key|aws-secret-key|endpoint|region|kms-key-id)\b"
    )
    if native and old:
        yield FirstLook(
            f"Rename {old}: with fs.native-s3.enabled=true Trino reads s3.iam-role, s3.aws-access-key, s3.endpoint "
            "and so on, and not the settings of its old S3 client (hive.s3.…). So Trino calls with the wrong "
            "credentials. Change no policy before that.",
            contains(native, old),
            None,
            Who.CALLER,
        )


_NAMED_BUCKETS = {
    "AmazonSageMakerFullAccess": (r"(?i)sagemaker|aws-glue", "buckets with “sagemaker” in the name"),
    "AWSGlueServiceRole": (r"aws-glue-", "buckets named aws-glue-*"),
    "AmazonAthenaFullAccess": (r"aws-athena-query-results-", "buckets named aws-athena-query-results-*"),
}
"""AWS managed policies that allow objects only in buckets with certain names.

AWS Managed Policy Reference Guide (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html).
"""
_BUCKETS = regex(r"\bs3[an]?://(?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])")


def of_named_buckets(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text's only policy is a managed one that does not cover the bucket's objects."""
    denial = signs.denial
    if denial.principal or denial.stated_reason or signs.action not in ("s3:getobject", "s3:putobject"):
        return
    buckets = {found["bucket"] for found in _BUCKETS.finditer(denial.text)}
    if len(buckets) != 1 or signs.says(r"\bs3:(?:\*|[A-Z])|AmazonS3"):
        return
    (bucket,) = buckets
    for name, (covered, words) in _NAMED_BUCKETS.items():
        if (said := signs.quote(rf"\b{name}\b")) and not re.search(covered, bucket):
            yield FirstLook(
                f"Add {denial.action} on arn:aws:s3:::{bucket}/* to the role: {name} allows objects only in {words}, "
                f"and "
                "the text names no other policy. Then check that the object exists and which KMS key encrypts it.",
                contains(said),
                None,
                Who.ACCOUNT_ADMIN,
                asserts=AN_ALLOW_HELPS,
            )


_NETWORK = (
    r"\b[Bb]ucket(?:'s)? policy\b[^.\n]{0,80}\b(?:[Dd]en(?:y|ies|ied)|[Rr]estrict\w*|[Ll]imit\w*"
    r"|[Oo]nly)\b[^.\n]{0,80}?"
    r"(?:aws:(?:[Ss]ourceVpce?|SourceIp|VpcSourceIp)\b|\bvpce?-[0-9a-f]{8,17}\b|\bVPC endpoint\b|\bIP addresses\b)"
)


def described_network(signs: Signs) -> Iterator[FirstLook]:
    """Yield the network as the cause, if the text says that the bucket's policy admits only certain ones.

    Amazon S3 User Guide, "Controlling access from VPC endpoints with bucket policies"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html).
    """
    denial = signs.denial
    if denial.principal or denial.stated_reason or signs.service not in ("", "s3"):
        return
    if said := signs.quote(_NETWORK):
        yield FirstLook(
            "The bucket's policy admits only certain networks, as the text says: check whether the refused call comes "
            "through one of them. A gateway endpoint serves only subnets whose route table contains the endpoint; a "
            "call from a laptop, another VPC or a service outside the VPC does not use the endpoint. No Allow helps "
            "against that Deny.",
            contains(said),
            reading("ec2", "describe-vpc-endpoints", query="VpcEndpoints[].[VpcEndpointId,ServiceName,RouteTableIds]"),
            Who.RESOURCE_OWNER,
        )


_OF_EVENTS = r"\b(?:S3 )?events?\b|\bRecords\b|\bnotifications?\b|\btrigger(?:s|ed)?\b"
_ENCODED = (
    r"\b[Kk]ey\b[^\n]{0,40}?[\"'`\s:=][\w./!()-]*(?:%[0-9A-Fa-f]{2}|\w\+\w)[\w./!()+%-]*|arn:aws[\w-]*:s3:::[\w./-]+"
    r"(?:%[0-9A-Fa-f]{2}|\w\+\w)[\w./!()+%-]*"
)


def of_an_encoded_key(signs: Signs) -> Iterator[FirstLook]:
    """Yield the key's form as the cause, if the program reads the key of an S3 event and the key is URL-encoded.

    Amazon S3 User Guide, "Event message structure"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
    """
    if signs.action != "s3:getobject" or not signs.says(_OF_EVENTS) or signs.says(r"\bunquote(?:_plus)?\b|decodeURI"):
        return
    if said := signs.quote(_ENCODED):
        yield FirstLook(
            "Most likely the program asks for a key that does not exist: S3's events have the key URL-encoded (+ for a "
            "blank, %28 for a bracket). Decode it first (Python: urllib.parse.unquote_plus, JavaScript: "
            'decodeURIComponent after replacing "+" by " "). Without s3:ListBucket, S3 answers 403 instead of 404.',
            contains(said),
            None,
            Who.CALLER,
        )


_ENCRYPTED = (
    r"\bSSE-KMS\b|\baws:kms\b|\bKMS[- ](?:encrypted|encryption|key)\b|\bcustomer[- ](?:managed )?(?:KMS )?key\b"
    r"|\bencrypted (?:with|by|using) (?:\w+ ){0,3}(?:KMS|CMK)\b"
)
_HEADER_DEMANDED = (
    r"\bpolicy\b[^.\n]{0,60}\b(?:requires?|demands?|den(?:y|ies)|enforces?)\b[^.\n]{0,80}"
    r"(?:\bencrypt\w*|aws:kms|\bSSE\b|server-side-encryption)[^.\n]{0,40}"
)
_KEY_ACTIONS = {"s3:getobject": "kms:Decrypt", "s3:putobject": "kms:GenerateDataKey and kms:Decrypt"}


def of_the_key(signs: Signs) -> Iterator[FirstLook]:
    """Yield the key as the cause, if the text says that objects are encrypted with it and allows no action of KMS.

    Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)", permissions
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html).
    """
    if signs.action == "s3:putobject" and (demanded := signs.quote(_HEADER_DEMANDED)):
        yield FirstLook(
            "The bucket's policy demands encryption in the request, as the text says: let the upload send it (--sse "
            "aws:kms, ServerSideEncryption, x-amz-server-side-encryption; in Hadoop fs.s3a.encryption.algorithm). The "
            "bucket's default encryption does not add the header. With a KMS key the caller also needs "
            "kms:GenerateDataKey.",
            contains(demanded),
            None,
            Who.CALLER,
        )
        return
    needed, said = _KEY_ACTIONS.get(signs.action), signs.quote(_ENCRYPTED)
    if needed is None or not said or signs.says(r"\bkms:(?:\*|[A-Z])"):
        return
    yield FirstLook(
        f"Most likely the key is the cause: the text says that a policy allows {signs.denial.action} and that a KMS "
        f"key encrypts the objects, but it allows no action of KMS. Allow the caller {needed} on the key, and let the "
        "key's policy allow it, too.",
        contains(said),
        reading("s3api", "get-bucket-encryption", ("bucket", signs.bucket or "BUCKET")),
        Who.ACCOUNT_ADMIN,
    )
