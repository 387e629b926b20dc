"""The services that take roles, and what they tell when they assume one.

A condition on a key that a service does not tell never matches: nobody could use the role. So ``deputy`` (and
``source``) are set only for services whose user guides are known to put aws:SourceAccount (and aws:SourceArn) into the
trust policies of their roles: their pages on the confused deputy, or those on the role itself. This is what was known
when the table was written, not read again line by line, nor tried with AWS. Where nothing is set nothing is claimed:
the service may tell the keys all the same. AWS Batch's guide has a page on the confused deputy, and whether it holds
for each kind of role that Batch takes was not verified; for EC2, Lambda, Glue, Firehose, CodePipeline and the others
no statement of AWS's was found either way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.creation.recipes.recipe import RecipeError


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """A service that takes roles. ``deputy``: it is known to tell aws:SourceAccount when it assumes one; ``source``
    is the resource part of the aws:SourceArn that it tells, with its service (``states``, ``stateMachine:*``)."""

    id: str
    principal: str
    title: str
    deputy: bool = False
    source: tuple[str, str] | None = None
    note: str = ""


SERVICES: tuple[ServiceUse, ...] = (
    ServiceUse("ec2", "ec2.amazonaws.com", "EC2 instance", note="EC2 takes the role in an instance profile."),
    ServiceUse("lambda", "lambda.amazonaws.com", "Lambda function"),
    ServiceUse("ecs-tasks", "ecs-tasks.amazonaws.com", "ECS task, and ECS task execution", True, ("ecs", "*")),
    ServiceUse("codebuild", "codebuild.amazonaws.com", "CodeBuild project", True, ("codebuild", "project/*")),
    ServiceUse("codepipeline", "codepipeline.amazonaws.com", "CodePipeline pipeline"),
    ServiceUse("codedeploy", "codedeploy.amazonaws.com", "CodeDeploy"),
    ServiceUse("glue", "glue.amazonaws.com", "Glue job or crawler"),
    ServiceUse("states", "states.amazonaws.com", "Step Functions state machine", True, ("states", "stateMachine:*")),
    ServiceUse("scheduler", "scheduler.amazonaws.com", "Scheduler", True, ("scheduler", "schedule-group/*")),
    ServiceUse("events", "events.amazonaws.com", "EventBridge rule", True, ("events", "rule/*")),
    ServiceUse("pipes", "pipes.amazonaws.com", "EventBridge pipe", True, ("pipes", "pipe/*")),
    ServiceUse("sagemaker", "sagemaker.amazonaws.com", "SageMaker AI", True),
    ServiceUse("bedrock", "bedrock.amazonaws.com", "Amazon Bedrock", True),
    ServiceUse("apigateway", "apigateway.amazonaws.com", "API Gateway"),
    ServiceUse("firehose", "firehose.amazonaws.com", "Data Firehose stream"),
    ServiceUse("cloudformation", "cloudformation.amazonaws.com", "CloudFormation stack"),
    ServiceUse("batch", "batch.amazonaws.com", "AWS Batch"),
    ServiceUse("backup", "backup.amazonaws.com", "AWS Backup"),
    ServiceUse("ssm", "ssm.amazonaws.com", "Systems Manager", True),
    ServiceUse("vpc-flow-logs", "vpc-flow-logs.amazonaws.com", "VPC flow logs", True),
    ServiceUse("eks", "eks.amazonaws.com", "EKS cluster"),
    ServiceUse("rds", "rds.amazonaws.com", "RDS"),
    ServiceUse("monitoring-rds", "monitoring.rds.amazonaws.com", "RDS enhanced monitoring", True),
    ServiceUse("transfer", "transfer.amazonaws.com", "Transfer Family", True),
    ServiceUse("redshift", "redshift.amazonaws.com", "Redshift"),
    ServiceUse("dms", "dms.amazonaws.com", "Database Migration Service", True),
)

_PRINCIPAL = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?")


def service_principal(name: str) -> str:
    """``lambda`` or ``lambda.amazonaws.com`` as the principal. Raises `RecipeError`."""
    text = name.strip().lower()
    known = next((each for each in SERVICES if text in (each.id, each.principal)), None)
    if known is not None:
        return known.principal
    if re.fullmatch(r"[a-z0-9-]+", text):
        text = f"{text}.amazonaws.com"
    if not _PRINCIPAL.fullmatch(text):
        raise RecipeError("service", f"A service is named like lambda.amazonaws.com, and {name[:60]} is not.")
    return text
