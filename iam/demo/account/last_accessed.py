"""Which services each role used, and how many hours ago. Roles that are not here used what no report tells."""

from __future__ import annotations

from collections.abc import Mapping

USED: Mapping[str, Mapping[str, float]] = {
    # Six services, of the hundreds that its policies open.
    "ds-notebook": {"s3": 1, "sagemaker": 1, "logs": 2, "ecr": 30, "kms": 1, "cloudwatch": 26},
    "web-frontend-ec2": {"s3": 2, "ssm": 3, "ssmmessages": 3, "ec2messages": 3},
    "report-worker-ec2": {"sqs": 41 * 24},
    "orders-api-lambda": {"dynamodb": 1 / 60, "logs": 1 / 60},
    "orders-ecs-task": {"secretsmanager": 5 / 60, "sqs": 5 / 60},
    "orders-ecs-execution": {"ecr": 5 / 60, "logs": 5 / 60},
    "inventory-irsa": {"kinesis": 6},
    "gha-deploy-storefront": {"s3": 19 * 24, "lambda": 19 * 24},
    "gha-plan-readonly": {"iam": 24, "s3": 24, "ec2": 24, "lambda": 24, "dynamodb": 24},
    "ci-pipeline-builder": {"logs": 0.5, "s3": 0.5, "ecr": 0.5, "iam": 0.5},
    "vendor-cost-auditor": {"ce": 8 * 24},
    "lake-etl-glue": {"s3": 4, "glue": 4, "logs": 4, "ec2": 4},
    "platform-operator": {"ecs": 5, "lambda": 5, "logs": 5, "cloudwatch": 6},
    "release-manager": {"ecs": 24, "iam": 24},
    "contractor-scoped": {"lambda": 72, "logs": 72},
    "ReportExporter": {"s3": 33 * 24, "lambda": 33 * 24},
}
