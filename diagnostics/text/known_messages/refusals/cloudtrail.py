"""Messages of CloudTrail about its bucket, key, topic and role."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    of_codes,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_TRAIL_API = f"{_API}/awscloudtrail/latest/APIReference/API_CreateTrail.html"

TRAIL_TOPICS: tuple[ServiceSentence, ...] = (
    row(
        "insufficientsnstopicpolicy",
        r"\bInsufficientSnsTopicPolicy(?:Exception)?\b",
        "CloudTrail, which publishes to the topic",
        "the topic does not let CloudTrail publish",
        "The topic's policy does not let CloudTrail publish to it, or there is no such topic.",
        UsualCause(
            "The topic's policy must allow cloudtrail.amazonaws.com to perform sns:Publish, with the trail as "
            "aws:SourceArn. The KMS key of an encrypted topic must allow CloudTrail too.",
            "aws sns get-topic-attributes --topic-arn TOPIC",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",
    ),
)
_OWNED = ("s3:x-amz-acl", "bucket-owner-full-control")
"""The condition key and value that every log delivery to a bucket sends, so that the bucket's owner has the objects."""
_OWNER = ("aws:SourceAccount", "{account}")
"""The condition key with the account for which a service acts. Only services that document this key send it."""
_THE_TRAIL = "arn:{partition}:cloudtrail:{region}:{account}:trail/{trail}"
# AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail" and "Configure AWS KMS key policies for
# CloudTrail"
# (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html).
_OF_AN_ORGANIZATION = (
    r"\A(?=[\s\S]*(?:--is-organization-trail|\bIsOrganizationTrail\W{1,4}true|\bis_organization_trail\s*=\s*true"
    r"|\b(?<!no )(?<!not an )(?:organi[sz]ation(?:al|['’]s)?|org(?:-wide)?)[ -]trail\b))"
)
_ORGANIZATIONS_TRAIL = rf"{_OF_AN_ORGANIZATION}(?=[\s\S]*AWSLogs/)(?![\s\S]*AWSLogs/(?:o-|\*|\$))"
"""A command or template for an organization's trail, and a bucket policy without the organization's path.

AWS CloudTrail User Guide, "Creating a trail for an organization with the AWS CLI"
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-an-organizational-trail-by-using-the-aws-cli.html).
"""
_WITHOUT_MANAGEMENT = (
    rf"{_OF_AN_ORGANIZATION}(?=[\s\S]*AWSLogs/(?:o-[a-z0-9]|\$\{{[^}}]*org))"
    r"(?![\s\S]*AWSLogs/(?:\d{12}|\*|\$\{(?![^}]*org)))"
)
"""The same, with a bucket policy that has only the organization's path.

The policy for an organization's trail has both paths: AWS CloudTrail User Guide, "Amazon S3 bucket policy for
CloudTrail" (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html).
"""
_TRAIL = (("aws:SourceArn", _THE_TRAIL), _OWNER)

TRAIL_LOG_ROLE: tuple[ServiceSentence, ...] = (
    # AWS CloudTrail User Guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring".
    row(
        "invalidcloudwatchlogsloggrouparn",
        r"InvalidCloudWatchLogsLogGroupArnException\)?[^\n]{0,120}?: Access denied\. Verify in IAM that the role has "
        r"adequate permissions",
        "CloudTrail's role for CloudWatch Logs",
        "the trail's role cannot write to the log group",
        "CloudTrail cannot write to the log group with the trail's role: the role needs logs:CreateLogStream and "
        "logs:PutLogEvents on the group's streams, and must trust cloudtrail.amazonaws.com.",
        UsualCause(
            "The role's policy must name the log group's streams: …:log-group:NAME:log-stream:*, or "
            "…:log-group:NAME:*. The ARN of the group alone does not cover them.",
            "aws cloudtrail describe-trails --query 'trailList[].[Name,CloudWatchLogsRoleArn]'",
        ),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
        "cloudtrail-required-policy-for-cloudwatch-logs.html",
        actions=("logs:CreateLogStream", "logs:PutLogEvents"),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)

TRAIL_KEYS_AND_BUCKETS: tuple[ServiceSentence, ...] = (
    # AWS CloudTrail User Guide, "Required KMS key policy elements for event data stores": no aws:SourceArn, no
    # aws:SourceAccount.
    row(
        "insufficientencryptionpolicy",
        r"EventDataStore\b[^\n]{0,300}?InsufficientEncryptionPolicy(?:Exception)?"
        r"|InsufficientEncryptionPolicy(?:Exception)?(?=[^\n]{0,300}?EventDataStore\b)",
        "CloudTrail, which encrypts the event data store",
        "the event data store's KMS key does not let CloudTrail use it",
        "The KMS key of the event data store does not let CloudTrail use it, or the caller is not allowed to use the "
        "key.",
        UsualCause(
            "The key policy must let cloudtrail.amazonaws.com perform kms:GenerateDataKey and kms:Decrypt, "
            "without aws:SourceArn or aws:SourceAccount: keys of event data stores do not support these "
            "conditions.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "Whoever creates the event data store needs kms:Decrypt and kms:GenerateDataKey on the key, too.",
            needs=("kms:Decrypt", "kms:GenerateDataKey"),
        ),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
        asks=tuple(OwnRequest("cloudtrail.amazonaws.com", each) for each in ("kms:GenerateDataKey", "kms:Decrypt")),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("insufficientencryptionpolicy", "insufficient permissions to access s3 bucket"),
        r"InsufficientEncryptionPolicy(?:Exception)?|Insufficient permissions to access S3 bucket \S+ or KMS key",
        "CloudTrail, which writes the trail",
        "the trail's KMS key or bucket does not let CloudTrail write",
        "The trail's KMS key or bucket does not let CloudTrail write. The policies of whoever creates the trail are "
        "not the cause.",
        # The Region: "Encrypting CloudTrail log files with AWS KMS keys (SSE-KMS)"
        # (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html).
        UsualCause(
            "The key policy must let cloudtrail.amazonaws.com perform kms:GenerateDataKey* and kms:DescribeKey "
            "(and kms:Decrypt, if the bucket has an S3 Bucket Key), with the trail's ARN as aws:SourceArn. The "
            "key must be in the bucket's Region.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The bucket's policy must let cloudtrail.amazonaws.com perform s3:GetBucketAcl on the bucket and "
            "s3:PutObject on PREFIX/AWSLogs/ACCOUNT/*.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
        asks=(
            OwnRequest(
                "cloudtrail.amazonaws.com",
                "kms:GenerateDataKey",
                keys=(*_TRAIL, ("kms:EncryptionContext:aws:cloudtrail:arn", _THE_TRAIL)),
            ),
            OwnRequest("cloudtrail.amazonaws.com", "kms:DescribeKey", keys=_TRAIL),
        ),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("insufficients3bucketpolicy", "incorrect s3 bucket policy"),
        r"(?:InsufficientS3BucketPolicy(?!Fault)(?:Exception)?|Incorrect S3 bucket policy is detected)"
        r"(?:[^\n]{0,160}?for bucket:? (?P<bucket>[a-z0-9][\w.-]{2,62}))?",
        "CloudTrail, which writes the trail",
        "the bucket's policy does not let CloudTrail write",
        "The bucket's policy does not let CloudTrail write this trail.",
        UsualCause(
            "Add a second s3:PutObject for cloudtrail.amazonaws.com on PREFIX/AWSLogs/ORGANIZATION-ID/* of the "
            "bucket, with the same conditions. Keep the statement for the management account's own path.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=_ORGANIZATIONS_TRAIL,
            decides="The trail is for an organization, and the bucket's policy in the text has no "
            "AWSLogs/ORGANIZATION-ID/* path: add it for s3:PutObject.",
        ),
        UsualCause(
            "Add a second s3:PutObject for cloudtrail.amazonaws.com on PREFIX/AWSLogs/MANAGEMENT-ACCOUNT/* of the "
            "bucket, with the same conditions. Keep the statement for the organization's path.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=_WITHOUT_MANAGEMENT,
            decides="The trail is for an organization, and the bucket's policy in the text has no "
            "AWSLogs/MANAGEMENT-ACCOUNT/* path: add it for s3:PutObject, beside the organization's path.",
        ),
        UsualCause(
            "The bucket's policy must let cloudtrail.amazonaws.com perform s3:GetBucketAcl on the bucket and "
            "s3:PutObject on PREFIX/AWSLogs/ACCOUNT/*, and its aws:SourceArn must name this trail (an "
            "organization's trail also needs the organization's path).",
            "aws cloudtrail describe-trails",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
        asks=(
            OwnRequest("cloudtrail.amazonaws.com", "s3:GetBucketAcl", "arn:{partition}:s3:::{bucket}", _TRAIL),
            OwnRequest(
                "cloudtrail.amazonaws.com", "s3:PutObject", "arn:{partition}:s3:::{bucket}/{object}", (*_TRAIL, _OWNED)
            ),
        ),
    ),
)

TRAIL_CODES: tuple[ServiceSentence, ...] = (
    of_codes(
        "InvalidCloudWatchLogsRoleArn",
        "the role with which CloudTrail writes to CloudWatch Logs",
        "CloudTrail cannot use the role for CloudWatch Logs",
        "CloudTrail cannot use the role for CloudWatch Logs: it does not exist, does not trust CloudTrail, or is not "
        "allowed to write to the log group.",
        "The role must trust cloudtrail.amazonaws.com, and needs logs:CreateLogStream and logs:PutLogEvents on the "
        "trail's log streams. Whoever configures the trail with this role needs iam:PassRole on it. After creating "
        "the role, wait a few seconds.",
        _TRAIL_API,
        check="aws cloudtrail describe-trails --query 'trailList[].[Name,CloudWatchLogsRoleArn]'",
    ),
    # AWS CloudTrail API Reference, "RegisterOrganizationDelegatedAdmin": InsufficientIAMAccessPermissionException.
    of_codes(
        "InsufficientDependencyServiceAccessPermission NoManagementAccountSLRExists InsufficientIAMAccessPermission",
        "whoever makes the organization's trail",
        "the caller lacks permissions in Organizations, or for the service-linked role",
        "An organization's trail needs permissions in Organizations and a service-linked role, and one of them is "
        "missing.",
        "Allow the caller to perform organizations:EnableAWSServiceAccess, "
        "organizations:ListAWSServiceAccessForOrganization, organizations:DescribeOrganization, iam:GetRole and "
        "iam:CreateServiceLinkedRole, in the management account or a delegated administrator's.",
        _TRAIL_API,
        who=Who.ORG_ADMIN,
    ),
    of_codes(
        "CloudTrailAccessNotEnabled ServiceAccessNotEnabled",
        "the organization",
        "trusted access of the service is not turned on in Organizations",
        "Trusted access for the service is not turned on in Organizations. No permission of the caller is missing.",
        "In the management account, turn on trusted access: aws organizations enable-aws-service-access "
        "--service-principal SERVICE.amazonaws.com, or in the service's own console.",
        _TRAIL_API,
        check="aws organizations list-aws-service-access-for-organization",
        who=Who.ORG_ADMIN,
        refuses=False,
    ),
)  # fmt: skip
