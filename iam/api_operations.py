"""Find the IAM action that authorizes an API operation, even if the two have different names.

The table lists the exceptions to the rule "action = service prefix : operation" (checked against botocore's operations
and the service authorization data). All other operations are looked up in that data, which is loaded on first use.
"""

from __future__ import annotations

import re
from functools import cache

from iam.service_reference import action_names, services_with

_S3 = {
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketMetadataConfiguration.html
    "CreateBucketMetadataConfiguration": "CreateBucketMetadataTableConfiguration",
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "DeleteBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "DeleteBucketInventoryConfiguration": "PutInventoryConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketMetadataConfiguration": "DeleteBucketMetadataTableConfiguration",
    "DeleteBucketMetricsConfiguration": "PutMetricsConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketIntelligentTieringConfiguration": "GetIntelligentTieringConfiguration",
    "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketMetadataConfiguration": "GetBucketMetadataTableConfiguration",
    "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
    "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "PutBucketInventoryConfiguration": "PutInventoryConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketMetricsConfiguration": "PutMetricsConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "SelectObjectContent": "GetObject",
}

# Operations as the AWS SDK for Java 1 names them, and CloudFormation with it ("API: s3:SetBucketEncryption Access
# Denied"): https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/com/amazonaws/services/s3/AmazonS3.html.
_S3_OF_JAVA = {
    "SetBucketAcl": "PutBucketAcl",
    "SetBucketCors": "PutBucketCORS",
    "SetBucketEncryption": "PutEncryptionConfiguration",
    "SetBucketLifecycle": "PutLifecycleConfiguration",
    "SetBucketLogging": "PutBucketLogging",
    "SetBucketNotification": "PutBucketNotification",
    "SetBucketPolicy": "PutBucketPolicy",
    "SetBucketReplication": "PutReplicationConfiguration",
    "SetBucketTagging": "PutBucketTagging",
    "SetBucketVersioning": "PutBucketVersioning",
    "SetBucketWebsite": "PutBucketWebsite",
    "SetPublicAccessBlock": "PutBucketPublicAccessBlock",
}

# service prefix → operation → the action's name, or "prefix:Name" if the action belongs to another service
_DIFFERENT: dict[str, dict[str, str]] = {
    "s3": {
        **_S3,
        **_S3_OF_JAVA,
        "CreateSession": "s3express:CreateSession",
        "ListDirectoryBuckets": "s3express:ListAllMyDirectoryBuckets",
        "WriteGetObjectResponse": "s3-object-lambda:WriteGetObjectResponse",
    },
    "lambda": {
        "Invoke": "InvokeFunction",
        "InvokeWithResponseStream": "InvokeFunction",
        "GetLayerVersionByArn": "GetLayerVersion",
    },
    "dynamodb": {"TransactGetItems": "GetItem"},
    "bedrock": {
        "Converse": "InvokeModel",
        "ConverseStream": "InvokeModelWithResponseStream",
        "StartAsyncInvoke": "InvokeModel",
        "RetrieveAndGenerateStream": "RetrieveAndGenerate",
    },
    "sqs": {
        "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
        "DeleteMessageBatch": "DeleteMessage",
        "SendMessageBatch": "SendMessage",
    },
    "sns": {"PublishBatch": "Publish"},
    # https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_GetFindingV2.html, API_ListFindingsV2.html
    "access-analyzer": {"GetFindingV2": "GetFinding", "ListFindingsV2": "ListFindings"},
    "kms": {"ReEncrypt": "ReEncryptFrom"},
    "iam": {
        "GetRequestAuthorizationDetails": "GetRequestAuthorizationDetails",
        "GetRequestAuthorizationPolicy": "GetRequestAuthorizationPolicy",
        "AcquireRole": "AcquireRole",
    },
    "execute-api": dict.fromkeys(("PostToConnection", "GetConnection", "DeleteConnection"), "ManageConnections"),
    "cloudfront": {"CreateDistributionWithTags": "CreateDistribution"},
    "budgets": {
        **dict.fromkeys(
            (
                "CreateBudget",
                "CreateNotification",
                "CreateSubscriber",
                "DeleteBudget",
                "DeleteNotification",
                "DeleteSubscriber",
                "UpdateBudget",
                "UpdateNotification",
                "UpdateSubscriber",
            ),
            "ModifyBudget",
        ),
        **dict.fromkeys(
            (
                "DescribeBudget",
                "DescribeBudgets",
                "DescribeBudgetPerformanceHistory",
                "DescribeNotificationsForBudget",
                "DescribeSubscribersForNotification",
            ),
            "ViewBudget",
        ),
    },
}

# Operations that are authorized as one of several actions, depending on the content of the call, or as all of them
# (DynamoDB guide, "Using IAM with DynamoDB transactions" and "IAM security policies with PartiQL for DynamoDB"; KMS
# guide, "Key policy: allows ... ReEncrypt*").
_PARTIQL = ("PartiQLDelete", "PartiQLInsert", "PartiQLSelect", "PartiQLUpdate")
_SEVERAL: dict[str, dict[str, tuple[str, ...]]] = {
    "dynamodb": {
        "TransactWriteItems": ("ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"),
        "ExecuteStatement": _PARTIQL,
        "BatchExecuteStatement": _PARTIQL,
        "ExecuteTransaction": ("ConditionCheckItem", *_PARTIQL),
    },
    "kms": {"ReEncrypt": ("ReEncryptFrom", "ReEncryptTo")},
}

# API Gateway's actions are HTTP methods: the verb at the beginning of the operation's name determines the method.
_HTTP_METHODS = (
    (("Get", "Export"), "GET"),
    (("Create", "Import", "Generate", "Test"), "POST"),
    (("Update",), "PATCH"),
    (("Delete", "Untag", "Flush", "Reset"), "DELETE"),
    (("Put", "Tag", "Reimport"), "PUT"),
)


_OF_STORES = re.compile(r"Object|Bucket|Part")
_MEANT = {"Invoke": "lambda", "ConverseStream": "bedrock"}
"""The service that is meant if none is named, for each operation that several services have as an action."""


def action_for(operation: str, service: str | None = None) -> str | None:
    """Return the action that authorizes ``operation``, spelled as in the Service Authorization Reference, or None.

    ``service`` is the IAM prefix of the service, if known. Without it, None is returned unless the operation is known
    to belong to only one service.
    """
    operation = re.sub(r"\d{8}(?:v\d+)?$", "", operation)  # CloudTrail's names for Lambda's calls contain API versions
    if service:
        return _action_in(operation, service)
    holders = services_with(operation)
    # Other object stores copy the names of S3's operations. Such a name without a service means S3.
    meant = "s3" if _OF_STORES.search(operation) else _MEANT.get(operation)
    for prefix, table in _DIFFERENT.items():
        if operation in table:
            action = _qualified(prefix, table[operation])
            alone = {prefix, action.partition(":")[0]}.issuperset(holders)
            return action if alone or meant == prefix else None
    if meant in holders:
        return _same_name(operation, meant)
    return _same_name(operation, holders[0]) if len(holders) == 1 else None


def actions_behind(name: str) -> tuple[str, ...]:
    """Return the actions that IAM checks for an API operation written as if it were an action (``s3:HeadBucket``).

    Empty if IAM has an action with that name. Also empty for an unknown name, which may be an action newer than the
    list.
    """
    service, _, operation = name.partition(":")
    service = service.lower()
    if not operation or operation.lower() in action_names(service):
        return ()
    return _operations(service).get(operation.lower(), ())


@cache
def _operations(service: str) -> dict[str, tuple[str, ...]]:
    """Return the actions that authorize a service's operations, by operation in lower case, where the names differ."""
    single = {old: (new,) for old, new in _DIFFERENT.get(service, {}).items() if old != new}
    found: dict[str, tuple[str, ...]] = {**single, **_SEVERAL.get(service, {})}
    return {low.lower(): tuple(_qualified(service, action) for action in actions) for low, actions in found.items()}


def _action_in(operation: str, service: str) -> str | None:
    if service in ("apigateway", "apigatewayv2"):
        for verbs, method in _HTTP_METHODS:
            if operation.startswith(verbs):
                return f"apigateway:{method}"
        return None
    if found := _DIFFERENT.get(service, {}).get(operation):
        return _qualified(service, found)
    return _same_name(operation, service)


def _qualified(service: str, action: str) -> str:
    return action if ":" in action else f"{service}:{action}"


def _same_name(operation: str, service: str) -> str | None:
    name = action_names(service).get(operation.lower())
    return f"{service}:{name}" if name else None


def actions_named(operation: str) -> tuple[str, ...]:
    """Return the actions of all services that have the same name as this operation."""
    return tuple(filter(None, (_same_name(operation, each) for each in services_with(operation))))
