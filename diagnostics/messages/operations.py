"""Which IAM action an API operation needs, where the two have different names.

The table holds what the rule "action = service prefix : operation" gets wrong (checked against botocore's operations
and the service authorization data); the rest is asked of that data, which is loaded only then.
"""

from __future__ import annotations

import re
from functools import cache

from iam.service_reference import action_names, services

_S3 = {
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

# service prefix → operation → the action's own name, or "prefix:Name" where it lives in another service.
_DIFFERENT: dict[str, dict[str, str]] = {
    "s3": {
        **_S3,
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

# API Gateway's actions are HTTP methods: the verb that an operation's name begins with tells which.
_HTTP_METHODS = (
    (("Get", "Export"), "GET"),
    (("Create", "Import", "Generate", "Test"), "POST"),
    (("Update",), "PATCH"),
    (("Delete", "Untag", "Flush", "Reset"), "DELETE"),
    (("Put", "Tag", "Reimport"), "PUT"),
)


def action_for(operation: str, service: str | None = None) -> str | None:
    """The action that ``operation`` is authorized as; ``service`` is the IAM prefix, where the text names one.

    Without a service the operation must be known to one service only, else None. The action is spelled as the
    service authorization reference spells it.
    """
    operation = re.sub(r"\d{8}(?:v\d+)?$", "", operation)  # CloudTrail's names of Lambda's calls carry API versions
    if service:
        return _action_in(operation, service)
    for prefix, table in _DIFFERENT.items():
        if operation in table:
            return _qualified(prefix, table[operation])
    holders = _services_with().get(operation.lower(), ())
    if "s3" in holders and re.search(
        r"Object|Bucket|Part", operation
    ):  # other stores copy S3's names; who prints one without its service's name means S3
        return _same_name(operation, "s3")
    return _same_name(operation, holders[0]) if len(holders) == 1 else None


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


@cache
def _services_with() -> dict[str, tuple[str, ...]]:
    """Action name in lower case → the services that have it. Reads every service's actions once (about 0.15 s)."""
    found: dict[str, tuple[str, ...]] = {}
    for service in services():
        for low in action_names(service):
            found[low] = (*found.get(low, ()), service)
    return found
