"""Resources with policies of their own, and what runs with the roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from iam.demo.account.facts import ACCOUNT, SHARED_TOOLS, VENDOR, ago, arn, document, role_arn


@dataclass(frozen=True, slots=True)
class SeedBucket:
    name: str
    policy: dict[str, Any] | None = None
    blocks_public_access: bool = True


@dataclass(frozen=True, slots=True)
class SeedInstance:
    id: str
    profile: str
    launched: datetime
    tags: Mapping[str, str] = field(default_factory=dict)
    state: str = "running"


@dataclass(frozen=True, slots=True)
class SeedFunction:
    name: str
    role: str
    policy: dict[str, Any] | None = None

    @property
    def arn(self) -> str:
        return arn("lambda", f"function:{self.name}")


@dataclass(frozen=True, slots=True)
class SeedTaskDefinition:
    family: str
    revision: int
    task_role: str
    execution_role: str

    @property
    def arn(self) -> str:
        return arn("ecs", f"task-definition/{self.family}:{self.revision}")


@dataclass(frozen=True, slots=True)
class SeedStackResource:
    logical_id: str
    type: str
    physical_id: str


def _tls_only(bucket: str) -> dict[str, Any]:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


BUCKETS: tuple[SeedBucket, ...] = (
    SeedBucket("harbor-artifacts"),
    SeedBucket(
        "harbor-assets",
        document(
            _tls_only("harbor-assets"),
            {
                "Sid": "Distribution",
                "Effect": "Allow",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::harbor-assets/public/*",
                "Condition": {
                    "StringEquals": {"aws:SourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/EHARBORASSETS1"}
                },
            },
        ),
    ),
    SeedBucket("harbor-batch"),
    SeedBucket("harbor-invoices", document(_tls_only("harbor-invoices"))),
    SeedBucket("harbor-lake"),
    SeedBucket("harbor-mobile"),
    SeedBucket("harbor-models", document(_tls_only("harbor-models"))),
    SeedBucket("harbor-reports", document(_tls_only("harbor-reports"))),
    SeedBucket("harbor-storefront"),
)

# Buckets of others, which the account's roles name: to us they only answer "Access Denied".
FOREIGN_BUCKETS: Mapping[str, str] = {"shared-tools-exports": SHARED_TOOLS, "vendor-drop": VENDOR}

KEY_ID = "K1"
# No statement delegates to the account: identity policies alone cannot grant the use of this key.
KEY_POLICY = document(
    {
        "Sid": "KeyAdmins",
        "Effect": "Allow",
        "Principal": {"AWS": role_arn("human/saml-admin")},
        "Action": "kms:*",
        "Resource": "*",
    }
)

QUEUES: Mapping[str, dict[str, Any] | None] = {
    "report-jobs": document(
        {
            "Sid": "ReportsPublish",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/ReportExporter"},
            "Action": "sqs:SendMessage",
            "Resource": arn("sqs", "report-jobs"),
        }
    ),
    "orders-events": None,
}

# The suffix is the one AWS adds to a secret's ARN.
SECRETS: Mapping[str, str] = {"orders/db": "Ab12Cd", "orders/payment-provider": "Xy98Zw"}

# The id of F01's session, and three full-length ones.
INSTANCES: tuple[SeedInstance, ...] = (
    SeedInstance("i-0a1", "web-frontend-ec2", ago(days=34), {"Name": "web-1", "project": "ferry"}),
    SeedInstance("i-0f1e2d3c4b5a69788", "web-frontend-ec2", ago(days=34), {"Name": "web-2", "project": "ferry"}),
    SeedInstance("i-0c7d8e9f0a1b2c3d4", "web-frontend-ec2", ago(days=9), {"Name": "web-3", "project": "storefront"}),
    SeedInstance("i-09b8a7c6d5e4f3021", "report-worker", ago(days=41), {"Name": "report-1"}),
)

VPC_ID = "vpc-0d5e6f7a8b9c0d1e2"
ENDPOINT_ID = "vpce-0aa11bb22cc33dd44"
ENDPOINT_POLICY = document(
    {
        "Sid": "TwoBuckets",
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
        "Resource": [
            "arn:aws:s3:::harbor-lake",
            "arn:aws:s3:::harbor-lake/*",
            "arn:aws:s3:::harbor-batch",
            "arn:aws:s3:::harbor-batch/*",
        ],
    }
)

FUNCTIONS: tuple[SeedFunction, ...] = (
    SeedFunction(
        "orders-api",
        "app/orders-api-lambda",
        {
            "Version": "2012-10-17",
            "Id": "default",
            "Statement": [
                {
                    "Sid": "ApiGateway",
                    "Effect": "Allow",
                    "Principal": {"Service": "apigateway.amazonaws.com"},
                    "Action": "lambda:InvokeFunction",
                    "Resource": arn("lambda", "function:orders-api"),
                    "Condition": {"ArnLike": {"AWS:SourceArn": arn("execute-api", "h4rb0rap1/*")}},
                }
            ],
        },
    ),
    SeedFunction("reports-reader", "app/kms-reports-reader"),
    SeedFunction("hello-from-console", "service-role/lambda-basic-from-template"),
)

CLUSTER = "harbor"
TASK_DEFINITIONS: tuple[SeedTaskDefinition, ...] = (
    SeedTaskDefinition("orders", 14, "app/orders-ecs-task", "app/orders-ecs-execution"),
)
# (namespace, service account, role): EKS Pod Identity of the cluster.
POD_IDENTITIES: tuple[tuple[str, str, str], ...] = (("search", "search-api", "app/search-podid"),)

STACK_NAME = "reporting-prod"
STACK_ID = arn("cloudformation", f"stack/{STACK_NAME}/6f1c2b30-7a4e-11f0-9d2e-0a1b2c3d4e5f")
STACK_CREATED = ago(days=400)
STACK_RESOURCES: tuple[SeedStackResource, ...] = (
    SeedStackResource("ExportPolicy", "AWS::IAM::ManagedPolicy", f"arn:aws:iam::{ACCOUNT}:policy/report-export"),
    SeedStackResource("ExporterRole", "AWS::IAM::Role", "ReportExporter"),
    SeedStackResource("ExportMachine", "AWS::StepFunctions::StateMachine", arn("states", "stateMachine:report-export")),
)
