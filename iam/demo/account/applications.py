"""The roles of applications."""

from __future__ import annotations

from iam.demo.account.facts import (
    ACCOUNT,
    COGNITO_POOL,
    EKS,
    ROOT,
    SHARED_TOOLS,
    ago,
    allow,
    arn,
    document,
    policy_arn,
    service_trust,
    trust,
)
from iam.demo.account.role import AWS, BASIC_LAMBDA, SeedRole

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
        (BASIC_LAMBDA,),
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
        (BASIC_LAMBDA,),
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
