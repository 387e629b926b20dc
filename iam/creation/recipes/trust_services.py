"""The services that take roles, as the creation lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.creation.recipes.recipe import RecipeError
from iam.services import is_known_principal, nearest_principal


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """A service that takes roles; ``note`` is what to know of it."""

    id: str
    principal: str
    title: str
    note: str = ""


SERVICES: tuple[ServiceUse, ...] = (
    ServiceUse("ec2", "ec2.amazonaws.com", "EC2 instance", note="EC2 takes the role in an instance profile."),
    ServiceUse("lambda", "lambda.amazonaws.com", "Lambda function"),
    ServiceUse("ecs-tasks", "ecs-tasks.amazonaws.com", "ECS task, and ECS task execution"),
    ServiceUse("codebuild", "codebuild.amazonaws.com", "CodeBuild project"),
    ServiceUse("codepipeline", "codepipeline.amazonaws.com", "CodePipeline pipeline"),
    ServiceUse("codedeploy", "codedeploy.amazonaws.com", "CodeDeploy"),
    ServiceUse("glue", "glue.amazonaws.com", "Glue job or crawler"),
    ServiceUse("states", "states.amazonaws.com", "Step Functions state machine"),
    ServiceUse("scheduler", "scheduler.amazonaws.com", "Scheduler"),
    ServiceUse("events", "events.amazonaws.com", "EventBridge rule"),
    ServiceUse("pipes", "pipes.amazonaws.com", "EventBridge pipe"),
    ServiceUse("sagemaker", "sagemaker.amazonaws.com", "SageMaker AI"),
    ServiceUse("bedrock", "bedrock.amazonaws.com", "Amazon Bedrock"),
    ServiceUse("apigateway", "apigateway.amazonaws.com", "API Gateway"),
    ServiceUse("firehose", "firehose.amazonaws.com", "Data Firehose stream"),
    ServiceUse("cloudformation", "cloudformation.amazonaws.com", "CloudFormation stack"),
    ServiceUse("batch", "batch.amazonaws.com", "AWS Batch"),
    ServiceUse("backup", "backup.amazonaws.com", "AWS Backup"),
    ServiceUse("ssm", "ssm.amazonaws.com", "Systems Manager"),
    ServiceUse("vpc-flow-logs", "vpc-flow-logs.amazonaws.com", "VPC flow logs"),
    ServiceUse("eks", "eks.amazonaws.com", "EKS cluster"),
    ServiceUse("rds", "rds.amazonaws.com", "RDS"),
    ServiceUse("monitoring-rds", "monitoring.rds.amazonaws.com", "RDS enhanced monitoring"),
    ServiceUse("transfer", "transfer.amazonaws.com", "Transfer Family"),
    ServiceUse("redshift", "redshift.amazonaws.com", "Redshift"),
    ServiceUse("dms", "dms.amazonaws.com", "Database Migration Service"),
)

ALSO_ALLOWED = {"eks.amazonaws.com": ("sts:TagSession",)}
"""What a service's role allows beside sts:AssumeRole for some uses of it: EKS Auto Mode tags its sessions (EKS User
Guide, "Amazon EKS Auto Mode cluster IAM role")."""

LET_IN_BESIDE = {"edgelambda.amazonaws.com": ("lambda.amazonaws.com",)}
"""Lambda@Edge replicates a function of Lambda's, and both take its role (CloudFront Developer Guide, "Set up IAM
permissions and roles for Lambda@Edge")."""

_PRINCIPAL = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?")


def service_principal(name: str) -> str:
    """``lambda`` or ``lambda.amazonaws.com`` as the principal. Raises `RecipeError`."""
    text = name.strip().lower()
    known = next((each for each in SERVICES if text in (each.id, each.principal)), None)
    if known is not None:
        return known.principal
    if re.fullmatch(r"[a-z0-9-]+", text):
        text = f"{text}.amazonaws.com"
        # Of a principal that is written out the check says the same: a service may be newer than the list.
        if not is_known_principal(text) and (meant := nearest_principal(text)) is not None:
            raise RecipeError("service", f"There is no service {name[:60]} that takes roles. Did you mean {meant}?")
    if not _PRINCIPAL.fullmatch(text):
        raise RecipeError("service", f"A service is named like lambda.amazonaws.com, and {name[:60]} is not.")
    return text
