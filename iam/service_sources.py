"""Which services tell whose resource they work for when they assume a role: aws:SourceAccount and aws:SourceArn.

A condition on a key that a service does not send never matches: nobody could use the role. So a service is listed only
where its user guide puts the keys into the trust policy of its roles: its page on the confused deputy, or that on the
role itself. This is what was known when the table was written, not read again line by line, nor tried with AWS. Nothing
is claimed of the others: they may send the keys all the same. AWS Batch's guide has a page on the confused deputy, and
whether it is true of each kind of role that Batch takes was not verified; AWS Backup's speaks of topics; for EC2,
Lambda, Glue, Firehose, CodePipeline and others no statement of AWS's was found either way. EKS Pod Identity takes no
other account's roles, and sends neither; IAM Roles Anywhere sends aws:SourceArn alone.
"""

from __future__ import annotations

import re

from iam.services import short_principal

# The resource part of the aws:SourceArn with its service, as far as it can be told beforehand.
_SOURCES: dict[str, tuple[str, str] | None] = {
    # Both are principals of a managed Airflow environment's execution role.
    "airflow": ("airflow", "environment/*"),
    "airflow-env": ("airflow", "environment/*"),
    "bedrock": None,
    "codebuild": ("codebuild", "project/*"),
    "datasync": ("datasync", "*"),
    "dms": None,
    "ecs-tasks": ("ecs", "*"),
    "events": ("events", "rule/*"),
    "fis": ("fis", "experiment/*"),
    "frauddetector": None,
    "monitoring.rds": None,
    "personalize": ("personalize", "*"),
    "pipes": ("pipes", "pipe/*"),
    "sagemaker": None,
    # The schedule's group, not the schedule (EventBridge Scheduler guide, "Prevent confused deputy").
    "scheduler": ("scheduler", "schedule-group/*"),
    "ssm": None,
    "states": ("states", "stateMachine:*"),
    "transfer": None,
    "vpc-flow-logs": ("ec2", "vpc-flow-log/*"),
}

TELLING_SOURCE = tuple(_SOURCES)
"""The short names of the services that are known to send aws:SourceAccount."""


def tells_source(principal: str) -> bool:
    """Whether the service of a principal (``states.amazonaws.com``) is known to send aws:SourceAccount."""
    return short_principal(principal) in _SOURCES


def source_resource(principal: str) -> tuple[str, str] | None:
    """Service and resource part of the aws:SourceArn that it sends (``states``, ``stateMachine:*``), where known."""
    return _SOURCES.get(short_principal(principal))


# The resource type that the service presents, where it is not the one that people expect
# (EventBridge Scheduler guide, "Prevent confused deputy": the ARN of the schedule *group*).
_PRESENTED = {"scheduler": ("schedule-group", ("schedule",))}


def presented_for(service: str, patterns: tuple[str, ...]) -> str | None:
    """The ARN that the service of a principal really presents as aws:SourceArn, where the patterns are written for
    another kind of resource.

    ``arn:…:schedule/prod/*`` gives ``arn:…:schedule-group/prod``. None where nothing is known to be wrong.
    """
    known = _PRESENTED.get(short_principal(service))
    if known is None:
        return None
    right, wrong = known
    for pattern in patterns:
        match = re.fullmatch(r"(arn:[^:]*:[^:]*:[^:]*:[^:]*:)([\w-]+)/([^/*]+)(/.*)?", pattern)
        if match and match[2] in wrong:
            return f"{match[1]}{right}/{match[3]}"
    return None
