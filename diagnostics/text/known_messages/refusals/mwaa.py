"""Messages of Amazon MWAA (Apache Airflow)."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"

MWAA: tuple[ServiceSentence, ...] = (
    row(
        "incorrect_configuration",
        r"need to check the execution role permissions policy for your environment",
        "the environment's execution role, or its network",
        "the execution role or the network of the environment is incomplete",
        "The MWAA environment could not start: its execution role lacks permissions, or its subnets cannot reach the "
        "services. The message does not say which.",
        UsualCause("Compare the execution role with MWAA's page: airflow:PublishMetrics, s3:GetObject*, s3:GetBucket* "
                   "and s3:List* on the bucket, logs on airflow-ENVIRONMENT-*, SQS on airflow-celery-*, KMS, and "
                   "airflow.amazonaws.com and airflow-env.amazonaws.com in its trust policy.",
                   "aws mwaa get-environment --name NAME --query Environment.[ExecutionRoleArn,LastUpdate]",
                   needs=("airflow:PublishMetrics", "s3:GetObject", "s3:ListBucket")),
        UsualCause("Private subnets need a NAT gateway or all VPC endpoints of MWAA's page, and a security group that "
                   "allows itself.", None, Who.RESOURCE_OWNER),
        page=f"{_API}/mwaa/latest/userguide/troubleshooting.html",
    ),
)  # fmt: skip
