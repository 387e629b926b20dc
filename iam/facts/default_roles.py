"""Roles that consoles and commands of AWS create for one service. Each page has the name and the trust policy."""

from __future__ import annotations

import re

_MADE_FOR = (
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
    (r"Amazon_EventBridge_Invoke_", "events.amazonaws.com"),
    (r"Amazon_EventBridge_Pipe_", "pipes.amazonaws.com"),
    (r"Amazon_EventBridge_Scheduler_", "scheduler.amazonaws.com"),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
    (r"AmazonSageMaker(?:Service)?-?ExecutionRole", "sagemaker.amazonaws.com"),
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    (r"ecsTaskExecutionRole$", "ecs-tasks.amazonaws.com"),
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
    (r"AWSBackupDefaultServiceRole$", "backup.amazonaws.com"),
    # https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
    (r"codebuild-[\w+=,.@-]+-service-role$", "codebuild.amazonaws.com"),
    # https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-service-role.html
    (r"AWSCodePipelineServiceRole-", "codepipeline.amazonaws.com"),
    # https://docs.aws.amazon.com/mediaconvert/latest/ug/creating-the-iam-role-in-mediaconvert-configured.html
    (r"MediaConvert_Default_Role$", "mediaconvert.amazonaws.com"),
    # https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles.html
    (r"EMR_DefaultRole(?:_V2)?$", "elasticmapreduce.amazonaws.com"),
    (r"EMR_EC2_DefaultRole$", "ec2.amazonaws.com"),
)


def service_of_default_role(name: str) -> str | None:
    """Return the principal of the service for which AWS creates roles with this name; None if there is none."""
    return next((service for pattern, service in _MADE_FOR if re.match(pattern, name)), None)
