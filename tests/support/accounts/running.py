"""What runs with a role, as a snapshot has it: one resource of each kind."""

from __future__ import annotations

import re
from typing import Any

from iam.facts.workloads import KINDS, WORKLOAD_KINDS
from tests.support.accounts.questions import ID

REGION = "us-east-1"
_ARNS = {
    "codebuild-project": "codebuild:{r}:{a}:project/prod",
    "cloudformation-stack": "cloudformation:{r}:{a}:stack/prod/0a1b2c3d-0000-0000-0000-000000000000",
    "cloudformation-stack-set": "cloudformation:{r}:{a}:stackset/prod:0a1b2c3d-0000-0000-0000-000000000000",
    "sagemaker-notebook": "sagemaker:{r}:{a}:notebook-instance/prod",
    "sagemaker-domain": "sagemaker:{r}:{a}:domain/d-prod",
    "sagemaker-user-profile": "sagemaker:{r}:{a}:user-profile/d-prod/ann",
    "apprunner-service": "apprunner:{r}:{a}:service/prod/8fe1e10304f84fd2b0df550fe98a71fa",
    "bedrock-agent": "bedrock:{r}:{a}:agent/PROD123456",
    "agentcore-code-interpreter": "bedrock-agentcore:{r}:{a}:code-interpreter-custom/prod-0123456789",
    "agentcore-runtime": "bedrock-agentcore:{r}:{a}:runtime/prod-0123456789",
    "step-functions-state-machine": "states:{r}:{a}:stateMachine:prod",
    "eventbridge-rule": "events:{r}:{a}:rule/prod",
    "scheduler-schedule": "scheduler:{r}:{a}:schedule/default/prod",
    "pipes-pipe": "pipes:{r}:{a}:pipe/prod",
    "codepipeline-pipeline": "codepipeline:{r}:{a}:prod",
    "batch-job-definition": "batch:{r}:{a}:job-definition/prod:1",
    "batch-compute-environment": "batch:{r}:{a}:compute-environment/prod",
    "emr-cluster": "elasticmapreduce:{r}:{a}:cluster/j-PROD",
    "emr-serverless-job-run": "emr-serverless:{r}:{a}:/applications/00f/jobruns/00g",
    "ecs-task": "ecs:{r}:{a}:task/prod/0123456789abcdef0123456789abcdef",
    "eks-access-entry": "eks:{r}:{a}:access-entry/prod/role/{a}/boss/0a1b",
    "autoscaling-group": "autoscaling:{r}:{a}:autoScalingGroup:0a1b:autoScalingGroupName/prod",
    "launch-configuration": "autoscaling:{r}:{a}:launchConfiguration:0a1b:launchConfigurationName/prod",
    "imagebuilder-infrastructure": "imagebuilder:{r}:{a}:infrastructure-configuration/prod",
    "iot-role-alias": "iot:{r}:{a}:rolealias/prod",
    "rolesanywhere-profile": "rolesanywhere:{r}:{a}:profile/0a1b2c3d-0000-0000-0000-000000000000",
    "transfer-user": "transfer:{r}:{a}:user/s-0a1b/prod",
    "lambda-url": "lambda:{r}:{a}:function:prod",
}


def workload_arn(kind: str) -> str:
    form = f"arn:aws:{_ARNS[kind]}" if kind in _ARNS else re.sub(r"\{\d[^}]*\}", "prod", KINDS[kind].arn)
    return form.format(r=REGION, a=ID, partition="aws", region=REGION, account=ID)


def workload(kind: str, *roles: str, traits: tuple[str, ...] | None = None) -> dict[str, Any]:
    """A resource of the kind, with every trait unless others are given. ``roles`` are ARNs."""
    has = list(KINDS[kind].traits if traits is None else traits)
    return {"Kind": kind, "Arn": workload_arn(kind), "Region": REGION, "Roles": list(roles), "Traits": has}


def add_workloads(content: dict[str, Any], *resources: dict[str, Any]) -> None:
    """Give a snapshot these resources, and none of every other kind."""
    listed: dict[str, list[Any]] = {kind.id: [] for kind in WORKLOAD_KINDS}
    for each in resources:
        listed[each["Kind"]].append(each)
    content["Rolescope"]["Workloads"] = listed
    content["Rolescope"]["WorkloadRegions"] = {"Read": [REGION], "NotRead": []}
