"""The roles: 28 that each tell a story, and four that AWS or its services own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from iam.sources.demo.seed.facts import (
    ACCOUNT,
    COGNITO_POOL,
    EKS,
    GITHUB,
    ROOT,
    SHARED_TOOLS,
    VENDOR,
    ago,
    allow,
    arn,
    document,
    policy_arn,
    role_arn,
    service_trust,
    trust,
)

AWS = "arn:aws:iam::aws:policy/"


@dataclass(frozen=True, slots=True)
class SeedRole:
    """A role. ``used`` is None for a role not used in the 400 days that IAM looks back."""

    name: str
    path: str
    trust: dict[str, Any]
    created: datetime
    used: datetime | None = None
    attached: tuple[str, ...] = ()
    inline: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    boundary: str | None = None
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    max_session: int = 3600
    used_region: str = "us-east-1"
    source_template: str | None = None


_BOUNDARY = policy_arn("DeveloperBoundary")
_BASIC_LAMBDA = AWS + "service-role/AWSLambdaBasicExecutionRole"
_GITHUB_PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
_SAML_PROVIDER = f"arn:aws:iam::{ACCOUNT}:saml-provider/HarborIdP"

APPLICATIONS: tuple[SeedRole, ...] = (
    SeedRole(
        "web-frontend-ec2",
        "/app/",
        service_trust("ec2.amazonaws.com"),
        ago(days=812),
        ago(hours=2),
        (AWS + "AmazonSSMManagedInstanceCore", policy_arn("app-assets-read")),
        description="The web shop's instances",
        tags={"team": "storefront", "env": "prod"},
    ),
    SeedRole(
        "report-worker-ec2",
        "/app/",
        service_trust("ec2.amazonaws.com"),
        ago(days=505),
        ago(days=41),
        inline={
            "queue-worker": document(
                allow(
                    ("sqs:ReceiveMessage", "sqs:DeleteMessage"),
                    arn("sqs", "report-jobs"),
                    sid="WorkTheQueue",
                )
            )
        },
        description="Takes report jobs from the queue; in the instance profile report-worker-profile",
        tags={"team": "reporting"},
    ),
    SeedRole(
        "orders-api-lambda",
        "/app/",
        service_trust("lambda.amazonaws.com"),
        ago(days=340),
        ago(minutes=1),
        (_BASIC_LAMBDA,),
        {
            "orders-table-rw": document(
                allow(
                    ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"),
                    arn("dynamodb", "table/orders"),
                    sid="Orders",
                )
            )
        },
        description="The orders API",
        tags={"team": "ferry", "env": "prod"},
    ),
    SeedRole(
        "invoice-render-lambda",
        "/app/",
        service_trust("ec2.amazonaws.com"),
        ago(days=12),
        None,
        (_BASIC_LAMBDA,),
        {
            "invoices-bucket": document(
                allow(("s3:GetObject", "s3:PutObject"), "arn:aws:s3:::harbor-invoices/*", sid="Invoices")
            )
        },
        description="Renders invoices",
        tags={"team": "billing"},
    ),
    SeedRole(
        "orders-ecs-task",
        "/app/",
        service_trust("ecs-tasks.amazonaws.com", StringEquals={"aws:SourceAccount": ACCOUNT}),
        ago(days=298),
        ago(minutes=5),
        inline={
            "orders-secrets": document(
                allow("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:orders/*"), sid="OrderSecrets")
            ),
            "orders-events": document(allow("sqs:SendMessage", arn("sqs", "orders-events"), sid="PublishOrders")),
        },
        description="Task role of the orders service",
        tags={"team": "ferry", "env": "prod"},
    ),
    SeedRole(
        "orders-ecs-execution",
        "/app/",
        service_trust("ecs-tasks.amazonaws.com"),
        ago(days=298),
        ago(minutes=5),
        (AWS + "service-role/AmazonECSTaskExecutionRolePolicy",),
        description="Execution role of the orders service: pulls images, writes logs",
        tags={"team": "ferry", "env": "prod"},
    ),
    SeedRole(
        "inventory-irsa",
        "/app/",
        document(
            trust(
                {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{EKS}"},
                "sts:AssumeRoleWithWebIdentity",
                sid="InventoryServiceAccount",
                StringEquals={
                    f"{EKS}:aud": "sts.amazonaws.com",
                    f"{EKS}:sub": "system:serviceaccount:inventory:inventory-api",
                },
            )
        ),
        ago(days=233),
        ago(hours=6),
        inline={
            "inventory-stream": document(
                allow(
                    (
                        "kinesis:DescribeStreamSummary",
                        "kinesis:GetRecords",
                        "kinesis:GetShardIterator",
                        "kinesis:ListShards",
                    ),
                    arn("kinesis", "stream/inventory"),
                    sid="ReadInventory",
                )
            )
        },
        description="Service account inventory/inventory-api of the cluster harbor",
        tags={"team": "inventory"},
    ),
    SeedRole(
        "search-podid",
        "/app/",
        service_trust("pods.eks.amazonaws.com"),
        ago(days=3),
        None,
        inline={
            "search-domain": document(allow("es:ESHttp*", arn("es", "domain/search/*"), sid="SearchRequests")),
        },
        description="Pod Identity of search/search-api",
        tags={"team": "search"},
    ),
    SeedRole(
        "cognito-mobile-auth",
        "/app/",
        document(
            trust(
                {"Federated": "cognito-identity.amazonaws.com"},
                "sts:AssumeRoleWithWebIdentity",
                StringEquals={"cognito-identity.amazonaws.com:aud": COGNITO_POOL},
                ForAnyValue_StringLike={"cognito-identity.amazonaws.com:amr": "authenticated"},
            )
        ),
        ago(days=388),
        ago(minutes=3),
        inline={
            "own-files": document(
                allow(
                    ("s3:GetObject", "s3:PutObject"),
                    "arn:aws:s3:::harbor-mobile/${cognito-identity.amazonaws.com:sub}/*",
                    sid="OwnPrefix",
                )
            )
        },
        description="Signed-in users of the mobile app",
        tags={"team": "mobile"},
    ),
    SeedRole(
        "ds-notebook",
        "/app/",
        document(
            trust({"Service": "sagemaker.amazonaws.com"}),
            trust({"AWS": ROOT}),
        ),
        ago(days=155),
        ago(hours=1),
        (AWS + "AdministratorAccess",),
        {"everything": document(allow("*", "*"))},
        description="Notebooks of the data science team",
        tags={"team": "data-science"},
    ),
    SeedRole(
        "kms-reports-reader",
        "/app/",
        service_trust("lambda.amazonaws.com"),
        ago(days=77),
        ago(days=12),
        inline={
            "reports-read": document(
                allow("kms:Decrypt", arn("kms", "key/K1"), sid="DecryptReports"),
                allow("s3:GetObject", "arn:aws:s3:::harbor-reports/*", sid="ReadReports"),
            )
        },
        description="Reads encrypted reports",
        tags={"team": "reporting"},
    ),
    SeedRole(
        "shared-bucket-exporter",
        "/app/",
        service_trust("glue.amazonaws.com"),
        ago(days=280),
        ago(days=70),
        inline={
            "export-to-shared-tools": document(
                allow("s3:PutObject", "arn:aws:s3:::shared-tools-exports/harbor/*", sid="Export")
            )
        },
        description=f"Exports to the bucket shared-tools-exports of account {SHARED_TOOLS}",
        tags={"team": "data", "exports-to": SHARED_TOOLS},
    ),
    SeedRole(
        "batch-vpc-worker",
        "/app/",
        service_trust("ec2.amazonaws.com"),
        ago(days=190),
        ago(hours=3),
        inline={
            "harbor-buckets-read": document(
                allow(
                    ("s3:GetObject", "s3:ListBucket"),
                    ("arn:aws:s3:::harbor-*", "arn:aws:s3:::harbor-*/*"),
                    sid="ReadHarborBuckets",
                )
            )
        },
        description="Batch workers in the private subnets",
        tags={"team": "data"},
    ),
    SeedRole(
        "metrics-collector",
        "/app/",
        document(trust({"AWS": "AROAEXAMPLEDELETEDROLE"}, sid="Collector")),
        ago(days=460),
        ago(days=95),
        inline={
            "read-metrics": document(
                allow(
                    ("cloudwatch:GetMetricData", "cloudwatch:ListMetrics"),
                    "*",
                    sid="ReadMetrics",
                )
            )
        },
        description="Read by the collector of the shared-tools account",
        tags={"team": "platform"},
    ),
)

PIPELINES_AND_JOBS: tuple[SeedRole, ...] = (
    SeedRole(
        "gha-deploy-storefront",
        "/ci/",
        document(
            trust(
                {"Federated": _GITHUB_PROVIDER},
                "sts:AssumeRoleWithWebIdentity",
                sid="MainBranchOnly",
                StringEquals={
                    f"{GITHUB}:aud": "sts.amazonaws.com",
                    f"{GITHUB}:sub": "repo:harbor-demo/storefront:ref:refs/heads/main",
                },
            )
        ),
        ago(days=320),
        ago(days=19),
        (policy_arn("deploy-storefront"),),
        {
            "pass-app-roles": document(
                allow(
                    "iam:PassRole",
                    role_arn("app/*"),
                    sid="PassToLambda",
                    StringEquals={"iam:PassedToService": "lambda.amazonaws.com"},
                )
            )
        },
        boundary=_BOUNDARY,
        description="GitHub Actions: deploys the storefront",
        tags={"team": "storefront"},
    ),
    SeedRole(
        "gha-plan-readonly",
        "/ci/",
        document(
            trust(
                {"Federated": _GITHUB_PROVIDER},
                "sts:AssumeRoleWithWebIdentity",
                StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"},
                StringLike={f"{GITHUB}:sub": "repo:harbor-demo/*"},
            )
        ),
        ago(days=330),
        ago(days=1),
        (AWS + "ReadOnlyAccess",),
        description="GitHub Actions: terraform plan",
        tags={"team": "platform"},
    ),
    SeedRole(
        "ci-pipeline-builder",
        "/ci/",
        service_trust("codebuild.amazonaws.com"),
        ago(days=300),
        ago(minutes=30),
        (policy_arn("pipeline-build"),),
        boundary=_BOUNDARY,
        description="CodeBuild: builds images and makes the roles of applications",
        tags={"team": "platform"},
    ),
    SeedRole(
        "vendor-cost-auditor",
        "/vendor/",
        document(
            trust(
                {"AWS": f"arn:aws:iam::{VENDOR}:root"},
                StringEquals={"sts:ExternalId": "hl-7Q2-audit"},
            )
        ),
        ago(days=270),
        ago(days=8),
        (AWS + "job-function/Billing",),
        {
            "cost-read": document(
                allow(("ce:Get*", "ce:List*", "ce:Describe*", "cur:DescribeReportDefinitions"), "*", sid="ReadCosts")
            )
        },
        description="The cost auditor's access from outside the organization",
        tags={"vendor": "cost-auditor"},
    ),
    SeedRole(
        "lake-etl-glue",
        "/service-role/",
        service_trust("glue.amazonaws.com"),
        ago(days=420),
        ago(hours=4),
        (policy_arn("lake-etl"), policy_arn("guard-region")),
        description="Nightly jobs of the data lake",
        tags={"team": "data"},
    ),
    SeedRole(
        "scheduler-invoke-orders",
        "/service-role/",
        document(
            trust(
                {"Service": "scheduler.amazonaws.com"},
                sid="SchedulesOfProd",
                StringEquals={"aws:SourceAccount": ACCOUNT},
                ArnLike={"aws:SourceArn": arn("scheduler", "schedule/prod/*")},
            )
        ),
        ago(days=8),
        ago(minutes=9),
        inline={
            "invoke-orders": document(
                allow("lambda:InvokeFunction", arn("lambda", "function:orders-api"), sid="InvokeOrders")
            )
        },
        description="EventBridge Scheduler: wakes the orders API",
        tags={"team": "ferry"},
    ),
    SeedRole(
        "legacy-ftp-sync",
        "/legacy/",
        service_trust("ec2.amazonaws.com"),
        ago(days=2450),
        None,
        (AWS + "AmazonS3FullAccess",),
    ),
    SeedRole(
        "ReportExporter",
        "/",
        service_trust("states.amazonaws.com"),
        ago(days=400),
        ago(days=33),
        (policy_arn("report-export"),),
    ),
)

PEOPLE: tuple[SeedRole, ...] = (
    SeedRole(
        "saml-admin",
        "/human/",
        document(
            trust(
                {"Federated": _SAML_PROVIDER},
                "sts:AssumeRoleWithSAML",
                StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"},
            )
        ),
        ago(days=900),
        ago(days=1),
        (AWS + "AdministratorAccess",),
        description="Administrators, through the company's identity provider",
        tags={"team": "platform"},
        max_session=14400,
    ),
    SeedRole(
        "break-glass-admin",
        "/human/",
        document(
            trust(
                {"AWS": ROOT},
                Bool={"aws:MultiFactorAuthPresent": "true"},
                NumericLessThan={"aws:MultiFactorAuthAge": "900"},
            )
        ),
        ago(days=880),
        ago(days=202),
        (AWS + "AdministratorAccess",),
        description="For emergencies only: its use pages the on-call engineer",
        tags={"alert": "page"},
    ),
    SeedRole(
        "project-developer",
        "/human/",
        document(trust({"AWS": ROOT}, ("sts:AssumeRole", "sts:TagSession"))),
        ago(days=210),
        ago(days=2),
        (policy_arn("abac-project"),),
        boundary=_BOUNDARY,
        description="Developers: what carries their session's project tag",
    ),
    SeedRole(
        "platform-operator",
        "/human/",
        document(trust({"AWS": ROOT}, StringEquals={"aws:PrincipalTag/team": "platform"})),
        ago(days=250),
        ago(hours=5),
        (policy_arn("operate-all-but-identity"),),
        description="Operators of the platform team",
        tags={"team": "platform"},
    ),
    SeedRole(
        "release-manager",
        "/human/",
        document(trust({"AWS": ROOT})),
        ago(days=245),
        ago(days=1),
        inline={
            "release": document(
                allow(("ecs:*Service", "ecs:RegisterTaskDefinition"), "*", sid="ReleaseServices"),
                allow(
                    "iam:PassRole",
                    role_arn("app/*"),
                    sid="PassApplicationRoles",
                    StringEquals={"iam:PassedToService": "lambda.amazonaws.com"},
                ),
            )
        },
        description="Releases services",
        tags={"team": "platform"},
    ),
    SeedRole(
        "contractor-scoped",
        "/human/",
        document(trust({"AWS": f"arn:aws:iam::{SHARED_TOOLS}:role/broker"})),
        ago(days=120),
        ago(days=3),
        (AWS + "PowerUserAccess",),
        description="Contractors, scoped down by the broker's session policy",
        tags={"team": "platform"},
    ),
)

SERVICE_OWNED: tuple[SeedRole, ...] = (
    SeedRole(
        "AWSServiceRoleForAutoScaling",
        "/aws-service-role/autoscaling.amazonaws.com/",
        service_trust("autoscaling.amazonaws.com"),
        ago(days=815),
        ago(minutes=20),
        (AWS + "aws-service-role/AutoScalingServiceRolePolicy",),
        description="Default Service-Linked Role enables access to AWS Services and Resources used or managed by "
        "Auto Scaling",
    ),
    SeedRole(
        "AWSServiceRoleForECS",
        "/aws-service-role/ecs.amazonaws.com/",
        service_trust("ecs.amazonaws.com"),
        ago(days=300),
        ago(minutes=5),
        (AWS + "aws-service-role/AmazonECSServiceRolePolicy",),
        description="Role to enable Amazon ECS to manage your cluster.",
    ),
    SeedRole(
        "AWSReservedSSO_DataAnalyst_0a1b2c3d4e5f6789",
        "/aws-reserved/sso.amazonaws.com/",
        document(
            trust(
                {"Federated": _SAML_PROVIDER},
                ("sts:AssumeRoleWithSAML", "sts:TagSession"),
                StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"},
            )
        ),
        ago(days=360),
        ago(days=4),
        (AWS + "AmazonAthenaFullAccess",),
        max_session=28800,
    ),
    SeedRole(
        "lambda-basic-from-template",
        "/service-role/",
        service_trust("lambda.amazonaws.com"),
        ago(days=25),
        ago(days=2),
        (_BASIC_LAMBDA,),
        description="Made for a function by Lambda's console",
        source_template="arn:aws:iam::aws:role-template/lambda/AWSLambdaBasicExecution",
    ),
)

ROLES: tuple[SeedRole, ...] = APPLICATIONS + PIPELINES_AND_JOBS + PEOPLE + SERVICE_OWNED
