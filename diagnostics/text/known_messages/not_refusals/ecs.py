"""Rows for Amazon ECS and Fargate: log groups, networks, roles, quotas."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

ECS_LOG_GROUPS: tuple[System, ...] = (
    # Amazon ECS Developer Guide, "Send Amazon ECS logs to CloudWatch": awslogs-create-group
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html).
    made_system(
        "the container's log group",
        "Create the log group in the Region of awslogs-region, or set awslogs-create-group: true in the log "
        "configuration and allow the execution role to perform logs:CreateLogGroup. Compare the spelling of the log "
        "group's name in both places. " + NONE_MISSING,
        r"create\s+Cloudwatch\s+log\s+stream:\s+ResourceNotFoundException:\s+The\s+specified\s+log\s+group\s+does\s+not"
        r"\s+exist",
        "log group does not exist",
        flags=re.IGNORECASE,
        verdict="The log group of the container does not exist, and the log driver creates it only if the log "
        "configuration says so.",
        title="Create the log group, or let the log driver create it",
    ),
)
TASK_NETWORK = "the task's network"
_TASK_STARTS = r"ResourceInitializationError|CannotPull(?:ECR|Image)?\w*Error"
_TASKS_NETWORK = (
    r"(?:connection\s+issue\s+between\s+the\s+task|context\s+deadline\s+exceeded|i/o\s+timeout"
    r"|request\s+(?:context\s+)?canceled|Client\.Timeout\s+exceeded|StatusCode:\s*0\b"
    r"|RequestError:\s+send\s+request\s+failed(?![^\x1e]{0,300}(?:x509|certificate)))"
)

TASK_NETWORKS: tuple[System, ...] = (
    # re:Post, "How do I resolve the ResourceInitializationError when I pull secrets or retrieve Amazon ECR
    # authentication for Amazon ECS tasks?" (https://repost.aws/knowledge-center/ecs-unable-to-pull-secrets).
    made_system(
        TASK_NETWORK,
        "Check the task's subnets and security group. A private subnet needs a NAT gateway, or VPC endpoints that "
        "admit the task on port 443: secretsmanager, ssm, ecr.api, ecr.dkr and logs, as far as the task uses them, "
        "with private DNS, and S3's gateway endpoint for the layers of images. In a public subnet the task needs a "
        "public IP (assignPublicIp=ENABLED). No permission is missing: remove any permission that was added only for "
        "this.",
        rf"(?:{_TASK_STARTS})[^\x1e]{{0,900}}?{_TASKS_NETWORK}",
        "resourceinitializationerror",
        "cannotpull",
        unless=r"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4|no\s+such\s+host",
        subject=r"https?://([\w.-]+\.[a-z]{2,})(?![\w.-])|between\s+the\s+task\s+and\s+((?:AWS|Amazon)[\w ]+\w)"
        r"|operation\s+error\s+([\w ]+\w):|dial\s+tcp\s+([\w.:-]+\w)"
        r"|retrieve\s+secrets?\s+from\s+(\w+)",
        verdict="The task could not reach {name}: no answer came, so its network has no route there. No permission was "
        "checked, and a policy is not the cause.",
        title="Let the task's network reach the service",
    ),
)

ECS_ROLES_AND_QUOTAS: tuple[System, ...] = (
    # Amazon ECS Developer Guide, "Amazon ECS task execution IAM role"
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).
    documented(
        "the task definition's execution role",
        "The task definition names no execution role, with which ECS pulls the image, fetches the secrets and writes "
        "the logs: set executionRoleArn (execution_role_arn). The task role does not replace it.",
        "The role trusts ecs-tasks.amazonaws.com and has AmazonECSTaskExecutionRolePolicy; for secrets it also needs "
        "secretsmanager:GetSecretValue or ssm:GetParameters on them, and for a customer managed key kms:Decrypt. "
        "Whoever registers the task definition needs iam:PassRole on it.",
        "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'",
        title="Set the execution role of the task definition",
    ),
    # Amazon ECS Developer Guide, "Viewing Amazon ECS service event messages"
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html).
    made_system(
        "the account's quota for Fargate",
        "Raise the vCPU quota of AWS Fargate (On-Demand or Spot) in Service Quotas, in this Region, or stop other "
        f"tasks. {NONE_MISSING}",
        r"reached\s+the\s+limit\s+on\s+the\s+number\s+of\s+(?:vCPUs|tasks)\s+you\s+can\s+run\s+concurrently",
        "you can run concurrently",
        flags=re.IGNORECASE,
        verdict="The account's quota for Fargate in this Region is used up. Raise it, or stop other tasks.",
        title="Raise the Fargate quota",
    ),
    # Amazon ECS Developer Guide, "Access Amazon ECS features with account settings"
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html).
    made_system(
        "the account's setting for long ARNs in ECS",
        "Run aws ecs put-account-setting-default --name serviceLongArnFormat --value enabled (taskLongArnFormat, "
        "containerInstanceLongArnFormat likewise), in this Region; the root user or an administrator sets the default. "
        f"Or leave out the tags. {NONE_MISSING}",
        r"new\s+ARN\s+and\s+resource\s+ID\s+format\s+must\s+be\s+enabled",
        "arn and resource id format must be enabled",
        verdict="Opt in to ECS's long ARNs for this account (or identity): services and tasks can have tags only "
                "with long ARNs.",
        title="Opt in to the long ARN format",
    ),
)  # fmt: skip
