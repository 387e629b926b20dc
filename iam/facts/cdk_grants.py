"""Actions that the grant methods of the AWS CDK allow.

AWS CDK API reference, aws-cdk-lib, the ``grant…`` methods of each construct
(https://docs.aws.amazon.com/cdk/api/v2/docs/aws-construct-library.html). The reference does not list every action;
the rows follow the source of aws-cdk-lib 2.276.0 (https://github.com/aws/aws-cdk/tree/main/packages/aws-cdk-lib).
Older versions may allow less: grantWrite of a secret has had secretsmanager:UpdateSecretVersionStage only since 2025
(https://github.com/aws/aws-cdk/pull/34722).
"""

from __future__ import annotations

from collections.abc import Mapping

_S3_READ = ("s3:GetObject*", "s3:GetBucket*", "s3:List*")
_S3_PUT = (
    "s3:PutObject",
    "s3:PutObjectLegalHold",
    "s3:PutObjectRetention",
    "s3:PutObjectTagging",
    "s3:PutObjectVersionTagging",
    "s3:Abort*",
)
_S3_DELETE = ("s3:DeleteObject*",)
_TABLE_READ = (
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:GetItem",
    "dynamodb:Scan",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:DescribeTable",
)
_TABLE_WRITE = (
    "dynamodb:BatchWriteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:DescribeTable",
)
_ENCRYPT = ("kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*")
_REGISTRY_LOGIN = "ecr:GetAuthorizationToken"
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
_PUSH = (
    "ecr:CompleteLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:InitiateLayerUpload",
    "ecr:BatchCheckLayerAvailability",
    "ecr:PutImage",
)

GRANTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "s3": {
        "grantRead": _S3_READ,
        "grantPut": _S3_PUT,
        "grantDelete": _S3_DELETE,
        "grantWrite": (*_S3_PUT, *_S3_DELETE),
        "grantReadWrite": (*_S3_READ, *_S3_PUT, *_S3_DELETE),
    },
    "dynamodb": {
        "grantReadData": _TABLE_READ,
        "grantWriteData": _TABLE_WRITE,
        "grantReadWriteData": (*_TABLE_READ, *_TABLE_WRITE),
        "grantFullAccess": ("dynamodb:*",),
        "grantStreamRead": (
            "dynamodb:ListStreams",
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
        ),
    },
    "sqs": {
        "grantSendMessages": ("sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
        "grantConsumeMessages": (
            "sqs:ReceiveMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
        ),
        "grantPurge": ("sqs:PurgeQueue", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
    },
    "sns": {"grantPublish": ("sns:Publish",), "grantSubscribe": ("sns:Subscribe",)},
    "lambda": {"grantInvoke": ("lambda:InvokeFunction",)},
    "secretsmanager": {
        "grantRead": ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"),
        "grantWrite": (
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecret",
            "secretsmanager:UpdateSecretVersionStage",
        ),
    },
    "ssm": {
        "grantRead": ("ssm:DescribeParameters", "ssm:GetParameters", "ssm:GetParameter", "ssm:GetParameterHistory"),
        "grantWrite": ("ssm:PutParameter",),
    },
    "kms": {
        "grantDecrypt": ("kms:Decrypt",),
        "grantEncrypt": _ENCRYPT,
        "grantEncryptDecrypt": ("kms:Decrypt", *_ENCRYPT),
    },
    "states": {
        "grantStartExecution": ("states:StartExecution",),
        "grantStartSyncExecution": ("states:StartSyncExecution",),
    },
    "events": {"grantPutEventsTo": ("events:PutEvents",)},
    "ecr": {
        "grantPull": (*_PULL, _REGISTRY_LOGIN),
        "grantPush": (*_PUSH, _REGISTRY_LOGIN),
        "grantPullPush": (*_PULL, *_PUSH, _REGISTRY_LOGIN),
    },
}
"""The service's prefix → the grant methods of its construct → the actions that each allows."""
KINDS: Mapping[str, str] = {
    "s3": "bucket",
    "dynamodb": "table",
    "sqs": "queue",
    "sns": "topic",
    "lambda": "function",
    "secretsmanager": "secret",
    "ssm": "param",
    "kms": "key",
    "states": "machine",
    "events": "bus",
    "ecr": "repo",
}
"""The service's prefix → a word that the names of such constructs often contain."""
